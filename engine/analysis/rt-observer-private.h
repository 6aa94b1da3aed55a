/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the files of the observer share.
 *
 * Traffic that was recorded elsewhere comes without decisions: nobody wrote down why. The observer
 * asks the same rules that the parties obey, exchange by exchange as they end, and notes what is
 * worth saying. It keeps for each client what a careful client would have kept: responses, cookies,
 * hosts that want TLS. What it cannot know it takes as the client's favour, so that traffic that is
 * in order is not complained about. */
#pragma once

#include "rt-analysis-private.h"
#include "rt-cache-policy.h"
#include "rt-connection.h"
#include "rt-cookie-jar.h"
#include "rt-hsts.h"
#include "rt-note.h"

G_BEGIN_DECLS

/** RT_OBSERVER_PAGES_MAX: URLs that are remembered of one client; then all are forgotten. */
#define RT_OBSERVER_PAGES_MAX 4096
/** RT_OBSERVER_POLICIES_MAX: responses that are kept of one URL; the oldest goes first. */
#define RT_OBSERVER_POLICIES_MAX 8
/** RT_OBSERVER_CLIENTS_MAX: clients that are followed; a capture of more is one of a network. */
#define RT_OBSERVER_CLIENTS_MAX 256
/** RT_OBSERVER_IDLE_MAX: connections of one client whose end is waited for. */
#define RT_OBSERVER_IDLE_MAX 64
/** RT_OBSERVER_TRAIL_MAX: URLs of one chain of redirections. */
#define RT_OBSERVER_TRAIL_MAX 32
/** RT_OBSERVER_CONTENT_MAX: content is compared up to this many bytes. */
#define RT_OBSERVER_CONTENT_MAX (1 << 20)

/* What is known of one URL. */
typedef struct
{
  GPtrArray *policies;      /* RtCachePolicy */
  RtMessage *asked, *given; /* (nullable): the last GET and its 200 */
  char *content;            /* (nullable): checksum of that, where it has no validator */
  RtMessage *failed;        /* (nullable): the last request that came to nothing */
  RtMessage *failed_response;
  char *failed_content;
} RtSeenPage;

/* A connection that has carried an exchange. */
typedef struct
{
  RtConnection connection;
  char *origin;
  RtTime idle_since;
  RtKeepAlive hint;
} RtSeenConnection;

/* One client as it is followed. */
typedef struct
{
  RtPartyId party;
  GHashTable *pages; /* URL → RtSeenPage; looked up, never walked */
  RtCookieJar *jar;
  RtHsts *hsts;
  GPtrArray *idle;  /* RtSeenConnection */
  guint unused;     /* connections opened while another one would have done */
  GPtrArray *trail; /* URLs of the chain of redirections that goes on */
  char *expected;   /* (nullable): where it leads next */
  gboolean loop_told;
} RtWatch;

struct _RtObserver
{
  guint ref_count;
  RtAnalysis *analysis; /* that the event at hand is fed to */
  RtObserverLookUp look_up;
  gpointer look_up_data;
  GPtrArray *watches; /* RtWatch */
  GArray *ended;      /* guint: ids of exchanges that ended with the event at hand */
};

/* An exchange as it is looked at. */
typedef struct
{
  RtObserver *observer;
  const RtFold *fold;
  const RtExchange *exchange;
  RtWatch *watch;
  RtSeenPage *page;
  RtMessage *request, *response; /* response: NULL: none came */
  RtUrl *url;
  char *uri;       /* @url without its fragment */
  gboolean secure; /* the client spoke TLS, be it with somebody before */
  gboolean loopback;
  RtTime asked, answered;
} RtSight;

/* A thing to say. @id: stable; @symptom: (nullable): of the list of symptoms; @clause: (nullable):
 * the check that says why, where it is not the one that decided; @text, @reference: (nullable):
 * what is said instead of a check; @of_request: where nothing is cited, it is about the request. */
typedef struct
{
  const char *id, *symptom;
  RtSeverity severity;
  const char *title, *clause, *text, *reference;
  gboolean of_request;
} RtSaying;

void rt_sight_say (RtSight *sight, const RtSaying *saying, RtDecision *why);
void rt_sight_say_clause (RtSight *sight, RtDecision *why);
void rt_sight_say_text (
    RtSight *sight, const RtSaying *saying, const char *text, const char *reference, RtSpan span);
const RtConnectionInfo *rt_sight_get_connection (RtSight *sight, RtConnection connection);
char *rt_sight_dup_checksum (RtSight *sight, const RtTransfer *transfer);

/* rt-observer-cache.c */
void rt_observe_cache (RtSight *sight);
void rt_observe_exposure (RtSight *sight);

/* rt-observer-browser.c */
void rt_observe_cors (RtSight *sight);
void rt_observe_cookies (RtSight *sight);
void rt_observe_hsts (RtSight *sight);

/* rt-observer-course.c */
void rt_observe_redirects (RtSight *sight);
void rt_observe_repetition (RtSight *sight);
void rt_observe_update (RtSight *sight);
void rt_observe_connection (RtSight *sight);
void rt_observe_time (RtSight *sight);

/* rt-observer-symptom.c */
void rt_observe_symptoms (RtSight *sight);

G_END_DECLS
