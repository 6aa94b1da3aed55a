/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A timeline's layout: the time axis, the bands, and finding them again. */
#include "rt-timeline-layout-private.h"

#include <math.h>
#include <string.h>

/* Room below the last thing. */
#define BOTTOM_MARGIN 44.0
/* How far around a band still counts as hitting it. */
#define HIT_SLACK 10.0
/* The masked pill: one width, whatever is behind it. */
#define AWAITED_WIDTH 64.0
#define AWAITED_HEIGHT 26.0
/* Height a message, below which labels, and below which single messages are no longer drawn. */
#define FULL_FROM 19.0
#define ARROWS_FROM 4.5
/* A band is never thinner; on the true scale, where heights can be measured, only to be seen. */
#define THIN_LEGIBLE 8.0
#define THIN_TRUE 3.0
/* How far what is under way has come, as far as the picture knows. */
#define UNDER_WAY 0.45

const char *
rt_timeline_layout_string (RtTimelineLayout *layout, const char *string)
{
  return g_string_chunk_insert_const (layout->strings, string);
}

/* As much of @text as fits into @room, which is in pixels of the screen. */
const char *
rt_timeline_fitting (RtTimelineLayout *layout, RtTextStyle style, const char *text, double room)
{
  g_autofree char *cut = rt_measure_dup_fitting (&layout->params.measure, style, text,
                                                 room / layout->params.text_scale + 0.01);

  return strcmp (cut, text) == 0 ? text : rt_timeline_layout_string (layout, cut);
}

/* x for something @width wide that would like to stand at @x, between gutter and strips. */
double
rt_timeline_keep_inside (const RtTimelineLayout *layout, double x, double width)
{
  return CLAMP (x, layout->gutter, MAX (layout->gutter, layout->lanes_end - width));
}

static guint
lane_of (const RtTimelineLayout *layout, guint party)
{
  return layout->lane_of[party];
}

/**
 * rt_timeline_layout_lane_x:
 * @party: index of a party
 *
 * Returns: x of the middle of its lane
 */
double
rt_timeline_layout_lane_x (const RtTimelineLayout *layout, guint party)
{
  return g_array_index (layout->lanes, RtLaneGeometry, lane_of (layout, party)).x;
}

/**
 * rt_timeline_layout_y:
 *
 * Returns: where @time stands, from below the header
 */
double
rt_timeline_layout_y (const RtTimelineLayout *layout, RtTime time)
{
  return rt_timeline_scale_y (layout->scale, time);
}

const RtMessageGeometry *
rt_timeline_layout_get_message (const RtTimelineLayout *layout, guint i)
{
  return &g_array_index (layout->messages, RtMessageGeometry, i);
}

/* Points of one model: of the one that is laid out, or of the one beside it, whose times are
 * brought to the same start and whose links are told apart from ours. */
typedef struct
{
  const RtTimelineLayout *layout;
  const RtTimelineModel *model;
  RtTime shift;
  GArray *points;
} Points;

static void
add_point (const Points *to, RtTime time, gint busy, gint thin, guint link, double room)
{
  RtTimelinePoint point = { time + to->shift, busy, thin, link, room, 0 };

  if (time != RT_TIME_UNKNOWN)
    g_array_append_val (to->points, point);
}

/* Beside another timeline lanes count as they are in the model, so that both come to the same. */
static guint
link_lane (const Points *to, guint party)
{
  guint first = to->model == to->layout->model ? 0 : RT_TIMELINE_MAX_LANES;

  return to->layout->params.beside == NULL ? lane_of (to->layout, party)
                                           : first + MIN (party, RT_TIMELINE_MAX_LANES - 1);
}

/* The gap between lanes in which the label would like to stand: next to the sender. */
static guint
label_link (const Points *to, const RtTimelineMessage *message)
{
  guint from = link_lane (to, message->from);

  return link_lane (to, message->to) > from ? from : from == 0 ? 0 : from - 1;
}

