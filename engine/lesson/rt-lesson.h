/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A lesson, read from its Markdown file: what it says, what it runs, what it asks. The form is
 * described in lessons/AUTHORING.md. Immutable once it is read; runs nothing by itself. */
#pragma once

#include "rt-lesson-text.h"
#include "rt-expression.h"
#include "rt-link.h"
#include "rt-time.h"

G_BEGIN_DECLS

/** RT_LESSON_MAX_BYTES: a longer file is no lesson. */
#define RT_LESSON_MAX_BYTES (1024 * 1024)

/**
 * RtCast:
 * @kind: `client`, `origin`, …
 *
 * A party of the lesson. A server's name is the host that it answers for.
 */
typedef struct
{
  char *name, *kind;
  guint line;
} RtCast;

/**
 * RtLessonFault:
 * @from: (nullable): whose segments are counted; the number in @fault is not set
 */
typedef struct
{
  RtFault fault;
  char *from;
} RtLessonFault;

/**
 * RtLessonLink:
 * @a, @b: (nullable): between which parties; %NULL: between all that have no link of their own
 * @link: … without its faults
 * @faults: (element-type RtLessonFault)
 */
typedef struct
{
  char *a, *b;
  RtLink link;
  GPtrArray *faults;
  guint line;
} RtLessonLink;

/**
 * RtPartySettings:
 * @party: whose
 * @text: the YAML as written
 * @settings: (nullable): what the party's kind understands. An origin: `a(ssa{sv})`, of each
 * resource its path, kind and settings; a client: `a(us)`, status → reaction
 * @named: (nullable): `a{sv}`: the settings that are no mapping of their own: a gateway's, …
 * @limits: (nullable): a server's `a{sv}`: what it puts up with
 * @tls: (nullable): a server's `a{sv}`: what it shows to those who connect with TLS
 * @upstreams: (nullable) (array zero-terminated=1): a gateway's: the servers behind it, with
 *   `https://` before those that it reaches over TLS
 * @ports: (nullable) (element-type guint16): a proxy's: what CONNECT may reach
 * @line: of the first line of @text
 */
typedef struct
{
  char *party, *text;
  GVariant *settings, *named, *limits, *tls;
  char **upstreams;
  GArray *ports;
  guint line;
} RtPartySettings;

/**
 * RtStepKind:
 * @RT_STEP_SEND: a client sends a message
 * @RT_STEP_BYTES: a byte client sends bytes, in pieces
 * @RT_STEP_OPEN: a browser's user opens a document
 * @RT_STEP_FETCH: a script of the page that a browser shows calls fetch()
 * @RT_STEP_TELL: a client or browser closes its connections; a browser is restarted or cleared
 * @RT_STEP_CLOCK: the clock is moved by hand
 * @RT_STEP_CAPTURE: a value is given a name
 * @RT_STEP_CHECK: something has to be so
 */
typedef enum
{
  RT_STEP_SEND,
  RT_STEP_BYTES,
  RT_STEP_OPEN,
  RT_STEP_FETCH,
  RT_STEP_TELL,
  RT_STEP_CLOCK,
  RT_STEP_CAPTURE,
  RT_STEP_CHECK,
} RtStepKind;

/**
 * RtStep:
 * @number: of the step in the log's %RT_EVENT_STEP, from 1 in each run; 0: leaves no event
 * @title: in words: `ann → api.shop.test: GET /doc/1`
 * @name: (nullable): SEND: given with `as`
 * @from, @to: the parties; @to: (nullable): SEND, BYTES
 * @page: (nullable): OPEN, FETCH: URL of the page with the link or the script
 * @mode, @credentials, @cache, @redirect: FETCH: as #RtBrowserTask has them
 * @tell: TELL: an #RtBrowserTaskKind
 * @message: SEND: the literal message with LF line breaks; BYTES: the block; may hold `{{name}}`
 * @piece: BYTES: how many go out at a time; 0: all up to the next pause
 * @every: BYTES: how long it is from one piece to the next
 * @answers: BYTES: how many responses are waited for; 0: until the server closes
 * @end: BYTES: an #RtByteEnd
 * @times, @parallel: as its block says: how often it is taken, and whether side by side. Each time
 *   is a step
 * @message_line: SEND: the line its first line stands on
 * @over: (nullable): SEND, BYTES: the name of the connection it is sent over, which is nobody
 * else's
 * @secure: SEND, BYTES: … with TLS
 * @fresh: SEND: it is sent over a new connection
 * @timeout: SEND, BYTES: how long the client waits for the whole answer; 0: as long as it takes
 * @waits: SEND: begins when the step before has ended
 * @delay: SEND: how long it waits: after the end of the step before (@waits) or after its start;
 *   CLOCK: by how much
 * @expression: CAPTURE, CHECK: what is looked at
 * @capture: CAPTURE: the name it is given
 *
 * One thing a run does, in order.
 */
