/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Placing labels so that no two overlap. Each has a list of places it would like, best first; the
 * first free one is taken. A pill that finds none gives up its telling field, then its text, and
 * only then itself; the reason phrase goes before anything else when lanes are narrow. */
#include "rt-timeline-layout-private.h"

#include <math.h>
#include <string.h>

/* All at text scale 1. */
#define BUCKET 64.0
#define PILL_HEIGHT 24.0
#define PILL_PAD 9.0
#define PILL_GAP 6.0
#define BADGE_ROOM 22.0
#define META_HEIGHT 16.0
#define CHIP_HEIGHT 17.0
#define CHIP_PAD 6.0
#define LOCK_ROOM 13.0
#define CLEARANCE 2.0
#define TARGET_MIN 34.0 /* less of a target than this is none */

/* What is taken, by y. */
typedef struct
{
  GPtrArray *buckets; /* GArray of RtBox, or NULL */
  double bucket, clearance;
} Placer;

static void
free_bucket (gpointer bucket)
{
  if (bucket != NULL)
    g_array_unref (bucket);
}

static guint
bucket_of (const Placer *placer, double y)
{
  return (guint)MAX (0, y / placer->bucket);
}

static gboolean
overlap (const RtBox *a, const RtBox *b, double clearance)
{
  return a->x < b->x + b->width + clearance && b->x < a->x + a->width + clearance
         && a->y < b->y + b->height + clearance && b->y < a->y + a->height + clearance;
}

static gboolean
is_free (const Placer *placer, const RtBox *box)
{
  guint last = bucket_of (placer, box->y + box->height + placer->clearance);

  for (guint i = bucket_of (placer, box->y - placer->clearance);
       i <= last && i < placer->buckets->len; i++)
    {
      const GArray *bucket = placer->buckets->pdata[i];

      for (guint j = 0; bucket != NULL && j < bucket->len; j++)
        if (overlap (box, &g_array_index (bucket, RtBox, j), placer->clearance))
          return FALSE;
    }
  return TRUE;
}

static void
take (Placer *placer, const RtBox *box)
{
  guint last = bucket_of (placer, box->y + box->height);

  if (last >= placer->buckets->len)
    g_ptr_array_set_size (placer->buckets, (gint)last + 1);
  for (guint i = bucket_of (placer, box->y); i <= last; i++)
    {
      if (placer->buckets->pdata[i] == NULL)
        placer->buckets->pdata[i] = g_array_new (FALSE, FALSE, sizeof (RtBox));
      g_array_append_val (placer->buckets->pdata[i], *box);
    }
}

/* Takes the first free one of @places for @ret_box. */
static gboolean
take_first (Placer *placer, const RtBox *places, guint n, RtBox *ret_box)
{
  for (guint i = 0; i < n; i++)
    if (is_free (placer, &places[i]))
      {
        take (placer, &places[i]);
        *ret_box = places[i];
        return TRUE;
      }
  return FALSE;
}

/* The number of a note stands on its lane; of several at one moment one below the other. */
static void
place_number (RtTimelineLayout *layout, Placer *placer, guint i)
{
  const RtTimelineCard *card = &g_array_index (layout->model->cards, RtTimelineCard, i);
  double size = 17 * layout->params.text_scale;
  RtBox box = { rt_timeline_layout_lane_x (layout, card->party) - size / 2,
                MAX (0, rt_timeline_layout_y (layout, card->time) - size / 2), size, size };

  for (guint tries = 0; tries < 6 && !is_free (placer, &box); tries++)
    box.y += size + placer->clearance;
  take (placer, &box);
  g_array_append_val (layout->numbers, box);
}

/* What stands where it stands: the notes on folded time, the masked pill, the
 * numbers of notes, the marks of look-ups. */
static void
take_fixed (RtTimelineLayout *layout, Placer *placer)
{
  const GArray *idle = rt_timeline_scale_get_idle (layout->scale);
  double half = 12 * layout->params.text_scale;

  for (guint i = 0; i < idle->len; i++)
    {
      const RtTimelineIdle *at = &g_array_index (idle, RtTimelineIdle, i);
      double middle = (at->y0 + at->y1) / 2;

      if (at->y1 - at->y0 > half)
        take (placer, &(RtBox){ layout->gutter, middle - half, layout->lanes_end - layout->gutter,
                                2 * half });
    }
  if (layout->awaited.width > 0)
    take (placer, &layout->awaited);
  for (guint i = 0; i < layout->model->cards->len; i++)
    place_number (layout, placer, i);
  for (guint i = 0; i < layout->model->decisions->len; i++)
    {
      const RtTimelineDecision *look
          = &g_array_index (layout->model->decisions, RtTimelineDecision, i);
      double width = RT_STORE_OFFSET * layout->params.text_scale;

      if (look->own_store)
        take (placer,
              &(RtBox){ rt_timeline_layout_lane_x (layout, look->party) - width,
                        rt_timeline_layout_y (layout, look->time) - half, width, 2 * half });
    }
}

