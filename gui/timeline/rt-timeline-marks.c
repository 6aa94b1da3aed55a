/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Placing what stands around the pills: the numbers of notes, the names of connections and
 * segments, "reused", and what did not happen. What cannot move comes first, what can be left out
 * last. */
#include "rt-timeline-layout-private.h"

#include <string.h>

/* All at text scale 1. */
#define CHIP_HEIGHT 17.0
#define CHIP_PAD 6.0
#define LOCK_ROOM 13.0
#define HEAD 13.0 /* of a message's arrow; a segment's is smaller */
/* A connection's name goes down along its rail for so many lines. */
#define CHIP_ROWS 10
#define NOTICE_MIN 220.0 /* text of a non-event is not wrapped narrower, if there is room */
#define DASHES 0.3       /* of the way to where it would have gone are dashed */

/* Takes the first free one of @places for @ret_box. */
static gboolean
take_first (
    const RtPlacers *placers, gboolean spare_rails, const RtBox *places, guint n, RtBox *ret_box)
{
  for (guint i = 0; i < n; i++)
    if (places[i].y >= 0 && rt_placer_is_free (placers->labels, &places[i])
        && rt_placer_is_free (placers->heads, &places[i])
        && (!spare_rails || rt_placer_is_free (placers->rails, &places[i])))
      {
        rt_placer_take (placers->labels, &places[i]);
        *ret_box = places[i];
        return TRUE;
      }
  return FALSE;
}

/* The number of a note stands on its lane; of several at one moment one below the other. */
static void
place_number (RtTimelineLayout *layout, const RtPlacers *placers, guint i)
{
  const RtTimelineCard *card = &g_array_index (layout->model->cards, RtTimelineCard, i);
  double size = RT_MARK_SIZE * layout->params.text_scale;
  double width = rt_mark_width (card->mark) * layout->params.text_scale;
  RtBox box = { rt_timeline_layout_lane_x (layout, card->party) - width / 2,
                MAX (0, rt_timeline_layout_y (layout, card->time) - size / 2), width, size };

  while (!rt_placer_is_free (placers->labels, &box))
    box.y += size / 2;
  rt_placer_take (placers->labels, &box);
  g_array_append_val (layout->numbers, box);
}

/* Stretches of folded time say how long they are all across the lanes. */
static void
take_idle (RtTimelineLayout *layout, const RtPlacers *placers)
{
  const GArray *idle = rt_timeline_scale_get_idle (layout->scale);
  double half = 12 * layout->params.text_scale;

  for (guint i = 0; i < idle->len; i++)
    {
      const RtTimelineIdle *at = &g_array_index (idle, RtTimelineIdle, i);
      double middle = (at->y0 + at->y1) / 2;

      if (at->y1 - at->y0 > half)
        rt_placer_take (placers->labels, &(RtBox){ layout->gutter, middle - half,
                                                   layout->lanes_end - layout->gutter, 2 * half });
    }
}

/* The marks of look-ups in a party's own store. */
static void
take_look_ups (RtTimelineLayout *layout, const RtPlacers *placers)
{
  double half = 12 * layout->params.text_scale;
  double width = RT_STORE_OFFSET * layout->params.text_scale;

  for (guint i = 0; i < layout->model->decisions->len; i++)
    {
      const RtTimelineDecision *look
          = &g_array_index (layout->model->decisions, RtTimelineDecision, i);

      if (look->own_store)
        rt_placer_take (placers->labels,
                        &(RtBox){ rt_timeline_layout_lane_x (layout, look->party) - width,
                                  rt_timeline_layout_y (layout, look->time) - half, width,
                                  2 * half });
    }
}

static void
take_head (const RtPlacers *placers, double from_x, double x, double y, double size)
{
  rt_placer_take (placers->heads, &(RtBox){ x > from_x ? x - size : x, y - size / 2, size, size });
}

/* Where something arrives. */
static void
take_heads (RtTimelineLayout *layout, const RtPlacers *placers)
{
  double scale = layout->params.text_scale;

  for (guint i = 0; i < layout->messages->len; i++)
    {
      const RtMessageGeometry *message = rt_timeline_layout_get_message (layout, i);

      take_head (placers, message->x0, message->x1, message->received0, HEAD * scale);
    }
  for (guint i = 0; i < layout->model->segments->len; i++)
    {
      const RtTimelineSegment *segment
          = &g_array_index (layout->model->segments, RtTimelineSegment, i);
      const RtTimelineRail *rail
          = &g_array_index (layout->model->rails, RtTimelineRail, segment->rail);
      const RtRailGeometry *geometry
          = &g_array_index (layout->rails, RtRailGeometry, segment->rail);
      gboolean forward = segment->from == rail->from;

      if (segment->received != RT_TIME_UNKNOWN)
        take_head (placers, forward ? geometry->x_from : geometry->x_to,
                   forward ? geometry->x_to : geometry->x_from,
                   rt_timeline_layout_y (layout, segment->received), HEAD / 2 * scale);
    }
}

