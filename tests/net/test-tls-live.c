/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The TLS stage on loopback sockets. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include "tls-play.h"

#include <glib/gstdio.h>
#include <gnutls/x509.h>

#include <signal.h>
#include <sys/wait.h>
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
  assert_string_equal (play.server.seen->str, "SR");
  assert_logged (&play, "the other end gave up: TLS alert bad_certificate");
  play_clear (&play);
}

static void
test_much (void **state)
{
  Play play;

  play_init_live (&play, &rt_tls_standard);
  play_much (&play);
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

/* Runs curl for https://@host/ while the server serves; returns what it printed. */
static char *
run_curl (Play *play, const char *host, const char *version, int *ret_status)
{
  g_autofree char *pem = rt_live_dup_authority_pem (play->driver);
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
  place = g_strdup_printf ("%s:%u:127.0.0.1", host, port);
  url = g_strdup_printf ("https://%s:%u/", host, port);
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
      output = run_curl (&play, "shop.test", versions[i], &status);
      assert_int_equal (status, 0);
      assert_string_equal (output, "hi");
      assert_string_equal (play.server.server_name, "shop.test");
      assert_string_equal (play.server.alpn, "http/1.1");
      play_clear (&play);
    }
}

/* A server without an identity of its own choosing is whoever a program takes it for. */
static void
test_names_asked_for (void **state)
{
  static const char *const hosts[] = { "localhost", "127.0.0.1", "other.test" };
  g_autofree char *curl = g_find_program_in_path ("curl");

  if (curl == NULL)
    skip ();
  for (gsize i = 0; i < G_N_ELEMENTS (hosts); i++)
    {
      Play play;
      g_autofree char *output = NULL;
      int status;

      play_init_outside (&play);
      play_listen (&play, NULL, &rt_tls_standard);
      output = run_curl (&play, hosts[i], "1.3", &status);
      assert_int_equal (status, 0);
      assert_string_equal (output, "hi");
      play_clear (&play);
    }
}

static gnutls_x509_crt_t
read_authority (Play *play)
{
  g_autofree char *pem = rt_live_dup_authority_pem (play->driver);
  gnutls_datum_t datum = { (guchar *)pem, (guint)strlen (pem) };
  gnutls_x509_crt_t certificate;

  assert_int_equal (gnutls_x509_crt_init (&certificate), 0);
  assert_int_equal (gnutls_x509_crt_import (certificate, &datum, GNUTLS_X509_FMT_PEM), 0);
  return certificate;
}

/* Nobody else has the key that programs are asked to trust. */
static void
test_authority_is_thrown_away (void **state)
{
  gint64 now = g_get_real_time () / G_USEC_PER_SEC;
  gnutls_x509_crt_t authorities[3];
  Play play;

  for (int i = 0; i < 2; i++)
    {
      play_init_outside (&play);
      authorities[i] = read_authority (&play);
      assert_true (gnutls_x509_crt_get_activation_time (authorities[i]) < now);
      assert_true (gnutls_x509_crt_get_expiration_time (authorities[i]) > now);
      assert_true (gnutls_x509_crt_get_expiration_time (authorities[i]) < now + 398 * 24 * 60 * 60);
      play_clear (&play);
    }
  play_init_live (&play, &rt_tls_standard);
  authorities[2] = read_authority (&play);
  play_clear (&play);
  for (int i = 0; i < 3; i++)
    assert_false (gnutls_x509_crt_equals (authorities[i], authorities[(i + 1) % 3]));
  for (int i = 0; i < 3; i++)
    gnutls_x509_crt_deinit (authorities[i]);
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
  output = run_curl (&play, "shop.test", "1.3", &status);
  assert_int_not_equal (status, 0);
  assert_string_equal (output, "");
  play_clear (&play);
}

/* OpenSSL's server, with tickets, on a port of its own choosing. */
typedef struct
{
  char *folder, *key, *certificate;
  GPid pid;
  int input;
  guint16 port;
} OpenSsl;

static gboolean
make_certificate (const OpenSsl *openssl)
{
  char *command[] = { "openssl",
                      "req",
                      "-x509",
                      "-newkey",
                      "ec",
                      "-pkeyopt",
                      "ec_paramgen_curve:P-256",
                      "-nodes",
                      "-keyout",
                      openssl->key,
                      "-out",
                      openssl->certificate,
                      "-subj",
                      "/CN=shop.test",
                      NULL };
  int status = -1;

  return g_spawn_sync (NULL, command, NULL,
                       G_SPAWN_SEARCH_PATH | G_SPAWN_STDOUT_TO_DEV_NULL
                           | G_SPAWN_STDERR_TO_DEV_NULL,
                       NULL, NULL, NULL, NULL, &status, NULL)
         && status == 0;
}

