/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The network as a lesson has it: how long a trip takes, how much fits, what goes wrong. A fault
 * is written as one line: `reset segment 2 from api.shop.test on connection 1`. */
#include "rt-lesson-private.h"

#include <string.h>

/** MAX_FAULTS: of one link. */
#define MAX_FAULTS 16

void
rt_lesson_fault_free (RtLessonFault *fault)
{
  g_free (fault->from);
  g_free (fault);
}

void
rt_lesson_link_free (RtLessonLink *link)
{
  g_free (link->a);
  g_free (link->b);
  g_clear_pointer (&link->faults, g_ptr_array_unref);
  g_free (link);
}

/* A number with a unit of bits a second: `10 Mbit/s`. */
static gboolean
parse_bandwidth (const char *text, guint64 *ret_bits)
{
  static const struct
  {
    const char *unit;
    guint64 factor;
  } units[]
      = { { "bit/s", 1 }, { "kbit/s", 1000 }, { "Mbit/s", 1000000 }, { "Gbit/s", 1000000000 } };
  gsize digits = strspn (text, "0123456789");
  const char *unit = text + digits + strspn (text + digits, " ");
  guint64 number;

  if (!rt_text_to_uint64 ((RtText){ text, digits }, &number) || number == 0)
    return FALSE;
  for (gsize i = 0; i < G_N_ELEMENTS (units); i++)
    if (g_str_equal (units[i].unit, unit))
      return g_uint64_checked_mul (ret_bits, number, units[i].factor);
  return FALSE;
}

static gboolean
parse_duration (const RtYaml *node, RtTime most, RtTime *slot)
{
  return node->kind == RT_YAML_SCALAR && rt_duration_parse (node->text, slot, NULL) && *slot >= 0
         && *slot <= most;
}

/* One word and its value, of a fault's line. */
static gboolean
read_fault_word (const RtLesson *lesson,
                 RtLessonFault *fault,
                 const char *word,
                 const char *value,
                 gboolean *ret_known)
{
  guint64 number = 0;
  gboolean counts
      = value != NULL && rt_text_to_uint64 (rt_text (value), &number) && number <= G_MAXUINT;

  *ret_known = TRUE;
  if (g_str_equal (word, "segment"))
    fault->fault.segment = number;
  else if (g_str_equal (word, "connection"))
    fault->fault.connection = (guint)number;
  else if (g_str_equal (word, "times"))
    fault->fault.count = (guint)number;
  else if (g_str_equal (word, "from"))
    {
      g_free (fault->from);
      fault->from = g_strdup (value);
      return value != NULL && rt_lesson_get_cast (lesson, value) != NULL;
    }
  else if (g_str_equal (word, "for"))
    return fault->fault.kind == RT_FAULT_STALL && value != NULL
           && rt_duration_parse (value, &fault->fault.duration, NULL) && fault->fault.duration > 0;
  else
    *ret_known = FALSE;
  return counts;
}

/* `lose segment 2 from ann on connection 1 times 3`, `stall segment 1 from ann for 5s`,
 * `reset segment 3`. */
static RtLessonFault *
read_fault (const RtLesson *lesson, const RtYaml *node, GError **error)
{
  static const char *const form
      = "“lose”, “stall” or “reset”, then “segment N”, “from PARTY”, “connection N”, “times N”, "
        "“for 5s”";
  static const char *const kinds[] = { "lose", "stall", "reset" };
  g_autoptr (RtLessonFault) fault = g_new0 (RtLessonFault, 1);
  g_auto (GStrv) words
      = node->kind == RT_YAML_SCALAR ? g_strsplit (node->text, " ", -1) : g_new0 (char *, 1);
  gsize kind = 0;

  while (kind < G_N_ELEMENTS (kinds) && g_strcmp0 (words[0], kinds[kind]) != 0)
    kind++;
  if (kind == G_N_ELEMENTS (kinds))
    return (rt_lesson_wrong (lesson, node, form, error), NULL);
  fault->fault.kind = (RtFaultKind)kind;
  fault->fault.segment = 1;
  fault->fault.duration = RT_TIME_NEVER;
  for (guint i = 1; words[i] != NULL;)
    {
      gboolean known;

      if (g_str_equal (words[i], "on"))
        {
          i++;
          continue;
        }
      if (!read_fault_word (lesson, fault, words[i], words[i + 1], &known) || !known)
        return (rt_lesson_wrong (lesson, node, form, error), NULL);
      i += 2;
    }
  return g_steal_pointer (&fault);
}

