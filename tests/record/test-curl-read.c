/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Command lines of curl, read: the words of a shell, the options, and all that is refused. */
#include "rt-test-record.h"

#include "rt-curl-read.h"
#include "rt-shell-words.h"

typedef struct
{
  const char *name, *text, *want;
} Row;

/* clang-format off */
/* Words stand between brackets; else the error. */
static const Row word_rows[] = {
  { "white space is between words", " a  b\tc ", "[a][b][c]" },
  { "nothing at all", "", "" },
  { "single quotes keep all", "'a $b \"c\" \\ `d`'", "[a $b \"c\" \\ `d`]" },
  { "quotes join what stands beside them", "a'b'\"c\"d", "[abcd]" },
  { "an empty word is a word", "'' \"\" $''", "[][][]" },
  { "a single quote is put in from outside", "'it'\\''s'", "[it's]" },
  { "double quotes know four escapes", "\"\\$a \\` \\\" \\\\ \\n\"", "[$a ` \" \\ \\n]" },
  { "a dollar alone is itself", "a$ \"$\" '$'", "[a$][$][$]" },
  { "a backslash makes any character plain", "a\\ b\\|c", "[a b|c]" },
  { "a line goes on behind a backslash", "a \\\n b\\\r\nc \"d\\\ne\"", "[a][bc][de]" },
  { "escapes of $'…'", "$'\\n\\t\\'\\\\\\x41\\101\\u00e9\\U0001F600\\cA'", "[\n\t'\\AA\xc3\xa9\xf0\x9f\x98\x80\x01]" },
  { "an escape nobody knows stays", "$'\\q'", "[\\q]" },
  { "a comment", "a # b 'c\n# d\n\n", "[a]" },
  { "no comment within a word", "a#b", "[a#b]" },
  { "question marks and stars are left alone", "http://a/?b=*[1]", "[http://a/?b=*[1]]" },
  { "an open single quote", "a 'b", "command:1:3: a quote (') is not closed; expected a second one" },
  { "an open double quote on another line", "a \\\n  \"b", "command:2:3: a quote (\") is not closed; expected a second one" },
  { "an open $'", "$'a\\'", "command:1:1: a quote (') is not closed; expected a second one" },
  { "columns count characters", "\xc3\xa9 'b", "command:1:3: a quote (') is not closed; expected a second one" },
  { "a command in the command", "a $(id)", "command:1:3: a shell would put something else in here; expected quotes around it" },
  { "… in backquotes", "a \"`id`\"", "command:1:4: a shell would put something else in here; expected single quotes around it, or \\ before it" },
  { "a variable", "a \"${HOME}\"", "command:1:4: a shell would put something else in here; expected single quotes around it, or \\ before it" },
  { "a pipe", "a | b", "command:1:3: the command ends here; expected quotes around it, if it is part of the word" },
  { "an ampersand in a URL", "a http://a/?b&c", "command:1:14: the command ends here; expected quotes around it, if it is part of the word" },
  { "a file to write", "a >b", "command:1:3: the command ends here; expected quotes around it, if it is part of the word" },
  { "a second command", "a\nb", "command:2:1: a second command begins here; expected a backslash at the end of the line before, if it goes on" },
  { "a backslash at the end", "a \\", "command:1:3: the command goes on, and ends here; expected the next line" },
  { "the prompt of Windows", "curl ^\"a^\"", "command:1:6: this command is for the prompt of Windows; expected one for a POSIX shell, “Copy as cURL (bash)”" },
  { "a NUL", "$'\\0'", "command:1:3: a NUL cannot stand in a word" },
  { "an escape without digits", "$'\\xg'", "command:1:3: this escape has no number; expected digits behind it" },
  { "half a surrogate", "$'\\ud800'", "command:1:3: there is no such character; expected a character of Unicode" },
};

