/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Plays dialogues. */
#include "dialogue.h"

#include <string.h>

#include "rt-error.h"

typedef struct
{
  guint64 id;
  RtTime at;
} Deadline;

typedef struct
{
  const Dialogue *dialogue;
  RtConnection last;
  RtEffects *effects;
  GArray *deadlines;   /* Deadline, in the order they were set */
  GHashTable *offsets; /* connection → bytes so far */
  GString *out;
  RtTime now;
  guint64 n_events, n_tasks;
  gboolean hold;
  GQueue writable; /* connections */
  GQueue accepted; /* numbers of connections */
} Play;

static void
set_deadline (Play *play, const RtEffect *effect)
{
  for (guint i = 0; i < play->deadlines->len; i++)
    if (g_array_index (play->deadlines, Deadline, i).id == effect->id)
      {
        g_array_remove_index (play->deadlines, i);
        break;
      }
  if (effect->at != RT_TIME_NEVER)
    g_array_append_vals (play->deadlines, &(Deadline){ effect->id, effect->at }, 1);
}

static void
show_bytes (Play *play, GBytes *bytes)
{
  gsize length;
  const char *text = g_bytes_get_data (bytes, &length);

  for (gsize i = 0; i < length; i++)
    if (text[i] == '\r')
      g_string_append (play->out, "\\r");
    else if (text[i] == '\n')
      g_string_append (play->out, "\\n");
    else
      g_string_append_c (play->out, text[i]);
  g_string_append_c (play->out, '\n');
}

static void
show (Play *play, RtEffect *effect)
{
  RtConnection number = effect->connection & ~RT_CONNECTION_ACCEPTED;
  g_autofree char *value = NULL;

  switch (effect->kind)
    {
    case RT_EFFECT_CONNECT:
      g_string_append_printf (play->out, "connect %u %s:%u\n", number, effect->to.host,
                              effect->to.port);
      break;
    case RT_EFFECT_SEND:
      g_string_append_printf (play->out, "send %u ", number);
      show_bytes (play, effect->bytes);
      if (!g_queue_find (&play->writable, GUINT_TO_POINTER (effect->connection)))
        g_queue_push_tail (&play->writable, GUINT_TO_POINTER (effect->connection));
      break;
    case RT_EFFECT_READ:
      g_string_append_printf (play->out, "read %u %s\n", number, effect->flag ? "on" : "off");
      break;
    case RT_EFFECT_CLOSE:
      g_string_append_printf (play->out, "%s %u\n", effect->flag ? "cut" : "close", number);
      break;
    case RT_EFFECT_DEADLINE:
      set_deadline (play, effect);
      break;
    case RT_EFFECT_DECIDE:
      g_string_append_printf (play->out, "decide %s %s\n", rt_decision_get_rule (effect->why),
                              rt_decision_get_verdict (effect->why));
      break;
    case RT_EFFECT_STATE:
      value = effect->state != NULL ? g_variant_print (effect->state, FALSE) : g_strdup ("gone");
      g_string_append_printf (play->out, "state %s %s %s\n", effect->state_kind, effect->state_key,
                              value);
      break;
    case RT_EFFECT_FINISH:
      g_string_append_printf (play->out, "finish %" G_GUINT64_FORMAT "%s%s\n", effect->id,
                              effect->error != NULL ? ": " : "",
                              effect->error != NULL ? effect->error->message : "");
      break;
    case RT_EFFECT_LISTEN:
      g_string_append_printf (play->out, "listen %s\n", effect->flag ? "on" : "off");
      break;
    }
}

static void
give_one (Play *play, RtInput input)
{
  input.now = play->now;
  input.event = play->n_events++;
  play->dialogue->klass->input (play->dialogue->self, &input, play->effects);
  for (guint i = 0; i < rt_effects_get_length (play->effects); i++)
    show (play, rt_effects_get (play->effects, i));
  rt_effects_clear (play->effects);
}

static void
give (Play *play, RtInput input)
{
  give_one (play, input);
  while (!play->hold && !g_queue_is_empty (&play->writable))
    give_one (play,
              (RtInput){ .kind = RT_INPUT_WRITABLE,
                         .connection = GPOINTER_TO_UINT (g_queue_pop_head (&play->writable)) });
}

static void
wait_until (Play *play, RtTime until)
{
  for (;;)
    {
      guint first = 0;
      Deadline due;

      for (guint i = 1; i < play->deadlines->len; i++)
        if (g_array_index (play->deadlines, Deadline, i).at
            < g_array_index (play->deadlines, Deadline, first).at)
          first = i;
      if (play->deadlines->len == 0 || g_array_index (play->deadlines, Deadline, first).at > until)
        break;
      due = g_array_index (play->deadlines, Deadline, first);
      g_array_remove_index (play->deadlines, first);
      play->now = MAX (play->now, due.at);
      give (play, (RtInput){ .kind = RT_INPUT_DEADLINE, .id = due.id });
    }
  play->now = until;
}

/* Bytes from the way scripts write them. */
GBytes *
dialogue_bytes (const char *text)
{
  GString *bytes = g_string_new (NULL);

  for (; *text != '\0'; text++)
    if (text[0] == '\\' && text[1] == 'r')
      g_string_append_c (bytes, '\r'), text++;
    else if (text[0] == '\\' && text[1] == 'n')
      g_string_append_c (bytes, '\n'), text++;
    else
      g_string_append_c (bytes, *text);
  return g_string_free_to_bytes (bytes);
}

