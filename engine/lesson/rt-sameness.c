/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The same exchanges.
 *
 * What is compared is written down as lines, connection by connection: who sent what in which
 * order, with which fields, which content and which deciding checks. Left out is what time makes
 * (dates and ages) and what is made up anew in each run (ports, identifiers).
 *
 * Connections that are open side by side may be opened in another order, because the lines differ
 * by a hair; so they stand in the order of who they are between, and then of what crossed them. */
#include "rt-sameness.h"

#include <string.h>

/* Fields whose value is a moment, an age, or made up. */
static const char *const left_out[]
    = { "Date", "Last-Modified", "Expires", "If-Modified-Since", "If-Unmodified-Since", "Age" };

static const char *
name_of (RtPlay *play, RtPartyId id)
{
  const RtPartyInfo *info = rt_analysis_get_party (rt_play_get_analysis (play), id);

  return info != NULL ? info->name : "?";
}

static gboolean
is_left_out (RtText name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (left_out); i++)
    if (rt_text_is_nocase (name, left_out[i]))
      return TRUE;
  return FALSE;
}

static void
add_fields (GString *out, const char *what, RtFields *fields)
{
  for (guint i = 0; i < rt_fields_get_length (fields); i++)
    {
      const RtField *field = rt_fields_get (fields, i);

      if (is_left_out (field->name))
        continue;
      g_string_append_printf (out, "    %s field ", what);
      g_string_append_len (out, field->name.at, (gssize)field->name.length);
      g_string_append (out, ": ");
      g_string_append_len (out, field->value.at, (gssize)field->value.length);
      g_string_append_c (out, '\n');
    }
}

static void
add_content (GString *out, RtPlay *play, const char *what, const RtTransfer *transfer)
{
  g_autoptr (GBytes) content = rt_analysis_dup_content (rt_play_get_analysis (play), transfer);
  g_autofree char *hash
      = content != NULL ? g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, content) : NULL;

  if (transfer->content_length > 0)
    g_string_append_printf (out, "    %s content: %" G_GUINT64_FORMAT " bytes, %.16s\n", what,
                            transfer->content_length, hash != NULL ? hash : "?");
}

static void
add_decisions (GString *out, RtPlay *play, const RtExchange *exchange)
{
  for (guint i = 0; exchange->decisions != NULL && i < exchange->decisions->len; i++)
    {
      const RtDecisionInfo *info = exchange->decisions->pdata[i];

      for (guint j = 0; j < rt_decision_get_n_checks (info->decision); j++)
        {
          RtCheck check = rt_decision_get_check (info->decision, j);

          if (check.decides)
            g_string_append_printf (out, "    %s decides by %s: %s\n", name_of (play, info->party),
                                    check.clause.id, rt_outcome_name (check.outcome));
        }
    }
}

static void
add_exchange (GString *out, RtPlay *play, const RtExchange *exchange)
{
  const RtTransfer *request = exchange->request, *response = exchange->response;

  if (request != NULL && request->has_head)
    {
      RtMessage *message = request->message;

      g_string_append_printf (out, "  %.*s %.*s\n", (int)message->method.length, message->method.at,
                              (int)message->target.length, message->target.at);
      add_fields (out, "request", message->fields);
      add_content (out, play, "request", request);
    }
  else
    g_string_append (out, "  no whole request\n");
  for (guint i = 0; exchange->interim != NULL && i < exchange->interim->len; i++)
    g_string_append_printf (out, "    interim %u\n",
                            ((const RtTransfer *)exchange->interim->pdata[i])->message->status);
  if (response != NULL)
    {
      g_string_append_printf (out, "    status %u\n", response->message->status);
      add_fields (out, "response", response->message->fields);
      add_content (out, play, "response", response);
    }
  else
    g_string_append (out, "    no answer\n");
  add_decisions (out, play, exchange);
}

static gint
compare_texts (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *)a, *(const char *const *)b);
}

/* All that crossed one connection. */
static char *
dup_connection (RtPlay *play, const RtConnectionInfo *connection)
{
  GPtrArray *exchanges = rt_analysis_get_exchanges (rt_play_get_analysis (play));
  GString *out = g_string_new (NULL);

  g_string_append_printf (out, "%s to %s%s\n", name_of (play, connection->from),
                          connection->host != NULL ? connection->host : "?",
                          connection->end == RT_CONNECTION_FAILED ? ", not opened" : "");
  for (guint i = 0; i < exchanges->len; i++)
    if (((const RtExchange *)exchanges->pdata[i])->connection == connection->id)
      add_exchange (out, play, exchanges->pdata[i]);
  return g_string_free (out, FALSE);
}

/**
 * rt_sameness_dup_lines:
 * @play: a play
 *
 * Returns: (transfer full) (element-type utf8): what happened in it, as far as it is the same on
 *   every driver, a text for each connection
 */
GPtrArray *
rt_sameness_dup_lines (RtPlay *play)
{
  GPtrArray *connections = rt_analysis_get_connections (rt_play_get_analysis (play));
  GPtrArray *out = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < connections->len; i++)
    g_ptr_array_add (out, dup_connection (play, connections->pdata[i]));
  g_ptr_array_sort (out, compare_texts);
  return out;
}

/* The first line that differs, with the one above it that says where it stands. */
static char *
describe (const char *a, const char *b)
{
  g_auto (GStrv) left = g_strsplit (a, "\n", -1);
  g_auto (GStrv) right = g_strsplit (b, "\n", -1);
  const char *exchange = "";
  guint i = 0;

  for (; left[i] != NULL && right[i] != NULL && g_str_equal (left[i], right[i]); i++)
    if (i > 0 && left[i][2] != ' ' && left[i][0] == ' ')
      exchange = left[i];
  return g_strdup_printf ("%s%s%s: “%s” and “%s”", left[0], *exchange != '\0' ? ":" : "", exchange,
                          left[i] != NULL ? g_strstrip (left[i]) : "nothing",
                          right[i] != NULL ? g_strstrip (right[i]) : "nothing");
}

/**
 * rt_sameness_dup_difference:
 * @a: a play
 * @b: another of the same scenario
 *
 * Compares what was exchanged: per connection the order, method, target, status, fields, content
 * and deciding checks.
 *
 * Returns: (nullable) (transfer full): the first difference, in words; %NULL: there is none
 */
char *
rt_sameness_dup_difference (RtPlay *a, RtPlay *b)
{
  g_autoptr (GPtrArray) left = rt_sameness_dup_lines (a);
  g_autoptr (GPtrArray) right = rt_sameness_dup_lines (b);

  for (guint i = 0; i < MAX (left->len, right->len); i++)
    {
      const char *one = i < left->len ? left->pdata[i] : "";
      const char *other = i < right->len ? right->pdata[i] : "";

      if (!g_str_equal (one, other))
        return describe (one, other);
    }
  return NULL;
}