/* A connection's name beside the top of its rail, inside or outside. */
static void
place_chip (RtTimelineLayout *layout, Placer *placer, guint i)
{
  const RtTimelineRail *rail = &g_array_index (layout->model->rails, RtTimelineRail, i);
  RtRailGeometry *geometry = &g_array_index (layout->rails, RtRailGeometry, i);
  double scale = layout->params.text_scale;
  double width = rt_timeline_width (layout, RT_TEXT_CHIP, geometry->name)
                 + (2 * CHIP_PAD + (rail->secure ? LOCK_ROOM : 0)) * scale;
  double height = CHIP_HEIGHT * scale;
  double right = geometry->x_from + (RT_LANE_HALF + 3) * scale;
  double left = rt_timeline_layout_lane_x (layout, rail->from) - width - (RT_LANE_HALF + 3) * scale;
  double y = geometry->y0 - height / 2;
  gboolean rightward = geometry->x_to >= geometry->x_from;
  RtBox places[] = {
    { rightward ? left : right, y, width, height },
    { rightward ? right : left, y, width, height },
    { rightward ? left : right, y + height, width, height },
    { rightward ? left : right, MAX (2, y - height), width, height },
    { rightward ? right : left, MAX (2, y - height), width, height },
  };

  for (guint j = 0; j < G_N_ELEMENTS (places); j++)
    if (places[j].x < layout->gutter || places[j].x + width > layout->lanes_end)
      places[j].y = -1e6; /* no place */
  for (guint j = 0; j < G_N_ELEMENTS (places); j++)
    if (places[j].y > -1e5 && take_first (placer, &places[j], 1, &geometry->chip))
      return;
}

/* The label in the making: what it says and how wide that is. */
typedef struct
{
  const char *text, *meta;
  double width, height, meta_width, meta_height;
} Label;

static double
room_for_pill (const RtTimelineLayout *layout)
{
  double scale = layout->params.text_scale;

  return layout->gap - 2 * (RT_LANE_HALF + 3) * scale;
}

static const char *
fitting (RtTimelineLayout *layout, RtTextStyle style, const char *text, double room)
{
  double scale = layout->params.text_scale;
  g_autofree char *cut
      = rt_measure_dup_fitting (&layout->params.measure, style, text, room / scale + 0.01);

  return strcmp (cut, text) == 0 ? text : rt_timeline_layout_string (layout, cut);
}

/* The code stays whole; a target is cut to the room, a reason phrase shown whole or not at all. */
static Label
make_label (RtTimelineLayout *layout, const RtTimelineMessage *message, gboolean with_text)
{
  double scale = layout->params.text_scale;
  double code = rt_timeline_width (layout, RT_TEXT_CODE, message->code);
  double badge = message->badge != RT_TIMELINE_NO_BADGE ? BADGE_ROOM * scale : 0;
  double fixed = code + 2 * PILL_PAD * scale + badge;
  double room = room_for_pill (layout) - fixed - PILL_GAP * scale;
  Label label = { .width = fixed, .height = PILL_HEIGHT * scale };

  if (with_text && *message->text != '\0')
    {
      double wanted = rt_timeline_width (layout, RT_TEXT_TARGET, message->text);

      if (wanted <= room)
        label.text = message->text;
      else if (message->request && room >= TARGET_MIN * scale)
        label.text = fitting (layout, RT_TEXT_TARGET, message->text, room);
    }
  if (label.text != NULL)
    label.width += PILL_GAP * scale + rt_timeline_width (layout, RT_TEXT_TARGET, label.text);
  if (message->meta != NULL)
    {
      /* The telling field may reach over a lane or two, but not over the edges. */
      double most = MIN (MAX (layout->gap * 1.4, 220 * scale), layout->lanes_end - layout->gutter);

      label.meta = fitting (layout, RT_TEXT_META, message->meta, most);
      label.meta_width = rt_timeline_width (layout, RT_TEXT_META, label.meta) + 8 * scale;
      label.meta_height = META_HEIGHT * scale;
    }
  return label;
}

static double
keep_inside (const RtTimelineLayout *layout, double x, double width)
{
  return CLAMP (x, layout->gutter, MAX (layout->gutter, layout->lanes_end - width));
}

