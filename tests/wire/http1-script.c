/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Events of an HTTP/1.x reader as a script:
 *
 *   HEAD POST /a 1.1 length 5 | CONTENT 5 | END | !bare-lf[\n] | CLOSED
 *
 * Runs of content are joined, because they follow the cuts of the feeding and mean nothing. On the
 * way each span is held against the bytes it names: a span that is wrong ends the program. */
#include "http1-script.h"

#include <sys/mman.h>
#include <unistd.h>

#define BUFFER 7
#define ORIGIN 1000
#define SHOWN 24

typedef struct
{
  RtText input;
  GString *out;
  RtHttp1EventKind last;
  guint64 run;
  guint64 content;
} Script;

/* The bytes that @span names. */
static RtText
bytes_of (Script *script, RtSpan span)
{
  if (rt_span_is_none (span))
    return RT_TEXT ("");
  g_assert_cmpuint (span.buffer, ==, BUFFER);
  g_assert_cmpuint (span.offset, >=, ORIGIN);
  g_assert_cmpuint (rt_span_end (span) - ORIGIN, <=, script->input.length);
  return rt_text_sub (script->input, span.offset - ORIGIN, span.length);
}

/* Where a value was folded, its line breaks read as spaces. */
static gboolean
is_same_but_folds (RtText a, RtText b)
{
  if (a.length != b.length)
    return FALSE;
  for (gsize i = 0; i < a.length; i++)
    if (a.at[i] != b.at[i] && !(a.at[i] == ' ' && (b.at[i] == '\r' || b.at[i] == '\n')))
      return FALSE;
  return TRUE;
}

static void
check_fields (Script *script, RtFields *fields)
{
  for (guint i = 0; i < rt_fields_get_length (fields); i++)
    {
      const RtField *field = rt_fields_get (fields, i);

      g_assert_true (rt_text_equal (field->name, bytes_of (script, field->name_span)));
      g_assert_true (is_same_but_folds (field->value, bytes_of (script, field->value_span)));
      g_assert_true (rt_span_contains (field->line, field->name_span));
      g_assert_true (rt_span_contains (field->line, field->value_span));
      bytes_of (script, field->line);
    }
}

static void
check_message (Script *script, RtMessage *message)
{
  g_assert_true (rt_text_equal (message->method, bytes_of (script, message->method_span)));
  g_assert_true (rt_text_equal (message->target, bytes_of (script, message->target_span)));
  g_assert_true (rt_text_equal (message->reason, bytes_of (script, message->reason_span)));
  bytes_of (script, message->version_span);
  bytes_of (script, message->status_span);
  bytes_of (script, message->start_line);
  bytes_of (script, message->head);
  check_fields (script, message->fields);
  if (message->trailers != NULL)
    check_fields (script, message->trailers);
}

static void
assert_same_text (RtText a, RtText b)
{
  g_assert_true (rt_text_equal (a, b));
}

static void
assert_same_span (RtSpan a, RtSpan b)
{
  g_assert_cmpuint (a.buffer, ==, b.buffer);
  g_assert_cmpuint (a.offset, ==, b.offset);
  g_assert_cmpuint (a.length, ==, b.length);
}

static void
assert_same_fields (RtFields *a, RtFields *b)
{
  g_assert_cmpuint (rt_fields_get_length (a), ==, rt_fields_get_length (b));
  for (guint i = 0; i < rt_fields_get_length (a); i++)
    {
      const RtField *left = rt_fields_get (a, i);
      const RtField *right = rt_fields_get (b, i);

      assert_same_text (left->name, right->name);
      assert_same_text (left->value, right->value);
      assert_same_span (left->line, right->line);
      assert_same_span (left->name_span, right->name_span);
      assert_same_span (left->value_span, right->value_span);
    }
}

