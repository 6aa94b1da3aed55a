/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The TLS stage on loopback sockets. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include "rt-tls-authority.h"
#include "tls-play.h"

#include <glib/gstdio.h>

#include <unistd.h>

static void
test_exchange (void **state)
{
  Play play;

  play_init_live (&play, &rt_tls_standard);
  play_listen (&play, NULL, &rt_tls_standard);
  assert_int_equal (play_run (&play), RT_RUN_SETTLED);
  assert_answered (&play);
  assert_true (play.client.secure && play.client.trusted);
  assert_string_equal (play.server.server_name, "shop.test");
  assert_string_equal (play.client.alpn, "http/1.1");
  /* Which end's buffers are opened first, the kernel decides. */
  assert_logged (&play, "+0+35 \n");
  assert_logged (&play, "+0+40 \n");
  assert_not_logged (&play, "reset");
  play_clear (&play);
}

static void
test_wrong_name (void **state)
{
  static const RtTlsIdentity identity = { .name = "shop.test", .certified = "other.test" };
  static const RtTls shows = { .identities = &identity, .n_identities = 1 };
  Play play;

  play_init_live (&play, &rt_tls_standard);
  play_listen (&play, NULL, &shows);
  assert_int_equal (play_run (&play), RT_RUN_SETTLED);
  assert_string_equal (play.client.error, "shop.test:443: the certificate is made out to somebody "
                                          "else (TLS alert bad_certificate)");
  assert_string_equal (play.server.seen->str, "");
  assert_logged (&play, "the other end gave up: TLS alert bad_certificate");
  play_clear (&play);
}

static void
test_much (void **state)
{
  Play play;

  play_init_live (&play, &rt_tls_standard);
  play_listen (&play, NULL, &rt_tls_standard);
  play.client.asks = 300000;
  play.client.manner = CLIENT_WAITS;
  play.server.answers = 1000000;
  play.server.closes = TRUE;
  assert_int_equal (play_run (&play), RT_RUN_SETTLED);
  assert_int_equal (play.server.got->len, strlen (REQUEST) + 300000);
  assert_int_equal (play.client.got->len, strlen (RESPONSE) + 1000000);
  play_clear (&play);
}

static void
test_bit_flip (void **state)
{
  static const RtTls via = { .server_name = "shop.test" };
  Mallory mallory = { .flip = PLAY_FLIGHT + 20 };
  Play play;

  play_init_live (&play, &via);
  play_add_mallory (&play, &mallory);
  assert_int_equal (play_run (&play), RT_RUN_SETTLED);
  assert_string_equal (play.client.got->str, "");
  assert_logged (&play, "a record was changed on its way (TLS alert bad_record_mac)");
  play_clear (&play);
}

/* A program that is not ours, if this machine has it. */

static gpointer
serve (gpointer data)
{
  Play *play = data;

  play->driver_class->run (play->driver, RT_TIME_NEVER, NULL);
  return NULL;
}

/* Runs curl for https://shop.test/ while the server serves; returns what it printed. */
static char *
run_curl (Play *play, const char *version, int *ret_status)
{
  g_autofree char *pem = rt_tls_authority_dup_pem ();
  g_autofree char *place = NULL;
  g_autofree char *url = NULL;
  g_autofree char *output = NULL;
  guint16 port = rt_live_get_port (play->driver, "shop.test", 443);
  g_autofree char *file = NULL;
  int fd = g_file_open_tmp ("roundtrip-XXXXXX.pem", &file, NULL);
  GThread *thread = g_thread_new ("server", serve, play);
  gboolean spawned;

  close (fd);
  assert_true (g_file_set_contents (file, pem, -1, NULL));
  place = g_strdup_printf ("shop.test:%u:127.0.0.1", port);
  url = g_strdup_printf ("https://shop.test:%u/", port);
  spawned = g_spawn_sync (NULL,
                          (char *[]){ "curl", "-sS", "--noproxy", "*", "--max-time", "20",
                                      "--tls-max", (char *)version, "--cacert", file, "--resolve",
                                      place, url, NULL },
                          NULL, G_SPAWN_SEARCH_PATH | G_SPAWN_STDERR_TO_DEV_NULL, NULL, NULL,
                          &output, NULL, ret_status, NULL);
  rt_live_stop (play->driver);
  g_thread_join (thread);
  g_unlink (file);
  assert_true (spawned);
  return g_steal_pointer (&output);
}

static void
test_curl (void **state)
{
  static const char *const versions[] = { "1.2", "1.3" };
  g_autofree char *curl = g_find_program_in_path ("curl");

  if (curl == NULL)
    skip ();
  for (gsize i = 0; i < G_N_ELEMENTS (versions); i++)
    {
      Play play;
      g_autofree char *output = NULL;
      int status;

      play_init_outside (&play);
      play_listen (&play, NULL, &rt_tls_standard);
      output = run_curl (&play, versions[i], &status);
      assert_int_equal (status, 0);
      assert_string_equal (output, "hi");
      assert_string_equal (play.server.server_name, "shop.test");
      assert_string_equal (play.server.alpn, "http/1.1");
      play_clear (&play);
    }
}

static void
test_curl_refuses (void **state)
{
  static const RtTlsIdentity identity = { .name = "shop.test", .certified = "other.test" };
  static const RtTls shows = { .identities = &identity, .n_identities = 1 };
  g_autofree char *curl = g_find_program_in_path ("curl");
  g_autofree char *output = NULL;
  Play play;
  int status;

  if (curl == NULL)
    skip ();
  play_init_outside (&play);
  play_listen (&play, NULL, &shows);
  output = run_curl (&play, "1.3", &status);
  assert_int_not_equal (status, 0);
  assert_string_equal (output, "");
  play_clear (&play);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_exchange), cmocka_unit_test (test_wrong_name),
    cmocka_unit_test (test_much),     cmocka_unit_test (test_bit_flip),
    cmocka_unit_test (test_curl),     cmocka_unit_test (test_curl_refuses),
  };

  return cmocka_run_group_tests_name ("tls-live", tests, NULL, NULL);
}
