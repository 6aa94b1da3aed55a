/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the plain client and its reactions share. */
#pragma once

#include "rt-client.h"

G_BEGIN_DECLS

/** RT_CLIENT_MOST_CONTENT: longer content is neither remembered nor merged. */
#define RT_CLIENT_MOST_CONTENT (1024 * 1024)

/** RtClientStage: what a job's present exchange is for. */
typedef enum
{
  RT_CLIENT_ASKED,
  RT_CLIENT_REFETCHING,
} RtClientStage;

/**
 * RtClientJob:
 * @request: of the task: borrowed
 * @host: (nullable): where a redirection led
 * @message: (nullable): what was sent last; %NULL: bytes that are no message
 * @mine: (nullable): content of the request
 * @response: (nullable): the head that came last
 * @content: of the response
 * @n_sent: how often the request was sent; a job without an exchange waits to be sent again
 *
 * What a task takes: one exchange, or as many as a reaction or redirections need.
 */
typedef struct
{
  guint64 task, exchange;
  RtPoolRequest request;
  RtClientStage stage;
  guint attempts, n_redirects, n_sent;
  char *host;
  RtMessage *message;
  GBytes *mine;
  RtMessage *response;
  GByteArray *content;
} RtClientJob;

struct _RtClient
{
  RtPool *pool;
  GPtrArray *jobs;
  GQueue memories; /* what was fetched, the latest last */
  RtReaction reactions[600];
  gboolean reacts; /* to anything: else nothing need be remembered */
  gboolean follows, unverified;
  guint max_sent;
  RtTime retry_wait;
};

void rt_client_send_again (RtClient *client,
                           RtClientJob *job,
                           RtMessage *message,
                           GBytes *content,
                           RtTime now,
                           RtEffects *out);

void rt_client_remember (RtClient *client, const RtClientJob *job);
void rt_client_forget (RtClient *client);
gboolean
rt_client_retry (RtClient *client, RtClientJob *job, gboolean blindly, RtTime now, RtEffects *out);
void rt_client_wake (RtClient *client, RtClientJob *job, RtTime now, RtEffects *out);
gboolean rt_client_react (RtClient *client, RtClientJob *job, RtTime now, RtEffects *out);

G_END_DECLS
