/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Whatever text is looked through for secrets: what is told of lies within it and is not empty, and
 * all of it can be replaced. The first byte chooses how it is read. */
#include "rt-needles.h"
#include "rt-pseudonym.h"
#include "rt-secret.h"

#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

typedef struct
{
  RtText text;
  char *copy;
  RtNeedles *needles;
} Search;

static void
found (const RtSecret *secret, gpointer data)
{
  static const guint8 key[RT_PSEUDONYM_KEY_SIZE] = { 1 };
  Search *search = data;
  g_autofree char *pseudonym = rt_pseudonym_dup (key, secret->text);

  g_assert (secret->text.length > 0);
  g_assert (secret->text.at >= search->text.at);
  g_assert (secret->text.at + secret->text.length <= search->text.at + search->text.length);
  g_assert (secret->kind < RT_N_SECRET_KINDS);
  memcpy (search->copy + (secret->text.at - search->text.at), pseudonym, secret->text.length);
  rt_needles_add (search->needles, secret->text, pseudonym);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  static const char *const names[] = { "Cookie", "Set-Cookie", "Authorization", "Location" };
  g_autoptr (RtNeedles) needles = rt_needles_new ();
  g_autofree char *copy = NULL;
  Search search;

  if (size < 2)
    return 0;
  copy = g_memdup2 (data + 1, size - 1);
  search = (Search){ { (const char *)data + 1, size - 1 }, copy, needles };
  if (data[0] % 8u < G_N_ELEMENTS (names))
    rt_secret_find_in_field (rt_text (names[data[0] % 8]), search.text, found, &search);
  else if (data[0] % 8 == 4)
    rt_secret_find_in_content (rt_text ("multipart/form-data; boundary=X"), search.text, found,
                               &search);
  else
    rt_secret_find_in_text (search.text, found, &search);
  rt_needles_replace (needles, copy, size - 1);
  return 0;
}
