/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Redirection: whether a client goes where a response points, and with what. */
#pragma once

#include "rt-decision.h"
#include "rt-message.h"
#include "rt-url.h"

G_BEGIN_DECLS

/** RT_REDIRECT_LIMIT: how often in a row browsers follow (fetch#http-redirect-fetch). */
#define RT_REDIRECT_LIMIT 20

/**
 * RtRedirect:
 * @RT_REDIRECT_DELIVER: the response is the answer
 * @RT_REDIRECT_FOLLOW: make the next request
 * @RT_REDIRECT_REFUSE: there is no answer: a network error
 * @RT_REDIRECT_HAND_OVER: the caller wanted to follow by itself (redirect mode `manual`)
 */
typedef enum
{
  RT_REDIRECT_DELIVER,
  RT_REDIRECT_FOLLOW,
  RT_REDIRECT_REFUSE,
  RT_REDIRECT_HAND_OVER,
} RtRedirect;

/**
 * RtRedirectMode:
 *
 * What the caller of a fetch wants done with redirections.
 */
typedef enum
{
  RT_REDIRECT_MODE_FOLLOW,
  RT_REDIRECT_MODE_ERROR,
  RT_REDIRECT_MODE_MANUAL,
} RtRedirectMode;

/**
 * RtRedirectContext:
 * @url: where the request went
 * @origin: (nullable): of the page whose script asks, serialised; %NULL: a navigation or no browser
 * @cors: the request is a cross-origin one that the target has to allow
 * @has_content: the request has content
 * @streamed: … that cannot be sent a second time
 * @count: redirections followed so far
 * @limit: 0: %RT_REDIRECT_LIMIT
 */
typedef struct
{
  const RtUrl *url;
  const char *origin;
  RtRedirectMode mode;
  gboolean cors, has_content, streamed;
  guint count, limit;
} RtRedirectContext;

/**
 * RtRedirectNext:
 * @url: where to go, the fragment of the old URL carried over if the new one has none
 * @to_get: the method becomes GET and the content is dropped
 * @crosses: the new URL is of another origin: what was meant for the old one must not go there
 * @taints: … and the old one was not the page's either: from here on the page's Origin is `null`
 *
 * The next request.
 */
typedef struct
{
  RtUrl *url;
  gboolean to_get, crosses, taints;
} RtRedirectNext;

extern const RtRule rt_rule_redirect;

RtRedirect rt_redirect_decide (RtMessage *request,
                               RtMessage *response,
                               const RtRedirectContext *context,
                               RtRedirectNext *ret_next,
                               RtDecision *why);
RtMessage *rt_redirect_dup_request (RtMessage *request, const RtRedirectNext *next);
void rt_redirect_next_clear (RtRedirectNext *next);
const char *rt_redirect_name (RtRedirect verdict);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (RtRedirectNext, rt_redirect_next_clear)

G_END_DECLS
