/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The byte client.
 *
 * A task's pieces leave one by one, each as long after the one before it as it says. What comes
 * back is read by a reader that puts up with anything, to know when the answers are there; a task
 * that waits for none ends with the connection. Tasks of one named connection follow each other. */
#include "rt-byte-client.h"

#include "rt-error.h"
#include "rt-http1.h"

/* The two deadlines of a connection, told apart by the lowest bit of their number. */
#define DEADLINE_PIECE(id) ((guint64)(id) << 1)
#define DEADLINE_PATIENCE(id) ((guint64)(id) << 1 | 1)

typedef struct
{
  guint64 id;
  RtByteTask task; /* what it points to is borrowed */
} Job;

typedef struct
{
  RtConnection id;
  char *name, *host; /* name: (nullable) */
  guint16 port;
  RtHttp1Reader *reader;
  GQueue jobs; /* Job, the first under way */
  guint n_sent, n_answers, status;
  gboolean up, started, closing, over;
} Line;

struct _RtByteClient
{
  GPtrArray *lines;    /* Line, in the order they were opened */
  RtBytePiece *pieces; /* of its own */
  guint n_pieces;
};

static void
line_free (gpointer data)
{
  Line *line = data;

  g_queue_clear_full (&line->jobs, g_free);
  rt_http1_reader_free (line->reader);
  g_free (line->name);
  g_free (line->host);
  g_free (line);
}

/**
 * rt_byte_client_new:
 *
 * Returns: (transfer full): a client without connections
 */
RtByteClient *
rt_byte_client_new (void)
{
  RtByteClient *client = g_new0 (RtByteClient, 1);

  client->lines = g_ptr_array_new_with_free_func (line_free);
  return client;
}

void
rt_byte_client_free (RtByteClient *client)
{
  g_ptr_array_unref (client->lines);
  rt_byte_pieces_free (client->pieces, client->n_pieces);
  g_free (client);
}

/**
 * rt_byte_client_set_pieces:
 * @client: a client without tasks
 * @pieces: (transfer full) (array length=n): what it sends where a task does not say
 * @n: how many
 */
void
rt_byte_client_set_pieces (RtByteClient *client, RtBytePiece *pieces, guint n)
{
  rt_byte_pieces_free (client->pieces, client->n_pieces);
  client->pieces = pieces;
  client->n_pieces = n;
}

/**
 * rt_byte_pieces_new:
 * @bytes: what to send
 * @piece: bytes a piece; 0: all in one
 * @delay: between two pieces
 * @stop_at: bytes to send at all; 0: all of them
 * @ret_n: (out): how many pieces
 *
 * Returns: (transfer full) (array length=ret_n): @bytes in equal pieces: a dribble
 */
RtBytePiece *
rt_byte_pieces_new (GBytes *bytes, gsize piece, RtTime delay, gsize stop_at, guint *ret_n)
{
  gsize length = g_bytes_get_size (bytes);
  gsize end = stop_at > 0 ? MIN (stop_at, length) : length;
  gsize size = piece > 0 ? piece : MAX (end, 1);
  guint n = (guint)((end + size - 1) / size);
  RtBytePiece *pieces = g_new0 (RtBytePiece, MAX (n, 1));

  for (guint i = 0; i < n; i++)
    {
      pieces[i].bytes = g_bytes_new_from_bytes (bytes, i * size, MIN (size, end - i * size));
      pieces[i].delay = i > 0 ? delay : 0;
    }
  *ret_n = n;
  return pieces;
}

void
rt_byte_pieces_free (RtBytePiece *pieces, guint n)
{
  for (guint i = 0; i < n; i++)
    g_bytes_unref (pieces[i].bytes);
  g_free (pieces);
}

static const RtByteTask *
current_task (Line *line)
{
  const Job *job = g_queue_peek_head (&line->jobs);

  return job != NULL ? &job->task : NULL;
}

static void
close_line (Line *line, gboolean reset, RtEffects *out)
{
  if (!line->closing || (reset && !line->over))
    rt_effects_close (out, line->id, reset);
  line->closing = TRUE;
  line->over |= reset;
}

/* Requests. */

