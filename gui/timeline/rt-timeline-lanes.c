/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Lanes and columns: which party stands in which lane, and the lanes' x. Where there are too many
 * parties they fold: first those of one site, then the least busy ones. */
#include "rt-timeline-layout-private.h"

#include <stdlib.h>
#include <string.h>

/* At text scale 1. */
#define GUTTER 66.0
#define LANE_MIN 120.0 /* of unfolded lanes: then the timeline scrolls sideways */
#define HEADER 58.0
#define CARD_WIDTH 262.0
#define CARDS_FROM 1000.0 /* a narrower timeline leaves the cards to the window */
#define STRIP_WIDTH 62.0
#define STRIP_GAP 8.0
#define MARGIN_MIN 46.0 /* from the columns' edge to the outer lanes */
#define MARGIN_MAX 92.0

static guint
add_lane (RtTimelineLayout *layout, guint party)
{
  const RtTimelineParty *of = rt_timeline_model_get_party (layout->model, party);
  RtLaneGeometry lane = { .party = party, .n_parties = 1, .name = of->name, .role = of->role };

  g_array_append_val (layout->lanes, lane);
  layout->lane_of[party] = layout->lanes->len - 1;
  return layout->lanes->len - 1;
}

static void
join_lane (RtTimelineLayout *layout, guint party, guint lane)
{
  layout->lane_of[party] = lane;
  g_array_index (layout->lanes, RtLaneGeometry, lane).n_parties++;
}

/* A lane a site, in the order in which the sites appear; who opens connections keeps its own. */
static void
fold_by_site (RtTimelineLayout *layout)
{
  g_autoptr (GHashTable) lanes = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < layout->model->parties->len; i++)
    {
      const RtTimelineParty *party = rt_timeline_model_get_party (layout->model, i);
      gpointer lane;

      if (party->opens || party->id == layout->params.selected)
        add_lane (layout, i);
      else if (g_hash_table_lookup_extended (lanes, party->site, NULL, &lane))
        join_lane (layout, i, GPOINTER_TO_UINT (lane));
      else
        g_hash_table_insert (lanes, (gpointer)party->site, GUINT_TO_POINTER (add_lane (layout, i)));
    }
}

typedef struct
{
  guint lane, weight;
} Busy;

static int
compare_busy (gconstpointer a, gconstpointer b)
{
  const Busy *p = a;
  const Busy *q = b;

  if (p->weight != q->weight)
    return p->weight > q->weight ? -1 : 1;
  return p->lane < q->lane ? -1 : 1;
}

/* What a lane brings along when it is decided who keeps one. */
static GArray *
rank_lanes (RtTimelineLayout *layout)
{
  GArray *ranks = g_array_new (FALSE, TRUE, sizeof (Busy));

  g_array_set_size (ranks, layout->lanes->len);
  for (guint i = 0; i < ranks->len; i++)
    g_array_index (ranks, Busy, i).lane = i;
  for (guint i = 0; i < layout->model->parties->len; i++)
    {
      const RtTimelineParty *party = rt_timeline_model_get_party (layout->model, i);
      Busy *busy = &g_array_index (ranks, Busy, layout->lane_of[i]);

      if (party->id == layout->params.selected)
        busy->weight = G_MAXUINT;
      else if (busy->weight < G_MAXUINT / 2)
        busy->weight = MIN (busy->weight + party->n_messages, G_MAXUINT / 2);
    }
  qsort (ranks->data, ranks->len, sizeof (Busy), compare_busy);
  return ranks;
}

/* All but the busiest lanes become one, the last. */
static void
fold_rest (RtTimelineLayout *layout)
{
  g_autoptr (GArray) ranks = rank_lanes (layout);
  g_autoptr (GArray) old = g_steal_pointer (&layout->lanes);
  g_autofree guint *new_of = g_new (guint, old->len);
  guint rest = RT_TIMELINE_MAX_LANES - 1;
  RtLaneGeometry last = { .party = G_MAXUINT };

  memset (new_of, 0, old->len * sizeof *new_of);
  for (guint i = 0; i < rest; i++)
    new_of[g_array_index (ranks, Busy, i).lane] = 1;
  layout->lanes = g_array_new (FALSE, TRUE, sizeof (RtLaneGeometry));
  for (guint i = 0; i < old->len; i++)
    {
      RtLaneGeometry *lane = &g_array_index (old, RtLaneGeometry, i);

      if (new_of[i])
        {
          g_array_append_val (layout->lanes, *lane);
          new_of[i] = layout->lanes->len - 1;
          continue;
        }
      new_of[i] = rest;
      last.party = MIN (last.party, lane->party);
      last.n_parties += lane->n_parties;
    }
  last.name = g_string_chunk_insert (layout->strings, "");
  g_array_append_val (layout->lanes, last);
  for (guint i = 0; i < layout->model->parties->len; i++)
    layout->lane_of[i] = new_of[layout->lane_of[i]];
}