/* Whether @label is free with its middle at @x, @y; if so it is taken. */
static gboolean
try_label (RtTimelineLayout *layout,
           Placer *placer,
           RtMessageGeometry *geometry,
           const Label *label,
           double x,
           double y)
{
  RtBox pill = { keep_inside (layout, x - label->width / 2, label->width), y - label->height / 2,
                 label->width, label->height };
  RtBox meta
      = { keep_inside (layout, pill.x + (label->width - label->meta_width) / 2, label->meta_width),
          pill.y + label->height, label->meta_width, label->meta_height };

  if (pill.y < 0 || !is_free (placer, &pill) || (label->meta != NULL && !is_free (placer, &meta)))
    return FALSE;
  take (placer, &pill);
  geometry->pill = pill;
  geometry->text = label->text;
  geometry->top = MIN (geometry->top, pill.y - 4);
  geometry->bottom = MAX (geometry->bottom, pill.y + pill.height + 4);
  if (label->meta == NULL)
    return TRUE;
  take (placer, &meta);
  geometry->meta_box = meta;
  geometry->meta = label->meta;
  geometry->bottom = MAX (geometry->bottom, meta.y + meta.height);
  return TRUE;
}

/* Tries all places along the band: in the gap next to the sender first, then in the next ones; in
 * its middle first, then to the sides, then above and below. */
static gboolean
place_label (RtTimelineLayout *layout,
             Placer *placer,
             RtMessageGeometry *geometry,
             const Label *label,
             guint span)
{
  static const double along[] = { 0, -0.14, 0.14, -0.26, 0.26 };
  static const double beside[] = { 0, 12, -12, 24, -24, 38, -38, 54, -54, 70, -70 };
  double slack = MAX (0, room_for_pill (layout) - label->width) / 2;

  for (guint b = 0; b < G_N_ELEMENTS (beside); b++)
    for (guint in = 0; in < MIN (span, 4); in++)
      for (guint a = 0; a < G_N_ELEMENTS (along); a++)
        {
          double middle = (in + 0.5) / span;
          double shift = CLAMP (along[a] * layout->gap, -slack, slack);
          double length = fabs (geometry->x1 - geometry->x0);
          double at = CLAMP (middle + (length > 0 ? shift / length : 0), 0, 1);
          double x = geometry->x0 + (geometry->x1 - geometry->x0) * at;
          double y0 = geometry->sent0 + (geometry->received0 - geometry->sent0) * at;
          double y1 = geometry->sent1 + (geometry->received1 - geometry->sent1) * at;

          if (try_label (layout, placer, geometry, label, x,
                         (y0 + MIN (y1, y0 + 40 * layout->params.text_scale)) / 2
                             + beside[b] * layout->params.text_scale))
            return TRUE;
        }
  return FALSE;
}

static void
place_message (RtTimelineLayout *layout, Placer *placer, guint i)
{
  const RtTimelineMessage *message = rt_timeline_model_get_message (layout->model, i);
  RtMessageGeometry *geometry = &g_array_index (layout->messages, RtMessageGeometry, i);
  guint from = layout->lane_of[message->from];
  guint to = layout->lane_of[message->to];
  guint span = MAX (1, from > to ? from - to : to - from);
  Label label = make_label (layout, message, TRUE);

  if (message->received_first == RT_TIME_UNKNOWN)
    span = 1;
  if (place_label (layout, placer, geometry, &label, span))
    return;
  label.meta = NULL;
  if (place_label (layout, placer, geometry, &label, span))
    return;
  label = make_label (layout, message, FALSE);
  label.meta = NULL;
  place_label (layout, placer, geometry, &label, span);
}

/* "reused" outside the sender's lane, where the band begins. */
static void
place_reused (RtTimelineLayout *layout, Placer *placer, guint i)
{
  const RtTimelineMessage *message = rt_timeline_model_get_message (layout->model, i);
  RtMessageGeometry *geometry = &g_array_index (layout->messages, RtMessageGeometry, i);
  double scale = layout->params.text_scale;
  double width = rt_timeline_width (layout, RT_TEXT_CHIP, "reused") + 2 * CHIP_PAD * scale;
  double height = CHIP_HEIGHT * scale;
  double lane = rt_timeline_layout_lane_x (layout, message->from);
  double x = geometry->x1 > geometry->x0 ? lane - width - (RT_LANE_HALF + 3) * scale
                                         : lane + (RT_LANE_HALF + 3) * scale;
  RtBox places[] = {
    { x, geometry->sent0 - height / 2, width, height },
    { x, geometry->sent0 + height / 2, width, height },
    { x, geometry->sent0 - height * 1.5, width, height },
  };

  if (!message->reused || x < layout->gutter || x + width > layout->lanes_end)
    return;
  if (take_first (placer, places, G_N_ELEMENTS (places), &geometry->reused))
    {
      geometry->top = MIN (geometry->top, geometry->reused.y);
      geometry->bottom = MAX (geometry->bottom, geometry->reused.y + height);
    }
}