typedef struct _RtStep
{
  RtStepKind kind;
  guint number, line;
  char *title, *name;
  char *from, *to, *message;
  guint message_line;
  char *over;
  gboolean secure, fresh;
  RtTime timeout, every;
  guint piece, answers, end, times;
  gboolean parallel;
  char *page;
  guint mode, credentials, cache, redirect, tell;
  gboolean waits;
  RtTime delay;
  RtExpression *expression;
  char *capture;
} RtStep;

/**
 * RtProbeKind:
 * @RT_PROBE_NONE: a run of the lesson
 * @RT_PROBE_SYMPTOM: fails while the challenge's symptom is there
 * @RT_PROBE_GOOD: the good path; it must go on working
 */
typedef enum
{
  RT_PROBE_NONE,
  RT_PROBE_SYMPTOM,
  RT_PROBE_GOOD,
} RtProbeKind;

/**
 * RtVariable:
 * @values: (array zero-terminated=1): its value in each variation
 */
typedef struct
{
  char *name;
  char **values;
} RtVariable;

/**
 * RtScenario:
 * @name: as the lesson calls it: `without If-Match`; the run before any `run` block is `main`
 * @settings: (element-type RtPartySettings): over those of the lesson
 * @links: (element-type RtLessonLink): over those of the lesson
 * @steps: (element-type RtStep)
 * @n_steps: how many of them are numbered
 * @variables: (element-type RtVariable): what differs between the variations of a probe
 * @n_variations: at least 1
 *
 * What is played on fresh parties, with a log of its own, from the lesson's clock on.
 */
typedef struct _RtScenario
{
  char *name;
  guint index, line;
  RtProbeKind probe;
  GPtrArray *settings;
  GPtrArray *links;
  GPtrArray *steps;
  guint n_steps;
  GPtrArray *variables;
  guint n_variations;
} RtScenario;

/**
 * RtOption:
 * @misconception: (nullable): what a learner thinks who ticks it; wrong options have one
 */
typedef struct
{
  GPtrArray *inlines;
  gboolean right;
  char *misconception;
  guint line;
} RtOption;

/**
 * RtPrediction:
 * @question: (element-type RtInline)
 * @options: (element-type RtOption)
 * @multiple: more than one option is right
 * @run: index of the run that answers it
 * @step: number of the first step that nothing may be seen of before it is answered
 *
 * A question before the fact.
 */
typedef struct _RtPrediction
{
  char *id;
  guint line;
  GPtrArray *question, *options;
  gboolean multiple;
  guint run, step;
} RtPrediction;

/**
 * RtChangeKind:
 * @RT_CHANGE_SETTING: a setting of a resource is set
 * @RT_CHANGE_NAMED: a setting of a party is set
 * @RT_CHANGE_LIMIT: one of a server's limits is set
 * @RT_CHANGE_TLS: one of the settings of a server's TLS is set
 * @RT_CHANGE_REACTION: a client's reaction to a status is set
 * @RT_CHANGE_SET_FIELD: a field of a step's message is set, or added
 * @RT_CHANGE_REMOVE_FIELD: a field of a step's message is left out
 * @RT_CHANGE_SWAP: two steps change places
 */
typedef enum
{
  RT_CHANGE_SETTING,
  RT_CHANGE_NAMED,
  RT_CHANGE_LIMIT,
  RT_CHANGE_TLS,
  RT_CHANGE_REACTION,
  RT_CHANGE_SET_FIELD,
  RT_CHANGE_REMOVE_FIELD,
  RT_CHANGE_SWAP,
} RtChangeKind;

/**
 * RtChange:
 * @party, @path: SETTING; the others of a party without a path
 * @name: of the setting or the field; the status
 * @value: as written
 * @step, @other: numbers of steps; @other: SWAP
 *
 * One change to a run: what makes a branch of it.
 */