/* METHOD URL {FIELDS} CONTENT and what else there is; else the error. */
static const Row curl_rows[] = {
  { "a URL", "curl http://a.test/x?y", "GET http://a.test/x?y {}" },
  { "the prompt is copied along", "$ /usr/bin/curl a.test", "GET http://a.test {}" },
  { "fields in their order", "curl a -H 'B: 1' -H 'a:2 ' --header 'B:  3'", "GET http://a {B: 1|a: 2|B: 3}" },
  { "an empty field, and one taken away", "curl a -H 'B;' -H 'Accept:'", "GET http://a {B: }" },
  { "what HTTP/2 adds is no field", "curl a -H ':authority: b'", "GET http://a {}" },
  { "a field without a colon", "curl a -H 'nothing'", "curl command: this is no field: “nothing”; expected Name: value" },
  { "a field's name with a space", "curl a -H 'a b: c'", "curl command: this is no field: “a b: c”; expected Name: value" },
  { "a field on two lines", "curl a -H $'b: c\\r\\nd: e'", "curl command: this cannot be a field's value: “c\\r\\nd: e”; expected a value on one line" },
  { "fields of a file", "curl a -H @b", "curl command: no file is read here: “@b”; expected what is in it, on the command line" },
  { "data makes a POST of a form", "curl a -d 'b=c' --data d", "POST http://a {Content-Type: application/x-www-form-urlencoded} b=c&d" },
  { "its type can be said before or after", "curl a -d 1 -H 'content-type: b'", "POST http://a {content-type: b} 1" },
  { "data of a file", "curl a -d @b", "curl command: no file is read here: “@b”; expected what is in it, on the command line" },
  { "… of no file", "curl a --data-raw @b", "POST http://a {Content-Type: application/x-www-form-urlencoded} @b" },
  { "data that is encoded", "curl a --data-urlencode 'b=c d&' --data-urlencode '=e f' --data-urlencode 'g+'", "POST http://a {Content-Type: application/x-www-form-urlencoded} b=c%20d%26&e%20f&g%2B" },
  { "encoded data of a file", "curl a --data-urlencode b@c", "curl command: no file is read here: “b@c”; expected what is in it, on the command line" },
  { "JSON", "curl a --json '{\"b\":' --json '1}'", "POST http://a {Content-Type: application/json|Accept: application/json} {\"b\":1}" },
  { "data in the query", "curl -G 'a/b?c#d' -d e=f -d g", "GET http://a/b?c&e=f&g#d {}" },
  { "a method", "curl -XPUT a -d b", "PUT http://a {Content-Type: application/x-www-form-urlencoded} b" },
  { "letters together", "curl -sSLkXDELETE a", "DELETE http://a {} insecure follow" },
  { "no method", "curl -X 'A B' a", "curl command: this is no method: “A B”; expected one such as GET" },
  { "HEAD", "curl -I a", "HEAD http://a {}" },
  { "HEAD has no content", "curl -I a -d b", "HEAD http://a?b {}" },
  { "who asks", "curl a -u ann:secret -A me -e 'http://b/;auto' -b 'c=d; e=f' -r 0-1", "GET http://a {Authorization: Basic YW5uOnNlY3JldA==|User-Agent: me|Referer: http://b/|Cookie: c=d; e=f|Range: bytes=0-1}" },
  { "a bearer's token", "curl a --oauth2-bearer x.y", "GET http://a {Authorization: Bearer x.y}" },
  { "a password that would be asked for", "curl a -u ann", "curl command: there is no password: “ann”; expected USER:PASSWORD" },
  { "cookies of a file", "curl a -b jar", "curl command: no file is read here: “jar”; expected what is in it, on the command line" },
  { "compressed", "curl a --compressed", "GET http://a {Accept-Encoding: deflate, gzip}" },
  { "… as it is said", "curl a --compressed -H 'accept-encoding: br'", "GET http://a {accept-encoding: br}" },
  { "where hosts are", "curl http://a/ --resolve a:80:127.0.0.1 --connect-to a:81:127.0.0.1:82", "GET http://a/ {} a:80:127.0.0.1:80 a:81:127.0.0.1:82" },
  { "a way that leads nowhere", "curl a --resolve b", "curl command: this leads nowhere: “b”; expected HOST:PORT:ADDRESS" },
  { "a target of its own", "curl a --request-target '*' -X OPTIONS -m 1.5", "OPTIONS http://a {} target * timeout 2s" },
  { "how curl behaves", "curl a -o /dev/null -w '%{http_code}' --http2 --max-redirs 3 -v", "GET http://a {}" },
  { "a form with files", "curl a -F b=@c", "curl command: nothing here can do what is meant by “-F”" },
  { "a proxy", "curl a --proxy b", "curl command: nothing here can do what is meant by “--proxy”" },
  { "a configuration", "curl -K b", "curl command: nothing here can do what is meant by “-K”" },
  { "a value that is missing", "curl a -H", "curl command: there is no value behind “-H”; expected one" },
  { "two URLs", "curl a --url b", "curl command: there is a second URL: “http://b”; expected one" },
  { "no URL", "curl -s", "curl command: there is no URL behind “curl”; expected one" },
  { "no curl", "wget a", "curl command: this is no command of curl: “wget”; expected curl URL …" },
  { "nothing", " \n ", "curl command: this is no command of curl: “”; expected curl URL …" },
  { "as Chromium copies it",
    "curl 'https://a.test/b?c=1&d' \\\n  -H 'accept: */*' \\\n  -b 'e=f' \\\n  --data-raw $'{\"g\":\"it\\'s \\u0021\"}' \\\n  --insecure ;",
    "command:5:14: the command ends here; expected quotes around it, if it is part of the word" },
  { "… without the semicolon",
    "curl 'https://a.test/b?c=1&d' \\\n  -H 'accept: */*' \\\n  -b 'e=f' \\\n  --data-raw $'{\"g\":\"it\\'s \\u0021\"}' \\\n  --insecure",
    "POST https://a.test/b?c=1&d {accept: */*|Cookie: e=f|Content-Type: application/x-www-form-urlencoded} {\"g\":\"it's !\"} insecure" },
  { "as Firefox copies it",
    "curl 'http://a.test/' --compressed -X POST -H 'User-Agent: M (X)' -H 'Accept-Encoding: gzip, deflate' -H 'Connection: keep-alive' --data-raw ''",
    "POST http://a.test/ {User-Agent: M (X)|Accept-Encoding: gzip, deflate|Connection: keep-alive|Content-Type: application/x-www-form-urlencoded} " },
};
/* clang-format on */

