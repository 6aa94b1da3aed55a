/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What is replaced where, for the reader of a redaction. */
#pragma once

#include "rt-needles.h"
#include "rt-redaction.h"

G_BEGIN_DECLS

/** RtEdits: bytes of buffers that are replaced by others, as many. */
typedef struct _RtEdits RtEdits;

RtEdits *rt_edits_new (void);
void rt_edits_free (RtEdits *edits);
void rt_edits_add (RtEdits *edits, RtSpan span, const char *bytes);
void rt_edits_settle (RtEdits *edits);
GBytes *rt_edits_apply (RtEdits *edits, RtSpan span, GBytes *bytes);

struct _RtRedaction
{
  gint ref_count;
  guint8 key[RT_PSEUDONYM_KEY_SIZE];
  RtReader *source;
  RtNeedles *needles;
  RtEdits *edits;
  GPtrArray *list;       /* RtRedacted */
  GHashTable *by_secret; /* GBytes → RtRedacted */
};

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RtEdits, rt_edits_free)

G_END_DECLS
