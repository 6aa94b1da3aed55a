/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Certificate authorities.
 *
 * The sandbox's key and its servers' are built in and RSA signatures of one key are equally long,
 * so that a handshake takes as many bytes, and as long, in every run; PKCS #1 signatures are even
 * the same bytes. Serial numbers are a hash of what a certificate says.
 *
 * Everybody has those keys, so no program from outside is asked to trust them: for those an
 * authority is made that lives as long as its driver and whose keys never leave the process. Where
 * a server has no identity of its own choosing, it makes certificates for the names that it is
 * asked for. */
#include "rt-tls-authority.h"

#include "rt-error.h"

#include <arpa/inet.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

/* clang-format off */
#include "rt-tls-keys.inc"
/* clang-format on */

#define SERIAL_SIZE 8
/* RFC 5280, ub-common-name. */
#define COMMON_NAME_MAX 64
/* Certificates that one server makes for names it is asked for. */
#define MADE_MAX 256
/* Clocks differ: a fresh certificate has been valid for a while. */
#define FRESH_SINCE (24 * 60 * 60 * RT_TIME_SEC)
/* Not longer than clients put up with (CA/Browser Forum: 398 days). */
#define FRESH_FOR (90 * 24 * 60 * 60 * RT_TIME_SEC)

typedef struct
{
  char *name;
  gnutls_certificate_credentials_t credentials;
} Holder;

struct _RtTlsKeyring
{
  gint ref_count;
  RtTlsAuthority *authority;
  GArray *holders; /* Holder */
  gboolean only_named;
  gboolean makes; /* certificates for whoever it is taken for */
};

/* Who signs: an authority's certificate and key. */
typedef struct
{
  gnutls_x509_crt_t certificate;
  gnutls_x509_privkey_t key;
} Issuer;

struct _RtTlsAuthority
{
  gint ref_count; /* atomic */
  Issuer issuer;
  gnutls_x509_privkey_t leaf_key; /* of all its servers */
  RtTime from, until;             /* where an identity does not say */
  gboolean fresh;
  gnutls_x509_trust_list_t trusted; /* it and the others */
  GPtrArray *others;                /* gnutls_x509_crt_t */
};

typedef struct gnutls_x509_crt_int Certificate;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Certificate, gnutls_x509_crt_deinit)

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
make_issuer (gnutls_x509_privkey_t key, const char *name, RtTime from, RtTime until)
{
  Issuer issuer = { .key = key };

  issuer.certificate = begin_certificate (issuer.key, name, from, until);
  must (gnutls_x509_crt_set_dn (issuer.certificate, name, NULL));
  must (gnutls_x509_crt_set_ca_status (issuer.certificate, 1));
  must (gnutls_x509_crt_set_key_usage (issuer.certificate,
                                       GNUTLS_KEY_KEY_CERT_SIGN | GNUTLS_KEY_CRL_SIGN));
  must (gnutls_x509_crt_sign2 (issuer.certificate, issuer.certificate, issuer.key,
                               GNUTLS_DIG_SHA256, 0));
  read_again (&issuer.certificate);
  return issuer;
}

static RtTlsAuthority *
authority_new (gnutls_x509_privkey_t key,
               gnutls_x509_privkey_t of_leaves,
               const char *name,
               RtTime from,
               RtTime until)
{
  RtTlsAuthority *authority = g_new0 (RtTlsAuthority, 1);

  authority->ref_count = 1;
  authority->issuer = make_issuer (key, name, from, until);
  authority->leaf_key = of_leaves;
  authority->from = from;
  authority->until = until;
  authority->others = g_ptr_array_new_with_free_func ((GDestroyNotify)gnutls_x509_crt_deinit);
  must (gnutls_x509_trust_list_init (&authority->trusted, 0));
  must (gnutls_x509_trust_list_add_cas (authority->trusted, &authority->issuer.certificate, 1, 0));
  return authority;
}

/**
 * rt_tls_authority_get_sandbox:
 *
 * Returns: (transfer none): the authority whose keys are built in, for parties of ours alone
 */
RtTlsAuthority *
rt_tls_authority_get_sandbox (void)
{
  static gsize ready;
  static RtTlsAuthority *authority;

  if (g_once_init_enter (&ready))
    {
      authority = authority_new (read_key (authority_key), read_key (leaf_key),
                                 "CN=Roundtrip sandbox authority,O=Roundtrip", RT_TLS_VALID_FROM,
                                 RT_TLS_VALID_UNTIL);
      g_once_init_leave (&ready, 1);
    }
  return authority;
}

