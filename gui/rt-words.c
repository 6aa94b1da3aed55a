/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rt-words.h"

/**
 * rt_words_new:
 * @text: not markup
 * @style: class of the style sheet
 *
 * Returns: a label that takes the width it is given and breaks within words where it must: what a
 *   peer sent may have no blank
 */
GtkWidget *
rt_words_new (const char *text, const char *style)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_widget_set_hexpand (label, TRUE);
  gtk_widget_add_css_class (label, style);
  return label;
}