/* A telling field on two lines needs more room than one. */
static double
label_room (const RtTimelineLayout *layout, const RtTimelineMessage *message)
{
  double room = layout->gap - 2 * (RT_LANE_HALF + 7) * layout->params.text_scale;

  return message->meta != NULL
                 && (layout->params.beside != NULL
                     || rt_timeline_width (layout, RT_TEXT_META, message->meta) > room)
             ? RT_TIMELINE_LABEL_ROOM + RT_META_LINE
             : RT_TIMELINE_LABEL_ROOM;
}

static void
add_message_points (const Points *to)
{
  for (guint i = 0; i < to->model->messages->len; i++)
    {
      const RtTimelineMessage *message = rt_timeline_model_get_message (to->model, i);
      RtTime last = message->received_last;

      if (last == RT_TIME_UNKNOWN)
        last = message->cut ? MAX (message->sent_last, message->received_first) : to->model->end;
      add_point (to, message->sent_first, 1, 0, label_link (to, message),
                 label_room (to->layout, message));
      add_point (to, message->sent_last, 0, 0, G_MAXUINT, 0);
      add_point (to, message->received_first, 0, 0, G_MAXUINT, 0);
      add_point (to, MAX (last, message->sent_first), -1, 0, G_MAXUINT, 0);
    }
}

static void
add_other_points (const Points *to)
{
  const RtTimelineModel *model = to->model;

  add_point (to, model->start, 0, 0, G_MAXUINT, 0);
  for (guint i = 0; i < model->rails->len; i++)
    {
      add_point (to, g_array_index (model->rails, RtTimelineRail, i).opened, 0, 0, G_MAXUINT, 0);
      add_point (to, g_array_index (model->rails, RtTimelineRail, i).closed, 0, 0, G_MAXUINT, 0);
    }
  for (guint i = 0; i < model->segments->len; i++)
    {
      const RtTimelineSegment *segment = &g_array_index (model->segments, RtTimelineSegment, i);
      gboolean arrives = segment->received != RT_TIME_UNKNOWN;

      add_point (to, segment->sent, 0, arrives ? 1 : 0, G_MAXUINT, 0);
      add_point (to, segment->received, 0, -1, G_MAXUINT, 0);
    }
  for (guint i = 0; i < model->decisions->len; i++)
    {
      const RtTimelineDecision *decision = &g_array_index (model->decisions, RtTimelineDecision, i);

      if (decision->acted || decision->text == NULL)
        {
          add_point (to, decision->time, 0, 0, G_MAXUINT, 0);
          continue;
        }
      add_point (to, decision->time, 0, 0, link_lane (to, decision->party), RT_TIMELINE_LABEL_ROOM);
      g_array_index (to->points, RtTimelinePoint, to->points->len - 1).half
          = rt_timeline_notice_half (to->layout, decision);
    }
  for (guint i = 0; i < model->beats->len; i++)
    {
      const RtTimelineBeat *beat = &g_array_index (model->beats, RtTimelineBeat, i);

      add_point (to, beat->time, 1, 0, G_MAXUINT, 0);
      add_point (to, beat->time + beat->length, -1, 0, G_MAXUINT, 0);
    }
  for (guint i = 0; i < model->changes->len; i++)
    add_point (to, g_array_index (model->changes, RtTimelineChange, i).time, 0, 0, G_MAXUINT, 0);
}

static GArray *
collect_points (const RtTimelineLayout *layout)
{
  const RtTimelineModel *models[] = { layout->model, layout->params.beside };
  GArray *points = g_array_new (FALSE, FALSE, sizeof (RtTimelinePoint));

  for (guint i = 0; i < G_N_ELEMENTS (models) && models[i] != NULL; i++)
    {
      Points to = { layout, models[i], layout->model->start - models[i]->start, points };

      add_message_points (&to);
      add_other_points (&to);
    }
  return points;
}

/* A band's end at @time, or at the end of what is known. */
static double
edge (const RtTimelineLayout *layout, RtTime time)
{
  return rt_timeline_layout_y (layout, time != RT_TIME_UNKNOWN ? time : layout->model->end);
}

