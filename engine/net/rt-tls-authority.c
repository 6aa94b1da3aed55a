/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The sandbox's certificate authority.
 *
 * Its key and the servers' are built in and RSA signatures of one key are equally long, so that a
 * handshake takes as many bytes, and as long, in every run; PKCS #1 signatures are even the same
 * bytes. Serial numbers are a hash of what a certificate says. */
#include "rt-tls-authority.h"

#include "rt-error.h"

#include <arpa/inet.h>
#include <string.h>

/* clang-format off */
#include "rt-tls-keys.inc"
/* clang-format on */

#define SERIAL_SIZE 8
/* RFC 5280, ub-common-name. */
#define COMMON_NAME_MAX 64

typedef struct
{
  char *name;
  gnutls_certificate_credentials_t credentials;
} Holder;

struct _RtTlsKeyring
{
  gint ref_count;
  Holder *holders;
  guint n_holders;
  gboolean only_named;
};

/* Who signs: an authority's certificate and key. */
typedef struct
{
  gnutls_x509_crt_t certificate;
  gnutls_x509_privkey_t key;
} Issuer;

typedef struct gnutls_x509_crt_int Certificate;
typedef struct gnutls_x509_privkey_int Key;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Certificate, gnutls_x509_crt_deinit)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Key, gnutls_x509_privkey_deinit)

/* What is built in cannot be wrong: if it is, nothing can be done about it. */
static void
must (int code)
{
  if (code < 0)
    g_error ("GnuTLS: %s", gnutls_strerror (code));
}

static gnutls_x509_privkey_t
read_key (const char *pem)
{
  gnutls_datum_t datum = { (guchar *)pem, (guint)strlen (pem) };
  gnutls_x509_privkey_t key;

  must (gnutls_x509_privkey_init (&key));
  must (gnutls_x509_privkey_import (key, &datum, GNUTLS_X509_FMT_PEM));
  return key;
}

/* Fills in what all certificates have. @about: what makes this one different from others. */
static gnutls_x509_crt_t
begin_certificate (gnutls_x509_privkey_t key, const char *about, RtTime from, RtTime until)
{
  g_autoptr (GChecksum) hash = g_checksum_new (G_CHECKSUM_SHA256);
  guint8 digest[32];
  gsize length = sizeof digest;
  guint8 id[32];
  gsize id_length = sizeof id;
  gnutls_x509_crt_t certificate;

  g_checksum_update (hash, (const guchar *)about, -1);
  g_checksum_get_digest (hash, digest, &length);
  /* Positive and never shorter, whatever the hash. */
  digest[0] = (guint8)((digest[0] & 0x3f) | 0x40);
  must (gnutls_x509_crt_init (&certificate));
  must (gnutls_x509_crt_set_version (certificate, 3));
  must (gnutls_x509_crt_set_serial (certificate, digest, SERIAL_SIZE));
  must (gnutls_x509_crt_set_key (certificate, key));
  must (gnutls_x509_crt_set_activation_time (certificate, (time_t)(from / RT_TIME_SEC)));
  must (gnutls_x509_crt_set_expiration_time (certificate, (time_t)(until / RT_TIME_SEC)));
  must (gnutls_x509_crt_get_key_id (certificate, GNUTLS_KEYID_USE_SHA1, id, &id_length));
  must (gnutls_x509_crt_set_subject_key_id (certificate, id, id_length));
  return certificate;
}

/* GnuTLS looks for authorities by parts of them that only a certificate that was read has. */
static void
read_again (gnutls_x509_crt_t *certificate)
{
  gnutls_datum_t der;

  must (gnutls_x509_crt_export2 (*certificate, GNUTLS_X509_FMT_DER, &der));
  gnutls_x509_crt_deinit (*certificate);
  must (gnutls_x509_crt_init (certificate));
  must (gnutls_x509_crt_import (*certificate, &der, GNUTLS_X509_FMT_DER));
  gnutls_free (der.data);
}

static Issuer
make_issuer (const char *pem, const char *name)
{
  Issuer issuer = { .key = read_key (pem) };

  issuer.certificate = begin_certificate (issuer.key, name, RT_TLS_VALID_FROM, RT_TLS_VALID_UNTIL);
  must (gnutls_x509_crt_set_dn (issuer.certificate, name, NULL));
  must (gnutls_x509_crt_set_ca_status (issuer.certificate, 1));
  must (gnutls_x509_crt_set_key_usage (issuer.certificate,
                                       GNUTLS_KEY_KEY_CERT_SIGN | GNUTLS_KEY_CRL_SIGN));
  must (gnutls_x509_crt_sign2 (issuer.certificate, issuer.certificate, issuer.key,
                               GNUTLS_DIG_SHA256, 0));
  read_again (&issuer.certificate);
  return issuer;
}

