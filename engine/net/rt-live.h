/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The live driver: the same parties on real sockets, so that any program can take a party's place.
 */
#pragma once

#include "rt-driver.h"
#include "rt-link.h"
#include "rt-log.h"

G_BEGIN_DECLS

/** RT_LIVE_BACKLOG: connections that may wait to be accepted. */
#define RT_LIVE_BACKLOG 1024
/** RT_LIVE_LINGER: how long an end that has closed waits for a program at the other end that says
 * nothing and does not close. Servers have shorter deadlines of their own. */
#define RT_LIVE_LINGER (60 * RT_TIME_SEC)

/**
 * RtLiveClock:
 * @RT_LIVE_CLOCK_REAL: UTC as it is; programs that are not ours take part
 * @RT_LIVE_CLOCK_JUMPS: the scenario's own: it stands still while sockets have something to do and
 *   jumps to the next deadline when none has; only our own parties take part
 */
typedef enum
{
  RT_LIVE_CLOCK_REAL,
  RT_LIVE_CLOCK_JUMPS,
} RtLiveClock;

typedef struct _RtLive RtLive;

RtLive *rt_live_new (RtLog *log, RtLiveClock clock, RtTime start, GError **error);
void rt_live_free (RtLive *live);

void
rt_live_map (RtLive *live, const char *host, guint16 port, const char *address, guint16 real_port);
RtPartyId rt_live_add_program (RtLive *live, const char *name, const char *kind);
void rt_live_map_program (RtLive *live,
                          RtPartyId program,
                          const char *host,
                          guint16 port,
                          const char *address,
                          guint16 real_port);
void rt_live_set_link (RtLive *live, RtPartyId a, RtPartyId b, const RtLink *link);
void rt_live_allow_outside (RtLive *live, gboolean allow);
guint16 rt_live_get_port (RtLive *live, const char *host, guint16 port);
char *rt_live_dup_authority_pem (RtLive *live);
gboolean rt_live_trust (RtLive *live, const char *pem, GError **error);
void rt_live_seal_every (RtLive *live, RtTime every);
guint rt_live_get_n_unfinished (RtLive *live);
guint rt_live_get_n_connections (RtLive *live);
void rt_live_stop (RtLive *live);

void rt_live_on_round (RtLive *live, void (*called) (gpointer data), gpointer data);
gboolean
rt_live_watch (RtLive *live, int fd, void (*ready) (gpointer data), gpointer data, GError **error);
void rt_live_unwatch (RtLive *live, int fd);

/* For parties whose connections are made by another library. */
GMainContext *rt_live_get_context (RtLive *live);
void rt_live_tell (RtLive *live, RtPartyId party, const RtInput *input);
void rt_live_claim_address (RtLive *live, const char *address, RtPartyId party);
void rt_live_claim_port (RtLive *live, guint16 port, guint64 cause);
const char *rt_live_find_opener (RtLive *live, guint16 port, guint64 *ret_sent);

/** rt_live_driver: an #RtLive as #RtDriverClass has it. */
extern const RtDriverClass rt_live_driver;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RtLive, rt_live_free)

G_END_DECLS
