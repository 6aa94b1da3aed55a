/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * `roundtrip inspect URL` and `roundtrip gateway` with TLS and a recording, against servers on
 * loopback: what is told of good ones, and why of each bad one there is nothing to tell. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include "rt-live.h"
#include "rt-log.h"
#include "rt-origin.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define PAST (RT_TLS_VALID_FROM + RT_TIME_DAY)

/* Servers with TLS, on ports of their own. */
enum
{
  GOOD,
  EXPIRED,
  OTHER_NAME,
  STRANGER,
  HTTP2_ONLY,
  N_SECURE,
};

static const RtTlsIdentity identities[N_SECURE] = {
  [GOOD] = { .name = "127.0.0.1" },
  [EXPIRED] = { .name = "127.0.0.1", .until = PAST },
  [OTHER_NAME] = { .name = "127.0.0.1", .certified = "other.test" },
  [STRANGER] = { .name = "127.0.0.1", .issuer = RT_TLS_ISSUER_STRANGER },
  [HTTP2_ONLY] = { .name = "127.0.0.1" },
};

/* Servers without TLS: what they say, whatever they are asked; %NULL: nothing, ever. */
enum
{
  JUNK,
  FRAMES,
  ALERT,
  SHORT,
  CLOSING,
  SILENT,
  MOVED,
  N_PLAIN,
};

#define FRAME "\0\0\x06\x04\0\0\0\0\0\0\x03\0\0\0\x64"
#define RECORD "\x15\x03\x01\0\x02\x02\x46"

static const struct
{
  const char *bytes;
  gsize length;
} plain[N_PLAIN] = {
  [JUNK] = { "220 mail.test ESMTP\r\n", 21 },
  [FRAMES] = { FRAME, sizeof FRAME - 1 },
  [ALERT] = { RECORD, sizeof RECORD - 1 },
  [SHORT] = { "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf", 44 },
  [CLOSING] = { "", 0 },
  [SILENT] = { NULL, 0 },
};

static guint16 secure_ports[N_SECURE], plain_ports[N_PLAIN], free_port;
static char *authority;
static RtLive *live;
static RtLog *live_log;
static GThread *thread;

/* Plain servers: a thread for each. */

static gpointer
answer_all (gpointer listener)
{
  for (;;)
    {
      gsize which = 0;
      GObject *source = NULL;
      g_autoptr (GSocketConnection) connection
          = g_socket_listener_accept (listener, &source, NULL, NULL);
      g_autofree char *moved
          = g_strdup_printf ("HTTP/1.1 302 Found\r\nLocation: https://127.0.0.1:%u/doc\r\n"
                             "Content-Length: 0\r\n\r\n",
                             secure_ports[GOOD]);
      const char *bytes;
      char buffer[4096];
      GIOStream *stream = G_IO_STREAM (connection);

      if (connection == NULL)
        return NULL;
      which = GPOINTER_TO_SIZE (source != NULL ? g_object_get_data (source, "which") : NULL);
      bytes = which == MOVED ? moved : plain[which].bytes;
      g_input_stream_read (g_io_stream_get_input_stream (stream), buffer, sizeof buffer, NULL,
                           NULL);
      if (bytes == NULL)
        g_input_stream_read (g_io_stream_get_input_stream (stream), buffer, sizeof buffer, NULL,
                             NULL);
      else
        g_output_stream_write_all (g_io_stream_get_output_stream (stream), bytes,
                                   which == MOVED ? strlen (moved) : plain[which].length, NULL,
                                   NULL, NULL);
    }
}

static void
start_plain (void)
{
  GSocketListener *listener = g_socket_listener_new ();

  for (gsize i = 0; i < N_PLAIN; i++)
    {
      g_autoptr (GObject) which = g_object_new (G_TYPE_OBJECT, NULL);

      g_object_set_data (which, "which", GSIZE_TO_POINTER (i));
      plain_ports[i] = g_socket_listener_add_any_inet_port (listener, which, NULL);
      assert_int_not_equal (plain_ports[i], 0);
    }
  g_thread_unref (g_thread_new ("plain", answer_all, listener));
}

/* Servers with TLS: ours. */

static gpointer
serve (gpointer data)
{
  rt_live_driver.run (live, RT_TIME_NEVER, NULL);
  return NULL;
}

