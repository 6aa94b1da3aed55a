/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * `roundtrip convert` as its users call it. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "program.h"

static void
write_file (const char *name, const char *text)
{
  g_autofree char *path = g_build_filename (program_folder, name, NULL);

  assert_true (g_file_set_contents (path, text, -1, NULL));
}

static char *
read_file (const char *name)
{
  g_autofree char *path = g_build_filename (program_folder, name, NULL);
  char *text = NULL;

  assert_true (g_file_get_contents (path, &text, NULL, NULL));
  return text;
}

typedef struct
{
  const char *name, *line;
  int status;
  const char *says; /* on standard error */
} Row;

static const Row rows[] = {
  { "one file is too few", "convert a.roundtrip", 2, "a file to read and one to write" },
  { "a name has to tell a format", "convert a.roundtrip b.foo", 1,
    "b.foo: its name does not tell" },
  { "the formats are listed", "convert a.roundtrip b", 1, ".roundtrip" },
  { "a transcript cannot be read", "convert t.txt b.roundtrip", 1, "cannot be read" },
  { "a file that is not there is named", "convert none.roundtrip b.txt", 1, "none.roundtrip" },
  { "what is no format is named", "convert noise b.txt", 1, "noise: it is of no format" },
  { "a run has to be there", "convert --run A a.roundtrip b.txt", 1, "there is no run “A”" },
  { "a filter has to be one", "convert --filter status-code:many a.roundtrip b.har", 2,
    "status-code" },
  { "a filter picks nothing into a session", "convert --filter method:GET a.roundtrip b.roundtrip",
    2, "not picked out" },
  { "no file is replaced unasked", "convert a.roundtrip t.txt", 1, "there is such a file" },
  { "a folder is not replaced at all", "convert --force a.roundtrip dir.txt", 1, "a folder" },
  { "an archive is not replaced by itself", "convert --force all.har all.har", 1,
    "all.har: this is the file that is read; expected another name" },
  { "nor a session", "convert -f a.roundtrip ./a.roundtrip", 1, "this is the file that is read" },
  { "nor by another of its names", "convert -f a.roundtrip link.roundtrip", 1,
    "link.roundtrip: this is the file that is read" },
  { "nor where it is imported", "convert -f all.har link.har.roundtrip", 1,
    "this is the file that is read" },
  { "standard input is no file", "convert - b.har", 1, "-: a pipe or a device is no file" },
  { "standard output has no format", "convert a.roundtrip -", 1, "-: standard output is no file" },
  { "a pipe is not waited for", "convert pipe b.har", 1, "pipe: a pipe or a device is no file" },
  { "a folder cannot be read", "convert dir.txt b.har", 1, "dir.txt: it cannot be read: Is a" },
  { "a folder that is not there is no place", "convert a.roundtrip no/b.txt", 1, "no/b.txt" },
};

static void
test_row (void **state)
{
  const Row *row = *state;
  g_autofree char *err = NULL;
  g_autofree char *kept = NULL;
  g_autoptr (GDir) dir = NULL;
  const char *name;

  assert_int_equal (call (row->line, NULL, &err), row->status);
  if (strstr (err, row->says) == NULL)
    print_message ("# %s\n", err);
  assert_non_null (strstr (err, row->says));
  kept = read_file ("t.txt");
  assert_string_equal (kept, "mine");
  dir = g_dir_open (program_folder, 0, NULL);
  while ((name = g_dir_read_name (dir)) != NULL)
    assert_false (g_str_has_prefix (name, "b."));
}

static void
test_transcript (void **state)
{
  g_autofree char *text = NULL;

  assert_int_equal (call ("convert a.roundtrip new.txt", NULL, NULL), 0);
  text = read_file ("new.txt");
  assert_non_null (strstr (text, "ann -> api.shop.test: GET /doc/1"));
  assert_non_null (strstr (text, "If-Match required"));
  g_free (text);
  assert_int_equal (call ("convert -f --run 'with If-Match' a.roundtrip new.txt", NULL, NULL), 0);
  text = read_file ("new.txt");
  assert_non_null (strstr (text, "with If-Match"));
  assert_null (strstr (text, "If-Match required"));
}

