/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * JSON read a token at a time, in memory that does not grow with the document. For big files of
 * other programs; a small document that is at hand is walked by rt-json-value.h. */
#pragma once

#include "rt-text.h"

G_BEGIN_DECLS

/** RT_JSON_READER_DEPTH_MAX: deeper nesting is refused. */
#define RT_JSON_READER_DEPTH_MAX 256
/** RT_JSON_READER_TOKEN_MAX: bytes of the longest string that is read. */
#define RT_JSON_READER_TOKEN_MAX (128 * 1024 * 1024)

/**
 * RtJsonTokenKind:
 * @RT_JSON_TOKEN_MORE: all that was fed is read; feed more or rt_json_reader_end()
 * @RT_JSON_TOKEN_KEY: the name of a member; its value follows
 * @RT_JSON_TOKEN_WORD: `true`, `false`, `null`, or what some programs write for want of a number:
 *   `NaN`, `Infinity`, `undefined`
 * @RT_JSON_TOKEN_DONE: the document is whole
 * @RT_JSON_TOKEN_ERROR: it cannot be read on; the text says why, and it is all that comes
 */
typedef enum
{
  RT_JSON_TOKEN_MORE,
  RT_JSON_TOKEN_OBJECT,
  RT_JSON_TOKEN_OBJECT_END,
  RT_JSON_TOKEN_ARRAY,
  RT_JSON_TOKEN_ARRAY_END,
  RT_JSON_TOKEN_KEY,
  RT_JSON_TOKEN_STRING,
  RT_JSON_TOKEN_NUMBER,
  RT_JSON_TOKEN_WORD,
  RT_JSON_TOKEN_DONE,
  RT_JSON_TOKEN_ERROR,
} RtJsonTokenKind;

/**
 * RtJsonToken:
 * @text: a key or string without its quotes, escapes and all; a number, a word, an error's message
 *   as it stands. Borrowed until the next call on the reader
 * @odd: (nullable): what is wrong here although it can be understood. Static
 * @offset: of the token in the document
 * @line, @column: from 1
 */
typedef struct
{
  RtJsonTokenKind kind;
  RtText text;
  const char *odd;
  guint64 offset;
  guint line, column;
} RtJsonToken;

typedef struct _RtJsonReader RtJsonReader;

RtJsonReader *rt_json_reader_new (void);
void rt_json_reader_free (RtJsonReader *reader);
guint8 *rt_json_reader_get_room (RtJsonReader *reader, gsize size);
void rt_json_reader_add (RtJsonReader *reader, gsize size);
void rt_json_reader_feed (RtJsonReader *reader, RtText bytes);
void rt_json_reader_end (RtJsonReader *reader);
void rt_json_reader_next (RtJsonReader *reader, RtJsonToken *ret_token);
guint rt_json_reader_get_depth (const RtJsonReader *reader);
guint64 rt_json_reader_get_offset (const RtJsonReader *reader);

gboolean rt_json_unescape (RtText text, GByteArray *out);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RtJsonReader, rt_json_reader_free)

G_END_DECLS
