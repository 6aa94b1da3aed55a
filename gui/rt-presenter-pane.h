/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the class sees beside the timeline: the question, its options with the votes, the answer. */
#pragma once

#include <gtk/gtk.h>

#include "rt-presenter.h"

G_BEGIN_DECLS

#define RT_TYPE_PRESENTER_PANE (rt_presenter_pane_get_type ())
G_DECLARE_FINAL_TYPE (RtPresenterPane, rt_presenter_pane, RT, PRESENTER_PANE, GtkWidget)

GtkWidget *rt_presenter_pane_new (RtPresenter *presenter);

G_END_DECLS
