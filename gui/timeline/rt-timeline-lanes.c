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
#define HEADER_STACKED 70.0 /* with the icons above the names */
#define HEADER_LINE 15.0    /* … and for a name on two lines */
#define CARD_WIDTH 262.0
#define CARDS_FROM 1000.0 /* a narrower timeline leaves the cards to the window */
#define STRIP_WIDTH 62.0
#define STRIP_GAP 8.0
#define STRIPS_FROM 400.0 /* the lanes have at least so much of the width */
#define MARGIN_MIN 46.0   /* from the columns' edge to the outer lanes */
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

static gboolean
is_pinned (const RtTimelineLayout *layout, RtPartyId party)
{
  for (guint i = 0; i < layout->params.n_pinned; i++)
    if (layout->params.pinned[i] == party)
      return TRUE;
  return party == layout->params.selected;
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

      if (party->opens || is_pinned (layout, party->id))
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

      if (is_pinned (layout, party->id))
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
  /* However many are pinned, they stay. */
  guint rest = MIN (old->len - 1, MAX (RT_TIMELINE_MAX_LANES - 1, layout->params.n_pinned + 1));
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

/* Where in the order that was asked for @lane comes; those that it does not name come last. */
static guint
rank_of (const RtTimelineLayout *layout, guint lane)
{
  guint party = g_array_index (layout->lanes, RtLaneGeometry, lane).party;
  RtPartyId id = rt_timeline_model_get_party (layout->model, party)->id;

  for (guint i = 0; i < layout->params.n_order; i++)
    if (layout->params.order[i] == id)
      return i;
  return layout->params.n_order;
}

/* Brings the lanes into the order that was asked for; the others keep theirs. */
static void
order_lanes (RtTimelineLayout *layout)
{
  g_autoptr (GArray) old = layout->lanes;
  g_autofree guint *new_of = g_new0 (guint, old->len);

  layout->lanes = g_array_sized_new (FALSE, TRUE, sizeof (RtLaneGeometry), old->len);
  g_array_set_size (layout->lanes, old->len);
  memcpy (layout->lanes->data, old->data, old->len * sizeof (RtLaneGeometry));
  for (guint i = 0; i < old->len; i++)
    {
      guint rank = rank_of (layout, i);

      for (guint j = 0; j < old->len; j++)
        new_of[i] += rank_of (layout, j) < rank || (rank_of (layout, j) == rank && j < i) ? 1 : 0;
    }
  for (guint i = 0; i < old->len; i++)
    g_array_index (layout->lanes, RtLaneGeometry, new_of[i])
        = g_array_index (old, RtLaneGeometry, i);
  for (guint i = 0; i < layout->model->parties->len; i++)
    layout->lane_of[i] = new_of[layout->lane_of[i]];
}

static void
mark_lanes (RtTimelineLayout *layout)
{
  for (guint i = 0; i < layout->model->decisions->len; i++)
    {
      const RtTimelineDecision *decision
          = &g_array_index (layout->model->decisions, RtTimelineDecision, i);

      if (decision->own_store)
        g_array_index (layout->lanes, RtLaneGeometry, layout->lane_of[decision->party]).store
            = TRUE;
    }
  for (guint i = 0; i < layout->model->parties->len; i++)
    for (guint j = 0; j < layout->params.n_pinned; j++)
      if (rt_timeline_model_get_party (layout->model, i)->id == layout->params.pinned[j])
        g_array_index (layout->lanes, RtLaneGeometry, layout->lane_of[i]).pinned = TRUE;
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
  if (layout->params.n_order > 0)
    order_lanes (layout);
  mark_lanes (layout);
}

/* Of more strips than there is room for those are shown that tell most: pools, then what changes
 * most often. */
static gboolean
is_more_telling (const RtTimelineLayout *layout, guint a, guint b)
{
  const RtTimelineModel *model = layout->model;
  const RtTimelineStrip *p = &g_array_index (model->strips, RtTimelineStrip, a);
  const RtTimelineStrip *q = &g_array_index (model->strips, RtTimelineStrip, b);
  gboolean p_pool = g_array_index (model->changes, RtTimelineChange, p->first).pool;
  gboolean q_pool = g_array_index (model->changes, RtTimelineChange, q->first).pool;

  if (!p_pool != !q_pool)
    return p_pool;
  return p->n != q->n ? p->n > q->n : a < b;
}

static gboolean
is_among_first (const RtTimelineLayout *layout, guint strip, guint n)
{
  guint before = 0;

  for (guint i = 0; i < layout->model->strips->len; i++)
    before += i != strip && is_more_telling (layout, i, strip) ? 1 : 0;
  return before < n;
}

/* Whose a strip is, in its little room: as much of the name as tells it from the other parties. */
static const char *
short_owner (RtTimelineLayout *layout, guint party, double room)
{
  const char *name = rt_timeline_model_get_party (layout->model, party)->name;
  gsize length = 0;
  gboolean unique = FALSE;

  if (rt_timeline_width (layout, RT_TEXT_SEGMENT, name) <= room)
    return name;
  while (!unique && name[length] != '\0')
    {
      length += strcspn (name + length, ".");
      unique = TRUE;
      for (guint i = 0; i < layout->model->parties->len; i++)
        {
          const char *other = rt_timeline_model_get_party (layout->model, i)->name;

          unique &= i == party || strncmp (other, name, length) != 0
                    || (other[length] != '.' && other[length] != '\0');
        }
      if (!unique && name[length] == '.')
        length++;
    }
  return rt_timeline_fitting (layout, RT_TEXT_SEGMENT,
                              g_string_chunk_insert_len (layout->strings, name, (gssize)length),
                              room);
}

static void
add_strip (RtTimelineLayout *layout, guint i, double x)
{
  const RtTimelineStrip *strip = &g_array_index (layout->model->strips, RtTimelineStrip, i);
  double width = STRIP_WIDTH * layout->params.text_scale;
  RtStripGeometry geometry = {
    .x = x,
    .width = width,
    .strip = i,
    .label = rt_timeline_fitting (layout, RT_TEXT_CHIP, strip->label, width),
    .owner = short_owner (layout, strip->party, width),
  };

  g_array_append_val (layout->strips, geometry);
}

/* As many state strips as a third of the width holds; with little room none. */
static double
lay_strips (RtTimelineLayout *layout, double end)
{
  double scale = layout->params.text_scale;
  double each = (STRIP_WIDTH + STRIP_GAP) * scale;
  guint n
      = MIN (layout->model->strips->len, (guint)(MAX (0, end - STRIPS_FROM * scale) / 3 / each));

  for (guint i = 0; i < layout->model->strips->len; i++)
    if (is_among_first (layout, i, n))
      add_strip (layout, i, end - (n - layout->strips->len) * each);
  return end - n * each;
}

/* How wide a lane's header may be: up to its neighbours', and to the edges. */
static double
header_room (const RtTimelineLayout *layout, const RtLaneGeometry *lane)
{
  double scale = layout->params.text_scale;

  return MIN (layout->gap - 8 * scale,
              2 * MIN (lane->x - layout->gutter / 2, layout->lanes_end + 8 * scale - lane->x));
}

/* `origin.` over `shop.test`: as much as fits up to a full stop or a space, then the rest. */
static void
split_name (RtTimelineLayout *layout, RtLaneGeometry *lane, double room)
{
  double scale = layout->params.text_scale;
  const char *name = lane->name;
  gsize fits = 0;

  for (gsize i = 0; name[i] != '\0'; i++)
    {
      g_autofree char *start = g_strndup (name, i + 1);

      if ((name[i] == '.' || name[i] == ' ' || name[i] == '-') && name[i + 1] != '\0'
          && rt_timeline_width (layout, RT_TEXT_LANE, start) <= room)
        fits = i + 1;
    }
  if (fits == 0 || rt_timeline_width (layout, RT_TEXT_LANE, name) <= room)
    {
      lane->lines[0] = rt_timeline_fitting (layout, RT_TEXT_LANE, name, room);
      return;
    }
  lane->lines[0] = g_string_chunk_insert_len (layout->strings, name, (gssize)fits);
  lane->lines[1] = rt_timeline_fitting (layout, RT_TEXT_LANE, name + fits, MAX (room, 8 * scale));
}

/* A role in fewer words, where all of it does not fit: `origin` of `origin server`. */
static const char *
short_role (RtTimelineLayout *layout, const char *role, double room)
{
  g_autofree char *first = g_strndup (role, strcspn (role, " "));

  if (rt_timeline_width (layout, RT_TEXT_ROLE, role) <= room)
    return role;
  if (rt_timeline_width (layout, RT_TEXT_ROLE, first) <= room)
    return rt_timeline_layout_string (layout, first);
  return rt_timeline_fitting (layout, RT_TEXT_ROLE, role, room);
}

static gboolean
fits_beside_icon (const RtTimelineLayout *layout, const RtLaneGeometry *lane)
{
  return MAX (rt_timeline_width (layout, RT_TEXT_LANE, lane->name),
              rt_timeline_width (layout, RT_TEXT_ROLE, lane->role))
             + RT_HEADER_ICON_ROOM * layout->params.text_scale
         <= header_room (layout, lane);
}

/* All headers look alike: if one has no room for its icon beside the name, all stack them. */
static void
lay_headers (RtTimelineLayout *layout)
{
  gboolean two = FALSE;

  layout->stacked = layout->params.stacked;
  for (guint i = 0; i < layout->n_lanes; i++)
    layout->stacked
        |= !fits_beside_icon (layout, &g_array_index (layout->lanes, RtLaneGeometry, i));
  for (guint i = 0; i < layout->n_lanes; i++)
    {
      RtLaneGeometry *lane = &g_array_index (layout->lanes, RtLaneGeometry, i);
      double room = header_room (layout, lane);

      split_name (layout, lane, layout->stacked ? room : G_MAXDOUBLE);
      lane->role = short_role (layout, lane->role, room);
      lane->width = MAX (rt_timeline_width (layout, RT_TEXT_LANE, lane->lines[0]),
                         rt_timeline_width (layout, RT_TEXT_ROLE, lane->role));
      two |= lane->lines[1] != NULL;
    }
  layout->header = (!layout->stacked                ? HEADER
                    : two || layout->params.stacked ? HEADER_STACKED + HEADER_LINE
                                                    : HEADER_STACKED)
                   * layout->params.text_scale;
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
  lay_headers (layout);
}
