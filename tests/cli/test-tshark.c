/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What tshark sees in lessons and samples that were written as pcapng: the same methods, targets,
 * statuses and contents, and nothing to complain of. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "recorded.h"

#include "rt-content.h"
#include "rt-session.h"

/* What tshark warns of, where somebody does it on purpose. */
typedef struct
{
  const char *name, *what;
} Allowance;

/* clang-format off */
static const Allowance allowances[] = {
  { "smallest-request", "Illegal characters found in header name" },
  { "body-end", "The Content-Length and Transfer-Encoding header must not be set together" },
  { "duplicate-orders", "Connection reset (RST)" },
  { "slowloris", "Connection reset (RST)" },
  { "gateway-errors", "Connection reset (RST)" },
  { "any-node", "Connection reset (RST)" },
  { "tunnel-and-echo", "Connection reset (RST)" },
  { "chunks-and-events", "Connection reset (RST)" },
  /* Plaintext stands in place of TLS. */
  { "cookies", "Unencrypted HTTP protocol detected over encrypted port" },
  { "https-http-links", "Unencrypted HTTP protocol detected over encrypted port" },
  { "sample-faulty-answers",
    "The Content-Length and Transfer-Encoding header must not be set together" },
};
/* clang-format on */

/* What tshark sees otherwise: `- ` what it lacks, `+ ` what it has instead. */
typedef struct
{
  const char *name, *what, *why;
} Difference;

/* clang-format off */
static const Difference differences[] = {
  { "smallest-request",
    "- GET /\n- GET /\n- get /\n"
    "+ e19eb4ca43f70b99045d85823d11298417f35f0eb013a1de8fb532b6cd48c769\n",
    "Requests that are cut off or have a method that does not exist are none for tshark." },
  { "body-end",
    "- /note \n- PUT /note\n- imeGET /note\n- 200\n- 200\n"
    "- 073fb3a77e54cc76b21c271a34e4ee1a214d58c4fb125dd42aa01a0751c0349a\n"
    "- 073fb3a77e54cc76b21c271a34e4ee1a214d58c4fb125dd42aa01a0751c0349a\n"
    "- c6d5d2426b365c13c22185528d69214cf258cd278e58bb42aff0f2afe9331caf\n"
    "- f75f5f5dbc29f50a1b07bfa9ecabc2bd782878755a3d467535689cc27051681c\n"
    "+ c40ebbb5bd4a38ad4f6718c324e5371f01e9381fd3da5fab8dc5ea690281c479\n"
    "+ e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\n"
    "+ ed3d25b12f0850107c30f68b94a83261d78342e4205746d65d91494b7b0ed4f2\n",
    "Content that does not end where its fields say is the lesson: tshark lists none that is not "
    "whole, and takes what stands behind it for another's." },
  { "slowloris",
    "- GET /\n- GET /\n- GET /\n- GET /\n- GET /\n- GET /\n- GET /\n- GET /\n- GET /\n",
    "Heads that never end are no requests for tshark." },
  { "header-after-body",
    "- 200\n- 200\n"
    "- 8baa68d0e7cd9603f538e942790e9cbcd388fd608eca25c66b2edd3e7bd5976c\n"
    "- 8baa68d0e7cd9603f538e942790e9cbcd388fd608eca25c66b2edd3e7bd5976c\n",
    "Chunked responses that are broken off are none for tshark." },
  { "chunks-and-events",
    "- 200\n- 200\n"
    "- cdf5ee889143828b20caea5a47c439310365eab529f6d28b8afe9cf1d30a85d9\n"
    "- de2769ff15b32a101ef3ecd1614fc4a346db12b1c014d37d458ad1da5ec98cad\n",
    "Likewise: cut off by its server, or left by its client." },
};
/* clang-format on */

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
  g_autoptr (RtContent) content = transfer != NULL ? rt_content_new (analysis, transfer) : NULL;

  if (content != NULL && g_bytes_get_size (content->bytes) > 0)
    g_ptr_array_add (hashes, g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, content->bytes));
}