/* Which of the answers will have no content depends on the methods asked with. */
static void
expect_answers (Line *line, const RtByteTask *task)
{
  g_autoptr (RtHttp1Reader) reader
      = rt_http1_reader_new (RT_MESSAGE_REQUEST, RT_HTTP1_TOLERANT, NULL);
  guint64 offset = 0;
  RtHttp1Event event;

  for (guint i = 0; i < task->n_pieces; i++)
    {
      guint32 length = (guint32)g_bytes_get_size (task->pieces[i].bytes);

      rt_http1_reader_feed (reader, task->pieces[i].bytes, (RtSpan){ offset, length, 1 });
      offset += length;
      while ((event = rt_http1_reader_next (reader)).kind != RT_HTTP1_NEED_MORE
             && event.kind != RT_HTTP1_ERROR && event.kind != RT_HTTP1_TUNNEL)
        if (event.kind == RT_HTTP1_HEAD)
          rt_http1_reader_expect (line->reader, event.message->method);
    }
}

static void finish_job (Line *line, GError *error, RtEffects *out);

static void
all_sent (Line *line, RtTime now, RtEffects *out)
{
  const RtByteTask *task = current_task (line);

  g_assert (task != NULL);
  if (task->end == RT_BYTE_END_HALF_CLOSE)
    close_line (line, FALSE, out);
  else if (task->end == RT_BYTE_END_CLOSE)
    {
      close_line (line, FALSE, out);
      finish_job (line, NULL, out);
      return;
    }
  if (task->patience > 0)
    rt_effects_deadline (out, DEADLINE_PATIENCE (line->id), now + task->patience, FALSE);
}

/* Sends what is due; the rest when its time comes. A reset waits until the bytes before it have
 * left, because it would take them along. */
static void
send_due (Line *line, RtTime now, RtEffects *out)
{
  const RtByteTask *task = current_task (line);

  g_assert (task != NULL);
  while (line->n_sent < task->n_pieces)
    {
      rt_effects_send (out, line->id, task->pieces[line->n_sent++].bytes);
      if (line->n_sent < task->n_pieces && task->pieces[line->n_sent].delay > 0)
        {
          rt_effects_deadline (out, DEADLINE_PIECE (line->id),
                               now + task->pieces[line->n_sent].delay, FALSE);
          return;
        }
    }
  if (task->end != RT_BYTE_END_RESET || task->n_pieces == 0)
    all_sent (line, now, out);
}

static void
start_job (Line *line, RtTime now, RtEffects *out)
{
  const RtByteTask *task = current_task (line);

  if (task == NULL || !line->up || line->started)
    return;
  line->started = TRUE;
  line->n_sent = line->n_answers = 0;
  expect_answers (line, task);
  if (task->n_pieces > 0 && task->pieces[0].delay > 0)
    rt_effects_deadline (out, DEADLINE_PIECE (line->id), now + task->pieces[0].delay, FALSE);
  else
    send_due (line, now, out);
}

/* @error: (transfer full) (nullable) */
static void
finish_job (Line *line, GError *error, RtEffects *out)
{
  g_autofree Job *job = g_queue_pop_head (&line->jobs);

  rt_effects_deadline (out, DEADLINE_PIECE (line->id), RT_TIME_NEVER, FALSE);
  rt_effects_deadline (out, DEADLINE_PATIENCE (line->id), RT_TIME_NEVER, FALSE);
  line->started = FALSE;
  if (line->name == NULL)
    {
      close_line (line, FALSE, out);
      line->over = TRUE;
    }
  rt_effects_finish (out, job->id, error);
}

/* Answers. */

static gboolean
is_answered (Line *line)
{
  const RtByteTask *task = current_task (line);

  return task != NULL && line->started && task->answers > 0 && line->n_answers >= task->answers;
}

static void
pull (Line *line, RtTime now, RtEffects *out)
{
  RtHttp1Event event;

  while ((event = rt_http1_reader_next (line->reader)).kind != RT_HTTP1_NEED_MORE
         && event.kind != RT_HTTP1_ERROR && event.kind != RT_HTTP1_TUNNEL
         && event.kind != RT_HTTP1_CLOSED && event.kind != RT_HTTP1_INCOMPLETE)
    if (event.kind == RT_HTTP1_HEAD)
      line->status = event.message->status;
    else if (event.kind == RT_HTTP1_END && line->status >= 200)
      line->n_answers++;
  if (is_answered (line))
    {
      finish_job (line, NULL, out);
      start_job (line, now, out);
    }
}

/* The other side has gone: well for who waited for just that. */
static void
lose (Line *line, const char *what, RtEffects *out)
{
  line->over = TRUE;
  while (!g_queue_is_empty (&line->jobs))
    {
      const RtByteTask *task = current_task (line);

      g_assert (task != NULL);
      finish_job (line,
                  task->answers > 0 && line->n_answers < task->answers
                      ? g_error_new (RT_ERROR, RT_ERROR_PEER, "%s after %u of %u answers", what,
                                     line->n_answers, task->answers)
                      : NULL,
                  out);
    }
}

