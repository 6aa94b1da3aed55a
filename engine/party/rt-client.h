/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The plain client: sends what it is told to, as curl would, and knows no browser's rules. */
#pragma once

#include "rt-pool.h"
#include "rt-setting.h"

G_BEGIN_DECLS

/**
 * RtReaction:
 * @RT_REACTION_NONE: the response is taken as it is
 * @RT_REACTION_REFETCH_MERGE_RETRY: GET the current representation, merge, PUT again with its
 *   entity tag
 * @RT_REACTION_RETRY: it is sent again if it may be, after a time
 * @RT_REACTION_RETRY_AT_ONCE: it is sent again, whatever it is
 *
 * What a client does by itself when a response has a given status.
 */
typedef enum
{
  RT_REACTION_NONE,
  RT_REACTION_REFETCH_MERGE_RETRY,
  RT_REACTION_RETRY,
  RT_REACTION_RETRY_AT_ONCE,
} RtReaction;

/**
 * RtReactionInfo:
 * @name: as lessons have it: `refetch-merge-retry`
 * @status: the status it can react to; 0: any
 * @summary: one sentence
 */
typedef struct
{
  RtReaction reaction;
  const char *name;
  guint status;
  const char *summary;
} RtReactionInfo;

const RtReactionInfo *rt_reaction_infos (guint *ret_n);
const RtReactionInfo *rt_reaction_find (const char *name, GError **error);

/**
 * RtClientTaskKind:
 * @RT_CLIENT_SEND: send a request and take its response
 * @RT_CLIENT_CLOSE: close the idle connections, to @request.to only if it has a host
 */
typedef enum
{
  RT_CLIENT_SEND,
  RT_CLIENT_CLOSE,
} RtClientTaskKind;

/**
 * RtClientTask:
 * @request: what to send and over what
 *
 * What a client can be told to do: the `task` of #RtDriverClass. Stays the teller's and unchanged
 * until the task is finished. A response with any status finishes it well; an error says that
 * there was no whole response.
 */
typedef struct
{
  RtClientTaskKind kind;
  RtPoolRequest request;
} RtClientTask;

typedef struct _RtClient RtClient;

const RtSetting *rt_client_settings (guint *ret_n);

RtClient *rt_client_new (void);
void rt_client_free (RtClient *client);
void rt_client_set_reaction (RtClient *client, guint status, RtReaction reaction);
gboolean rt_client_set (RtClient *client, GVariant *given, GError **error);

/** rt_client_class: an #RtClient as a party. The driver frees it. */
extern const RtPartyClass rt_client_class;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RtClient, rt_client_free)

G_END_DECLS
