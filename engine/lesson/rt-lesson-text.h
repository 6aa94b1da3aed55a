/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A lesson's text as the window shows it: pages of blocks, blocks of inline runs. Plain values
 * made from CommonMark; nothing here is markup. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * RtInlineFlags:
 *
 * How a run of text is set.
 */
typedef enum
{
  RT_INLINE_EMPHASIS = 1 << 0,
  RT_INLINE_STRONG = 1 << 1,
  RT_INLINE_CODE = 1 << 2,
} RtInlineFlags;

/**
 * RtLinkKind:
 * @RT_LINK_NONE: plain text
 * @RT_LINK_WEB: target: an `https:` address
 * @RT_LINK_RFC: target: `9110#13.1.1`, or the anchor of a living standard: `fetch#cors-check`; see
 *   rt_reference_address(). Title: `RFC 9110 §13.1.1`
 * @RT_LINK_TERM: target: an entry of the glossary. Title: its sentence
 * @RT_LINK_LESSON: target: another lesson's name
 */
typedef enum
{
  RT_LINK_NONE,
  RT_LINK_WEB,
  RT_LINK_RFC,
  RT_LINK_TERM,
  RT_LINK_LESSON,
} RtLinkKind;

/**
 * RtInline:
 * @text: UTF-8, never empty; a hard line break is `\n`
 * @target, @title: (nullable): see #RtLinkKind
 *
 * A run of text that is set in one way.
 */
typedef struct
{
  char *text;
  RtInlineFlags flags;
  RtLinkKind link;
  char *target, *title;
} RtInline;

/**
 * RtBlockKind:
 * @RT_BLOCK_HEADING: inlines, level (2 stands in #RtLessonPage.title alone)
 * @RT_BLOCK_PARAGRAPH: inlines
 * @RT_BLOCK_LIST: children are %RT_BLOCK_ITEM; level: the first number, 0: bulleted
 * @RT_BLOCK_ITEM: children
 * @RT_BLOCK_QUOTE: children
 * @RT_BLOCK_CODE: text, language
 * @RT_BLOCK_RULE: a line across
 * @RT_BLOCK_ORIGIN: text: the YAML as written; party: whose settings
 * @RT_BLOCK_STEP: step: a message that is sent, or the clock moved; text: as written
 * @RT_BLOCK_CAPTURE: text: its lines
 * @RT_BLOCK_CHECK: text: its lines. A teacher wants to see them, a learner may
 * @RT_BLOCK_RUN: another run of the scenario begins; scenario
 * @RT_BLOCK_PREDICT: prediction: a card stands here
 * @RT_BLOCK_NOTE: note: an author's note on bytes; inlines: its text
 * @RT_BLOCK_HINT: inlines; shown one at a time, on demand
 * @RT_BLOCK_CHALLENGE: challenge: its pane is opened from here; inlines: the task
 */
typedef enum
{
  RT_BLOCK_HEADING,
  RT_BLOCK_PARAGRAPH,
  RT_BLOCK_LIST,
  RT_BLOCK_ITEM,
  RT_BLOCK_QUOTE,
  RT_BLOCK_CODE,
  RT_BLOCK_RULE,
  RT_BLOCK_ORIGIN,
  RT_BLOCK_STEP,
  RT_BLOCK_CAPTURE,
  RT_BLOCK_CHECK,
  RT_BLOCK_RUN,
  RT_BLOCK_PREDICT,
  RT_BLOCK_NOTE,
  RT_BLOCK_HINT,
  RT_BLOCK_CHALLENGE,
} RtBlockKind;

/**
 * RtBlock:
 * @line: where it starts in the lesson's file
 * @inlines: (nullable) (element-type RtInline)
 * @children: (nullable) (element-type RtBlock)
 * @run: index of the run (#RtLesson.runs) that the lesson is in at this place: what the timeline
 *   shows while this block is read
 * @step, @scenario, @prediction, @challenge, @note: (nullable): borrowed from the lesson
 *
 * One block. Which members count depends on the kind.
 */
typedef struct
{
  RtBlockKind kind;
  guint line, level, run;
  char *text, *language, *party;
  GPtrArray *inlines, *children;
  const struct _RtStep *step;
  const struct _RtScenario *scenario;
  const struct _RtPrediction *prediction;
  const struct _RtChallenge *challenge;
  const struct _RtAuthorNote *note;
} RtBlock;

/**
 * RtLessonPage:
 * @title: the text of its `##` heading; the first page, before any, has the lesson's title
 * @blocks: (element-type RtBlock)
 *
 * What is read in one go.
 */
typedef struct
{
  char *title;
  guint line;
  GPtrArray *blocks;
} RtLessonPage;

RtInline *rt_inline_new (const char *text, RtInlineFlags flags);
void rt_inline_free (RtInline *run);
char *rt_inlines_dup_text (GPtrArray *inlines);

RtBlock *rt_block_new (RtBlockKind kind, guint line);
void rt_block_free (RtBlock *block);

RtLessonPage *rt_lesson_page_new (const char *title, guint line);
void rt_lesson_page_free (RtLessonPage *page);

char *rt_reference_label (const char *reference);
char *rt_reference_address (const char *reference);

G_END_DECLS
