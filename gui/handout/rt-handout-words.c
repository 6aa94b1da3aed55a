/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The blocks of a lesson's text as HTML, one function a kind, in a table. */
#include "rt-handout-private.h"

#include <string.h>

/* A term is listed once. */
static void
note_term (RtHandout *self, const char *term)
{
  for (guint i = 0; i < self->terms->len; i++)
    if (strcmp (self->terms->pdata[i], term) == 0)
      return;
  g_ptr_array_add (self->terms, (char *)term);
}

/* @ret_address: (nullable): where it leads; another lesson is another page, which may not be there
 */
static char *
link_address (RtHandout *self, const RtInline *run)
{
  switch (run->link)
    {
    case RT_LINK_RFC:
      return rt_reference_address (run->target);
    case RT_LINK_WEB:
      return g_strdup (run->target);
    case RT_LINK_TERM:
      note_term (self, run->target);
      return g_strconcat ("#term-", run->target, NULL);
    case RT_LINK_LESSON:
    case RT_LINK_NONE:
    default:
      return NULL;
    }
}

static void
add_lines (RtHtml *html, const char *text)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);

  for (guint i = 0; lines[i] != NULL; i++)
    {
      if (i > 0)
        rt_html_empty (html, "br", NULL);
      rt_html_text (html, lines[i]);
    }
}

static void
add_inline (RtHandout *self, const RtInline *run)
{
  static const struct
  {
    RtInlineFlags flag;
    const char *name;
  } elements[] = { { RT_INLINE_EMPHASIS, "em" },
                   { RT_INLINE_STRONG, "strong" },
                   { RT_INLINE_CODE, "code" } };
  g_autofree char *address = link_address (self, run);
  guint n = 0;

  if (address != NULL)
    {
      rt_html_open (&self->html, "a", "href", address, "title", run->title, NULL);
      n++;
    }
  for (guint i = 0; i < G_N_ELEMENTS (elements); i++)
    if (run->flags & elements[i].flag)
      {
        rt_html_open (&self->html, elements[i].name, NULL);
        n++;
      }
  add_lines (&self->html, run->text);
  while (n-- > 0)
    rt_html_close (&self->html);
}

void
rt_handout_add_inlines (RtHandout *self, GPtrArray *inlines)
{
  for (guint i = 0; inlines != NULL && i < inlines->len; i++)
    add_inline (self, inlines->pdata[i]);
}

static void
add_words (RtHandout *self, const char *name, const char *style, GPtrArray *inlines)
{
  if (inlines == NULL)
    return;
  rt_html_open (&self->html, name, "class", style, NULL);
  rt_handout_add_inlines (self, inlines);
  rt_html_close (&self->html);
}

static void
add_children (RtHandout *self, const RtBlock *block)
{
  for (guint i = 0; i < block->children->len; i++)
    rt_handout_add_block (self, block->children->pdata[i]);
}

static void
add_code (RtHandout *self, const char *caption, const char *text)
{
  rt_html_open (&self->html, "div", "class", "code", NULL);
  if (caption != NULL)
    rt_html_element (&self->html, "p", "caption", caption);
  rt_html_element (&self->html, "pre", NULL, text);
  rt_html_close (&self->html);
}

static void
add_folded (RtHandout *self, const char *summary, const RtBlock *block)
{
  rt_html_open (&self->html, "details", NULL);
  rt_html_element (&self->html, "summary", NULL, summary);
  add_words (self, "p", NULL, block->inlines);
  if (block->text != NULL)
    add_code (self, NULL, block->text);
  rt_html_close (&self->html);
}

static void
add_heading (RtHandout *self, const RtBlock *block)
{
  add_words (self, block->level <= 3 ? "h3" : "h4", NULL, block->inlines);
}

static void
add_paragraph (RtHandout *self, const RtBlock *block)
{
  add_words (self, "p", NULL, block->inlines);
}

static void
add_list (RtHandout *self, const RtBlock *block)
{
  g_autofree char *start = block->level > 1 ? g_strdup_printf ("%u", block->level) : NULL;

  rt_html_open (&self->html, block->level > 0 ? "ol" : "ul", "start", start, NULL);
  for (guint i = 0; i < block->children->len; i++)
    {
      rt_html_open (&self->html, "li", NULL);
      add_children (self, block->children->pdata[i]);
      rt_html_close (&self->html);
    }
  rt_html_close (&self->html);
}

