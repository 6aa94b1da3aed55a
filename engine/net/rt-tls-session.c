/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * GnuTLS between two queues in memory.
 *
 * GnuTLS pulls ciphertext from the one and pushes it to the other; when the one is empty it is
 * told to come again. It proves signatures; whether a certificate will do is our own rule's, by
 * the time that is handed in. What is negotiated is a short list of our own, so that the machine's
 * settings and processor change no length; there are no tickets, whose arrival would. */
#include "rt-tls-session.h"

#include "rt-certificate.h"
#include "rt-error.h"

#include <arpa/inet.h>
#include <errno.h>
#include <string.h>

/* Most plaintext in one record, RFC 8446 §5.1. */
#define RECORD_MAX 16384
/* Most bytes of a handshake. GnuTLS keeps a message until it is complete, however long it says that
 * it is: up to 16 MiB of somebody who has not said who he is. */
#define HANDSHAKE_MAX (64 * 1024)
/* More certificates than that are no chain. */
#define CHAIN_MAX 8
#define NAMES_MAX 100

#define ALGORITHMS                                                                                 \
  ":+AES-128-GCM:+AES-256-GCM:+CHACHA20-POLY1305:+AEAD:+ECDHE-RSA:+ECDHE-ECDSA"                    \
  ":+GROUP-X25519:+GROUP-SECP256R1:+GROUP-SECP384R1:+CTYPE-X509"                                   \
  ":+SIGN-RSA-PSS-RSAE-SHA256:+SIGN-RSA-PSS-RSAE-SHA384:+SIGN-RSA-PSS-RSAE-SHA512"                 \
  ":+SIGN-ECDSA-SECP256R1-SHA256:+SIGN-ECDSA-SECP384R1-SHA384:+SIGN-ECDSA-SHA256"                  \
  ":+SIGN-ECDSA-SHA384:+SIGN-RSA-SHA256:+SIGN-RSA-SHA384:+SIGN-RSA-SHA512"

struct _RtTlsSession
{
  gnutls_session_t session;
  gnutls_certificate_credentials_t credentials; /* nullable: a client's, empty */
  RtTlsKeyring *keyring;                        /* nullable: a server's */
  RtTlsAuthority *authority;                    /* nullable: whom a client trusts */
  GByteArray *in, *out;
  guint read;      /* bytes of @in that were pulled */
  guint64 pulled;  /* bytes that were pulled ever */
  guint8 first[2]; /* of what the other end said ever */
  guint n_first;
  char *host, *server_name, *alpn;
  gboolean insecure, public, trusted;
  RtTime now;
  RtDecision *decision;
  RtCertificateVerdict verdict;
};

/* The queues. */

static gssize
pull (gnutls_transport_ptr_t data, void *buffer, gsize length)
{
  RtTlsSession *session = data;
  gsize n = MIN (length, session->in->len - session->read);

  if (n == 0)
    {
      gnutls_transport_set_errno (session->session, EAGAIN);
      return -1;
    }
  memcpy (buffer, session->in->data + session->read, n);
  session->read += (guint)n;
  session->pulled += n;
  if (session->read == session->in->len)
    {
      g_byte_array_set_size (session->in, 0);
      session->read = 0;
    }
  return (gssize)n;
}

static int
pull_timeout (gnutls_transport_ptr_t data, unsigned int milliseconds)
{
  RtTlsSession *session = data;

  return session->in->len > session->read;
}

static gssize
push (gnutls_transport_ptr_t data, const void *buffer, gsize length)
{
  g_byte_array_append (((RtTlsSession *)data)->out, buffer, (guint)length);
  return (gssize)length;
}

/**
 * rt_tls_session_feed:
 * @session: a session
 * @ciphertext: that the other end has sent
 */