static gnutls_x509_privkey_t
make_key (void)
{
  gnutls_x509_privkey_t key;

  must (gnutls_x509_privkey_init (&key));
  must (gnutls_x509_privkey_generate (key, GNUTLS_PK_ECDSA,
                                      GNUTLS_CURVE_TO_BITS (GNUTLS_ECC_CURVE_SECP256R1), 0));
  return key;
}

/**
 * rt_tls_authority_new_fresh:
 * @now: UTC; its certificates hold from a day before to 90 days later
 *
 * For connections with programs that are not ours. Nobody else has its keys, which are made now and
 * are never written anywhere.
 *
 * Returns: (transfer full): an authority that there has not been before
 */
RtTlsAuthority *
rt_tls_authority_new_fresh (RtTime now)
{
  g_autofree char *name
      = g_strdup_printf ("CN=Roundtrip throw-away authority %08x,O=Roundtrip", g_random_int ());
  RtTlsAuthority *authority
      = authority_new (make_key (), make_key (), name, now - FRESH_SINCE, now + FRESH_FOR);

  authority->fresh = TRUE;
  return authority;
}

RtTlsAuthority *
rt_tls_authority_ref (RtTlsAuthority *authority)
{
  g_atomic_int_inc (&authority->ref_count);
  return authority;
}

void
rt_tls_authority_unref (RtTlsAuthority *authority)
{
  if (!g_atomic_int_dec_and_test (&authority->ref_count))
    return;
  gnutls_x509_trust_list_deinit (authority->trusted, 0);
  g_ptr_array_unref (authority->others);
  gnutls_x509_crt_deinit (authority->issuer.certificate);
  gnutls_x509_privkey_deinit (authority->issuer.key);
  gnutls_x509_privkey_deinit (authority->leaf_key);
  g_free (authority);
}

/**
 * rt_tls_authority_trust:
 * @authority: from rt_tls_authority_new_fresh()
 * @pem: certificates, as `curl --cacert` wants them
 *
 * Who is vouched for by one of these is trusted as well as who is by @authority itself.
 *
 * Errors: %RT_ERROR_SYNTAX: there is no certificate in it.
 *
 * Returns: whether there was any
 */
gboolean
rt_tls_authority_trust (RtTlsAuthority *authority, const char *pem, GError **error)
{
  gnutls_datum_t datum = { (guchar *)pem, (guint)strlen (pem) };
  gnutls_x509_crt_t *read = NULL;
  guint n = 0;
  int code;

  g_return_val_if_fail (authority->fresh, FALSE);

  code = gnutls_x509_crt_list_import2 (&read, &n, &datum, GNUTLS_X509_FMT_PEM, 0);
  if (code < 0)
    {
      rt_set_error (error, RT_ERROR_SYNTAX, NULL, "-----BEGIN CERTIFICATE-----",
                    "there is no certificate in it: %s", gnutls_strerror (code));
      return FALSE;
    }
  must (gnutls_x509_trust_list_add_cas (authority->trusted, read, n, 0));
  for (guint i = 0; i < n; i++)
    g_ptr_array_add (authority->others, read[i]);
  gnutls_free (read);
  return TRUE;
}

/* An authority of its own that nobody trusts. */
static const Issuer *
get_stranger (void)
{
  static gsize ready;
  static Issuer stranger;

  if (g_once_init_enter (&ready))
    {
      stranger = make_issuer (read_key (leaf_key), "CN=Somebody unheard of,O=Nowhere",
                              RT_TLS_VALID_FROM, RT_TLS_VALID_UNTIL);
      g_once_init_leave (&ready, 1);
    }
  return &stranger;
}

/* Certificates of servers. */

static int
add_name (gnutls_x509_crt_t certificate, const char *name)
{
  struct in6_addr address;

  if (inet_pton (AF_INET, name, &address) == 1)
    return gnutls_x509_crt_set_subject_alt_name (certificate, GNUTLS_SAN_IPADDRESS, &address, 4,
                                                 GNUTLS_FSAN_APPEND);
  if (inet_pton (AF_INET6, name, &address) == 1)
    return gnutls_x509_crt_set_subject_alt_name (certificate, GNUTLS_SAN_IPADDRESS, &address, 16,
                                                 GNUTLS_FSAN_APPEND);
  return gnutls_x509_crt_set_subject_alt_name (certificate, GNUTLS_SAN_DNSNAME, name,
                                               (guint)strlen (name), GNUTLS_FSAN_APPEND);
}

