/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a server shows to those who connect with TLS, as settings: the certificate that is right, or
 * each of those that are wrong. */
#include "rt-server-tls.h"

static const char *const issuers[] = { "sandbox", "self", "stranger", NULL };
static const char *const versions[] = { "any", "1.2", "1.3", NULL };

/* clang-format off */
static const RtSetting settings[] = {
  { "on", RT_SETTING_BOOLEAN, "true", NULL, "it listens with TLS on port 443" },
  { "plain", RT_SETTING_BOOLEAN, "true", NULL, "it listens without TLS on port 80" },
  { "name", RT_SETTING_TEXT, "", NULL, "whom the certificate is made out to; where it is not given: the server" },
  { "from", RT_SETTING_TEXT, "2020-01-01T00:00:00Z", NULL, "since when the certificate holds" },
  { "until", RT_SETTING_TEXT, "2049-12-31T00:00:00Z", NULL, "until when" },
  { "issuer", RT_SETTING_CHOICE, "sandbox", issuers, "who vouches for it: the authority that all clients trust, it itself, or somebody unheard of" },
  { "oldest", RT_SETTING_CHOICE, "any", versions, "no older version of TLS" },
  { "newest", RT_SETTING_CHOICE, "any", versions, "no newer one" },
};
/* clang-format on */

/**
 * rt_server_tls_settings:
 * @ret_n: (out): how many
 *
 * Returns: what can be set of a server's TLS
 */
const RtSetting *
rt_server_tls_settings (guint *ret_n)
{
  *ret_n = G_N_ELEMENTS (settings);
  return settings;
}

static char *
dup_text (GVariant *given, const char *name)
{
  return rt_settings_dup_text (settings, G_N_ELEMENTS (settings), given, name);
}

static gboolean
is_on (GVariant *given, const char *name)
{
  return rt_settings_get_boolean (settings, G_N_ELEMENTS (settings), given, name);
}

/* Which of the choices is given. */
static guint
choice (GVariant *given, const char *name, const char *const *choices)
{
  g_autofree char *text = dup_text (given, name);
  guint i = 0;

  while (choices[i + 1] != NULL && !g_str_equal (choices[i], text))
    i++;
  return i;
}

static gboolean
read_moment (GVariant *given, const char *name, RtTime *ret_time, GError **error)
{
  g_autofree char *text = dup_text (given, name);

  /* A certificate's dates have four digits for the year (RFC 5280 §4.1.2.5). */
  if (rt_time_parse (text, ret_time, NULL) && *ret_time > 0 && text[0] != '-')
    return TRUE;
  rt_set_error (error, RT_ERROR_SYNTAX, NULL, "a moment such as 2026-01-01T12:00:00Z",
                "%s can't be “%s”", name, text);
  return FALSE;
}

/**
 * rt_server_tls_from_settings:
 * @given: (nullable): an `a{sv}` of rt_server_tls_settings(); %NULL: no TLS
 * @host: the server
 * @ret_tls: (out): what it shows; untouched on failure
 *
 * Errors: %RT_ERROR_UNKNOWN, %RT_ERROR_SYNTAX.
 *
 * Returns: whether the settings are good
 */
gboolean
rt_server_tls_from_settings (GVariant *given,
                             const char *host,
                             RtServerTls *ret_tls,
                             GError **error)
{
  RtTlsIdentity identity = { .name = host };
  RtTls tls = { .identities = &identity, .n_identities = 1 };
  g_autofree char *name = NULL;

  if (given == NULL)
    {
      *ret_tls = (RtServerTls){ NULL, TRUE };
      return TRUE;
    }
  if (!rt_settings_check (settings, G_N_ELEMENTS (settings), given, error)
      || !read_moment (given, "from", &identity.from, error)
      || !read_moment (given, "until", &identity.until, error))
    return FALSE;
  name = dup_text (given, "name");
  identity.certified = *name != '\0' ? name : NULL;
  identity.issuer = (RtTlsIssuer)choice (given, "issuer", issuers);
  tls.least = (RtTlsVersion)choice (given, "oldest", versions);
  tls.most = (RtTlsVersion)choice (given, "newest", versions);
  *ret_tls
      = (RtServerTls){ is_on (given, "on") ? rt_tls_copy (&tls) : NULL, is_on (given, "plain") };
  return TRUE;
}

void
rt_server_tls_clear (RtServerTls *tls)
{
  g_clear_pointer (&tls->tls, rt_tls_free);
}
