/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The TLS stage on the sim driver. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include "rt-analysis.h"
#include "tls-play.h"

static void
test_exchange (void **state)
{
  Play play;

  play_init (&play, &rt_tls_standard);
  play_listen (&play, NULL, &rt_tls_standard);
  assert_int_equal (play_run (&play), RT_RUN_SETTLED);
  assert_answered (&play);
  assert_string_equal (play.client.seen->str, "TCWBE");
  assert_string_equal (play.server.seen->str, "SABWE");
  assert_true (play.client.secure && play.client.trusted);
  assert_string_equal (play.client.server_name, "shop.test");
  assert_string_equal (play.client.alpn, "http/1.1");
  assert_string_equal (play.server.server_name, "shop.test");
  assert_logged (&play,
                 "1 secured 1 0+0+0 {'version': <'TLS 1.3'>, 'cipher': <'AES-128-GCM'>, 'alpn': "
                 "<'http/1.1'>, 'sni': <'shop.test'>}");
  /* Plaintext of the one end is what the other reads, in the same bytes of the log. */
  assert_logged (&play, "1 sent 1 3+0+35 \n");
  assert_logged (&play, "2 received 1 3+0+35 \n");
  assert_logged (&play, "2 sent 1 4+0+40 \n");
  assert_logged (&play, "1 received 1 4+0+40 \n");
  assert_not_logged (&play, "reset");
  play_clear (&play);
}

/* Certificates and what is negotiated: a table of what each end wants and what comes of it. */
typedef struct
{
  const char *name;
  RtTls wants, shows;
  RtTlsIdentity identity; /* name: one is shown */
  RtTime later;           /* than the start */
  const char *error, *alert;
} Row;

static const char *const h2[] = { "h2", NULL };
static const char *const both[] = { "h2", "http/1.1", NULL };

#define SHOP .name = "shop.test"

/* clang-format off */
static const Row rows[] = {
  { "the host's certificate", .identity = { SHOP } },
  { "a wildcard", .identity = { SHOP, .certified = "*.test" } },
  { "another host's certificate", .identity = { SHOP, .certified = "other.test" },
    .error = "the certificate is made out to somebody else (TLS alert bad_certificate)", .alert = "bad_certificate" },
  { "the name that is meant is another", .wants = { .server_name = "other.test" }, .identity = { .name = "other.test" } },
  { "an expired certificate", .identity = { SHOP, .until = START - RT_TIME_DAY },
    .error = "the certificate has expired (TLS alert certificate_expired)", .alert = "certificate_expired" },
  { "a certificate that expires meanwhile", .identity = { SHOP, .until = START + RT_TIME_DAY }, .later = 2 * RT_TIME_DAY,
    .error = "the certificate has expired (TLS alert certificate_expired)", .alert = "certificate_expired" },
  { "one that does not", .identity = { SHOP, .until = START + RT_TIME_DAY }, .later = RT_TIME_HOUR },
  { "a certificate of the future", .identity = { SHOP, .from = START + RT_TIME_DAY },
    .error = "the certificate is not valid yet (TLS alert certificate_expired)", .alert = "certificate_expired" },
  { "… whose time has come", .identity = { SHOP, .from = START + RT_TIME_DAY }, .later = 2 * RT_TIME_DAY },
  { "a certificate that vouches for itself", .identity = { SHOP, .issuer = RT_TLS_ISSUER_SELF },
    .error = "the certificate vouches for itself (TLS alert unknown_ca)", .alert = "unknown_ca" },
  { "a stranger's certificate", .identity = { SHOP, .issuer = RT_TLS_ISSUER_STRANGER },
    .error = "nobody who is trusted vouches for the certificate (TLS alert unknown_ca)", .alert = "unknown_ca" },
  { "a certificate that names nobody", .identity = { SHOP, .certified = "" },
    .error = "the certificate is made out to somebody else (TLS alert bad_certificate)", .alert = "bad_certificate" },
  { "a client's certificate", .identity = { SHOP, .for_clients = TRUE },
    .error = "the certificate is not for servers (TLS alert unsupported_certificate)", .alert = "unsupported_certificate" },
  { "the sandbox's authority counts in the sandbox alone", .wants = { .public = TRUE }, .identity = { SHOP },
    .error = "nobody who is trusted vouches for the certificate (TLS alert unknown_ca)", .alert = "unknown_ca" },
  { "nobody checks", .wants = { .insecure = TRUE }, .identity = { .name = "x.test", .issuer = RT_TLS_ISSUER_STRANGER } },
  { "TLS 1.2 alone at the client", .wants = { .most = RT_TLS_1_2 } },
  { "TLS 1.2 alone at the server", .shows = { .most = RT_TLS_1_2 } },
  { "TLS 1.3 alone at both", .wants = { .least = RT_TLS_1_3 }, .shows = { .least = RT_TLS_1_3 } },
  { "the server is too old to know the client's version", .wants = { .least = RT_TLS_1_3 }, .shows = { .most = RT_TLS_1_2 },
    .error = "the other end gave up: TLS alert handshake_failure" },
  { "the server is too new for the client", .wants = { .most = RT_TLS_1_2 }, .shows = { .least = RT_TLS_1_3 },
    .error = "the other end gave up: TLS alert handshake_failure" },
  { "one protocol in common", .wants = { .alpn = both } },
  { "no protocol in common", .wants = { .alpn = h2 }, .error = "the other end gave up: TLS alert no_application_protocol" },
  { "a name that the server does not know", .identity = { .name = "other.test" }, .shows = { .only_named = TRUE },
    .error = "the other end gave up: TLS alert unrecognized_name" },
};
/* clang-format on */

