/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Base64. GLib's decoder skips what it does not know: where bytes are signed or compared, a second
 * spelling of the same bytes is a hole, so this one refuses. */
#include "rt-base64.h"

static const char alphabets[2][65] = {
  "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/",
  "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_",
};

static int
digit_value (char c, RtBase64 form)
{
  if (c >= 'A' && c <= 'Z')
    return c - 'A';
  if (c >= 'a' && c <= 'z')
    return c - 'a' + 26;
  if (c >= '0' && c <= '9')
    return c - '0' + 52;
  if (c == alphabets[form == RT_BASE64_URL][62])
    return 62;
  return c == alphabets[form == RT_BASE64_URL][63] ? 63 : -1;
}

/* Takes the padding off; FALSE where it is not what @form wants. */
static gboolean
strip_padding (RtText *text, RtBase64 form)
{
  gsize padding = 0;

  while (padding < 2 && padding < text->length && text->at[text->length - 1 - padding] == '=')
    padding++;
  if (padding > 0 && (form == RT_BASE64_URL || text->length % 4 != 0))
    return FALSE;
  if (form == RT_BASE64_STRICT && text->length % 4 != 0)
    return FALSE;
  text->length -= padding;
  return text->length % 4 != 1;
}

/**
 * rt_base64_decode:
 * @text: base64
 * @form: how strict
 *
 * Returns: (transfer full) (nullable): the bytes; %NULL where @text is no base64 of that form
 */
GBytes *
rt_base64_decode (RtText text, RtBase64 form)
{
  g_autofree guint8 *out = g_malloc (text.length / 4 * 3 + 3);
  gsize n = 0;
  guint32 bits = 0;
  guint n_bits = 0;

  if (!strip_padding (&text, form))
    return NULL;
  for (gsize i = 0; i < text.length; i++)
    {
      int value = digit_value (text.at[i], form);

      if (value < 0)
        return NULL;
      bits = (bits << 6 | (guint32)value) & 0xffff;
      n_bits += 6;
      if (n_bits < 8)
        continue;
      n_bits -= 8;
      out[n++] = (guint8)(bits >> n_bits);
    }
  if (form != RT_BASE64_LOOSE && (bits & ((1u << n_bits) - 1)) != 0)
    return NULL;
  return g_bytes_new_take (g_steal_pointer (&out), n);
}

/**
 * rt_base64_encode:
 * @bytes: any bytes
 * @form: %RT_BASE64_URL leaves the padding out
 *
 * Returns: (transfer full): base64
 */
char *
rt_base64_encode (RtText bytes, RtBase64 form)
{
  const char *digits = alphabets[form == RT_BASE64_URL];
  GString *out = g_string_sized_new (bytes.length / 3 * 4 + 5);

  for (gsize i = 0; i < bytes.length; i += 3)
    {
      gsize n = MIN (3, bytes.length - i);
      guint32 bits = 0;

      for (gsize j = 0; j < 3; j++)
        bits = bits << 8 | (j < n ? (guint8)bytes.at[i + j] : 0);
      for (gsize j = 0; j < 4; j++)
        if (j <= n)
          g_string_append_c (out, digits[bits >> (18 - 6 * j) & 63]);
        else if (form != RT_BASE64_URL)
          g_string_append_c (out, '=');
    }
  return g_string_free (out, FALSE);
}
