/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The tokens of a HAR's file, with the place of each for what there is to say of it. */
#include "rt-har-private.h"

#include <errno.h>
#include <unistd.h>

/* How much of the file is read at a time. */
#define PIECE (256 * 1024)

static void
init_message (RtHarMessage *message)
{
  message->headers = g_array_new (FALSE, FALSE, sizeof (RtHarPair));
  message->params = g_array_new (FALSE, FALSE, sizeof (RtHarPair));
  message->trailers = g_array_new (FALSE, FALSE, sizeof (RtHarPair));
  message->body = g_byte_array_new ();
}

static void
clear_message (RtHarMessage *message)
{
  g_array_unref (message->headers);
  g_array_unref (message->params);
  g_array_unref (message->trailers);
  g_byte_array_unref (message->body);
}

static void
clear_page (gpointer data)
{
  RtHarPage *page = data;

  g_free (page->id);
  g_free (page->run);
}

/**
 * rt_har_reader_new:
 * @fd: the file, borrowed
 * @import: told of what is wrong
 */
RtHarReader *
rt_har_reader_new (int fd, RtImport *import)
{
  RtHarReader *reader = g_new0 (RtHarReader, 1);

  reader->fd = fd;
  reader->import = import;
  reader->json = rt_json_reader_new ();
  reader->first_line = 1;
  reader->entry.text = g_byte_array_sized_new (1024); /* never NULL: texts point into it */
  reader->entry.frames = g_array_new (FALSE, FALSE, sizeof (RtHarFrame));
  reader->entry.interim = g_array_new (FALSE, FALSE, sizeof (RtHarInterim));
  reader->entry.interim_fields = g_array_new (FALSE, FALSE, sizeof (RtHarPair));
  reader->pages = g_array_new (FALSE, FALSE, sizeof (RtHarPage));
  g_array_set_clear_func (reader->pages, clear_page);
  init_message (&reader->entry.request);
  init_message (&reader->entry.response);
  return reader;
}

void
rt_har_reader_free (RtHarReader *reader)
{
  rt_json_reader_free (reader->json);
  g_byte_array_unref (reader->entry.text);
  g_array_unref (reader->entry.frames);
  g_array_unref (reader->entry.interim);
  g_array_unref (reader->entry.interim_fields);
  g_array_unref (reader->pages);
  clear_message (&reader->entry.request);
  clear_message (&reader->entry.response);
  g_free (reader->error);
  g_free (reader);
}

/** rt_har_reader_set_quiet: whether what is wrong is kept to itself. */
void
rt_har_reader_set_quiet (RtHarReader *reader, gboolean quiet)
{
  reader->quiet = quiet;
}

/**
 * rt_har_reader_seek:
 * @offset: where an entry begins, which is all that is read next
 * @line: the line it begins in
 * @number: its number less one
 */
void
rt_har_reader_seek (RtHarReader *reader, guint64 offset, guint line, guint number)
{
  rt_json_reader_free (reader->json);
  reader->json = rt_json_reader_new ();
  reader->offset = reader->origin = offset;
  reader->first_line = line;
  reader->entry.number = number;
  reader->where = RT_HAR_ONE_ENTRY;
  g_clear_pointer (&reader->error, g_free);
}

/** rt_har_reader_get_offset: how much of the file was read. */
guint64
rt_har_reader_get_offset (const RtHarReader *reader)
{
  return reader->origin + rt_json_reader_get_offset (reader->json);
}

/** rt_har_reader_get_start: where in the file the last entry begins. */
guint64
rt_har_reader_get_start (const RtHarReader *reader)
{
  return reader->start;
}

/** rt_har_reader_get_error: (nullable): why it cannot be read on, from `line:column` on. */
const char *
rt_har_reader_get_error (const RtHarReader *reader)
{
  return reader->error;
}

static RtPlace
place_of (const RtHarReader *reader)
{
  return (RtPlace){ NULL, reader->token.line + reader->first_line - 1, reader->token.column };
}

/* `entry 3, request.headers: `, or nothing outside of entries. */
static char *
dup_path (const RtHarReader *reader)
{
  GString *path = g_string_new (NULL);

  if (reader->entry.number > 0)
    g_string_append_printf (path, "entry %u", reader->entry.number);
  for (guint i = 0; i < MIN (reader->depth, RT_HAR_PATH_MAX); i++)
    g_string_append_printf (path, "%s%s", i > 0 ? "." : path->len > 0 ? ", " : "", reader->path[i]);
  if (path->len > 0)
    g_string_append (path, ": ");
  return g_string_free (path, FALSE);
}

/**
 * rt_har_reader_warn:
 * @format: what is wrong with the current entry
 */
void
rt_har_reader_warn (RtHarReader *reader, const char *format, ...)
{
  const RtPlace place = place_of (reader);
  g_autofree char *path = NULL;
  g_autofree char *words = NULL;
  va_list arguments;

  if (reader->quiet)
    return;
  path = dup_path (reader);
  va_start (arguments, format);
  words = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  rt_import_warn (reader->import, &place, "%s%s", path, words);
}

/** rt_har_reader_stop: nothing more can be read; @message says why, the place is added. */
void
rt_har_reader_stop (RtHarReader *reader, const char *message)
{
  const RtPlace place = place_of (reader);
  g_autofree char *path = dup_path (reader);

  if (reader->error == NULL)
    reader->error = g_strdup_printf ("%u:%u: %s%s", place.line, place.column, path, message);
  reader->where = RT_HAR_OVER;
}

static void
fill (RtHarReader *reader)
{
  guint8 *room = rt_json_reader_get_room (reader->json, PIECE);
  gssize got;

  do
    got = pread (reader->fd, room, PIECE, (off_t)reader->offset);
  while (got < 0 && errno == EINTR);
  if (got < 0)
    rt_har_reader_stop (reader, g_strerror (errno));
  if (got <= 0)
    {
      rt_json_reader_end (reader->json);
      return;
    }
  rt_json_reader_add (reader->json, (gsize)got);
  reader->offset += (guint64)got;
}

/**
 * rt_har_reader_advance:
 *
 * Reads the next token into @reader->token.
 *
 * Returns: %FALSE: there is none
 */
gboolean
rt_har_reader_advance (RtHarReader *reader)
{
  if (reader->where == RT_HAR_OVER)
    return FALSE;
  for (;;)
    {
      rt_json_reader_next (reader->json, &reader->token);
      if (reader->token.kind != RT_JSON_TOKEN_MORE)
        break;
      fill (reader);
    }
  if (reader->token.odd != NULL)
    rt_har_reader_warn (reader, "%s; it is read all the same", reader->token.odd);
  if (reader->token.kind == RT_JSON_TOKEN_ERROR)
    {
      g_autofree char *message = rt_text_dup (reader->token.text);

      rt_har_reader_stop (reader, message);
    }
  return reader->token.kind != RT_JSON_TOKEN_ERROR && reader->token.kind != RT_JSON_TOKEN_DONE;
}