static void
start_secure (void)
{
  static const char *const h2[] = { "h2", NULL };
  g_autoptr (GVariant) doc = g_variant_ref_sink (g_variant_new_parsed ("{'content': <'hello'>}"));
  g_autoptr (GError) error = NULL;

  live_log = rt_log_new (0, NULL, NULL);
  live = rt_live_new (live_log, RT_LIVE_CLOCK_REAL, 0, &error);
  assert_non_null (live);
  for (gsize i = 0; i < N_SECURE; i++)
    {
      RtServerLimits limits = rt_server_limits_standard ();
      RtOrigin *origin = rt_origin_new (&limits);
      g_autofree char *name = g_strdup_printf ("origin-%zu", i);
      RtTls tls = { .identities = &identities[i],
                    .n_identities = 1,
                    .alpn = i == HTTP2_ONLY ? h2 : NULL };
      RtPartyId id;

      assert_true (rt_origin_add (origin, "/doc", "file", doc, &error));
      id = rt_live_driver.add (live, name, &rt_origin_class, origin);
      assert_true (rt_live_driver.listen (
          live, id, &(RtEndpoint){ .host = name, .port = 443, .tls = &tls }, &error));
      secure_ports[i] = rt_live_get_port (live, name, 443);
    }
  {
    g_autofree char *pem = rt_live_dup_authority_pem (live);

    authority = g_build_filename (g_get_tmp_dir (), "roundtrip-test-authority-XXXXXX", NULL);
    g_close (g_mkstemp (authority), NULL);
    assert_true (g_file_set_contents (authority, pem, -1, NULL));
  }
  thread = g_thread_new ("secure", serve, NULL);
}

static int
setup (void **state)
{
  g_autoptr (GSocketListener) nobody = g_socket_listener_new ();

  free_port = g_socket_listener_add_any_inet_port (nobody, NULL, NULL);
  g_socket_listener_close (nobody);
  start_secure ();
  start_plain ();
  return 0;
}

static int
teardown (void **state)
{
  rt_live_stop (live);
  g_thread_join (thread);
  rt_live_free (live);
  rt_log_free (live_log);
  g_unlink (authority);
  g_free (authority);
  return 0;
}

/* The program. */

static int
run_program (const char *const *arguments, char **ret_output, char **ret_errors)
{
  g_autoptr (GPtrArray) argv = g_ptr_array_new ();
  int status = -1;

  g_ptr_array_add (argv, (gpointer)g_getenv ("ROUNDTRIP_PROGRAM"));
  for (; *arguments != NULL; arguments++)
    g_ptr_array_add (argv, (gpointer)*arguments);
  g_ptr_array_add (argv, NULL);
  assert_true (g_spawn_sync (NULL, (char **)argv->pdata, NULL, 0, NULL, NULL, ret_output,
                             ret_errors, &status, NULL));
  return WIFEXITED (status) ? WEXITSTATUS (status) : -1;
}

static void
expect_text (const char *where, const char *text)
{
  if (strstr (where, text) != NULL)
    return;
  print_message ("# “%s” is not in:\n# %s\n", text, where);
  fail ();
}

typedef struct
{
  const char *name;
  const guint16 *port;
  const char *scheme;
  const char *said;
} Failure;

/* clang-format off */
static const Failure failures[] = {
  { "nobody listens", &free_port, "http", "connection refused" },
  { "no HTTP", &plain_ports[JUNK], "http", "what it says is no HTTP" },
  { "HTTP/2 alone", &plain_ports[FRAMES], "http", "it speaks HTTP/2 alone" },
  { "TLS where none was meant", &plain_ports[ALERT], "http", "its URL begins with https" },
  { "half a response", &plain_ports[SHORT], "http", "ended in the middle of the response" },
  { "no response", &plain_ports[CLOSING], "http", "closed before a response came" },
  { "silence", &plain_ports[SILENT], "http", "no response came in time" },
  { "no TLS", &plain_ports[JUNK], "https", "does not speak TLS" },
  { "an expired certificate", &secure_ports[EXPIRED], "https", "expired" },
  { "a certificate for another name", &secure_ports[OTHER_NAME], "https", "somebody else" },
  { "an authority that nobody knows", &secure_ports[STRANGER], "https", "nobody who is trusted" },
  { "HTTP/2 over TLS alone", &secure_ports[HTTP2_ONLY], "https", "perhaps HTTP/2 alone" },
};
/* clang-format on */

static void
names_why_it_failed (void **state)
{
  const Failure *failure = *state;
  g_autofree char *url = g_strdup_printf ("%s://127.0.0.1:%u/doc", failure->scheme, *failure->port);
  const char *const arguments[]
      = { "inspect", url, "--cacert", authority, "--timeout", "2s", NULL };
  g_autofree char *output = NULL, *errors = NULL;

  assert_int_equal (run_program (arguments, &output, &errors), 1);
  expect_text (errors, failure->said);
}