void
rt_tls_session_feed (RtTlsSession *session, GBytes *ciphertext)
{
  gsize length;
  const guint8 *data = g_bytes_get_data (ciphertext, &length);

  for (gsize i = 0; i < length && session->n_first < sizeof session->first; i++)
    session->first[session->n_first++] = data[i];
  g_byte_array_append (session->in, data, (guint)length);
}

/**
 * rt_tls_session_take:
 * @session: a session
 *
 * Returns: (nullable) (transfer full): what is to be sent to the other end, if anything is
 */
GBytes *
rt_tls_session_take (RtTlsSession *session)
{
  GBytes *bytes;

  if (session->out->len == 0)
    return NULL;
  bytes = g_bytes_new (session->out->data, session->out->len);
  g_byte_array_set_size (session->out, 0);
  return bytes;
}

/* What a client makes of the certificate. */

/* The @i-th name as text; the buffer has room for @size bytes. */
static gboolean
get_name (gnutls_x509_crt_t certificate, guint i, char *buffer, gsize size)
{
  guint8 raw[256];
  gsize length = sizeof raw;
  int type = gnutls_x509_crt_get_subject_alt_name (certificate, i, raw, &length, NULL);

  if (type == GNUTLS_SAN_DNSNAME && length < size)
    {
      memcpy (buffer, raw, length);
      buffer[length] = '\0';
      /* A name that goes on behind a NUL is a trick. */
      return strlen (buffer) == length;
    }
  if (type == GNUTLS_SAN_IPADDRESS && (length == 4 || length == 16))
    return inet_ntop (length == 4 ? AF_INET : AF_INET6, raw, buffer, (socklen_t)size) != NULL;
  return FALSE;
}

static GPtrArray *
get_names (gnutls_x509_crt_t certificate)
{
  GPtrArray *names = g_ptr_array_new_with_free_func (g_free);
  gsize length = 0;

  for (guint i = 0; i < NAMES_MAX; i++)
    {
      char name[256];

      length = 0;
      if (gnutls_x509_crt_get_subject_alt_name (certificate, i, NULL, &length, NULL)
          == GNUTLS_E_REQUESTED_DATA_NOT_AVAILABLE)
        break;
      if (get_name (certificate, i, name, sizeof name))
        g_ptr_array_add (names, g_utf8_make_valid (name, -1));
    }
  return names;
}

static void
decide (RtTlsSession *session, gnutls_x509_crt_t *chain, guint n)
{
  g_autoptr (GPtrArray) names = get_names (chain[0]);
  RtText texts[NAMES_MAX];
  RtCertificate certificate
      = { .names = texts,
          .n_names = names->len,
          .from = (RtTime)gnutls_x509_crt_get_activation_time (chain[0]) * RT_TIME_SEC,
          .until = (RtTime)gnutls_x509_crt_get_expiration_time (chain[0]) * RT_TIME_SEC,
          .other_purpose
          = gnutls_x509_crt_check_key_purpose (chain[0], GNUTLS_KP_TLS_WWW_SERVER, 0) == 0,
          .self_signed = gnutls_x509_crt_check_issuer (chain[0], chain[0]) != 0,
          .trusted = rt_tls_authority_trusts (session->authority, chain, n, session->public) };

  for (guint i = 0; i < names->len; i++)
    texts[i] = rt_text (names->pdata[i]);
  g_clear_pointer (&session->decision, rt_decision_unref);
  session->decision = rt_decision_new ();
  session->verdict = rt_certificate_decide (&certificate, rt_text (session->host),
                                            !session->insecure, session->now, session->decision);
  session->trusted = session->verdict == RT_CERTIFICATE_ACCEPTED;
}

