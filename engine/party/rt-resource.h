/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Resources of an origin server: message in, message and decision out. They know nothing of
 * connections, so that another server than ours can serve the same ones. */
#pragma once

#include "rt-effects.h"
#include "rt-reply.h"
#include "rt-setting.h"

G_BEGIN_DECLS

/**
 * RtCallPhase:
 * @RT_CALL_WHOLE: the request is complete
 * @RT_CALL_HEAD: its header section is there and content is to follow; for kinds that stream
 * @RT_CALL_CONTENT: a run of its content; for kinds that stream
 * @RT_CALL_LATER: the time the resource asked for has come
 *
 * Why a resource is called.
 */
typedef enum
{
  RT_CALL_WHOLE,
  RT_CALL_HEAD,
  RT_CALL_CONTENT,
  RT_CALL_LATER,
} RtCallPhase;

/**
 * RtCall:
 * @again: the resource was called for this request before
 * @request: what was asked for
 * @content: (nullable): its content, perhaps empty; the run that came. %NULL: not read yet, or
 *   given before
 * @content_span: where that stands
 * @path: of the target
 * @below: what of @path follows the resource's own path: empty, or it begins with a slash
 * @query: (nullable): of the target
 * @scheme, @authority: of the target URI, as far as the server knows
 * @client: the client's address, likewise
 * @now: when the resource is called
 * @stage: 0 at first; what the resource gave to rt_reply_later() when it is called again
 * @data: (nullable): likewise
 *
 * A request as a resource sees it.
 */
typedef struct
{
  RtCallPhase phase;
  gboolean again;
  RtMessage *request;
  GBytes *content;
  RtSpan content_span;
  const char *path, *below, *query, *scheme, *authority, *client;
  RtTime now;
  guint stage;
  gpointer data;
} RtCall;

static inline gboolean
rt_call_is (const RtCall *call, const char *method)
{
  return rt_text_is (call->request->method, method);
}

/**
 * RtResourceKind:
 * @name: as an origin's settings have it: `document`
 * @summary: what it is, without article and full stop
 * @notes: (nullable): for authors, Markdown: its methods and states
 * @settings: (array length=n_settings): what can be set, besides what all resources have
 * @tree: it serves the paths below its own, too
 * @streams: it is called with the header section and with each run of content as they come
 * @create: makes one; @given is checked against @settings. %NULL with an error: it can't be so
 * @announce: (nullable): tells the log what there is before anybody asks
 * @handle: answers a call; decisions and states go to @out, and nothing else does
 * @admit: (nullable): does the request carry what this resource gave out? If not, @reply says so
 * @restart: (nullable): the server died: what lived in its memory is gone
 *
 * A kind of resource. The list is closed: rt_resource_kinds().
 */
typedef struct
{
  const char *name, *summary, *notes;
  const RtSetting *settings;
  guint n_settings;
  gboolean tree, streams;
  gpointer (*create) (const char *path, const RtGiven *given, GError **error);
  void (*announce) (gpointer self, RtTime now, RtEffects *out);
  void (*handle) (gpointer self, const RtCall *call, RtReply *reply, RtEffects *out);
  gboolean (*admit) (
      gpointer self, const RtCall *call, const char *role, RtReply *reply, RtEffects *out);
  void (*restart) (gpointer self, RtTime now, RtEffects *out);
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
const char *rt_resource_get_below (RtResource *resource, const char *path);
const char *rt_resource_get_guard_path (RtResource *resource);
gboolean rt_resource_set_guard (RtResource *resource, RtResource *guard);
gboolean rt_resource_streams (RtResource *resource);
void rt_resource_announce (RtResource *resource, RtTime now, RtEffects *out);
void rt_resource_handle (RtResource *resource, const RtCall *call, RtReply *reply, RtEffects *out);
gboolean
rt_resource_admit (RtResource *resource, const RtCall *call, RtReply *reply, RtEffects *out);
void rt_resource_restart (RtResource *resource, RtTime now, RtEffects *out);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RtResource, rt_resource_free)

G_END_DECLS