static void
take_rails (RtTimelineLayout *layout, const RtPlacers *placers)
{
  double half = 4 * layout->params.text_scale;

  for (guint i = 0; i < layout->rails->len; i++)
    {
      const RtRailGeometry *rail = &g_array_index (layout->rails, RtRailGeometry, i);
      RtBox box = { rail->x_from - half, rail->y0, 2 * half, MAX (0, rail->y1 - rail->y0) };

      rt_placer_take (placers->rails, &box);
      box.x = rail->x_to - half;
      rt_placer_take (placers->rails, &box);
    }
}

/* A connection's name beside the top of its rail, outside or inside; where many are opened at once
 * the names go down along it. */
static void
place_chip (RtTimelineLayout *layout, const RtPlacers *placers, guint i)
{
  const RtTimelineRail *rail = &g_array_index (layout->model->rails, RtTimelineRail, i);
  RtRailGeometry *geometry = &g_array_index (layout->rails, RtRailGeometry, i);
  double scale = layout->params.text_scale;
  double width = rt_timeline_width (layout, RT_TEXT_CHIP, geometry->name)
                 + (2 * CHIP_PAD + (rail->secure ? LOCK_ROOM : 0)) * scale;
  double height = CHIP_HEIGHT * scale;
  double away = (RT_LANE_HALF + 3) * scale;
  double lane = rt_timeline_layout_lane_x (layout, rail->from);
  gboolean rightward = geometry->x_to >= geometry->x_from;
  double outside = rightward ? lane - width - away : lane + away;
  double inside = rightward ? geometry->x_from + away : geometry->x_from - away - width;
  double sides[] = { outside, inside };

  for (int row = 0; row < CHIP_ROWS; row++)
    for (guint side = 0; side < G_N_ELEMENTS (sides); side++)
      {
        double y = MAX (2 * scale, geometry->y0 + (row - 0.5) * (height + 3 * scale));
        RtBox place = { sides[side], y, width, height };

        if (place.x >= layout->gutter && place.x + width <= layout->lanes_end
            && y + height <= MAX (geometry->y1, geometry->y0 + 3 * height)
            && take_first (placers, TRUE, &place, 1, &geometry->chip))
          return;
      }
}

/* "reused" outside the sender's lane, where the band begins. */
static void
place_reused (RtTimelineLayout *layout, const RtPlacers *placers, guint i)
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
  if (take_first (placers, FALSE, places, G_N_ELEMENTS (places), &geometry->reused))
    {
      geometry->top = MIN (geometry->top, geometry->reused.y);
      geometry->bottom = MAX (geometry->bottom, geometry->reused.y + height);
    }
}

/* `SYN`, `FIN` beside the thin line of a segment, where there is room. */
static void
place_segment (RtTimelineLayout *layout, const RtPlacers *placers, guint i)
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
  for (guint j = 0; j < 6; j++)
    {
      /* Next to the sender, so that the labels of opposite directions keep apart. */
      double away = width / 2 + 26 * scale + j * 0.1 * layout->gap;
      double x = x0 + (x1 > x0 ? away : -away);
      double y = y0 + (y1 - y0) * (x - x0) / (x1 != x0 ? x1 - x0 : 1);
      RtBox place = { x - width / 2, y - 7 * scale, width, 14 * scale };

      if (x0 != x1 && take_first (placers, j < 3, &place, 1, box))
        return;
    }
}

/* x of where a non-event would have gone: its receiver, or the next lane. */
static double
toward_x (const RtTimelineLayout *layout, const RtTimelineDecision *decision)
{
  double x = rt_timeline_layout_lane_x (layout, decision->party);

  if (decision->to != RT_TIMELINE_NONE)
    return rt_timeline_layout_lane_x (layout, decision->to);
  return x + layout->gap < layout->lanes_end ? x + layout->gap : x - layout->gap;
}

/* How wide the words of a non-event may be: on one line if that fits beside its dashes. */
static double
notice_width (const RtTimelineLayout *layout, const RtTimelineDecision *decision)
{
  double scale = layout->params.text_scale;
  double x, other, dashes, room, wanted;

  /* Beside another timeline the lanes' own widths must not count: both come to one scale, and
   * @decision may be of the other. */
  if (layout->params.beside != NULL)
    return NOTICE_MIN * scale;
  x = rt_timeline_layout_lane_x (layout, decision->party);
  other = toward_x (layout, decision);
  dashes = x + (other - x) * DASHES;
  room = (other >= x ? layout->lanes_end - dashes : dashes - layout->gutter) - 10 * scale;
  wanted = rt_timeline_width (layout, RT_TEXT_META, decision->text) + 16 * scale;
  return wanted <= room ? wanted : MAX (room, NOTICE_MIN * scale);
}

static char **
wrap_notice (const RtTimelineLayout *layout, const RtTimelineDecision *decision)
{
  return rt_measure_wrap (&layout->params.measure, RT_TEXT_META, decision->text,
                          notice_width (layout, decision) / layout->params.text_scale - 16 + 0.01,
                          RT_TIMELINE_NOTICE_LINES);
}