/* Called by GnuTLS once the other end has proved that it has the certificate's key. */
static int
verify (gnutls_session_t tls)
{
  RtTlsSession *session = gnutls_session_get_ptr (tls);
  guint n = 0;
  const gnutls_datum_t *raw = gnutls_certificate_get_peers (tls, &n);
  gnutls_x509_crt_t chain[CHAIN_MAX] = { NULL };
  guint have = 0;

  while (raw != NULL && have < MIN (n, CHAIN_MAX) && gnutls_x509_crt_init (&chain[have]) == 0)
    {
      have++;
      if (gnutls_x509_crt_import (chain[have - 1], &raw[have - 1], GNUTLS_X509_FMT_DER) != 0)
        break;
    }
  session->verdict = RT_CERTIFICATE_UNTRUSTED;
  if (have > 0 && have == MIN (n, CHAIN_MAX))
    decide (session, chain, have);
  for (guint i = 0; i < have; i++)
    gnutls_x509_crt_deinit (chain[i]);
  return session->verdict == RT_CERTIFICATE_ACCEPTED || session->verdict == RT_CERTIFICATE_UNCHECKED
             ? 0
             : GNUTLS_E_CERTIFICATE_VERIFICATION_ERROR;
}

/* Beginning. */

static void
set_versions (RtTlsSession *session, const RtTls *tls)
{
  g_autofree char *priorities = g_strconcat (
      "NONE", tls->least != RT_TLS_1_3 || tls->most == RT_TLS_1_2 ? ":+VERS-TLS1.2" : "",
      tls->most != RT_TLS_1_2 ? ":+VERS-TLS1.3" : "", ALGORITHMS, NULL);

  if (gnutls_priority_set_direct (session->session, priorities, NULL) != 0)
    g_error ("GnuTLS does not know %s", priorities);
}

static void
set_alpn (RtTlsSession *session, const RtTls *tls, guint flags)
{
  static const char *const standard[] = { "http/1.1", NULL };
  const char *const *names = tls->alpn != NULL ? tls->alpn : standard;
  gnutls_datum_t protocols[8];
  guint n = 0;

  for (; n < G_N_ELEMENTS (protocols) && names[n] != NULL; n++)
    protocols[n] = (gnutls_datum_t){ (guchar *)names[n], (guint)strlen (names[n]) };
  if (n > 0)
    gnutls_alpn_set_protocols (session->session, protocols, n, flags);
}

static RtTlsSession *
session_new (const RtTls *tls, guint flags)
{
  RtTlsSession *session = g_new0 (RtTlsSession, 1);

  session->in = g_byte_array_new ();
  session->out = g_byte_array_new ();
  if (gnutls_init (&session->session,
                   flags | GNUTLS_NONBLOCK | GNUTLS_NO_TICKETS | GNUTLS_NO_AUTO_SEND_TICKET)
      != 0)
    g_error ("GnuTLS does not start");
  gnutls_session_set_ptr (session->session, session);
  gnutls_transport_set_ptr (session->session, session);
  gnutls_transport_set_pull_function (session->session, pull);
  gnutls_transport_set_pull_timeout_function (session->session, pull_timeout);
  gnutls_transport_set_push_function (session->session, push);
  /* How long a handshake may take is the driver's to say, by its own clock. */
  gnutls_handshake_set_timeout (session->session, 0);
  set_versions (session, tls);
  return session;
}

static gboolean
is_address (const char *host)
{
  struct in6_addr address;

  return inet_pton (AF_INET, host, &address) == 1 || strchr (host, ':') != NULL;
}

/**
 * rt_tls_session_new_client:
 * @tls: what is wanted; not needed afterwards
 * @authority: whom it trusts; reffed
 * @host: who is meant if @tls does not say
 *
 * Returns: (transfer full): a client whose handshake has not begun
 */