static void
give_bytes (Play *play, RtConnection connection, const char *text)
{
  g_autoptr (GBytes) bytes = dialogue_bytes (text);
  gsize length = g_bytes_get_size (bytes);
  guint offset
      = GPOINTER_TO_UINT (g_hash_table_lookup (play->offsets, GUINT_TO_POINTER (connection)));

  g_hash_table_insert (play->offsets, GUINT_TO_POINTER (connection),
                       GUINT_TO_POINTER (offset + (guint)length));
  give (play, (RtInput){ .kind = RT_INPUT_BYTES,
                         .connection = connection,
                         .bytes = bytes,
                         .span = { offset, (guint32)length, connection & 0xffff } });
}

static void
release (Play *play)
{
  play->hold = FALSE;
  while (!g_queue_is_empty (&play->writable))
    give_one (play,
              (RtInput){ .kind = RT_INPUT_WRITABLE,
                         .connection = GPOINTER_TO_UINT (g_queue_pop_head (&play->writable)) });
}

/* The number as the party knows it: connections that the script let be accepted are marked. */
static RtConnection
find_connection (Play *play, const char *text, gboolean is_accepted)
{
  gpointer number = GUINT_TO_POINTER (g_ascii_strtoull (text, NULL, 10));

  if (is_accepted)
    g_queue_push_tail (&play->accepted, number);
  return GPOINTER_TO_UINT (number)
         | (g_queue_find (&play->accepted, number) != NULL ? RT_CONNECTION_ACCEPTED : 0);
}

static void
play_line (Play *play, const char *line)
{
  static const struct
  {
    const char *word;
    RtInputKind kind;
    gboolean accepted;
  } words[] = {
    { "accept", RT_INPUT_ACCEPTED, TRUE }, { "connected", RT_INPUT_CONNECTED, FALSE },
    { "failed", RT_INPUT_FAILED, FALSE },  { "eof", RT_INPUT_EOF, FALSE },
    { "reset", RT_INPUT_RESET, FALSE },    { "bytes", RT_INPUT_BYTES, FALSE },
  };
  static const RtPeer peer = { .address = "10.0.0.9", .port = 1234, .local_host = "here" };
  static const RtPeer server
      = { .address = "10.0.0.1", .port = 80, .local_host = "there", .trusted = TRUE };
  g_auto (GStrv) parts = g_strsplit (line, " ", 3);
  const char *rest = parts[1] != NULL ? line + strlen (parts[0]) + 1 : "";
  RtTime duration;

  if (strcmp (parts[0], "hold") == 0)
    play->hold = TRUE;
  else if (strcmp (parts[0], "release") == 0)
    release (play);
  else if (strcmp (parts[0], "wait") == 0 && rt_duration_parse (rest, &duration, NULL))
    wait_until (play, play->now + duration);
  else if (strcmp (parts[0], "task") == 0)
    give (play, (RtInput){ .kind = RT_INPUT_TASK,
                           .id = ++play->n_tasks,
                           .info = play->dialogue->task (play->dialogue->data, rest) });
  else
    for (guint i = 0; i < G_N_ELEMENTS (words); i++)
      if (strcmp (parts[0], words[i].word) == 0)
        {
          RtConnection connection = find_connection (play, parts[1], words[i].accepted);
          g_autoptr (GError) error
              = g_error_new_literal (RT_ERROR, RT_ERROR_IO, parts[2] != NULL ? parts[2] : "");

          if (words[i].kind == RT_INPUT_BYTES)
            give_bytes (play, connection, parts[2]);
          else
            give (play, (RtInput){ .kind = words[i].kind,
                                   .connection = connection,
                                   .info = words[i].kind == RT_INPUT_FAILED ? (gconstpointer)error
                                           : words[i].accepted              ? &peer
                                                                            : &server });
          return;
        }
}

/**
 * dialogue_play:
 * @dialogue: whom to talk to; its party is freed
 * @script: lines
 *
 * Returns: (transfer full): the effects as lines
 */
char *
dialogue_play (const Dialogue *dialogue, const char *script)
{
  Play play = { .dialogue = dialogue, .out = g_string_new (NULL), .now = DIALOGUE_START };
  g_auto (GStrv) lines = g_strsplit (script, "\n", -1);

  play.effects = rt_effects_new (&play.last);
  play.deadlines = g_array_new (FALSE, FALSE, sizeof (Deadline));
  play.offsets = g_hash_table_new (NULL, NULL);
  for (guint i = 0; lines[i] != NULL; i++)
    if (*lines[i] != '\0')
      play_line (&play, lines[i]);
  dialogue->klass->free (dialogue->self);
  rt_effects_free (play.effects);
  g_array_unref (play.deadlines);
  g_hash_table_unref (play.offsets);
  g_queue_clear (&play.writable);
  g_queue_clear (&play.accepted);
  return g_string_free (play.out, FALSE);
}

/**
 * dialogue_without_dates:
 * @text: what dialogue_play() gave
 *
 * Returns: (transfer full): the same without Date fields
 */
char *
dialogue_without_dates (const char *text)
{
  g_autoptr (GRegex) date = g_regex_new ("Date: [^\\\\]*\\\\r\\\\n", 0, 0, NULL);

  return g_regex_replace_literal (date, text, -1, 0, "", 0, NULL);
}
