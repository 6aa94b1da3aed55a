/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A question before the fact, and afterwards: you said, it did. */
#pragma once

#include <gtk/gtk.h>

#include "rt-tutor.h"

G_BEGIN_DECLS

#define RT_TYPE_PREDICTION_CARD (rt_prediction_card_get_type ())
G_DECLARE_FINAL_TYPE (RtPredictionCard, rt_prediction_card, RT, PREDICTION_CARD, GtkWidget)

GtkWidget *rt_prediction_card_new (RtTutor *tutor, const RtPrediction *prediction);
const RtPrediction *rt_prediction_card_get_prediction (RtPredictionCard *self);

G_END_DECLS
