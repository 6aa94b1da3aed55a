/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * See tls-client.h. */
#include "tls-client.h"

#include <gnutls/gnutls.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

struct _TlsClient
{
  gnutls_session_t session;
  gnutls_certificate_credentials_t credentials;
  int fd;
};

static gssize
push_one (gnutls_transport_ptr_t fd, const void *data, gsize length)
{
  return send (GPOINTER_TO_INT (fd), data, MIN (length, 1), MSG_NOSIGNAL);
}

static gssize
push_all (gnutls_transport_ptr_t fd, const void *data, gsize length)
{
  return send (GPOINTER_TO_INT (fd), data, length, MSG_NOSIGNAL);
}

/* @fd: (transfer full). Returns a client whose handshake is done, or NULL. */
TlsClient *
tls_client_new (int fd, const char *host, TlsClientManner manner)
{
  TlsClient *client = g_new0 (TlsClient, 1);
  int on = 1, code;

  client->fd = fd;
  setsockopt (fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  gnutls_init (&client->session, GNUTLS_CLIENT);
  gnutls_certificate_allocate_credentials (&client->credentials);
  gnutls_set_default_priority (client->session);
  gnutls_credentials_set (client->session, GNUTLS_CRD_CERTIFICATE, client->credentials);
  gnutls_server_name_set (client->session, GNUTLS_NAME_DNS, host, strlen (host));
  gnutls_transport_set_int (client->session, fd);
  gnutls_transport_set_push_function (client->session,
                                      manner == TLS_CLIENT_WHOLE ? push_all : push_one);
  do
    code = gnutls_handshake (client->session);
  while (code < 0 && !gnutls_error_is_fatal (code));
  if (code == 0)
    return client;
  tls_client_free (client);
  return NULL;
}

void
tls_client_free (TlsClient *client)
{
  gnutls_deinit (client->session);
  gnutls_certificate_free_credentials (client->credentials);
  close (client->fd);
  g_free (client);
}

gboolean
tls_client_say (TlsClient *client, const void *bytes, gsize length)
{
  return length == 0 || gnutls_record_send (client->session, bytes, length) == (gssize)length;
}

/* All that comes; @ret_end: 0 if it ended as TLS wants it to, or GnuTLS's error. */
char *
tls_client_hear (TlsClient *client, int *ret_end)
{
  GString *text = g_string_new (NULL);
  char part[4096];
  gssize n;

  while ((n = gnutls_record_recv (client->session, part, sizeof part)) > 0
         || (n < 0 && !gnutls_error_is_fatal ((int)n)))
    g_string_append_len (text, part, MAX (n, 0));
  *ret_end = (int)n;
  return g_string_free (text, FALSE);
}