/* Connections. */

static Line *
find_line (RtByteClient *client, RtConnection id)
{
  for (guint i = 0; i < client->lines->len; i++)
    {
      Line *line = g_ptr_array_index (client->lines, i);

      if (line->id == id)
        return line;
    }
  return NULL;
}

static Line *
find_named (RtByteClient *client, const RtByteTask *task)
{
  for (guint i = 0; task->name != NULL && i < client->lines->len; i++)
    {
      Line *line = g_ptr_array_index (client->lines, i);

      if (!line->over && !line->closing && g_strcmp0 (line->name, task->name) == 0
          && line->port == task->to.port && g_ascii_strcasecmp (line->host, task->to.host) == 0)
        return line;
    }
  return NULL;
}

static Line *
open_line (RtByteClient *client, const RtByteTask *task, RtEffects *out)
{
  Line *line = g_new0 (Line, 1);

  line->name = g_strdup (task->name);
  line->host = g_strdup (task->to.host);
  line->port = task->to.port;
  line->reader = rt_http1_reader_new (RT_MESSAGE_RESPONSE, RT_HTTP1_TOLERANT, NULL);
  line->id = rt_effects_connect (out, &task->to);
  g_ptr_array_add (client->lines, line);
  return line;
}

static void
begin (RtByteClient *client, const RtInput *input, RtEffects *out)
{
  const RtByteTask *task = input->info;
  Line *line = find_named (client, task);
  Job *job = g_new (Job, 1);

  *job = (Job){ input->id, *task };
  if (task->n_pieces == 0)
    {
      job->task.pieces = client->pieces;
      job->task.n_pieces = client->n_pieces;
    }
  if (line == NULL)
    line = open_line (client, task, out);
  g_queue_push_tail (&line->jobs, job);
  start_job (line, input->now, out);
}

static void
fall_due (RtByteClient *client, const RtInput *input, RtEffects *out)
{
  Line *line = find_line (client, (RtConnection)(input->id >> 1));

  if (line == NULL || !line->started)
    return;
  if ((input->id & 1) == 0)
    send_due (line, input->now, out);
  else
    {
      finish_job (line,
                  g_error_new (RT_ERROR, RT_ERROR_PEER,
                               "nothing more came in time, after %u answers", line->n_answers),
                  out);
      start_job (line, input->now, out);
    }
}

static void
sent (Line *line, RtEffects *out)
{
  const RtByteTask *task = current_task (line);

  if (task == NULL || !line->started || task->end != RT_BYTE_END_RESET
      || line->n_sent < task->n_pieces)
    return;
  close_line (line, TRUE, out);
  finish_job (line, NULL, out);
}

static void
take_input (Line *line, const RtInput *input, RtEffects *out)
{
  const GError *error = input->info;

  switch (input->kind)
    {
    case RT_INPUT_CONNECTED:
      line->up = TRUE;
      start_job (line, input->now, out);
      break;
    case RT_INPUT_FAILED:
      line->closing = line->over = TRUE;
      while (!g_queue_is_empty (&line->jobs))
        finish_job (line, g_error_copy (error), out);
      break;
    case RT_INPUT_BYTES:
      rt_http1_reader_feed (line->reader, input->bytes, input->span);
      pull (line, input->now, out);
      break;
    case RT_INPUT_WRITABLE:
      sent (line, out);
      break;
    case RT_INPUT_EOF:
      rt_http1_reader_end (line->reader);
      pull (line, input->now, out);
      close_line (line, FALSE, out);
      lose (line, "the connection was closed", out);
      break;
    case RT_INPUT_RESET:
      line->closing = TRUE;
      lose (line, "the connection was cut off", out);
      break;
    default:
      break;
    }
}

static void
forget_lines (RtByteClient *client)
{
  for (guint i = client->lines->len; i > 0; i--)
    if (((Line *)g_ptr_array_index (client->lines, i - 1))->over)
      g_ptr_array_remove_index (client->lines, i - 1);
}

static void
input_byte_client (gpointer self, const RtInput *input, RtEffects *out)
{
  RtByteClient *client = self;
  Line *line = input->connection != 0 ? find_line (client, input->connection) : NULL;

  if (input->kind == RT_INPUT_TASK)
    begin (client, input, out);
  else if (input->kind == RT_INPUT_DEADLINE)
    fall_due (client, input, out);
  else if (line != NULL)
    take_input (line, input, out);
  forget_lines (client);
}

static void
free_byte_client (gpointer self)
{
  rt_byte_client_free (self);
}

const RtPartyClass rt_byte_client_class = { "byte-client", input_byte_client, free_byte_client };