/* What rt_http1_read_plain() reads is what the reader has read; it may leave a head to it. */
static void
check_plain (Script *script, const RtMessage *message)
{
  RtText text = bytes_of (script, message->head);
  g_autoptr (GBytes) head = g_bytes_new (text.at, text.length);
  g_autoptr (RtMessage) plain = rt_http1_read_plain (message->kind, head, message->head);

  if (plain == NULL)
    return;
  g_assert_cmpint (plain->version, ==, message->version);
  g_assert_cmpuint (plain->status, ==, message->status);
  assert_same_text (plain->method, message->method);
  assert_same_text (plain->target, message->target);
  assert_same_text (plain->reason, message->reason);
  assert_same_span (plain->method_span, message->method_span);
  assert_same_span (plain->target_span, message->target_span);
  assert_same_span (plain->reason_span, message->reason_span);
  assert_same_span (plain->version_span, message->version_span);
  assert_same_span (plain->status_span, message->status_span);
  assert_same_span (plain->start_line, message->start_line);
  assert_same_span (plain->head, message->head);
  assert_same_fields (plain->fields, message->fields);
}

static void
append_escaped (GString *out, RtText text)
{
  g_autofree char *escaped
      = rt_text_escape (rt_text_sub (text, 0, MIN (text.length, (gsize)SHOWN)));

  g_string_append (out, escaped);
  if (text.length > SHOWN)
    g_string_append (out, "…");
}

static void
append_head (Script *script, RtMessage *message)
{
  static const char *const framings[] = { "", "", " chunked", " close", " tunnel", " invalid" };
  GString *out = script->out;

  if (message->kind == RT_MESSAGE_RESPONSE)
    g_string_append_printf (out, " %u", message->status);
  else
    {
      g_string_append_c (out, ' ');
      append_escaped (out, message->method);
      g_string_append_c (out, ' ');
      append_escaped (out, message->target);
    }
  g_string_append_printf (out, " %s", rt_version_name (message->version) + strlen ("HTTP/"));
  if (message->framing == RT_FRAMING_LENGTH)
    g_string_append_printf (out, " length %" G_GUINT64_FORMAT, message->content_length);
  g_string_append (out, framings[message->framing]);
}

static void
append_finding (Script *script, const char *mark, const RtFinding *finding)
{
  g_string_append_printf (script->out, "%s%s", mark, finding->kind->clause.id + strlen ("http1."));
  if (rt_span_is_none (finding->span))
    return;
  g_string_append_c (script->out, '[');
  append_escaped (script->out, bytes_of (script, finding->span));
  g_string_append_c (script->out, ']');
}

static void
end_run (Script *script)
{
  if (script->run > 0)
    g_string_append_printf (script->out, " %" G_GUINT64_FORMAT, script->run);
  script->run = 0;
}

/* CONTENT and TUNNEL: the run is counted, its bytes are compared. */
static void
take_run (Script *script, const RtHttp1Event *event)
{
  gsize length;
  const char *data = g_bytes_get_data (event->bytes, &length);

  g_assert_cmpuint (length, >, 0);
  g_assert_true (rt_text_equal ((RtText){ data, length }, bytes_of (script, event->span)));
  if (event->kind == RT_HTTP1_CONTENT)
    {
      g_assert_cmpuint (event->number, ==, script->content);
      script->content += length;
    }
  if (event->kind != script->last)
    g_string_append (script->out, event->kind == RT_HTTP1_CONTENT ? " | CONTENT" : " | TUNNEL");
  script->run += length;
}

static void
append_trailers (Script *script, RtMessage *message)
{
  for (guint i = 0; i < rt_fields_get_length (message->trailers); i++)
    {
      g_string_append_c (script->out, ' ');
      append_escaped (script->out, rt_fields_get (message->trailers, i)->name);
    }
}