/* It says `ACCEPT 127.0.0.1:PORT` when it is there. */
static guint16
read_port (int fd)
{
  g_autoptr (GIOChannel) channel = g_io_channel_unix_new (fd);
  guint16 port = 0;

  g_io_channel_set_close_on_unref (channel, TRUE);
  while (port == 0)
    {
      g_autofree char *line = NULL;

      if (g_io_channel_read_line (channel, &line, NULL, NULL, NULL) != G_IO_STATUS_NORMAL)
        break;
      if (g_str_has_prefix (line, "ACCEPT "))
        port = (guint16)g_ascii_strtoull (strrchr (line, ':') + 1, NULL, 10);
    }
  return port;
}

static gboolean
openssl_start (OpenSsl *openssl)
{
  char *command[] = { "openssl", "s_server", "-accept", "127.0.0.1:0", "-www", "-naccept",
                      "1",       "-cert",    NULL,      "-key",        NULL,   NULL };
  int output;

  openssl->folder = g_dir_make_tmp ("roundtrip-XXXXXX", NULL);
  openssl->key = g_build_filename (openssl->folder, "key.pem", NULL);
  openssl->certificate = g_build_filename (openssl->folder, "certificate.pem", NULL);
  command[8] = openssl->certificate;
  command[10] = openssl->key;
  if (!make_certificate (openssl)
      || !g_spawn_async_with_pipes (
          NULL, command, NULL,
          G_SPAWN_SEARCH_PATH | G_SPAWN_DO_NOT_REAP_CHILD | G_SPAWN_STDERR_TO_DEV_NULL, NULL, NULL,
          &openssl->pid, &openssl->input, &output, NULL, NULL))
    return FALSE;
  openssl->port = read_port (output);
  return openssl->port != 0;
}

static void
openssl_stop (OpenSsl *openssl)
{
  if (openssl->pid != 0)
    {
      kill (openssl->pid, SIGTERM);
      waitpid (openssl->pid, NULL, 0);
      close (openssl->input);
    }
  g_unlink (openssl->key);
  g_unlink (openssl->certificate);
  g_rmdir (openssl->folder);
  g_free (openssl->key);
  g_free (openssl->certificate);
  g_free (openssl->folder);
}

/* With TLS 1.3 it sends tickets and its answer in one go. */
static void
test_openssl (void **state)
{
  static const RtTls wants[]
      = { { .insecure = TRUE }, { .insecure = TRUE, .most = RT_TLS_1_2 }, { 0 } };
  g_autofree char *program = g_find_program_in_path ("openssl");

  if (program == NULL)
    skip ();
  for (gsize i = 0; i < G_N_ELEMENTS (wants); i++)
    {
      OpenSsl openssl = { 0 };
      Play play;

      assert_true (openssl_start (&openssl));
      play_init_outside (&play);
      play.client.to.tls = &wants[i];
      play.client.manner = CLIENT_WAITS;
      rt_live_map (play.driver, "shop.test", 443, "127.0.0.1", openssl.port);
      play.driver_class->task (play.driver, play.client_id, NULL, "go", 0);
      play.driver_class->run (play.driver, g_get_real_time () + 20 * RT_TIME_SEC, NULL);
      if (wants[i].insecure)
        assert_true (g_str_has_prefix (play.client.got->str, "HTTP/1.0 200 ok"));
      else
        assert_string_equal (
            play.client.error,
            "shop.test:443: the certificate vouches for itself (TLS alert unknown_ca)");
      assert_false (play.client.trusted);
      play_clear (&play);
      openssl_stop (&openssl);
    }
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_exchange),
    cmocka_unit_test (test_wrong_name),
    cmocka_unit_test (test_much),
    cmocka_unit_test (test_bit_flip),
    cmocka_unit_test (test_curl),
    cmocka_unit_test (test_curl_refuses),
    cmocka_unit_test (test_openssl),
    cmocka_unit_test (test_names_asked_for),
    cmocka_unit_test (test_authority_is_thrown_away),
  };

  return cmocka_run_group_tests_name ("tls-live", tests, NULL, NULL);
}
