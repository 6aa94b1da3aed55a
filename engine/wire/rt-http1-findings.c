/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The table of what can be said of HTTP/1.x bytes.
 *
 * A status means that a strict reader stops there: it is what a server answers to a request, and
 * where only a response can be broken so, what a gateway answers in its place. Some violations end
 * a request and not a response, because RFC 9112 asks of the recipient of a response something
 * else; those rows say so. */
#include "rt-http1-findings.h"

typedef struct
{
  RtFindingKind kind;
  gboolean responses_go_on;
} Row;

#define PROBLEM RT_SEVERITY_PROBLEM
#define WARNING RT_SEVERITY_WARNING
#define INFO RT_SEVERITY_INFO

#define ROW(name, title, reference, level, severity, status)                                       \
  {                                                                                                \
    { { "http1." name, title, reference, RT_LEVEL_##level }, severity, status }, FALSE             \
  }
#define ROW_REQUESTS(name, title, reference, level, severity, status)                              \
  {                                                                                                \
    { { "http1." name, title, reference, RT_LEVEL_##level }, severity, status }, TRUE              \
  }

/* clang-format off */
static const Row rows[RT_HTTP1_N_VIOLATIONS] = {
  [RT_HTTP1_BARE_CR] = ROW ("bare-cr",
    "every CR is followed by LF", "RFC 9112 §2.2", MUST, PROBLEM, 400),
  [RT_HTTP1_BARE_LF] = ROW ("bare-lf",
    "lines of the head end in CRLF, not in LF alone", "RFC 9112 §2.2", MAY, WARNING, 0),
  [RT_HTTP1_TLS] = ROW ("tls",
    "the bytes are HTTP, not a TLS handshake", "RFC 9110 §4.2.1", MUST, PROBLEM, 400),
  [RT_HTTP1_EMPTY_LINES] = ROW ("empty-lines",
    "no empty line stands before the request line", "RFC 9112 §2.2", SHOULD, INFO, 0),

  [RT_HTTP1_REQUEST_LINE] = ROW ("request-line",
    "the first line is method, request-target and version", "RFC 9112 §3", MUST, PROBLEM, 400),
  [RT_HTTP1_REQUEST_LINE_SPACE] = ROW ("request-line-space",
    "exactly one space separates method, request-target and version", "RFC 9112 §3", MUST,
    PROBLEM, 400),
  [RT_HTTP1_REQUEST_LINE_LONG] = ROW ("request-line-long",
    "the request line is no longer than the server wishes to parse", "RFC 9112 §3", MUST,
    PROBLEM, 414),
  [RT_HTTP1_METHOD] = ROW ("method",
    "the method is a token", "RFC 9110 §9.1", MUST, PROBLEM, 400),
  [RT_HTTP1_METHOD_LONG] = ROW ("method-long",
    "the method is not longer than any that is implemented", "RFC 9112 §3", SHOULD, PROBLEM, 501),
  [RT_HTTP1_TARGET_BYTE] = ROW ("target-byte",
    "the request-target has no control character and no fragment", "RFC 9112 §3.2", MUST,
    PROBLEM, 400),
  [RT_HTTP1_TARGET_CHARACTER] = ROW ("target-character",
    "the request-target has only characters of a URI; others are percent-encoded",
    "RFC 3986 §2", MUST, WARNING, 0),
  [RT_HTTP1_TARGET_FORM] = ROW ("target-form",
    "the request-target has a form that the method allows", "RFC 9112 §3.2", MUST, PROBLEM, 400),
  [RT_HTTP1_TARGET_AUTHORITY] = ROW ("target-authority",
    "the authority in the request-target is a host with, for CONNECT, a port",
    "RFC 9112 §3.2.3", MUST, PROBLEM, 400),
  [RT_HTTP1_TARGET_USERINFO] = ROW ("target-userinfo",
    "the authority in the request-target has no userinfo", "RFC 9110 §4.2.4", MUST, PROBLEM, 400),

  [RT_HTTP1_VERSION_SYNTAX] = ROW ("version-syntax",
    "the version is HTTP/, a digit, a dot and a digit", "RFC 9112 §2.3", MUST, PROBLEM, 400),
  [RT_HTTP1_VERSION_MAJOR] = ROW ("version-major",
    "the major version is 1", "RFC 9110 §15.6.6", SHOULD, PROBLEM, 505),
  [RT_HTTP1_VERSION_MINOR] = ROW ("version-minor",
    "the minor version is one that exists", "RFC 9110 §2.5", SHOULD, INFO, 0),
  [RT_HTTP1_VERSION_0_9] = ROW ("version-0.9",
    "the message has a version: without one it is HTTP/0.9", "RFC 9112 §2.3", MUST, WARNING, 505),
  [RT_HTTP1_PREFACE] = ROW ("preface",
    "the bytes are HTTP/1, not the preface of HTTP/2", "RFC 9113 §3.4", MUST, PROBLEM, 505),

  [RT_HTTP1_STATUS_LINE] = ROW ("status-line",
    "the first line is version, status code and reason phrase", "RFC 9112 §4", MUST, PROBLEM, 502),
  [RT_HTTP1_STATUS_LINE_SPACE] = ROW ("status-line-space",
    "a space follows the status code, even where the reason phrase is empty", "RFC 9112 §4", MUST,
    WARNING, 0),
  [RT_HTTP1_STATUS_LINE_LONG] = ROW ("status-line-long",
    "the status line is no longer than the client wishes to parse", "RFC 9110 §2.3", MAY,
    PROBLEM, 502),
  [RT_HTTP1_STATUS_CODE] = ROW ("status-code",
    "the status code is three digits, from 100", "RFC 9110 §15", MUST, PROBLEM, 502),
  [RT_HTTP1_STATUS_CLASS] = ROW ("status-class",
    "the status code is below 600", "RFC 9110 §15", SHOULD, WARNING, 0),
  [RT_HTTP1_REASON] = ROW ("reason",
    "the reason phrase has no control characters", "RFC 9112 §4", MUST, WARNING, 0),

  [RT_HTTP1_SPACE_BEFORE_FIELDS] = ROW ("space-before-fields",
    "no white space stands between the start line and the first field", "RFC 9112 §2.2", MUST,
    PROBLEM, 400),
  [RT_HTTP1_FIELD_LINE] = ROW ("field-line",
    "a field line is a name, a colon and a value", "RFC 9112 §5", MUST, PROBLEM, 400),
  [RT_HTTP1_FIELD_NAME] = ROW ("field-name",
    "a field name is a token", "RFC 9110 §5.1", MUST, PROBLEM, 400),
  [RT_HTTP1_SPACE_BEFORE_COLON] = ROW_REQUESTS ("space-before-colon",
    "no white space stands between a field name and its colon", "RFC 9112 §5.1", MUST,
    PROBLEM, 400),
  [RT_HTTP1_FIELD_NUL] = ROW ("field-nul",
    "a field value has no NUL", "RFC 9110 §5.5", MUST, PROBLEM, 400),
  [RT_HTTP1_FIELD_CONTROL] = ROW ("field-control",
    "a field value has no control characters", "RFC 9110 §5.5", MUST, WARNING, 0),
  [RT_HTTP1_OBS_FOLD] = ROW_REQUESTS ("obs-fold",
    "a field value does not go on in a second line", "RFC 9112 §5.2", MUST, PROBLEM, 400),
  [RT_HTTP1_FIELD_LINE_LONG] = ROW ("field-line-long",
    "a field line is not longer than the recipient wishes to parse", "RFC 6585 §5", MAY,
    PROBLEM, 431),
  [RT_HTTP1_FIELDS_LONG] = ROW ("fields-long",
    "the fields are not longer than the recipient wishes to parse", "RFC 6585 §5", MAY,
    PROBLEM, 431),
  [RT_HTTP1_FIELDS_MANY] = ROW ("fields-many",
    "there are not more fields than the recipient wishes to parse", "RFC 6585 §5", MAY,
    PROBLEM, 431),

  [RT_HTTP1_HOST_MISSING] = ROW ("host-missing",
    "a request of HTTP/1.1 has a Host field", "RFC 9112 §3.2", MUST, PROBLEM, 400),
  [RT_HTTP1_HOST_REPEATED] = ROW ("host-repeated",
    "a request has one Host field", "RFC 9112 §3.2", MUST, PROBLEM, 400),
  [RT_HTTP1_HOST_INVALID] = ROW ("host-invalid",
    "the value of Host is a host and perhaps a port", "RFC 9112 §3.2", MUST, PROBLEM, 400),
  [RT_HTTP1_HOST_EMPTY] = ROW ("host-empty",
    "the Host of an http URI is not empty", "RFC 9110 §4.2.1", MUST, PROBLEM, 400),
  [RT_HTTP1_HOST_DIFFERS] = ROW ("host-differs",
    "Host names the same authority as the request-target", "RFC 9112 §3.2.2", MUST, WARNING, 0),

  [RT_HTTP1_LENGTH_INVALID] = ROW ("length-invalid",
    "Content-Length is a decimal number", "RFC 9112 §6.3", MUST, PROBLEM, 400),
  [RT_HTTP1_LENGTH_DIFFERS] = ROW ("length-differs",
    "all values of Content-Length are the same", "RFC 9112 §6.3", MUST, PROBLEM, 400),
  [RT_HTTP1_LENGTH_REPEATED] = ROW ("length-repeated",
    "Content-Length is given once", "RFC 9110 §8.6", MUST, WARNING, 0),
  [RT_HTTP1_LENGTH_FORBIDDEN] = ROW ("length-forbidden",
    "1xx, 204 and a 2xx to CONNECT have no Content-Length", "RFC 9110 §8.6", MUST, PROBLEM, 0),
  [RT_HTTP1_LENGTH_WITH_CODING] = ROW_REQUESTS ("length-with-coding",
    "Content-Length and Transfer-Encoding do not meet in one message: that is how requests are "
    "smuggled", "RFC 9112 §6.3", SHOULD, PROBLEM, 400),
  [RT_HTTP1_CODING_INVALID] = ROW ("coding-invalid",
    "Transfer-Encoding is a list of transfer codings", "RFC 9112 §6.1", MUST, PROBLEM, 400),
  [RT_HTTP1_CODING_UNKNOWN] = ROW_REQUESTS ("coding-unknown",
    "the transfer coding is one that the recipient understands", "RFC 9112 §6.1", SHOULD,
    PROBLEM, 501),
  [RT_HTTP1_CODING_NOT_FINAL] = ROW_REQUESTS ("coding-not-final",
    "chunked is the last transfer coding", "RFC 9112 §6.3", MUST, PROBLEM, 400),
  [RT_HTTP1_CODING_REPEATED] = ROW ("coding-repeated",
    "chunked is applied once", "RFC 9112 §6.1", MUST, PROBLEM, 400),
  [RT_HTTP1_CODING_VERSION] = ROW_REQUESTS ("coding-version",
    "a message of HTTP/1.0 has no Transfer-Encoding", "RFC 9112 §6.1", MUST, PROBLEM, 400),
  [RT_HTTP1_CODING_FORBIDDEN] = ROW ("coding-forbidden",
    "1xx, 204 and a 2xx to CONNECT have no Transfer-Encoding", "RFC 9112 §6.1", MUST, PROBLEM, 0),
  [RT_HTTP1_CONTENT_LONG] = ROW ("content-long",
    "the content is not larger than the recipient is willing to process", "RFC 9110 §15.5.14",
    MAY, PROBLEM, 413),

  [RT_HTTP1_CHUNK_SIZE] = ROW ("chunk-size",
    "a chunk begins with its size in hexadecimal digits", "RFC 9112 §7.1", MUST, PROBLEM, 400),
  [RT_HTTP1_CHUNK_SIZE_LARGE] = ROW ("chunk-size-large",
    "the size of a chunk is a number that can be counted to", "RFC 9112 §7.1", MUST,
    PROBLEM, 400),
  [RT_HTTP1_CHUNK_EXTENSION] = ROW ("chunk-extension",
    "chunk extensions are names with perhaps a value", "RFC 9112 §7.1.1", MUST, PROBLEM, 400),
  [RT_HTTP1_CHUNK_EXTENSION_SPACE] = ROW ("chunk-extension-space",
    "no white space stands in chunk extensions", "RFC 9112 §7.1.1", MUST, WARNING, 0),
  [RT_HTTP1_CHUNK_LINE_LONG] = ROW ("chunk-line-long",
    "chunk extensions are not longer than the recipient wishes to read", "RFC 9112 §7.1.1", MUST,
    PROBLEM, 400),
  [RT_HTTP1_CHUNK_LINE_END] = ROW ("chunk-line-end",
    "the size line of a chunk ends in CRLF", "RFC 9112 §7.1", MUST, PROBLEM, 400),
  [RT_HTTP1_CHUNK_END] = ROW ("chunk-end",
    "a chunk ends in CRLF after as many bytes as its size says", "RFC 9112 §7.1", MUST,
    PROBLEM, 400),
  [RT_HTTP1_TRAILER_FORBIDDEN] = ROW ("trailer-forbidden",
    "no trailer field is one that framing, routing or authentication needs before the content",
    "RFC 9110 §6.5.1", MUST, WARNING, 0),

  [RT_HTTP1_CUT_SHORT] = ROW ("cut-short",
    "the message is complete when the connection ends", "RFC 9112 §8", MUST, PROBLEM, 400),
};
/* clang-format on */

/**
 * rt_http1_finding_kind:
 * @violation: below %RT_HTTP1_N_VIOLATIONS
 *
 * Returns: (transfer none): what it breaks, how bad that is and what a server answers; findings of
 *   the same violation have the same pointer
 */
const RtFindingKind *
rt_http1_finding_kind (RtHttp1Violation violation)
{
  g_return_val_if_fail ((guint)violation < RT_HTTP1_N_VIOLATIONS, NULL);

  return &rows[violation].kind;
}

/**
 * rt_http1_violation_ends:
 * @violation: a violation
 * @in_response: where it was found
 *
 * Returns: whether a strict reader stops there
 */
gboolean
rt_http1_violation_ends (RtHttp1Violation violation, gboolean in_response)
{
  const Row *row = &rows[violation];

  return row->kind.status != 0 && !(in_response && row->responses_go_on);
}
