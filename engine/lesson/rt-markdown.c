/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * CommonMark to blocks and inline runs, by cmark. HTML and pictures are refused: a lesson is text
 * that any forge, terminal and screen reader can show. */
#include "rt-markdown.h"

#include "rt-glossary.h"

#include <cmark.h>
#include <string.h>

G_DEFINE_AUTOPTR_CLEANUP_FUNC (cmark_node, cmark_node_free)

/** MAX_DEPTH: lists and quotes within each other. */
#define MAX_DEPTH 16

/* Languages of code that is shown and not run. */
static const char *const languages[] = {
  "c", "css", "go", "html", "javascript", "json", "python", "sh", "sql", "text", "xml", "yaml",
};

typedef struct
{
  RtPlace place; /* of the first line */
  const RtMarkdownHandler *handler;
} Reader;

static RtPlace
place_of (const Reader *reader, cmark_node *node)
{
  int line = cmark_node_get_start_line (node);

  while (line == 0 && (node = cmark_node_parent (node)) != NULL)
    line = cmark_node_get_start_line (node);
  return (RtPlace){ reader->place.file, reader->place.line + (guint)MAX (line - 1, 0), 0 };
}

/* An author who writes `[rfc](rfc:9110#13.1.1)` wants the section to stand there. */
static void
name_by_section (RtInline *run)
{
  if (g_str_equal (run->text, "rfc"))
    {
      g_free (run->text);
      run->text = g_strdup (run->title);
    }
}

/* What a link is, by its target. */
static gboolean
resolve_link (RtInline *run, const char *url, const RtPlace *place, GError **error)
{
  if (g_str_has_prefix (url, "rfc:"))
    {
      run->link = RT_LINK_RFC;
      run->target = g_strdup (url + 4);
      run->title = rt_reference_label (run->target);
      if (run->title != NULL)
        {
          name_by_section (run);
          return TRUE;
        }
      rt_set_error (error, RT_ERROR_SYNTAX, place, "“rfc:9110#13.1.1” or “rfc:fetch#anchor”",
                    "“%s” is no reference", url);
      return FALSE;
    }
  if (g_str_has_prefix (url, "term:"))
    {
      guint n;
      const char *const *terms = rt_glossary_get_terms (&n);

      run->link = RT_LINK_TERM;
      run->target = g_strdup (url + 5);
      run->title = g_strdup (rt_glossary_get (run->target));
      if (run->title != NULL)
        return TRUE;
      rt_set_unknown (error, place, "term in the glossary", run->target, terms, n);
      return FALSE;
    }
  if (g_str_has_prefix (url, "lesson:") || g_str_has_prefix (url, "https://"))
    {
      run->link = *url == 'l' ? RT_LINK_LESSON : RT_LINK_WEB;
      run->target = g_strdup (*url == 'l' ? url + 7 : url);
      return TRUE;
    }
  rt_set_error (error, RT_ERROR_SYNTAX, place,
                "https:, rfc:, term: or lesson:", "a link goes to “%s”", url);
  return FALSE;
}

static gboolean
add_run (const Reader *reader,
         cmark_node *node,
         const char *text,
         RtInlineFlags flags,
         const char *url,
         GPtrArray *out,
         GError **error)
{
  RtInline *last = out->len > 0 ? out->pdata[out->len - 1] : NULL;
  RtPlace place = place_of (reader, node);
  RtInline *run;

  if (text == NULL || *text == '\0')
    return TRUE;
  if (url == NULL && last != NULL && last->link == RT_LINK_NONE && last->flags == flags)
    {
      char *joined = g_strconcat (last->text, text, NULL);

      g_free (last->text);
      last->text = joined;
      return TRUE;
    }
  run = rt_inline_new (text, flags);
  g_ptr_array_add (out, run);
  return url == NULL || resolve_link (run, url, &place, error);
}

static gboolean
refuse (const Reader *reader, cmark_node *node, const char *what, GError **error)
{
  RtPlace place = place_of (reader, node);

  rt_set_error (error, RT_ERROR_UNSUPPORTED, &place, "plain Markdown", "%s cannot be shown", what);
  return FALSE;
}

