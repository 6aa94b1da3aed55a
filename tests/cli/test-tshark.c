/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What tshark sees in lessons that were written as pcapng: the same methods, targets, statuses and
 * contents, and nothing to complain of. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "program.h"

#include "rt-analysis.h"
#include "rt-session.h"

/* Those in which nobody does what tshark warns of (RST, malformed messages). */
static const char *const lessons[] = {
  "lost-update", "redirected-post", "cached-404", "freshness",         "no-cache", "what-304-saves",
  "cors",        "preflight",       "keep-alive", "who-is-the-client",
};

/* Lines in order, whatever order they came in. */
static char *
join_sorted (GPtrArray *lines)
{
  g_ptr_array_sort (lines, compare_names);
  g_ptr_array_add (lines, NULL);
  return g_strjoinv ("\n", (char **)lines->pdata);
}

static void
add_content (RtAnalysis *analysis, const RtTransfer *transfer, GPtrArray *hashes)
{
  g_autoptr (GBytes) content
      = transfer != NULL ? rt_analysis_dup_content (analysis, transfer) : NULL;

  if (content != NULL && g_bytes_get_size (content) > 0)
    g_ptr_array_add (hashes, g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, content));
}

static void
add_exchange (RtAnalysis *analysis,
              const RtExchange *exchange,
              GPtrArray *requests,
              GPtrArray *statuses,
              GPtrArray *hashes)
{
  if (exchange->request != NULL)
    g_ptr_array_add (requests,
                     g_strdup_printf ("%.*s %.*s", (int)exchange->request->message->method.length,
                                      exchange->request->message->method.at,
                                      (int)exchange->request->message->target.length,
                                      exchange->request->message->target.at));
  if (exchange->response != NULL)
    g_ptr_array_add (statuses, g_strdup_printf ("%u", exchange->response->message->status));
  add_content (analysis, exchange->request, hashes);
  add_content (analysis, exchange->response, hashes);
}

static char *
tell_ours (const char *path)
{
  g_autoptr (RtSession) session = rt_session_open (path, NULL);
  g_autoptr (GPtrArray) infos = rt_session_list_runs (session, NULL);
  g_autoptr (GPtrArray) requests = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) statuses = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) hashes = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *r = NULL;
  g_autofree char *s = NULL;
  g_autofree char *h = NULL;

  for (guint i = 0; i < infos->len; i++)
    {
      g_autoptr (RtReader) reader
          = rt_session_open_run (session, ((RtRunInfo *)infos->pdata[i])->id, NULL);
      g_autoptr (RtAnalysis) analysis = rt_analysis_new ();
      GPtrArray *exchanges = rt_analysis_get_exchanges (analysis);

      assert_true (rt_analysis_feed_reader (analysis, reader, G_MAXUINT64, NULL));
      for (guint j = 0; j < exchanges->len; j++)
        add_exchange (analysis, exchanges->pdata[j], requests, statuses, hashes);
    }
  r = join_sorted (requests);
  s = join_sorted (statuses);
  h = join_sorted (hashes);
  return g_strdup_printf ("%s\n\n%s\n\n%s", r, s, h);
}

/* A frame can hold the ends of several messages; their values stand between commas, which no
 * target of these lessons has. */
static void
add_frame (const char *line, GPtrArray *requests, GPtrArray *statuses)
{
  g_auto (GStrv) parts = g_strsplit (line, "\t", -1);
  g_auto (GStrv) methods = NULL;
  g_auto (GStrv) targets = NULL;
  g_auto (GStrv) codes = NULL;

  if (g_strv_length (parts) < 3)
    return;
  methods = g_strsplit (parts[0], ",", -1);
  targets = g_strsplit (parts[1], ",", -1);
  codes = g_strsplit (parts[2], ",", -1);
  for (guint i = 0; methods[i] != NULL && targets[i] != NULL; i++)
    g_ptr_array_add (requests, g_strdup_printf ("%s %s", methods[i], targets[i]));
  for (guint i = 0; codes[i] != NULL; i++)
    g_ptr_array_add (statuses, g_strdup (codes[i]));
}

static void
add_objects (const char *folder, GPtrArray *hashes)
{
  g_autofree char *path = g_build_filename (program_folder, folder, NULL);
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *file = g_build_filename (path, name, NULL);
      g_autofree char *data = NULL;
      gsize size;

      assert_true (g_file_get_contents (file, &data, &size, NULL));
      g_ptr_array_add (hashes,
                       g_compute_checksum_for_data (G_CHECKSUM_SHA256, (guchar *)data, size));
    }
}

static char *
tell_theirs (const char *lesson)
{
  g_autoptr (GPtrArray) requests = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) statuses = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) hashes = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *line = g_strdup_printf (
      "-r %s.pcapng -Y http -T fields -e http.request.method -e http.request.uri "
      "-e http.response.code -o http.decompress_body:FALSE --export-objects http,%s",
      lesson, lesson);
  g_autofree char *out = NULL;
  g_auto (GStrv) lines = NULL;
  g_autofree char *r = NULL;
  g_autofree char *s = NULL;
  g_autofree char *h = NULL;

  assert_int_equal (call_other ("tshark", line, &out, NULL), 0);
  lines = g_strsplit (out, "\n", -1);
  for (char **one = lines; *one != NULL; one++)
    add_frame (*one, requests, statuses);
  add_objects (lesson, hashes);
  r = join_sorted (requests);
  s = join_sorted (statuses);
  h = join_sorted (hashes);
  return g_strdup_printf ("%s\n\n%s\n\n%s", r, s, h);
}

static void
test_lesson (void **state)
{
  const char *lesson = *state;
  g_autofree char *path = NULL;
  g_autofree char *line = NULL;
  g_autofree char *ours = NULL;
  g_autofree char *theirs = NULL;
  g_autofree char *complaints = NULL;

  call_well ("run %s --record %s.roundtrip", lesson, lesson);
  call_well ("convert %s.roundtrip %s.pcapng", lesson, lesson);
  path = g_strdup_printf ("%s/%s.roundtrip", program_folder, lesson);
  ours = tell_ours (path);
  theirs = tell_theirs (lesson);
  assert_string_equal (theirs, ours);
  line = g_strdup_printf ("-r %s.pcapng -q -z expert,warn", lesson);
  assert_int_equal (call_other ("tshark", line, &complaints, NULL), 0);
  assert_string_equal (g_strstrip (complaints), "");
}

int
main (void)
{
  struct CMUnitTest tests[G_N_ELEMENTS (lessons)];

  for (gsize i = 0; i < G_N_ELEMENTS (lessons); i++)
    tests[i] = (struct CMUnitTest){ lessons[i], test_lesson, NULL, NULL, (void *)lessons[i] };
  return _cmocka_run_group_tests ("tshark", tests, G_N_ELEMENTS (tests), program_set_up,
                                  program_tear_down);
}
