/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Replies of resources. */
#include "rt-reply.h"

#include "rt-reference.h"

void
rt_reply_clear (RtReply *reply)
{
  g_clear_pointer (&reply->response, rt_message_unref);
  g_clear_pointer (&reply->content, g_bytes_unref);
  g_clear_pointer (&reply->trailers, rt_fields_unref);
  if (reply->data != NULL && reply->free_data != NULL)
    reply->free_data (reply->data);
  *reply = (RtReply){ 0 };
}

/**
 * rt_reply_new_response:
 * @status: its status
 *
 * Returns: (transfer full): a response with the reason phrase that goes with it
 */
RtMessage *
rt_reply_new_response (guint status)
{
  const RtStatusInfo *info = rt_status_info (status);

  return rt_message_new_response (status, info != NULL ? info->reason : "");
}

/**
 * rt_reply_with:
 * @reply: an empty reply
 * @response: (transfer full): the answer
 * @content: (transfer full) (nullable): its content
 */
void
rt_reply_with (RtReply *reply, RtMessage *response, GBytes *content)
{
  reply->response = response;
  reply->content = content;
  reply->end = RT_REPLY_WHOLE;
}

/**
 * rt_reply_with_text:
 * @reply: an empty reply
 * @response: (transfer full): the answer
 * @text: a sentence for people
 */
void
rt_reply_with_text (RtReply *reply, RtMessage *response, const char *text)
{
  rt_fields_append (response->fields, "Content-Type", "text/plain; charset=utf-8");
  rt_reply_with (reply, response, g_bytes_new (text, strlen (text)));
}

/**
 * rt_reply_with_status:
 * @reply: an empty reply
 * @status: of the answer
 * @text: (nullable): a sentence for people
 */
void
rt_reply_with_status (RtReply *reply, guint status, const char *text)
{
  RtMessage *response = rt_reply_new_response (status);

  if (text != NULL)
    rt_reply_with_text (reply, response, text);
  else
    rt_reply_with (reply, response, NULL);
}

/**
 * rt_reply_with_meaning:
 * @reply: an empty reply
 * @status: of the answer; its content is what the status means, if it is an error
 */
void
rt_reply_with_meaning (RtReply *reply, guint status)
{
  const RtStatusInfo *info = rt_status_info (status);
  g_autofree char *text
      = info != NULL && status >= 400 ? g_strdup_printf ("%s\n", info->summary) : NULL;

  rt_reply_with_status (reply, status, text);
}

/**
 * rt_reply_with_allow:
 * @reply: an empty reply
 * @is_options: somebody asked; otherwise the method is refused (RFC 9110 §15.5.6)
 * @allow: the methods there are
 */
void
rt_reply_with_allow (RtReply *reply, gboolean is_options, const char *allow)
{
  RtMessage *response = rt_reply_new_response (is_options ? 204 : 405);

  rt_fields_append (response->fields, "Allow", allow);
  rt_reply_with (reply, response, NULL);
}

/**
 * rt_reply_begin:
 * @reply: an empty reply
 * @response: (transfer full) (nullable): the answer's head; %NULL: it was given before
 * @content: (transfer full) (nullable): some of its content
 *
 * More is to come, or not: see #RtReply.end.
 */
void
rt_reply_begin (RtReply *reply, RtMessage *response, GBytes *content)
{
  reply->response = response;
  reply->content = content;
  reply->end = RT_REPLY_OPEN;
}

/**
 * rt_reply_raw:
 * @reply: an empty reply
 * @bytes: (transfer full): what goes over the wire in place of an answer
 */
void
rt_reply_raw (RtReply *reply, GBytes *bytes)
{
  reply->content = bytes;
  reply->raw = TRUE;
  reply->end = RT_REPLY_CLOSE;
}

/**
 * rt_reply_later:
 * @reply: a reply that is empty or leaves its request open
 * @at: when to call again
 * @stage: what the call then carries
 * @data: (transfer full) (nullable): likewise; %NULL: what it carried so far
 * @free_data: (nullable): frees @data
 */
void
rt_reply_later (RtReply *reply, RtTime at, guint stage, gpointer data, GDestroyNotify free_data)
{
  reply->later = at;
  reply->stage = stage;
  reply->data = data;
  reply->free_data = free_data;
}
