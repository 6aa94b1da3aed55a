/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Between the files of a view. Only they include it. */
#pragma once

#include "rt-view.h"

G_BEGIN_DECLS

struct _RtView
{
  GObject parent_instance;

  char *title;
  RtReader *reader;
  RtPlay *play; /* NULL: of a session file */
  RtAnalysis *analysis;
  RtTimelineModel *model; /* NULL: to be made */
  GArray *moments;        /* NULL: to be made */
  gboolean observed;
  guint64 cut;
  guint64 n_events; /* there were when it was fed last */
  char *file;       /* NULL: it is not recorded */
  RtRunSource source;
  gboolean grows;
  RtTime now, old_end;
  RtViewSelection selection;
  GPtrArray *notes; /* RtTimelineNote */
  guint hidden_layers;
  RtExcerpt *excerpt; /* NULL: what is shown begins with the log */
  RtViewWanted wanted;
  RtRunOverview *overview; /* NULL: it was not wanted */
  gboolean wants_overview;
  char *trouble; /* why what was wanted is not shown, or NULL */
};

RtViewSelection rt_view_complete (RtView *self, guint exchange, gboolean request, RtSpan span);
gboolean rt_view_want (RtView *self, RtViewWanted wanted);
void rt_view_want_nothing (RtView *self);

G_END_DECLS
