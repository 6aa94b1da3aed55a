/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * JSON read where it stands, and its strings written: for the little of it that HTTP's own layers
 * look into. */
#pragma once

#include "rt-text.h"

G_BEGIN_DECLS

/** RT_JSON_DEPTH_MAX: deeper nesting is refused. */
#define RT_JSON_DEPTH_MAX 64

typedef enum
{
  RT_JSON_NULL,
  RT_JSON_FALSE,
  RT_JSON_TRUE,
  RT_JSON_NUMBER,
  RT_JSON_STRING,
  RT_JSON_ARRAY,
  RT_JSON_OBJECT,
} RtJsonType;

/**
 * RtJson:
 * @text: all of it; a string without its quotes, escapes and all
 *
 * A value, a slice of the document.
 */
typedef struct
{
  RtJsonType type;
  RtText text;
} RtJson;

gboolean rt_json_parse (RtText document, RtJson *ret_value);
gboolean rt_json_parse_until (RtText document, RtJson *ret_value, gsize *ret_reached);
gboolean rt_json_member_next (RtText *rest, RtText *ret_key, RtJson *ret_value);
gboolean rt_json_element_next (RtText *rest, RtJson *ret_value);
gboolean rt_json_find (const RtJson *object, const char *key, RtJson *ret_value);
gboolean rt_json_string_is (const RtJson *value, const char *string);
char *rt_json_string_dup (const RtJson *value);
void rt_json_append_string (GString *out, RtText text);
gboolean rt_json_get_integer (const RtJson *value, gint64 *ret_integer);

G_END_DECLS