static gboolean
set_name (gnutls_x509_crt_t certificate, const char *name, GError **error)
{
  gsize length = strlen (name);
  int code = add_name (certificate, name);

  if (code >= 0 && length <= COMMON_NAME_MAX)
    code = gnutls_x509_crt_set_dn_by_oid (certificate, GNUTLS_OID_X520_COMMON_NAME, 0, name,
                                          (guint)length);
  if (code < 0)
    rt_set_error (error, RT_ERROR_SYNTAX, NULL, "a host name or an address",
                  "no certificate can be made out to “%s”", name);
  return code >= 0;
}

/* A client that connects to an address names nobody: what it may have used stands in the first
 * certificate. */
static void
add_local_names (gnutls_x509_crt_t certificate, const char *but)
{
  static const char *const names[] = { "localhost", "127.0.0.1", "::1" };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    if (g_ascii_strcasecmp (names[i], but) != 0)
      must (add_name (certificate, names[i]));
}

static gnutls_x509_crt_t
make_leaf (RtTlsAuthority *authority, const RtTlsIdentity *identity, gboolean local, GError **error)
{
  const char *name = identity->certified != NULL ? identity->certified : identity->name;
  RtTime from = identity->from != 0 ? identity->from : authority->from;
  RtTime until = identity->until != 0 ? identity->until : authority->until;
  g_autofree char *about
      = g_strdup_printf ("%s %" G_GINT64_FORMAT " %" G_GINT64_FORMAT " %d%s", name, from, until,
                         identity->issuer, identity->for_clients ? " client" : "");
  g_autoptr (Certificate) certificate = begin_certificate (authority->leaf_key, about, from, until);
  const Issuer *issuer
      = identity->issuer == RT_TLS_ISSUER_STRANGER ? get_stranger () : &authority->issuer;

  if (*name != '\0' && !set_name (certificate, name, error))
    return NULL;
  if (local)
    add_local_names (certificate, name);
  must (gnutls_x509_crt_set_ca_status (certificate, 0));
  must (gnutls_x509_crt_set_key_usage (certificate, GNUTLS_KEY_DIGITAL_SIGNATURE));
  must (gnutls_x509_crt_set_key_purpose_oid (
      certificate, identity->for_clients ? GNUTLS_KP_TLS_WWW_CLIENT : GNUTLS_KP_TLS_WWW_SERVER, 0));
  if (identity->issuer == RT_TLS_ISSUER_SELF)
    must (gnutls_x509_crt_sign2 (certificate, certificate, authority->leaf_key, GNUTLS_DIG_SHA256,
                                 0));
  else
    must (gnutls_x509_crt_sign2 (certificate, issuer->certificate, issuer->key, GNUTLS_DIG_SHA256,
                                 0));
  return g_steal_pointer (&certificate);
}

static void
holder_clear (gpointer data)
{
  Holder *holder = data;

  g_free (holder->name);
  gnutls_certificate_free_credentials (holder->credentials);
}

static gboolean
add_holder (RtTlsKeyring *keyring, const RtTlsIdentity *identity, gboolean local, GError **error)
{
  RtTlsAuthority *authority = keyring->authority;
  g_autoptr (Certificate) certificate = make_leaf (authority, identity, local, error);
  Holder holder;

  if (certificate == NULL)
    return FALSE;
  holder.name = g_strdup (identity->name);
  must (gnutls_certificate_allocate_credentials (&holder.credentials));
  must (gnutls_certificate_set_x509_key (holder.credentials, &certificate, 1, authority->leaf_key));
  g_array_append_val (keyring->holders, holder);
  return TRUE;
}

/**
 * rt_tls_keyring_new:
 * @authority: who signs; reffed
 * @tls: a server's settings
 * @host: who the server is if they do not say
 *
 * Errors: %RT_ERROR_SYNTAX: a name that no certificate can be made out to.
 *
 * Returns: (nullable) (transfer full): its certificates
 */
RtTlsKeyring *
rt_tls_keyring_new (RtTlsAuthority *authority, const RtTls *tls, const char *host, GError **error)
{
  RtTlsIdentity standard = { .name = host };
  const RtTlsIdentity *identities = tls->n_identities > 0 ? tls->identities : &standard;
  g_autoptr (RtTlsKeyring) keyring = g_new0 (RtTlsKeyring, 1);

  keyring->ref_count = 1;
  keyring->authority = rt_tls_authority_ref (authority);
  keyring->only_named = tls->only_named;
  keyring->makes = authority->fresh && tls->n_identities == 0 && !tls->only_named;
  keyring->holders = g_array_new (FALSE, FALSE, sizeof (Holder));
  g_array_set_clear_func (keyring->holders, holder_clear);
  for (guint i = 0; i < MAX (tls->n_identities, 1); i++)
    if (!add_holder (keyring, &identities[i], keyring->makes, error))
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
  g_array_unref (keyring->holders);
  rt_tls_authority_unref (keyring->authority);
  g_free (keyring);
}