static gboolean
read_faults (const RtLesson *lesson, RtLessonLink *link, const RtYaml *node, GError **error)
{
  if (node->kind != RT_YAML_LIST || node->children->len > MAX_FAULTS)
    return rt_lesson_wrong (lesson, node, "a list of at most 16 faults", error);
  for (guint i = 0; i < node->children->len; i++)
    {
      RtLessonFault *fault = read_fault (lesson, node->children->pdata[i], error);

      if (fault == NULL)
        return FALSE;
      g_ptr_array_add (link->faults, fault);
    }
  return TRUE;
}

static gboolean
read_setting (const RtLesson *lesson,
              RtLessonLink *link,
              const char *name,
              const RtYaml *node,
              GError **error)
{
  static const char *const names[] = { "latency", "bandwidth", "queue", "faults" };
  RtPlace place = rt_lesson_place (lesson, node->line);

  if (g_str_equal (name, "latency"))
    return parse_duration (node, RT_TIME_MINUTE, &link->link.latency)
           || rt_lesson_wrong (lesson, node, "a duration such as 20ms", error);
  if (g_str_equal (name, "bandwidth"))
    return (node->kind == RT_YAML_SCALAR && parse_bandwidth (node->text, &link->link.bandwidth))
           || rt_lesson_wrong (lesson, node, "a rate such as 10 Mbit/s", error);
  if (g_str_equal (name, "queue"))
    return (node->kind == RT_YAML_SCALAR
            && rt_text_to_uint64 (rt_text (node->text), &link->link.queue))
           || rt_lesson_wrong (lesson, node, "a number of bytes; 0: without limit", error);
  if (g_str_equal (name, "faults"))
    return read_faults (lesson, link, node, error);
  rt_set_unknown (error, &place, "setting of a link", name, names, G_N_ELEMENTS (names));
  return FALSE;
}

/**
 * rt_lesson_link_read:
 * @lesson: its parties are known
 * @name: `all`, or `ann - api.shop.test`
 * @node: a mapping: what the link is like
 *
 * Errors: with file and line.
 *
 * Returns: (nullable) (transfer full): the link
 */
RtLessonLink *
rt_lesson_link_read (const RtLesson *lesson, const char *name, const RtYaml *node, GError **error)
{
  g_autoptr (RtLessonLink) link = g_new0 (RtLessonLink, 1);
  g_auto (GStrv) ends = g_strsplit (name, " - ", 2);
  RtPlace place = rt_lesson_place (lesson, node->line);

  link->link = RT_LINK_DEFAULT;
  link->line = node->line;
  link->faults = g_ptr_array_new_with_free_func ((GDestroyNotify)rt_lesson_fault_free);
  if (!g_str_equal (name, "all"))
    {
      if (ends[0] == NULL || ends[1] == NULL || rt_lesson_get_cast (lesson, ends[0]) == NULL
          || rt_lesson_get_cast (lesson, ends[1]) == NULL)
        {
          rt_set_error (error, RT_ERROR_SYNTAX, &place,
                        "“all” or two parties: “ann - api.shop.test”", "“%s” names no link", name);
          return NULL;
        }
      link->a = g_strdup (ends[0]);
      link->b = g_strdup (ends[1]);
    }
  if (node->kind != RT_YAML_MAPPING)
    return (rt_lesson_wrong (lesson, node, "a mapping: {latency: 20ms}", error), NULL);
  for (guint i = 0; i < node->children->len; i++)
    if (!read_setting (lesson, link, node->keys->pdata[i], node->children->pdata[i], error))
      return NULL;
  return g_steal_pointer (&link);
}
