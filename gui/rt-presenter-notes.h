/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The presenter's own window: what the lesson says here, what comes next, how long it has taken. */
#pragma once

#include <adwaita.h>

#include "rt-presenter.h"

G_BEGIN_DECLS

#define RT_TYPE_PRESENTER_NOTES (rt_presenter_notes_get_type ())
G_DECLARE_FINAL_TYPE (RtPresenterNotes, rt_presenter_notes, RT, PRESENTER_NOTES, AdwWindow)

RtPresenterNotes *rt_presenter_notes_new (RtPresenter *presenter);

G_END_DECLS
