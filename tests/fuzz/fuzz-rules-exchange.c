/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The rules of one exchange: redirects, CORS, HSTS, credentials, challenges, idempotency keys,
 * retries, connections, and who the client is. Invariants, whatever the two messages are:
 * - a rule says the same with and without its explanation, and cites no byte outside the messages;
 * - a redirection is followed to http or https only, and credentials do not cross origins;
 * - nobody is let in who does not know the secret;
 * - a client that is known by its address is one that the peer or a field names.
 *
 * The first byte picks what else is known; then come a request and, behind an empty line, the
 * response, as honesty.h has them. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include "honesty.h"
#include "rt-authentication.h"
#include "rt-connection.h"
#include "rt-cors.h"
#include "rt-forwarded-trust.h"
#include "rt-hsts.h"
#include "rt-idempotency.h"
#include "rt-redirect.h"
#include "rt-retry.h"

#define NOW (G_GINT64_CONSTANT (784111777) * RT_TIME_SEC)

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

typedef struct
{
  RtMessage *request, *response;
  gsize lengths[2];
  guint8 how;
} Input;

static void
check_cited (const Input *in, RtDecision *why)
{
  honesty_assert_cites_within (why, in->lengths, 2);
}

static void
check_redirect (const Input *in)
{
  static const char *const secrets[] = { "Authorization", "Cookie", "Proxy-Authorization" };
  g_autoptr (RtUrl) url = rt_url_parse (RT_TEXT ("https://a.test/x/y?q#f"), NULL, NULL);
  RtRedirectContext context = { .url = url,
                                .origin = in->how & 1 ? "https://a.test" : NULL,
                                .cors = (in->how & 2) != 0,
                                .has_content = (in->how & 4) != 0,
                                .streamed = (in->how & 8) != 0 };
  g_auto (RtRedirectNext) next = { 0 };
  g_auto (RtRedirectNext) silent = { 0 };
  g_autoptr (RtMessage) message = NULL;
  g_autoptr (RtDecision) why = rt_decision_new ();
  RtRedirect verdict = rt_redirect_decide (in->request, in->response, &context, &next, why);

  g_assert_true (verdict
                 == rt_redirect_decide (in->request, in->response, &context, &silent, NULL));
  check_cited (in, why);
  if (verdict != RT_REDIRECT_FOLLOW)
    return;
  g_assert_true (g_str_equal (next.url->scheme, "http") || g_str_equal (next.url->scheme, "https"));
  message = rt_redirect_dup_request (in->request, &next);
  for (gsize i = 0; next.crosses && i < G_N_ELEMENTS (secrets); i++)
    g_assert_null (rt_fields_first (message->fields, secrets[i]));
}

static void
check_cors (const Input *in)
{
  gboolean credentials = (in->how & 1) != 0;
  RtPreflightNeed need = { .streamed = (in->how & 2) != 0 };
  g_autoptr (RtDecision) check = rt_decision_new ();
  g_autoptr (RtDecision) needed = rt_decision_new ();
  g_autoptr (RtDecision) preflight = rt_decision_new ();
  g_autoptr (RtDecision) vary = rt_decision_new ();

  g_assert_true (rt_cors_check_decide (in->request, in->response, credentials, check)
                 == rt_cors_check_decide (in->request, in->response, credentials, NULL));
  g_assert_true (rt_cors_preflight_needed_decide (in->request, &need, needed)
                 == rt_cors_preflight_needed_decide (in->request, &need, NULL));
  g_assert_true (
      rt_cors_preflight_decide (in->request, in->request, in->response, credentials, preflight)
      == rt_cors_preflight_decide (in->request, in->request, in->response, credentials, NULL));
  check_cited (in, check);
  check_cited (in, needed);
  g_assert_true (rt_cors_vary_decide (in->response, vary)
                 == rt_cors_vary_decide (in->response, NULL));
  check_cited (in, preflight);
  check_cited (in, vary);
}

static void
check_preflight_cache (const Input *in)
{
  g_autoptr (RtPreflightCache) cache = rt_preflight_cache_new (RT_PREFLIGHT_AGE_CHROMIUM);
  RtPreflightKey key = { "https://a.test", "https://b.test/", (in->how & 1) != 0 };
  RtTime age = rt_preflight_cache_add (cache, &key, in->request, in->response, NOW);
  g_autoptr (RtDecision) why = rt_decision_new ();

  g_assert_true (age >= 0 && age <= RT_PREFLIGHT_AGE_CHROMIUM);
  g_assert_true (rt_preflight_cache_decide (cache, &key, in->request, NOW, why)
                 == rt_preflight_cache_decide (cache, &key, in->request, NOW, NULL));
  check_cited (in, why);
}

static void
check_hsts (const Input *in)
{
  g_autoptr (RtHsts) hsts = rt_hsts_new ();
  g_autoptr (RtHsts) silent = rt_hsts_new ();
  g_autoptr (RtDecision) why = rt_decision_new ();
  RtHstsNote fate
      = rt_hsts_note_decide (hsts, RT_TEXT ("a.test"), TRUE, TRUE, in->response, NOW, why);

  g_assert_true (
      fate
      == rt_hsts_note_decide (silent, RT_TEXT ("a.test"), TRUE, TRUE, in->response, NOW, NULL));
  g_assert_true (rt_hsts_upgrade_decide (hsts, RT_TEXT ("a.test"), NOW, NULL)
                 == (fate == RT_HSTS_NOTED));
  check_cited (in, why);
}

