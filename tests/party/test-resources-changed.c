/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Resources that are changed: collection, payment. */
#include "resources.h"

#define HOST " HTTP/1.1\\r\\nHost: a\\r\\n"
#define END "\\r\\n"
#define GET(path) "bytes 1 GET " path HOST END "\n"
#define POST_ON(n, path, fields, content)                                                          \
  "bytes " n " POST " path HOST "Content-Length: 3\\r\\n" fields END content "\n"
#define POST(path, fields, content) POST_ON ("1", path, fields, content)
#define LONG(length, content)                                                                      \
  "bytes 1 POST /o" HOST JSON "Content-Length: " length "\\r\\n" END content "\n"
#define KEY "Idempotency-Key: \"k\"\\r\\n"
#define JSON "Content-Type: application/json\\r\\n"
#define OPEN "accept 1\n"
#define ORDERS(settings) "{'/o': ('collection', {'validators': <'etag'>" settings "})}"
#define PAYMENTS(settings) "{'/p': ('payment', {" settings "})}"

/* clang-format off */
static const ResourceRow rows[] = {
  { "a POST makes an item", ORDERS (", \'items': <['one']>"), OPEN POST ("/o", "", "new") GET ("/o/2"),
    "state version /o/1 {'version': <int64 1>, 'etag': <'\"1\"'>, 'content': <'one'>}\n"
    "state collection /o {'items': <int64 1>}\n"
    "state version /o/2 {'version': <int64 1>, 'etag': <'\"1\"'>, 'content': <'new'>}\n"
    "state collection /o {'items': <int64 2>}\n"
    "send 1 HTTP/1.1 201 Created\\r\\nLocation: /o/2\\r\\nETag: \"1\"\\r\\nContent-Length: 0\\r\\n\\r\\n\n"
    "send 1 HTTP/1.1 200 OK\\r\\nContent-Type: application/json\\r\\nETag: \"1\"\\r\\nContent-Length: 3\\r\\n\\r\\n\n"
    "send 1 new\n" },
  { "the list, and that it is the same", ORDERS (", \'items': <['one', 'two']>"), OPEN GET ("/o") "bytes 1 GET /o/" HOST "If-None-Match: \"list-2\"\\r\\n" END "\n",
    "state version /o/1 {'version': <int64 1>, 'etag': <'\"1\"'>, 'content': <'one'>}\n"
    "state version /o/2 {'version': <int64 1>, 'etag': <'\"1\"'>, 'content': <'two'>}\n"
    "state collection /o {'items': <int64 2>}\n"
    "send 1 HTTP/1.1 200 OK\\r\\nContent-Type: application/json\\r\\nETag: \"list-2\"\\r\\nContent-Length: 43\\r\\n\\r\\n\n"
    "send 1 [\\n  {\"href\": \"/o/1\"},\\n  {\"href\": \"/o/2\"}\\n]\\n\n"
    "decide precondition 304\n"
    "send 1 HTTP/1.1 304 Not Modified\\r\\nETag: \"list-2\"\\r\\n\\r\\n\n" },
  { "an item is a document", ORDERS (", \'items': <['one']>"), OPEN "bytes 1 PUT /o/1" HOST "Content-Length: 3\\r\\nIf-Match: \"1\"\\r\\n" END "new\nbytes 1 DELETE /o/1" HOST END "\n" GET ("/o/1") GET ("/o"),
    "state version /o/1 {'version': <int64 1>, 'etag': <'\"1\"'>, 'content': <'one'>}\n"
    "state collection /o {'items': <int64 1>}\n"
    "decide precondition proceed\n"
    "state version /o/1 {'version': <int64 2>, 'etag': <'\"2\"'>, 'content': <'new'>}\n"
    "state collection /o {'items': <int64 1>}\n"
    "send 1 HTTP/1.1 204 No Content\\r\\nETag: \"2\"\\r\\n\\r\\n\n"
    "state version /o/1 gone\n"
    "state collection /o {'items': <int64 0>}\n"
    "send 1 HTTP/1.1 204 No Content\\r\\n\\r\\n\n"
    "send 1 HTTP/1.1 404 Not Found\\r\\nContent-Type: text/plain; charset=utf-8\\r\\nContent-Length: 23\\r\\n\\r\\n\n"
    "send 1 There is nothing here.\\n\n"
    "send 1 HTTP/1.1 200 OK\\r\\nContent-Type: application/json\\r\\nETag: \"list-3\"\\r\\nContent-Length: 4\\r\\n\\r\\n\n"
    "send 1 [\\n]\\n\n" },
  { "no such item", ORDERS (""), OPEN GET ("/o/1") "bytes 1 PUT /o/x" HOST "Content-Length: 3\\r\\n" END "new\n",
    "state collection /o {'items': <int64 0>}\n"
    "send 1 HTTP/1.1 404 Not Found\\r\\nContent-Type: text/plain; charset=utf-8\\r\\nContent-Length: 23\\r\\n\\r\\n\n"
    "send 1 There is no such item.\\n\n"
    "send 1 HTTP/1.1 404 Not Found\\r\\nContent-Type: text/plain; charset=utf-8\\r\\nContent-Length: 23\\r\\n\\r\\n\n"
    "send 1 There is no such item.\\n\n" },
  { "an item that the client names", ORDERS (", \'put-creates': <true>"), OPEN "bytes 1 PUT /o/x" HOST "Content-Length: 3\\r\\n" END "new\nbytes 1 PUT /o/x/y" HOST "Content-Length: 3\\r\\n" END "new\n",
    "state collection /o {'items': <int64 0>}\n"
    "state version /o/x {'version': <int64 1>, 'etag': <'\"1\"'>, 'content': <'new'>}\n"
    "state collection /o {'items': <int64 1>}\n"
    "send 1 HTTP/1.1 201 Created\\r\\nETag: \"1\"\\r\\nContent-Length: 0\\r\\n\\r\\n\n"
    "send 1 HTTP/1.1 404 Not Found\\r\\nContent-Type: text/plain; charset=utf-8\\r\\nContent-Length: 23\\r\\n\\r\\n\n"
    "send 1 There is no such item.\\n\n" },
  { "a POST sent twice", ORDERS (""), OPEN POST ("/o", "", "new") POST ("/o", "", "new"),
    "state collection /o {'items': <int64 0>}\n"
    "state version /o/1 {'version': <int64 1>, 'etag': <'\"1\"'>, 'content': <'new'>}\n"
    "state collection /o {'items': <int64 1>}\n"
    "send 1 HTTP/1.1 201 Created\\r\\nLocation: /o/1\\r\\nETag: \"1\"\\r\\nContent-Length: 0\\r\\n\\r\\n\n"
    "state version /o/2 {'version': <int64 1>, 'etag': <'\"1\"'>, 'content': <'new'>}\n"
    "state collection /o {'items': <int64 2>}\n"
    "send 1 HTTP/1.1 201 Created\\r\\nLocation: /o/2\\r\\nETag: \"1\"\\r\\nContent-Length: 0\\r\\n\\r\\n\n" },
  { "a POST sent twice, taken for one", ORDERS (", \'on-retry': <'reuse'>"), OPEN POST ("/o", "", "new") POST ("/o", "", "new"),
    "state collection /o {'items': <int64 0>}\n"
    "state version /o/1 {'version': <int64 1>, 'etag': <'\"1\"'>, 'content': <'new'>}\n"
    "state collection /o {'items': <int64 1>}\n"
    "send 1 HTTP/1.1 201 Created\\r\\nLocation: /o/1\\r\\nETag: \"1\"\\r\\nContent-Length: 0\\r\\n\\r\\n\n"
    "send 1 HTTP/1.1 200 OK\\r\\nContent-Location: /o/1\\r\\nContent-Type: application/json\\r\\nContent-Length: 3\\r\\n\\r\\n\n"
    "send 1 new\n" },
  { "a POST sent twice, refused", ORDERS (", \'on-retry': <'refuse'>"), OPEN POST ("/o", "", "new") POST ("/o", "", "new"),
    "state collection /o {'items': <int64 0>}\n"
    "state version /o/1 {'version': <int64 1>, 'etag': <'\"1\"'>, 'content': <'new'>}\n"
    "state collection /o {'items': <int64 1>}\n"
    "send 1 HTTP/1.1 201 Created\\r\\nLocation: /o/1\\r\\nETag: \"1\"\\r\\nContent-Length: 0\\r\\n\\r\\n\n"
    "send 1 HTTP/1.1 409 Conflict\\r\\nLocation: /o/1\\r\\nContent-Type: text/plain; charset=utf-8\\r\\nContent-Length: 31\\r\\n\\r\\n\n"
    "send 1 There is such an item already.\\n\n" },
  { "made, and nobody hears of it", ORDERS (", \'drop': <int64 1>"), OPEN POST ("/o", "", "new") "eof 1\naccept 2\n" POST_ON ("2", "/o", "", "new"),
    "state collection /o {'items': <int64 0>}\n"
    "state version /o/1 {'version': <int64 1>, 'etag': <'\"1\"'>, 'content': <'new'>}\n"
    "state collection /o {'items': <int64 1>}\n"
    "close 1\n"
    "state version /o/2 {'version': <int64 1>, 'etag': <'\"1\"'>, 'content': <'new'>}\n"
    "state collection /o {'items': <int64 2>}\n"
    "send 2 HTTP/1.1 201 Created\\r\\nLocation: /o/2\\r\\nETag: \"1\"\\r\\nContent-Length: 0\\r\\n\\r\\n\n" },
  { "made though the client has left", ORDERS (", \'commit-delay': <int64 1000000>, 'answer-delay': <int64 1000000>"), OPEN POST ("/o", "", "new") "reset 1\nwait 2s\n",
    "state collection /o {'items': <int64 0>}\n"
    "state version /o/1 {'version': <int64 1>, 'etag': <'\"1\"'>, 'content': <'new'>}\n"
    "state collection /o {'items': <int64 1>}\n" },
  { "what a new item needs", ORDERS (", \'needs': <['a']>"), OPEN POST ("/o", "", "{} ") POST ("/o", JSON, "{a}") POST ("/o", JSON, "{} ") POST ("/o", JSON, "[1]") "bytes 1 POST /o" HOST JSON "Content-Length: 7\\r\\n" END "{\"a\":1}\n",
    "state collection /o {'items': <int64 0>}\n"
    "decide content.accept not-json\n"
    "send 1 HTTP/1.1 415 Unsupported Media Type\\r\\nAccept: application/json\\r\\nContent-Type: text/plain; charset=utf-8\\r\\nContent-Length: 39\\r\\n\\r\\n\n"
    "send 1 A new item has to be application/json.\\n\n"
    "decide content.accept broken-json\n"
    "send 1 HTTP/1.1 400 Bad Request\\r\\nContent-Type: text/plain; charset=utf-8\\r\\nContent-Length: 17\\r\\n\\r\\n\n"
    "send 1 This is no JSON.\\n\n"
    "decide content.accept impossible\n"
    "send 1 HTTP/1.1 422 Unprocessable Content\\r\\nContent-Type: text/plain; charset=utf-8\\r\\nContent-Length: 29\\r\\n\\r\\n\n"
    "send 1 This JSON has no member \"a\".\\n\n"
    "decide content.accept impossible\n"
    "send 1 HTTP/1.1 422 Unprocessable Content\\r\\nContent-Type: text/plain; charset=utf-8\\r\\nContent-Length: 29\\r\\n\\r\\n\n"
    "send 1 This JSON has no member \"a\".\\n\n"
    "decide content.accept taken\n"
    "state version /o/1 {'version': <int64 1>, 'etag': <'\"1\"'>, 'content': <'{\"a\":1}'>}\n"
    "state collection /o {'items': <int64 1>}\n"
    "send 1 HTTP/1.1 201 Created\\r\\nLocation: /o/1\\r\\nETag: \"1\"\\r\\nContent-Length: 0\\r\\n\\r\\n\n" },
  { "one status for all", ORDERS (", 'needs': <['a']>, 'type-status': <'400'>, 'syntax-status': <'422'>, 'members-status': <'415'>"), OPEN POST ("/o", "", "{} ") POST ("/o", JSON, "{a}") POST ("/o", JSON, "{} "),
    "state collection /o {'items': <int64 0>}\n"
    "decide content.accept not-json\n"
    "send 1 HTTP/1.1 400 Bad Request\\r\\nContent-Type: text/plain; charset=utf-8\\r\\nContent-Length: 39\\r\\n\\r\\n\n"
    "send 1 A new item has to be application/json.\\n\n"
    "decide content.accept broken-json\n"
    "send 1 HTTP/1.1 422 Unprocessable Content\\r\\nContent-Type: text/plain; charset=utf-8\\r\\nContent-Length: 17\\r\\n\\r\\n\n"
    "send 1 This is no JSON.\\n\n"
    "decide content.accept impossible\n"
    "send 1 HTTP/1.1 415 Unsupported Media Type\\r\\nAccept: application/json\\r\\nContent-Type: text/plain; charset=utf-8\\r\\nContent-Length: 29\\r\\n\\r\\n\n"
    "send 1 This JSON has no member \"a\".\\n\n" },
  { "members that cannot be so, all of them", ORDERS (", 'needs': <['t text', 'd date', 'n 1-8']>, 'errors': <'problem'>"), OPEN LONG ("37", "{\"t\": \" \", \"d\": \"2026-02-29\", \"n\": 9}"),
    "state collection /o {'items': <int64 0>}\n"
    "decide content.accept impossible\n"
    "send 1 HTTP/1.1 422 Unprocessable Content\\r\\nContent-Type: application/problem+json\\r\\nContent-Length: 400\\r\\n\\r\\n\n"
    "send 1 {\\n  \"type\": \"tag:roundtrip.test,2026:impossible\",\\n  \"title\": \"This can be read, and not done\",\\n  \"status\": 422,\\n  \"detail\": \"The member \\\"t\\\" is no text with something in it.\",\\n  \"errors\": [\\n    {\"pointer\": \"#/t\", \"detail\": \"is no text with something in it\"},\\n    {\"pointer\": \"#/d\", \"detail\": \"is no date such as 2026-12-24\"},\\n    {\"pointer\": \"#/n\", \"detail\": \"is no whole number from 1 to 8\"}\\n  ]\\n}\\n\n" },
  { "members of another type", ORDERS (", 'needs': <['t text', 'd date', 'n 1-8']>, 'errors': <'problem'>"), OPEN LONG ("33", "{\"t\": 5, \"d\": 20260228, \"n\": \"8\"}"),
    "state collection /o {'items': <int64 0>}\n"
    "decide content.accept impossible\n"
    "send 1 HTTP/1.1 422 Unprocessable Content\\r\\nContent-Type: application/problem+json\\r\\nContent-Length: 400\\r\\n\\r\\n\n"
    "send 1 {\\n  \"type\": \"tag:roundtrip.test,2026:impossible\",\\n  \"title\": \"This can be read, and not done\",\\n  \"status\": 422,\\n  \"detail\": \"The member \\\"t\\\" is no text with something in it.\",\\n  \"errors\": [\\n    {\"pointer\": \"#/t\", \"detail\": \"is no text with something in it\"},\\n    {\"pointer\": \"#/d\", \"detail\": \"is no date such as 2026-12-24\"},\\n    {\"pointer\": \"#/n\", \"detail\": \"is no whole number from 1 to 8\"}\\n  ]\\n}\\n\n" },
  { "members that are missing", ORDERS (", 'needs': <['t text', 'd date', 'n 1-8']>, 'errors': <'problem'>"), OPEN LONG ("18", "{\"d\": \"2026-2-28\"}"),
    "state collection /o {'items': <int64 0>}\n"
    "decide content.accept impossible\n"
    "send 1 HTTP/1.1 422 Unprocessable Content\\r\\nContent-Type: application/problem+json\\r\\nContent-Length: 340\\r\\n\\r\\n\n"
    "send 1 {\\n  \"type\": \"tag:roundtrip.test,2026:impossible\",\\n  \"title\": \"This can be read, and not done\",\\n  \"status\": 422,\\n  \"detail\": \"This JSON has no member \\\"t\\\".\",\\n  \"errors\": [\\n    {\"pointer\": \"#/t\", \"detail\": \"is missing\"},\\n    {\"pointer\": \"#/d\", \"detail\": \"is no date such as 2026-12-24\"},\\n    {\"pointer\": \"#/n\", \"detail\": \"is missing\"}\\n  ]\\n}\\n\n" },
  { "members that are as they have to be", ORDERS (", 'needs': <['t text', 'd date', 'n 1-8']>, 'errors': <'problem'>"), OPEN LONG ("48", "{\"t\": \"x\", \"d\": \"2028-02-29\", \"n\": 8, \"more\": 0}"),
    "state collection /o {'items': <int64 0>}\n"
    "decide content.accept taken\n"
    "state version /o/1 {'version': <int64 1>, 'etag': <'\"1\"'>, 'content': <'{\"t\": \"x\", \"d\": \"2028-02-29\", \"n\": 8, \"more\": 0}'>}\n"
    "state collection /o {'items': <int64 1>}\n"
    "send 1 HTTP/1.1 201 Created\\r\\nLocation: /o/1\\r\\nETag: \"1\"\\r\\nContent-Length: 0\\r\\n\\r\\n\n" },
  { "where there is no JSON any more", ORDERS (", 'needs': <['t']>, 'errors': <'problem'>"), OPEN LONG ("8", "{\"t\": x}"),
    "state collection /o {'items': <int64 0>}\n"
    "decide content.accept broken-json\n"
    "send 1 HTTP/1.1 400 Bad Request\\r\\nContent-Type: application/problem+json\\r\\nContent-Length: 158\\r\\n\\r\\n\n"
    "send 1 {\\n  \"type\": \"tag:roundtrip.test,2026:broken-json\",\\n  \"title\": \"This cannot be read as JSON\",\\n  \"status\": 400,\\n  \"detail\": \"This is no JSON.\",\\n  \"offset\": 6\\n}\\n\n" },
  { "where the rest of the JSON is missing", ORDERS (", 'needs': <['t']>, 'errors': <'problem'>"), OPEN LONG ("7", "{\"t\": 1"),
    "state collection /o {'items': <int64 0>}\n"
    "decide content.accept broken-json\n"
    "send 1 HTTP/1.1 400 Bad Request\\r\\nContent-Type: application/problem+json\\r\\nContent-Length: 158\\r\\n\\r\\n\n"
    "send 1 {\\n  \"type\": \"tag:roundtrip.test,2026:broken-json\",\\n  \"title\": \"This cannot be read as JSON\",\\n  \"status\": 400,\\n  \"detail\": \"This is no JSON.\",\\n  \"offset\": 7\\n}\\n\n" },
  { "no content at all", ORDERS (", 'needs': <['t']>, 'errors': <'problem'>"), OPEN LONG ("0", ""),
    "state collection /o {'items': <int64 0>}\n"
    "decide content.accept broken-json\n"
    "send 1 HTTP/1.1 400 Bad Request\\r\\nContent-Type: application/problem+json\\r\\nContent-Length: 158\\r\\n\\r\\n\n"
    "send 1 {\\n  \"type\": \"tag:roundtrip.test,2026:broken-json\",\\n  \"title\": \"This cannot be read as JSON\",\\n  \"status\": 400,\\n  \"detail\": \"This is no JSON.\",\\n  \"offset\": 0\\n}\\n\n" },
  { "something behind the JSON", ORDERS (", 'needs': <['t']>, 'errors': <'problem'>"), OPEN LONG ("9", "{\"t\": 1}x"),
    "state collection /o {'items': <int64 0>}\n"
    "decide content.accept broken-json\n"
    "send 1 HTTP/1.1 400 Bad Request\\r\\nContent-Type: application/problem+json\\r\\nContent-Length: 158\\r\\n\\r\\n\n"
    "send 1 {\\n  \"type\": \"tag:roundtrip.test,2026:broken-json\",\\n  \"title\": \"This cannot be read as JSON\",\\n  \"status\": 400,\\n  \"detail\": \"This is no JSON.\",\\n  \"offset\": 8\\n}\\n\n" },
  { "problem details on another format", ORDERS (", 'needs': <['t']>, 'errors': <'problem'>"), OPEN POST ("/o", "", "{} "),
    "state collection /o {'items': <int64 0>}\n"
    "decide content.accept not-json\n"
    "send 1 HTTP/1.1 415 Unsupported Media Type\\r\\nAccept: application/json\\r\\nContent-Type: application/problem+json\\r\\nContent-Length: 173\\r\\n\\r\\n\n"
    "send 1 {\\n  \"type\": \"tag:roundtrip.test,2026:not-json\",\\n  \"title\": \"This is a format that is not read here\",\\n  \"status\": 415,\\n  \"detail\": \"A new item has to be application/json.\"\\n}\\n\n" },
  { "a collection is not deleted", ORDERS (""), OPEN "bytes 1 DELETE /o" HOST END "\n",
    "state collection /o {'items': <int64 0>}\n"
    "send 1 HTTP/1.1 405 Method Not Allowed\\r\\nAllow: GET, HEAD, POST, OPTIONS\\r\\nContent-Length: 0\\r\\n\\r\\n\n" },

  { "a payment", PAYMENTS (""), OPEN POST ("/p", "", "5 E") "wait 0s\n" GET ("/p/1") GET ("/p") GET ("/p/2"),
    "state payments /p {'rows': <int64 0>}\n"
    "decide idempotency unkeyed\n"
    "state payments /p {'rows': <int64 1>}\n"
    "send 1 HTTP/1.1 201 Created\\r\\nLocation: /p/1\\r\\nContent-Type: application/json\\r\\nContent-Length: 15\\r\\n\\r\\n\n"
    "send 1 {\"payment\": 1}\\n\n"
    "send 1 HTTP/1.1 200 OK\\r\\nContent-Type: application/json\\r\\nContent-Length: 3\\r\\n\\r\\n\n"
    "send 1 5 E\n"
    "send 1 HTTP/1.1 200 OK\\r\\nContent-Type: application/json\\r\\nContent-Length: 21\\r\\n\\r\\n\n"
    "send 1 [\\n  {\"payment\": 1}\\n]\\n\n"
    "send 1 HTTP/1.1 404 Not Found\\r\\nContent-Type: text/plain; charset=utf-8\\r\\nContent-Length: 26\\r\\n\\r\\n\n"
    "send 1 There is no such payment.\\n\n" },
  { "a payment that is sent again is made again", PAYMENTS (""), OPEN POST ("/p", "", "5 E") "wait 0s\n" POST ("/p", "", "5 E") "wait 0s\n",
    "state payments /p {'rows': <int64 0>}\n"
    "decide idempotency unkeyed\n"
    "state payments /p {'rows': <int64 1>}\n"
    "send 1 HTTP/1.1 201 Created\\r\\nLocation: /p/1\\r\\nContent-Type: application/json\\r\\nContent-Length: 15\\r\\n\\r\\n\n"
    "send 1 {\"payment\": 1}\\n\n"
    "decide idempotency unkeyed\n"
    "state payments /p {'rows': <int64 2>}\n"
    "send 1 HTTP/1.1 201 Created\\r\\nLocation: /p/2\\r\\nContent-Type: application/json\\r\\nContent-Length: 15\\r\\n\\r\\n\n"
    "send 1 {\"payment\": 2}\\n\n" },
  { "with a key it is not", PAYMENTS (""), OPEN POST ("/p", KEY, "5 E") "wait 0s\n" POST ("/p", KEY, "5 E") "wait 0s\n",
    "state payments /p {'rows': <int64 0>}\n"
    "decide idempotency begin\n"
    "state idempotency /p:k {'done': <false>, 'expires': <int64 1767355200000000>}\n"
    "state payments /p {'rows': <int64 1>}\n"
    "state idempotency /p:k {'done': <true>, 'expires': <int64 1767355200000000>, 'row': <int64 1>}\n"
    "send 1 HTTP/1.1 201 Created\\r\\nLocation: /p/1\\r\\nContent-Type: application/json\\r\\nContent-Length: 15\\r\\n\\r\\n\n"
    "send 1 {\"payment\": 1}\\n\n"
    "decide idempotency replay\n"
    "send 1 HTTP/1.1 201 Created\\r\\nLocation: /p/1\\r\\nContent-Type: application/json\\r\\nContent-Length: 15\\r\\n\\r\\n\n"
    "send 1 {\"payment\": 1}\\n\n" },
  { "another payload under the key", PAYMENTS (""), OPEN POST ("/p", KEY, "5 E") "wait 0s\n" POST ("/p", KEY, "6 E"),
    "state payments /p {'rows': <int64 0>}\n"
    "decide idempotency begin\n"
    "state idempotency /p:k {'done': <false>, 'expires': <int64 1767355200000000>}\n"
    "state payments /p {'rows': <int64 1>}\n"
    "state idempotency /p:k {'done': <true>, 'expires': <int64 1767355200000000>, 'row': <int64 1>}\n"
    "send 1 HTTP/1.1 201 Created\\r\\nLocation: /p/1\\r\\nContent-Type: application/json\\r\\nContent-Length: 15\\r\\n\\r\\n\n"
    "send 1 {\"payment\": 1}\\n\n"
    "decide idempotency mismatch\n"
    "send 1 HTTP/1.1 422 Unprocessable Content\\r\\nContent-Type: text/plain; charset=utf-8\\r\\nContent-Length: 112\\r\\n\\r\\n\n"
    "send 1 This does not hold: the payload is that of the first request (draft-ietf-httpapi-idempotency-key-header §2.7).\\n\n" },
  { "another payload that nobody looks at", PAYMENTS ("'check-payload': <false>"), OPEN POST ("/p", KEY, "5 E") "wait 0s\n" POST ("/p", KEY, "6 E"),
    "state payments /p {'rows': <int64 0>}\n"
    "decide idempotency begin\n"
    "state idempotency /p:k {'done': <false>, 'expires': <int64 1767355200000000>}\n"
    "state payments /p {'rows': <int64 1>}\n"
    "state idempotency /p:k {'done': <true>, 'expires': <int64 1767355200000000>, 'row': <int64 1>}\n"
    "send 1 HTTP/1.1 201 Created\\r\\nLocation: /p/1\\r\\nContent-Type: application/json\\r\\nContent-Length: 15\\r\\n\\r\\n\n"
    "send 1 {\"payment\": 1}\\n\n"
    "decide idempotency replay\n"
    "send 1 HTTP/1.1 201 Created\\r\\nLocation: /p/1\\r\\nContent-Type: application/json\\r\\nContent-Length: 15\\r\\n\\r\\n\n"
    "send 1 {\"payment\": 1}\\n\n" },
  { "a key that is in use", PAYMENTS ("'commit-delay': <int64 1000000>"), OPEN "accept 2\n" POST ("/p", KEY, "5 E") POST_ON ("2", "/p", KEY, "5 E") "wait 1s\n",
    "state payments /p {'rows': <int64 0>}\n"
    "decide idempotency begin\n"
    "state idempotency /p:k {'done': <false>, 'expires': <int64 1767355200000000>}\n"
    "decide idempotency in-flight\n"
    "send 2 HTTP/1.1 409 Conflict\\r\\nContent-Type: text/plain; charset=utf-8\\r\\nRetry-After: 1\\r\\nContent-Length: 110\\r\\n\\r\\n\n"
    "send 2 This does not hold: the work for the first request is done (draft-ietf-httpapi-idempotency-key-header §2.6).\\n\n"
    "state payments /p {'rows': <int64 1>}\n"
    "state idempotency /p:k {'done': <true>, 'expires': <int64 1767355200000000>, 'row': <int64 1>}\n"
    "send 1 HTTP/1.1 201 Created\\r\\nLocation: /p/1\\r\\nContent-Type: application/json\\r\\nContent-Length: 15\\r\\n\\r\\n\n"
    "send 1 {\"payment\": 1}\\n\n" },
  { "a key that has expired", PAYMENTS ("'ttl': <int64 60000000>"), OPEN POST ("/p", KEY, "5 E") "wait 1m\naccept 2\n" POST_ON ("2", "/p", KEY, "5 E") "wait 0s\n",
    "state payments /p {'rows': <int64 0>}\n"
    "decide idempotency begin\n"
    "state idempotency /p:k {'done': <false>, 'expires': <int64 1767268860000000>}\n"
    "state payments /p {'rows': <int64 1>}\n"
    "state idempotency /p:k {'done': <true>, 'expires': <int64 1767268860000000>, 'row': <int64 1>}\n"
    "send 1 HTTP/1.1 201 Created\\r\\nLocation: /p/1\\r\\nContent-Type: application/json\\r\\nContent-Length: 15\\r\\n\\r\\n\n"
    "send 1 {\"payment\": 1}\\n\n"
    "close 1\n"
    "cut 1\n"
    "decide idempotency begin\n"
    "state idempotency /p:k {'done': <false>, 'expires': <int64 1767268920000000>}\n"
    "state payments /p {'rows': <int64 2>}\n"
    "state idempotency /p:k {'done': <true>, 'expires': <int64 1767268920000000>, 'row': <int64 2>}\n"
    "send 2 HTTP/1.1 201 Created\\r\\nLocation: /p/2\\r\\nContent-Type: application/json\\r\\nContent-Length: 15\\r\\n\\r\\n\n"
    "send 2 {\"payment\": 2}\\n\n" },
  { "a key is asked for", PAYMENTS ("'require-key': <true>"), OPEN POST ("/p", "", "5 E"),
    "state payments /p {'rows': <int64 0>}\n"
    "decide idempotency missing\n"
    "send 1 HTTP/1.1 400 Bad Request\\r\\nContent-Type: text/plain; charset=utf-8\\r\\nContent-Length: 101\\r\\n\\r\\n\n"
    "send 1 This does not hold: the resource does without one (draft-ietf-httpapi-idempotency-key-header §2.7).\\n\n" },
  { "no key", PAYMENTS (""), OPEN POST ("/p", "Idempotency-Key: k\\r\\n", "5 E"),
    "state payments /p {'rows': <int64 0>}\n"
    "decide idempotency malformed\n"
    "send 1 HTTP/1.1 400 Bad Request\\r\\nContent-Type: text/plain; charset=utf-8\\r\\nContent-Length: 133\\r\\n\\r\\n\n"
    "send 1 This does not hold: it is one structured-field string, not empty and not too long (draft-ietf-httpapi-idempotency-key-header §2.1).\\n\n" },
  { "a key that nobody looks at", PAYMENTS ("'keys': <'ignored'>"), OPEN POST ("/p", KEY, "5 E") "wait 0s\n" POST ("/p", KEY, "5 E") "wait 0s\n",
    "state payments /p {'rows': <int64 0>}\n"
    "state payments /p {'rows': <int64 1>}\n"
    "send 1 HTTP/1.1 201 Created\\r\\nLocation: /p/1\\r\\nContent-Type: application/json\\r\\nContent-Length: 15\\r\\n\\r\\n\n"
    "send 1 {\"payment\": 1}\\n\n"
    "state payments /p {'rows': <int64 2>}\n"
    "send 1 HTTP/1.1 201 Created\\r\\nLocation: /p/2\\r\\nContent-Type: application/json\\r\\nContent-Length: 15\\r\\n\\r\\n\n"
    "send 1 {\"payment\": 2}\\n\n" },
  { "the answer is lost, the key is not", PAYMENTS ("'drop': <int64 1>"), OPEN POST ("/p", KEY, "5 E") "wait 0s\neof 1\naccept 2\n" POST_ON ("2", "/p", KEY, "5 E"),
    "state payments /p {'rows': <int64 0>}\n"
    "decide idempotency begin\n"
    "state idempotency /p:k {'done': <false>, 'expires': <int64 1767355200000000>}\n"
    "state payments /p {'rows': <int64 1>}\n"
    "state idempotency /p:k {'done': <true>, 'expires': <int64 1767355200000000>, 'row': <int64 1>}\n"
    "close 1\n"
    "decide idempotency replay\n"
    "send 2 HTTP/1.1 201 Created\\r\\nLocation: /p/1\\r\\nContent-Type: application/json\\r\\nContent-Length: 15\\r\\n\\r\\n\n"
    "send 2 {\"payment\": 1}\\n\n" },
  { "a key written down too late: a race passes it", PAYMENTS ("'keys': <'after'>, 'commit-delay': <int64 1000000>"), OPEN "accept 2\n" POST ("/p", KEY, "5 E") POST_ON ("2", "/p", KEY, "5 E") "wait 1s\n",
    "state payments /p {'rows': <int64 0>}\n"
    "decide idempotency begin\n"
    "decide idempotency begin\n"
    "state payments /p {'rows': <int64 1>}\n"
    "state idempotency /p:k {'done': <true>, 'expires': <int64 1767355201000000>, 'row': <int64 1>}\n"
    "send 1 HTTP/1.1 201 Created\\r\\nLocation: /p/1\\r\\nContent-Type: application/json\\r\\nContent-Length: 15\\r\\n\\r\\n\n"
    "send 1 {\"payment\": 1}\\n\n"
    "state payments /p {'rows': <int64 2>}\n"
    "state idempotency /p:k {'done': <true>, 'expires': <int64 1767355201000000>, 'row': <int64 2>}\n"
    "send 2 HTTP/1.1 201 Created\\r\\nLocation: /p/2\\r\\nContent-Type: application/json\\r\\nContent-Length: 15\\r\\n\\r\\n\n"
    "send 2 {\"payment\": 2}\\n\n" },
  { "a key written down too late: a crash loses it", PAYMENTS ("'keys': <'after'>, 'crash': <int64 1>"), OPEN POST ("/p", KEY, "5 E") "wait 1s\naccept 2\n" POST_ON ("2", "/p", KEY, "5 E") "wait 0s\n",
    "state payments /p {'rows': <int64 0>}\n"
    "decide idempotency begin\n"
    "state payments /p {'rows': <int64 1>}\n"
    "listen off\n"
    "state server server 'down'\n"
    "cut 1\n"
    "listen on\n"
    "state server server 'up'\n"
    "decide idempotency begin\n"
    "state payments /p {'rows': <int64 2>}\n"
    "state idempotency /p:k {'done': <true>, 'expires': <int64 1767355201000000>, 'row': <int64 2>}\n"
    "send 2 HTTP/1.1 201 Created\\r\\nLocation: /p/2\\r\\nContent-Type: application/json\\r\\nContent-Length: 15\\r\\n\\r\\n\n"
    "send 2 {\"payment\": 2}\\n\n" },
  { "a key written down with the row outlives a crash", PAYMENTS ("'crash': <int64 1>"), OPEN POST ("/p", KEY, "5 E") "wait 1s\naccept 2\n" POST_ON ("2", "/p", KEY, "5 E"),
    "state payments /p {'rows': <int64 0>}\n"
    "decide idempotency begin\n"
    "state idempotency /p:k {'done': <false>, 'expires': <int64 1767355200000000>}\n"
    "state payments /p {'rows': <int64 1>}\n"
    "state idempotency /p:k {'done': <true>, 'expires': <int64 1767355200000000>, 'row': <int64 1>}\n"
    "listen off\n"
    "state server server 'down'\n"
    "cut 1\n"
    "listen on\n"
    "state server server 'up'\n"
    "decide idempotency replay\n"
    "send 2 HTTP/1.1 201 Created\\r\\nLocation: /p/1\\r\\nContent-Type: application/json\\r\\nContent-Length: 15\\r\\n\\r\\n\n"
    "send 2 {\"payment\": 1}\\n\n" },
  { "a key in memory does not", PAYMENTS ("'keys': <'memory'>, 'crash': <int64 1>"), OPEN POST ("/p", KEY, "5 E") "wait 1s\naccept 2\n" POST_ON ("2", "/p", KEY, "5 E") "wait 0s\n",
    "state payments /p {'rows': <int64 0>}\n"
    "decide idempotency begin\n"
    "state idempotency /p:k {'done': <false>, 'expires': <int64 1767355200000000>}\n"
    "state payments /p {'rows': <int64 1>}\n"
    "state idempotency /p:k {'done': <true>, 'expires': <int64 1767355200000000>, 'row': <int64 1>}\n"
    "listen off\n"
    "state server server 'down'\n"
    "cut 1\n"
    "state idempotency /p:k gone\n"
    "listen on\n"
    "state server server 'up'\n"
    "decide idempotency begin\n"
    "state idempotency /p:k {'done': <false>, 'expires': <int64 1767355201000000>}\n"
    "state payments /p {'rows': <int64 2>}\n"
    "state idempotency /p:k {'done': <true>, 'expires': <int64 1767355201000000>, 'row': <int64 2>}\n"
    "send 2 HTTP/1.1 201 Created\\r\\nLocation: /p/2\\r\\nContent-Type: application/json\\r\\nContent-Length: 15\\r\\n\\r\\n\n"
    "send 2 {\"payment\": 2}\\n\n" },
  { "a reservation is rolled back by a crash", "{'/p': ('payment', {'commit-delay': <int64 1000000>}), '/c': ('crash', {})}", OPEN "accept 2\n" POST ("/p", KEY, "5 E") "bytes 2 GET /c" HOST END "\nwait 10s\n",
    "state payments /p {'rows': <int64 0>}\n"
    "decide idempotency begin\n"
    "state idempotency /p:k {'done': <false>, 'expires': <int64 1767355200000000>}\n"
    "listen off\n"
    "state server server 'down'\n"
    "cut 1\n"
    "cut 2\n"
    "state idempotency /p:k gone\n"
    "listen on\n"
    "state server server 'up'\n" },
  { "nodes that share their keys", PAYMENTS ("'nodes': <int64 2>"), OPEN POST ("/p", KEY, "5 E") "wait 0s\n" POST ("/p", KEY, "5 E"),
    "state payments /p {'rows': <int64 0>}\n"
    "decide idempotency begin\n"
    "state idempotency /p:k {'done': <false>, 'expires': <int64 1767355200000000>}\n"
    "state payments /p {'rows': <int64 1>}\n"
    "state idempotency /p:k {'done': <true>, 'expires': <int64 1767355200000000>, 'row': <int64 1>}\n"
    "send 1 HTTP/1.1 201 Created\\r\\nLocation: /p/1\\r\\nContent-Type: application/json\\r\\nContent-Length: 15\\r\\n\\r\\n\n"
    "send 1 {\"payment\": 1}\\n\n"
    "decide idempotency replay\n"
    "send 1 HTTP/1.1 201 Created\\r\\nLocation: /p/1\\r\\nContent-Type: application/json\\r\\nContent-Length: 15\\r\\n\\r\\n\n"
    "send 1 {\"payment\": 1}\\n\n" },
  { "nodes that don't", PAYMENTS ("'nodes': <int64 2>, 'shared-keys': <false>"), OPEN POST ("/p", KEY, "5 E") "wait 0s\n" POST ("/p", KEY, "5 E") "wait 0s\n" POST ("/p", KEY, "5 E"),
    "state payments /p {'rows': <int64 0>}\n"
    "decide idempotency begin\n"
    "state idempotency /p:k@1 {'done': <false>, 'expires': <int64 1767355200000000>}\n"
    "state payments /p {'rows': <int64 1>}\n"
    "state idempotency /p:k@1 {'done': <true>, 'expires': <int64 1767355200000000>, 'row': <int64 1>}\n"
    "send 1 HTTP/1.1 201 Created\\r\\nLocation: /p/1\\r\\nContent-Type: application/json\\r\\nContent-Length: 15\\r\\n\\r\\n\n"
    "send 1 {\"payment\": 1}\\n\n"
    "decide idempotency begin\n"
    "state idempotency /p:k@2 {'done': <false>, 'expires': <int64 1767355200000000>}\n"
    "state payments /p {'rows': <int64 2>}\n"
    "state idempotency /p:k@2 {'done': <true>, 'expires': <int64 1767355200000000>, 'row': <int64 2>}\n"
    "send 1 HTTP/1.1 201 Created\\r\\nLocation: /p/2\\r\\nContent-Type: application/json\\r\\nContent-Length: 15\\r\\n\\r\\n\n"
    "send 1 {\"payment\": 2}\\n\n"
    "decide idempotency replay\n"
    "send 1 HTTP/1.1 201 Created\\r\\nLocation: /p/1\\r\\nContent-Type: application/json\\r\\nContent-Length: 15\\r\\n\\r\\n\n"
    "send 1 {\"payment\": 1}\\n\n" },
  { "three delays", PAYMENTS ("'keys': <'after'>, 'commit-delay': <int64 1000000>, 'record-delay': <int64 1000000>, 'answer-delay': <int64 1000000>"), OPEN POST ("/p", KEY, "5 E") "wait 3s\n",
    "state payments /p {'rows': <int64 0>}\n"
    "decide idempotency begin\n"
    "state payments /p {'rows': <int64 1>}\n"
    "state idempotency /p:k {'done': <true>, 'expires': <int64 1767355202000000>, 'row': <int64 1>}\n"
    "send 1 HTTP/1.1 201 Created\\r\\nLocation: /p/1\\r\\nContent-Type: application/json\\r\\nContent-Length: 15\\r\\n\\r\\n\n"
    "send 1 {\"payment\": 1}\\n\n" },
};
/* clang-format on */

int
main (void)
{
  return resources_run ("resources-changed", rows, G_N_ELEMENTS (rows));
}
