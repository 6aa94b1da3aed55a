/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a server will make of bytes that somebody writes.
 *
 * The tolerant reader says what is wrong with them. It cannot say what was meant: that a number is
 * too small is no violation, the rest of the content just begins another request (RFC 9112 §6.3).
 * Here it is known where lines were meant to end, so here it is said. */
#include "rt-byte-report.h"

#include "rt-error.h"
#include "rt-http1.h"

/** MAX_REMARKS: of a text; more would be noise. */
#define MAX_REMARKS 50

/* A text being looked at. */
typedef struct
{
  RtByteReport *report;
  GArray *lines; /* gsize: where each begins */
  gsize length;
  RtMessage *message; /* (nullable): the one that is being read, or was read last */
  guint64 content;    /* bytes of its content so far */
  gboolean ended;     /* it is whole */
} Looking;

static void
remark_free (gpointer data)
{
  RtByteRemark *remark = data;

  g_free (remark->text);
  g_free (remark);
}

static void
take_remark (
    RtByteReport *report, guint line, RtSeverity severity, char *text, const char *reference)
{
  RtByteRemark *remark;

  if (report->remarks->len >= MAX_REMARKS)
    {
      g_free (text);
      return;
    }
  remark = g_new (RtByteRemark, 1);
  *remark = (RtByteRemark){ line, severity, text, reference };
  g_ptr_array_add (report->remarks, remark);
}

/* The line that the byte at @offset stands in, from 1. */
static guint
line_at (const Looking *looking, guint64 offset)
{
  guint line = 1;

  while (line < looking->lines->len && g_array_index (looking->lines, gsize, line) <= offset)
    line++;
  return line;
}

/* … whose end is also the next one's beginning. */
static guint
last_line (const Looking *looking)
{
  return MAX (looking->lines->len, 1);
}

static gboolean
begins_line (const Looking *looking, guint64 offset)
{
  for (guint i = 0; i < looking->lines->len; i++)
    if (g_array_index (looking->lines, gsize, i) == offset)
      return TRUE;
  return FALSE;
}

/* The line with the field that frames the message. */
static guint
line_of_length (const Looking *looking)
{
  const RtField *field = rt_fields_first (looking->message->fields, "Content-Length");

  return field != NULL ? line_at (looking, field->line.offset) : last_line (looking);
}

static void
tell_spare (Looking *looking, guint64 end)
{
  guint line = line_at (looking, end);
  guint64 next
      = line < looking->lines->len ? g_array_index (looking->lines, gsize, line) : looking->length;

  if (end >= looking->length || begins_line (looking, end))
    return;
  take_remark (looking->report, line, RT_SEVERITY_WARNING,
               g_strdup_printf ("the content ends within this line, by Content-Length: its last "
                                "%" G_GUINT64_FORMAT " %s the next request",
                                next - end, next - end == 1 ? "byte begins" : "bytes begin"),
               "RFC 9112 §6.3");
}

/* An empty line ends the header section; where there is none, the reader gives what there was. */
static gboolean
has_whole_head (const Looking *looking)
{
  const char *data = g_bytes_get_data (looking->report->bytes, NULL);
  guint64 end = rt_span_end (looking->message->head);

  if (end == 0 || data[--end] != '\n')
    return FALSE;
  if (end > 0 && data[end - 1] == '\r')
    end--;
  return end > looking->message->head.offset && data[end - 1] == '\n';
}

static void
tell_incomplete (Looking *looking)
{
  const RtMessage *message = looking->message;

  if (message == NULL || looking->ended || !has_whole_head (looking))
    take_remark (looking->report, last_line (looking), RT_SEVERITY_WARNING,
                 g_strdup ("the empty line that ends the header section is missing: a server "
                           "waits for more"),
                 "RFC 9112 §2.1");
  else if (message->framing == RT_FRAMING_LENGTH)
    take_remark (looking->report, line_of_length (looking), RT_SEVERITY_WARNING,
                 g_strdup_printf ("Content-Length promises %" G_GUINT64_FORMAT
                                  " bytes, here are %" G_GUINT64_FORMAT
                                  ": a server waits for the rest",
                                  message->content_length, looking->content),
                 "RFC 9112 §6.3");
  else
    take_remark (looking->report, last_line (looking), RT_SEVERITY_WARNING,
                 g_strdup ("the last chunk and the empty line after it are missing: a server "
                           "waits for more"),
                 "RFC 9112 §7.1");
}

/* Content that nothing announced is taken for the next request. */
static void
tell_unannounced (Looking *looking, const RtMessage *next)
{
  const RtMessage *before = looking->message;

  if (before == NULL || before->framing != RT_FRAMING_NONE
      || (next->version != RT_VERSION_UNKNOWN && next->version != RT_VERSION_0_9))
    return;
  take_remark (looking->report, line_at (looking, next->start_line.offset), RT_SEVERITY_WARNING,
               g_strdup ("this begins another request: without Content-Length or "
                         "Transfer-Encoding the one above has no content"),
               "RFC 9112 §6.3");
}

