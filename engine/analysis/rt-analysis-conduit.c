/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Connections: how they came up, which buffers they have, how they ended. */
#include "rt-analysis-private.h"

RtConduit *
rt_conduit_get (RtAnalysis *analysis, const RtFold *fold)
{
  RtConnection id = fold->event->connection;
  RtConduit *conduit = g_hash_table_lookup (analysis->conduit_by_id, GUINT_TO_POINTER (id));

  if (conduit != NULL)
    return conduit;
  conduit = g_new0 (RtConduit, 1);
  conduit->info = (RtConnectionInfo){ .id = id,
                                      .opened = RT_TIME_UNKNOWN,
                                      .established = RT_TIME_UNKNOWN,
                                      .accepted = RT_TIME_UNKNOWN,
                                      .closed = RT_TIME_UNKNOWN,
                                      .first_event = fold->number,
                                      .last_event = RT_EVENT_NONE };
  conduit->streams = g_ptr_array_new_with_free_func (rt_stream_free);
  conduit->under_way[RT_FORWARD] = g_ptr_array_new ();
  conduit->under_way[RT_BACKWARD] = g_ptr_array_new ();
  conduit->exchanges = g_ptr_array_new ();
  g_hash_table_insert (analysis->conduit_by_id, GUINT_TO_POINTER (id), conduit);
  g_ptr_array_add (analysis->connections, conduit);
  return conduit;
}

void
rt_conduit_free (gpointer data)
{
  RtConduit *conduit = data;

  g_ptr_array_unref (conduit->streams);
  g_ptr_array_unref (conduit->under_way[RT_FORWARD]);
  g_ptr_array_unref (conduit->under_way[RT_BACKWARD]);
  g_ptr_array_unref (conduit->exchanges);
  g_free (conduit);
}

static RtStream *
stream_of (RtAnalysis *analysis, RtBufferId buffer)
{
  return g_hash_table_lookup (analysis->stream_by_id, GUINT_TO_POINTER (buffer));
}

static void
set_end_party (RtConduit *conduit, RtDirection writes, RtPartyId party)
{
  RtPartyId *end = writes == RT_FORWARD ? &conduit->info.from : &conduit->info.to;

  if (*end == 0)
    *end = party;
}

/* A plaintext buffer makes its source ciphertext, and the connection secure. */
static void
put_on_top (RtAnalysis *analysis, RtConduit *conduit, RtBufferId source)
{
  RtStream *below = source != 0 ? stream_of (analysis, source) : NULL;

  conduit->info.secure = TRUE;
  if (below != NULL && below->mode == RT_STREAM_UNDECIDED)
    rt_stream_make_opaque (below);
}

void
rt_conduit_fold_buffer (RtAnalysis *analysis, const RtFold *fold)
{
  const RtEvent *event = fold->event;
  RtConduit *conduit = rt_conduit_get (analysis, fold);
  RtBufferId id = event->span.buffer;
  guint8 direction = 0;
  guint8 provenance = 0;
  RtBufferId source = 0;
  RtStream *stream;

  if (fold->detail != NULL)
    g_variant_get (fold->detail, "(yyu)", &direction, &provenance, &source);
  if (id == 0 || id >= RT_BUFFER_DERIVED || stream_of (analysis, id) != NULL)
    return;
  stream = rt_stream_new (conduit, id);
  stream->direction = direction == RT_FORWARD ? RT_FORWARD : RT_BACKWARD;
  stream->provenance = (RtProvenance)MIN (provenance, RT_BYTES_RECONSTRUCTED);
  g_ptr_array_add (conduit->streams, stream);
  g_hash_table_insert (analysis->stream_by_id, GUINT_TO_POINTER (id), stream);
  set_end_party (conduit, stream->direction, event->party);
  if (stream->provenance == RT_BYTES_DECRYPTED)
    put_on_top (analysis, conduit, source);
  if (stream->provenance == RT_BYTES_DECODED || conduit->info.datagrams)
    rt_stream_make_opaque (stream);
}

void
rt_conduit_fold_connect (RtAnalysis *analysis, const RtFold *fold)
{
  RtConduit *conduit = rt_conduit_get (analysis, fold);
  const char *host = "";
  const char *transport = "";
  guint16 port = 0;
  guint16 peer = 0;

  if (fold->detail != NULL)
    g_variant_get (fold->detail, "(&sq&sq)", &host, &port, &transport, &peer);
  conduit->info.host = rt_analysis_keep (analysis, host);
  conduit->info.port = port;
  conduit->info.datagrams = g_str_equal (transport, "udp");
  if (conduit->info.opened == RT_TIME_UNKNOWN)
    conduit->info.opened = fold->event->time;
  set_end_party (conduit, RT_FORWARD, fold->event->party);
  if (peer != 0)
    set_end_party (conduit, RT_BACKWARD, peer);
}

