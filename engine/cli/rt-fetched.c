/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A response that was fetched, as text and as JSON. */
#include "rt-fetch.h"

#include "rt-json-value.h"

#include <stdio.h>

/**
 * rt_fetched_take:
 * @fetched: all zero
 * @response: a browser's answer; copied
 */
void
rt_fetched_take (RtFetched *fetched, const RtBrowserResponse *response)
{
  *fetched = (RtFetched){
    .type = rt_response_type_name (response->type),
    .url = g_strdup (response->url),
    .redirected = response->redirected,
    .from_cache = response->from_cache,
    .status = response->status,
    .reason = rt_text_dup (response->reason),
    .fields = response->fields != NULL ? rt_fields_ref (response->fields) : NULL,
    .content = response->content != NULL ? g_bytes_ref (response->content) : NULL,
    .error = response->error != NULL ? g_error_copy (response->error) : NULL,
  };
}

void
rt_fetched_clear (RtFetched *fetched)
{
  g_clear_pointer (&fetched->url, g_free);
  g_clear_pointer (&fetched->reason, g_free);
  g_clear_pointer (&fetched->fields, rt_fields_unref);
  g_clear_pointer (&fetched->content, g_bytes_unref);
  g_clear_error (&fetched->error);
}

/* The bytes of fields are characters of their own (infra#isomorphic-decode). */
static void
append_isomorphic (GString *out, RtText bytes)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (gsize i = 0; i < bytes.length; i++)
    g_string_append_unichar (text, (guchar)bytes.at[i]);
  rt_json_append_string (out, (RtText){ text->str, text->len });
}

static void
append_fields (GString *out, RtFields *fields)
{
  for (guint i = 0; fields != NULL && i < rt_fields_get_length (fields); i++)
    {
      const RtField *field = rt_fields_get (fields, i);

      g_string_append (out, i > 0 ? ",[" : "[");
      append_isomorphic (out, field->name);
      g_string_append_c (out, ',');
      append_isomorphic (out, field->value);
      g_string_append_c (out, ']');
    }
}

/* As text, and where it is none also in base64: then nothing is lost. */
static void
append_content (GString *out, GBytes *content)
{
  gsize length;
  const char *bytes = g_bytes_get_data (content, &length);

  g_string_append (out, ",\"body\":");
  rt_json_append_string (out, (RtText){ bytes, length });
  if (length > 0 && !g_utf8_validate_len (bytes, length, NULL))
    {
      g_autofree char *coded = g_base64_encode ((const guchar *)bytes, length);

      g_string_append_printf (out, ",\"base64\":\"%s\"", coded);
    }
}

/**
 * rt_fetched_append_json:
 * @fetched: what came
 * @out: where the members of a JSON object are written, without its braces
 */
void
rt_fetched_append_json (const RtFetched *fetched, GString *out)
{
  if (fetched->error != NULL)
    {
      g_string_append (out, "\"error\":");
      rt_json_append_string (out, rt_text (fetched->error->message));
      return;
    }
  g_string_append_printf (out, "\"status\":%u,\"statusText\":", fetched->status);
  append_isomorphic (out, rt_text (fetched->reason));
  g_string_append (out, ",\"headers\":[");
  append_fields (out, fetched->fields);
  g_string_append_c (out, ']');
  if (fetched->content != NULL)
    append_content (out, fetched->content);
  if (fetched->type != NULL)
    g_string_append_printf (out, ",\"type\":\"%s\",\"redirected\":%s,\"fromCache\":%s",
                            fetched->type, fetched->redirected ? "true" : "false",
                            fetched->from_cache ? "true" : "false");
  if (fetched->url != NULL)
    {
      g_string_append (out, ",\"url\":");
      rt_json_append_string (out, rt_text (fetched->url));
    }
}

/**
 * rt_fetched_print:
 * @fetched: a response
 * @with_head: its status and fields, too
 *
 * Prints it as it is, byte for byte.
 */
void
rt_fetched_print (const RtFetched *fetched, gboolean with_head)
{
  if (with_head)
    {
      printf ("HTTP/1.1 %u %s\r\n", fetched->status, fetched->reason);
      for (guint i = 0; fetched->fields != NULL && i < rt_fields_get_length (fetched->fields); i++)
        {
          const RtField *field = rt_fields_get (fetched->fields, i);

          printf ("%.*s: %.*s\r\n", (int)field->name.length, field->name.at,
                  (int)field->value.length, field->value.at);
        }
      fputs ("\r\n", stdout);
    }
  /* No bytes may be at no place, which fwrite() must not be given. */
  if (fetched->content != NULL && g_bytes_get_size (fetched->content) > 0)
    fwrite (g_bytes_get_data (fetched->content, NULL), 1, g_bytes_get_size (fetched->content),
            stdout);
}
