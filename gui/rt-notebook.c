/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A mark stands at an event: that of the first byte of the message it is about. What stands at an
 * event that may not be seen yet belongs to no exchange of the view, and so is nowhere. */
#include "rt-notebook.h"

#define NOTEBOOK "rt-notebook"

struct _RtNotebook
{
  GObject parent_instance;

  RtView *view; /* owns the notebook */
  GPtrArray *marks;
};

enum
{
  PUT,
  CHANGED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (RtNotebook, rt_notebook, G_TYPE_OBJECT)

static void
rt_notebook_finalize (GObject *object)
{
  g_ptr_array_unref (RT_NOTEBOOK (object)->marks);
  G_OBJECT_CLASS (rt_notebook_parent_class)->finalize (object);
}

static void
rt_notebook_class_init (RtNotebookClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = rt_notebook_finalize;
  signals[PUT] = g_signal_new ("put", RT_TYPE_NOTEBOOK, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                               G_TYPE_NONE, 1, G_TYPE_POINTER);
  signals[CHANGED] = g_signal_new ("changed", RT_TYPE_NOTEBOOK, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 0);
}

static void
rt_notebook_init (RtNotebook *self)
{
  self->marks = g_ptr_array_new_with_free_func ((GDestroyNotify)rt_mark_free);
}

/* What is written, for the timeline's third layer; a mark alone has no words to show there. */
static void
tell_view (RtNotebook *self)
{
  GPtrArray *notes = g_ptr_array_new_with_free_func ((GDestroyNotify)rt_timeline_note_free);

  for (guint i = 0; i < self->marks->len; i++)
    {
      const RtMark *mark = self->marks->pdata[i];
      guint exchange = rt_notebook_get_exchange (self, mark);

      if (exchange != 0 && *mark->text != '\0')
        g_ptr_array_add (notes, rt_timeline_note_new (RT_TIMELINE_LAYER_OWN, notes->len + 1,
                                                      exchange, mark->span, NULL, mark->text));
    }
  rt_view_set_notes (self->view, RT_TIMELINE_LAYER_OWN, notes);
}

/** rt_notebook_of: Returns: (transfer none): the one notebook of @view */
RtNotebook *
rt_notebook_of (RtView *view)
{
  RtNotebook *self = g_object_get_data (G_OBJECT (view), NOTEBOOK);

  if (self != NULL)
    return self;
  self = g_object_new (RT_TYPE_NOTEBOOK, NULL);
  self->view = view;
  g_object_set_data_full (G_OBJECT (view), NOTEBOOK, self, g_object_unref);
  g_signal_connect_object (view, "changed", G_CALLBACK (tell_view), self, G_CONNECT_SWAPPED);
  return self;
}

static void
changed (RtNotebook *self)
{
  tell_view (self);
  g_signal_emit (self, signals[CHANGED], 0);
}

static int
compare (gconstpointer a, gconstpointer b)
{
  const RtMark *left = *(RtMark *const *)a, *right = *(RtMark *const *)b;

  if (left->event != right->event)
    return left->event < right->event ? -1 : 1;
  if (left->span.offset != right->span.offset)
    return left->span.offset < right->span.offset ? -1 : 1;
  return left->span.length < right->span.length ? -1 : left->span.length > right->span.length;
}

/** rt_notebook_take_marks: @marks: (transfer full) (element-type RtMark): as they were kept */
void
rt_notebook_take_marks (RtNotebook *self, GPtrArray *marks)
{
  g_ptr_array_unref (self->marks);
  self->marks = marks;
  g_ptr_array_sort (self->marks, compare);
  changed (self);
}

static gboolean
is_same_place (const RtMark *mark, guint64 event, RtSpan span)
{
  return mark->event == event && mark->span.buffer == span.buffer
         && mark->span.offset == span.offset && mark->span.length == span.length;
}

/* The event that a mark on an exchange, or on bytes of it, stands at. */
static gboolean
find_event (RtNotebook *self, guint exchange, RtSpan span, guint64 *ret_event)
{
  RtAnalysis *analysis = rt_view_get_analysis (self->view);
  const RtExchange *found = rt_analysis_get_exchange (analysis, exchange);
  const RtTransfer *transfer = found != NULL && !rt_span_is_none (span)
                                   ? rt_analysis_find_transfer (analysis, span)
                                   : NULL;

  if (transfer == NULL && found != NULL)
    transfer = found->request != NULL ? found->request : found->response;
  if (transfer == NULL)
    return FALSE;
  *ret_event = transfer->first_event;
  return TRUE;
}

static guint
find_index (RtNotebook *self, guint64 event, RtSpan span)
{
  for (guint i = 0; i < self->marks->len; i++)
    if (is_same_place (self->marks->pdata[i], event, span))
      return i;
  return G_MAXUINT;
}

/**
 * rt_notebook_put:
 * @exchange: id of an exchange of the view
 * @span: bytes of it, or none: the exchange as a whole
 * @text: (nullable): what was written; empty: a mark alone; %NULL: nothing any more
 */
void
rt_notebook_put (RtNotebook *self, guint exchange, RtSpan span, const char *text)
{
  g_autoptr (RtMark) put = NULL;
  guint64 event;
  guint old;

  if (!find_event (self, exchange, span, &event))
    return;
  put = rt_mark_new (event, span, text);
  old = find_index (self, event, span);
  if (old != G_MAXUINT)
    g_ptr_array_remove_index (self->marks, old);
  if (text != NULL)
    {
      g_ptr_array_add (self->marks, rt_mark_new (event, span, text));
      g_ptr_array_sort (self->marks, compare);
    }
  g_signal_emit (self, signals[PUT], 0, put);
  changed (self);
}

/** rt_notebook_find: Returns: (nullable): what stands at an exchange, or at some bytes of it */
const RtMark *
rt_notebook_find (RtNotebook *self, guint exchange, RtSpan span)
{
  guint64 event;
  guint i;

  if (!find_event (self, exchange, span, &event))
    return NULL;
  i = find_index (self, event, span);
  return i != G_MAXUINT ? self->marks->pdata[i] : NULL;
}

/** rt_notebook_get_exchange: Returns: the exchange it is about; 0: one that is not to be seen */
guint
rt_notebook_get_exchange (RtNotebook *self, const RtMark *mark)
{
  return rt_analysis_get_event_exchange (rt_view_get_analysis (self->view), mark->event);
}

/** rt_notebook_get_marks: Returns: (transfer none) (element-type RtMark): by event */
GPtrArray *
rt_notebook_get_marks (RtNotebook *self)
{
  return self->marks;
}

/** rt_notebook_get_state: Returns: whether an exchange is marked, and whether something is noted */
RtFilterMarks
rt_notebook_get_state (RtNotebook *self, guint exchange)
{
  RtFilterMarks state = RT_FILTER_UNMARKED;

  for (guint i = 0; i < self->marks->len; i++)
    {
      const RtMark *mark = self->marks->pdata[i];

      if (rt_notebook_get_exchange (self, mark) == exchange)
        state |= RT_FILTER_MARKED | (*mark->text != '\0' ? RT_FILTER_NOTED : 0);
    }
  return state;
}
