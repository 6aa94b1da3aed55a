/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The explanation cards beside the timeline: as high as what they explain, or right below the
 * card before. */
#include "rt-timeline-layout-private.h"

/* All at text scale 1. */
#define PAD 12.0
#define GAP 10.0
#define TITLE_LINE 18.0
#define TEXT_LINE 16.5
#define REFERENCE_LINE 19.0
#define MAX_TITLE_LINES 2
#define MAX_TEXT_LINES 5
#define MAX_REFERENCE_LINES 2

static void
anchor_card (const RtTimelineLayout *layout, const RtTimelineCard *card, RtCardGeometry *geometry)
{
  const RtMessageGeometry *message;

  geometry->anchor_x = rt_timeline_layout_lane_x (layout, card->party);
  geometry->anchor_y = rt_timeline_layout_y (layout, card->time);
  if (card->message == RT_TIMELINE_NONE)
    return;
  message = rt_timeline_layout_get_message (layout, card->message);
  geometry->anchor_x = MAX (message->x0, message->x1);
  geometry->anchor_y = message->x1 > message->x0 ? message->received0 : message->sent0;
}

/* Sets the cards, where there is room for them. */
void
rt_timeline_lay_cards (RtTimelineLayout *layout)
{
  double scale = layout->params.text_scale;
  double inner = layout->card_width / scale - 2 * PAD - 8;
  const RtMeasure *measure = &layout->params.measure;
  double below = 8 * scale;

  if (layout->card_width <= 0 || layout->level != RT_TIMELINE_FULL)
    return;
  for (guint i = 0; i < layout->model->cards->len; i++)
    {
      const RtTimelineCard *card = &g_array_index (layout->model->cards, RtTimelineCard, i);
      RtCardGeometry geometry = {
        .title = rt_measure_wrap (measure, RT_TEXT_CARD_TITLE, card->title,
                                  inner - 7 - rt_mark_width (card->mark), MAX_TITLE_LINES),
        .text = rt_measure_wrap (measure, RT_TEXT_CARD, card->text, inner, MAX_TEXT_LINES),
        .reference = rt_measure_wrap (measure, RT_TEXT_REFERENCE,
                                      card->reference != NULL ? card->reference : "", inner,
                                      MAX_REFERENCE_LINES),
      };
      double height = (2 * PAD - 4 + g_strv_length (geometry.title) * TITLE_LINE
                       + g_strv_length (geometry.text) * TEXT_LINE
                       + g_strv_length (geometry.reference) * REFERENCE_LINE)
                      * scale;

      anchor_card (layout, card, &geometry);
      geometry.box = (RtBox){ layout->card_x, MAX (below, geometry.anchor_y - 20 * scale),
                              layout->card_width, height };
      below = geometry.box.y + height + GAP * scale;
      g_array_append_val (layout->cards, geometry);
    }
}