static const Holder *
find_holder (const RtTlsKeyring *keyring, const char *server_name)
{
  for (guint i = 0; i < keyring->holders->len; i++)
    {
      const Holder *holder = &g_array_index (keyring->holders, Holder, i);

      if (g_ascii_strcasecmp (holder->name, server_name) == 0)
        return holder;
    }
  return NULL;
}

/* A name comes from outside: only what looks like one gets a certificate, and not without end. */
static gboolean
can_make (const RtTlsKeyring *keyring, const char *server_name)
{
  static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.";

  return keyring->makes && keyring->holders->len < MADE_MAX && g_ascii_isalnum (*server_name)
         && server_name[strspn (server_name, allowed)] == '\0';
}

/**
 * rt_tls_keyring_find:
 * @keyring: a server's certificates
 * @server_name: (nullable): who the client asked for
 *
 * Source: RFC 6066 §3: who is not known is turned away, or gets the first certificate. A server of
 * a fresh authority that was given no identities makes itself a certificate for the name instead.
 *
 * Returns: (nullable) (transfer none): what to show to it
 */
gnutls_certificate_credentials_t
rt_tls_keyring_find (RtTlsKeyring *keyring, const char *server_name)
{
  const Holder *holder = server_name != NULL ? find_holder (keyring, server_name) : NULL;

  if (holder == NULL && server_name != NULL && can_make (keyring, server_name)
      && add_holder (keyring, &(RtTlsIdentity){ .name = server_name }, FALSE, NULL))
    holder = &g_array_index (keyring->holders, Holder, keyring->holders->len - 1);
  if (holder == NULL && (server_name == NULL || !keyring->only_named))
    holder = &g_array_index (keyring->holders, Holder, 0);
  return holder != NULL ? holder->credentials : NULL;
}

/**
 * rt_tls_authority_dup_pem:
 * @authority: an authority
 *
 * Returns: (transfer full): its certificate, for programs that are to trust it
 */
char *
rt_tls_authority_dup_pem (RtTlsAuthority *authority)
{
  gnutls_datum_t pem;
  char *text;

  must (gnutls_x509_crt_export2 (authority->issuer.certificate, GNUTLS_X509_FMT_PEM, &pem));
  text = g_strndup ((const char *)pem.data, pem.size);
  gnutls_free (pem.data);
  return text;
}

/* Whom this machine trusts. Made once: the list takes its time. A machine without one trusts
 * nobody: that is no error. */
static gnutls_x509_trust_list_t
get_public (void)
{
  static gsize ready;
  static gnutls_x509_trust_list_t list;

  if (g_once_init_enter (&ready))
    {
      must (gnutls_x509_trust_list_init (&list, 0));
      gnutls_x509_trust_list_add_system_trust (list, 0, 0);
      g_once_init_leave (&ready, 1);
    }
  return list;
}

/**
 * rt_tls_authority_trusts:
 * @authority: whom clients of ours trust
 * @chain: (array length=n): certificates as a server showed them, its own first
 * @public: the authorities that this machine trusts count, instead of @authority
 *
 * Dates and names are not looked at: they are the rule's.
 *
 * Returns: whether the signatures lead to somebody who is trusted
 */
gboolean
rt_tls_authority_trusts (RtTlsAuthority *authority,
                         gnutls_x509_crt_t *chain,
                         guint n,
                         gboolean public)
{
  gnutls_x509_trust_list_t list = public ? get_public () : authority->trusted;
  guint status = 0;

  return n > 0
         && gnutls_x509_trust_list_verify_crt (list, chain, n,
                                               GNUTLS_VERIFY_DISABLE_TIME_CHECKS
                                                   | GNUTLS_VERIFY_DISABLE_TRUSTED_TIME_CHECKS
                                                   | GNUTLS_VERIFY_DISABLE_CRL_CHECKS,
                                               &status, NULL)
                == 0
         && status == 0;
}

/**
 * rt_tls_authority_write_pem:
 * @pem: an authority's certificate
 *
 * Writes it to a file that other programs can read; whoever calls removes it.
 *
 * Returns: (nullable) (transfer full): its path
 */
char *
rt_tls_authority_write_pem (const char *pem, GError **error)
{
  char *path = NULL;
  int fd = g_file_open_tmp ("roundtrip-XXXXXX.pem", &path, error);

  if (fd < 0)
    return NULL;
  close (fd);
  if (g_file_set_contents (path, pem, -1, error))
    return path;
  g_unlink (path);
  g_clear_pointer (&path, g_free);
  return NULL;
}
