/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The timeline's model: arrays and the strings they point to. */
#include "rt-timeline-model.h"

#include <string.h>

/**
 * rt_timeline_model_new:
 *
 * Fill the arrays, then call rt_timeline_model_seal().
 *
 * Returns: (transfer full): an empty model
 */
RtTimelineModel *
rt_timeline_model_new (void)
{
  RtTimelineModel *model = g_new (RtTimelineModel, 1);

  *model = (RtTimelineModel){
    .ref_count = 1,
    .parties = g_array_new (FALSE, TRUE, sizeof (RtTimelineParty)),
    .messages = g_array_new (FALSE, TRUE, sizeof (RtTimelineMessage)),
    .rails = g_array_new (FALSE, TRUE, sizeof (RtTimelineRail)),
    .segments = g_array_new (FALSE, TRUE, sizeof (RtTimelineSegment)),
    .cards = g_array_new (FALSE, TRUE, sizeof (RtTimelineCard)),
    .decisions = g_array_new (FALSE, TRUE, sizeof (RtTimelineDecision)),
    .strips = g_array_new (FALSE, TRUE, sizeof (RtTimelineStrip)),
    .changes = g_array_new (FALSE, TRUE, sizeof (RtTimelineChange)),
    .beats = g_array_new (FALSE, TRUE, sizeof (RtTimelineBeat)),
    .start = RT_TIME_UNKNOWN,
    .end = RT_TIME_UNKNOWN,
    .strings = g_string_chunk_new (4096),
  };
  return model;
}

RtTimelineModel *
rt_timeline_model_ref (const RtTimelineModel *model)
{
  RtTimelineModel *own = (RtTimelineModel *)model;

  g_atomic_int_inc (&own->ref_count);
  return own;
}

void
rt_timeline_model_unref (RtTimelineModel *model)
{
  GArray *arrays[] = {
    model->parties,   model->messages, model->rails,   model->segments, model->cards,
    model->decisions, model->strips,   model->changes, model->beats,
  };

  if (!g_atomic_int_dec_and_test (&model->ref_count))
    return;
  for (guint i = 0; i < G_N_ELEMENTS (arrays); i++)
    g_array_unref (arrays[i]);
  g_string_chunk_free (model->strings);
  g_free (model);
}

/**
 * rt_timeline_note_new:
 * @exchange: id; 0: @span tells
 * @span: may be %RT_SPAN_NONE
 * @title: (nullable)
 *
 * Returns: (transfer full): a note that somebody wrote
 */
RtTimelineNote *
rt_timeline_note_new (RtTimelineLayer layer,
                      guint number,
                      guint exchange,
                      RtSpan span,
                      const char *title,
                      const char *text)
{
  RtTimelineNote *note = g_new (RtTimelineNote, 1);

  *note = (RtTimelineNote){
    .layer = layer,
    .number = number,
    .exchange = exchange,
    .span = span,
    .title = g_strdup (title),
    .text = g_strdup (text),
  };
  return note;
}

void
rt_timeline_note_free (RtTimelineNote *note)
{
  g_free (note->title);
  g_free (note->text);
  g_free (note);
}

/**
 * rt_timeline_layer_dup_mark:
 * @number: of a note in its layer, from 1
 *
 * Returns: (transfer full): the number as it is shown everywhere: `3`, `A3`, `N3`
 */
char *
rt_timeline_layer_dup_mark (RtTimelineLayer layer, guint number)
{
  static const char *const letters[RT_N_TIMELINE_LAYERS] = {
    [RT_TIMELINE_LAYER_ENGINE] = "",
    [RT_TIMELINE_LAYER_AUTHOR] = "A",
    [RT_TIMELINE_LAYER_OWN] = "N",
  };

  return g_strdup_printf ("%s%u", letters[layer], number);
}

/**
 * rt_timeline_model_string:
 * @model: a model
 * @string: (nullable): any bytes a peer may have sent
 *
 * Returns: (nullable): a copy that lives as long as the model, as rt_text_escape() shows it
 */
const char *
rt_timeline_model_string (RtTimelineModel *model, const char *string)
{
  g_autofree char *shown = NULL;

  if (string == NULL)
    return NULL;
  shown = rt_text_escape (rt_text (string));
  return g_string_chunk_insert_const (model->strings, shown);
}