static double
message_end_x (const RtTimelineLayout *layout, const RtTimelineMessage *message, gboolean sender)
{
  guint party = sender ? message->from : message->to;
  const RtTimelineRail *rail;
  const RtRailGeometry *geometry;

  if (message->rail == RT_TIMELINE_NONE)
    return rt_timeline_layout_lane_x (layout, party);
  rail = &g_array_index (layout->model->rails, RtTimelineRail, message->rail);
  geometry = &g_array_index (layout->rails, RtRailGeometry, message->rail);
  return party == rail->from ? geometry->x_from : geometry->x_to;
}

static void
lay_message (RtTimelineLayout *layout, guint i)
{
  const RtTimelineMessage *message = rt_timeline_model_get_message (layout->model, i);
  RtMessageGeometry *geometry = &g_array_index (layout->messages, RtMessageGeometry, i);
  double scale = layout->params.text_scale;
  double thin = (layout->params.true_scale ? THIN_TRUE : THIN_LEGIBLE) * scale;
  double x0 = message_end_x (layout, message, TRUE);
  double x1 = message_end_x (layout, message, FALSE);

  if (lane_of (layout, message->from) == lane_of (layout, message->to))
    x1 = x0 + layout->gap / 4;
  geometry->x0 = x0 + (x1 > x0 ? 1 : -1) * (RT_LANE_HALF - 2) * scale;
  geometry->x1 = x1 - (x1 > x0 ? 1 : -1) * (RT_LANE_HALF - 2) * scale;
  geometry->sent0 = rt_timeline_layout_y (layout, message->sent_first);
  geometry->sent1 = MAX (edge (layout, message->sent_last), geometry->sent0 + thin);
  geometry->received0 = MAX (edge (layout, message->received_first), geometry->sent0);
  geometry->received1 = MAX (edge (layout, message->received_last), geometry->received0 + thin);
  if (message->received_first == RT_TIME_UNKNOWN)
    {
      geometry->x1 = geometry->x0 + (geometry->x1 - geometry->x0) * UNDER_WAY;
      geometry->received0 = MAX (geometry->received0, geometry->sent0 + 14 * scale);
      geometry->received1 = geometry->received0 + thin;
    }
  if (message->cut && message->received_last == RT_TIME_UNKNOWN)
    geometry->received1 = geometry->received0 + thin;
  geometry->top = geometry->sent0;
  geometry->bottom = MAX (geometry->sent1, geometry->received1);
}

static void
lay_messages (RtTimelineLayout *layout)
{
  g_array_set_size (layout->messages, layout->model->messages->len);
  for (guint i = 0; i < layout->messages->len; i++)
    lay_message (layout, i);
}

/* The pill that says "?" stands below all that is known. */
static void
lay_awaited (RtTimelineLayout *layout)
{
  const RtTimelineModel *model = layout->model;
  double scale = layout->params.text_scale;
  double x;

  if (!model->awaited)
    return;
  x = (rt_timeline_layout_lane_x (layout, model->awaited_from)
       + rt_timeline_layout_lane_x (layout, model->awaited_to))
      / 2;
  layout->awaited = (RtBox){ x - AWAITED_WIDTH * scale / 2,
                             rt_timeline_scale_get_end (layout->scale) + 30 * scale,
                             AWAITED_WIDTH * scale, AWAITED_HEIGHT * scale };
}

/* Search needs to know how far down anything up to a message reaches; and all of it has to fit. */
static void
measure_height (RtTimelineLayout *layout)
{
  double end
      = MAX (rt_timeline_scale_get_end (layout->scale), layout->awaited.y + layout->awaited.height);
  double max = -G_MAXDOUBLE;

  for (guint i = 0; i < layout->messages->len; i++)
    {
      RtMessageGeometry *geometry = &g_array_index (layout->messages, RtMessageGeometry, i);

      geometry->max_bottom = max = MAX (max, geometry->bottom);
    }
  end = MAX (end, max);
  for (guint i = 0; i < layout->decisions->len; i++)
    {
      const RtBox *box = &g_array_index (layout->decisions, RtDecisionGeometry, i).box;

      end = MAX (end, box->y + box->height);
    }
  for (guint i = 0; i < layout->cards->len; i++)
    {
      const RtBox *box = &g_array_index (layout->cards, RtCardGeometry, i).box;

      end = MAX (end, box->y + box->height);
    }
  layout->height = layout->header + end + BOTTOM_MARGIN * layout->params.text_scale;
}