static gboolean
read_inlines (const Reader *reader,
              cmark_node *parent,
              RtInlineFlags flags,
              const char *url,
              guint depth,
              GPtrArray *out,
              GError **error)
{
  gboolean ok = TRUE;

  if (depth > MAX_DEPTH)
    return refuse (reader, parent, "emphasis this deep", error);
  for (cmark_node *node = cmark_node_first_child (parent); ok && node != NULL;
       node = cmark_node_next (node))
    switch (cmark_node_get_type (node))
      {
      case CMARK_NODE_TEXT:
        ok = add_run (reader, node, cmark_node_get_literal (node), flags, url, out, error);
        break;
      case CMARK_NODE_CODE:
        ok = add_run (reader, node, cmark_node_get_literal (node), flags | RT_INLINE_CODE, url, out,
                      error);
        break;
      case CMARK_NODE_SOFTBREAK:
        ok = add_run (reader, node, " ", flags, url, out, error);
        break;
      case CMARK_NODE_LINEBREAK:
        ok = add_run (reader, node, "\n", flags, url, out, error);
        break;
      case CMARK_NODE_EMPH:
        ok = read_inlines (reader, node, flags | RT_INLINE_EMPHASIS, url, depth + 1, out, error);
        break;
      case CMARK_NODE_STRONG:
        ok = read_inlines (reader, node, flags | RT_INLINE_STRONG, url, depth + 1, out, error);
        break;
      case CMARK_NODE_LINK:
        ok = read_inlines (reader, node, flags, cmark_node_get_url (node), depth + 1, out, error);
        break;
      case CMARK_NODE_IMAGE:
        ok = refuse (reader, node, "a picture", error);
        break;
      default:
        ok = refuse (reader, node, "HTML", error);
        break;
      }
  return ok;
}

static GPtrArray *
inlines_of (const Reader *reader, cmark_node *node, GError **error)
{
  g_autoptr (GPtrArray) out = g_ptr_array_new_with_free_func ((GDestroyNotify)rt_inline_free);

  if (!read_inlines (reader, node, 0, NULL, 0, out, error))
    return NULL;
  return g_steal_pointer (&out);
}

static RtBlock *read_block (const Reader *reader, cmark_node *node, guint depth, GError **error);

static gboolean
read_children (
    const Reader *reader, cmark_node *parent, RtBlock *block, guint depth, GError **error)
{
  block->children = g_ptr_array_new_with_free_func ((GDestroyNotify)rt_block_free);
  for (cmark_node *node = cmark_node_first_child (parent); node != NULL;
       node = cmark_node_next (node))
    {
      RtBlock *child = read_block (reader, node, depth + 1, error);

      if (child == NULL)
        return FALSE;
      g_ptr_array_add (block->children, child);
    }
  return TRUE;
}

static gboolean
is_language (const char *info)
{
  for (gsize i = 0; i < G_N_ELEMENTS (languages); i++)
    if (g_str_equal (languages[i], info))
      return TRUE;
  return FALSE;
}

static RtBlock *
read_code (cmark_node *node, RtBlock *block)
{
  const char *info = cmark_node_get_fence_info (node);

  block->text = g_strdup (cmark_node_get_literal (node));
  block->language = g_strdup (info != NULL && *info != '\0' ? info : "text");
  return block;
}