static void
add_quote (RtHandout *self, const RtBlock *block)
{
  rt_html_open (&self->html, "blockquote", NULL);
  add_children (self, block);
  rt_html_close (&self->html);
}

static void
add_code_block (RtHandout *self, const RtBlock *block)
{
  add_code (self, NULL, block->text);
}

static void
add_rule (RtHandout *self, const RtBlock *block)
{
  rt_html_empty (&self->html, "hr", NULL);
}

static void
add_origin (RtHandout *self, const RtBlock *block)
{
  g_autofree char *caption = g_strdup_printf ("Settings of %s", block->party);

  add_code (self, caption, block->text);
}

static void
add_step (RtHandout *self, const RtBlock *block)
{
  g_autofree char *caption = NULL;

  if (block->step->kind != RT_STEP_SEND)
    {
      rt_html_element (&self->html, "p", "clock", block->step->title);
      return;
    }
  caption = g_strdup_printf ("%s → %s", block->step->from, block->step->to);
  add_code (self, caption, block->text);
}

static void
add_run (RtHandout *self, const RtBlock *block)
{
  rt_html_open (&self->html, "div", "class", "run", NULL);
  rt_html_element (&self->html, "p", "run-name", block->scenario->name);
  add_words (self, "p", NULL, block->inlines);
  rt_html_close (&self->html);
}

static void
add_note (RtHandout *self, const RtBlock *block)
{
  rt_html_open (&self->html, "aside", NULL);
  add_words (self, "p", NULL, block->inlines);
  rt_html_close (&self->html);
}

static void
add_hint (RtHandout *self, const RtBlock *block)
{
  add_folded (self, "Hint", block);
}

static void
add_check (RtHandout *self, const RtBlock *block)
{
  add_folded (self, "What the lesson checks here", block);
}

static void
add_request (RtHandout *self, const RtChallengeRequest *request)
{
  g_autofree char *caption = g_strdup_printf ("What %s sends is yours to change", request->party);

  add_code (self, caption, request->text);
}

static void
add_challenge (RtHandout *self, const RtBlock *block)
{
  const RtChallenge *challenge = block->challenge;

  rt_html_open (&self->html, "section", "class", "challenge", NULL);
  rt_html_element (&self->html, "h3", NULL,
                   challenge->title != NULL ? challenge->title : "Your turn");
  add_words (self, "p", NULL, challenge->task);
  for (guint i = 0; i < challenge->requests->len; i++)
    add_request (self, challenge->requests->pdata[i]);
  if (challenge->settings != NULL)
    add_code (self, "These settings are yours to change", challenge->settings);
  for (guint i = 0; i < challenge->hints->len; i++)
    {
      g_autofree char *summary = g_strdup_printf ("Hint %u", i + 1);

      rt_html_open (&self->html, "details", NULL);
      rt_html_element (&self->html, "summary", NULL, summary);
      add_words (self, "p", NULL, challenge->hints->pdata[i]);
      rt_html_close (&self->html);
    }
  rt_html_element (&self->html, "p", "small",
                   "Roundtrip itself runs your change and says whether the symptom is gone and "
                   "everything else still works.");
  rt_html_close (&self->html);
}

void
rt_handout_add_block (RtHandout *self, const RtBlock *block)
{
  static void (*const adders[]) (RtHandout *, const RtBlock *) = {
    [RT_BLOCK_HEADING] = add_heading,
    [RT_BLOCK_PARAGRAPH] = add_paragraph,
    [RT_BLOCK_LIST] = add_list,
    [RT_BLOCK_QUOTE] = add_quote,
    [RT_BLOCK_CODE] = add_code_block,
    [RT_BLOCK_RULE] = add_rule,
    [RT_BLOCK_ORIGIN] = add_origin,
    [RT_BLOCK_STEP] = add_step,
    [RT_BLOCK_RUN] = add_run,
    [RT_BLOCK_NOTE] = add_note,
    [RT_BLOCK_HINT] = add_hint,
    [RT_BLOCK_CHECK] = add_check,
    [RT_BLOCK_CHALLENGE] = add_challenge,
  };

  if (adders[block->kind] != NULL)
    adders[block->kind](self, block);
}
