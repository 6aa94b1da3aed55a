/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a lesson says of itself between its first two lines of `---`. */
#include "rt-cast-kind.h"
#include "rt-glossary.h"
#include "rt-lesson-private.h"

#include <string.h>

/** MAX_CAST: parties in one lesson. */
#define MAX_CAST 16
#define MAX_LEVEL 3
#define MAX_MINUTES 60

typedef gboolean (*Reader) (RtLesson *lesson, const RtYaml *node, GError **error);

static gboolean
read_text (RtLesson *lesson, const RtYaml *node, char **slot, GError **error)
{
  if (node->kind != RT_YAML_SCALAR || *node->text == '\0')
    return rt_lesson_wrong (lesson, node, "text", error);
  *slot = g_strdup (node->text);
  return TRUE;
}

static gboolean
read_title (RtLesson *lesson, const RtYaml *node, GError **error)
{
  return read_text (lesson, node, &lesson->title, error);
}

static gboolean
read_topic (RtLesson *lesson, const RtYaml *node, GError **error)
{
  return read_text (lesson, node, &lesson->topic, error);
}

static gboolean
read_summary (RtLesson *lesson, const RtYaml *node, GError **error)
{
  return read_text (lesson, node, &lesson->summary, error);
}

static gboolean
read_number (const RtYaml *node, guint max, guint *slot)
{
  guint64 number;

  if (node->kind != RT_YAML_SCALAR || !rt_text_to_uint64 (rt_text (node->text), &number)
      || number == 0 || number > max)
    return FALSE;
  *slot = (guint)number;
  return TRUE;
}

static gboolean
read_level (RtLesson *lesson, const RtYaml *node, GError **error)
{
  return read_number (node, MAX_LEVEL, &lesson->level)
         || rt_lesson_wrong (lesson, node, "a level from 1 to 3", error);
}

static gboolean
read_minutes (RtLesson *lesson, const RtYaml *node, GError **error)
{
  return read_number (node, MAX_MINUTES, &lesson->minutes)
         || rt_lesson_wrong (lesson, node, "minutes from 1 to 60", error);
}

/* A list of texts, each of which @check accepts. */
static gboolean
read_list (RtLesson *lesson,
           const RtYaml *node,
           gboolean (*check) (RtLesson *lesson, const RtYaml *item, GError **error),
           char ***slot,
           GError **error)
{
  g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func (g_free);

  if (node->kind != RT_YAML_LIST)
    return rt_lesson_wrong (lesson, node, "a list: [a, b]", error);
  for (guint i = 0; i < node->children->len; i++)
    {
      const RtYaml *item = node->children->pdata[i];

      if (item->kind != RT_YAML_SCALAR)
        return rt_lesson_wrong (lesson, item, "text", error);
      if (!check (lesson, item, error))
        return FALSE;
      g_ptr_array_add (list, g_strdup (item->text));
    }
  g_ptr_array_add (list, NULL);
  g_strfreev (*slot);
  *slot = (char **)g_ptr_array_free (g_steal_pointer (&list), FALSE);
  return TRUE;
}

static gboolean
check_symptom (RtLesson *lesson, const RtYaml *item, GError **error)
{
  RtPlace place = rt_lesson_place (lesson, item->line);
  const char *names[64];
  guint n;
  const RtSymptom *symptoms = rt_symptoms (&n);

  if (rt_symptom_find (item->text) != NULL)
    return TRUE;
  n = MIN (n, G_N_ELEMENTS (names));
  for (guint i = 0; i < n; i++)
    names[i] = symptoms[i].name;
  rt_set_unknown (error, &place, "symptom", item->text, names, n);
  return FALSE;
}

static gboolean
read_symptoms (RtLesson *lesson, const RtYaml *node, GError **error)
{
  return read_list (lesson, node, check_symptom, &lesson->symptoms, error);
}

static gboolean
check_reference (RtLesson *lesson, const RtYaml *item, GError **error)
{
  g_autofree char *label = rt_reference_label (item->text);

  return label != NULL || rt_lesson_wrong (lesson, item, "a reference such as 9110#13.1.1", error);
}

static gboolean
read_references (RtLesson *lesson, const RtYaml *node, GError **error)
{
  return read_list (lesson, node, check_reference, &lesson->references, error);
}

static gboolean
read_clock (RtLesson *lesson, const RtYaml *node, GError **error)
{
  return (node->kind == RT_YAML_SCALAR && rt_time_parse (node->text, &lesson->clock, NULL))
         || rt_lesson_wrong (lesson, node, "a moment such as 2026-01-01T12:00:00Z", error);
}

/* Names are host names and words of the `http` line: letters, digits, dots and hyphens. */
static gboolean
is_party_name (const char *name)
{
  gsize length = strlen (name);

  return length > 0 && length <= 64 && g_ascii_isalnum (name[0])
         && strspn (name, "abcdefghijklmnopqrstuvwxyz0123456789.-") == length;
}