/* A session's copy tells the same. */
static void
test_copy (void **state)
{
  g_autofree char *is = NULL;
  g_autofree char *want = NULL;

  assert_int_equal (call ("convert a.roundtrip copy.roundtrip", NULL, NULL), 0);
  assert_int_equal (call ("inspect --json a.roundtrip", &want, NULL), 0);
  assert_int_equal (call ("inspect --json copy.roundtrip", &is, NULL), 0);
  assert_string_equal (is, want);
}

/* An archive's fields say nothing true of framing; a capture has nothing else to say it with. */
static void
test_archives_become_captures (void **state)
{
#define REQUEST(method, path)                                                                      \
  "\"request\":{\"method\":\"" method "\",\"url\":\"http://a.test" path                            \
  "\",\"httpVersion\":\"HTTP/2\",\"headers\":[]}"
#define RESPONSE(status, fields, content)                                                          \
  "\"response\":{\"status\":" status ",\"statusText\":\"\",\"httpVersion\":\"HTTP/2\","            \
  "\"headers\":[" fields "],\"content\":{" content "}}"
#define FIELD(name, value) "{\"name\":\"" name "\",\"value\":\"" value "\"}"
#define ENTRY(second, request, response)                                                           \
  "{\"startedDateTime\":\"2026-01-01T00:00:0" second "Z\",\"time\":100,\"connection\":\"7\","      \
  "\"timings\":{\"send\":1,\"wait\":50,\"receive\":20}," request "," response "}"
  /* clang-format off */
  static const char har[]
      = "{\"log\":{\"version\":\"1.2\",\"entries\":["
        ENTRY ("1", REQUEST ("GET", "/no-length"), RESPONSE ("200", "", "\"text\":\"one\"")) ","
        ENTRY ("2", REQUEST ("GET", "/coded"), RESPONSE ("200", FIELD ("content-encoding", "gzip") "," FIELD ("transfer-encoding", "chunked"), "\"text\":\"plain\"")) ","
        ENTRY ("3", REQUEST ("HEAD", "/head"), RESPONSE ("200", FIELD ("content-length", "999"), "")) ","
        ENTRY ("4", REQUEST ("GET", "/not-kept"), RESPONSE ("200", FIELD ("content-length", "5000"), "\"size\":5000")) ","
        ENTRY ("5", REQUEST ("GET", "/last"), RESPONSE ("200", "", "\"text\":\"last\""))
        "]}}";
  /* clang-format on */
  static const char *const wanted[]
      = { "/no-length", "/coded", "/head", "/not-kept", "/last", "5 of 5 exchanges" };
  g_autofree char *list = NULL;
  g_autofree char *body = NULL;

  write_file ("framing.har", har);
  assert_int_equal (call ("convert framing.har framing.pcapng", NULL, NULL), 0);
  assert_int_equal (call ("inspect framing.pcapng --filter number:>=1", &list, NULL), 0);
  for (guint i = 0; i < G_N_ELEMENTS (wanted); i++)
    assert_non_null (strstr (list, wanted[i]));
  assert_int_equal (
      call ("inspect framing.pcapng --exchange 5 --as raw-response --no-redact", &body, NULL), 0);
  assert_non_null (strstr (body, "Content-Length: 4\r\n\r\nlast"));
}

/* Whatever it is called. */
static void
test_content_tells (void **state)
{
  g_autofree char *from = g_build_filename (program_folder, "a.roundtrip", NULL);
  g_autofree char *to = g_build_filename (program_folder, "session.txt", NULL);

  assert_int_equal (call ("convert a.roundtrip other.roundtrip", NULL, NULL), 0);
  g_free (from);
  from = g_build_filename (program_folder, "other.roundtrip", NULL);
  assert_int_equal (g_rename (from, to), 0);
  assert_int_equal (call ("convert session.txt told.txt", NULL, NULL), 0);
}

/* Only what the filter lets through. */
static void
test_filter (void **state)
{
  g_autofree char *out = NULL;
  g_autofree char *err = NULL;

  assert_int_equal (call ("convert --filter status-code:428 a.roundtrip only.har", NULL, &err), 0);
  assert_int_equal (call ("convert only.har only.roundtrip", NULL, NULL), 0);
  assert_int_equal (call ("inspect --filter method:PUT only.roundtrip", &out, NULL), 0);
  assert_non_null (strstr (out, "428"));
  g_free (out);
  assert_int_equal (call ("inspect --filter -method:PUT only.roundtrip", &out, NULL), 0);
  assert_null (strstr (out, "GET"));
}

