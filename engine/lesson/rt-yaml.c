/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * YAML as a tree that knows its lines, on libyaml's events. */
#include "rt-yaml.h"

#include <string.h>
#include <yaml.h>

typedef struct
{
  yaml_parser_t parser;
  const char *file;
  guint first_line, n_nodes;
} Source;

/**
 * rt_yaml_free:
 * @node: (nullable): a node, with all below it
 */
void
rt_yaml_free (RtYaml *node)
{
  if (node == NULL)
    return;
  g_free (node->text);
  g_clear_pointer (&node->keys, g_ptr_array_unref);
  g_clear_pointer (&node->children, g_ptr_array_unref);
  g_free (node);
}

static RtPlace
place_of (const Source *source, yaml_mark_t mark)
{
  return (RtPlace){ source->file, source->first_line + (guint)mark.line, 0 };
}

static gboolean
next_event (Source *source, yaml_event_t *ret_event, GError **error)
{
  RtPlace place;
  const char *problem;

  if (yaml_parser_parse (&source->parser, ret_event))
    return TRUE;
  place = place_of (source, source->parser.problem_mark.line > 0 ? source->parser.problem_mark
                                                                 : source->parser.mark);
  problem = source->parser.problem != NULL ? source->parser.problem : "it cannot be read";
  rt_set_error (error, RT_ERROR_SYNTAX, &place, NULL, "this is not YAML: %s", problem);
  return FALSE;
}

static RtYaml *read_node (Source *source, const yaml_event_t *event, guint depth, GError **error);

static RtYaml *
node_new (Source *source, RtYamlKind kind, const yaml_event_t *event)
{
  RtYaml *node = g_new0 (RtYaml, 1);

  node->kind = kind;
  node->line = source->first_line + (guint)event->start_mark.line;
  node->column = (guint)event->start_mark.column + 1;
  if (kind != RT_YAML_SCALAR)
    node->children = g_ptr_array_new_with_free_func ((GDestroyNotify)rt_yaml_free);
  if (kind == RT_YAML_MAPPING)
    node->keys = g_ptr_array_new_with_free_func (g_free);
  return node;
}

static gboolean
read_key (Source *source, RtYaml *mapping, const yaml_event_t *event, GError **error)
{
  RtPlace place = place_of (source, event->start_mark);
  const char *key;

  if (event->type != YAML_SCALAR_EVENT)
    {
      rt_set_error (error, RT_ERROR_SYNTAX, &place, "a name", "a list or mapping stands as a key");
      return FALSE;
    }
  key = (const char *)event->data.scalar.value;
  if (strlen (key) != event->data.scalar.length)
    {
      rt_set_error (error, RT_ERROR_SYNTAX, &place, "text", "a key holds a NUL byte");
      return FALSE;
    }
  if (rt_yaml_get (mapping, key) != NULL)
    {
      rt_set_error (error, RT_ERROR_SYNTAX, &place, "each key once", "“%s” is given twice", key);
      return FALSE;
    }
  g_ptr_array_add (mapping->keys, g_strdup (key));
  return TRUE;
}

/* The children of a list or mapping, up to the event that ends it. */
static gboolean
read_children (Source *source, RtYaml *parent, guint depth, GError **error)
{
  gboolean mapping = parent->kind == RT_YAML_MAPPING;

  for (gboolean key = mapping;; key = mapping && !key)
    {
      yaml_event_t event;
      gboolean end, ok = TRUE;

      if (!next_event (source, &event, error))
        return FALSE;
      end = event.type == YAML_MAPPING_END_EVENT || event.type == YAML_SEQUENCE_END_EVENT;
      if (!end && key)
        ok = read_key (source, parent, &event, error);
      else if (!end)
        {
          RtYaml *child = read_node (source, &event, depth + 1, error);

          ok = child != NULL;
          if (ok)
            g_ptr_array_add (parent->children, child);
        }
      yaml_event_delete (&event);
      if (end || !ok)
        return ok;
    }
}

