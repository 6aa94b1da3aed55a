/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Command lines of curl. Invariants, whatever the bytes are:
 * - the words of a command, each put in single quotes, are the same words again;
 * - a request that was read can be written: its method and the names of its fields are tokens, and
 *   no value breaks out of its line. */
#include "rt-curl-read.h"
#include "rt-scan.h"
#include "rt-shell-words.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

static void
check_words (const char *text)
{
  g_auto (GStrv) words = rt_shell_split (text, NULL);
  g_auto (GStrv) again = NULL;
  g_autoptr (GString) quoted = g_string_new (NULL);

  if (words == NULL)
    return;
  for (guint i = 0; words[i] != NULL; i++)
    {
      g_autofree char *word = g_shell_quote (words[i]);

      g_string_append_printf (quoted, "%s ", word);
    }
  again = rt_shell_split (quoted->str, NULL);
  g_assert_true (again != NULL
                 && g_strv_equal ((const char *const *)words, (const char *const *)again));
}

static void
check_request (const char *text)
{
  g_autoptr (RtCurlRequest) request = rt_curl_parse (text, NULL);

  if (request == NULL)
    return;
  g_assert_nonnull (request->url);
  g_assert_true (rt_text_is_token (rt_text (request->method)));
  for (guint i = 0; i < rt_fields_get_length (request->fields); i++)
    {
      const RtField *field = rt_fields_get (request->fields, i);

      g_assert_true (rt_text_is_token (field->name));
      g_assert_true (rt_text_find (field->value, RT_TEXT ("\n")) < 0);
      g_assert_true (rt_text_find (field->value, RT_TEXT ("\r")) < 0);
    }
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autofree char *text = g_strndup ((const char *)data, size);

  check_words (text);
  check_request (text);
  return 0;
}
