/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Captures from elsewhere, and what tshark sees in them: methods, targets and statuses of each
 * connection. A line of its listings is a frame:
 *
 *   number|connection|methods|targets|versions|statuses|lengths|codings|…
 *
 * Where the two differ, a row says how and why. */
#include "rt-test-record.h"

#include "rt-analysis.h"
#include "rt-pcap.h"
#include "../vectors.h"

#include <string.h>

#define CAPTURES_MAX 200

typedef struct
{
  const char *file;
  const char *ours; /* what we see instead */
  const char *why;
} Difference;

/* clang-format off */
static const Difference differences[] = {
  { "zeek-261-variant-03-cl_negative.pcap", "POST / ->\n",
    "A Content-Length that is no number leaves the end of the content unknown (RFC 9112 §6.3); "
    "tshark takes what follows the head for a request." },
  { "zeek-http-concurrent-range-requests.pcap",
    "GET /100MB.bin -> 206\nGET /100MB.bin -> 206\nGET /100MB.bin -> 206\n",
    "tshark lists no response whose content the capture does not hold to its end." },
  { "zeek-http-content-range-gap.pcap",
    "GET /images/misc/static/2012/11/ifdata-welcome-0.png -> 206\n",
    "The response's content has a gap: tshark waits for the bytes and lists nothing." },
  { "zeek-http-get-to-ssh-server.pcap", "GET / ->\n",
    "The client speaks HTTP, the server SSH: tshark goes by the port." },
  { "zeek-http-http-to-ssh.pcap", "GET / ->\n", "The same." },
  { "zeek-http-no-uri.pcap", "GET  -> 200\n",
    "The request line is `GET HTTP/1.1`: the version stands where it belongs and the target is "
    "missing, for tshark it is the target." },
  { "zeek-http-putty-upload.pcap", "GET /upload.html -> 200\nPOST /upload -> 200\n",
    "The server cut off before the content had been sent: tshark lists no request that is not "
    "whole." },
};
/* clang-format on */

/* By connection: `GET / POST /x -> 200 404`. */
typedef struct
{
  GString *requests, *responses;
} Line;

static void
clear_line (gpointer data)
{
  Line *line = data;

  if (line->requests == NULL)
    return;
  g_string_free (line->requests, TRUE);
  g_string_free (line->responses, TRUE);
}

static GArray *
new_lines (void)
{
  GArray *lines = g_array_new (FALSE, TRUE, sizeof (Line));

  g_array_set_clear_func (lines, clear_line);
  return lines;
}

static Line *
line_at (GArray *lines, guint i)
{
  Line *line;

  if (i >= lines->len)
    g_array_set_size (lines, i + 1);
  line = &g_array_index (lines, Line, i);
  if (line->requests == NULL)
    {
      line->requests = g_string_new (NULL);
      line->responses = g_string_new (NULL);
    }
  return line;
}

static char *
join_lines (GArray *lines)
{
  GString *out = g_string_new (NULL);

  for (guint i = 0; i < lines->len; i++)
    {
      const Line *line = &g_array_index (lines, Line, i);

      if (line->requests != NULL && line->requests->len + line->responses->len > 0)
        g_string_append_printf (out, "%s->%s\n", line->requests->str, line->responses->str);
    }
  return g_string_free (out, FALSE);
}

static void
add_theirs (GArray *lines, const char *text)
{
  g_auto (GStrv) parts = g_strsplit (text, "|", -1);
  g_auto (GStrv) methods = NULL;
  g_auto (GStrv) targets = NULL;
  g_auto (GStrv) statuses = NULL;
  Line *line;

  if (g_strv_length (parts) < 6)
    return;
  line = line_at (lines, (guint)g_ascii_strtoull (parts[1], NULL, 10));
  methods = g_strsplit (parts[2], ",", -1);
  targets = g_strsplit (parts[3], ",", -1);
  statuses = g_strsplit (parts[5], ",", -1);
  for (guint i = 0; methods[i] != NULL && targets[i] != NULL; i++)
    g_string_append_printf (line->requests, "%s %s ", methods[i], targets[i]);
  for (guint i = 0; statuses[i] != NULL; i++)
    g_string_append_printf (line->responses, " %s", statuses[i]);
}