/* On which driver the rows are played. */
static void (*play_init_rows) (Play *play, const RtTls *wants) = play_init;

static void
test_row (void **state)
{
  const Row *row = *state;
  RtTls shows = row->shows;
  Play play;

  if (row->identity.name != NULL)
    {
      shows.identities = &row->identity;
      shows.n_identities = 1;
    }
  play_init_rows (&play, &row->wants);
  play_listen (&play, NULL, &shows);
  play.driver_class->advance (play.driver, row->later);
  assert_int_equal (play_run (&play), RT_RUN_SETTLED);
  if (row->error == NULL)
    assert_answered (&play);
  else
    {
      g_autofree char *want = g_strconcat ("shop.test:443: ", row->error, NULL);

      assert_non_null (play.client.error);
      assert_string_equal (play.client.error, want);
      assert_string_equal (play.client.seen->str, "TF");
      assert_string_equal (play.server.seen->str, "SR");
    }
  if (row->alert != NULL)
    {
      g_autofree char *heard
          = g_strdup_printf ("2 reset 1 0+0+0 'the other end gave up: TLS alert %s'", row->alert);

      assert_logged (&play, heard);
    }
  assert_int_equal (play.client.trusted, row->error == NULL && !row->wants.insecure);
  play_clear (&play);
}

static void
test_two_hosts (void **state)
{
  static const RtTlsIdentity identities[] = { { .name = "shop.test" }, { .name = "blog.test" } };
  const RtTls shows = { .identities = identities, .n_identities = 2 };
  static const char *const hosts[] = { "shop.test", "blog.test" };

  for (gsize i = 0; i < G_N_ELEMENTS (hosts); i++)
    {
      Play play;

      play_init (&play, &rt_tls_standard);
      play_listen (&play, NULL, &shows);
      play_listen (&play, "blog.test", &shows);
      play.client.to.host = hosts[i];
      assert_int_equal (play_run (&play), RT_RUN_SETTLED);
      assert_answered (&play);
      assert_string_equal (play.server.server_name, hosts[i]);
      assert_true (play.client.trusted);
      play_clear (&play);
    }
}

static void
test_address (void **state)
{
  const RtTlsIdentity identity = { .name = "10.0.0.2" };
  const RtTls shows = { .identities = &identity, .n_identities = 1 };
  Play play;

  play_init (&play, &rt_tls_standard);
  play_listen (&play, "10.0.0.2", &shows);
  play.client.to.host = "10.0.0.2";
  assert_int_equal (play_run (&play), RT_RUN_SETTLED);
  assert_answered (&play);
  assert_null (play.server.server_name);
  play_clear (&play);
}

/* Endings. */

static void
test_server_closes (void **state)
{
  Play play;

  play_init (&play, &rt_tls_standard);
  play_listen (&play, NULL, &rt_tls_standard);
  play.client.manner = CLIENT_WAITS;
  play.server.closes = TRUE;
  assert_int_equal (play_run (&play), RT_RUN_SETTLED);
  assert_answered (&play);
  assert_string_equal (play.client.seen->str, "TCWBE");
  assert_not_logged (&play, "reset");
  play_clear (&play);
}

static void
test_server_resets (void **state)
{
  Play play;

  play_init (&play, &rt_tls_standard);
  play_listen (&play, NULL, &rt_tls_standard);
  play.client.manner = CLIENT_WAITS;
  play.server.resets = TRUE;
  assert_int_equal (play_run (&play), RT_RUN_SETTLED);
  assert_string_equal (play.client.seen->str, "TCWBR");
  play_clear (&play);
}

static const RtTls via = { .server_name = "shop.test" };