static RtBlock *
read_block (const Reader *reader, cmark_node *node, guint depth, GError **error)
{
  static const RtBlockKind kinds[] = {
    [CMARK_NODE_HEADING] = RT_BLOCK_HEADING,     [CMARK_NODE_PARAGRAPH] = RT_BLOCK_PARAGRAPH,
    [CMARK_NODE_LIST] = RT_BLOCK_LIST,           [CMARK_NODE_ITEM] = RT_BLOCK_ITEM,
    [CMARK_NODE_BLOCK_QUOTE] = RT_BLOCK_QUOTE,   [CMARK_NODE_CODE_BLOCK] = RT_BLOCK_CODE,
    [CMARK_NODE_THEMATIC_BREAK] = RT_BLOCK_RULE,
  };
  cmark_node_type type = cmark_node_get_type (node);
  RtBlock *block;
  gboolean ok = TRUE;

  if (depth > MAX_DEPTH)
    return (refuse (reader, node, "a list this deep", error), NULL);
  if (type == CMARK_NODE_HTML_BLOCK)
    return (refuse (reader, node, "HTML", error), NULL);
  if (type == CMARK_NODE_CODE_BLOCK && depth > 0)
    {
      const char *info = cmark_node_get_fence_info (node);

      if (info != NULL && *info != '\0' && !is_language (info))
        return (refuse (reader, node, "a block that runs, within a list or quote,", error), NULL);
    }
  block = rt_block_new (kinds[type], place_of (reader, node).line);
  switch (block->kind)
    {
    case RT_BLOCK_HEADING:
      block->level = (guint)cmark_node_get_heading_level (node);
      G_GNUC_FALLTHROUGH;
    case RT_BLOCK_PARAGRAPH:
      block->inlines = inlines_of (reader, node, error);
      ok = block->inlines != NULL;
      break;
    case RT_BLOCK_LIST:
      if (cmark_node_get_list_type (node) == CMARK_ORDERED_LIST)
        block->level = (guint)MAX (cmark_node_get_list_start (node), 1);
      G_GNUC_FALLTHROUGH;
    case RT_BLOCK_ITEM:
    case RT_BLOCK_QUOTE:
      ok = read_children (reader, node, block, depth, error);
      break;
    case RT_BLOCK_CODE:
      read_code (node, block);
      break;
    default:
      break;
    }
  if (!ok)
    g_clear_pointer (&block, rt_block_free);
  return block;
}

/* A fenced block at the top level: code to look at, or a part of the scenario. */
static gboolean
read_fence (const Reader *reader, cmark_node *node, gboolean *ret_taken, GError **error)
{
  const char *info = cmark_node_get_fence_info (node);

  *ret_taken = info != NULL && *info != '\0' && !is_language (info);
  return !*ret_taken
         || reader->handler->fence (reader->handler->data, info, cmark_node_get_literal (node),
                                    place_of (reader, node).line, error);
}

/**
 * rt_markdown_read:
 * @text: (array length=length): CommonMark, valid UTF-8
 * @place: its file, and the line that it begins on
 * @handler: is given its top-level blocks, in order
 *
 * Returns: whether all of it was read and taken
 */
gboolean
rt_markdown_read (const char *text,
                  gsize length,
                  const RtPlace *place,
                  const RtMarkdownHandler *handler,
                  GError **error)
{
  g_autoptr (cmark_node) document = cmark_parse_document (text, length, CMARK_OPT_DEFAULT);
  Reader reader = { *place, handler };

  for (cmark_node *node = cmark_node_first_child (document); node != NULL;
       node = cmark_node_next (node))
    {
      gboolean taken = FALSE;
      RtBlock *block;

      if (cmark_node_get_type (node) == CMARK_NODE_CODE_BLOCK
          && !read_fence (&reader, node, &taken, error))
        return FALSE;
      if (taken)
        continue;
      block = read_block (&reader, node, 0, error);
      if (block == NULL || !handler->block (handler->data, block, error))
        return FALSE;
    }
  return TRUE;
}

/**
 * rt_markdown_read_inlines:
 * @text: one or more paragraphs
 * @place: its file, and the line that it begins on
 *
 * Returns: (nullable) (transfer full) (element-type RtInline): its runs; between two paragraphs
 *   stands an empty line
 */
GPtrArray *
rt_markdown_read_inlines (const char *text, const RtPlace *place, GError **error)
{
  g_autoptr (cmark_node) document = cmark_parse_document (text, strlen (text), CMARK_OPT_DEFAULT);
  g_autoptr (GPtrArray) out = g_ptr_array_new_with_free_func ((GDestroyNotify)rt_inline_free);
  Reader reader = { *place, NULL };

  for (cmark_node *node = cmark_node_first_child (document); node != NULL;
       node = cmark_node_next (node))
    {
      if (cmark_node_get_type (node) != CMARK_NODE_PARAGRAPH)
        return (refuse (&reader, node, "anything but a paragraph here", error), NULL);
      if (out->len > 0)
        g_ptr_array_add (out, rt_inline_new ("\n\n", 0));
      if (!read_inlines (&reader, node, 0, NULL, 0, out, error))
        return NULL;
    }
  if (out->len > 0)
    return g_steal_pointer (&out);
  rt_set_error (error, RT_ERROR_SYNTAX, place, "text", "nothing is said here");
  return NULL;
}
