/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the timeline shows, before anybody knows where: parties, messages, connections, notes,
 * states. Made from an analysis or by hand; knows nothing of pixels. */
#pragma once

#include "rt-analysis.h"

G_BEGIN_DECLS

/** RT_TIMELINE_MAX_STRIPS: states beyond that many are not drawn. */
#define RT_TIMELINE_MAX_STRIPS 16

/** RT_TIMELINE_NONE: an index that points nowhere. */
#define RT_TIMELINE_NONE G_MAXUINT

/**
 * RtTimelineKind:
 * @RT_TIMELINE_ERROR: somebody was wronged by it; not a class of status codes
 * @RT_TIMELINE_CACHE: answered from a store
 *
 * What a message is drawn as.
 */
typedef enum
{
  RT_TIMELINE_REQUEST,
  RT_TIMELINE_RESPONSE,
  RT_TIMELINE_ERROR,
  RT_TIMELINE_CACHE,
  RT_TIMELINE_PREFLIGHT,
  RT_N_TIMELINE_KINDS,
} RtTimelineKind;

/**
 * RtTimelineBadge:
 * @RT_TIMELINE_SHIELD: it protected somebody
 *
 * The second cue beside the colour.
 */
typedef enum
{
  RT_TIMELINE_NO_BADGE,
  RT_TIMELINE_SHIELD,
  RT_TIMELINE_WARNING,
  RT_TIMELINE_PROBLEM,
  RT_TIMELINE_BOLT,
} RtTimelineBadge;

/**
 * RtTimelineParty:
 * @role: one line under the name
 * @site: what it folds under when there are too many: `shop.test` of `api.shop.test`
 * @opens: it opens connections
 */
typedef struct
{
  RtPartyId id;
  const char *name, *role, *kind, *site;
  gboolean opens;
  guint n_messages;
} RtTimelineParty;

/**
 * RtTimelineMessage:
 * @from, @to: indices of parties
 * @rail: index of the connection, or %RT_TIMELINE_NONE
 * @head: the header section's share of the bytes, 0 to 1
 * @code: method or status code: is never shortened
 * @text: target or reason phrase
 * @meta: (nullable): the telling field
 * @reused: it goes over a connection that carried an exchange before
 * @complete: all of it was seen
 */
typedef struct
{
  guint from, to, rail, exchange;
  RtTimelineKind kind;
  RtTimelineBadge badge;
  RtTime sent_first, sent_last, received_first, received_last;
  double head;
  const char *code, *text, *meta;
  gboolean request, reused, retry, buffered, cut, complete;
} RtTimelineMessage;

/** RtTimelineRail: a connection. @closed: %RT_TIME_UNKNOWN while it is open; @before: it was opened
 * before all that is shown */
typedef struct
{
  RtConnection id;
  guint from, to;
  RtTime opened, closed;
  RtConnectionEnd end;
  gboolean secure, before;
} RtTimelineRail;

/** RtTimelineSegment: a handshake or closing segment, or bytes that were lost. @name: (nullable) */
typedef struct
{
  guint rail, from, to;
  RtTime sent, received;
  const char *name;
  gboolean lost;
} RtTimelineSegment;

/** RtTimelineLayer: whose note it is. */
typedef enum
{
  RT_TIMELINE_LAYER_ENGINE,
  RT_TIMELINE_LAYER_AUTHOR,
  RT_TIMELINE_LAYER_OWN,
  RT_N_TIMELINE_LAYERS,
} RtTimelineLayer;

/**
 * RtTimelineCard:
 * @layer: each is numbered by itself
 * @number: the number that stands in timeline, inspector and card
 * @message: index of the message it is about, or %RT_TIMELINE_NONE
 * @span: the bytes it hangs on, or none
 * @mark: the number as it is shown: `3`, an author's `A1`, one's own `N1`
 */
typedef struct
{
  RtTimelineLayer layer;
  guint number, party, message, exchange;
  guint64 event;
  RtSpan span;
  RtTime time;
  RtSeverity severity;
  const char *mark, *title, *text, *reference;
} RtTimelineCard;

/**
 * RtTimelineNote:
 * @exchange: id of the exchange it is about; only needed where there is no @span
 * @span: the bytes it hangs on, or none: all of the exchange
 * @title: (nullable)
 *
 * A note that somebody wrote: the lesson's author or the learner.
 */
