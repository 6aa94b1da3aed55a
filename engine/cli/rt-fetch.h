/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What `roundtrip fetch` gets, and how it is written down. */
#pragma once

#include "rt-browser.h"
#include "rt-curl-read.h"
#include "rt-live.h"

G_BEGIN_DECLS

/**
 * RtFetched:
 * @type: (nullable): by the Fetch standard; %NULL: no browser asked
 * @url: (nullable): where it came from in the end
 * @status: 0: there is no response, or none that can be read
 * @content: (nullable): of the response
 * @error: (nullable): why there is none
 *
 * A response, or why there is none.
 */
typedef struct
{
  const char *type;
  char *url;
  gboolean redirected, from_cache;
  guint status;
  char *reason;
  RtFields *fields;
  GBytes *content;
  GError *error;
} RtFetched;

void rt_fetched_take (RtFetched *fetched, const RtBrowserResponse *response);
void rt_fetched_clear (RtFetched *fetched);
void rt_fetched_append_json (const RtFetched *fetched, GString *out);
void rt_fetched_print (const RtFetched *fetched, gboolean with_head);

gboolean rt_fetch_read_field (const char *text, RtFields *fields, GError **error);
RtCurlRequest *rt_fetch_read_curl (const char *command, GError **error);
RtUrl *rt_fetch_read_url (const char *text, GError **error);
RtMessage *
rt_fetch_make_request (const char *method, const RtUrl *url, RtFields *fields, GError **error);

int rt_fetch_batch (int input, gboolean insecure, char **ways);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (RtFetched, rt_fetched_clear)

G_END_DECLS