static const Issuer *
get_authority (void)
{
  static gsize ready;
  static Issuer authority;

  if (g_once_init_enter (&ready))
    {
      authority = make_issuer (authority_key, "CN=Roundtrip sandbox authority,O=Roundtrip");
      g_once_init_leave (&ready, 1);
    }
  return &authority;
}

/* An authority of its own that nobody trusts. */
static const Issuer *
get_stranger (void)
{
  static gsize ready;
  static Issuer stranger;

  if (g_once_init_enter (&ready))
    {
      stranger = make_issuer (leaf_key, "CN=Somebody unheard of,O=Nowhere");
      g_once_init_leave (&ready, 1);
    }
  return &stranger;
}

/* Certificates of servers. */

static gboolean
set_name (gnutls_x509_crt_t certificate, const char *name, GError **error)
{
  struct in6_addr address;
  gsize length = strlen (name);
  int code;

  if (inet_pton (AF_INET, name, &address) == 1)
    code = gnutls_x509_crt_set_subject_alt_name (certificate, GNUTLS_SAN_IPADDRESS, &address, 4,
                                                 GNUTLS_FSAN_SET);
  else if (inet_pton (AF_INET6, name, &address) == 1)
    code = gnutls_x509_crt_set_subject_alt_name (certificate, GNUTLS_SAN_IPADDRESS, &address, 16,
                                                 GNUTLS_FSAN_SET);
  else
    code = gnutls_x509_crt_set_subject_alt_name (certificate, GNUTLS_SAN_DNSNAME, name,
                                                 (guint)length, GNUTLS_FSAN_SET);
  if (code >= 0 && length <= COMMON_NAME_MAX)
    code = gnutls_x509_crt_set_dn_by_oid (certificate, GNUTLS_OID_X520_COMMON_NAME, 0, name,
                                          (guint)length);
  if (code < 0)
    rt_set_error (error, RT_ERROR_SYNTAX, NULL, "a host name or an address",
                  "no certificate can be made out to “%s”", name);
  return code >= 0;
}

static gnutls_x509_crt_t
make_leaf (const RtTlsIdentity *identity, gnutls_x509_privkey_t key, GError **error)
{
  const char *name = identity->certified != NULL ? identity->certified : identity->name;
  RtTime from = identity->from != 0 ? identity->from : RT_TLS_VALID_FROM;
  RtTime until = identity->until != 0 ? identity->until : RT_TLS_VALID_UNTIL;
  g_autofree char *about = g_strdup_printf ("%s %" G_GINT64_FORMAT " %" G_GINT64_FORMAT " %d", name,
                                            from, until, identity->issuer);
  g_autoptr (Certificate) certificate = begin_certificate (key, about, from, until);
  const Issuer *issuer
      = identity->issuer == RT_TLS_ISSUER_STRANGER ? get_stranger () : get_authority ();

  if (!set_name (certificate, name, error))
    return NULL;
  must (gnutls_x509_crt_set_ca_status (certificate, 0));
  must (gnutls_x509_crt_set_key_usage (certificate, GNUTLS_KEY_DIGITAL_SIGNATURE));
  must (gnutls_x509_crt_set_key_purpose_oid (certificate, GNUTLS_KP_TLS_WWW_SERVER, 0));
  if (identity->issuer == RT_TLS_ISSUER_SELF)
    must (gnutls_x509_crt_sign2 (certificate, certificate, key, GNUTLS_DIG_SHA256, 0));
  else
    must (gnutls_x509_crt_sign2 (certificate, issuer->certificate, issuer->key, GNUTLS_DIG_SHA256,
                                 0));
  return g_steal_pointer (&certificate);
}

static gboolean
init_holder (Holder *holder, const RtTlsIdentity *identity, GError **error)
{
  g_autoptr (Key) key = read_key (leaf_key);
  g_autoptr (Certificate) certificate = make_leaf (identity, key, error);

  if (certificate == NULL)
    return FALSE;
  holder->name = g_strdup (identity->name);
  must (gnutls_certificate_allocate_credentials (&holder->credentials));
  must (gnutls_certificate_set_x509_key (holder->credentials, &certificate, 1, key));
  return TRUE;
}