static RtTimelineLevel
choose_level (const RtTimelineLayout *layout)
{
  double height = rt_timeline_scale_get_end (layout->scale) / layout->params.text_scale;
  double each = height / MAX (1, layout->model->messages->len);

  if (layout->model->beats->len > 0)
    return RT_TIMELINE_HEAT;
  if (layout->model->messages->len < 20)
    return RT_TIMELINE_FULL;
  return each >= FULL_FROM     ? RT_TIMELINE_FULL
         : each >= ARROWS_FROM ? RT_TIMELINE_ARROWS
                               : RT_TIMELINE_HEAT;
}

/* Counts have no cards, and take their room. */
static void
lay_lanes_without_cards (RtTimelineLayout *layout)
{
  g_array_set_size (layout->lanes, 0);
  g_array_set_size (layout->strips, 0);
  g_clear_pointer (&layout->lane_of, g_free);
  layout->card_width = 0;
  layout->params.no_cards = TRUE;
  rt_timeline_lay_lanes (layout);
}

static void
clear_card (gpointer card)
{
  g_strfreev (((RtCardGeometry *)card)->title);
  g_strfreev (((RtCardGeometry *)card)->text);
  g_strfreev (((RtCardGeometry *)card)->reference);
}

/**
 * rt_timeline_layout_new:
 * @model: sealed; outlives the layout
 * @params: copied; what its measure points to outlives the layout
 *
 * Returns: (transfer full): where everything stands
 */
RtTimelineLayout *
rt_timeline_layout_new (const RtTimelineModel *model, const RtTimelineParams *params)
{
  RtTimelineLayout *layout = g_new (RtTimelineLayout, 1);
  g_autoptr (GArray) points = NULL;

  *layout = (RtTimelineLayout){
    .params = *params,
    .model = model,
    .lanes = g_array_new (FALSE, TRUE, sizeof (RtLaneGeometry)),
    .rails = g_array_new (FALSE, TRUE, sizeof (RtRailGeometry)),
    .messages = g_array_new (FALSE, TRUE, sizeof (RtMessageGeometry)),
    .segments = g_array_new (FALSE, TRUE, sizeof (RtBox)),
    .numbers = g_array_new (FALSE, TRUE, sizeof (RtBox)),
    .decisions = g_array_new (FALSE, TRUE, sizeof (RtDecisionGeometry)),
    .strips = g_array_new (FALSE, TRUE, sizeof (RtStripGeometry)),
    .cards = g_array_new (FALSE, TRUE, sizeof (RtCardGeometry)),
    .strings = g_string_chunk_new (4096),
  };
  g_array_set_clear_func (layout->cards, clear_card);
  rt_timeline_lay_lanes (layout);
  points = collect_points (layout);
  layout->scale = rt_timeline_scale_new ((RtTimelinePoint *)points->data, points->len,
                                         params->true_scale, params->zoom, params->text_scale);
  layout->level = choose_level (layout);
  if (layout->level == RT_TIMELINE_HEAT)
    lay_lanes_without_cards (layout);
  rt_timeline_lay_rails (layout);
  lay_messages (layout);
  lay_awaited (layout);
  rt_timeline_lay_labels (layout);
  rt_timeline_lay_cards (layout);
  measure_height (layout);
  return layout;
}

void
rt_timeline_layout_free (RtTimelineLayout *layout)
{
  rt_timeline_scale_free (layout->scale);
  g_array_unref (layout->lanes);
  g_array_unref (layout->rails);
  g_array_unref (layout->messages);
  g_array_unref (layout->segments);
  g_array_unref (layout->numbers);
  g_array_unref (layout->decisions);
  g_array_unref (layout->strips);
  g_array_unref (layout->cards);
  g_free (layout->lane_of);
  g_string_chunk_free (layout->strings);
  g_free (layout);
}

