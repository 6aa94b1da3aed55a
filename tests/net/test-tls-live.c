/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The TLS stage on loopback sockets. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include "tls-play.h"

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

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_exchange),
    cmocka_unit_test (test_wrong_name),
    cmocka_unit_test (test_much),
    cmocka_unit_test (test_bit_flip),
  };

  return cmocka_run_group_tests_name ("tls-live", tests, NULL, NULL);
}
