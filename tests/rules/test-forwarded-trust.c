/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Who is the client: each row a request from a peer, and who is believed. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include "honesty.h"
#include "rt-forwarded-trust.h"

static const char *const networks[] = { "10.0.0.0/8", "192.0.2.1", "2001:db8:1::/48", "_edge" };

typedef struct
{
  const char *name;
  const char *fields, *peer;
  RtForwardedFields which;
  const char *want, *clause; /* want: verdict, name, proto and host */
} Row;

#define STANDARD RT_FORWARDED_STANDARD
#define X RT_FORWARDED_X
#define F "Forwarded: "
#define XFF "X-Forwarded-For: "

/* clang-format off */
static const Row rows[] = {
  { "nobody in front", F "for=203.0.113.5\n", "10.0.0.1", RT_FORWARDED_NONE, "peer 10.0.0.1 - -", "forwarded.configured" },
  { "a stranger tells", F "for=203.0.113.5\n", "203.0.113.9", STANDARD, "peer 203.0.113.9 - -", "forwarded.peer" },
  { "nothing is told", "A: b\n", "10.0.0.1", STANDARD, "peer 10.0.0.1 - -", "forwarded.present" },
  { "the field that is not written here is not read", XFF "203.0.113.5\n", "10.0.0.1", STANDARD, "peer 10.0.0.1 - -", "forwarded.present" },
  { "one hop", F "for=203.0.113.5;proto=https;host=a.test\n", "10.0.0.1", STANDARD, "forwarded 203.0.113.5 https a.test", "forwarded.trusted" },
  { "a port is no part of the name", F "for=\"203.0.113.5:47011\"\n", "10.0.0.1", STANDARD, "forwarded 203.0.113.5 - -", "forwarded.trusted" },
  { "IPv6", F "for=\"[2001:db8::1]\"\n", "2001:db8:1::5", STANDARD, "forwarded 2001:db8::1 - -", "forwarded.trusted" },
  { "what the client wrote itself is not believed", F "for=198.51.100.1;proto=https, for=203.0.113.5\n", "10.0.0.1", STANDARD, "forwarded 203.0.113.5 - -", "forwarded.trusted" },
  { "two hops", F "for=203.0.113.5, for=10.1.2.3\n", "10.0.0.1", STANDARD, "forwarded 203.0.113.5 - -", "forwarded.trusted" },
  { "two hops on two lines", F "for=203.0.113.5\n" F "for=192.0.2.1\n", "10.0.0.1", STANDARD, "forwarded 203.0.113.5 - -", "forwarded.trusted" },
  { "a trusted one asks itself", F "for=10.1.2.3\n", "10.0.0.1", STANDARD, "forwarded 10.1.2.3 - -", "forwarded.trusted" },
  { "a made-up word", F "for=_hidden\n", "10.0.0.1", STANDARD, "hidden _hidden - -", "forwarded.address" },
  { "a made-up word of one's own", F "for=203.0.113.5, for=_edge\n", "10.0.0.1", STANDARD, "forwarded 203.0.113.5 - -", "forwarded.trusted" },
  { "unknown", F "for=unknown;proto=https\n", "10.0.0.1", STANDARD, "hidden unknown https -", "forwarded.address" },
  { "an element that is no node", F "for=203.0.113.5, for=\"a b\", for=10.1.2.3\n", "10.0.0.1", STANDARD, "forwarded 10.1.2.3 - -", "forwarded.readable" },
  { "an element without for", F "proto=https\n", "10.0.0.1", STANDARD, "peer 10.0.0.1 - -", "forwarded.readable" },
  { "an element with two", F "for=203.0.113.5;for=203.0.113.6\n", "10.0.0.1", STANDARD, "peer 10.0.0.1 - -", "forwarded.readable" },
  { "X: one hop", XFF "203.0.113.5\n", "10.0.0.1", X, "forwarded 203.0.113.5 - -", "forwarded.trusted" },
  { "X: Forwarded is not read", F "for=203.0.113.5\n", "10.0.0.1", X, "peer 10.0.0.1 - -", "forwarded.present" },
  { "X: what the client wrote itself is not believed", XFF "127.0.0.1, 203.0.113.5\n", "10.0.0.1", X, "forwarded 203.0.113.5 - -", "forwarded.trusted" },
  { "X: bare IPv6", XFF "2001:db8::1\n", "10.0.0.1", X, "forwarded 2001:db8::1 - -", "forwarded.trusted" },
  { "X: one proto for all", XFF "203.0.113.5, 10.1.2.3\nX-Forwarded-Proto: https\n", "10.0.0.1", X, "forwarded 203.0.113.5 https -", "forwarded.trusted" },
  { "X: a proto for each", XFF "198.51.100.1, 203.0.113.5\nX-Forwarded-Proto: http, https\nX-Forwarded-Host: a.test\n", "10.0.0.1", X, "forwarded 203.0.113.5 https a.test", "forwarded.trusted" },
  { "X: no address", XFF "localhost\n", "10.0.0.1", X, "peer 10.0.0.1 - -", "forwarded.readable" },
};
/* clang-format on */

