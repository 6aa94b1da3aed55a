/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The glossary, read from lessons/glossary.yaml as it is built in, and the table of symptoms. */
#include "rt-glossary.h"

#include "rt-lesson-resources.h"
#include "rt-yaml.h"

/* clang-format off */
static const RtSymptom symptoms[] = {
  { "cors-blocked", "A CORS error, but 200 in the server's log",
    "Is there an Access-Control-Allow-Origin that fits in the answer, or in that of the preflight?" },
  { "stale-data", "Old data is shown",
    "Which hop answered (Age, Cache-Status), and how long may it?" },
  { "lost-update", "A saved change is gone",
    "Does the write carry If-Match, and does the server insist on it?" },
  { "duplicate-on-retry", "One click, two records",
    "Was a POST sent twice, and does it carry an Idempotency-Key?" },
  { "redirect-loses-body", "A redirected POST arrives as GET without content",
    "Which status redirected it: 301, 302 or 303 instead of 307 or 308?" },
  { "wrong-representation", "The wrong language or format",
    "Does the answer's Vary name the field that it was chosen by?" },
  { "401-or-403", "401 or 403?",
    "Would other credentials help? Then it is 401, with WWW-Authenticate." },
  { "400-or-422", "400 or 422?",
    "Could the content be parsed? If not, it is 400." },
  { "gateway-errors", "502, 503 or 504",
    "Who wrote the answer: the origin or a hop before it?" },
  { "header-after-body", "A field that was set does not arrive",
    "Was the header section already sent when it was set?" },
  { "client-address", "Every client has the proxy's address",
    "Who connected, and which of the forwarding fields was written by a hop you trust?" },
  { "http-links", "An https site writes http links",
    "Where does TLS end, and what tells the application so?" },
  { "connections-exhausted", "The server is idle and nobody gets in",
    "How many connections wait for a request that never becomes complete?" },
};
/* clang-format on */

static RtYaml *
read_glossary (void)
{
  g_autoptr (GBytes) bytes
      = g_resource_lookup_data (rt_lesson_get_resource (), "/org/roundtrip/lessons/glossary.yaml",
                                G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
  g_autoptr (GError) error = NULL;
  RtPlace place = { "lessons/glossary.yaml", 1, 0 };
  gsize length;
  const char *text = g_bytes_get_data (bytes, &length);
  RtYaml *yaml = rt_yaml_parse (text, length, &place, &error);

  if (yaml == NULL)
    g_error ("%s", error->message);
  return yaml;
}

/* Read once; it is part of the program and lives as long. */
static const RtYaml *
glossary (void)
{
  static RtYaml *yaml;

  if (g_once_init_enter (&yaml))
    g_once_init_leave (&yaml, read_glossary ());
  return yaml;
}

/**
 * rt_glossary_get:
 * @term: its name in lower case: `entity-tag`
 *
 * Returns: (nullable): the sentence that explains it
 */
const char *
rt_glossary_get (const char *term)
{
  const RtYaml *found = rt_yaml_get (glossary (), term);

  return found != NULL ? found->text : NULL;
}

/**
 * rt_glossary_get_terms:
 * @ret_n: (out): how many
 *
 * Returns: (array length=ret_n): all terms, in the order of the file
 */
const char *const *
rt_glossary_get_terms (guint *ret_n)
{
  const RtYaml *yaml = glossary ();

  *ret_n = yaml->keys->len;
  return (const char *const *)yaml->keys->pdata;
}

/**
 * rt_symptoms:
 * @ret_n: (out): how many
 *
 * Returns: (array length=ret_n): the symptoms, in the order of the cheat sheet
 */
const RtSymptom *
rt_symptoms (guint *ret_n)
{
  *ret_n = G_N_ELEMENTS (symptoms);
  return symptoms;
}

/**
 * rt_symptom_find:
 * @name: a symptom's name
 *
 * Returns: (nullable): the symptom
 */
const RtSymptom *
rt_symptom_find (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (symptoms); i++)
    if (g_str_equal (symptoms[i].name, name))
      return &symptoms[i];
  return NULL;
}
