/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * YAML as a tree that knows its lines. Only what a lesson needs: no anchors, aliases or tags, so
 * nothing can refer to itself or grow. */
#pragma once

#include "rt-error.h"

G_BEGIN_DECLS

/** RT_YAML_MAX_DEPTH, RT_YAML_MAX_NODES: caps on what one text may hold. */
#define RT_YAML_MAX_DEPTH 16
#define RT_YAML_MAX_NODES 20000

typedef enum
{
  RT_YAML_SCALAR,
  RT_YAML_LIST,
  RT_YAML_MAPPING,
} RtYamlKind;

/**
 * RtYaml:
 * @line: in the file that the text is part of
 * @text: SCALAR: its value
 * @plain: SCALAR: it was not quoted, so that `true` and `3` mean more than text
 * @keys: MAPPING: (element-type utf8), in order, none twice
 * @children: LIST and MAPPING: (element-type RtYaml)
 *
 * A node.
 */
typedef struct
{
  RtYamlKind kind;
  guint line, column;
  char *text;
  gboolean plain;
  GPtrArray *keys, *children;
} RtYaml;

RtYaml *rt_yaml_parse (const char *text, gsize length, const RtPlace *place, GError **error);
void rt_yaml_free (RtYaml *node);

const RtYaml *rt_yaml_get (const RtYaml *mapping, const char *key);
const char *rt_yaml_kind_name (const RtYaml *node);
gboolean rt_yaml_expect (
    const RtYaml *node, RtYamlKind kind, const char *what, const char *file, GError **error);
GVariant *rt_yaml_to_variant (const RtYaml *node);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RtYaml, rt_yaml_free)

G_END_DECLS
