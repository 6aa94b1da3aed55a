/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A message: a request or a response, with the place of each of its elements. */
#pragma once

#include "rt-fields.h"
#include "rt-finding.h"

G_BEGIN_DECLS

typedef enum
{
  RT_MESSAGE_REQUEST,
  RT_MESSAGE_RESPONSE,
} RtMessageKind;

/**
 * RtVersion:
 * @RT_VERSION_UNKNOWN: none of these
 */
typedef enum
{
  RT_VERSION_UNKNOWN,
  RT_VERSION_0_9,
  RT_VERSION_1_0,
  RT_VERSION_1_1,
  RT_VERSION_2,
  RT_VERSION_3,
} RtVersion;

/**
 * RtFraming:
 * @RT_FRAMING_NONE: no content can follow (HEAD, 1xx, 204, 304, a request without framing fields)
 * @RT_FRAMING_LENGTH: Content-Length
 * @RT_FRAMING_CHUNKED: chunked is the final transfer coding
 * @RT_FRAMING_CLOSE: up to the end of the connection
 * @RT_FRAMING_TUNNEL: what follows is no HTTP (2xx to CONNECT, 101)
 * @RT_FRAMING_INVALID: cannot be known
 *
 * How the end of the content is found, RFC 9112 §6.3.
 */
typedef enum
{
  RT_FRAMING_NONE,
  RT_FRAMING_LENGTH,
  RT_FRAMING_CHUNKED,
  RT_FRAMING_CLOSE,
  RT_FRAMING_TUNNEL,
  RT_FRAMING_INVALID,
} RtFraming;

/**
 * RtMessage:
 * @method: request; its text and that of the others live as long as the message
 * @target: request-target, as it was written
 * @status: response, 100 to 999
 * @reason: response; may be empty
 * @fields: the header section
 * @trailers: (nullable): the trailer section, once it was read
 * @content_length: where @framing is %RT_FRAMING_LENGTH
 * @start_line: the whole first line without its line break; the other spans lie within it
 * @head: start line and header section, the empty line included
 * @reconstructed: made from a source that kept no bytes
 *
 * Reference-counted and, once its reader has given it out, changed by nobody else. Made by hand
 * (rt_message_new_request()) it is the owner's until it is sent.
 */
typedef struct
{
  gint ref_count;
  RtMessageKind kind;
  RtVersion version;
  RtText method, target, reason;
  guint status;
  RtFields *fields, *trailers;
  RtFraming framing;
  guint64 content_length;
  RtSpan start_line, method_span, target_span, version_span, status_span, reason_span, head;
  gboolean reconstructed;
  GBytes *bytes;      /* (nullable): the head it was read from; text points into it */
  GStringChunk *text; /* (nullable): text that was set by hand */
} RtMessage;

RtMessage *rt_message_new (RtMessageKind kind);
RtMessage *rt_message_new_request (const char *method, const char *target);
RtMessage *rt_message_new_response (guint status, const char *reason);
RtMessage *rt_message_new_over (RtMessageKind kind, GBytes *bytes, RtFields *fields);
RtMessage *rt_message_copy (RtMessage *message);
RtMessage *rt_message_ref (RtMessage *message);
void rt_message_unref (RtMessage *message);

/* Its framing says that content follows; of no bytes is none. */
static inline gboolean
rt_message_has_content (const RtMessage *message)
{
  return message->framing != RT_FRAMING_NONE
         && !(message->framing == RT_FRAMING_LENGTH && message->content_length == 0);
}

void rt_message_set_method (RtMessage *message, RtText method);
void rt_message_set_target (RtMessage *message, RtText target);
void rt_message_set_status (RtMessage *message, guint status, RtText reason);

const char *rt_version_name (RtVersion version);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RtMessage, rt_message_unref)

G_END_DECLS