static char *
read_theirs (const char *path)
{
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;
  g_autoptr (GArray) theirs = new_lines ();

  assert_true (g_file_get_contents (path, &text, NULL, NULL));
  lines = g_strsplit (text, "\n", -1);
  for (char **line = lines; *line != NULL; line++)
    add_theirs (theirs, *line);
  return join_lines (theirs);
}

static void
add_ours (GArray *lines, const RtExchange *exchange)
{
  Line *line = line_at (lines, exchange->connection);

  if (exchange->request != NULL && exchange->request->has_head)
    g_string_append_printf (
        line->requests, "%.*s %.*s ", (int)exchange->request->message->method.length,
        exchange->request->message->method.at, (int)exchange->request->message->target.length,
        exchange->request->message->target.at);
  for (guint i = 0; i < exchange->interim->len; i++)
    g_string_append_printf (line->responses, " %u",
                            ((RtTransfer *)exchange->interim->pdata[i])->message->status);
  if (exchange->response != NULL && exchange->response->message->status > 0)
    g_string_append_printf (line->responses, " %u", exchange->response->message->status);
}

static char *
read_ours (void **state, const char *path)
{
  g_autofree char *to = rt_test_path (state, "out.roundtrip");
  g_autoptr (RtSession) session = rt_session_create (to, NULL);
  g_autoptr (RtImportReport) report = rt_pcap_import (session, path, NULL, NULL);
  g_autoptr (RtReader) reader = NULL;
  g_autoptr (RtAnalysis) analysis = rt_analysis_new ();
  g_autoptr (GArray) lines = new_lines ();
  GPtrArray *exchanges = rt_analysis_get_exchanges (analysis);

  assert_non_null (report);
  assert_true (report->whole);
  reader = rt_session_open_run (session, 1, NULL);
  assert_true (rt_analysis_feed_reader (analysis, reader, G_MAXUINT64, NULL));
  for (guint i = 0; i < exchanges->len; i++)
    add_ours (lines, exchanges->pdata[i]);
  return join_lines (lines);
}

static void
test_capture (void **state)
{
  const char *name = *state;
  void *folder = NULL;
  g_autofree char *path = g_build_filename (vectors_folder (), "pcap", name, NULL);
  g_autofree char *listing = g_strdup_printf ("%s/pcap/tshark/%s.txt", vectors_folder (), name);
  g_autofree char *want = read_theirs (listing);
  g_autofree char *is = NULL;

  assert_int_equal (rt_test_setup (&folder), 0);
  is = read_ours (&folder, path);
  for (gsize i = 0; i < G_N_ELEMENTS (differences); i++)
    if (g_str_equal (name, differences[i].file))
      {
        assert_string_not_equal (is, want);
        g_free (want);
        want = g_strdup (differences[i].ours);
      }
  assert_string_equal (is, want);
  rt_test_teardown (&folder);
}

static gint
compare_names (gconstpointer a, gconstpointer b)
{
  return g_strcmp0 (*(const char *const *)a, *(const char *const *)b);
}

static GPtrArray *
list_captures (void)
{
  GPtrArray *names = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *path
      = vectors_folder () != NULL ? g_build_filename (vectors_folder (), "pcap", NULL) : NULL;
  g_autoptr (GDir) folder = path != NULL ? g_dir_open (path, 0, NULL) : NULL;
  const char *name;

  while (folder != NULL && (name = g_dir_read_name (folder)) != NULL)
    if (strstr (name, ".pcap") != NULL)
      g_ptr_array_add (names, g_strdup (name));
  g_ptr_array_sort (names, compare_names);
  return names;
}

int
main (void)
{
  g_autoptr (GPtrArray) names = list_captures ();
  struct CMUnitTest tests[CAPTURES_MAX];
  guint n = MIN (names->len, CAPTURES_MAX);

  for (guint i = 0; i < n; i++)
    tests[i] = (struct CMUnitTest){ names->pdata[i], test_capture, NULL, NULL, names->pdata[i] };
  return vectors_run_tests ("pcap-vectors", tests, n);
}