static void
test_line (void **state)
{
  Mallory mallory = { 0 };
  Play play;

  play_init (&play, &via);
  play_add_mallory (&play, &mallory);
  play.server.closes = TRUE;
  assert_int_equal (play_run (&play), RT_RUN_SETTLED);
  assert_answered (&play);
  assert_string_equal (play.client.seen->str, "TCWBE");
  play_clear (&play);
}

static void
test_bit_flip (void **state)
{
  Mallory mallory = { .flip = PLAY_FLIGHT + 20 };
  Play play;

  play_init (&play, &via);
  play_add_mallory (&play, &mallory);
  assert_int_equal (play_run (&play), RT_RUN_SETTLED);
  assert_string_equal (play.client.seen->str, "TCWR");
  assert_string_equal (play.client.got->str, "");
  assert_logged (&play,
                 "1 reset 1 0+0+0 'a record was changed on its way (TLS alert bad_record_mac)'");
  assert_logged (&play, "2 reset 2 0+0+0 'the other end gave up: TLS alert bad_record_mac'");
  assert_string_equal (play.server.seen->str, "SABWR");
  play_clear (&play);
}

/* Whatever byte of the handshake is changed, the client does not take it for one; but for the
 * version that stands before each record, RFC 8446 §5.1: it must be ignored. */
static void
test_every_flip (void **state)
{
  for (guint64 i = 1; i <= PLAY_FLIGHT; i = i == 1 ? 3 : i == 3 ? 6 : i + 5)
    {
      Mallory mallory = { .flip = i };
      Play play;

      play_init (&play, &via);
      play_add_mallory (&play, &mallory);
      play_run (&play);
      assert_string_equal (play.client.got->str, i == 3 ? RESPONSE : "");
      play_clear (&play);
    }
}

static void
test_truncation (void **state)
{
  Mallory mallory = { .cut = PLAY_FLIGHT + 62 };
  Play play;

  play_init (&play, &via);
  play_add_mallory (&play, &mallory);
  assert_int_equal (play_run (&play), RT_RUN_SETTLED);
  assert_string_equal (play.client.got->str, RESPONSE);
  assert_string_equal (play.client.seen->str, "TCWBR");
  assert_logged (&play, "1 reset 1 0+0+0 'the connection ended without close_notify'");
  play_clear (&play);
}

static void
test_cut_handshake (void **state)
{
  Mallory mallory = { .cut = 100 };
  Play play;

  play_init (&play, &via);
  play_add_mallory (&play, &mallory);
  assert_int_equal (play_run (&play), RT_RUN_SETTLED);
  assert_string_equal (play.client.error,
                       "line.test:443: the connection ended during the TLS handshake");
  play_clear (&play);
}

/* Who does not speak TLS. */

static void
test_plain_server (void **state)
{
  Play play;

  play_init (&play, &rt_tls_standard);
  play_listen (&play, NULL, NULL);
  assert_int_equal (play_run (&play), RT_RUN_SETTLED);
  assert_non_null (play.client.error);
  assert_true (g_str_has_prefix (play.client.error,
                                 "shop.test:443: the other end does not speak TLS (TLS alert "));
  assert_string_equal (play.client.seen->str, "TF");
  play_clear (&play);
}

static void
test_plain_client (void **state)
{
  Play play;

  play_init (&play, NULL);
  play_listen (&play, NULL, &rt_tls_standard);
  play.client.manner = CLIENT_WAITS;
  assert_int_equal (play_run (&play), RT_RUN_SETTLED);
  assert_string_equal (play.server.seen->str, "SR");
  assert_logged (&play, "the other end does not speak TLS (TLS alert ");
  play_clear (&play);
}

static void
test_refused (void **state)
{
  Play play;

  play_init (&play, &rt_tls_standard);
  assert_int_equal (play_run (&play), RT_RUN_SETTLED);
  assert_string_equal (play.client.error, "shop.test:443: connection refused");
  play_clear (&play);
}

/* A server that says nothing on the line: a listener that is another client's, so to say. */
static void
test_silent_server (void **state)
{
  static const Mallory nobody;
  Mallory mallory = nobody;
  Play play;

  play_init (&play, &via);
  play_add_mallory (&play, &mallory);
  mallory.to.host = "nowhere.test";
  assert_int_equal (play_run (&play), RT_RUN_SETTLED);
  assert_string_equal (play.client.error, "line.test:443: the TLS handshake took too long");
  play_clear (&play);
}

static void
test_much (void **state)
{
  Play play;

  play_init (&play, &rt_tls_standard);
  play_much (&play);
  play_clear (&play);
}

