/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The page's plan. A question hides what follows it, until the end of the lesson: it stands in a
 * box of its own, and that box opens when the reader checks the answer or skips. The pictures of a
 * stretch of text show nothing that a later question asks for: their analysis is fed no further
 * than the first such cut. All that moves is done by the style sheet, with radio buttons. */
#include "rt-handout.h"

#include "rt-glossary.h"
#include "rt-handout-private.h"

#include <gio/gio.h>

#define STYLE "/org/roundtrip/Roundtrip/handout.css"

/* The questions of the lesson in the order of its text. */
static guint
number_of (const RtHandout *self, const RtPrediction *prediction)
{
  for (guint i = 0; i < self->lesson->predictions->len; i++)
    if (self->lesson->predictions->pdata[i] == prediction)
      return i + 1;
  return 0;
}

/* How far run @run may be seen by those who have come to line @line: to the first question below.
 */
static guint64
cut_at (const RtHandout *self, guint run, guint line)
{
  guint64 cut = G_MAXUINT64;

  for (guint i = 0; i < self->lesson->predictions->len; i++)
    {
      const RtPrediction *prediction = self->lesson->predictions->pdata[i];

      if (prediction->run == run && prediction->line >= line)
        cut = MIN (cut, rt_play_get_cut (self->plays->pdata[run], prediction));
    }
  return cut;
}

/* A stretch of text with the steps of one run, to be shown in one figure. */
typedef struct
{
  GArray *steps; /* guint: their numbers */
  guint run, line;
} Stretch;

static void
end_stretch (RtHandout *self, Stretch *stretch)
{
  const RtScenario *scenario = self->lesson->runs->pdata[stretch->run];

  if (stretch->steps->len > 0)
    rt_handout_add_figure (self, self->plays->pdata[stretch->run],
                           self->lesson->runs->len > 1 ? scenario->name : NULL, stretch->steps,
                           cut_at (self, stretch->run, stretch->line));
  g_array_set_size (stretch->steps, 0);
}

static void
add_step (Stretch *stretch, const RtBlock *block)
{
  stretch->run = block->run;
  stretch->line = block->line;
  if (block->step != NULL && block->step->number > 0)
    g_array_append_val (stretch->steps, block->step->number);
}

/* Whether @block speaks of what the steps before it did: then they are shown first. */
static gboolean
ends_stretch (const RtBlock *block)
{
  switch (block->kind)
    {
    case RT_BLOCK_HEADING:
    case RT_BLOCK_PARAGRAPH:
    case RT_BLOCK_LIST:
    case RT_BLOCK_QUOTE:
    case RT_BLOCK_RULE:
    case RT_BLOCK_PREDICT:
    case RT_BLOCK_RUN:
    case RT_BLOCK_CHALLENGE:
      return TRUE;
    default:
      return FALSE;
    }
}

static void
add_page (RtHandout *self, const RtLessonPage *page, gboolean first)
{
  Stretch stretch = { .steps = g_array_new (FALSE, FALSE, sizeof (guint)) };

  if (!first)
    rt_html_element (&self->html, "h2", NULL, page->title);
  for (guint i = 0; i < page->blocks->len; i++)
    {
      const RtBlock *block = page->blocks->pdata[i];

      if (ends_stretch (block))
        end_stretch (self, &stretch);
      if (block->kind == RT_BLOCK_PREDICT)
        rt_handout_add_question (self, block->prediction, number_of (self, block->prediction));
      else
        rt_handout_add_block (self, block);
      if (block->kind == RT_BLOCK_STEP)
        add_step (&stretch, block);
    }
  end_stretch (self, &stretch);
  g_array_unref (stretch.steps);
}

/* Around it */

/* Which verdict belongs to which option, and which picture to which button. */
static void
add_numbered_rules (GString *out, const RtLesson *lesson)
{
  guint n_options = 0, n_steps = 0;

  for (guint i = 0; i < lesson->predictions->len; i++)
    n_options
        = MAX (n_options, ((const RtPrediction *)lesson->predictions->pdata[i])->options->len);
  for (guint i = 0; i < lesson->runs->len; i++)
    n_steps = MAX (n_steps, ((const RtScenario *)lesson->runs->pdata[i])->n_steps);
  for (guint i = 1; i <= n_options; i++)
    g_string_append_printf (
        out, ".question:has(.check:checked):has(.o%u:checked) .f%u { display: block; }\n", i, i);
  for (guint i = 1; i <= n_steps; i++)
    g_string_append_printf (out, "figure:has(.s%u:checked) > .n%u { display: block; }\n", i, i);
}