static gboolean
check_node (Source *source, const yaml_event_t *event, guint depth, GError **error)
{
  RtPlace place = place_of (source, event->start_mark);
  gboolean scalar = event->type == YAML_SCALAR_EVENT;
  gboolean named
      = event->type == YAML_ALIAS_EVENT || (scalar && event->data.scalar.anchor != NULL)
        || (event->type == YAML_SEQUENCE_START_EVENT && event->data.sequence_start.anchor != NULL)
        || (event->type == YAML_MAPPING_START_EVENT && event->data.mapping_start.anchor != NULL);
  gboolean tagged
      = (scalar && event->data.scalar.tag != NULL)
        || (event->type == YAML_SEQUENCE_START_EVENT && event->data.sequence_start.tag != NULL)
        || (event->type == YAML_MAPPING_START_EVENT && event->data.mapping_start.tag != NULL);

  if (named || tagged)
    rt_set_error (error, RT_ERROR_UNSUPPORTED, &place, "plain values",
                  named ? "anchors and aliases are not taken" : "tags are not taken");
  else if (depth > RT_YAML_MAX_DEPTH || ++source->n_nodes > RT_YAML_MAX_NODES)
    rt_set_error (error, RT_ERROR_LIMIT, &place, NULL, "this YAML is too deep or too long");
  else if (scalar && strlen ((const char *)event->data.scalar.value) != event->data.scalar.length)
    rt_set_error (error, RT_ERROR_SYNTAX, &place, "text", "a value holds a NUL byte");
  else
    return TRUE;
  return FALSE;
}

static RtYaml *
read_node (Source *source, const yaml_event_t *event, guint depth, GError **error)
{
  g_autoptr (RtYaml) node = NULL;

  if (!check_node (source, event, depth, error))
    return NULL;
  if (event->type == YAML_SCALAR_EVENT)
    {
      node = node_new (source, RT_YAML_SCALAR, event);
      node->text = g_strdup ((const char *)event->data.scalar.value);
      node->plain = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
      return g_steal_pointer (&node);
    }
  node = node_new (source, event->type == YAML_MAPPING_START_EVENT ? RT_YAML_MAPPING : RT_YAML_LIST,
                   event);
  if (!read_children (source, node, depth, error))
    return NULL;
  return g_steal_pointer (&node);
}

static RtYaml *
read_documents (Source *source, GError **error)
{
  g_autoptr (RtYaml) root = NULL;

  for (;;)
    {
      yaml_event_t event;
      yaml_event_type_t type;
      gboolean ok = TRUE;

      if (!next_event (source, &event, error))
        return NULL;
      type = event.type;
      if (type == YAML_DOCUMENT_START_EVENT && root != NULL)
        {
          RtPlace place = place_of (source, event.start_mark);

          rt_set_error (error, RT_ERROR_SYNTAX, &place, "one document", "a second one begins");
          ok = FALSE;
        }
      else if (type != YAML_STREAM_START_EVENT && type != YAML_STREAM_END_EVENT
               && type != YAML_DOCUMENT_START_EVENT && type != YAML_DOCUMENT_END_EVENT)
        {
          root = read_node (source, &event, 0, error);
          ok = root != NULL;
        }
      yaml_event_delete (&event);
      if (!ok)
        return NULL;
      if (type == YAML_STREAM_END_EVENT)
        break;
    }
  if (root == NULL)
    {
      root = g_new0 (RtYaml, 1);
      root->kind = RT_YAML_SCALAR;
      root->line = source->first_line;
      root->text = g_strdup ("");
      root->plain = TRUE;
    }
  return g_steal_pointer (&root);
}

/**
 * rt_yaml_parse:
 * @text: (array length=length): YAML
 * @place: its file, and the line of that file that @text begins on
 *
 * Errors: %RT_ERROR_SYNTAX, %RT_ERROR_UNSUPPORTED and %RT_ERROR_LIMIT, each with file and line.
 *
 * Returns: (nullable) (transfer full): the tree; nothing at all gives an empty plain scalar
 */
