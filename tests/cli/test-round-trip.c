/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * There and back: every lesson and every sample becomes a capture and an archive, which become
 * sessions again. What they say of each exchange is the same as before. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "recorded.h"

#include "rt-analysis.h"
#include "rt-content.h"
#include "rt-exchanges.h"
#include "rt-session.h"

typedef enum
{
  TO_PCAPNG,
  TO_HAR,
  N_FORMATS,
} Format;

static const char *const extensions[N_FORMATS] = { "pcapng", "har" };

typedef struct
{
  const RecordedRow *recorded;
  Format format;
  char *title;
} Row;

/* What is said of a message */

static void
add_text (GString *out, const char *before, RtText text)
{
  g_autofree char *escaped = rt_text_escape (text);

  g_string_append_printf (out, "%s%s", before, escaped);
}

/* A capture says with them where messages end, so in it they are true. */
static gboolean
says_framing (RtText name)
{
  return rt_text_is_nocase (name, "content-length") || rt_text_is_nocase (name, "transfer-encoding")
         || rt_text_is_nocase (name, "content-encoding") || rt_text_is_nocase (name, "trailer");
}

/* framed: of a message that was reconstructed and stood in a capture */
static void
add_fields (GString *out, const char *before, RtFields *fields, gboolean framed)
{
  for (guint i = 0; fields != NULL && i < rt_fields_get_length (fields); i++)
    {
      const RtField *field = rt_fields_get (fields, i);

      if (framed && says_framing (field->name))
        continue;
      add_text (out, before, field->name);
      add_text (out, ": ", field->value);
      g_string_append_c (out, '\n');
    }
}

/* Codings undone: an archive has it so. */
static void
add_content (GString *out, RtAnalysis *analysis, const RtTransfer *transfer)
{
  g_autoptr (RtContent) content = rt_content_new (analysis, transfer);
  g_autofree char *hash = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, content->bytes);

  g_string_append_printf (out, "  %" G_GSIZE_FORMAT " bytes: %.16s\n",
                          g_bytes_get_size (content->bytes), hash);
}

static void
add_message (GString *out, RtAnalysis *analysis, const RtTransfer *transfer, gboolean framed)
{
  const RtMessage *message = transfer->message;

  if (message->status > 0)
    {
      g_string_append_printf (out, "< %s %u", rt_version_name (message->version), message->status);
      add_text (out, " ", message->reason);
    }
  else
    {
      add_text (out, "> ", message->method);
      add_text (out, " ", message->target);
      g_string_append_printf (out, " %s", rt_version_name (message->version));
    }
  g_string_append_c (out, '\n');
  add_fields (out, "  ", message->fields, framed);
  add_content (out, analysis, transfer);
  add_fields (out, "  trailer ", message->trailers, framed);
}

static const char *
name_of (RtAnalysis *analysis, RtPartyId id)
{
  const RtPartyInfo *party = rt_analysis_get_party (analysis, id);

  return party != NULL ? party->name : "nobody";
}

/* Where one event brought several requests, its marks are at the first. */
static void
add_marks (GString *out, const RtExchange *exchange, GPtrArray *marks, guint64 *last)
{
  guint64 event = exchange->request != NULL ? exchange->request->first_event : G_MAXUINT64;

  for (guint i = 0; i < marks->len && event != *last; i++)
    {
      const RtMark *mark = marks->pdata[i];

      if (mark->event == event)
        g_string_append_printf (out, "  mark: %s\n", mark->text);
    }
  *last = event;
}

static void
add_exchange (GString *out, RtAnalysis *analysis, const RtExchange *exchange, gboolean framed)
{
  g_string_append_printf (out, "%" G_GINT64_FORMAT " %s > %s, %s\n", exchange->started,
                          name_of (analysis, exchange->client),
                          name_of (analysis, exchange->server), exchange->scheme);
  if (exchange->request != NULL)
    add_message (out, analysis, exchange->request, framed);
  for (guint i = 0; i < exchange->interim->len; i++)
    add_message (out, analysis, exchange->interim->pdata[i], framed);
  /* What broke off before its status was there is no answer to those who keep messages. */
  if (exchange->response != NULL && exchange->response->message->status > 0)
    add_message (out, analysis, exchange->response, framed);
  if (exchange->response == NULL || exchange->response->message->status == 0)
    g_string_append (out, "no answer\n");
  else if (exchange->failed != NULL)
    g_string_append (out, "failed\n");
}

