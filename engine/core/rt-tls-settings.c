/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a party wants of TLS: copied and compared. */
#include "rt-tls-settings.h"

const RtTls rt_tls_standard = { 0 };
const RtTls rt_tls_unverified = { .insecure = TRUE };

static RtTlsIdentity *
copy_identities (const RtTls *tls)
{
  RtTlsIdentity *copies = g_new (RtTlsIdentity, tls->n_identities);

  for (guint i = 0; i < tls->n_identities; i++)
    {
      copies[i] = tls->identities[i];
      copies[i].name = g_strdup (tls->identities[i].name);
      copies[i].certified = g_strdup (tls->identities[i].certified);
    }
  return copies;
}

/**
 * rt_tls_copy:
 * @tls: settings
 *
 * Returns: (transfer full): a copy that borrows nothing
 */
RtTls *
rt_tls_copy (const RtTls *tls)
{
  RtTls *copy = g_memdup2 (tls, sizeof *tls);

  copy->server_name = g_strdup (tls->server_name);
  copy->identities = copy_identities (tls);
  copy->alpn = (const char *const *)g_strdupv ((char **)tls->alpn);
  return copy;
}

/**
 * rt_tls_free:
 * @tls: (nullable): a copy
 */
void
rt_tls_free (RtTls *tls)
{
  if (tls == NULL)
    return;
  for (guint i = 0; i < tls->n_identities; i++)
    {
      g_free ((char *)tls->identities[i].name);
      g_free ((char *)tls->identities[i].certified);
    }
  g_free ((RtTlsIdentity *)tls->identities);
  g_free ((char *)tls->server_name);
  g_strfreev ((char **)tls->alpn);
  g_free (tls);
}

static gboolean
identities_equal (const RtTlsIdentity *a, const RtTlsIdentity *b)
{
  return g_strcmp0 (a->name, b->name) == 0 && g_strcmp0 (a->certified, b->certified) == 0
         && a->from == b->from && a->until == b->until && a->issuer == b->issuer
         && a->for_clients == b->for_clients;
}

static gboolean
alpn_equal (const char *const *a, const char *const *b)
{
  return a == b || (a != NULL && b != NULL && g_strv_equal (a, b));
}

/**
 * rt_tls_equal:
 * @a: (nullable): settings
 * @b: (nullable): settings
 *
 * Returns: whether a connection made for one would do for the other
 */
gboolean
rt_tls_equal (const RtTls *a, const RtTls *b)
{
  if (a == b)
    return TRUE;
  if (a == NULL || b == NULL || a->n_identities != b->n_identities
      || g_strcmp0 (a->server_name, b->server_name) != 0 || a->insecure != b->insecure
      || a->public != b->public || a->only_named != b->only_named || a->least != b->least
      || a->most != b->most || !alpn_equal (a->alpn, b->alpn))
    return FALSE;
  for (guint i = 0; i < a->n_identities; i++)
    if (!identities_equal (&a->identities[i], &b->identities[i]))
      return FALSE;
  return TRUE;
}