/**
 * rt_tls_keyring_new:
 * @tls: a server's settings
 * @host: who the server is if they do not say
 *
 * Errors: %RT_ERROR_SYNTAX: a name that no certificate can be made out to.
 *
 * Returns: (nullable) (transfer full): its certificates
 */
RtTlsKeyring *
rt_tls_keyring_new (const RtTls *tls, const char *host, GError **error)
{
  RtTlsIdentity standard = { .name = host };
  const RtTlsIdentity *identities = tls->n_identities > 0 ? tls->identities : &standard;
  g_autoptr (RtTlsKeyring) keyring = g_new0 (RtTlsKeyring, 1);

  keyring->ref_count = 1;
  keyring->only_named = tls->only_named;
  keyring->n_holders = MAX (tls->n_identities, 1);
  keyring->holders = g_new0 (Holder, keyring->n_holders);
  for (guint i = 0; i < keyring->n_holders; i++)
    if (!init_holder (&keyring->holders[i], &identities[i], error))
      return NULL;
  return g_steal_pointer (&keyring);
}

RtTlsKeyring *
rt_tls_keyring_ref (RtTlsKeyring *keyring)
{
  keyring->ref_count++;
  return keyring;
}

void
rt_tls_keyring_unref (RtTlsKeyring *keyring)
{
  if (--keyring->ref_count > 0)
    return;
  for (guint i = 0; i < keyring->n_holders; i++)
    {
      g_free (keyring->holders[i].name);
      if (keyring->holders[i].credentials != NULL)
        gnutls_certificate_free_credentials (keyring->holders[i].credentials);
    }
  g_free (keyring->holders);
  g_free (keyring);
}

/**
 * rt_tls_keyring_find:
 * @keyring: a server's certificates
 * @server_name: (nullable): who the client asked for
 *
 * Source: RFC 6066 §3: who is not known is turned away, or gets the first certificate.
 *
 * Returns: (nullable) (transfer none): what to show to it
 */
gnutls_certificate_credentials_t
rt_tls_keyring_find (RtTlsKeyring *keyring, const char *server_name)
{
  for (guint i = 0; server_name != NULL && i < keyring->n_holders; i++)
    if (g_ascii_strcasecmp (keyring->holders[i].name, server_name) == 0)
      return keyring->holders[i].credentials;
  return server_name != NULL && keyring->only_named ? NULL : keyring->holders[0].credentials;
}

/**
 * rt_tls_authority_dup_pem:
 *
 * Returns: (transfer full): the authority's certificate, for programs that are to trust it
 */
char *
rt_tls_authority_dup_pem (void)
{
  gnutls_datum_t pem;
  char *text;

  must (gnutls_x509_crt_export2 (get_authority ()->certificate, GNUTLS_X509_FMT_PEM, &pem));
  text = g_strndup ((const char *)pem.data, pem.size);
  gnutls_free (pem.data);
  return text;
}

/* Whom clients trust. Made once: the system's list takes its time. */
static gnutls_x509_trust_list_t
get_trusted (gboolean public)
{
  static gsize ready[2];
  static gnutls_x509_trust_list_t lists[2];

  if (g_once_init_enter (&ready[public]))
    {
      gnutls_x509_crt_t authority = get_authority ()->certificate;

      must (gnutls_x509_trust_list_init (&lists[public], 0));
      /* A machine without a list of its own trusts nobody else: that is no error. */
      if (public)
        gnutls_x509_trust_list_add_system_trust (lists[public], 0, 0);
      else
        must (gnutls_x509_trust_list_add_cas (lists[public], &authority, 1, 0));
      g_once_init_leave (&ready[public], 1);
    }
  return lists[public];
}

/**
 * rt_tls_authority_trusts:
 * @chain: (array length=n): certificates as a server showed them, its own first
 * @public: the authorities that this machine trusts count, instead of the sandbox's
 *
 * Dates and names are not looked at: they are the rule's.
 *
 * Returns: whether the signatures lead to somebody who is trusted
 */
gboolean
rt_tls_authority_trusts (gnutls_x509_crt_t *chain, guint n, gboolean public)
{
  guint status = 0;

  return n > 0
         && gnutls_x509_trust_list_verify_crt (get_trusted (public != FALSE), chain, n,
                                               GNUTLS_VERIFY_DISABLE_TIME_CHECKS
                                                   | GNUTLS_VERIFY_DISABLE_TRUSTED_TIME_CHECKS
                                                   | GNUTLS_VERIFY_DISABLE_CRL_CHECKS,
                                               &status, NULL)
                == 0
         && status == 0;
}