static void
a_host_that_is_not_known_is_said_to_be_so (void **state)
{
  const char *const arguments[] = { "inspect", "http://nowhere.invalid/", NULL };
  g_autofree char *output = NULL, *errors = NULL;

  assert_int_equal (run_program (arguments, &output, &errors), 1);
  expect_text (errors, "the host nowhere.invalid is not known");
}

static void
explains_an_exchange_over_tls (void **state)
{
  g_autofree char *url = g_strdup_printf ("https://127.0.0.1:%u/doc", secure_ports[GOOD]);
  const char *const arguments[] = { "inspect", url, "--cacert", authority, NULL };
  g_autofree char *output = NULL, *errors = NULL;

  assert_int_equal (run_program (arguments, &output, &errors), 0);
  expect_text (output, "200 OK");
  expect_text (output, "Is the server who it says it is?");
}

static void
without_the_authority_nobody_vouches (void **state)
{
  g_autofree char *url = g_strdup_printf ("https://127.0.0.1:%u/doc", secure_ports[GOOD]);
  const char *const arguments[] = { "inspect", url, NULL };
  const char *const careless[] = { "inspect", url, "-k", NULL };
  g_autofree char *output = NULL, *errors = NULL;
  g_autofree char *output_2 = NULL, *errors_2 = NULL;

  assert_int_equal (run_program (arguments, &output, &errors), 1);
  expect_text (errors, "nobody who is trusted vouches for the certificate");
  assert_int_equal (run_program (careless, &output_2, &errors_2), 0);
}

static void
a_redirection_is_shown_and_followed_when_asked_to (void **state)
{
  g_autofree char *url = g_strdup_printf ("http://127.0.0.1:%u/", plain_ports[MOVED]);
  g_autofree char *folder = g_dir_make_tmp ("roundtrip-test-XXXXXX", NULL);
  g_autofree char *file = g_build_filename (folder, "a.roundtrip", NULL);
  const char *const shown[] = { "inspect", url, "--cacert", authority, NULL };
  const char *const followed[]
      = { "inspect", url, "--cacert", authority, "--follow", "--record", file, NULL };
  const char *const recorded[] = { "inspect", file, NULL };
  g_autofree char *output = NULL, *errors = NULL;
  g_autofree char *output_2 = NULL, *errors_2 = NULL;
  g_autofree char *output_3 = NULL, *errors_3 = NULL;

  assert_int_equal (run_program (shown, &output, &errors), 0);
  expect_text (output, "client decides (and sends nothing): Is the redirection followed");
  assert_null (strstr (output, "200 OK"));
  assert_int_equal (run_program (followed, &output_2, &errors_2), 0);
  expect_text (output_2, "client decides: Is the redirection followed");
  expect_text (output_2, "200 OK");
  assert_int_equal (run_program (recorded, &output_3, &errors_3), 0);
  assert_string_equal (output_3, output_2);
  g_unlink (file);
  g_rmdir (folder);
}

static void
libsoup_is_compared_with (void **state)
{
  g_autofree char *url = g_strdup_printf ("https://127.0.0.1:%u/doc", secure_ports[GOOD]);
  const char *const arguments[]
      = { "inspect", url, "--cacert", authority, "--stack", "libsoup", NULL };
  const char *const document[]
      = { "inspect", url, "--cacert", authority, "--stack", "libsoup", "--json", NULL };
  const char *const unknown[] = { "inspect", url, "--stack", "soap", NULL };
  g_autofree char *output = NULL, *errors = NULL;
  g_autofree char *output_2 = NULL, *errors_2 = NULL;
  g_autofree char *json = NULL, *errors_3 = NULL;

  assert_int_equal (run_program (arguments, &output, &errors), 0);
  assert_int_equal (run_program (document, &json, &errors_3), 0);
  expect_text (json, "\"with\" : \"libsoup\"");
  expect_text (json, "\"what\" : \"request: field Accept-Encoding\"");
  expect_text (output, "The client (left) and libsoup (right)");
  expect_text (output, "request: field Accept-Encoding: ");
  assert_null (strstr (output, "response: status"));
  assert_null (strstr (output, "response: content"));
  assert_int_equal (run_program (unknown, &output_2, &errors_2), 2);
  expect_text (errors_2, "--stack takes libsoup");
}

/* The gateway: it says where it listens and who signed its certificate, and is stopped. */

typedef struct
{
  GPid pid;
  FILE *output;
  guint16 port;
  char *authority;
} Gateway;