/* `SYN`, `FIN` beside the thin line of a segment, where there is room. */
static void
place_segment (RtTimelineLayout *layout, Placer *placer, guint i)
{
  const RtTimelineSegment *segment = &g_array_index (layout->model->segments, RtTimelineSegment, i);
  RtBox *box = &g_array_index (layout->segments, RtBox, i);
  double scale = layout->params.text_scale;
  double y0 = rt_timeline_layout_y (layout, segment->sent);
  double x0 = rt_timeline_layout_lane_x (layout, segment->from);
  double x1 = rt_timeline_layout_lane_x (layout, segment->to);
  double y1;
  double width;

  if (segment->name == NULL || segment->received == RT_TIME_UNKNOWN)
    return;
  y1 = rt_timeline_layout_y (layout, segment->received);
  width = rt_timeline_width (layout, RT_TEXT_SEGMENT, segment->name) + 6 * scale;
  for (guint j = 0; j < 4; j++)
    {
      /* Next to the sender, so that the labels of opposite directions keep apart. */
      double away = width / 2 + 26 * scale + j * 0.1 * layout->gap;
      double x = x0 + (x1 > x0 ? away : -away);
      double y = y0 + (y1 - y0) * (x - x0) / (x1 != x0 ? x1 - x0 : 1);
      RtBox place = { x - width / 2, y - 7 * scale, width, 14 * scale };

      if (x0 != x1 && take_first (placer, &place, 1, box))
        return;
    }
}

/* A non-event says what did not happen at the end of its dashed line; a look-up beside its mark. */
static void
place_decision (RtTimelineLayout *layout, Placer *placer, guint i)
{
  const RtTimelineDecision *decision
      = &g_array_index (layout->model->decisions, RtTimelineDecision, i);
  RtDecisionGeometry *geometry = &g_array_index (layout->decisions, RtDecisionGeometry, i);
  double scale = layout->params.text_scale;
  double height = META_HEIGHT * scale + 6 * scale;
  double x = rt_timeline_layout_lane_x (layout, decision->party);
  double other = decision->to != RT_TIMELINE_NONE ? rt_timeline_layout_lane_x (layout, decision->to)
                 : x + layout->gap < layout->lanes_end ? x + layout->gap
                                                       : x - layout->gap;
  gboolean right = other >= x;
  double width;

  geometry->x = x + (right ? RT_LANE_HALF : -RT_LANE_HALF) * scale;
  geometry->x_to = x + (other - x) * 0.3;
  geometry->y = rt_timeline_layout_y (layout, decision->time);
  if (decision->acted || decision->text == NULL)
    return;
  geometry->text = fitting (
      layout, RT_TEXT_META, decision->text,
      MIN (MAX (layout->gap * 1.3, 260 * scale), layout->lanes_end - layout->gutter - 16 * scale));
  width = rt_timeline_width (layout, RT_TEXT_META, geometry->text) + 16 * scale;
  for (int j = 0; j < 8; j++)
    {
      double y = geometry->y - height / 2 + (j + 1) / 2 * (j % 2 == 0 ? -18 : 18) * scale;
      double at = right ? geometry->x_to + 6 * scale : geometry->x_to - width - 6 * scale;
      RtBox place = { keep_inside (layout, at, width), y, width, height };

      if (y >= 0 && take_first (placer, &place, 1, &geometry->box))
        return;
    }
}

/* Places all labels: what cannot move first, what can be left out last. */
void
rt_timeline_lay_labels (RtTimelineLayout *layout)
{
  Placer placer = { g_ptr_array_new_with_free_func (free_bucket),
                    BUCKET * layout->params.text_scale, CLEARANCE * layout->params.text_scale };

  take_fixed (layout, &placer);
  for (guint i = 0; layout->level == RT_TIMELINE_FULL && i < layout->messages->len; i++)
    place_message (layout, &placer, i);
  g_array_set_size (layout->decisions, layout->model->decisions->len);
  for (guint i = 0; i < layout->decisions->len; i++)
    place_decision (layout, &placer, i);
  for (guint i = 0; layout->level == RT_TIMELINE_FULL && i < layout->rails->len; i++)
    place_chip (layout, &placer, i);
  g_array_set_size (layout->segments, layout->model->segments->len);
  for (guint i = 0; layout->level == RT_TIMELINE_FULL && i < layout->segments->len; i++)
    place_segment (layout, &placer, i);
  for (guint i = 0; layout->level == RT_TIMELINE_FULL && i < layout->messages->len; i++)
    place_reused (layout, &placer, i);
  g_ptr_array_unref (placer.buckets);
}