static void
append_event (Script *script, const RtHttp1Event *event)
{
  static const char *const names[] = {
    [RT_HTTP1_HEAD] = "HEAD", [RT_HTTP1_CHUNK] = "CHUNK",   [RT_HTTP1_TRAILERS] = "TRAILERS",
    [RT_HTTP1_END] = "END",   [RT_HTTP1_CLOSED] = "CLOSED", [RT_HTTP1_INCOMPLETE] = "INCOMPLETE",
  };
  GString *out = script->out;

  g_string_append (out, " | ");
  bytes_of (script, event->span);
  if (event->kind == RT_HTTP1_FINDING || event->kind == RT_HTTP1_ERROR)
    append_finding (script, event->kind == RT_HTTP1_ERROR ? "ERROR " : "!", &event->finding);
  else
    g_string_append (out, names[event->kind]);
  if (event->kind == RT_HTTP1_HEAD)
    {
      script->content = 0;
      check_plain (script, event->message);
      append_head (script, event->message);
    }
  else if (event->kind == RT_HTTP1_CHUNK)
    {
      g_string_append_printf (out, " %" G_GUINT64_FORMAT, event->number);
      if (event->extension.length > 0)
        append_escaped (out, bytes_of (script, event->extension));
      g_assert_true (rt_span_is_none (event->extension)
                     || rt_span_contains (event->span, event->extension));
    }
  else if (event->kind == RT_HTTP1_TRAILERS)
    append_trailers (script, event->message);
  else if (event->kind == RT_HTTP1_END)
    g_string_append_printf (out, " %u", event->span.length);
}

static void
drain (Script *script, RtHttp1Reader *reader)
{
  for (;;)
    {
      RtHttp1Event event = rt_http1_reader_next (reader);

      if (event.kind == RT_HTTP1_NEED_MORE)
        return;
      if (event.message != NULL)
        check_message (script, event.message);
      if (event.kind != script->last)
        end_run (script);
      if (event.kind == RT_HTTP1_CONTENT || event.kind == RT_HTTP1_TUNNEL)
        take_run (script, &event);
      else
        append_event (script, &event);
      script->last = event.kind;
    }
}

static void
feed (Script *script, RtHttp1Reader *reader, const char *data, gsize at, gsize length)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static (data, length);

  rt_http1_reader_feed (reader, bytes, (RtSpan){ ORIGIN + at, (guint32)length, BUFFER });
  drain (script, reader);
}

/* Bytes that end where the process may not read. */
typedef struct
{
  char *pages;
  gsize size;
  char *data;
} Guarded;

static Guarded
guard (RtText input)
{
  gsize page = (gsize)sysconf (_SC_PAGESIZE);
  gsize size = (input.length / page + 2) * page;
  char *pages = mmap (NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  char *data;

  g_assert_true (pages != MAP_FAILED);
  data = pages + size - page - input.length;
  if (input.length > 0)
    memcpy (data, input.at, input.length);
  g_assert_cmpint (mprotect (pages + size - page, page, PROT_NONE), ==, 0);
  return (Guarded){ pages, size, data };
}

static void
feed_all (Script *script, RtHttp1Reader *reader, const Http1Read *read, const char *data)
{
  gsize length = script->input.length;

  if (read->feeding == HTTP1_BYTEWISE)
    for (gsize i = 0; i < length; i++)
      {
        g_autoptr (GBytes) byte = g_bytes_new (data + i, 1);

        rt_http1_reader_feed (reader, byte, (RtSpan){ ORIGIN + i, 1, BUFFER });
        drain (script, reader);
      }
  else if (read->feeding == HTTP1_HALVES)
    {
      feed (script, reader, data, 0, read->cut);
      feed (script, reader, data + read->cut, read->cut, length - read->cut);
    }
  else
    feed (script, reader, data, 0, length);
  rt_http1_reader_end (reader);
  drain (script, reader);
}

/**
 * http1_script:
 * @read: how to read
 * @input: all bytes of one direction of a connection
 *
 * Returns: (transfer full): what the reader says of them
 */
char *
http1_script (const Http1Read *read, RtText input)
{
  Script script = { .input = input, .out = g_string_new (NULL) };
  RtHttp1Reader *reader = rt_http1_reader_new (read->kind, read->mode, read->limits);
  g_auto (GStrv) asked = g_strsplit (read->asked != NULL ? read->asked : "", ",", -1);
  Guarded guarded = guard (input);

  for (guint i = 0; asked[i] != NULL; i++)
    rt_http1_reader_expect (reader, rt_text (asked[i]));
  feed_all (&script, reader, read, guarded.data);
  end_run (&script);
  rt_http1_reader_free (reader);
  munmap (guarded.pages, guarded.size);
  if (script.out->len > 0)
    g_string_erase (script.out, 0, 3);
  return g_string_free (script.out, FALSE);
}
