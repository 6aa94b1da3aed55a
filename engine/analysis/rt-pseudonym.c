/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Every letter and digit is replaced by another of its class, drawn from a keyed hash of the whole
 * secret; what is neither stays. So a pseudonym fits where its secret stood, and the
 * percent-encoded form of one is as long as that of the other. */
#include "rt-pseudonym.h"

#define BLOCK 32

/* An endless row of bytes from key and secret: HMAC (key, counter, secret), block after block. */
typedef struct
{
  const guint8 *key;
  RtText secret;
  guint32 counter;
  guint8 block[BLOCK];
  gsize used;
} Stream;

static void
refill (Stream *stream)
{
  g_autoptr (GHmac) hmac = g_hmac_new (G_CHECKSUM_SHA256, stream->key, RT_PSEUDONYM_KEY_SIZE);
  guint32 counter = GUINT32_TO_BE (stream->counter++);
  gsize length = BLOCK;

  g_hmac_update (hmac, (const guint8 *)&counter, sizeof counter);
  g_hmac_update (hmac, (const guint8 *)stream->secret.at, (gssize)stream->secret.length);
  g_hmac_get_digest (hmac, stream->block, &length);
  stream->used = 0;
}

static guint8
next_byte (Stream *stream)
{
  if (stream->used == BLOCK)
    refill (stream);
  return stream->block[stream->used++];
}

/* A byte of the same class: a continuation of UTF-8 stays one, within what any lead byte allows. */
static char
substitute (Stream *stream, guchar before, guchar c)
{
  if (g_ascii_isdigit (c))
    return (char)('0' + next_byte (stream) % 10);
  if (g_ascii_isupper (c))
    return (char)('A' + next_byte (stream) % 26);
  if (g_ascii_islower (c))
    return (char)('a' + next_byte (stream) % 26);
  if (c >= 0x80 && c < 0xc0)
    return (char)((before == 0xe0                     ? 0xa0
                   : before == 0xed || before == 0xf4 ? 0x80
                                                      : 0x90)
                  + next_byte (stream) % 16);
  return (char)c;
}

/**
 * rt_pseudonym_dup:
 * @key: (array fixed-size=32): random, for one export
 *
 * Returns: (transfer full): as many bytes as @secret has, and a NUL
 */
char *
rt_pseudonym_dup (const guint8 *key, RtText secret)
{
  Stream stream = { .key = key, .secret = secret, .used = BLOCK };
  char *out = g_malloc (secret.length + 1);

  for (gsize i = 0; i < secret.length; i++)
    out[i] = substitute (&stream, i > 0 ? (guchar)secret.at[i - 1] : 0, (guchar)secret.at[i]);
  out[secret.length] = '\0';
  return out;
}