RtTlsSession *
rt_tls_session_new_client (const RtTls *tls, RtTlsAuthority *authority, const char *host)
{
  RtTlsSession *session = session_new (tls, GNUTLS_CLIENT);

  session->host = g_strdup (tls->server_name != NULL ? tls->server_name : host);
  session->authority = rt_tls_authority_ref (authority);
  session->insecure = tls->insecure;
  session->public = tls->public;
  if (gnutls_certificate_allocate_credentials (&session->credentials) != 0)
    g_error ("GnuTLS does not start");
  gnutls_credentials_set (session->session, GNUTLS_CRD_CERTIFICATE, session->credentials);
  gnutls_session_set_verify_function (session->session, verify);
  /* RFC 6066 §3: an address is no server name; nor is a dot at its end part of it. */
  if (!is_address (session->host))
    {
      gsize length = strlen (session->host);

      length -= length > 1 && session->host[length - 1] == '.';
      gnutls_server_name_set (session->session, GNUTLS_NAME_DNS, session->host, length);
      session->server_name = g_strndup (session->host, length);
    }
  set_alpn (session, tls, 0);
  return session;
}

/* Called by GnuTLS when it has read the ClientHello: time to choose a certificate. */
static int
choose_certificate (gnutls_session_t tls)
{
  RtTlsSession *session = gnutls_session_get_ptr (tls);
  char name[256];
  gsize length = sizeof name;
  guint type;
  gnutls_certificate_credentials_t credentials;

  if (gnutls_server_name_get (tls, name, &length, &type, 0) == 0 && type == GNUTLS_NAME_DNS)
    {
      g_free (session->server_name);
      session->server_name = g_utf8_make_valid (name, (gssize)strnlen (name, length));
    }
  credentials = rt_tls_keyring_find (session->keyring, session->server_name);
  if (credentials == NULL)
    return GNUTLS_E_UNRECOGNIZED_NAME;
  return gnutls_credentials_set (tls, GNUTLS_CRD_CERTIFICATE, credentials);
}

/**
 * rt_tls_session_new_server:
 * @tls: what is wanted; not needed afterwards
 * @keyring: the certificates; reffed
 *
 * Returns: (transfer full): a server that waits for a ClientHello
 */
RtTlsSession *
rt_tls_session_new_server (const RtTls *tls, RtTlsKeyring *keyring)
{
  RtTlsSession *session = session_new (tls, GNUTLS_SERVER);

  session->keyring = rt_tls_keyring_ref (keyring);
  gnutls_handshake_set_post_client_hello_function (session->session, choose_certificate);
  /* RFC 7301 §3.2: a client that offers protocols, none of which is ours, is told so. */
  set_alpn (session, tls, GNUTLS_ALPN_MANDATORY | GNUTLS_ALPN_SERVER_PRECEDENCE);
  return session;
}

void
rt_tls_session_free (RtTlsSession *session)
{
  gnutls_deinit (session->session);
  if (session->credentials != NULL)
    gnutls_certificate_free_credentials (session->credentials);
  g_clear_pointer (&session->keyring, rt_tls_keyring_unref);
  g_clear_pointer (&session->authority, rt_tls_authority_unref);
  g_clear_pointer (&session->decision, rt_decision_unref);
  g_byte_array_unref (session->in);
  g_byte_array_unref (session->out);
  g_free (session->host);
  g_free (session->server_name);
  g_free (session->alpn);
  g_free (session);
}

/* Failing. */

/* RFC 8446 §6 names alerts as GnuTLS does, but in small letters. */
static char *
alert_name (gnutls_alert_description_t alert)
{
  const char *name = gnutls_alert_get_strname (alert);

  if (name == NULL)
    return g_strdup_printf ("%d", alert);
  if (g_str_has_prefix (name, "GNUTLS_A_"))
    name += strlen ("GNUTLS_A_");
  return g_ascii_strdown (name, -1);
}