static gboolean
read_party (RtLesson *lesson, const char *name, const RtYaml *node, GError **error)
{
  RtPlace place = rt_lesson_place (lesson, node->line);
  guint n;
  const RtCastKind *kinds = rt_cast_kinds (&n);
  g_autofree const char **names = g_new0 (const char *, n);
  RtCast *cast;

  if (!is_party_name (name))
    {
      rt_set_error (error, RT_ERROR_SYNTAX, &place, "small letters, digits, dots and hyphens",
                    "“%s” is no name for a party", name);
      return FALSE;
    }
  if (node->kind != RT_YAML_SCALAR)
    return rt_lesson_wrong (lesson, node, "what it is: client or origin", error);
  for (guint i = 0; i < n; i++)
    names[i] = kinds[i].name;
  if (rt_cast_kind_find (node->text) == NULL)
    {
      rt_set_unknown (error, &place, "kind of party", node->text, names, n);
      return FALSE;
    }
  cast = g_new0 (RtCast, 1);
  cast->name = g_strdup (name);
  cast->kind = g_strdup (node->text);
  cast->line = node->line;
  g_ptr_array_add (lesson->cast, cast);
  return TRUE;
}

static gboolean
read_parties (RtLesson *lesson, const RtYaml *node, GError **error)
{
  if (node->kind != RT_YAML_MAPPING || node->children->len == 0 || node->children->len > MAX_CAST)
    return rt_lesson_wrong (lesson, node, "one to 16 parties, each a name and what it is", error);
  for (guint i = 0; i < node->children->len; i++)
    if (!read_party (lesson, node->keys->pdata[i], node->children->pdata[i], error))
      return FALSE;
  return TRUE;
}

static gboolean
read_links (RtLesson *lesson, const RtYaml *node, GError **error)
{
  if (node->kind != RT_YAML_MAPPING)
    return rt_lesson_wrong (lesson, node, "a mapping of links to their settings", error);
  for (guint i = 0; i < node->children->len; i++)
    {
      RtLessonLink *link
          = rt_lesson_link_read (lesson, node->keys->pdata[i], node->children->pdata[i], error);

      if (link == NULL)
        return FALSE;
      g_ptr_array_add (lesson->links, link);
    }
  return TRUE;
}

/* clang-format off */
/* In the order they are read in: links name parties. */
static const struct { const char *name; gboolean required; Reader read; } keys[] = {
  { "title",    TRUE,  read_title },
  { "topic",    TRUE,  read_topic },
  { "summary",  TRUE,  read_summary },
  { "level",    TRUE,  read_level },
  { "minutes",  TRUE,  read_minutes },
  { "symptoms", FALSE, read_symptoms },
  { "rfc",      FALSE, read_references },
  { "clock",    TRUE,  read_clock },
  { "parties",  TRUE,  read_parties },
  { "links",    FALSE, read_links },
};
/* clang-format on */

static gboolean
check_keys (const RtLesson *lesson, const RtYaml *yaml, GError **error)
{
  const char *names[G_N_ELEMENTS (keys)];

  for (gsize i = 0; i < G_N_ELEMENTS (keys); i++)
    names[i] = keys[i].name;
  for (guint i = 0; i < yaml->children->len; i++)
    {
      const RtYaml *child = yaml->children->pdata[i];
      RtPlace place = rt_lesson_place (lesson, child->line);
      const char *key = yaml->keys->pdata[i];
      gsize j = 0;

      while (j < G_N_ELEMENTS (keys) && !g_str_equal (names[j], key))
        j++;
      if (j == G_N_ELEMENTS (keys))
        {
          rt_set_unknown (error, &place, "key of the front matter", key, names, j);
          return FALSE;
        }
    }
  return TRUE;
}

static gboolean
read_yaml (RtLesson *lesson, const RtYaml *yaml, GError **error)
{
  if (yaml->kind != RT_YAML_MAPPING)
    return rt_lesson_wrong (lesson, yaml, "keys such as “title: …”", error);
  if (!check_keys (lesson, yaml, error))
    return FALSE;
  for (gsize i = 0; i < G_N_ELEMENTS (keys); i++)
    {
      const RtYaml *node = rt_yaml_get (yaml, keys[i].name);
      RtPlace place = rt_lesson_place (lesson, yaml->line);

      if (node == NULL && keys[i].required)
        {
          rt_set_error (error, RT_ERROR_MISSING, &place, NULL, "the front matter has no “%s”",
                        keys[i].name);
          return FALSE;
        }
      if (node != NULL && !keys[i].read (lesson, node, error))
        return FALSE;
    }
  return TRUE;
}

/**
 * rt_front_matter_read:
 * @lesson: is filled in
 * @text: (array length=length): the whole file
 * @ret_lines: (out): how many lines the front matter takes
 *
 * Returns: where the rest begins; 0: it could not be read
 */
gsize
rt_front_matter_read (
    RtLesson *lesson, const char *text, gsize length, guint *ret_lines, GError **error)
{
  RtText all = { text, length };
  RtPlace place = rt_lesson_place (lesson, 1);
  g_autoptr (RtYaml) yaml = NULL;
  gssize end;

  if (!rt_text_starts_with (all, RT_TEXT ("---\n")))
    {
      rt_set_error (error, RT_ERROR_SYNTAX, &place, "a line “---”",
                    "the lesson does not begin with its front matter");
      return 0;
    }
  end = rt_text_find (rt_text_sub (all, 3, length - 3), RT_TEXT ("\n---\n"));
  if (end < 0)
    {
      rt_set_error (error, RT_ERROR_SYNTAX, &place, "a second line “---”",
                    "the front matter has no end");
      return 0;
    }
  place.line = 2;
  yaml = rt_yaml_parse (text + 4, (gsize)end, &place, error);
  if (yaml == NULL || !read_yaml (lesson, yaml, error))
    return 0;
  end += (gssize)strlen ("---\n---\n");
  *ret_lines = 0;
  for (gssize i = 0; i < end; i++)
    *ret_lines += text[i] == '\n';
  return (gsize)end;
}
