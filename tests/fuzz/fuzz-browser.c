/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A browser whose servers answer whatever they like. Invariants, whatever happens in whatever
 * order:
 * - a task is answered once and finished once, and none is left when all connections are gone;
 * - nothing is done with a connection after it was cut off or closed;
 * - what goes to a server is requests that can be read in one way only: a strict reader finds no
 *   error in it.
 *
 * The data is a script, a line each, `1` to `9` a connection by its number:
 *
 *   t3  the task of that number in the table          1+  it is up         1!  reset, or it failed
 *   ~   the next deadline falls due, a minute at most  1.  the end of it    1:HTTP/1.1 200 OK|| */
#include <stdint.h>
#include <string.h>

#include "rt-browser.h"
#include "rt-error.h"
#include "rt-http1.h"
#include "rt-tls-settings.h"

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

#define START (1767268800 * RT_TIME_SEC)
#define MOST_LINES 200
#define MOST_CONNECTIONS 9
#define MOST_TASKS 64
#define CONNECTIONS_OF_A_HOST 2

/* clang-format off */
static const RtBrowserTask tasks[] = {
  { .kind = RT_BROWSER_NAVIGATE, .url = "http://a.test/" },
  { .kind = RT_BROWSER_SCRIPT, .url = "/x", .page = "http://a.test/p" },
  { .kind = RT_BROWSER_SCRIPT, .url = "http://b.test/x", .page = "http://a.test/p" },
  { .kind = RT_BROWSER_SCRIPT, .url = "http://b.test/x", .page = "http://a.test/p", .method = "PUT", .credentials = RT_FETCH_CREDENTIALS_INCLUDE },
  { .kind = RT_BROWSER_SCRIPT, .url = "/x", .page = "http://a.test/p", .method = "POST", .redirect = RT_REDIRECT_MODE_MANUAL },
  { .kind = RT_BROWSER_SCRIPT, .url = "http://b.test/x", .page = "http://a.test/p", .mode = RT_FETCH_NO_CORS },
  { .kind = RT_BROWSER_SCRIPT, .url = "/x", .page = "http://a.test/p", .cache = RT_FETCH_CACHE_NO_CACHE, .timeout = 5 * RT_TIME_SEC },
  { .kind = RT_BROWSER_SCRIPT, .url = "/x", .page = "http://a.test/p", .cache = RT_FETCH_CACHE_FORCE },
  { .kind = RT_BROWSER_CLEAR },
  { .kind = RT_BROWSER_NAVIGATE, .url = "https://a.test/" },
};
/* clang-format on */

/* @asked: the browser wants it; @up: it has it; @closed: it has ended its side; @gone: no side */
typedef struct
{
  gboolean asked, up, closed, gone;
  guint64 offset, sent;
  RtHttp1Reader *reader;
} End;

typedef struct
{
  guint n_answers, n_finished;
} Outcome;

typedef struct
{
  RtBrowser *browser;
  RtConnection last;
  RtEffects *effects;
  End ends[MOST_CONNECTIONS + 1];
  RtBrowserTask given[MOST_TASKS];
  Outcome outcomes[MOST_TASKS];
  guint n_given;
  GArray *deadlines; /* of Deadline */
  RtTime now;
} Talk;

typedef struct
{
  guint64 id;
  RtTime at;
} Deadline;

static void
take_answer (gpointer data, const RtBrowserResponse *response)
{
  ((Outcome *)data)->n_answers++;
  g_assert ((response->error != NULL) == (response->type == RT_RESPONSE_ERROR));
}

static void
read_sent (End *end, GBytes *bytes)
{
  RtHttp1Event event;

  rt_http1_reader_feed (end->reader, bytes,
                        (RtSpan){ end->sent, (guint32)g_bytes_get_size (bytes), 1 });
  end->sent += g_bytes_get_size (bytes);
  while ((event = rt_http1_reader_next (end->reader)).kind != RT_HTTP1_NEED_MORE)
    g_assert (event.kind != RT_HTTP1_ERROR && event.kind != RT_HTTP1_TUNNEL);
}