/* What a client says when it does not like the certificate (RFC 8446 §6.2), and what we say. */
static gnutls_alert_description_t
explain_verdict (RtCertificateVerdict verdict, const char **ret_words)
{
  static const struct
  {
    gnutls_alert_description_t alert;
    const char *words;
  } reasons[] = {
    [RT_CERTIFICATE_ACCEPTED] = { GNUTLS_A_BAD_CERTIFICATE, "the certificate cannot be used" },
    [RT_CERTIFICATE_UNCHECKED] = { GNUTLS_A_BAD_CERTIFICATE, "the certificate cannot be used" },
    [RT_CERTIFICATE_SELF_SIGNED] = { GNUTLS_A_UNKNOWN_CA, "the certificate vouches for itself" },
    [RT_CERTIFICATE_UNTRUSTED]
    = { GNUTLS_A_UNKNOWN_CA, "nobody who is trusted vouches for the certificate" },
    [RT_CERTIFICATE_NOT_YET] = { GNUTLS_A_CERTIFICATE_EXPIRED, "the certificate is not valid yet" },
    [RT_CERTIFICATE_EXPIRED] = { GNUTLS_A_CERTIFICATE_EXPIRED, "the certificate has expired" },
    [RT_CERTIFICATE_WRONG_NAME]
    = { GNUTLS_A_BAD_CERTIFICATE, "the certificate is made out to somebody else" },
    [RT_CERTIFICATE_WRONG_PURPOSE]
    = { GNUTLS_A_UNSUPPORTED_CERTIFICATE, "the certificate is not for servers" },
  };

  *ret_words = reasons[verdict].words;
  return reasons[verdict].alert;
}

/* RFC 8446 §5.1: the first record is one of the handshake (22) or an alert (21), and its version
 * begins with 3. */
static gboolean
speaks_tls (const RtTlsSession *session)
{
  return (session->n_first < 1 || session->first[0] == 22 || session->first[0] == 21)
         && (session->n_first < 2 || session->first[1] == 3);
}

static RtTlsState
fail (RtTlsSession *session, int code, GError **error)
{
  g_autofree char *name = NULL;
  const char *words = gnutls_strerror (code);
  gnutls_alert_description_t alert;
  int level;

  if (code == GNUTLS_E_FATAL_ALERT_RECEIVED)
    {
      name = alert_name (gnutls_alert_get (session->session));
      rt_set_error (error, RT_ERROR_PEER, NULL, NULL, "the other end gave up: TLS alert %s", name);
      return RT_TLS_FAILED;
    }
  if (code == GNUTLS_E_CERTIFICATE_ERROR || code == GNUTLS_E_CERTIFICATE_VERIFICATION_ERROR)
    alert = explain_verdict (session->verdict, &words);
  else
    alert = (gnutls_alert_description_t)gnutls_error_to_alert (code, &level);
  if (!speaks_tls (session))
    words = "the other end does not speak TLS";
  else if (code == GNUTLS_E_DECRYPTION_FAILED)
    words = "a record was changed on its way";
  gnutls_alert_send (session->session, GNUTLS_AL_FATAL, alert);
  name = alert_name (alert);
  rt_set_error (error, RT_ERROR_PEER, NULL, NULL, "%s (TLS alert %s)", words, name);
  return RT_TLS_FAILED;
}

/* Going on. */

/* Whether to try again after @code; @pulled: bytes that had been pulled before. GnuTLS says AGAIN
 * also when it has read something that is nothing to us, a ticket, whatever comes behind. */
static gboolean
is_passing (RtTlsSession *session, int code, guint64 pulled)
{
  if (code == GNUTLS_E_REHANDSHAKE)
    /* RFC 5246 §7.2.2: TLS 1.2's renegotiation may be declined. */
    gnutls_alert_send (session->session, GNUTLS_AL_WARNING, GNUTLS_A_NO_RENEGOTIATION);
  return code == GNUTLS_E_REHANDSHAKE || code == GNUTLS_E_WARNING_ALERT_RECEIVED
         || code == GNUTLS_E_INTERRUPTED || (code == GNUTLS_E_AGAIN && session->pulled > pulled);
}

/**
 * rt_tls_session_shake:
 * @session: a session
 * @now: the time, for the certificate's dates
 *
 * Goes on with the handshake as far as the bytes that were fed let it. Errors: %RT_ERROR_PEER.
 *
 * Returns: %RT_TLS_WAITING, %RT_TLS_READY or %RT_TLS_FAILED
 */
