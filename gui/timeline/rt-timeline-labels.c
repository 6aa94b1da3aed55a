/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Placing the messages' pills so that no two overlap. Each has a list of places it would like, best
 * first, and the first free one is taken. A response that finds none gives up its reason phrase
 * first, a request its telling field; the code itself is given a place further down before it is
 * given up. While there is room for it, no arrow's head is covered. */
#include "rt-timeline-layout-private.h"

#include <math.h>
#include <string.h>

/* All at text scale 1. */
#define PILL_HEIGHT 24.0
#define PILL_PAD 9.0
#define PILL_GAP 6.0
#define BADGE_ROOM 22.0
#define ACROSS 120.0      /* a label across a lane is at most so wide */
#define BELOW_MIN 40.0    /* what stands below a pill is never made narrower */
#define TARGET_BELOW 76.0 /* … and a target never than this: the end of its path is to be read */
/* Where nothing is free near the band the pill goes down in such steps, at most so many. */
#define FAR_STEP 13.0
#define FAR_STEPS 60

/* The label in the making: what it says and how wide that is. */
typedef struct
{
  double room; /* for it */
  const char *text;
  const char *meta[RT_TIMELINE_META_LINES];
  guint n_meta;
  double width, height, meta_width;
} Label;

/* What of a message its label shows. */
typedef struct
{
  gboolean text, meta;
} Shown;

/* Between two lanes; a band that crosses several may have its label across the line of one. */
static double
room_for_pill (const RtTimelineLayout *layout, guint span)
{
  double scale = layout->params.text_scale;
  double room = layout->gap - 2 * (RT_LANE_HALF + 3) * scale;

  return span > 1 ? MAX (room, MIN (2 * room, ACROSS * scale)) : room;
}

static gboolean
fits (const RtTimelineLayout *layout, RtTextStyle style, const char *text, double room)
{
  return rt_timeline_width (layout, style, text) <= room;
}

/* `…` before as many of the last parts of a path as fit: `…/account/login`. NULL: not even one. */
static const char *
fit_last_parts (RtTimelineLayout *layout, RtTextStyle style, const char *target, double room)
{
  g_autofree char *path = g_strndup (target, strcspn (target, "?#"));

  for (const char *at = strchr (path, '/'); at != NULL && at[1] != '\0'; at = strchr (at + 1, '/'))
    {
      g_autofree char *parts = g_strconcat ("…", at, NULL);

      if (at > path && fits (layout, style, parts, room))
        return rt_timeline_layout_string (layout, parts);
    }
  return NULL;
}

/* A target in less room: its query is cut first, then its host goes, then the beginning of its
 * path. NULL: not even the last part of the path fits. */
static const char *
fit_target (RtTimelineLayout *layout, RtTextStyle style, const char *target, double room)
{
  const char *authority = strstr (target, "://");
  const char *path = authority != NULL ? strchr (authority + 3, '/') : NULL;
  g_autofree char *bare = g_strdup_printf ("%.*s…", (int)strcspn (target, "?#"), target);
  g_autofree char *local = NULL;

  if (fits (layout, style, target, room))
    return target;
  if (target[strcspn (target, "?#")] != '\0' && fits (layout, style, bare, room))
    return rt_timeline_fitting (layout, style, target, room);
  if (path != NULL)
    {
      local = g_strconcat ("…", path, NULL);
      return fit_target (layout, style, rt_timeline_layout_string (layout, local), room);
    }
  return fit_last_parts (layout, style, target, room);
}

/* The end of a target, where no part of it fits. */
static const char *
fit_end (RtTimelineLayout *layout, RtTextStyle style, const char *target, double room)
{
  g_autofree char *path = g_strndup (target, strcspn (target, "?#"));

  for (const char *at = path; *at != '\0'; at = g_utf8_next_char (at))
    {
      g_autofree char *end = g_strconcat ("…", at, NULL);

      if (fits (layout, style, end, room))
        return rt_timeline_layout_string (layout, end);
    }
  return "…";
}

/* How wide the lines under the pill may be: as wide as it may be, or as it is. Between two lanes
 * that is their gap, unless that would leave less than @least. */
static double
room_below (const RtTimelineLayout *layout, const Label *label, double least)
{
  double scale = layout->params.text_scale;

  return MAX (MAX (label->width, label->room), least * scale) - 8 * scale;
}

static void
add_line (RtTimelineLayout *layout, Label *label, const char *line)
{
  label->meta[label->n_meta++] = line;
  label->meta_width = MAX (label->meta_width, rt_timeline_width (layout, RT_TEXT_META, line)
                                                  + 8 * layout->params.text_scale);
}

/* A reason phrase is shown whole or not at all. A target that does not fit beside its method stands
 * below it. */
