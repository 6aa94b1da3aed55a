/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the files that read HARs share. For this folder.
 *
 * rt-har-source.c finds the bytes, rt-har-reader.c their tokens, rt-har-entry.c reads entries out
 * of them as they stand, rt-har-rebuild.c makes messages of an entry, rt-har-import.c brings them
 * into order. */
#pragma once

#include "rt-har.h"
#include "rt-json-reader.h"

G_BEGIN_DECLS

/** RT_HAR_UNKNOWN: a number that is absent, or -1, which means the same in a HAR. */
#define RT_HAR_UNKNOWN G_GINT64_CONSTANT (-1)

/** RtHarText: a string of an entry, a slice of its @text. */
typedef struct
{
  guint32 at, length;
  gboolean set;
} RtHarText;

typedef struct
{
  RtHarText name, value;
} RtHarPair;

typedef struct
{
  RtHarText type, data;
  gint64 time; /* microseconds since 1970 */
  gint64 opcode;
} RtHarFrame;

/** RtHarInterim: a 1xx response; its fields are @n of the entry's @interim_fields from @first on */
typedef struct
{
  RtHarText version, status_text;
  GArray *fields;
  gint64 status, time;
  guint first, n;
} RtHarInterim;

/** RtHarPage: (nullable): @run: what our own export says of a run */
typedef struct
{
  char *id, *run;
  RtTime started;
} RtHarPage;

/** RT_HAR_RUNS_MAX: pages that become runs of their own. */
#define RT_HAR_RUNS_MAX 256

/**
 * RtHarMessage:
 * @body: the string `text` of `content` or `postData`; counts if @has_body
 * @size: of the content, codings undone; @body_size: as it crossed
 * @comment: of the content
 */
typedef struct
{
  RtHarText version, encoding, mime_type, comment;
  GArray *headers;  /* RtHarPair */
  GArray *params;   /* RtHarPair */
  GArray *trailers; /* RtHarPair */
  GByteArray *body;
  gboolean has_body;
  gint64 size, body_size, transfer_size;
} RtHarMessage;

typedef enum
{
  RT_HAR_BLOCKED,
  RT_HAR_DNS,
  RT_HAR_CONNECT,
  RT_HAR_SSL,
  RT_HAR_SEND,
  RT_HAR_WAIT,
  RT_HAR_RECEIVE,
  RT_HAR_N_TIMINGS,
} RtHarTiming;

extern const char *const rt_har_timing_names[RT_HAR_N_TIMINGS];

/**
 * RtHarEntry:
 * @number: from 1
 * @line, @column: where it begins
 * @text: the bytes of all its strings but the bodies
 * @started, @timings: microseconds
 * @has_response: there is an object `response`
 */
typedef struct
{
  guint number, line, column;
  GByteArray *text;
  RtTime started;
  gint64 time, timings[RT_HAR_N_TIMINGS], status;
  RtHarText started_text, method, url, target, status_text, error, server_address, connection, page,
      comment, from_cache, resource_type, client, server;
  RtHarMessage request, response;
  gboolean has_request, has_response;
  GArray *frames;         /* RtHarFrame */
  GArray *interim;        /* RtHarInterim */
  GArray *interim_fields; /* RtHarPair */
} RtHarEntry;

static inline RtText
rt_har_text (const RtHarEntry *entry, RtHarText text)
{
  return (RtText){ (const char *)entry->text->data + text.at, text.length };
}

/* rt-har-source.c */
int rt_har_open (const char *path, GError **error);
gboolean rt_har_scan (int fd, RtTime *ret_first, gboolean *ret_sorted, guint64 *ret_size);
gboolean rt_har_parse_time (RtText text, RtTime *ret_time);

/** RT_HAR_PATH_MAX: objects within objects that are named in messages. */
#define RT_HAR_PATH_MAX 8

typedef struct _RtHarReader RtHarReader;

/** RtHarWhere: how far the reader is. */
typedef enum
{
  RT_HAR_NOWHERE, /* before the entries */
  RT_HAR_IN_ENTRIES,
  RT_HAR_ONE_ENTRY, /* the next value is an entry; nothing follows */
  RT_HAR_OVER,
} RtHarWhere;

struct _RtHarReader
{
  int fd;
  guint64 offset; /* of the next byte to be read from the file */
  guint64 origin; /* offset in the file of what the JSON reader was given first */
  guint first_line;
  RtJsonReader *json;
  RtImport *import;
  gboolean quiet;
  GArray *pages; /* RtHarPage: those that are runs */
  RtHarWhere where;
  RtHarEntry entry;
  guint64 start;
  const char *path[RT_HAR_PATH_MAX];
  guint depth;
  RtJsonToken token;
  char *error;
};

/* rt-har-reader.c */
RtHarReader *rt_har_reader_new (int fd, RtImport *import);
void rt_har_reader_free (RtHarReader *reader);
void rt_har_reader_set_quiet (RtHarReader *reader, gboolean quiet);
void rt_har_reader_seek (RtHarReader *reader, guint64 offset, guint line, guint number);
guint64 rt_har_reader_get_offset (const RtHarReader *reader);
guint64 rt_har_reader_get_start (const RtHarReader *reader);
const char *rt_har_reader_get_error (const RtHarReader *reader);
gboolean rt_har_reader_advance (RtHarReader *reader);
void rt_har_reader_stop (RtHarReader *reader, const char *message);
void rt_har_reader_warn (RtHarReader *reader, const char *format, ...) G_GNUC_PRINTF (2, 3);

/* rt-har-entry.c */
RtHarEntry *rt_har_reader_next (RtHarReader *reader);
GArray *rt_har_reader_get_pages (RtHarReader *reader); /* RtHarPage */

/* rt-har-import.c */
gboolean
rt_har_read (RtImport *import, int fd, const char *path, const RtHarPage *page, GError **error);

/* rt-har-rebuild.c */
typedef struct _RtHarRebuilder RtHarRebuilder;

RtHarRebuilder *rt_har_rebuilder_new (RtImport *import, RtHarReader *reader);
void rt_har_rebuilder_free (RtHarRebuilder *rebuilder);
void rt_har_rebuilder_add (RtHarRebuilder *rebuilder, const RtHarEntry *entry);

/* rt-har-message.c */
GBytes *
rt_har_dup_request_head (RtHarReader *reader, const RtHarEntry *entry, RtText host, RtText target);
GBytes *rt_har_dup_response_head (RtHarReader *reader, const RtHarEntry *entry);
GBytes *rt_har_dup_request_content (RtHarReader *reader,
                                    const RtHarEntry *entry,
                                    guint64 *ret_missing,
                                    char **ret_why);
GBytes *rt_har_dup_response_content (RtHarReader *reader,
                                     const RtHarEntry *entry,
                                     guint64 *ret_missing,
                                     char **ret_why);
GBytes *
rt_har_dup_interim_head (RtHarReader *reader, const RtHarEntry *entry, const RtHarInterim *interim);
char *rt_har_dup_trailers (const RtHarEntry *entry, const RtHarMessage *message);
gboolean rt_har_version_is (const RtHarEntry *entry, const RtHarMessage *message, const char *name);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RtHarReader, rt_har_reader_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RtHarRebuilder, rt_har_rebuilder_free)

G_END_DECLS