static void
append (GString *out, RtText text)
{
  g_string_append_printf (out, " %.*s", text.at != NULL ? (int)text.length : 1,
                          text.at != NULL ? text.at : "-");
}

static char *
run (RtMessage *const *messages, gconstpointer data, RtDecision *why)
{
  const Row *row = data;
  RtForwardedTrust trust = { row->which, networks, G_N_ELEMENTS (networks) };
  RtForwardedClient client = rt_forwarded_decide (messages[0], row->peer, &trust, why);
  GString *out = g_string_new (client.hops == 0 ? "peer" : client.known ? "forwarded" : "hidden");

  append (out, client.name);
  append (out, client.proto);
  append (out, client.host);
  return g_string_free (out, FALSE);
}

static void
test_row (void **state)
{
  static const char *const alternatives[]
      = { "for=203.0.113.7", "for=10.1.1.1", "203.0.113.7", "10.1.1.1", NULL };
  const Row *row = *state;
  g_autofree char *text = g_strconcat ("GET / HTTP/1.1\n", row->fields, NULL);
  HonestyCase c = { row->name, { text }, run, row, alternatives };

  honesty_check_answer (&c, row->want, row->clause);
}

static void
test_networks (void **state)
{
  static const struct
  {
    const char *network, *address;
    gboolean want;
  } pairs[] = {
    { "10.0.0.0/8", "10.255.0.1", TRUE },
    { "10.0.0.0/8", "11.0.0.1", FALSE },
    { "10.0.0.0/33", "10.0.0.0", TRUE },
    { "10.0.0.0/33", "10.0.0.1", FALSE },
    { "0.0.0.0/0", "203.0.113.1", TRUE },
    { "0.0.0.0/0", "::1", FALSE },
    { "192.0.2.128/25", "192.0.2.127", FALSE },
    { "192.0.2.128/25", "192.0.2.129", TRUE },
    { "2001:db8::/33", "2001:db8:7fff::", TRUE },
    { "2001:db8::/33", "2001:db8:8000::", FALSE },
    { "::/0", "2001:db8::", TRUE },
    { "::1", "0:0::1", TRUE },
    { "::1", "::2", FALSE },
    { "_edge", "_edge", TRUE },
    { "_edge/8", "_edge/8", FALSE },
    { "10.0.0.0/x", "10.0.0.0", FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (pairs); i++)
    if (rt_network_contains (pairs[i].network, rt_text (pairs[i].address)) != pairs[i].want)
      fail_msg ("%s in %s", pairs[i].address, pairs[i].network);
}

static void
test_more_hops_than_are_looked_at (void **state)
{
  g_autoptr (GString) text = g_string_new ("GET / HTTP/1.1\n" XFF "203.0.113.5");
  g_autoptr (RtMessage) request = NULL;
  RtForwardedTrust trust = { X, networks, G_N_ELEMENTS (networks) };
  RtForwardedClient client;

  for (guint i = 0; i < RT_FORWARDED_HOPS_MAX; i++)
    g_string_append (text, ", 10.0.0.1");
  g_string_append_c (text, '\n');
  request = honesty_message_new (text->str, 1);
  client = rt_forwarded_decide (request, "10.0.0.1", &trust, NULL);
  assert_true (rt_text_is (client.name, "10.0.0.1"));
  assert_int_equal (client.hops, RT_FORWARDED_HOPS_MAX);
}

int
main (void)
{
  struct CMUnitTest tests[G_N_ELEMENTS (rows) + 2] = {
    cmocka_unit_test (test_networks),
    cmocka_unit_test (test_more_hops_than_are_looked_at),
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    tests[i + 2] = (struct CMUnitTest){ rows[i].name, test_row, NULL, NULL, (void *)&rows[i] };
  return _cmocka_run_group_tests ("forwarded-trust", tests, G_N_ELEMENTS (tests), NULL, NULL);
}