static void
check (const char *got, const char *want)
{
  if (g_strcmp0 (got, want) != 0)
    print_message ("# got %s\n", got);
  assert_string_equal (got, want);
}

static void
test_words (void **state)
{
  const Row *row = *state;
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) words = rt_shell_split (row->text, &error);
  g_autoptr (GString) got = g_string_new (error != NULL ? error->message : NULL);

  for (guint i = 0; words != NULL && words[i] != NULL; i++)
    g_string_append_printf (got, "[%s]", words[i]);
  check (got->str, row->want);
}

static void
append_request (GString *out, const RtCurlRequest *request)
{
  gsize length = 0;

  g_string_append_printf (out, "%s %s {", request->method, request->url);
  for (guint i = 0; i < rt_fields_get_length (request->fields); i++)
    {
      const RtField *field = rt_fields_get (request->fields, i);

      g_string_append_printf (out, "%s%.*s: %.*s", i > 0 ? "|" : "", (int)field->name.length,
                              field->name.at, (int)field->value.length,
                              field->value.length > 0 ? field->value.at : "");
    }
  g_string_append (out, "}");
  if (request->content != NULL)
    {
      const char *content = g_bytes_get_data (request->content, &length);

      g_string_append_printf (out, " %.*s", (int)length, length > 0 ? content : "");
    }
  for (guint i = 0; request->ways[i] != NULL; i++)
    g_string_append_printf (out, " %s", request->ways[i]);
  if (request->target != NULL)
    g_string_append_printf (out, " target %s", request->target);
  if (request->timeout != NULL)
    g_string_append_printf (out, " timeout %s", request->timeout);
  g_string_append (out, request->insecure ? " insecure" : "");
  g_string_append (out, request->follow ? " follow" : "");
}

static void
test_curl (void **state)
{
  const Row *row = *state;
  g_autoptr (GError) error = NULL;
  g_autoptr (RtCurlRequest) request = rt_curl_parse (row->text, &error);
  g_autoptr (GString) got = g_string_new (error != NULL ? error->message : NULL);

  if (request != NULL)
    append_request (got, request);
  check (got->str, row->want);
}

int
main (void)
{
  struct CMUnitTest tests[G_N_ELEMENTS (word_rows) + G_N_ELEMENTS (curl_rows)] = { 0 };
  guint n = 0;

  for (gsize i = 0; i < G_N_ELEMENTS (word_rows); i++)
    tests[n++] = (struct CMUnitTest){ .name = word_rows[i].name,
                                      .test_func = test_words,
                                      .initial_state = (gpointer)&word_rows[i] };
  for (gsize i = 0; i < G_N_ELEMENTS (curl_rows); i++)
    tests[n++] = (struct CMUnitTest){ .name = curl_rows[i].name,
                                      .test_func = test_curl,
                                      .initial_state = (gpointer)&curl_rows[i] };
  return _cmocka_run_group_tests ("curl-read", tests, n, NULL, NULL);
}