/**
 * rt_timeline_layout_visible:
 * @top: y of the first visible line
 * @bottom: y of the last one
 * @ret_first: (out): index of the first message that may be seen
 * @ret_end: (out): index behind the last one
 */
void
rt_timeline_layout_visible (
    const RtTimelineLayout *layout, double top, double bottom, guint *ret_first, guint *ret_end)
{
  guint low = 0;
  guint high = layout->messages->len;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (rt_timeline_layout_get_message (layout, middle)->max_bottom < top)
        low = middle + 1;
      else
        high = middle;
    }
  *ret_first = low;
  high = layout->messages->len;
  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      /* A label may stand above its band, but never higher than this. */
      if (rt_timeline_layout_get_message (layout, middle)->sent0
          <= bottom + 100 * layout->params.text_scale)
        low = middle + 1;
      else
        high = middle;
    }
  *ret_end = low;
}

static gboolean
box_holds (const RtBox *box, double x, double y)
{
  return box->width > 0 && x >= box->x && x <= box->x + box->width && y >= box->y
         && y <= box->y + box->height;
}

/* How far above or below the band of @geometry the point lies; infinite beside it. */
static double
distance_to_band (const RtMessageGeometry *geometry, double x, double y)
{
  double at = (x - geometry->x0) / (geometry->x1 - geometry->x0);
  double top = geometry->sent0 + (geometry->received0 - geometry->sent0) * at;
  double bottom = geometry->sent1 + (geometry->received1 - geometry->sent1) * at;

  if (at < 0 || at > 1)
    return INFINITY;
  return y < top ? top - y : y > bottom ? y - bottom : 0;
}

/**
 * rt_timeline_layout_hit:
 * @x: of a point
 * @y: from below the header
 *
 * Returns: index of the message whose label or else whose band is there, or %RT_TIMELINE_NONE
 */
guint
rt_timeline_layout_hit (const RtTimelineLayout *layout, double x, double y)
{
  double nearest = HIT_SLACK * layout->params.text_scale;
  guint hit = RT_TIMELINE_NONE;
  guint first, end;

  rt_timeline_layout_visible (layout, y - nearest, y + nearest, &first, &end);
  for (guint i = first; i < end; i++)
    {
      const RtMessageGeometry *geometry = rt_timeline_layout_get_message (layout, i);
      double distance;

      if (box_holds (&geometry->pill, x, y) || box_holds (&geometry->meta_box, x, y))
        return i;
      distance = distance_to_band (geometry, x, y);
      if (distance < nearest)
        {
          nearest = distance;
          hit = i;
        }
    }
  return hit;
}

/**
 * rt_timeline_layout_hit_lane:
 * @x: of a point
 *
 * Returns: index of the lane whose header is there, or %RT_TIMELINE_NONE
 */
guint
rt_timeline_layout_hit_lane (const RtTimelineLayout *layout, double x)
{
  for (guint i = 0; i < layout->n_lanes; i++)
    if (fabs (g_array_index (layout->lanes, RtLaneGeometry, i).x - x) < layout->gap / 2)
      return i;
  return RT_TIMELINE_NONE;
}

/**
 * rt_timeline_layout_hit_number:
 *
 * Returns: index of the card whose number on its lane is at the point, or %RT_TIMELINE_NONE
 */
guint
rt_timeline_layout_hit_number (const RtTimelineLayout *layout, double x, double y)
{
  for (guint i = 0; i < layout->numbers->len; i++)
    if (box_holds (&g_array_index (layout->numbers, RtBox, i), x, y))
      return i;
  return RT_TIMELINE_NONE;
}

/**
 * rt_timeline_layout_hit_card:
 *
 * Returns: index of the card that is at the point, or %RT_TIMELINE_NONE
 */
guint
rt_timeline_layout_hit_card (const RtTimelineLayout *layout, double x, double y)
{
  for (guint i = 0; i < layout->cards->len; i++)
    if (box_holds (&g_array_index (layout->cards, RtCardGeometry, i).box, x, y))
      return i;
  return RT_TIMELINE_NONE;
}