/* Opened by a program that is no party of ours. */
static void
take_outside (RtAnalysis *analysis, RtConduit *conduit, GVariant *detail)
{
  const char *host, *from;

  g_variant_get (detail, "(&sq&sq)", &host, &conduit->info.port, &from, &conduit->info.from_port);
  conduit->info.host = rt_analysis_keep (analysis, host);
  conduit->info.from_host = rt_analysis_keep (analysis, from);
}

void
rt_conduit_fold_established (RtAnalysis *analysis, const RtFold *fold)
{
  RtConduit *conduit = rt_conduit_get (analysis, fold);
  gboolean opener
      = fold->event->party == conduit->info.from
        && (conduit->info.from != conduit->info.to || conduit->info.accepted != RT_TIME_UNKNOWN);
  RtTime *moment = opener ? &conduit->info.established : &conduit->info.accepted;

  if (!opener)
    set_end_party (conduit, RT_BACKWARD, fold->event->party);
  if (fold->detail != NULL)
    take_outside (analysis, conduit, fold->detail);
  if (*moment == RT_TIME_UNKNOWN)
    *moment = fold->event->time;
}

void
rt_conduit_fold_secured (RtAnalysis *analysis, const RtFold *fold)
{
  RtConduit *conduit = rt_conduit_get (analysis, fold);
  const char *alpn;

  conduit->info.secure = TRUE;
  /* A party connected to itself opens first and accepts then. */
  if (fold->event->party == conduit->info.from
      && (conduit->info.from != conduit->info.to || !conduit->secured[RT_FORWARD]))
    conduit->secured[RT_FORWARD] = TRUE;
  else
    conduit->secured[RT_BACKWARD] = TRUE;
  if (fold->detail != NULL && g_variant_lookup (fold->detail, "alpn", "&s", &alpn) && *alpn != '\0')
    conduit->info.protocol = rt_analysis_keep (analysis, alpn);
}

/* Which way the bytes of an event go: the buffer knows; a segment without bytes goes from the one
 * who sends it. A party connected to itself is told apart by what was sent and not yet arrived. */
static RtDirection
way_of (RtAnalysis *analysis, RtConduit *conduit, const RtFold *fold, gboolean sends)
{
  const RtEvent *event = fold->event;
  RtStream *stream = stream_of (analysis, event->span.buffer);

  if (stream != NULL)
    return stream->direction;
  if (conduit->info.from == conduit->info.to && conduit->info.to != 0)
    {
      const char *name = fold->detail != NULL ? g_variant_get_string (fold->detail, NULL) : "";

      if (sends)
        return g_str_equal (name, "SYN ACK") || conduit->ended[RT_FORWARD] ? RT_BACKWARD
                                                                           : RT_FORWARD;
      for (guint i = 0; i < conduit->under_way[RT_FORWARD]->len; i++)
        if (g_strcmp0 (((RtSegment *)conduit->under_way[RT_FORWARD]->pdata[i])->name, name) == 0)
          return RT_FORWARD;
      return RT_BACKWARD;
    }
  if (event->party != 0 && conduit->info.from != 0 && event->party != conduit->info.from)
    return sends ? RT_BACKWARD : RT_FORWARD;
  return sends ? RT_FORWARD : RT_BACKWARD;
}

static void
close_when_done (RtConduit *conduit, const RtFold *fold)
{
  if (conduit->info.end != RT_CONNECTION_OPEN || !conduit->ended[RT_FORWARD]
      || !conduit->ended[RT_BACKWARD])
    return;
  conduit->info.end = RT_CONNECTION_CLOSED;
  conduit->info.closed = fold->event->time;
  conduit->info.last_event = fold->number;
}

/* The end that writes @way sends no more. */
static void
end_way (RtAnalysis *analysis, RtConduit *conduit, RtDirection way, const RtFold *fold)
{
  if (conduit->ended[way])
    return;
  conduit->ended[way] = TRUE;
  for (guint i = 0; i < conduit->streams->len; i++)
    {
      RtStream *stream = conduit->streams->pdata[i];

      if (stream->direction == way)
        rt_stream_end (analysis, stream, FALSE, fold,
                       "The connection was closed in the middle of it");
    }
  if (way == RT_BACKWARD)
    rt_exchange_fail_waiting (analysis, conduit, fold,
                              "The connection was closed before a response came");
  close_when_done (conduit, fold);
}

