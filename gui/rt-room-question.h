/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Asks before recorded sessions are deleted to make room. */
#pragma once

#include "rt-tutor.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

void rt_room_question_ask (GtkWindow *window, RtTutor *tutor);

G_END_DECLS