/* Half of what such a notice is high, at text scale 1, with a little air. */
double
rt_timeline_notice_half (const RtTimelineLayout *layout, const RtTimelineDecision *decision)
{
  g_auto (GStrv) lines = wrap_notice (layout, decision);

  return (RT_META_LINE * g_strv_length (lines) + 6) / 2 + 4;
}

/* None of its words is left out while there is room. */
static void
lay_notice (RtTimelineLayout *layout, const RtTimelineDecision *decision, RtDecisionGeometry *ret)
{
  double scale = layout->params.text_scale;
  g_auto (GStrv) lines = wrap_notice (layout, decision);
  double width = 0;
  guint n = 0;

  for (; lines[n] != NULL; n++)
    {
      ret->lines[n] = rt_timeline_layout_string (layout, lines[n]);
      width = MAX (width, rt_timeline_width (layout, RT_TEXT_META, lines[n]));
    }
  ret->box.width = width + 16 * scale;
  ret->box.height = (RT_META_LINE * n + 6) * scale;
}

/* Below what is taken, wherever that is: what did not happen is said. */
static void
place_notice (RtTimelineLayout *layout,
              const RtPlacers *placers,
              const RtTimelineDecision *decision,
              RtDecisionGeometry *geometry,
              gboolean right)
{
  double step = 9 * layout->params.text_scale;
  RtBox box = { .width = 0 };
  double beside, y;

  lay_notice (layout, decision, geometry);
  box = geometry->box;
  beside = right ? geometry->x_to + step * 0.7 : geometry->x_to - box.width - step * 0.7;
  box.x = rt_timeline_keep_inside (layout, beside, box.width);
  y = MAX (0, geometry->y - box.height / 2);
  geometry->box.width = 0;
  for (int j = 0; j < 80; j++)
    {
      /* First to both sides, then ever further down. */
      box.y = j < 8 ? y + (j + 1) / 2 * (j % 2 == 0 ? -2 : 2) * step : y + j * step;
      if (j < 8 ? take_first (placers, FALSE, &box, 1, &geometry->box)
                : rt_placer_is_free (placers->labels, &box))
        {
          if (j >= 8)
            rt_placer_take (placers->labels, &box);
          geometry->box = box;
          return;
        }
    }
}

/* A non-event says what did not happen at the end of its dashed line; a look-up has a mark. */
static void
place_decision (RtTimelineLayout *layout, const RtPlacers *placers, guint i)
{
  const RtTimelineDecision *decision
      = &g_array_index (layout->model->decisions, RtTimelineDecision, i);
  RtDecisionGeometry *geometry = &g_array_index (layout->decisions, RtDecisionGeometry, i);
  double scale = layout->params.text_scale;
  double x = rt_timeline_layout_lane_x (layout, decision->party);
  double other = toward_x (layout, decision);

  geometry->x = x + (other >= x ? RT_LANE_HALF : -RT_LANE_HALF) * scale;
  geometry->x_to = x + (other - x) * DASHES;
  geometry->y = rt_timeline_layout_y (layout, decision->time);
  if (!decision->acted && decision->text != NULL)
    place_notice (layout, placers, decision, geometry, other >= x);
}

static void
take_fixed (RtTimelineLayout *layout, const RtPlacers *placers)
{
  take_idle (layout, placers);
  if (layout->awaited.width > 0)
    rt_placer_take (placers->labels, &layout->awaited);
  take_look_ups (layout, placers);
  for (guint i = 0; i < layout->model->cards->len; i++)
    place_number (layout, placers, i);
  if (layout->level != RT_TIMELINE_FULL)
    return;
  take_heads (layout, placers);
  take_rails (layout, placers);
}

/* Places all labels. */
void
rt_timeline_lay_labels (RtTimelineLayout *layout)
{
  g_autoptr (RtPlacer) labels = rt_placer_new (layout->params.text_scale);
  g_autoptr (RtPlacer) heads = rt_placer_new (layout->params.text_scale);
  g_autoptr (RtPlacer) rails = rt_placer_new (layout->params.text_scale);
  RtPlacers placers = { labels, heads, rails };
  gboolean full = layout->level == RT_TIMELINE_FULL;

  g_array_set_size (layout->decisions, layout->model->decisions->len);
  g_array_set_size (layout->segments, layout->model->segments->len);
  take_fixed (layout, &placers);
  if (full)
    rt_timeline_lay_pills (layout, &placers);
  for (guint i = 0; full && i < layout->rails->len; i++)
    place_chip (layout, &placers, i);
  for (guint i = 0; full && i < layout->segments->len; i++)
    place_segment (layout, &placers, i);
  for (guint i = 0; i < layout->decisions->len; i++)
    place_decision (layout, &placers, i);
  for (guint i = 0; full && i < layout->messages->len; i++)
    place_reused (layout, &placers, i);
}
