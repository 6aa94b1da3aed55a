/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Fonts. Widths are sums of single advances, each measured once: twenty thousand labels cost no
 * Pango layout. Kerning only ever makes them wide. In a window each advance is rounded to whole
 * pixels, so there a width is not proportional to the scale and is measured at it; in a picture it
 * is. */
#include "rt-fonts.h"

#include <pango/pangocairo.h>
#include <string.h>

/* Laid-out lines that are kept: some windows full. */
#define KEPT_LINES 4096
/* Advances are taken at this size, so that rounding to Pango units does not matter. */
#define MEASURED_AT 200.0

struct _RtFonts
{
  PangoContext *context;
  double scale;                             /* of text */
  GHashTable *lines;                        /* key → PangoLayout */
  GHashTable *wide;                         /* style and character → advance */
  double advances[RT_N_TEXT_STYLES][0x180]; /* per pixel of size; 0 = not measured yet */
};

static void
apply_style (PangoLayout *layout, RtTextStyle style, double size)
{
  const RtTextFace *face = rt_text_style_face (style);
  PangoFontDescription *description = pango_font_description_new ();
  PangoAttrList *attributes = pango_attr_list_new ();

  pango_font_description_set_family_static (description, face->family);
  pango_font_description_set_absolute_size (description, size * PANGO_SCALE);
  pango_font_description_set_weight (description, (PangoWeight)face->weight);
  pango_layout_set_font_description (layout, description);
  pango_font_description_free (description);
  /* Figures of one width; no ligature may hide which characters a code or target has. */
  pango_attr_list_insert (attributes, pango_attr_font_features_new ("tnum=1, liga=0, calt=0"));
  pango_layout_set_attributes (layout, attributes);
  pango_attr_list_unref (attributes);
  pango_layout_set_single_paragraph_mode (layout, TRUE);
}

/**
 * rt_fonts_new:
 * @context: where the text will be shown; reffed
 *
 * Returns: (transfer full): its fonts
 */
RtFonts *
rt_fonts_new (PangoContext *context)
{
  RtFonts *fonts = g_new0 (RtFonts, 1);

  fonts->context = g_object_ref (context);
  fonts->scale = 1;
  fonts->lines = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);
  fonts->wide = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, g_free);
  return fonts;
}

/**
 * rt_fonts_new_for_pictures:
 *
 * Returns: (transfer full): fonts for pictures that are made without a window: nothing of the
 *   desktop's settings (resolution, hinting, antialiasing) can change them
 */
RtFonts *
rt_fonts_new_for_pictures (void)
{
  PangoFontMap *map = pango_cairo_font_map_new ();
  PangoContext *context = pango_font_map_create_context (map);
  cairo_font_options_t *options = cairo_font_options_create ();
  RtFonts *fonts;

  cairo_font_options_set_hint_style (options, CAIRO_HINT_STYLE_NONE);
  cairo_font_options_set_hint_metrics (options, CAIRO_HINT_METRICS_OFF);
  cairo_font_options_set_antialias (options, CAIRO_ANTIALIAS_GRAY);
  pango_cairo_context_set_font_options (context, options);
  cairo_font_options_destroy (options);
  pango_cairo_context_set_resolution (context, 96);
  pango_context_set_round_glyph_positions (context, FALSE);
  pango_context_set_language (context, pango_language_from_string ("en"));
  fonts = rt_fonts_new (context);
  g_object_unref (context);
  g_object_unref (map);
  return fonts;
}

/** rt_fonts_set_scale: @scale: of the text that is measured from now on */
void
rt_fonts_set_scale (RtFonts *fonts, double scale)
{
  if (scale == fonts->scale)
    return;
  fonts->scale = scale;
  memset (fonts->advances, 0, sizeof fonts->advances);
  g_hash_table_remove_all (fonts->wide);
}

void
rt_fonts_free (RtFonts *fonts)
{
  g_hash_table_unref (fonts->lines);
  g_hash_table_unref (fonts->wide);
  g_object_unref (fonts->context);
  g_free (fonts);
}

static double
measure_character (RtFonts *fonts, RtTextStyle style, gunichar character)
{
  PangoLayout *layout = pango_layout_new (fonts->context);
  double size = pango_context_get_round_glyph_positions (fonts->context)
                    ? rt_text_style_face (style)->size * fonts->scale
                    : MEASURED_AT;
  char text[8] = "";
  int width;

  g_unichar_to_utf8 (character, text);
  apply_style (layout, style, size);
  pango_layout_set_text (layout, text, -1);
  pango_layout_get_size (layout, &width, NULL);
  g_object_unref (layout);
  return width / (double)PANGO_SCALE / size;
}

static double
advance_of (RtFonts *fonts, RtTextStyle style, gunichar character)
{
  gint64 key = (gint64)style << 32 | character;
  double *known;

  if (character < G_N_ELEMENTS (fonts->advances[style]))
    {
      double *advance = &fonts->advances[style][character];

      if (*advance <= 0)
        *advance = measure_character (fonts, style, character);
      return *advance;
    }
  known = g_hash_table_lookup (fonts->wide, &key);
  if (known == NULL)
    {
      if (g_hash_table_size (fonts->wide) >= KEPT_LINES)
        g_hash_table_remove_all (fonts->wide);
      known = g_new (double, 1);
      *known = measure_character (fonts, style, character);
      g_hash_table_insert (fonts->wide, g_memdup2 (&key, sizeof key), known);
    }
  return *known;
}

static double
width_of (gpointer data, RtTextStyle style, const char *text, gssize length)
{
  const char *end = text + (length < 0 ? strlen (text) : (gsize)length);
  double width = 0;

  for (const char *p = text; p < end; p = g_utf8_next_char (p))
    width += advance_of (data, style, g_utf8_get_char (p));
  return width * rt_text_style_face (style)->size;
}

/**
 * rt_fonts_get_measure:
 *
 * Returns: what a layout asks for widths; valid as long as @fonts
 */
RtMeasure
rt_fonts_get_measure (RtFonts *fonts)
{
  return (RtMeasure){ width_of, fonts };
}

/**
 * rt_fonts_get_line:
 * @scale: text scale
 * @text: UTF-8
 *
 * Returns: the line, laid out; good until the next call
 */
PangoLayout *
rt_fonts_get_line (RtFonts *fonts, RtTextStyle style, double scale, const char *text)
{
  g_autofree char *key = g_strdup_printf ("%d %d %s", (int)style, (int)(scale * 1000), text);
  PangoLayout *layout = g_hash_table_lookup (fonts->lines, key);

  if (layout != NULL)
    return layout;
  if (g_hash_table_size (fonts->lines) >= KEPT_LINES)
    g_hash_table_remove_all (fonts->lines);
  layout = pango_layout_new (fonts->context);
  apply_style (layout, style, rt_text_style_face (style)->size * scale);
  pango_layout_set_text (layout, text, -1);
  g_hash_table_insert (fonts->lines, g_steal_pointer (&key), layout);
  return layout;
}