typedef struct
{
  RtTimelineLayer layer;
  guint number, exchange;
  RtSpan span;
  char *title, *text;
} RtTimelineNote;

/**
 * RtTimelineExtras:
 * @notes: (nullable) (element-type RtTimelineNote)
 * @hidden_layers: a bit for each #RtTimelineLayer that is not shown
 * @part: what is analysed is a part of a run, from @from on: connections that were opened before
 *   begin there
 *
 * What a model shows beyond the analysis.
 */
typedef struct
{
  GPtrArray *notes;
  guint hidden_layers;
  gboolean part;
  RtTime from;
} RtTimelineExtras;

/**
 * RtTimelineDecision:
 * @to: where the message would have gone, or %RT_TIMELINE_NONE
 * @acted: %FALSE: a non-event, drawn dashed
 * @own_store: a look-up in the party's own store, drawn on its sub-lane
 * @text: the verdict in words
 */
typedef struct
{
  guint party, to;
  RtTime time;
  gboolean acted, own_store;
  const char *text;
} RtTimelineDecision;

/** RtTimelineStrip: something a party keeps, over time: changes [@first, @first + @n). */
typedef struct
{
  guint party, first, n;
  const char *label;
} RtTimelineStrip;

/**
 * RtTimelineChange:
 * @drains: when it runs out, or %RT_TIME_UNKNOWN
 * @pool: it counts slots; @share: … how many of them are taken, 0 to 1
 * @text: (nullable): gone
 */
typedef struct
{
  RtTime time, drains;
  double share;
  gboolean pool;
  const char *text;
} RtTimelineChange;

/**
 * RtTimelineBeat:
 * @time: when it begins; @length: how long it is
 * @counts: of messages that began meanwhile between two parties, by #RtTimelineKind
 *
 * What is known of a time whose messages are not told one by one.
 */
typedef struct
{
  RtTime time, length;
  guint from, to;
  guint counts[RT_N_TIMELINE_KINDS];
} RtTimelineBeat;

/**
 * RtTimelineModel:
 * @messages: (element-type RtTimelineMessage): in the order their first bytes were sent
 * @beats: (element-type RtTimelineBeat): where there are any, it is an overview and has no messages
 * @start, @end: the time that is shown
 * @awaited: the next event is masked: one pill of one width says so
 * @awaited_from, @awaited_to: where, as far as that can be known
 *
 * All arrays are in order of time. Strings live as long as the model. Once it is sealed, any thread
 * may read it.
 */
typedef struct
{
  gint ref_count;
  GArray *parties, *messages, *rails, *segments, *cards, *decisions, *strips, *changes, *beats;
  RtTime start, end;
  gboolean awaited;
  guint awaited_from, awaited_to;
  GStringChunk *strings;
} RtTimelineModel;

RtTimelineModel *rt_timeline_model_new (void);
RtTimelineModel *rt_timeline_model_new_from_analysis (RtAnalysis *analysis, gboolean masked);
RtTimelineModel *rt_timeline_model_new_with_extras (RtAnalysis *analysis,
                                                    const RtTimelineExtras *extras,
                                                    gboolean masked);
RtTimelineModel *rt_timeline_model_ref (const RtTimelineModel *model);
void rt_timeline_model_unref (RtTimelineModel *model);

RtTimelineNote *rt_timeline_note_new (RtTimelineLayer layer,
                                      guint number,
                                      guint exchange,
                                      RtSpan span,
                                      const char *title,
                                      const char *text);
void rt_timeline_note_free (RtTimelineNote *note);
char *rt_timeline_layer_dup_mark (RtTimelineLayer layer, guint number);

const char *rt_timeline_model_string (RtTimelineModel *model, const char *string);
guint rt_timeline_model_add_party (RtTimelineModel *model,
                                   RtPartyId id,
                                   const char *name,
                                   const char *kind);
void rt_timeline_model_seal (RtTimelineModel *model);

const RtTimelineParty *rt_timeline_model_get_party (const RtTimelineModel *model, guint i);
const RtTimelineMessage *rt_timeline_model_get_message (const RtTimelineModel *model, guint i);
guint rt_timeline_model_find (const RtTimelineModel *model, guint exchange, gboolean request);
char *rt_timeline_model_describe (const RtTimelineModel *model, guint i);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RtTimelineModel, rt_timeline_model_unref)

G_END_DECLS