RtYaml *
rt_yaml_parse (const char *text, gsize length, const RtPlace *place, GError **error)
{
  Source source = { .file = place->file, .first_line = MAX (place->line, 1) };
  RtYaml *root;

  g_return_val_if_fail (text != NULL, NULL);
  if (!yaml_parser_initialize (&source.parser))
    {
      rt_set_error (error, RT_ERROR_LIMIT, place, NULL, "no memory to read YAML");
      return NULL;
    }
  yaml_parser_set_encoding (&source.parser, YAML_UTF8_ENCODING);
  yaml_parser_set_input_string (&source.parser, (const unsigned char *)text, length);
  root = read_documents (&source, error);
  yaml_parser_delete (&source.parser);
  return root;
}

/**
 * rt_yaml_get:
 * @mapping: a node
 * @key: what is asked for
 *
 * Returns: (nullable): its value, if @mapping is a mapping and has it
 */
const RtYaml *
rt_yaml_get (const RtYaml *mapping, const char *key)
{
  if (mapping->kind != RT_YAML_MAPPING)
    return NULL;
  for (guint i = 0; i < mapping->children->len; i++)
    if (g_str_equal (mapping->keys->pdata[i], key))
      return mapping->children->pdata[i];
  return NULL;
}

/**
 * rt_yaml_kind_name:
 * @node: a node
 *
 * Returns: what it is, for messages: `a list`
 */
const char *
rt_yaml_kind_name (const RtYaml *node)
{
  static const char *const names[] = {
    [RT_YAML_SCALAR] = "a single value",
    [RT_YAML_LIST] = "a list",
    [RT_YAML_MAPPING] = "a mapping",
  };

  return names[node->kind];
}

static GVariant *
scalar_to_variant (const RtYaml *node)
{
  gint64 number;

  if (node->plain && (g_str_equal (node->text, "true") || g_str_equal (node->text, "false")))
    return g_variant_new_boolean (node->text[0] == 't');
  if (node->plain
      && g_ascii_string_to_signed (node->text, 10, G_MININT64, G_MAXINT64, &number, NULL))
    return g_variant_new_int64 (number);
  return g_variant_new_string (node->text);
}

/**
 * rt_yaml_to_variant:
 * @node: a node
 *
 * Returns: (transfer floating): a mapping as `a{sv}`, a list as `av`, a plain `true` or `false` as
 *   `b`, a plain whole number as `x`, all else as `s`
 */
GVariant *
rt_yaml_to_variant (const RtYaml *node)
{
  GVariantBuilder builder;

  if (node->kind == RT_YAML_SCALAR)
    return scalar_to_variant (node);
  if (node->kind == RT_YAML_LIST)
    {
      g_variant_builder_init (&builder, G_VARIANT_TYPE ("av"));
      for (guint i = 0; i < node->children->len; i++)
        g_variant_builder_add (&builder, "v", rt_yaml_to_variant (node->children->pdata[i]));
      return g_variant_builder_end (&builder);
    }
  g_variant_builder_init (&builder, G_VARIANT_TYPE_VARDICT);
  for (guint i = 0; i < node->children->len; i++)
    g_variant_builder_add (&builder, "{sv}", (const char *)node->keys->pdata[i],
                           rt_yaml_to_variant (node->children->pdata[i]));
  return g_variant_builder_end (&builder);
}

/**
 * rt_yaml_expect:
 * @node: a node
 * @kind: what it should be
 * @what: … in words
 * @file: where it stands
 *
 * Errors: it is something else.
 *
 * Returns: whether it is of that kind
 */
gboolean
rt_yaml_expect (
    const RtYaml *node, RtYamlKind kind, const char *what, const char *file, GError **error)
{
  RtPlace place = { file, node->line, 0 };

  if (node->kind == kind)
    return TRUE;
  rt_set_error (error, RT_ERROR_SYNTAX, &place, what, "%s stands here", rt_yaml_kind_name (node));
  return FALSE;
}
