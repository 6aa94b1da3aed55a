/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a resource makes of a call: an answer, part of one, or the end without one. */
#pragma once

#include "rt-message.h"
#include "rt-time.h"

G_BEGIN_DECLS

/**
 * RtReplyEnd:
 * @RT_REPLY_OPEN: there is more to come: at #RtReply.later, or with the rest of the request
 * @RT_REPLY_WHOLE: that was all, and it is complete
 * @RT_REPLY_CLOSE: no more, whether it is complete or not: the connection is closed
 * @RT_REPLY_RESET: … the connection is cut off
 * @RT_REPLY_CRASH: the server dies with all its connections and is up again at #RtReply.later
 *
 * How a reply leaves its request.
 */
typedef enum
{
  RT_REPLY_OPEN,
  RT_REPLY_WHOLE,
  RT_REPLY_CLOSE,
  RT_REPLY_RESET,
  RT_REPLY_CRASH,
} RtReplyEnd;

/**
 * RtReply:
 * @response: (nullable): the answer's head; owned. %NULL while there is none, or it was given
 *   before
 * @content: (nullable): all of its content, or some; owned
 * @trailers: (nullable): with %RT_REPLY_WHOLE: what follows the content where that is chunked;
 *   dropped elsewhere (RFC 9110 §6.5.1); owned
 * @raw: @content is to be sent as it is: it is no message, or a broken one
 * @bare: nothing that the resource adds to its answers goes with it: it is not to be known
 * @later: where the request is left open: when the resource wants to be called again; 0: not by the
 *   clock
 * @stage: what the call is then to carry
 * @data: likewise; owned. %NULL: what there was stays
 * @free_data: frees @data
 *
 * What a resource makes of a call.
 */
typedef struct
{
  RtReplyEnd end;
  RtMessage *response;
  GBytes *content;
  RtFields *trailers;
  gboolean raw, bare;
  RtTime later;
  guint stage;
  gpointer data;
  GDestroyNotify free_data;
} RtReply;

void rt_reply_clear (RtReply *reply);
void rt_reply_with (RtReply *reply, RtMessage *response, GBytes *content);
void rt_reply_with_text (RtReply *reply, RtMessage *response, const char *text);
void rt_reply_with_status (RtReply *reply, guint status, const char *text);
void rt_reply_with_meaning (RtReply *reply, guint status);
void rt_reply_with_allow (RtReply *reply, gboolean is_options, const char *allow);
void rt_reply_begin (RtReply *reply, RtMessage *response, GBytes *content);
void rt_reply_raw (RtReply *reply, GBytes *bytes);
void
rt_reply_later (RtReply *reply, RtTime at, guint stage, gpointer data, GDestroyNotify free_data);

RtMessage *rt_reply_new_response (guint status);

G_END_DECLS
