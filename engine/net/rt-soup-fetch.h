/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One exchange of libsoup's with any server, written down as far as libsoup tells of it. */
#pragma once

#include "rt-log.h"
#include "rt-message.h"
#include "rt-url.h"

G_BEGIN_DECLS

/** RT_SOUP_FETCH_MAX: bytes of content that are kept; what comes after is missing. */
#define RT_SOUP_FETCH_MAX (64 * 1024 * 1024)

/**
 * RtSoupFetch:
 * @url: http or https
 * @request: of the plain client; Host is made of @url
 * @authorities: (nullable): PEM file: who vouches for servers, instead of those that this machine
 *   trusts
 * @insecure: take whatever certificate is shown
 * @timeout: from a byte to the next one; 0: as long as it takes
 *
 * What to ask.
 */
typedef struct
{
  const RtUrl *url;
  RtMessage *request;
  const char *authorities;
  gboolean insecure;
  RtTime timeout;
} RtSoupFetch;

gboolean rt_soup_fetch (RtLog *log, const RtSoupFetch *fetch, GError **error);

G_END_DECLS