static void
take_event (Looking *looking, const RtHttp1Event *event)
{
  const RtFindingKind *kind = event->finding.kind;

  switch (event->kind)
    {
    case RT_HTTP1_HEAD:
      tell_unannounced (looking, event->message);
      g_clear_pointer (&looking->message, rt_message_unref);
      looking->message = rt_message_ref (event->message);
      looking->content = 0;
      looking->ended = FALSE;
      looking->report->n_requests++;
      break;
    case RT_HTTP1_CONTENT:
      looking->content += event->span.length;
      break;
    case RT_HTTP1_FINDING:
      take_remark (looking->report, line_at (looking, event->finding.span.offset), kind->severity,
                   g_strdup_printf ("not kept: %s", kind->clause.title), kind->clause.reference);
      break;
    case RT_HTTP1_END:
      looking->ended = TRUE;
      tell_spare (looking, rt_span_end (event->span));
      break;
    case RT_HTTP1_INCOMPLETE:
      if (looking->message == NULL || looking->ended)
        looking->report->n_requests++;
      tell_incomplete (looking);
      looking->report->complete = FALSE;
      break;
    default:
      break;
    }
}

static int
compare_lines (gconstpointer a, gconstpointer b)
{
  const RtByteRemark *left = *(const RtByteRemark *const *)a;
  const RtByteRemark *right = *(const RtByteRemark *const *)b;

  return left->line < right->line ? -1 : left->line > right->line;
}

static void
look (Looking *looking)
{
  RtByteReport *report = looking->report;
  g_autoptr (RtHttp1Reader) reader
      = rt_http1_reader_new (RT_MESSAGE_REQUEST, RT_HTTP1_TOLERANT, NULL);
  RtHttp1Event event;

  report->complete = TRUE;
  rt_http1_reader_feed (reader, report->bytes, (RtSpan){ 0, (guint32)looking->length, 1 });
  rt_http1_reader_end (reader);
  do
    {
      event = rt_http1_reader_next (reader);
      take_event (looking, &event);
    }
  while (event.kind != RT_HTTP1_INCOMPLETE && event.kind != RT_HTTP1_CLOSED
         && event.kind != RT_HTTP1_ERROR && event.kind != RT_HTTP1_TUNNEL
         && event.kind != RT_HTTP1_NEED_MORE);
  report->complete = report->complete && report->n_requests > 0;
  g_clear_pointer (&looking->message, rt_message_unref);
}

/**
 * rt_byte_report_new:
 * @text: bytes, written as in a block `bytes`
 * @rest: (nullable): bytes that follow those of @text, too many to be written down
 *
 * Returns: (transfer full): what they come to
 */
RtByteReport *
rt_byte_report_new (const char *text, GBytes *rest)
{
  RtByteReport *report = g_new0 (RtByteReport, 1);
  g_autoptr (GArray) lines = g_array_new (FALSE, FALSE, sizeof (gsize));
  g_autoptr (GError) error = NULL;
  const RtPlace place = { NULL, 1, 0 };
  GByteArray *bytes = rt_byte_text_flatten (text, &place, lines, &error);
  Looking looking = { .report = report, .lines = lines };

  report->remarks = g_ptr_array_new_with_free_func (remark_free);
  if (bytes == NULL)
    {
      take_remark (report, MAX (lines->len, 1), RT_SEVERITY_PROBLEM, g_strdup (error->message),
                   NULL);
      return report;
    }
  if (rest != NULL)
    g_byte_array_append (bytes, g_bytes_get_data (rest, NULL), (guint)g_bytes_get_size (rest));
  looking.length = bytes->len;
  report->bytes = g_byte_array_free_to_bytes (bytes);
  look (&looking);
  g_ptr_array_sort (report->remarks, compare_lines);
  return report;
}

void
rt_byte_report_free (RtByteReport *report)
{
  g_clear_pointer (&report->bytes, g_bytes_unref);
  g_ptr_array_unref (report->remarks);
  g_free (report);
}

/**
 * rt_byte_report_get_severity:
 * @line: from 1
 *
 * Returns: of the worst that is said of that line; %RT_SEVERITY_GOOD: nothing is
 */
RtSeverity
rt_byte_report_get_severity (const RtByteReport *report, guint line)
{
  RtSeverity worst = RT_SEVERITY_GOOD;

  for (guint i = 0; i < report->remarks->len; i++)
    {
      const RtByteRemark *remark = report->remarks->pdata[i];

      if (remark->line == line)
        worst = MAX (worst, remark->severity);
    }
  return worst;
}

/**
 * rt_byte_report_dup_summary:
 * @report: a report
 *
 * Returns: (transfer full): `2 requests, 98 bytes`
 */
char *
rt_byte_report_dup_summary (const RtByteReport *report)
{
  gsize length = report->bytes != NULL ? g_bytes_get_size (report->bytes) : 0;

  if (report->bytes == NULL)
    return g_strdup ("cannot be sent");
  return g_strdup_printf ("%u %s, %" G_GSIZE_FORMAT " %s%s", report->n_requests,
                          report->n_requests == 1 ? "request" : "requests", length,
                          length == 1 ? "byte" : "bytes",
                          report->complete || report->n_requests == 0 ? "" : ", not whole");
}