static void
add_style (RtHandout *self)
{
  g_autoptr (GBytes) sheet = g_resources_lookup_data (STYLE, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
  g_autoptr (GString) style = g_string_new (NULL);

  g_assert (sheet != NULL);
  g_string_append_len (style, g_bytes_get_data (sheet, NULL), (gssize)g_bytes_get_size (sheet));
  add_numbered_rules (style, self->lesson);
  rt_handout_add_dark_colors (style);
  rt_html_open (&self->html, "style", NULL);
  rt_html_markup (&self->html, style->str);
  rt_html_close (&self->html);
}

static void
add_head (RtHandout *self)
{
  rt_html_open (&self->html, "html", "xmlns", "http://www.w3.org/1999/xhtml", "lang", "en", NULL);
  rt_html_open (&self->html, "head", NULL);
  rt_html_empty (&self->html, "meta", "charset", "utf-8", NULL);
  rt_html_empty (&self->html, "meta", "name", "viewport", "content",
                 "width=device-width, initial-scale=1", NULL);
  rt_html_element (&self->html, "title", NULL, self->lesson->title);
  add_style (self);
  rt_html_close (&self->html);
}

static void
add_title (RtHandout *self)
{
  const RtLesson *lesson = self->lesson;
  g_autofree char *about = g_strdup_printf ("%s · level %u · %u minutes", lesson->topic,
                                            lesson->level, lesson->minutes);

  rt_html_element (&self->html, "p", "eyebrow", about);
  rt_html_element (&self->html, "h1", NULL, lesson->title);
  if (lesson->summary != NULL)
    rt_html_element (&self->html, "p", "summary", lesson->summary);
  rt_html_open (&self->html, "p", "class", "reveal-all", NULL);
  rt_html_open (&self->html, "label", NULL);
  rt_html_empty (&self->html, "input", "type", "checkbox", "id", "all", NULL);
  rt_html_text (&self->html, " Show all answers (for teachers and for print)");
  rt_html_close (&self->html);
  rt_html_close (&self->html);
}

/* A link to a term leads here, since there is no way to point at things on a touch screen. */
static void
add_glossary (RtHandout *self)
{
  if (self->terms->len == 0)
    return;
  rt_html_element (&self->html, "h2", NULL, "Terms");
  rt_html_open (&self->html, "dl", NULL);
  for (guint i = 0; i < self->terms->len; i++)
    {
      const char *term = self->terms->pdata[i];
      const char *sentence = rt_glossary_get (term);
      g_autofree char *id = g_strconcat ("term-", term, NULL);
      g_autofree char *words = g_strdelimit (g_strdup (term), "-", ' ');

      rt_html_open (&self->html, "dt", "id", id, NULL);
      rt_html_text (&self->html, words);
      rt_html_close (&self->html);
      rt_html_element (&self->html, "dd", NULL, sentence != NULL ? sentence : "");
    }
  rt_html_close (&self->html);
}

static void
add_foot (RtHandout *self)
{
  rt_html_open (&self->html, "footer", NULL);
  rt_html_text (&self->html,
                "Made with Roundtrip: every message, time and decision on this page was "
                "recorded from the lesson's run.");
  rt_html_close (&self->html);
}

static GString *
write_document (RtHandout *self)
{
  guint depth;

  add_head (self);
  rt_html_open (&self->html, "body", NULL);
  rt_html_open (&self->html, "main", NULL);
  depth = self->html.open->len;
  add_title (self);
  for (guint i = 0; i < self->lesson->pages->len; i++)
    add_page (self, self->lesson->pages->pdata[i], i == 0);
  while (self->html.open->len > depth)
    rt_html_close (&self->html);
  add_glossary (self);
  add_foot (self);
  return rt_html_end (&self->html);
}

static gboolean
play_runs (RtHandout *self, GError **error)
{
  for (guint i = 0; i < self->lesson->runs->len; i++)
    {
      RtPlay *play
          = rt_play_new (self->lesson, self->lesson->runs->pdata[i], &(RtPlayOptions){ 0 }, error);

      if (play == NULL)
        return FALSE;
      g_ptr_array_add (self->plays, play);
    }
  return TRUE;
}

/**
 * rt_handout_new:
 *
 * Plays the lesson and writes it down: its text with its questions, a picture for each step, the
 * messages, what they mean and the decisions behind them. The page is whole in itself: it loads
 * nothing.
 *
 * Returns: (transfer full): an HTML document that is well-formed XML; %NULL: a run of the lesson
 *   could not be played
 */
GString *
rt_handout_new (const RtLesson *lesson, GError **error)
{
  RtHandout self = { .lesson = lesson };
  GString *out = NULL;

  self.plays = g_ptr_array_new_with_free_func ((GDestroyNotify)rt_play_unref);
  self.terms = g_ptr_array_new ();
  self.fonts = rt_fonts_new_for_pictures ();
  rt_html_init (&self.html);
  if (play_runs (&self, error))
    out = write_document (&self);
  rt_html_clear (&self.html);
  rt_fonts_free (self.fonts);
  g_ptr_array_unref (self.terms);
  g_ptr_array_unref (self.plays);
  return out;
}

/**
 * rt_handout_write:
 *
 * Errors: those of playing, and of the file system.
 */
gboolean
rt_handout_write (const RtLesson *lesson, const char *path, GError **error)
{
  GString *out = rt_handout_new (lesson, error);
  gboolean written;

  if (out == NULL)
    return FALSE;
  written = g_file_set_contents (path, out->str, (gssize)out->len, error);
  g_string_free (out, TRUE);
  return written;
}