static void
add_text (RtTimelineLayout *layout, const RtTimelineMessage *message, Label *label)
{
  double scale = layout->params.text_scale;
  double room = label->room - label->width - PILL_GAP * scale;

  if (*message->text == '\0')
    return;
  if (rt_timeline_width (layout, RT_TEXT_TARGET, message->text) <= room)
    label->text = message->text;
  else if (message->request)
    {
      const char *below;

      label->text = fit_target (layout, RT_TEXT_TARGET, message->text, room);
      if (label->text == NULL)
        {
          room = room_below (layout, label, TARGET_BELOW);
          below = fit_target (layout, RT_TEXT_META, message->text, room);
          add_line (layout, label,
                    below != NULL ? below : fit_end (layout, RT_TEXT_META, message->text, room));
        }
    }
  if (label->text != NULL)
    label->width += PILL_GAP * scale + rt_timeline_width (layout, RT_TEXT_TARGET, label->text);
}

/* The telling field, on two lines where one is too short. */
static void
add_meta (RtTimelineLayout *layout, const RtTimelineMessage *message, Label *label)
{
  g_auto (GStrv) lines = NULL;

  if (message->meta == NULL)
    return;
  lines = rt_measure_wrap (&layout->params.measure, RT_TEXT_META, message->meta,
                           room_below (layout, label, BELOW_MIN) / layout->params.text_scale + 0.01,
                           RT_TIMELINE_META_LINES - label->n_meta);
  for (guint i = 0; lines[i] != NULL; i++)
    add_line (layout, label, rt_timeline_layout_string (layout, lines[i]));
}

static Label
make_label (RtTimelineLayout *layout, const RtTimelineMessage *message, Shown shown, guint span)
{
  double scale = layout->params.text_scale;
  double badge = message->badge != RT_TIMELINE_NO_BADGE ? BADGE_ROOM * scale : 0;
  Label label = {
    .room = room_for_pill (layout, span),
    .width = rt_timeline_width (layout, RT_TEXT_CODE, message->code) + 2 * PILL_PAD * scale + badge,
    .height = PILL_HEIGHT * scale,
  };

  if (shown.text)
    add_text (layout, message, &label);
  if (shown.meta)
    add_meta (layout, message, &label);
  return label;
}

/* The two lanes that @x lies between; at the outside, the columns' edge. */
static void
find_gap (const RtTimelineLayout *layout, double x, double *ret_left, double *ret_right)
{
  double half = (RT_LANE_HALF + 3) * layout->params.text_scale;

  *ret_left = layout->gutter;
  *ret_right = layout->lanes_end;
  for (guint i = 0; i < layout->n_lanes; i++)
    {
      double lane = g_array_index (layout->lanes, RtLaneGeometry, i).x;

      if (lane <= x)
        *ret_left = MAX (*ret_left, lane + half);
      else
        {
          *ret_right = MIN (*ret_right, lane - half);
          return;
        }
    }
}

/* What is wider than the gap is held by the columns' edges alone. */
static double
keep_in_gap (const RtTimelineLayout *layout, double middle, double width)
{
  double left, right;

  find_gap (layout, middle, &left, &right);
  if (right - left < width)
    return rt_timeline_keep_inside (layout, middle - width / 2, width);
  return CLAMP (middle - width / 2, left, right - width);
}

/* Where @label stands with its middle at @x, @y. */
static void
boxes_at (const RtTimelineLayout *layout,
          const Label *label,
          double x,
          double y,
          RtBox *ret_pill,
          RtBox *ret_meta)
{
  double line = RT_META_LINE * layout->params.text_scale;

  *ret_pill = (RtBox){ rt_timeline_keep_inside (layout, x - label->width / 2, label->width),
                       y - label->height / 2, label->width, label->height };
  *ret_meta = (RtBox){ keep_in_gap (layout, ret_pill->x + label->width / 2, label->meta_width),
                       ret_pill->y + label->height, label->meta_width, line * label->n_meta };
}

static gboolean
both_free (const RtPlacer *placer, const Label *label, const RtBox *pill, const RtBox *meta)
{
  return rt_placer_is_free (placer, pill)
         && (label->n_meta == 0 || rt_placer_is_free (placer, meta));
}

/* Whether @label is free with its middle at @x, @y; if so it is taken. */
static gboolean
try_label (RtTimelineLayout *layout,
           const RtPlacers *placers,
           RtMessageGeometry *geometry,
           const Label *label,
           gboolean spare_heads,
           double x,
           double y)
{
  RtBox pill, meta;

  boxes_at (layout, label, x, y, &pill, &meta);
  if (pill.y < 0 || !both_free (placers->labels, label, &pill, &meta)
      || (spare_heads
          && (!both_free (placers->heads, label, &pill, &meta)
              || (label->room > layout->gap && !both_free (placers->rails, label, &pill, &meta)))))
    return FALSE;
  rt_placer_take (placers->labels, &pill);
  geometry->pill = pill;
  geometry->text = label->text;
  geometry->top = MIN (geometry->top, pill.y - 4);
  geometry->bottom = MAX (geometry->bottom, pill.y + pill.height + 4);
  if (label->n_meta == 0)
    return TRUE;
  rt_placer_take (placers->labels, &meta);
  geometry->meta_box = meta;
  memcpy (geometry->meta, label->meta, sizeof label->meta);
  geometry->bottom = MAX (geometry->bottom, meta.y + meta.height);
  return TRUE;
}

