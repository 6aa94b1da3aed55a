/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The program as its users call it: what it prints and how it ends. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <glib.h>
#include <glib/gstdio.h>
#include <json-glib/json-glib.h>
#include <sqlite3.h>
#include <string.h>
#include <sys/wait.h>

static char *folder; /* for files; removed at the end */

typedef struct
{
  char *out, *err;
  int status;
} Result;

static void
clear_result (Result *result)
{
  g_free (result->out);
  g_free (result->err);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Result, clear_result)

/* Calls @program with the words of @line. */
static Result
call_program (const char *program, const char *line)
{
  g_autofree char *whole = g_strdup_printf ("%s %s", program, line);
  g_auto (GStrv) argv = NULL;
  g_autoptr (GError) error = NULL;
  Result result = { NULL, NULL, 0 };
  int wait_status;

  assert_true (g_shell_parse_argv (whole, NULL, &argv, NULL));
  if (!g_spawn_sync (folder, argv, NULL, G_SPAWN_DEFAULT, NULL, NULL, &result.out, &result.err,
                     &wait_status, &error))
    {
      print_message ("# %s\n", error->message);
      fail ();
    }
  result.status = WIFEXITED (wait_status) ? WEXITSTATUS (wait_status) : -1;
  return result;
}

static void
expect_contains (const char *text, const char *what)
{
  if (strstr (text, what) != NULL)
    return;
  print_message ("# “%s” is not in:\n", what);
  for (const char *c = text; *c != '\0';)
    {
      gsize length = strcspn (c, "\n");

      print_message ("# %.*s\n", (int)length, c);
      c += length + (c[length] == '\n' ? 1 : 0);
    }
  fail ();
}

static Result
call (const char *line)
{
  return call_program (g_getenv ("ROUNDTRIP_PROGRAM"), line);
}

typedef struct
{
  const char *name, *line;
  int status;
  const char *out, *err;
} Row;

/* clang-format off */
static const Row rows[] = {
  { "help names every command", "--help", 0, "  inspect FILE", "" },
  { "help of a command", "run --help", 0, "--record=FILE", "" },
  { "help of check", "check --help", 0, "Usage: roundtrip check [LESSON…]", "" },
  { "help of try", "try --help", 0, "--origin=FILE", "" },
  { "help of list", "list --help", 0, "List the lessons", "" },
  { "help of inspect", "inspect --help", 0, "--json", "" },
  { "the version", "--version", 0, "roundtrip ", "" },
  { "a command that there is not", "chekc", 2, "", "there is no command “chekc”; expected “check”" },
  { "an option that there is not", "run lost-update --jsno", 2, "", "Unknown option --jsno" },
  { "run without a lesson", "run", 2, "", "it takes one lesson" },
  { "run with two lessons", "run a b", 2, "", "it takes one lesson" },
  { "text and JSON at once", "run lost-update --text --json", 2, "", "exclude each other" },
  { "list with an argument", "list all", 2, "", "one argument too many" },
  { "inspect without a file", "inspect", 2, "", "it takes one file" },
  { "--as without an exchange", "inspect x.roundtrip --as curl", 2, "", "need --exchange" },
  { "try without a lesson", "try", 2, "", "it takes one lesson" },
  { "--record without a file", "run lost-update --record", 2, "", "Missing argument for --record" },
  { "a lesson that there is not", "run lost-updaet", 1, "", "there is no lesson “lost-updaet”; expected “lost-update”" },
  { "a lesson's file that there is not", "check nowhere/x.md", 1, "", "nowhere/x.md" },
  { "the lessons", "list", 0, " 11  lost-update ", "" },
  { "a session file that there is not", "inspect nowhere.roundtrip", 1, "", "nowhere.roundtrip" },
  { "an answer's file that there is not", "try lost-update --origin nowhere.yaml", 1, "", "nowhere.yaml" },
  { "what is for a URL, with a file", "inspect x.roundtrip --record y.roundtrip", 2, "", "for a URL, not for a file" },
  { "what is for a file, with a URL", "inspect http://127.0.0.1:1/ --filter status-code:200", 2, "", "for a file, not for a URL" },
  { "a list of nothing", "inspect x.roundtrip --limit 0", 2, "", "a number above 0" },
  { "a lesson by its number", "check 11", 0, "ok      ", "" },
  { "a number that no lesson has", "check 999", 1, "", "there is no lesson “999”" },
  { "the checks hold", "check lost-update", 0, "ok      ", "" },
  { "every lesson is checked", "check", 0, "last response status == 412", "" },
  { "the starter is printed", "try lost-update", 0, "\napi.shop.test:\n", "" },
  { "the sequence as text", "run lost-update", 0, "412 Precondition Failed", "" },
  { "the decisions as text", "run lost-update --text", 0, "<- decides", "" },
  { "help of serve", "serve --help", 0, "--port=BASE", "" },
  { "serve without a lesson", "serve", 2, "", "it takes one lesson" },
  { "a lesson that there is not cannot be served", "serve lost-updaet", 1, "", "expected “lost-update”" },
  { "a port that is none", "serve lost-update --port 70000", 2, "", "70000 is no port; expected 0 to 65535" },
  { "a run that there is not cannot be served", "serve lost-update --run nothing --port 0", 1, "", "there is no run “nothing”" },
  { "a driver that there is not", "check lost-update --driver life", 2, "", "there is no driver “life”; expected “live”" },
  { "a server of one's own needs sockets", "check lost-update --driver sim --origin api.shop.test=http://127.0.0.1:9", 2, "", "expected --driver live" },
  { "a URL with a path is no server", "check lost-update --origin api.shop.test=http://127.0.0.1:9/x", 2, "", "expected HOST=URL" },
  { "an origin that the lesson does not have", "check lost-update --origin api.shop.tset=http://127.0.0.1:9", 1, "", "there is no origin “api.shop.tset”; expected “api.shop.test”" },
  { "a server elsewhere is not allowed", "check lost-update --origin api.shop.test=http://192.0.2.1:9", 1, "", "192.0.2.1 is not on this machine" },
  { "--origin is about one lesson", "check --origin api.shop.test=http://127.0.0.1:9", 2, "", "about one lesson" },
  { "a server that is not there fails the probes", "check lost-update --origin api.shop.test=http://127.0.0.1:9", 1, "connection refused", "" },
  { "a lesson on sockets", "check lost-update --driver live", 0, "ok      ", "" },
  { "a rule is asked", "rule nothing", 2, "", "there is no rule “nothing”" },
};
/* clang-format on */