static void
add_exchange (RtAnalysis *analysis,
              const RtExchange *exchange,
              GPtrArray *requests,
              GPtrArray *statuses,
              GPtrArray *hashes)
{
  if (exchange->request != NULL && exchange->request->has_head)
    g_ptr_array_add (requests,
                     g_strdup_printf ("%.*s %.*s", (int)exchange->request->message->method.length,
                                      exchange->request->message->method.at,
                                      (int)exchange->request->message->target.length,
                                      exchange->request->message->target.at));
  if (exchange->response != NULL && exchange->response->message->status > 0)
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
      "-e http.response.code --export-objects http,%s",
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

/* Lines that one side alone has: `- ` ours, `+ ` theirs. Both are sorted part by part. */
static char *
tell_difference (const char *ours, const char *theirs)
{
  g_auto (GStrv) left = g_strsplit (ours, "\n", -1);
  g_auto (GStrv) right = g_strsplit (theirs, "\n", -1);
  GString *out = g_string_new (NULL);

  for (char **line = left; *line != NULL; line++)
    {
      char **other = right;

      if (**line == '\0')
        continue;
      while (*other != NULL && !g_str_equal (*other, *line))
        other++;
      if (*other != NULL)
        **other = '\1'; /* taken */
      else
        g_string_append_printf (out, "- %s\n", *line);
    }
  for (char **line = right; *line != NULL; line++)
    if (**line != '\1' && **line != '\0')
      g_string_append_printf (out, "+ %s\n", *line);
  return g_string_free (out, FALSE);
}

static const char *
expected_difference (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (differences); i++)
    if (g_str_equal (differences[i].name, name))
      return differences[i].what;
  return "";
}

/* The lines of its table that say what is wrong, but for those that are allowed. */
static void
assert_no_complaints (const char *name, const char *complaints)
{
  g_auto (GStrv) lines = g_strsplit (complaints, "\n", -1);

  for (char **line = lines; *line != NULL; line++)
    {
      gboolean allowed = strstr (*line, "  ") == NULL || strstr (*line, "Frequency") != NULL;

      for (gsize i = 0; i < G_N_ELEMENTS (allowances); i++)
        allowed
            |= g_str_equal (allowances[i].name, name) && strstr (*line, allowances[i].what) != NULL;
      if (!allowed)
        assert_string_equal (*line, "");
    }
}

static void
test_row (void **state)
{
  const RecordedRow *row = *state;
  g_autofree char *path = NULL;
  g_autofree char *line = NULL;
  g_autofree char *ours = NULL;
  g_autofree char *theirs = NULL;
  g_autofree char *difference = NULL;
  g_autofree char *complaints = NULL;

  recorded_make (row);
  call_well ("convert --no-redact %s.roundtrip %s.pcapng", row->name, row->name);
  path = g_strdup_printf ("%s/%s.roundtrip", program_folder, row->name);
  ours = tell_ours (path);
  theirs = tell_theirs (row->name);
  difference = tell_difference (ours, theirs);
  assert_string_equal (difference, expected_difference (row->name));
  line = g_strdup_printf ("-r %s.pcapng -q -z expert,warn", row->name);
  assert_int_equal (call_other ("tshark", line, &complaints, NULL), 0);
  assert_no_complaints (row->name, complaints);
}

int
main (void)
{
  g_autoptr (GArray) rows = recorded_list ();
  g_autofree struct CMUnitTest *tests = g_new0 (struct CMUnitTest, rows->len);

  for (guint i = 0; i < rows->len; i++)
    {
      RecordedRow *row = &g_array_index (rows, RecordedRow, i);

      tests[i] = (struct CMUnitTest){ row->name, test_row, NULL, NULL, row };
    }
  return _cmocka_run_group_tests ("tshark", tests, rows->len, program_set_up, program_tear_down);
}
