/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * TLS sessions. The first byte says what the rest is: bytes for a server (`S`) or a client (`C`)
 * that waits for a handshake; or else changes on the line between the two, three bytes each: where
 * (two bytes) in what the server says, and what is XORed there. Invariants, whatever the bytes are:
 * - bytes without a key make no handshake and no plaintext;
 * - what the client reads is the beginning of what the server wrote, line or no line;
 * - what a session says does not grow with what it hears. */
#include <stdint.h>
#include <string.h>

#include "rt-tls-session.h"

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

#define START (1767268800 * RT_TIME_SEC)
#define SAID "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"
#define MOST_OUTPUT 8192
#define MOST_ROUNDS 10

static RtTlsKeyring *
get_keyring (void)
{
  static RtTlsKeyring *keyring;

  if (keyring == NULL)
    keyring
        = rt_tls_keyring_new (rt_tls_authority_get_sandbox (), &rt_tls_standard, "shop.test", NULL);
  return keyring;
}

/* Hands all that @from says to @to, from offset *@said on changed by @changes. */
static void
carry (RtTlsSession *from, RtTlsSession *to, const uint8_t *changes, size_t n, gsize *said)
{
  g_autoptr (GBytes) bytes = rt_tls_session_take (from);
  g_autoptr (GBytes) changed = NULL;
  gsize length;
  guint8 *copy;

  if (bytes == NULL)
    return;
  copy = g_bytes_unref_to_data (g_steal_pointer (&bytes), &length);
  for (size_t i = 0; i + 2 < n; i += 3)
    {
      gsize at = (gsize)(changes[i] << 8 | changes[i + 1]);

      if (at >= *said && at < *said + length)
        copy[at - *said] ^= changes[i + 2];
    }
  *said += length;
  changed = g_bytes_new_take (copy, length);
  rt_tls_session_feed (to, changed);
}

static void
try_line (const uint8_t *changes, size_t n)
{
  g_autoptr (RtTlsSession) client
      = rt_tls_session_new_client (&rt_tls_standard, rt_tls_authority_get_sandbox (), "shop.test");
  g_autoptr (RtTlsSession) server = rt_tls_session_new_server (&rt_tls_standard, get_keyring ());
  g_autoptr (GBytes) text = g_bytes_new_static (SAID, strlen (SAID));
  g_autoptr (GByteArray) got = g_byte_array_new ();
  RtTlsState at_client = RT_TLS_WAITING, at_server = RT_TLS_WAITING;
  gsize said = 0, asked = 0;

  for (int round = 0; round < MOST_ROUNDS; round++)
    {
      if (at_client == RT_TLS_WAITING)
        at_client = rt_tls_session_shake (client, START, NULL);
      carry (client, server, NULL, 0, &asked);
      if (at_server == RT_TLS_WAITING)
        {
          at_server = rt_tls_session_shake (server, START, NULL);
          if (at_server == RT_TLS_READY)
            g_assert (rt_tls_session_write (server, text));
        }
      carry (server, client, changes, n, &said);
      if (at_client == RT_TLS_READY && rt_tls_session_read (client, got, NULL) != RT_TLS_WAITING)
        at_client = RT_TLS_CLOSED;
    }
  g_assert (got->len <= strlen (SAID)
            && (got->len == 0 || memcmp (got->data, SAID, got->len) == 0));
  g_assert (n >= 3 || got->len == strlen (SAID));
}

static void
try_bytes (RtTlsSession *session, const uint8_t *data, size_t size)
{
  RtTlsState state = RT_TLS_WAITING;
  gsize said = 0;

  for (size_t at = 0; at < size && state == RT_TLS_WAITING; at += 64)
    {
      g_autoptr (GBytes) part = g_bytes_new (data + at, MIN (64, size - at));
      g_autoptr (GBytes) out = NULL;

      rt_tls_session_feed (session, part);
      state = rt_tls_session_shake (session, START, NULL);
      out = rt_tls_session_take (session);
      said += out != NULL ? g_bytes_get_size (out) : 0;
    }
  g_assert (state != RT_TLS_READY);
  g_assert (said <= MOST_OUTPUT);
  rt_tls_session_free (session);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  if (size > 0 && data[0] == 'S')
    try_bytes (rt_tls_session_new_server (&rt_tls_standard, get_keyring ()), data + 1, size - 1);
  else if (size > 0 && data[0] == 'C')
    try_bytes (
        rt_tls_session_new_client (&rt_tls_standard, rt_tls_authority_get_sandbox (), "shop.test"),
        data + 1, size - 1);
  else
    try_line (data, size);
  return 0;
}