/* What a party of this kind is called under its name. */
static const char *
role_of_kind (const char *kind)
{
  static const struct
  {
    const char *kind, *role;
  } roles[] = {
    { "client", "client" },        { "byte-client", "byte-exact client" },
    { "browser", "user agent" },   { "cache", "shared cache" },
    { "gateway", "gateway" },      { "proxy", "proxy" },
    { "origin", "origin server" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (roles); i++)
    if (strcmp (roles[i].kind, kind) == 0)
      return roles[i].role;
  return kind;
}

/* The last two labels of a host name; an address or a bare name is its own site. */
static const char *
site_of_name (const char *name)
{
  const char *last = strrchr (name, '.');
  const char *at;

  if (last == NULL || g_ascii_isdigit (last[1]) || strchr (name, ':') != NULL)
    return name;
  at = last;
  while (at > name && at[-1] != '.')
    at--;
  return at;
}

/**
 * rt_timeline_model_add_party:
 * @model: a model
 * @kind: `client`, `origin`, …
 *
 * Returns: its index
 */
guint
rt_timeline_model_add_party (RtTimelineModel *model,
                             RtPartyId id,
                             const char *name,
                             const char *kind)
{
  const char *own_name = rt_timeline_model_string (model, name);
  RtTimelineParty party = {
    .id = id,
    .name = own_name,
    .kind = rt_timeline_model_string (model, kind),
    .role = rt_timeline_model_string (model, role_of_kind (kind)),
    .site = site_of_name (own_name),
  };

  g_array_append_val (model->parties, party);
  return model->parties->len - 1;
}

static void
cover (RtTimelineModel *model, RtTime time)
{
  if (time == RT_TIME_UNKNOWN)
    return;
  if (model->start == RT_TIME_UNKNOWN || time < model->start)
    model->start = time;
  if (model->end == RT_TIME_UNKNOWN || time > model->end)
    model->end = time;
}

static void
cover_messages (RtTimelineModel *model)
{
  for (guint i = 0; i < model->messages->len; i++)
    {
      const RtTimelineMessage *message = rt_timeline_model_get_message (model, i);

      g_assert (i == 0
                || rt_timeline_model_get_message (model, i - 1)->sent_first <= message->sent_first);
      cover (model, message->sent_first);
      cover (model, message->sent_last);
      cover (model, message->received_first);
      cover (model, message->received_last);
      g_array_index (model->parties, RtTimelineParty, message->from).n_messages++;
      g_array_index (model->parties, RtTimelineParty, message->to).n_messages++;
    }
}

static void
cover_beats (RtTimelineModel *model)
{
  for (guint i = 0; i < model->beats->len; i++)
    {
      const RtTimelineBeat *beat = &g_array_index (model->beats, RtTimelineBeat, i);

      cover (model, beat->time);
      cover (model, beat->time + beat->length);
      for (guint kind = 0; kind < RT_N_TIMELINE_KINDS; kind++)
        {
          g_array_index (model->parties, RtTimelineParty, beat->from).n_messages
              += beat->counts[kind];
          g_array_index (model->parties, RtTimelineParty, beat->to).n_messages
              += beat->counts[kind];
        }
      g_array_index (model->parties, RtTimelineParty, beat->from).opens = TRUE;
    }
}

/**
 * rt_timeline_model_seal:
 * @model: a filled model
 *
 * Widens its time to all that is in it, and counts. To be called once.
 */
void
rt_timeline_model_seal (RtTimelineModel *model)
{
  cover_messages (model);
  cover_beats (model);
  for (guint i = 0; i < model->rails->len; i++)
    {
      const RtTimelineRail *rail = &g_array_index (model->rails, RtTimelineRail, i);

      cover (model, rail->opened);
      cover (model, rail->closed);
      g_array_index (model->parties, RtTimelineParty, rail->from).opens = TRUE;
    }
  for (guint i = 0; i < model->segments->len; i++)
    {
      cover (model, g_array_index (model->segments, RtTimelineSegment, i).sent);
      cover (model, g_array_index (model->segments, RtTimelineSegment, i).received);
    }
  for (guint i = 0; i < model->decisions->len; i++)
    cover (model, g_array_index (model->decisions, RtTimelineDecision, i).time);
  for (guint i = 0; i < model->changes->len; i++)
    cover (model, g_array_index (model->changes, RtTimelineChange, i).time);
  if (model->start == RT_TIME_UNKNOWN)
    model->start = model->end = 0;
}

const RtTimelineParty *
rt_timeline_model_get_party (const RtTimelineModel *model, guint i)
{
  return &g_array_index (model->parties, RtTimelineParty, i);
}

const RtTimelineMessage *
rt_timeline_model_get_message (const RtTimelineModel *model, guint i)
{
  return &g_array_index (model->messages, RtTimelineMessage, i);
}

/**
 * rt_timeline_model_find:
 * @model: a model
 * @exchange: id of an exchange
 * @request: its request, not its (final) response
 *
 * Returns: index of the message, or %RT_TIMELINE_NONE
 */
guint
rt_timeline_model_find (const RtTimelineModel *model, guint exchange, gboolean request)
{
  for (guint i = model->messages->len; i > 0; i--)
    {
      const RtTimelineMessage *message = rt_timeline_model_get_message (model, i - 1);

      if (message->exchange == exchange && !message->request == !request)
        return i - 1;
    }
  return RT_TIMELINE_NONE;
}

/**
 * rt_timeline_model_describe:
 * @model: a model
 * @i: index of a message
 *
 * Returns: (transfer full): the message as one sentence, for those who listen
 */
char *
rt_timeline_model_describe (const RtTimelineModel *model, guint i)
{
  static const char *const badges[] = {
    [RT_TIMELINE_NO_BADGE] = "",
    [RT_TIMELINE_SHIELD] = ", protected somebody",
    [RT_TIMELINE_WARNING] = ", with a warning",
    [RT_TIMELINE_PROBLEM] = ", with a problem",
    [RT_TIMELINE_BOLT] = ", from a cache",
  };
  const RtTimelineMessage *message = rt_timeline_model_get_message (model, i);

  return g_strdup_printf ("Message %u of %u: %s to %s: %s%s%s%s%s%s%s", i + 1, model->messages->len,
                          rt_timeline_model_get_party (model, message->from)->name,
                          rt_timeline_model_get_party (model, message->to)->name, message->code,
                          *message->text != '\0' ? " " : "", message->text,
                          message->meta != NULL ? ", " : "",
                          message->meta != NULL ? message->meta : "", badges[message->badge],
                          message->cut        ? ", cut off"
                          : message->complete ? ""
                                              : ", under way");
}