typedef struct
{
  RtChangeKind kind;
  guint line;
  char *party, *path, *name, *value;
  guint step, other;
} RtChange;

/**
 * RtMisconception:
 * @feedback: (element-type RtInline)
 * @run: index of the run that shows the counter-example
 * @changes: (element-type RtChange): … once it is changed so; empty: as it is
 * @checks: (element-type RtStep): what is to be seen there
 * @point: number of the exchange to look at, 0: none in particular
 *
 * A wrong belief, and what proves it wrong.
 */
typedef struct
{
  char *id;
  guint line;
  GPtrArray *feedback;
  guint run;
  GPtrArray *changes, *checks;
  guint point;
} RtMisconception;

/**
 * RtChallengeRequest:
 * @party: a byte client
 * @text: what it sends, written as in a block `bytes`
 * @line: of the first line of @text
 *
 * A request that the learner is to change.
 */
typedef struct
{
  char *party, *text;
  guint line;
} RtChallengeRequest;

/**
 * RtChallenge:
 * @task: (element-type RtInline)
 * @starter: the YAML that the learner begins with: party → its settings, the requests among them
 * @starter_line: of its first line
 * @settings: (nullable): … without the requests, as it is written
 * @requests: (element-type RtChallengeRequest): those that are written by themselves
 * @parties: (array zero-terminated=1): whose settings may be changed
 * @probes: (element-type RtScenario)
 * @hints: (element-type GPtrArray): inlines of each hint, in order
 */
typedef struct _RtChallenge
{
  char *title;
  guint line;
  GPtrArray *task;
  char *starter;
  guint starter_line;
  char *settings;
  GPtrArray *requests;
  char **parties;
  GPtrArray *probes;
  GPtrArray *hints;
} RtChallenge;

/**
 * RtAuthorNote:
 * @target: what it hangs on, in the words of the check language: `response 2 field ETag`
 * @run: index of the run
 * @number: from 1 in the lesson
 */
typedef struct _RtAuthorNote
{
  RtExpression *target;
  GPtrArray *inlines;
  guint run, number, line;
} RtAuthorNote;

/**
 * RtLesson:
 * @file: as it was given
 * @name: without number and ending: `lost-update`; @number: 11, or 0
 * @text: the whole file
 * @symptoms, @references: (array zero-terminated=1)
 * @clock: when its runs begin
 * @cast: in the order of the front matter
 * @settings: those before any run
 * @runs, @pages: at least one each
 * @challenge: (nullable)
 *
 * All of it belongs to the lesson.
 */
typedef struct
{
  gint ref_count;
  char *file, *name, *text;
  guint number;
  char *title, *topic, *summary;
  guint level, minutes;
  char **symptoms, **references;
  RtTime clock;
  GPtrArray *cast;           /* RtCast */
  GPtrArray *links;          /* RtLessonLink */
  GPtrArray *settings;       /* RtPartySettings */
  GPtrArray *runs;           /* RtScenario */
  GPtrArray *pages;          /* RtLessonPage */
  GPtrArray *predictions;    /* RtPrediction */
  GPtrArray *misconceptions; /* RtMisconception */
  GPtrArray *notes;          /* RtAuthorNote */
  RtChallenge *challenge;
} RtLesson;

RtLesson *
rt_lesson_new_from_text (const char *file, const char *text, gsize length, GError **error);
gboolean rt_lesson_read_file (const char *path, char **ret_text, gsize *ret_length, GError **error);
RtLesson *rt_lesson_load (const char *path, GError **error);
RtLesson *rt_lesson_ref (RtLesson *lesson);
void rt_lesson_unref (RtLesson *lesson);

const RtCast *rt_lesson_get_cast (const RtLesson *lesson, const char *party);
const RtScenario *rt_lesson_get_run (const RtLesson *lesson, const char *name);
const RtMisconception *rt_lesson_get_misconception (const RtLesson *lesson, const char *id);
const RtPrediction *rt_lesson_get_prediction (const RtLesson *lesson, const char *id);

GPtrArray *rt_lesson_read_answer (
    const RtLesson *lesson, const char *file, const char *text, gsize length, GError **error);

GPtrArray *rt_lesson_read_starter (const RtLesson *lesson, GError **error);

RtChange *rt_change_parse (const RtLesson *lesson, const char *text, GError **error);
void rt_change_free (RtChange *change);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RtLesson, rt_lesson_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RtChange, rt_change_free)

G_END_DECLS