/* Where on the band a label is tried: the @in-th of @span gaps, @along of a gap from its middle. */
static double
point_on_band (const RtTimelineLayout *layout,
               const RtMessageGeometry *geometry,
               double at,
               double *ret_y)
{
  double y0 = geometry->sent0 + (geometry->received0 - geometry->sent0) * at;
  double y1 = geometry->sent1 + (geometry->received1 - geometry->sent1) * at;

  *ret_y = (y0 + MIN (y1, y0 + 40 * layout->params.text_scale)) / 2;
  return geometry->x0 + (geometry->x1 - geometry->x0) * at;
}

/* Tries all places along the band: in the gap next to the sender first, then in the next ones; in
 * its middle first, then to the sides, then above and below. */
static gboolean
place_label (RtTimelineLayout *layout,
             const RtPlacers *placers,
             RtMessageGeometry *geometry,
             const Label *label,
             gboolean spare_heads,
             guint span)
{
  static const double along[] = { 0, -0.14, 0.14, -0.26, 0.26 };
  static const double beside[] = { 0, 12, -12, 24, -24, 38, -38, 54, -54, 70, -70 };
  double slack = MAX (0, label->room - label->width) / 2;
  double length = fabs (geometry->x1 - geometry->x0);

  for (guint b = 0; b < G_N_ELEMENTS (beside); b++)
    for (guint in = 0; in < MIN (span, 4); in++)
      for (guint a = 0; a < G_N_ELEMENTS (along); a++)
        {
          double shift = CLAMP (along[a] * layout->gap, -slack, slack);
          double at = CLAMP ((in + 0.5) / span + (length > 0 ? shift / length : 0), 0, 1);
          double y;
          double x = point_on_band (layout, geometry, at, &y);

          if (try_label (layout, placers, geometry, label, spare_heads, x,
                         y + beside[b] * layout->params.text_scale))
            return TRUE;
        }
  return FALSE;
}

/* The code alone, ever further down: a message without a label cannot be told from others. */
static void
place_far (RtTimelineLayout *layout,
           const RtPlacers *placers,
           RtMessageGeometry *geometry,
           const Label *label,
           guint span)
{
  for (guint step = 0; step < FAR_STEPS; step++)
    for (guint in = 0; in < MIN (span, 4); in++)
      {
        double y;
        double x = point_on_band (layout, geometry, (in + 0.5) / span, &y);

        if (try_label (layout, placers, geometry, label, FALSE, x,
                       y + (70 + step * FAR_STEP) * layout->params.text_scale))
          {
            geometry->far = TRUE;
            return;
          }
      }
}

/* What is given up first. Arrow heads go before a telling field does. */
typedef struct
{
  gboolean text, meta, spare_heads;
} Attempt;

static const Attempt for_requests[] = {
  { TRUE, TRUE, TRUE },   { TRUE, TRUE, FALSE },  { TRUE, FALSE, TRUE },   { TRUE, FALSE, FALSE },
  { FALSE, TRUE, FALSE }, { FALSE, FALSE, TRUE }, { FALSE, FALSE, FALSE },
};
static const Attempt for_responses[] = {
  { TRUE, TRUE, TRUE },   { FALSE, TRUE, TRUE },  { FALSE, TRUE, FALSE },  { TRUE, FALSE, TRUE },
  { TRUE, FALSE, FALSE }, { FALSE, FALSE, TRUE }, { FALSE, FALSE, FALSE },
};
G_STATIC_ASSERT (G_N_ELEMENTS (for_requests) == G_N_ELEMENTS (for_responses));

static void
place_message (RtTimelineLayout *layout, const RtPlacers *placers, guint i)
{
  const RtTimelineMessage *message = rt_timeline_model_get_message (layout->model, i);
  RtMessageGeometry *geometry = &g_array_index (layout->messages, RtMessageGeometry, i);
  guint from = layout->lane_of[message->from];
  guint to = layout->lane_of[message->to];
  guint span = MAX (1, from > to ? from - to : to - from);
  const Attempt *attempts = message->request ? for_requests : for_responses;
  Label label;

  if (message->received_first == RT_TIME_UNKNOWN)
    span = 1;
  for (guint j = 0; j < G_N_ELEMENTS (for_requests); j++)
    {
      label = make_label (layout, message, (Shown){ attempts[j].text, attempts[j].meta }, span);
      if (place_label (layout, placers, geometry, &label, attempts[j].spare_heads, span))
        return;
    }
  place_far (layout, placers, geometry, &label, span);
}

/* Places all pills; what cannot move is taken already. */
void
rt_timeline_lay_pills (RtTimelineLayout *layout, const RtPlacers *placers)
{
  for (guint i = 0; i < layout->messages->len; i++)
    place_message (layout, placers, i);
}
