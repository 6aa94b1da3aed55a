/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A command line of curl as a request: what browsers, documentation and rt-curl.h give to copy. */
#pragma once

#include "rt-fields.h"

G_BEGIN_DECLS

/**
 * RtCurlRequest:
 * @url: with a scheme; its query has the data of `--get`
 * @method: of the request
 * @target: (nullable): the request target, if it is another than the URL's
 * @fields: as `-H` and its like have them; without those that curl adds to every request
 * @content: (nullable): of the request
 * @timeout: (nullable): how long to wait, `10s`
 * @ways: (array zero-terminated=1): `HOST:PORT:ADDRESS:PORT`: where hosts are
 * @insecure: whatever certificate is taken
 * @follow: redirections are followed
 *
 * What curl is told to send.
 */
typedef struct
{
  char *url, *method, *target;
  RtFields *fields;
  GBytes *content;
  char *timeout;
  char **ways;
  gboolean insecure, follow;
} RtCurlRequest;

RtCurlRequest *rt_curl_parse (const char *command, GError **error);
void rt_curl_request_free (RtCurlRequest *request);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RtCurlRequest, rt_curl_request_free)

G_END_DECLS