static char *
tell (const char *name, Format format, gboolean framed)
{
  g_autofree char *path = g_build_filename (program_folder, name, NULL);
  g_autoptr (RtSession) session = rt_session_open (path, NULL);
  g_autoptr (GPtrArray) infos = rt_session_list_runs (session, NULL);
  GString *out = g_string_new (NULL);

  for (guint i = 0; i < infos->len; i++)
    {
      const RtRunInfo *info = infos->pdata[i];
      g_autoptr (RtReader) reader = rt_session_open_run (session, info->id, NULL);
      g_autoptr (RtAnalysis) analysis = rt_analysis_new ();
      g_autoptr (GPtrArray) marks = rt_session_list_marks (session, info->id, NULL);
      GPtrArray *exchanges = rt_analysis_get_exchanges (analysis);
      guint64 marked = G_MAXUINT64;

      assert_true (rt_analysis_feed_reader (analysis, reader, G_MAXUINT64, NULL));
      g_string_append_printf (out, "Run %s\n", info->name);
      for (guint j = 0; j < exchanges->len; j++)
        {
          const RtExchange *exchange = exchanges->pdata[j];

          if (format == TO_HAR && (exchange->request == NULL || !exchange->request->has_head))
            continue; /* an entry has a request */
          add_exchange (out, analysis, exchange, framed);
          add_marks (out, exchange, marks, &marked);
        }
    }
  return g_string_free (out, FALSE);
}

/* The first line that differs, with those around it. */
static void
assert_same (const char *is, const char *want)
{
  g_auto (GStrv) left = NULL;
  g_auto (GStrv) right = NULL;
  guint at = 0;

  if (g_str_equal (is, want))
    return;
  left = g_strsplit (is, "\n", -1);
  right = g_strsplit (want, "\n", -1);
  while (g_strcmp0 (left[at], right[at]) == 0)
    at++;
  for (guint i = at > 8 ? at - 8 : 0; i <= at + 2 && right[i] != NULL; i++)
    print_message ("# %s %s\n", i == at ? "instead of" : "          ", right[i]);
  fail_msg ("line %u is “%s”", at + 1, left[at]);
}

/* A mark at the first request of each run. */
static void
set_marks (const char *name)
{
  g_autofree char *path = g_build_filename (program_folder, name, NULL);
  g_autoptr (RtSession) session = rt_session_open (path, NULL);
  g_autoptr (GPtrArray) infos = rt_session_list_runs (session, NULL);

  for (guint i = 0; i < infos->len; i++)
    {
      const RtRunInfo *info = infos->pdata[i];
      g_autoptr (RtReader) reader = rt_session_open_run (session, info->id, NULL);
      g_autoptr (RtAnalysis) analysis = rt_analysis_new ();
      const RtExchange *first;

      assert_true (rt_analysis_feed_reader (analysis, reader, G_MAXUINT64, NULL));
      first = rt_analysis_get_exchange (analysis, 1);
      if (first != NULL && first->request != NULL)
        assert_true (rt_session_set_mark (session, info->id, first->request->first_event,
                                          "look at “this”", NULL));
    }
}

static gboolean
is_reconstructed (const char *name)
{
  g_autofree char *path = g_build_filename (program_folder, name, NULL);
  g_autoptr (RtSession) session = rt_session_open (path, NULL);
  g_autoptr (GPtrArray) rows
      = rt_session_list_exchanges (session, &(RtExchangeQuery){ 0 }, 0, 1, NULL);

  return rows->len > 0 && ((const RtExchangeRow *)rows->pdata[0])->reconstructed;
}

static void
test_row (void **state)
{
  const Row *row = *state;
  const char *name = row->recorded->name;
  g_autofree char *session = g_strdup_printf ("%s.roundtrip", name);
  g_autofree char *foreign = g_strdup_printf ("%s.%s", name, extensions[row->format]);
  g_autofree char *back = g_strdup_printf ("%s.roundtrip", foreign);
  g_autofree char *want = NULL;
  g_autofree char *is = NULL;
  gboolean framed;

  if (recorded_make (row->recorded))
    set_marks (session);
  call_well ("convert --no-redact %s %s", session, foreign);
  call_well ("convert %s %s", foreign, back);
  framed = row->format == TO_PCAPNG && is_reconstructed (session);
  want = tell (session, row->format, framed);
  is = tell (back, row->format, framed);
  assert_same (is, want);
}

static void
clear_row (gpointer data)
{
  g_free (((Row *)data)->title);
}

int
main (void)
{
  g_autoptr (GArray) recorded = recorded_list ();
  g_autoptr (GArray) rows = g_array_new (FALSE, TRUE, sizeof (Row));
  g_autofree struct CMUnitTest *tests = g_new0 (struct CMUnitTest, recorded->len * N_FORMATS);

  g_array_set_clear_func (rows, clear_row);
  g_array_set_size (rows, recorded->len * N_FORMATS);
  for (guint i = 0; i < rows->len; i++)
    {
      Row *row = &g_array_index (rows, Row, i);

      row->recorded = &g_array_index (recorded, RecordedRow, i / N_FORMATS);
      row->format = i % N_FORMATS;
      row->title = g_strdup_printf ("%s, by %s", row->recorded->name, extensions[row->format]);
      tests[i] = (struct CMUnitTest){ row->title, test_row, NULL, NULL, row };
    }
  return _cmocka_run_group_tests ("round trip", tests, rows->len, program_set_up,
                                  program_tear_down);
}
