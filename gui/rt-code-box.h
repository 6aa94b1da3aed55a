/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A box of code: to read or to write. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define RT_TYPE_CODE_BOX (rt_code_box_get_type ())
G_DECLARE_FINAL_TYPE (RtCodeBox, rt_code_box, RT, CODE_BOX, GtkWidget)

GtkWidget *rt_code_box_new (const char *caption, const char *text, const char *language);
void rt_code_box_set_text (RtCodeBox *self, const char *text);
char *rt_code_box_dup_text (RtCodeBox *self);
void rt_code_box_set_language (RtCodeBox *self, const char *language);
void rt_code_box_set_editable (RtCodeBox *self, gboolean editable);

G_END_DECLS