static void
set_deadline (Talk *talk, guint64 id, RtTime at)
{
  for (guint i = 0; i < talk->deadlines->len; i++)
    if (g_array_index (talk->deadlines, Deadline, i).id == id)
      {
        g_array_remove_index (talk->deadlines, i);
        break;
      }
  if (at != RT_TIME_NEVER)
    g_array_append_vals (talk->deadlines, &(Deadline){ id, at }, 1);
}

static void
carry_out (Talk *talk, const RtEffect *effect)
{
  End *end = effect->connection <= MOST_CONNECTIONS ? &talk->ends[effect->connection] : NULL;

  if (effect->kind == RT_EFFECT_DEADLINE)
    set_deadline (talk, effect->id, effect->at);
  else if (effect->kind == RT_EFFECT_FINISH)
    talk->outcomes[effect->id].n_finished++;
  else if (effect->kind == RT_EFFECT_CONNECT && end != NULL)
    {
      end->asked = TRUE;
      end->reader = rt_http1_reader_new (RT_MESSAGE_REQUEST, RT_HTTP1_STRICT, NULL);
    }
  else if (effect->kind == RT_EFFECT_SEND && end != NULL)
    {
      g_assert (end->up && !end->closed && !end->gone);
      read_sent (end, effect->bytes);
    }
  else if (effect->kind == RT_EFFECT_CLOSE && end != NULL)
    {
      g_assert (end->asked && !end->gone && (!end->closed || effect->flag));
      end->closed = TRUE;
      end->gone |= effect->flag;
    }
}

static void
give (Talk *talk, RtInput input)
{
  input.now = talk->now;
  rt_browser_class.input (talk->browser, &input, talk->effects);
  for (guint i = 0; i < rt_effects_get_length (talk->effects); i++)
    carry_out (talk, rt_effects_get (talk->effects, i));
  rt_effects_clear (talk->effects);
}

static void
give_task (Talk *talk, guint which)
{
  guint n = talk->n_given;

  if (which >= G_N_ELEMENTS (tasks) || n == MOST_TASKS)
    return;
  talk->n_given++;
  talk->given[n] = tasks[which];
  talk->given[n].answer = take_answer;
  talk->given[n].data = &talk->outcomes[n];
  give (talk, (RtInput){ .kind = RT_INPUT_TASK, .id = n, .info = &talk->given[n] });
}

static void
give_bytes (Talk *talk, RtConnection id, const char *text, gsize length)
{
  End *end = &talk->ends[id];
  g_autoptr (GString) copy = g_string_new_len (text, (gssize)length);
  g_autoptr (GBytes) bytes = NULL;

  g_string_replace (copy, "|", "\r\n", 0);
  bytes = g_bytes_new (copy->str, copy->len);
  give (talk, (RtInput){ .kind = RT_INPUT_BYTES,
                         .connection = id,
                         .bytes = bytes,
                         .span = { end->offset, (guint32)copy->len, id } });
  end->offset += copy->len;
}

/* @gone: reset, or failed while it was being opened. */
static void
end_connection (Talk *talk, RtConnection id)
{
  End *end = &talk->ends[id];
  g_autoptr (GError) error = g_error_new_literal (RT_ERROR, RT_ERROR_IO, "refused");

  end->gone = TRUE;
  give (talk, (RtInput){ .kind = end->up ? RT_INPUT_RESET : RT_INPUT_FAILED,
                         .connection = id,
                         .info = end->up ? NULL : error });
}

static void
connect_up (Talk *talk, RtConnection id)
{
  static const RtPeer peer = { .address = "192.0.2.1", .port = 80, .local_host = "here" };

  talk->ends[id].up = TRUE;
  give (talk, (RtInput){ .kind = RT_INPUT_CONNECTED, .connection = id, .info = &peer });
}