static void
cut (RtAnalysis *analysis, RtConduit *conduit, const RtFold *fold, const char *why)
{
  gboolean failed = conduit->info.established == RT_TIME_UNKNOWN
                    && conduit->info.accepted == RT_TIME_UNKNOWN
                    && conduit->sent_end[RT_FORWARD] == 0 && conduit->sent_end[RT_BACKWARD] == 0;
  g_autofree char *words = NULL;
  g_autofree char *middle = NULL;
  g_autofree char *waiting = NULL;

  if (conduit->info.end == RT_CONNECTION_OPEN)
    {
      conduit->info.end = failed ? RT_CONNECTION_FAILED : RT_CONNECTION_CUT;
      conduit->info.closed = fold->event->time;
      conduit->info.last_event = fold->number;
    }
  if (why != NULL && *why != '\0' && conduit->info.why == NULL)
    conduit->info.why = rt_analysis_keep (analysis, why);
  if (conduit->ended[RT_FORWARD] && conduit->ended[RT_BACKWARD])
    return;
  words = conduit->info.why != NULL ? g_strdup_printf (" (%s)", conduit->info.why) : g_strdup ("");
  middle = g_strdup_printf ("The connection was cut off in the middle of it%s", words);
  waiting = g_strdup_printf ("The connection was cut off before a response came%s", words);
  conduit->ended[RT_FORWARD] = conduit->ended[RT_BACKWARD] = TRUE;
  for (guint i = 0; i < conduit->streams->len; i++)
    rt_stream_end (analysis, conduit->streams->pdata[i], TRUE, fold, middle);
  rt_exchange_fail_waiting (analysis, conduit, fold, waiting);
}

static gboolean
is_segment_of_its_own (const RtStream *stream)
{
  return stream == NULL || stream->provenance == RT_BYTES_CROSSED
         || stream->provenance == RT_BYTES_RECONSTRUCTED;
}

void
rt_conduit_fold_sent (RtAnalysis *analysis, const RtFold *fold)
{
  RtConduit *conduit = rt_conduit_get (analysis, fold);
  RtStream *stream = stream_of (analysis, fold->event->span.buffer);
  RtDirection way = way_of (analysis, conduit, fold, TRUE);
  const char *name = fold->detail != NULL ? g_variant_get_string (fold->detail, NULL) : "";

  if (conduit->info.opened == RT_TIME_UNKNOWN)
    conduit->info.opened = fold->event->time;
  if (is_segment_of_its_own (stream))
    rt_segment_sent (analysis, conduit, way, fold);
  if (fold->event->span.length > 0)
    {
      if (stream != NULL)
        rt_stream_sent (analysis, stream, fold);
    }
  else if (g_str_equal (name, "FIN"))
    end_way (analysis, conduit, way, fold);
  else if (g_str_equal (name, "RST"))
    cut (analysis, conduit, fold, NULL);
}

void
rt_conduit_fold_received (RtAnalysis *analysis, const RtFold *fold)
{
  RtConduit *conduit = rt_conduit_get (analysis, fold);
  RtStream *stream = stream_of (analysis, fold->event->span.buffer);
  RtDirection way = way_of (analysis, conduit, fold, FALSE);
  const char *name = fold->detail != NULL ? g_variant_get_string (fold->detail, NULL) : "";

  if (conduit->info.opened == RT_TIME_UNKNOWN)
    conduit->info.opened = fold->event->time;
  if (is_segment_of_its_own (stream))
    rt_segment_received (analysis, conduit, way, fold);
  if (fold->event->span.length > 0)
    {
      if (stream != NULL)
        rt_stream_received (analysis, stream, fold);
    }
  else if (g_str_equal (name, "FIN"))
    end_way (analysis, conduit, way, fold);
}

void
rt_conduit_fold_lost (RtAnalysis *analysis, const RtFold *fold)
{
  RtConduit *conduit = rt_conduit_get (analysis, fold);

  rt_segment_lost (analysis, conduit, way_of (analysis, conduit, fold, TRUE), fold);
}

void
rt_conduit_fold_eof (RtAnalysis *analysis, const RtFold *fold)
{
  RtConduit *conduit = rt_conduit_get (analysis, fold);

  end_way (analysis, conduit, way_of (analysis, conduit, fold, FALSE), fold);
}

void
rt_conduit_fold_reset (RtAnalysis *analysis, const RtFold *fold)
{
  RtConduit *conduit = rt_conduit_get (analysis, fold);

  cut (analysis, conduit, fold,
       fold->detail != NULL ? g_variant_get_string (fold->detail, NULL) : NULL);
}

void
rt_conduit_fold_gap (RtAnalysis *analysis, const RtFold *fold)
{
  RtStream *stream = stream_of (analysis, fold->event->span.buffer);
  RtConduit *conduit = rt_conduit_get (analysis, fold);
  guint64 length = 0;
  const char *reason = "";
  g_autofree char *why = NULL;

  if (fold->detail != NULL)
    g_variant_get (fold->detail, "(t&s)", &length, &reason);
  why = *reason != '\0' ? g_strdup_printf ("Bytes of it are missing: %s", reason)
                        : g_strdup ("Bytes of it are missing");
  for (guint i = 0; i < conduit->streams->len; i++)
    if (stream == NULL || stream == conduit->streams->pdata[i])
      rt_stream_gap (analysis, conduit->streams->pdata[i], fold, why);
}