static void
name_folds (RtTimelineLayout *layout)
{
  for (guint i = 0; i < layout->lanes->len; i++)
    {
      RtLaneGeometry *lane = &g_array_index (layout->lanes, RtLaneGeometry, i);
      g_autofree char *name = NULL;

      if (lane->n_parties < 2)
        continue;
      name = g_strdup_printf ("+%u hosts", lane->n_parties);
      if (*lane->name == '\0')
        {
          lane->name = rt_timeline_layout_string (layout, name);
          lane->role = "folded";
          continue;
        }
      lane->role = rt_timeline_layout_string (layout, name + 1);
      lane->name = rt_timeline_model_get_party (layout->model, lane->party)->site;
    }
}

static void
assign_lanes (RtTimelineLayout *layout)
{
  const RtTimelineModel *model = layout->model;

  layout->lane_of = g_new0 (guint, MAX (1, model->parties->len));
  if (model->parties->len <= RT_TIMELINE_MAX_LANES || layout->params.unfolded)
    for (guint i = 0; i < model->parties->len; i++)
      add_lane (layout, i);
  else
    fold_by_site (layout);
  if (layout->lanes->len > RT_TIMELINE_MAX_LANES && !layout->params.unfolded)
    fold_rest (layout);
  name_folds (layout);
  for (guint i = 0; i < model->decisions->len; i++)
    {
      const RtTimelineDecision *decision = &g_array_index (model->decisions, RtTimelineDecision, i);

      if (decision->own_store)
        g_array_index (layout->lanes, RtLaneGeometry, layout->lane_of[decision->party]).store
            = TRUE;
    }
}

/* As many state strips as a quarter of the width holds; with little room none. */
static double
lay_strips (RtTimelineLayout *layout, double end)
{
  double scale = layout->params.text_scale;
  double each = (STRIP_WIDTH + STRIP_GAP) * scale;
  guint n = MIN (layout->model->strips->len, (guint)(MAX (0, end - 420 * scale) / 4 / each));

  for (guint i = 0; i < n; i++)
    {
      const RtTimelineStrip *strip = &g_array_index (layout->model->strips, RtTimelineStrip, i);
      const RtMeasure *measure = &layout->params.measure;
      g_autofree char *label
          = rt_measure_dup_fitting (measure, RT_TEXT_CHIP, strip->label, STRIP_WIDTH);
      g_autofree char *owner = rt_measure_dup_fitting (
          measure, RT_TEXT_SEGMENT, rt_timeline_model_get_party (layout->model, strip->party)->name,
          STRIP_WIDTH);
      RtStripGeometry geometry = {
        .x = end - (n - i) * each,
        .width = STRIP_WIDTH * scale,
        .label = rt_timeline_layout_string (layout, label),
        .owner = rt_timeline_layout_string (layout, owner),
      };

      g_array_append_val (layout->strips, geometry);
    }
  return end - n * each;
}

/* Sets where lanes, strips and cards stand side by side. */
void
rt_timeline_lay_lanes (RtTimelineLayout *layout)
{
  double scale = layout->params.text_scale;
  double end = layout->params.width - 8 * scale;
  double inner, margin;

  if (layout->params.unfolded)
    layout->params.width
        = MAX (layout->params.width,
               (GUTTER + LANE_MIN * layout->model->parties->len + CARD_WIDTH) * scale);
  layout->gutter = GUTTER * scale;
  layout->header = HEADER * scale;
  assign_lanes (layout);
  if (!layout->params.no_cards && layout->params.width >= CARDS_FROM * scale)
    {
      layout->card_width = CARD_WIDTH * scale;
      layout->card_x = layout->params.width - layout->card_width - 12 * scale;
      end = layout->card_x - 18 * scale;
    }
  layout->lanes_end = end = lay_strips (layout, end);
  inner = end - layout->gutter;
  layout->n_lanes = layout->lanes->len;
  margin = CLAMP (inner / (2 * MAX (1, layout->n_lanes)), MARGIN_MIN * scale, MARGIN_MAX * scale);
  layout->gap
      = layout->n_lanes > 1 ? MAX (1, (inner - 2 * margin) / (layout->n_lanes - 1)) : inner / 2;
  for (guint i = 0; i < layout->n_lanes; i++)
    g_array_index (layout->lanes, RtLaneGeometry, i).x
        = layout->n_lanes > 1 ? layout->gutter + margin + i * layout->gap
                              : layout->gutter + inner / 2;
}