static void
is_answered (void **state)
{
  const Row *row = *state;
  g_auto (Result) result = call (row->line);

  expect_contains (result.out, row->out);
  expect_contains (result.err, row->err);
  assert_int_equal (result.status, row->status);
}

static void
json_is_the_same_twice (void **state)
{
  g_auto (Result) first = call ("run lost-update --json");
  g_auto (Result) second = call ("run lost-update --json");

  assert_int_equal (first.status, 0);
  assert_string_equal (first.out, second.out);
}

static JsonArray *
parse_runs (JsonParser *parser, const char *text)
{
  assert_true (json_parser_load_from_data (parser, text, -1, NULL));
  return json_object_get_array_member (json_node_get_object (json_parser_get_root (parser)),
                                       "runs");
}

/* One line an exchange: who, what, and what it came to. */
static void
append_exchange (GString *out, JsonObject *exchange)
{
  JsonObject *request = json_object_get_object_member (exchange, "request");
  JsonObject *response = json_object_get_object_member (exchange, "response");
  JsonArray *decisions = json_object_get_array_member (exchange, "decisions");

  g_string_append_printf (out, "%" G_GINT64_FORMAT " %s %s %s -> %" G_GINT64_FORMAT,
                          json_object_get_int_member (exchange, "id"),
                          json_object_get_string_member (exchange, "client"),
                          json_object_get_string_member (request, "method"),
                          json_object_get_string_member (request, "target"),
                          json_object_get_int_member (response, "status"));
  for (guint i = 0; i < json_array_get_length (decisions); i++)
    {
      JsonObject *decision = json_object_get_object_member (
          json_array_get_object_element (decisions, i), "decision");
      JsonArray *checks = json_object_get_array_member (decision, "checks");

      for (guint j = 0; j < json_array_get_length (checks); j++)
        {
          JsonObject *check = json_array_get_object_element (checks, j);

          if (json_object_get_boolean_member (check, "decides"))
            g_string_append_printf (out, "; %s %s: %s", json_object_get_string_member (check, "id"),
                                    json_object_get_string_member (check, "outcome"),
                                    json_object_get_string_member (check, "reference"));
        }
    }
  g_string_append_c (out, '\n');
}

