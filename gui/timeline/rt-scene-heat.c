/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Zoomed out: counts instead of messages. One column a link; a row is a few pixels of time, its
 * bar as wide as it has messages, parted by kind. Errors never vanish. */
#include "rt-timeline-scene-private.h"

#include <math.h>

#define ROW 6.0
#define ERROR_MIN 4.0 /* an error is at least this wide */
#define COLUMN_PAD 14.0

typedef struct
{
  guint counts[RT_N_TIMELINE_KINDS];
  guint total;
} Cell;

static guint
count_rows (const RtPainter *painter)
{
  return (guint)(MAX (0, painter->bottom - painter->top) / (ROW * painter->unit)) + 2;
}

/* Rows keep their place while scrolling: they count from the start, not from the visible top. */
static double
first_row_y (const RtPainter *painter)
{
  double row = ROW * painter->unit;

  return floor (painter->top / row) * row;
}

/* The cells of what is visible; @most: the highest total of any. */
typedef struct
{
  const RtPainter *painter;
  Cell *cells;
  guint n_rows, n_links, most;
} Cells;

static void
add_to_cells (Cells *cells, double y, guint from, guint to, RtTimelineKind kind, guint n)
{
  const RtPainter *painter = cells->painter;
  guint a = painter->layout->lane_of[from];
  guint b = painter->layout->lane_of[to];
  guint row = y < 0 ? G_MAXUINT : (guint)(y / (ROW * painter->unit));

  for (guint link = MIN (a, b); n > 0 && row < cells->n_rows && link < MAX (a, b); link++)
    {
      Cell *cell = &cells->cells[row * cells->n_links + link];

      cell->counts[kind] += n;
      cell->total += n;
      cells->most = MAX (cells->most, cell->total);
    }
}

static void
add_beats (Cells *cells, double from)
{
  const RtPainter *painter = cells->painter;
  const GArray *beats = painter->model->beats;
  RtTime first = rt_timeline_scale_time (painter->layout->scale, from);

  for (guint i = rt_paint_first_since (beats, sizeof (RtTimelineBeat),
                                       G_STRUCT_OFFSET (RtTimelineBeat, time), first);
       i < beats->len; i++)
    {
      const RtTimelineBeat *beat = &g_array_index (beats, RtTimelineBeat, i);
      double y = rt_timeline_layout_y (painter->layout, beat->time);

      if (y > painter->bottom)
        return;
      for (guint kind = 0; kind < RT_N_TIMELINE_KINDS; kind++)
        add_to_cells (cells, y - from, beat->from, beat->to, kind, beat->counts[kind]);
    }
}

static Cells
count_cells (const RtPainter *painter)
{
  Cells cells = { .painter = painter,
                  .n_rows = count_rows (painter),
                  .n_links = MAX (1, painter->layout->n_lanes - 1),
                  .most = 1 };
  double from = first_row_y (painter);

  cells.cells = g_new0 (Cell, (gsize)cells.n_rows * cells.n_links);
  for (guint i = painter->first; i < painter->end; i++)
    {
      const RtTimelineMessage *message = rt_timeline_model_get_message (painter->model, i);

      add_to_cells (&cells, rt_timeline_layout_get_message (painter->layout, i)->sent0 - from,
                    message->from, message->to, message->kind, 1);
    }
  add_beats (&cells, from);
  return cells;
}

static void
paint_cell (const RtPainter *painter, const Cell *cell, double middle, double y, guint most)
{
  double full = (painter->layout->gap - 2 * COLUMN_PAD * painter->unit);
  double width = MAX (3 * painter->unit, full * cell->total / most);
  double x = middle - width / 2;

  for (guint kind = 0; kind < RT_N_TIMELINE_KINDS; kind++)
    {
      RtColor color
          = rt_color_with_alpha (painter->theme->ink[kind], kind == RT_TIMELINE_ERROR ? 1 : 0.62);
      double part = width * cell->counts[kind] / cell->total;

      if (cell->counts[kind] == 0)
        continue;
      if (kind == RT_TIMELINE_ERROR)
        part = MAX (part, ERROR_MIN * painter->unit);
      rt_sink_rectangle (painter->sink, x, y + painter->unit, part, (ROW - 2) * painter->unit,
                         &color);
      x += part;
    }
}

void
rt_paint_heat (const RtPainter *painter)
{
  const RtTimelineLayout *layout = painter->layout;
  Cells cells = count_cells (painter);

  for (guint row = 0; row < cells.n_rows; row++)
    for (guint link = 0; link < cells.n_links; link++)
      {
        const Cell *cell = &cells.cells[row * cells.n_links + link];
        double x = g_array_index (layout->lanes, RtLaneGeometry, link).x + layout->gap / 2;
        double y = first_row_y (painter) + row * ROW * painter->unit + painter->shift;

        if (cell->total > 0)
          paint_cell (painter, cell, x, y, cells.most);
      }
  g_free (cells.cells);
}

/* What the colours mean and how much a full bar is. */
void
rt_paint_heat_legend (const RtPainter *painter)
{
  static const char *const names[RT_N_TIMELINE_KINDS]
      = { "request", "response", "error", "cache hit", "preflight" };
  double unit = painter->unit;
  double height = 26 * unit;
  double x = painter->layout->gutter + 10 * unit;
  double y = painter->view->height - height - 10 * unit;
  Cells cells = count_cells (painter);
  g_autofree char *scale
      = g_strdup_printf ("full width: %u messages · click to zoom in", cells.most);
  double width = rt_painter_width (painter, RT_TEXT_NOTICE, scale) + 24 * unit;

  g_free (cells.cells);
  for (guint i = 0; i < RT_N_TIMELINE_KINDS; i++)
    width += rt_painter_width (painter, RT_TEXT_NOTICE, names[i]) + 30 * unit;
  painter->sink->klass->rounded (painter->sink, x, y, width, height, 8 * unit,
                                 &painter->theme->surface, &painter->theme->lane, unit);
  x += 12 * unit;
  for (guint i = 0; i < RT_N_TIMELINE_KINDS; i++)
    {
      painter->sink->klass->rounded (painter->sink, x, y + height / 2 - 5 * unit, 10 * unit,
                                     10 * unit, 2 * unit, &painter->theme->ink[i], NULL, 0);
      rt_paint_text (painter, x + 15 * unit, y + height / 2, names[i], RT_TEXT_NOTICE,
                     &painter->theme->text);
      x += rt_painter_width (painter, RT_TEXT_NOTICE, names[i]) + 30 * unit;
    }
  rt_paint_text (painter, x, y + height / 2, scale, RT_TEXT_NOTICE, &painter->theme->dim);
}
