/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Forty secrets in one session; the redacted exports in every format are searched for each. */
#include "rt-test-record.h"

#include "planted-secrets.h"
#include "rt-format.h"

#include <string.h>

/* A session of what a user captured. */
static RtSession *
make_session (void **state)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = rt_test_path (state, "session.roundtrip");
  RtSession *session = rt_session_create (path, &error);
  Builder b = build_log ();
  RtRecorder *recorder;

  assert_null (error);
  recorder = rt_session_begin_run (
      session, &(RtRunInfo){ .name = "capture", .source = RT_SOURCE_CAPTURE, .started = b.now },
      NULL, NULL, &error);
  assert_null (error);
  for (guint i = 0; i < G_N_ELEMENTS (planted_secrets); i++)
    {
      if (i > 0)
        build_connect (&b);
      plant (&b, &planted_secrets[i]);
    }
  rt_log_flush (b.log);
  for (guint64 event = 0; event < rt_log_get_length (b.log);)
    {
      g_autoptr (RtPage) page = rt_reader_dup_page (rt_log_get_reader (b.log), event, NULL);

      rt_recorder_add_page (page, recorder);
      event = page->first + page->n;
    }
  rt_recorder_finish (recorder, &error);
  assert_null (error);
  rt_log_free (b.log);
  return session;
}

static gboolean
file_holds (const char *path, const char *text)
{
  g_autofree char *bytes = NULL;
  gsize length;

  assert_true (g_file_get_contents (path, &bytes, &length, NULL));
  return memmem (bytes, length, text, strlen (text)) != NULL;
}

/* Files of sessions are packed: what can be read out of them counts. */
static gboolean
session_holds (const char *path, const char *text)
{
  g_autoptr (RtSession) session = rt_session_open (path, NULL);
  g_autoptr (RtReader) reader = rt_session_open_run (session, 1, NULL);
  guint64 length = rt_reader_get_length (reader);

  for (guint64 event = 0; event < length;)
    {
      g_autoptr (RtPage) page = rt_reader_dup_page (reader, event, NULL);

      for (guint i = 0; i < page->n_chunks; i++)
        if (memmem (g_bytes_get_data (page->chunks[i].bytes, NULL), page->chunks[i].span.length,
                    text, strlen (text))
            != NULL)
          return TRUE;
      event = page->first + page->n;
    }
  return FALSE;
}

static void
no_secret_is_exported (void **state)
{
  static const char *const names[] = { "out.har", "out.pcapng", "out.txt", "out.roundtrip" };
  g_autoptr (RtSession) session = make_session (state);
  g_autoptr (GPtrArray) redactions
      = g_ptr_array_new_with_free_func ((GDestroyNotify)rt_redaction_unref);
  RtExportOptions options = { .redact = TRUE, .redactions = redactions };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = rt_test_path (state, names[i]);
      const RtFormat *format = rt_format_for_path (path, NULL);
      g_autoptr (GError) error = NULL;

      assert_true (rt_format_export (format, session, path, FALSE, &options, &error));
      for (guint j = 0; j < G_N_ELEMENTS (planted_secrets); j++)
        if (file_holds (path, planted_secrets[j].secret)
            || (format->native && session_holds (path, planted_secrets[j].secret)))
          fail_msg ("%s: %s", names[i], planted_secrets[j].name);
    }
  assert_int_equal (redactions->len, G_N_ELEMENTS (names));
  assert_true (rt_redaction_get_list (redactions->pdata[0])->len >= 40);
}

/* The search above would find them. */
static void
secrets_are_exported_unless_asked_for (void **state)
{
  g_autoptr (RtSession) session = make_session (state);
  g_autofree char *har = rt_test_path (state, "out.har");
  g_autofree char *copy = rt_test_path (state, "out.roundtrip");

  assert_true (rt_format_export (rt_format_for_path (har, NULL), session, har, FALSE, NULL, NULL));
  assert_true (
      rt_format_export (rt_format_for_path (copy, NULL), session, copy, FALSE, NULL, NULL));
  assert_true (file_holds (har, "31d4d96e407aad42"));
  assert_true (session_holds (copy, "31d4d96e407aad42"));
}

/* Some of the exchanges, by their rows in the original. */
static void
a_part_is_exported_without_secrets (void **state)
{
  g_autoptr (RtSession) session = make_session (state);
  g_autofree char *har = rt_test_path (state, "part.har");
  gint64 id = 7; /* the cookie */
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  RtExportOptions options = { .redact = TRUE, .ids = ids };
  g_autoptr (GError) error = NULL;

  g_array_append_val (ids, id);
  assert_true (
      rt_format_export (rt_format_for_path (har, NULL), session, har, FALSE, &options, &error));
  assert_true (file_holds (har, "theme="));
  assert_false (file_holds (har, "31d4d96e407aad42"));
  assert_false (file_holds (har, "X-Api-Key"));
}

int
main (void)
{
  static const struct CMUnitTest tests[] = {
    RT_TEST ("no secret is exported", no_secret_is_exported),
    RT_TEST ("secrets are exported unless asked for", secrets_are_exported_unless_asked_for),
    RT_TEST ("a part is exported without secrets", a_part_is_exported_without_secrets),
  };

  return cmocka_run_group_tests_name ("redacted-exports", tests, NULL, NULL);
}