static void
the_exchanges_are_as_written_down (void **state)
{
  g_auto (Result) result = call ("run lost-update --json");
  g_autoptr (JsonParser) parser = json_parser_new ();
  JsonArray *runs = parse_runs (parser, result.out);
  g_autoptr (GString) summary = g_string_new (NULL);
  g_autofree char *golden = NULL;

  for (guint i = 0; i < json_array_get_length (runs); i++)
    {
      JsonObject *run = json_array_get_object_element (runs, i);
      JsonArray *exchanges = json_object_get_array_member (run, "exchanges");

      g_string_append_printf (summary, "# %s\n", json_object_get_string_member (run, "name"));
      for (guint j = 0; j < json_array_get_length (exchanges); j++)
        append_exchange (summary, json_array_get_object_element (exchanges, j));
    }
  assert_true (g_file_get_contents (g_getenv ("ROUNDTRIP_GOLDEN"), &golden, NULL, NULL));
  assert_string_equal (summary->str, golden);
}

/* The lesson without the line that @line begins with, the @nth time. */
static char *
lesson_without (const char *line, guint nth, guint *ret_line)
{
  g_autofree char *path
      = g_build_filename (g_getenv ("ROUNDTRIP_LESSONS"), "11-lost-update.md", NULL);
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;
  g_autoptr (GString) out = g_string_new (NULL);
  char *written = g_build_filename (folder, "11-lost-update.md", NULL);
  guint seen = 0;

  assert_true (g_file_get_contents (path, &text, NULL, NULL));
  lines = g_strsplit (text, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    if (g_str_has_prefix (lines[i], line) && ++seen == nth)
      *ret_line = i + 1;
    else
      g_string_append_printf (out, "%s%s", lines[i], lines[i + 1] != NULL ? "\n" : "");
  assert_true (seen >= nth);
  assert_true (g_file_set_contents (written, out->str, -1, NULL));
  return written;
}

/* What the lesson says of the second run is not so without the condition. */
static void
a_condition_that_is_missing_is_found (void **state)
{
  guint removed = 0;
  g_autofree char *path = lesson_without ("If-Match: {{bob-version}}", 1, &removed);
  g_autofree char *line = g_strdup_printf ("check %s", path);
  g_autofree char *message = NULL;
  g_autofree char *text = NULL;
  g_auto (Result) result = call (line);
  guint check_line = removed;

  assert_int_equal (result.status, 1);
  assert_true (g_file_get_contents (path, &text, NULL, NULL));
  {
    g_auto (GStrv) lines = g_strsplit (text, "\n", -1);

    while (!g_str_equal (lines[check_line - 1], "last response status == 412"))
      check_line++;
  }
  message = g_strdup_printf ("FAILED  %s:%u: check failed: last response status == 412; it was 204",
                             path, check_line);
  expect_contains (result.out, message);
}

static void
what_is_recorded_is_inspected (void **state)
{
  g_autofree char *path = g_build_filename (folder, "a.roundtrip", NULL);
  g_autofree char *record = g_strdup_printf ("run lost-update --json --record %s", path);
  g_autofree char *inspect = g_strdup_printf ("inspect %s --json", path);
  g_auto (Result) run = call (record);
  g_auto (Result) inspected = call (inspect);
  g_autoptr (JsonParser) first = json_parser_new ();
  g_autoptr (JsonParser) second = json_parser_new ();
  JsonArray *played, *kept;

  assert_string_equal (run.err, "");
  assert_string_equal (inspected.err, "");
  assert_int_equal (run.status, 0);
  assert_int_equal (inspected.status, 0);
  played = parse_runs (first, run.out);
  kept = parse_runs (second, inspected.out);
  assert_int_equal (json_array_get_length (played), json_array_get_length (kept));
  for (guint i = 0; i < json_array_get_length (played); i++)
    {
      g_autofree char *a = NULL;
      g_autofree char *b = NULL;

      json_object_remove_member (json_array_get_object_element (played, i), "checks");
      a = json_to_string (json_array_get_element (played, i), TRUE);
      b = json_to_string (json_array_get_element (kept, i), TRUE);
      assert_string_equal (a, b);
    }
}

/* Records a session and gives its path. */
static char *
record (const char *name)
{
  char *path = g_build_filename (folder, name, NULL);
  g_autofree char *line = g_strdup_printf ("run lost-update --record %s", path);
  g_auto (Result) result = call (line);

  assert_int_equal (result.status, 0);
  return path;
}

static void
remove_session (const char *path)
{
  static const char *const endings[] = { "", "-wal", "-shm" };

  for (guint i = 0; i < G_N_ELEMENTS (endings); i++)
    {
      g_autofree char *file = g_strconcat (path, endings[i], NULL);

      g_unlink (file);
    }
}

typedef struct
{
  const char *name, *options;
  int status;
  const char *out, *err;
} Listing;

/* clang-format off */
static const Listing listings[] = {
  { "one exchange becomes a curl command", "--exchange \"with If-Match/3\" --as curl", 0,
    "curl --http1.1 'http://api.shop.test/doc/1' \\\n  --request 'PUT'", "" },
  { "one exchange becomes its bytes", "--exchange \"with If-Match/3\"", 0,
    "PUT /doc/1 HTTP/1.1\r\nHost: api.shop.test\r\n", "" },
  { "one exchange becomes a HAR", "--exchange \"with If-Match/3\" --as har", 0,
    "{\"log\":{\"version\":\"1.2\"", "" },
  { "a form that there is not", "--exchange \"with If-Match/3\" --as hars", 2, "",
    "there is no form “hars”; expected “har”" },
  { "an exchange that there is not", "--exchange \"with If-Match/99\"", 1, "",
    "no number 99" },
  { "an exchange of no run among many", "--exchange 3", 1, "", "expected RUN/NUMBER" },
  { "a filter lists what matches", "--filter \"status-code:412 method:PUT\"", 0,
    "3 of 27 exchanges\n", "" },
  { "text is found in contents", "--filter \"body:555-0199 method:PUT\"", 0,
    " PUT ", "" },
  { "a filter without a match says so", "--filter \"no such text\"", 0, "0 of 27 exchanges\n", "" },
  { "a list may be cut short and sorted", "--sort=-status --limit 2", 0, "2 of 27 exchanges\n", "" },
  { "a list as JSON", "--filter method:PUT --limit 1 --json", 0, "\"method\":\"PUT\"", "" },
  { "an empty list as JSON", "--filter number:999 --json", 0, "{\n  \"exchanges\": []\n}\n", "" },
  { "a slip in a filter names its column", "--filter \"method:GET stauts-code:1\"", 1, "",
    "filter:1:12: there is no filter “stauts-code”; expected “status-code”" },
  { "an order that there is not", "--sort size", 1, "", "--sort: there is no order “size”" },
  { "a limit below nothing", "--limit=-1", 2, "", "--limit takes a number above 0" },
};
/* clang-format on */

static void
is_listed (void **state)
{
  const Listing *listing = *state;
  g_autofree char *path = record ("listed.roundtrip");
  g_autofree char *line = g_strdup_printf ("inspect %s %s", path, listing->options);
  g_auto (Result) result = call (line);

  assert_int_equal (result.status, listing->status);
  expect_contains (result.out, listing->out);
  expect_contains (result.err, listing->err);
  remove_session (path);
}

/* However much is gone: what is good is told, and that it is not all, too. */
static void
a_session_that_is_cut_off_is_told_of (void **state)
{
  g_autofree char *path = record ("cut.roundtrip");
  g_autofree char *line = g_strdup_printf ("inspect %s", path);
  g_autofree char *whole = NULL;
  gboolean partly = FALSE;
  gsize size;

  assert_true (g_file_get_contents (path, &whole, &size, NULL));
  for (gsize length = size - 1; length > size / 20; length -= size / 20)
    {
      g_auto (Result) result = { NULL, NULL, 0 };

      assert_true (g_file_set_contents (path, whole, (gssize)length, NULL));
      result = call (line);
      expect_contains (result.err, "cut.roundtrip: ");
      assert_int_equal (result.status, 1);
      partly |= strstr (result.out, "GET /doc/1") != NULL;
    }
  assert_true (partly);
}

/* A file that may not grow is as good as a full disk. */
static void
a_full_disk_is_told_of (void **state)
{
  static const guint kibibytes[] = { 4, 40, 80, 120, 160, 200 };
  g_autofree char *path = g_build_filename (folder, "full.roundtrip", NULL);
  g_autofree char *inspect = g_strdup_printf ("inspect %s", path);
  guint kept = 0;

  for (guint i = 0; i < G_N_ELEMENTS (kibibytes); i++)
    {
      g_autofree char *line
          = g_strdup_printf ("-c 'ulimit -f %u; exec \"%s\" run lost-update --record %s'",
                             kibibytes[i], g_getenv ("ROUNDTRIP_PROGRAM"), path);
      g_auto (Result) result = call_program ("/bin/bash", line);

      expect_contains (result.err, "full.roundtrip: ");
      assert_int_equal (result.status, 1);
      if (g_file_test (path, G_FILE_TEST_EXISTS))
        {
          g_auto (Result) inspected = call (inspect);

          assert_int_equal (inspected.status, 0);
          kept++;
        }
      remove_session (path);
    }
  assert_in_range (kept, 1, G_N_ELEMENTS (kibibytes) - 1);
}

static void
a_session_with_damaged_bytes_is_told_of (void **state)
{
  g_autofree char *path = record ("damaged.roundtrip");
  g_autofree char *inspect = g_strdup_printf ("inspect %s", path);
  g_autofree char *picture = g_strdup_printf ("picture %s -o %s/damaged.svg", path, folder);
  sqlite3 *db = NULL;

  assert_int_equal (sqlite3_open (path, &db), SQLITE_OK);
  sqlite3_exec (db, "UPDATE blob SET data = zeroblob (length (data)) WHERE id = 1", NULL, NULL,
                NULL);
  sqlite3_close (db);
  {
    g_auto (Result) inspected = call (inspect);
    g_auto (Result) drawn = call (picture);

    expect_contains (inspected.err, "damaged.roundtrip: the file is damaged or cut off");
    expect_contains (inspected.out, "GET /doc/1");
    assert_int_equal (inspected.status, 1);
    expect_contains (drawn.err, "damaged.roundtrip: the file is damaged or cut off");
    assert_int_equal (drawn.status, 1);
  }
}

/* Where there is no display, whatever was to be opened is told as text. */
static void
without_a_display_a_file_is_told (void **state)
{
  g_autofree char *path = record ("told.roundtrip");
  g_autofree char *line = g_strdup_printf ("-u DISPLAY -u WAYLAND_DISPLAY \"%s\" %s",
                                           g_getenv ("ROUNDTRIP_PROGRAM"), path);
  g_auto (Result) result = call_program ("/usr/bin/env", line);

  expect_contains (result.err, "no window: ");
  expect_contains (result.out, "412 Precondition Failed");
  assert_int_equal (result.status, 0);
}

/* From a folder that has no lessons: they are in the program, too. */
static void
without_a_display_the_first_lesson_is_told (void **state)
{
  g_autofree char *line
      = g_strdup_printf ("-C \"%s\" -u DISPLAY -u WAYLAND_DISPLAY -u ROUNDTRIP_LESSONS \"%s\"",
                         folder, g_getenv ("ROUNDTRIP_PROGRAM"));
  g_auto (Result) result = call_program ("/usr/bin/env", line);

  expect_contains (result.err, "no window: ");
  expect_contains (result.out, "The smallest request");
  assert_int_equal (result.status, 0);
}

static void
a_file_that_is_no_session_is_refused (void **state)
{
  g_autofree char *path = g_build_filename (folder, "text.roundtrip", NULL);
  g_autofree char *line = g_strdup_printf ("inspect %s", path);

  assert_true (g_file_set_contents (path, "This is no database, but a text.\n", -1, NULL));
  {
    g_auto (Result) result = call (line);

    assert_int_equal (result.status, 1);
    expect_contains (result.err, "text.roundtrip");
  }
}

static void
output_that_does_not_arrive_is_a_failure (void **state)
{
  g_autofree char *line = g_strdup_printf ("-c '\"%s\" run lost-update --json >/dev/full'",
                                           g_getenv ("ROUNDTRIP_PROGRAM"));
  g_auto (Result) result = call_program ("/bin/sh", line);

  assert_int_equal (result.status, 1);
  expect_contains (result.err, "could not be written");
}

static void
nothing_is_wider_than_a_terminal (void **state)
{
  g_auto (Result) result = call ("run lost-update --text");
  g_auto (GStrv) lines = g_strsplit (result.out, "\n", -1);

  for (guint i = 0; lines[i] != NULL; i++)
    if (g_utf8_strlen (lines[i], -1) > 80)
      {
        print_message ("# %s\n", lines[i]);
        fail ();
      }
}

static void
a_solution_passes_and_the_starter_does_not (void **state)
{
  g_autofree char *solution = g_strdup_printf (
      "try lost-update --origin %s/solutions/11-lost-update.yaml", g_getenv ("ROUNDTRIP_LESSONS"));
  g_autofree char *path = g_build_filename (folder, "starter.yaml", NULL);
  g_autofree char *line = g_strdup_printf ("try lost-update --origin %s", path);
  g_auto (Result) starter = call ("try lost-update");
  g_auto (Result) passed = call (solution);

  assert_int_equal (passed.status, 0);
  expect_contains (passed.out, "The symptom is gone and the good path still works.");
  assert_true (g_file_set_contents (path, starter.out, -1, NULL));
  {
    g_auto (Result) failed = call (line);

    assert_int_equal (failed.status, 1);
    expect_contains (failed.out,
                     "FAILED  a change that names no version is refused (1 of 3), exchange 1");
  }
}

static void
a_request_can_be_the_answer (void **state)
{
  g_autofree char *path = g_build_filename (folder, "mine.http", NULL);
  g_autofree char *line = g_strdup_printf ("try smallest-request --origin %s", path);
  g_autofree char *other = g_strdup_printf ("try lost-update --origin %s", path);

  assert_true (g_file_set_contents (path, "GET / HTTP/1.1\r\nHost:tea.test\r\n\r\n", -1, NULL));
  {
    g_auto (Result) passed = call (line);
    g_auto (Result) refused = call (other);

    assert_int_equal (passed.status, 0);
    assert_int_equal (refused.status, 1);
    expect_contains (refused.err, "mine.http: this challenge asks for no request");
  }
  assert_true (g_file_set_contents (path, "GET / HTTP/1.1\nHost: tea.test\n\n", -1, NULL));
  {
    g_auto (Result) failed = call (line);

    assert_int_equal (failed.status, 1);
    expect_contains (failed.out, "FAILED  it takes no more than 33 bytes");
  }
}

static void
a_slip_in_an_answer_is_named (void **state)
{
  g_autofree char *path = g_build_filename (folder, "slip.yaml", NULL);
  g_autofree char *line = g_strdup_printf ("try lost-update --origin %s", path);

  assert_true (g_file_set_contents (
      path, "api.shop.test:\n  /doc/1:\n    kind: document\n    requrie: if-match\n", -1, NULL));
  {
    g_auto (Result) result = call (line);

    assert_int_equal (result.status, 1);
    expect_contains (result.err, "slip.yaml:4: there is no setting “requrie”; expected “require”");
  }
}

static int
remove_folder (void **state)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      g_unlink (path);
    }
  g_rmdir (folder);
  g_free (folder);
  return 0;
}