/* What is compressed is told by what is in it. */
static void
test_compressed (void **state)
{
  g_autofree char *out = NULL;

  assert_int_equal (call ("convert --run 'with If-Match' a.roundtrip a.pcapng", NULL, NULL), 0);
  assert_int_equal (call_other ("gzip", "-k a.pcapng", NULL, NULL), 0);
  assert_int_equal (call_other ("mv", "a.pcapng.gz capture", NULL, NULL), 0);
  assert_int_equal (call ("diff --exact a.pcapng capture", &out, NULL), 0);
}

/* Archives and captures of several runs, cut off anywhere: what is whole is kept, and the place is
 * named. */
static void
test_cut_off (void **state)
{
  static const char *const names[] = { "whole.har", "whole.pcapng" };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = g_build_filename (program_folder, names[i], NULL);
      g_autofree char *data = NULL;
      gsize size;

      call_well ("convert a.roundtrip %s", names[i]);
      assert_true (g_file_get_contents (path, &data, &size, NULL));
      for (guint eighth = 1; eighth < 8; eighth++)
        {
          g_autofree char *cut = g_strdup_printf ("cut-%u-%s", eighth, names[i]);
          g_autofree char *to = g_build_filename (program_folder, cut, NULL);
          g_autofree char *line = g_strdup_printf ("inspect %s --filter method:GET", cut);
          g_autofree char *out = NULL;
          g_autofree char *err = NULL;

          assert_true (g_file_set_contents (to, data, (gssize)(size * eighth / 8), NULL));
          assert_int_equal (call (line, &out, &err), 1);
          assert_contains (err, cut);
          assert_contains (err, i == 0 ? "the document ends" : "the file ends in the middle of");
          assert_contains (out, "/doc/1");
        }
    }
}

/* Neither a part of the file nor what SQLite puts beside one. */
static void
test_full_disk (void **state)
{
  static const char *const targets[] = { "half.roundtrip", "half.har", "half.pcapng" };

  for (gsize i = 0; i < G_N_ELEMENTS (targets); i++)
    {
      g_autofree char *line = g_strdup_printf ("-c 'ulimit -f 8; exec \"%s\" convert all.har %s'",
                                               g_getenv ("ROUNDTRIP_PROGRAM"), targets[i]);
      g_autoptr (GDir) dir = NULL;
      g_autofree char *err = NULL;
      const char *name;

      assert_int_equal (call_other ("/bin/bash", line, NULL, &err), 1);
      assert_non_null (strstr (err, "roundtrip: "));
      dir = g_dir_open (program_folder, 0, NULL);
      while ((name = g_dir_read_name (dir)) != NULL)
        assert_false (g_str_has_prefix (name, "half."));
    }
}

static int
set_up (void **state)
{
  g_autofree char *path = NULL;

  if (program_set_up (state) != 0 || call ("run lost-update --record a.roundtrip", NULL, NULL) != 0)
    return -1;
  write_file ("t.txt", "mine");
  write_file ("noise", "\x01\x02\x03\x04 noise");
  call_well ("convert --no-redact a.roundtrip all.har");
  assert_int_equal (call_other ("ln", "a.roundtrip link.roundtrip", NULL, NULL), 0);
  assert_int_equal (call_other ("ln", "-s all.har link.har.roundtrip", NULL, NULL), 0);
  assert_int_equal (call_other ("mkfifo", "pipe", NULL, NULL), 0);
  path = g_build_filename (program_folder, "dir.txt", NULL);
  return g_mkdir (path, 0700);
}

int
main (void)
{
  const struct CMUnitTest others[] = {
    cmocka_unit_test (test_transcript),
    cmocka_unit_test (test_copy),
    cmocka_unit_test (test_archives_become_captures),
    cmocka_unit_test (test_content_tells),
    cmocka_unit_test (test_filter),
    cmocka_unit_test (test_compressed),
    cmocka_unit_test (test_full_disk),
    cmocka_unit_test (test_cut_off),
  };
  struct CMUnitTest tests[G_N_ELEMENTS (rows) + G_N_ELEMENTS (others)];

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    tests[i] = (struct CMUnitTest){ rows[i].name, test_row, NULL, NULL, (void *)&rows[i] };
  memcpy (tests + G_N_ELEMENTS (rows), others, sizeof others);
  return _cmocka_run_group_tests ("convert", tests, G_N_ELEMENTS (tests), set_up,
                                  program_tear_down);
}