RtTlsState
rt_tls_session_shake (RtTlsSession *session, RtTime now, GError **error)
{
  guint64 pulled;
  int code;

  session->now = now;
  do
    {
      pulled = session->pulled;
      code = gnutls_handshake (session->session);
    }
  while (code < 0 && is_passing (session, code, pulled));
  if (code == GNUTLS_E_AGAIN && session->pulled > HANDSHAKE_MAX)
    code = GNUTLS_E_HANDSHAKE_TOO_LARGE;
  if (code == GNUTLS_E_AGAIN)
    return RT_TLS_WAITING;
  return code < 0 ? fail (session, code, error) : RT_TLS_READY;
}

/**
 * rt_tls_session_read:
 * @session: a session whose handshake is done
 * @plaintext: what the bytes that were fed say is appended to it
 *
 * Errors: %RT_ERROR_PEER: a record was changed on its way, or the other end gave up.
 *
 * Returns: %RT_TLS_WAITING, %RT_TLS_CLOSED or %RT_TLS_FAILED
 */
RtTlsState
rt_tls_session_read (RtTlsSession *session, GByteArray *plaintext, GError **error)
{
  guint8 record[RECORD_MAX];

  for (;;)
    {
      guint64 pulled = session->pulled;
      gssize n = gnutls_record_recv (session->session, record, sizeof record);

      if (n > 0)
        g_byte_array_append (plaintext, record, (guint)n);
      else if (n == 0)
        return RT_TLS_CLOSED;
      else if (!is_passing (session, (int)n, pulled))
        return n == GNUTLS_E_AGAIN ? RT_TLS_WAITING : fail (session, (int)n, error);
    }
}

/**
 * rt_tls_session_write:
 * @session: a session whose handshake is done
 * @plaintext: for the other end
 *
 * Returns: whether it could be encrypted; not, once the session has failed or was closed
 */
gboolean
rt_tls_session_write (RtTlsSession *session, GBytes *plaintext)
{
  gsize length;
  const guint8 *data = g_bytes_get_data (plaintext, &length);

  while (length > 0)
    {
      gssize n = gnutls_record_send (session->session, data, length);

      if (n <= 0)
        return FALSE;
      data += n;
      length -= (gsize)n;
    }
  return TRUE;
}

/**
 * rt_tls_session_close:
 * @session: a session whose handshake is done
 *
 * Says close_notify, RFC 8446 §6.1: no more will be sent. The other end still may.
 */
void
rt_tls_session_close (RtTlsSession *session)
{
  gnutls_bye (session->session, GNUTLS_SHUT_WR);
}

/**
 * rt_tls_session_get_info:
 * @session: a session whose handshake is done
 *
 * Returns: what was negotiated
 */
RtTlsInfo
rt_tls_session_get_info (RtTlsSession *session)
{
  gnutls_datum_t alpn;

  if (session->alpn == NULL && gnutls_alpn_get_selected_protocol (session->session, &alpn) == 0)
    {
      g_autofree char *text = g_strndup ((const char *)alpn.data, alpn.size);

      session->alpn = g_utf8_make_valid (text, -1);
    }
  return (RtTlsInfo){
    .version
    = gnutls_protocol_get_version (session->session) == GNUTLS_TLS1_3 ? "TLS 1.3" : "TLS 1.2",
    .cipher = gnutls_cipher_get_name (gnutls_cipher_get (session->session)),
    .alpn = session->alpn,
    .server_name = session->server_name,
    .trusted = session->trusted,
  };
}

/**
 * rt_tls_session_take_decision:
 * @session: a session
 *
 * Returns: (nullable) (transfer full): what a client made of the certificate, once it has seen it
 */
RtDecision *
rt_tls_session_take_decision (RtTlsSession *session)
{
  return g_steal_pointer (&session->decision);
}