static void
test_reads_late (void **state)
{
  Play play;

  play_init (&play, &rt_tls_standard);
  play_listen (&play, NULL, &rt_tls_standard);
  play.client.manner = CLIENT_READS_LATE;
  play.server.closes = TRUE;
  assert_int_equal (play_run (&play), RT_RUN_SETTLED);
  assert_string_equal (play.client.got->str, RESPONSE);
  assert_string_equal (play.client.seen->str, "TCWDBE");
  play_clear (&play);
}

/* What the log makes of it. */

static void
test_determinism (void **state)
{
  g_autofree char *first = NULL;

  for (int i = 0; i < 4; i++)
    {
      Play play;
      g_autofree char *text = NULL;

      play_init (&play, &rt_tls_standard);
      play_listen (&play, NULL, &rt_tls_standard);
      play.server.answers = 50000;
      play.client.manner = CLIENT_WAITS;
      play.server.closes = TRUE;
      assert_int_equal (play_run (&play), RT_RUN_SETTLED);
      text = play_dump (&play);
      if (first == NULL)
        first = g_steal_pointer (&text);
      else
        assert_string_equal (text, first);
      play_clear (&play);
    }
}

static void
test_unheard (void **state)
{
  Play play;

  play_init_unheard (&play, &rt_tls_standard);
  play_listen (&play, NULL, &rt_tls_standard);
  assert_int_equal (play_run (&play), RT_RUN_SETTLED);
  assert_answered (&play);
  play_clear (&play);
}

static guint
count_segments (RtAnalysis *analysis, const char *name)
{
  GPtrArray *segments = rt_analysis_get_segments (analysis);
  guint n = 0;

  for (guint i = 0; i < segments->len; i++)
    n += g_strcmp0 (((RtSegment *)segments->pdata[i])->name, name) == 0;
  return n;
}

static void
test_analysis (void **state)
{
  Play play;
  g_autoptr (RtAnalysis) analysis = rt_analysis_new ();
  const RtExchange *exchange;
  const RtConnectionInfo *connection;

  play_init (&play, &rt_tls_standard);
  play_listen (&play, NULL, &rt_tls_standard);
  assert_int_equal (play_run (&play), RT_RUN_SETTLED);
  rt_log_flush (play.log);
  assert_true (rt_analysis_feed_reader (analysis, rt_log_get_reader (play.log), G_MAXUINT64, NULL));
  assert_int_equal (rt_analysis_get_exchanges (analysis)->len, 1);
  exchange = rt_analysis_get_exchange (analysis, 1);
  assert_string_equal (exchange->scheme, "https");
  assert_int_equal (exchange->request->whole.buffer, 3);
  assert_int_equal (exchange->response->message->status, 200);
  assert_int_equal (exchange->response->whole.buffer, 4);
  connection = rt_analysis_get_connection (analysis, 1);
  assert_true (connection->secure);
  assert_string_equal (connection->protocol, "http/1.1");
  assert_int_equal (connection->end, RT_CONNECTION_CLOSED);
  assert_int_equal (count_segments (analysis, "TLS"), 2); /* a flight each way */
  play_clear (&play);
}

static const struct CMUnitTest single[] = {
  cmocka_unit_test (test_exchange),      cmocka_unit_test (test_two_hosts),
  cmocka_unit_test (test_address),       cmocka_unit_test (test_server_closes),
  cmocka_unit_test (test_server_resets), cmocka_unit_test (test_line),
  cmocka_unit_test (test_bit_flip),      cmocka_unit_test (test_every_flip),
  cmocka_unit_test (test_truncation),    cmocka_unit_test (test_cut_handshake),
  cmocka_unit_test (test_plain_server),  cmocka_unit_test (test_plain_client),
  cmocka_unit_test (test_refused),       cmocka_unit_test (test_silent_server),
  cmocka_unit_test (test_much),          cmocka_unit_test (test_reads_late),
  cmocka_unit_test (test_determinism),   cmocka_unit_test (test_unheard),
  cmocka_unit_test (test_analysis),
};

int
main (int argc, char **argv)
{
  struct CMUnitTest tests[G_N_ELEMENTS (single) + G_N_ELEMENTS (rows)];

  memcpy (tests, single, sizeof single);
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    tests[G_N_ELEMENTS (single) + i]
        = (struct CMUnitTest){ rows[i].name, test_row, NULL, NULL, (void *)&rows[i] };
  if (argc > 1 && g_str_equal (argv[1], "live"))
    {
      play_init_rows = play_init_live;
      return _cmocka_run_group_tests ("tls-rows-live", tests + G_N_ELEMENTS (single),
                                      G_N_ELEMENTS (rows), NULL, NULL);
    }
  return _cmocka_run_group_tests ("tls", tests, G_N_ELEMENTS (tests), NULL, NULL);
}
