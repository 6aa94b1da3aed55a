/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What gateway and proxy have in common, and what their files share. */
#pragma once

#include "rt-pool.h"
#include "rt-proxy.h"

G_BEGIN_DECLS

typedef struct _RtErrand RtErrand;

struct _RtGateway
{
  RtGatewaySettings settings;
  char *name;
  RtEndpoint *upstreams;
  char **hosts;  /* theirs */
  char **routes; /* the hosts of target URIs that they are for: (nullable) each */
  guint turn;    /* the next request's upstream */
  RtServer *server;
  RtPool *pool;
  RtCache *cache;         /* nullable */
  GHashTable *exchanges;  /* the pool's number → RtErrand */
  GHashTable *leaders;    /* URI → RtErrand that others wait for */
  GHashTable *bodies;     /* RtCacheBody that grows → RtErrand */
  GHashTable *errands;    /* all of them */
  RtErrand *sending;      /* nullable: whose request is being given to the pool */
  struct _RtProxy *proxy; /* nullable: it is a proxy */
};

/**
 * RtErrand:
 * @request: (nullable): whom the answer is for; %NULL: the cache alone, or a client that is gone
 * @message: the request
 * @authority: of its target URI; @target: its path and query, or `*`
 * @uri: (nullable): the target URI, normalised; %NULL without a cache
 * @passage: (nullable): its way through the cache
 * @exchange: (nullable): the pool's number, while one is under way
 * @response: (nullable): the head that came
 * @held: (nullable): what is held back of its content until that is whole
 * @replay: (element-type GBytes): content that was sent, while it can still be sent again
 * @replayable: that is all of it
 * @streams: the request's content is handed on as it comes
 * @complete: all of it was read
 * @begun: its answer has begun
 * @take: what becomes of @response
 * @reached: (of the present attempt) something was sent
 * @reused: over a connection that was kept open
 * @renew: the next attempt takes a new connection; @move_on: it goes to the next server
 * @unsent: bytes written to the client that may not have left
 * @paused: the server is not read meanwhile, @was_paused: since its deadline was set;
 * @client_paused: nor the client
 * @followers: (element-type RtErrand): those that get the same content as it is stored
 * @following: (nullable): whom it follows itself
 * @waiters: (element-type RtErrand): those that wait for what is stored
 * @waits_for: (nullable): whom it waits for itself
 * @body: (nullable): what is stored of its response while that is handed on
 * @waited: it has waited once, and does not again; @collapsed: and that is over
 * @tunnel: (nullable): the connection to the other end, where it is a tunnel; @tunnel_up: it is
 *   there
 *
 * One request's way through the gateway.
 */
struct _RtErrand
{
  RtGateway *gateway;
  RtServerRequest *request;
  RtMessage *message;
  char *authority, *target, *uri;
  RtCachePassage *passage;
  guint64 exchange;
  RtEndpoint to;
  char *host;
  guint upstream, attempts;
  RtMessage *response;
  GByteArray *held;
  GQueue replay;
  gsize replay_size;
  RtTime patience; /* when the deadline was set last */
  RtCacheTake take;
  gsize unsent, client_unsent;
  GPtrArray *followers, *waiters;
  RtErrand *following, *waits_for;
  RtCacheBody *body;
  RtConnection tunnel;
  gboolean replayable, streams, complete, begun;
  gboolean reached, reused, paused, client_paused, waited, collapsed, tunnel_up;
  gboolean renew, move_on, was_paused;
};

RtGateway *rt_gateway_new_over (const RtGatewaySettings *settings, struct _RtProxy *proxy);

/* Errands. */
RtErrand *rt_errand_new (RtGateway *gateway, RtServerRequest *request);
void rt_errand_set_uri (RtErrand *errand, const char *scheme);
void rt_errand_free (RtErrand *errand, RtTime now, RtEffects *out);
void rt_errand_drop (RtErrand *errand);
void rt_errand_start (RtErrand *errand, RtTime now, RtEffects *out);
void rt_errand_content (RtErrand *errand, GBytes *bytes, RtTime now, RtEffects *out);
void rt_errand_complete (RtErrand *errand, RtTime now, RtEffects *out);
void rt_errand_balance (RtErrand *errand, RtEffects *out);
void rt_errand_writable (RtErrand *errand, RtEffects *out);
void rt_errand_gone (RtErrand *errand, RtTime now, RtEffects *out);
void rt_errand_late (RtErrand *errand, RtTime now, RtEffects *out);
void rt_errand_refuse (
    RtErrand *errand, guint status, const char *kind, const char *why, RtTime now, RtEffects *out);
void rt_errand_answer (
    RtErrand *errand, RtMessage *response, GBytes *content, RtTime now, RtEffects *out);
void rt_errand_give (RtErrand *errand, RtTime now, RtEffects *out);
void rt_errand_forward (RtErrand *errand, RtTime now, RtEffects *out);
void rt_errand_finish (RtErrand *errand, gboolean whole, RtTime now, RtEffects *out);
guint rt_errand_count_upstreams (RtErrand *errand);
void rt_errand_drop_exchange (RtErrand *errand, gboolean cancel, RtEffects *out);
void rt_errand_be_patient (RtErrand *errand, RtTime now, RtEffects *out);
gboolean rt_errand_is_wanted (RtErrand *errand);
extern const RtPoolHandler rt_errand_pool_handler;

/* Who gets the same answer. */
gboolean rt_errand_waits (RtErrand *errand);
void rt_errand_lead (RtErrand *errand);
void rt_errand_release (RtErrand *errand, RtTime now, RtEffects *out);
void rt_errand_follow (RtErrand *errand, RtCacheBody *body);
void rt_errand_be_followed (RtErrand *errand, RtCacheBody *body);
void rt_errand_hand_on (RtErrand *errand, GBytes *bytes, RtTime now, RtEffects *out);
void rt_errand_end_followers (RtErrand *errand, gboolean whole, RtTime now, RtEffects *out);
void rt_errand_part (RtErrand *errand);

/* Fields. */
RtFields *rt_gateway_request_fields (RtErrand *errand, RtMessage *message);
RtFields *rt_gateway_response_fields (RtMessage *response);
RtFields *rt_gateway_trailers (RtFields *trailers);
void rt_gateway_add_via (RtGateway *gateway, RtVersion version, RtFields *fields);
char *rt_gateway_uri (const char *scheme, const char *authority, RtText path_and_query);
gboolean rt_gateway_is_looping (RtGateway *gateway, RtMessage *request);
void rt_gateway_add_cache_status (RtErrand *errand, RtFields *fields, RtTime now);

/* The proxy's part. */
gboolean rt_proxy_admit (RtErrand *errand, RtTime now, RtEffects *out);
gboolean rt_proxy_input (RtGateway *gateway, const RtInput *input, RtEffects *out);
void rt_proxy_tunnel (RtErrand *errand, GBytes *bytes, RtTime now, RtEffects *out);
void rt_proxy_writable (RtErrand *errand, RtTime now, RtEffects *out);
void rt_proxy_gone (RtErrand *errand, RtTime now, RtEffects *out);
void rt_proxy_free (struct _RtProxy *proxy);

G_END_DECLS