static void
fall_due (Talk *talk)
{
  guint first = 0;
  Deadline due;

  for (guint i = 1; i < talk->deadlines->len; i++)
    if (g_array_index (talk->deadlines, Deadline, i).at
        < g_array_index (talk->deadlines, Deadline, first).at)
      first = i;
  talk->now += RT_TIME_MINUTE;
  if (talk->deadlines->len == 0)
    return;
  due = g_array_index (talk->deadlines, Deadline, first);
  g_array_remove_index (talk->deadlines, first);
  talk->now = MAX (talk->now, due.at);
  give (talk, (RtInput){ .kind = RT_INPUT_DEADLINE, .id = due.id });
}

static void
play_line (Talk *talk, const char *line, gsize length)
{
  RtConnection id
      = length > 1 && line[0] >= '1' && line[0] <= '9' ? (RtConnection)(line[0] - '0') : 0;
  End *end = &talk->ends[id];

  if (length > 0 && line[0] == '~')
    fall_due (talk);
  else if (length > 1 && line[0] == 't')
    give_task (talk, (guint)(line[1] - '0'));
  if (id == 0 || !end->asked || end->gone)
    return;
  if (line[1] == '+' && !end->up)
    connect_up (talk, id);
  else if (line[1] == '!')
    end_connection (talk, id);
  else if (line[1] == '.' && end->up)
    give (talk, (RtInput){ .kind = RT_INPUT_EOF, .connection = id });
  else if (line[1] == ':' && end->up && length > 2)
    give_bytes (talk, id, line + 2, length - 2);
}

/* All that was asked for ends, and what the browser then asks for does, too. Connections past those
 * that the script knows fail at once. */
static void
end_all (Talk *talk)
{
  g_autoptr (GError) error = g_error_new_literal (RT_ERROR, RT_ERROR_IO, "refused");
  RtConnection beyond = MOST_CONNECTIONS;

  for (RtConnection id = 1; id <= MOST_CONNECTIONS; id++)
    if (talk->ends[id].asked && !talk->ends[id].gone)
      end_connection (talk, id);
  for (RtConnection id = 1; id <= MOST_CONNECTIONS; id++)
    if (talk->ends[id].asked && !talk->ends[id].gone)
      end_connection (talk, id);
  while (beyond < talk->last)
    give (talk, (RtInput){ .kind = RT_INPUT_FAILED, .connection = ++beyond, .info = error });
  for (guint i = 0; i < talk->n_given; i++)
    {
      g_assert (talk->outcomes[i].n_finished == 1);
      g_assert (talk->outcomes[i].n_answers == (talk->given[i].kind <= RT_BROWSER_SCRIPT));
    }
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  const RtBrowserSettings settings = { .preflight_cap = RT_TIME_HOUR,
                                       .connections = CONNECTIONS_OF_A_HOST,
                                       .cache_bytes = 4096,
                                       .tls = &rt_tls_standard,
                                       .explain = TRUE };
  Talk talk = { .browser = rt_browser_new (&settings), .now = START };
  const char *at = (const char *)data;
  const char *end = at + size;

  talk.effects = rt_effects_new (&talk.last);
  talk.deadlines = g_array_new (FALSE, FALSE, sizeof (Deadline));
  for (guint i = 0; at < end && i < MOST_LINES; i++)
    {
      const char *stop = memchr (at, '\n', (gsize)(end - at));
      gsize length = (gsize)((stop != NULL ? stop : end) - at);

      play_line (&talk, at, length);
      at += length + 1;
    }
  end_all (&talk);
  rt_effects_free (talk.effects);
  g_array_unref (talk.deadlines);
  rt_browser_free (talk.browser);
  for (guint i = 0; i <= MOST_CONNECTIONS; i++)
    g_clear_pointer (&talk.ends[i].reader, rt_http1_reader_free);
  return 0;
}