static void
start_gateway (Gateway *gateway, const char *upstream, const char *file)
{
  const char *const argv[] = { g_getenv ("ROUNDTRIP_PROGRAM"),
                               "gateway",
                               "--listen",
                               "127.0.0.1:0",
                               "--upstream",
                               upstream,
                               "--tls",
                               "--cacert",
                               authority,
                               "--record",
                               file,
                               NULL };
  char line[512];
  int fd;

  assert_true (g_spawn_async_with_pipes (NULL, (char **)argv, NULL, G_SPAWN_DO_NOT_REAP_CHILD, NULL,
                                         NULL, &gateway->pid, NULL, &fd, NULL, NULL));
  gateway->output = fdopen (fd, "r");
  assert_non_null (fgets (line, sizeof line, gateway->output));
  gateway->port = (guint16)g_ascii_strtoull (strrchr (line, ':') + 1, NULL, 10);
  assert_non_null (fgets (line, sizeof line, gateway->output));
  gateway->authority = g_strdup (g_strstrip (strstr (line, "signed by ") + 10));
}

static void
stop_gateway (Gateway *gateway)
{
  int status;

  kill (gateway->pid, SIGTERM);
  assert_int_equal (waitpid (gateway->pid, &status, 0), gateway->pid);
  assert_true (WIFEXITED (status));
  assert_int_equal (WEXITSTATUS (status), 0);
  assert_false (g_file_test (gateway->authority, G_FILE_TEST_EXISTS));
  fclose (gateway->output);
  g_free (gateway->authority);
}

static void
a_gateway_records_what_passes_between_two_stretches_of_tls (void **state)
{
  g_autofree char *folder = g_dir_make_tmp ("roundtrip-test-XXXXXX", NULL);
  g_autofree char *file = g_build_filename (folder, "a.roundtrip", NULL);
  g_autofree char *upstream = g_strdup_printf ("https://127.0.0.1:%u", secure_ports[GOOD]);
  g_autofree char *url = NULL;
  g_autofree char *output = NULL, *errors = NULL;
  g_autofree char *recorded = NULL, *errors_2 = NULL;
  Gateway gateway;

  start_gateway (&gateway, upstream, file);
  url = g_strdup_printf ("https://127.0.0.1:%u/doc", gateway.port);
  {
    const char *const ask[] = { "inspect", url, "--cacert", gateway.authority, NULL };

    assert_int_equal (run_program (ask, &output, &errors), 0);
  }
  expect_text (output, "200 OK");
  stop_gateway (&gateway);
  {
    const char *const look[] = { "inspect", file, "--filter", "status-code:200", "--json", NULL };

    assert_int_equal (run_program (look, &recorded, &errors_2), 0);
  }
  expect_text (recorded, "/doc");
  g_unlink (file);
  g_rmdir (folder);
}

static void
what_is_no_server_is_no_upstream (void **state)
{
  const char *const path[]
      = { "gateway", "--listen", "127.0.0.1:8080", "--upstream", "https://a.test/b", NULL };
  const char *const name[]
      = { "gateway", "--listen", "127.0.0.1:8080", "--upstream", "https://nowhere.invalid", NULL };
  g_autofree char *output = NULL, *errors = NULL;
  g_autofree char *output_2 = NULL, *errors_2 = NULL;

  assert_int_equal (run_program (path, &output, &errors), 2);
  expect_text (errors, "is more than a server");
  assert_int_equal (run_program (name, &output_2, &errors_2), 1);
  expect_text (errors_2, "the host nowhere.invalid is not known");
}

int
main (void)
{
  const struct CMUnitTest others[] = {
    cmocka_unit_test (a_host_that_is_not_known_is_said_to_be_so),
    cmocka_unit_test (explains_an_exchange_over_tls),
    cmocka_unit_test (without_the_authority_nobody_vouches),
    cmocka_unit_test (a_redirection_is_shown_and_followed_when_asked_to),
    cmocka_unit_test (libsoup_is_compared_with),
    cmocka_unit_test (a_gateway_records_what_passes_between_two_stretches_of_tls),
    cmocka_unit_test (what_is_no_server_is_no_upstream),
  };
  struct CMUnitTest tests[G_N_ELEMENTS (failures) + G_N_ELEMENTS (others)];

  for (gsize i = 0; i < G_N_ELEMENTS (failures); i++)
    tests[i] = (struct CMUnitTest){ failures[i].name, names_why_it_failed, NULL, NULL,
                                    (void *)&failures[i] };
  memcpy (&tests[G_N_ELEMENTS (failures)], others, sizeof others);
  return _cmocka_run_group_tests ("inspect a URL", tests, G_N_ELEMENTS (tests), setup, teardown);
}
