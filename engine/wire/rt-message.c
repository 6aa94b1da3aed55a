/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Messages. */
#include "rt-message.h"

#define TEXT_BLOCK 128

/**
 * rt_message_new:
 * @kind: request or response
 *
 * Returns: (transfer full): a message of HTTP/1.1 with no text and no fields
 */
RtMessage *
rt_message_new (RtMessageKind kind)
{
  return rt_message_new_over (kind, NULL, rt_fields_new ());
}

/**
 * rt_message_new_over:
 * @kind: request or response
 * @bytes: (transfer full) (nullable): the head it was read from
 * @fields: (transfer full): its fields
 *
 * For readers: the message's text may point into @bytes.
 *
 * Returns: (transfer full): a message of HTTP/1.1 with no text
 */
RtMessage *
rt_message_new_over (RtMessageKind kind, GBytes *bytes, RtFields *fields)
{
  RtMessage *message = g_new0 (RtMessage, 1);

  message->ref_count = 1;
  message->kind = kind;
  message->version = RT_VERSION_1_1;
  message->method = message->target = message->reason = RT_TEXT ("");
  message->bytes = bytes;
  message->fields = fields;
  return message;
}

/**
 * rt_message_new_request:
 * @method: copied
 * @target: request-target; copied
 *
 * Returns: (transfer full): a request of HTTP/1.1 without fields
 */
RtMessage *
rt_message_new_request (const char *method, const char *target)
{
  RtMessage *message = rt_message_new (RT_MESSAGE_REQUEST);

  rt_message_set_method (message, rt_text (method));
  rt_message_set_target (message, rt_text (target));
  return message;
}

/**
 * rt_message_new_response:
 * @status: 100 to 999
 * @reason: (nullable): the reason phrase; copied
 *
 * Returns: (transfer full): a response of HTTP/1.1 without fields
 */
RtMessage *
rt_message_new_response (guint status, const char *reason)
{
  RtMessage *message = rt_message_new (RT_MESSAGE_RESPONSE);

  rt_message_set_status (message, status, rt_text (reason));
  return message;
}

static RtText
keep (RtMessage *message, RtText text)
{
  if (text.length == 0)
    return RT_TEXT ("");
  if (message->text == NULL)
    message->text = g_string_chunk_new (TEXT_BLOCK);
  text.at = g_string_chunk_insert_len (message->text, text.at, (gssize)text.length);
  return text;
}

/**
 * rt_message_copy:
 * @message: a message
 *
 * Returns: (transfer full): a message of the caller's own, to change before it is sent on. It has
 *   the spans of @message: they say where each element came from.
 */
RtMessage *
rt_message_copy (RtMessage *message)
{
  RtMessage *copy = g_new (RtMessage, 1);

  *copy = *message;
  copy->ref_count = 1;
  copy->text = NULL;
  copy->bytes = message->bytes != NULL ? g_bytes_ref (message->bytes) : NULL;
  copy->fields = rt_fields_copy (message->fields);
  copy->trailers = message->trailers != NULL ? rt_fields_copy (message->trailers) : NULL;
  if (message->text != NULL)
    {
      copy->method = keep (copy, message->method);
      copy->target = keep (copy, message->target);
      copy->reason = keep (copy, message->reason);
    }
  return copy;
}

RtMessage *
rt_message_ref (RtMessage *message)
{
  g_atomic_int_inc (&message->ref_count);
  return message;
}

void
rt_message_unref (RtMessage *message)
{
  if (!g_atomic_int_dec_and_test (&message->ref_count))
    return;
  rt_fields_unref (message->fields);
  g_clear_pointer (&message->trailers, rt_fields_unref);
  g_clear_pointer (&message->bytes, g_bytes_unref);
  g_clear_pointer (&message->text, g_string_chunk_free);
  g_free (message);
}

/**
 * rt_message_set_method:
 * @message: a request of the caller's own
 * @method: copied
 */
void
rt_message_set_method (RtMessage *message, RtText method)
{
  message->method = keep (message, method);
}

/**
 * rt_message_set_target:
 * @message: a request of the caller's own
 * @target: request-target; copied
 */
void
rt_message_set_target (RtMessage *message, RtText target)
{
  message->target = keep (message, target);
}

/**
 * rt_message_set_status:
 * @message: a response of the caller's own
 * @status: 100 to 999
 * @reason: the reason phrase, may be empty; copied
 */
void
rt_message_set_status (RtMessage *message, guint status, RtText reason)
{
  message->status = status;
  message->reason = keep (message, reason);
}

/**
 * rt_version_name:
 * @version: a version
 *
 * Returns: (transfer none): `HTTP/1.1`; for %RT_VERSION_UNKNOWN `HTTP/?`
 */
const char *
rt_version_name (RtVersion version)
{
  static const char *const names[] = {
    [RT_VERSION_UNKNOWN] = "HTTP/?", [RT_VERSION_0_9] = "HTTP/0.9", [RT_VERSION_1_0] = "HTTP/1.0",
    [RT_VERSION_1_1] = "HTTP/1.1",   [RT_VERSION_2] = "HTTP/2",     [RT_VERSION_3] = "HTTP/3",
  };

  return (guint)version < G_N_ELEMENTS (names) ? names[version] : names[RT_VERSION_UNKNOWN];
}
