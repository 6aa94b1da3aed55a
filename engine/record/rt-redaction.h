/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A log without its secrets: each is replaced by a pseudonym of the same length, so that framing,
 * spans and decisions hold. The original is only read. */
#pragma once

#include "rt-pseudonym.h"
#include "rt-reader.h"
#include "rt-secret.h"

G_BEGIN_DECLS

/**
 * RtRedacted:
 * @kind: what it is
 * @name: what it is called where it was found first: `sid`, `Authorization`; may be empty
 * @exchange: id of the exchange it was found in first, 0: in an event's detail, which belongs to
 *   none, such as what went over a WebSocket
 * @in_request: it stands in the request
 * @shown: the pseudonym; of what was only suspected, the beginning
 * @replaced: %FALSE: it was only suspected, or stands where nothing can be replaced, and is still
 *   there
 * @times: how often it was found by its place or name
 *
 * An entry of the list of what was done.
 */
typedef struct
{
  RtSecretKind kind;
  char *name;
  guint exchange;
  gboolean in_request;
  char *shown;
  gboolean replaced;
  guint times;
} RtRedacted;

typedef struct _RtRedaction RtRedaction;

RtRedaction *
rt_redaction_new (RtReader *source, const guint8 *key, const gint *stop, GError **error);
RtRedaction *rt_redaction_ref (RtRedaction *redaction);
void rt_redaction_unref (RtRedaction *redaction);

GPtrArray *rt_redaction_get_list (RtRedaction *redaction); /* RtRedacted */
RtReader *rt_redaction_dup_reader (RtRedaction *redaction);
char *rt_redaction_dup_text (RtRedaction *redaction, const char *text);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RtRedaction, rt_redaction_unref)

G_END_DECLS
