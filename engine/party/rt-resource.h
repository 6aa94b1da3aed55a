/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Resources of an origin server: message in, message and decision out. They know nothing of
 * connections, so that another server than ours can serve the same ones. */
#pragma once

#include "rt-effects.h"
#include "rt-message.h"
#include "rt-setting.h"

G_BEGIN_DECLS

/**
 * RtCall:
 * @request: what was asked for
 * @content: its content, perhaps empty
 * @content_span: where that stands
 * @path: of the target
 * @query: (nullable): of the target
 * @scheme, @authority: of the target URI
 * @now: when the resource is called
 * @stage: 0 at first; what the resource gave to rt_reply_later() when it is called again
 * @data: (nullable): likewise
 *
 * A request as a resource sees it.
 */
typedef struct
{
  RtMessage *request;
  GBytes *content;
  RtSpan content_span;
  const char *path, *query, *scheme, *authority;
  RtTime now;
  guint stage;
  gpointer data;
} RtCall;

/**
 * RtReply:
 * @response: (nullable): the answer; owned. %NULL while there is none
 * @content: (nullable): its content; owned
 * @later: with no @response: when the resource wants to be called again for this request
 * @stage: what the call is then to carry
 * @data: likewise; owned
 * @free_data: frees @data
 *
 * What a resource makes of a call.
 */
typedef struct
{
  RtMessage *response;
  GBytes *content;
  RtTime later;
  guint stage;
  gpointer data;
  GDestroyNotify free_data;
} RtReply;

void rt_reply_clear (RtReply *reply);
void rt_reply_with (RtReply *reply, RtMessage *response, GBytes *content);
void rt_reply_with_text (RtReply *reply, RtMessage *response, const char *text);
void
rt_reply_later (RtReply *reply, RtTime at, guint stage, gpointer data, GDestroyNotify free_data);

/**
 * RtResourceKind:
 * @name: as an origin's settings have it: `document`
 * @summary: one sentence
 * @settings: (array length=n_settings): what can be set, besides what all resources have
 * @create: makes one; @settings are checked
 * @announce: tells the log what there is before anybody asks
 * @handle: answers a call; decisions and states go to @out, and nothing else does
 *
 * A kind of resource. The list is closed: rt_resource_kinds().
 */
typedef struct
{
  const char *name, *summary;
  const RtSetting *settings;
  guint n_settings;
  gpointer (*create) (const char *path, GVariant *settings);
  void (*announce) (gpointer self, RtTime now, RtEffects *out);
  void (*handle) (gpointer self, const RtCall *call, RtReply *reply, RtEffects *out);
  void (*free) (gpointer self);
} RtResourceKind;

const RtResourceKind *const *rt_resource_kinds (guint *ret_n);
const RtResourceKind *rt_resource_kind_find (const char *name, GError **error);
const RtSetting *rt_resource_common_settings (guint *ret_n);

typedef struct _RtResource RtResource;

RtResource *
rt_resource_new (const char *path, const char *kind, GVariant *settings, GError **error);
void rt_resource_free (RtResource *resource);
const char *rt_resource_get_path (RtResource *resource);
void rt_resource_announce (RtResource *resource, RtTime now, RtEffects *out);
void rt_resource_handle (RtResource *resource, const RtCall *call, RtReply *reply, RtEffects *out);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RtResource, rt_resource_free)

G_END_DECLS
