/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Writes HTML that is well-formed XML, too: what was opened is closed, what comes from outside is
 * text. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * RtHtml:
 * @out: what is written so far
 * @open: (element-type utf8): names of the elements that are open, static strings
 *
 * A document under way.
 */
typedef struct
{
  GString *out;
  GPtrArray *open;
} RtHtml;

void rt_html_init (RtHtml *self);
void rt_html_clear (RtHtml *self);
GString *rt_html_end (RtHtml *self);

void rt_html_open (RtHtml *self, const char *name, ...) G_GNUC_NULL_TERMINATED;
void rt_html_close (RtHtml *self);
void rt_html_empty (RtHtml *self, const char *name, ...) G_GNUC_NULL_TERMINATED;
void rt_html_text (RtHtml *self, const char *text);
void rt_html_element (RtHtml *self, const char *name, const char *style, const char *text);
void rt_html_markup (RtHtml *self, const char *markup);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (RtHtml, rt_html_clear)

G_END_DECLS