static void
check_protection (const Input *in, const RtProtection *protection)
{
  g_autoptr (RtDecision) why = rt_decision_new ();
  RtAuthentication verdict = rt_authentication_decide (in->request, protection, NOW, NULL, why);
  g_autofree char *challenge = rt_authentication_dup_challenge (verdict, protection);

  g_assert_true (verdict == rt_authentication_decide (in->request, protection, NOW, NULL, NULL));
  g_assert_true (verdict != RT_AUTHENTICATION_GRANTED);
  check_cited (in, why);
}

/* Secrets that no input holds, unless somebody breaks the hash. */
static void
check_authentication (const Input *in)
{
  static const RtAccount accounts[] = { { "ann", "\001", NULL, RT_TIME_NEVER } };
  RtJwsKey key = { .algorithm = RT_JWS_HS256, .secret = g_bytes_new_static ("\001secret", 7) };
  RtTokenPolicy policy = { .key = &key, .forever = TRUE };
  RtProtection protection = { .scheme = RT_AUTH_BASIC,
                              .realm = "r\"",
                              .proxy = (in->how & 1) != 0,
                              .accounts = accounts,
                              .n_accounts = 1 };

  check_protection (in, &protection);
  protection.scheme = RT_AUTH_BEARER;
  check_protection (in, &protection);
  protection.tokens = &policy;
  check_protection (in, &protection);
  rt_jws_key_clear (&key);
}

static void
check_challenge (const Input *in)
{
  static const char *const schemes[] = { "Bearer", "Basic", NULL };
  RtChallengeContext context = { schemes, TRUE, FALSE };
  RtChallenge chosen = { 0 };
  g_autoptr (RtDecision) why = rt_decision_new ();
  gboolean answers = rt_challenge_decide (in->request, in->response, &context, &chosen, why);

  g_assert_true (answers
                 == rt_challenge_decide (in->request, in->response, &context, &chosen, NULL));
  if (answers)
    g_assert_true (rt_text_is_nocase (chosen.scheme, "Bearer")
                   || rt_text_is_nocase (chosen.scheme, "Basic"));
  check_cited (in, why);
}

static void
check_repetition (const Input *in)
{
  RtIdempotencyRecord record = { NOW - 1, NOW + 1, (in->how & 1) != 0, (in->how & 2) != 0 };
  RtRetryContext context = { .response = in->how & 4 ? in->response : NULL,
                             .sent = 1,
                             .proxy = (in->how & 8) != 0,
                             .replayable = TRUE,
                             .attempts = 1,
                             .max_attempts = 3 };
  g_autoptr (RtDecision) key = rt_decision_new ();
  g_autoptr (RtDecision) retry = rt_decision_new ();
  RtTime delay = 0;

  g_assert_true (rt_idempotency_decide (in->request, TRUE, &record, NOW, key)
                 == rt_idempotency_decide (in->request, TRUE, &record, NOW, NULL));
  g_assert_true (rt_retry_decide (in->request, &context, NOW, &delay, retry)
                 == rt_retry_decide (in->request, &context, NOW, &delay, NULL));
  g_assert_true (delay >= 0);
  check_cited (in, key);
  check_cited (in, retry);
}

static void
check_connection (const Input *in)
{
  g_autoptr (RtDecision) why = rt_decision_new ();
  RtKeepAlive hint;

  in->request->version = RT_VERSION_1_1;
  in->response->version = in->how & 1 ? RT_VERSION_1_0 : RT_VERSION_1_1;
  g_assert_true (rt_connection_persist_decide (in->request, in->response, TRUE, why)
                 == rt_connection_persist_decide (in->request, in->response, TRUE, NULL));
  rt_keep_alive_parse (in->response->fields, &hint);
  g_assert_true (hint.timeout >= 0 && hint.max >= -1);
  check_cited (in, why);
}

static void
check_forwarded (const Input *in)
{
  static const char *const networks[] = { "10.0.0.0/8", "2001:db8::/32", "_edge" };
  RtForwardedTrust trust
      = { in->how & 1 ? RT_FORWARDED_X : RT_FORWARDED_STANDARD, networks, G_N_ELEMENTS (networks) };
  g_autoptr (RtDecision) why = rt_decision_new ();
  RtForwardedClient client = rt_forwarded_decide (in->request, "10.0.0.1", &trust, why);
  RtForwardedClient silent = rt_forwarded_decide (in->request, "10.0.0.1", &trust, NULL);

  g_assert_true (rt_text_equal (client.name, silent.name) && client.hops == silent.hops
                 && rt_text_equal (client.proto, silent.proto)
                 && rt_text_equal (client.host, silent.host));
  g_assert_cmpuint (client.hops, <=, RT_FORWARDED_HOPS_MAX);
  if (client.hops == 0)
    g_assert_true (rt_text_is (client.name, "10.0.0.1"));
  check_cited (in, why);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  RtText text = { (const char *)data + 1, size - 1 };
  Input in = { 0 };
  gssize end;

  if (size == 0)
    return 0;
  end = rt_text_find (text, RT_TEXT ("\n\n"));
  in.how = data[0];
  in.lengths[0] = end < 0 ? text.length : (gsize)end + 1;
  in.lengths[1] = end < 0 ? 0 : text.length - (gsize)end - 2;
  in.request = honesty_message_read (rt_text_sub (text, 0, in.lengths[0]), 1);
  in.response
      = honesty_message_read (rt_text_sub (text, text.length - in.lengths[1], in.lengths[1]), 2);
  check_redirect (&in);
  check_cors (&in);
  check_preflight_cache (&in);
  check_hsts (&in);
  check_authentication (&in);
  check_challenge (&in);
  check_repetition (&in);
  check_connection (&in);
  check_forwarded (&in);
  rt_message_unref (in.request);
  rt_message_unref (in.response);
  return 0;
}
