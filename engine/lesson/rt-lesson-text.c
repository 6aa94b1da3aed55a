/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The values that a lesson's text is made of, and the references in it. */
#include "rt-lesson-text.h"

#include <string.h>

/**
 * rt_inline_new:
 * @text: its text
 * @flags: how it is set
 *
 * Returns: (transfer full): a run of text without a link
 */
RtInline *
rt_inline_new (const char *text, RtInlineFlags flags)
{
  RtInline *run = g_new0 (RtInline, 1);

  run->text = g_strdup (text);
  run->flags = flags;
  return run;
}

/**
 * rt_inline_free:
 * @run: (nullable): a run of text
 */
void
rt_inline_free (RtInline *run)
{
  if (run == NULL)
    return;
  g_free (run->text);
  g_free (run->target);
  g_free (run->title);
  g_free (run);
}

/**
 * rt_inlines_dup_text:
 * @inlines: (nullable) (element-type RtInline): runs
 *
 * Returns: (transfer full): their text alone
 */
char *
rt_inlines_dup_text (GPtrArray *inlines)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; inlines != NULL && i < inlines->len; i++)
    g_string_append (text, ((const RtInline *)inlines->pdata[i])->text);
  return g_string_free (text, FALSE);
}

/**
 * rt_block_new:
 * @kind: what it is
 * @line: where it starts
 *
 * Returns: (transfer full): a block with nothing in it
 */
RtBlock *
rt_block_new (RtBlockKind kind, guint line)
{
  RtBlock *block = g_new0 (RtBlock, 1);

  block->kind = kind;
  block->line = line;
  return block;
}

/**
 * rt_block_free:
 * @block: (nullable): a block, with its children
 */
void
rt_block_free (RtBlock *block)
{
  if (block == NULL)
    return;
  g_free (block->text);
  g_free (block->language);
  g_free (block->party);
  g_clear_pointer (&block->inlines, g_ptr_array_unref);
  g_clear_pointer (&block->children, g_ptr_array_unref);
  g_free (block);
}

/**
 * rt_lesson_page_new:
 * @title: its title
 * @line: where it starts
 *
 * Returns: (transfer full): a page without blocks
 */
RtLessonPage *
rt_lesson_page_new (const char *title, guint line)
{
  RtLessonPage *page = g_new0 (RtLessonPage, 1);

  page->title = g_strdup (title);
  page->line = line;
  page->blocks = g_ptr_array_new_with_free_func ((GDestroyNotify)rt_block_free);
  return page;
}

/**
 * rt_lesson_page_free:
 * @page: (nullable): a page
 */
void
rt_lesson_page_free (RtLessonPage *page)
{
  if (page == NULL)
    return;
  g_free (page->title);
  g_ptr_array_unref (page->blocks);
  g_free (page);
}

/* Whether a reference is to an RFC by its number, and if so where its section begins. */
static gboolean
is_rfc (const char *reference, const char **ret_section)
{
  gsize digits = strspn (reference, "0123456789");

  if (digits == 0 || digits > 5 || (reference[digits] != '\0' && reference[digits] != '#'))
    return FALSE;
  *ret_section = reference[digits] == '#' ? reference + digits + 1 : NULL;
  return *ret_section == NULL
         || (**ret_section != '\0'
             && strspn (*ret_section, "0123456789.ABCDEFGHIJKLMNOPQRSTUVWXYZ")
                    == strlen (*ret_section));
}

/* Whether it is to an anchor of a living standard: `fetch#cors-check`. */
static gboolean
is_living (const char *reference)
{
  gsize name = strspn (reference, "abcdefghijklmnopqrstuvwxyz");

  return name > 0 && name < 32 && reference[name] == '#' && reference[name + 1] != '\0'
         && strspn (reference + name + 1, "abcdefghijklmnopqrstuvwxyz0123456789-_%.")
                == strlen (reference + name + 1);
}

/**
 * rt_reference_label:
 * @reference: `9110#13.1.1` or `fetch#cors-check`
 *
 * Returns: (nullable) (transfer full): `RFC 9110 §13.1.1`, `fetch#cors-check`; %NULL: it has
 *   neither form
 */
char *
rt_reference_label (const char *reference)
{
  const char *section;

  if (is_living (reference))
    return g_strdup (reference);
  if (!is_rfc (reference, &section))
    return NULL;
  if (section == NULL)
    return g_strdup_printf ("RFC %s", reference);
  return g_strdup_printf ("RFC %.*s %s%s", (int)(section - 1 - reference), reference,
                          g_ascii_isdigit (*section) ? "§" : "appendix ", section);
}

/**
 * rt_reference_address:
 * @reference: as for rt_reference_label()
 *
 * Returns: (nullable) (transfer full): where it can be read
 */
char *
rt_reference_address (const char *reference)
{
  const char *section;

  if (is_living (reference))
    {
      const char *hash = strchr (reference, '#');

      return g_strdup_printf ("https://%.*s.spec.whatwg.org/%s", (int)(hash - reference), reference,
                              hash);
    }
  if (!is_rfc (reference, &section))
    return NULL;
  if (section == NULL)
    return g_strdup_printf ("https://www.rfc-editor.org/rfc/rfc%s", reference);
  return g_strdup_printf ("https://www.rfc-editor.org/rfc/rfc%.*s#%s%s",
                          (int)(section - 1 - reference), reference,
                          g_ascii_isdigit (*section) ? "section-" : "appendix-", section);
}