int
main (void)
{
  const struct CMUnitTest own[] = {
    cmocka_unit_test (json_is_the_same_twice),
    cmocka_unit_test (the_exchanges_are_as_written_down),
    cmocka_unit_test (a_condition_that_is_missing_is_found),
    cmocka_unit_test (what_is_recorded_is_inspected),
    cmocka_unit_test (a_session_that_is_cut_off_is_told_of),
    cmocka_unit_test (a_full_disk_is_told_of),
    cmocka_unit_test (a_session_with_damaged_bytes_is_told_of),
    cmocka_unit_test (without_a_display_a_file_is_told),
    cmocka_unit_test (without_a_display_the_first_lesson_is_told),
    cmocka_unit_test (a_file_that_is_no_session_is_refused),
    cmocka_unit_test (output_that_does_not_arrive_is_a_failure),
    cmocka_unit_test (nothing_is_wider_than_a_terminal),
    cmocka_unit_test (a_solution_passes_and_the_starter_does_not),
    cmocka_unit_test (a_request_can_be_the_answer),
    cmocka_unit_test (a_slip_in_an_answer_is_named),
  };
  struct CMUnitTest tests[G_N_ELEMENTS (own) + G_N_ELEMENTS (rows) + G_N_ELEMENTS (listings)];

  memcpy (tests, own, sizeof own);
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    tests[G_N_ELEMENTS (own) + i]
        = (struct CMUnitTest){ rows[i].name, is_answered, NULL, NULL, (void *)&rows[i] };
  for (gsize i = 0; i < G_N_ELEMENTS (listings); i++)
    tests[G_N_ELEMENTS (own) + G_N_ELEMENTS (rows) + i]
        = (struct CMUnitTest){ listings[i].name, is_listed, NULL, NULL, (void *)&listings[i] };
  folder = g_dir_make_tmp ("roundtrip-XXXXXX", NULL);
  return _cmocka_run_group_tests ("commands", tests, G_N_ELEMENTS (tests), NULL, remove_folder);
}
