/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Pango behind the text styles: widths, and laid-out lines kept for reuse. */
#pragma once

#include <pango/pango.h>

#include "rt-text-style.h"

G_BEGIN_DECLS

typedef struct _RtFonts RtFonts;

RtFonts *rt_fonts_new (PangoContext *context);
RtFonts *rt_fonts_new_for_pictures (void);
void rt_fonts_set_scale (RtFonts *fonts, double scale);
void rt_fonts_free (RtFonts *fonts);

RtMeasure rt_fonts_get_measure (RtFonts *fonts);
PangoLayout *rt_fonts_get_line (RtFonts *fonts, RtTextStyle style, double scale, const char *text);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RtFonts, rt_fonts_free)

G_END_DECLS
