/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Captures into sessions.
 *
 * The file is walked through twice. What a connection speaks, which of its ends is the client and
 * what the server is called stand in its bytes, and its handshake comes before them; so the first
 * walk finds that out and the second one tells what happened, when it happened. Both see the same
 * connections in the same order. Nothing of a capture is kept beyond what is told: a few bytes a
 * connection. */
#include "rt-pcap.h"

#include "rt-pcap-guess.h"
#include "rt-pcap-survey.h"
#include "rt-pcap-walk.h"
#include "rt-recorder.h"

typedef struct
{
  RtImport *import;
  RtPcapSurvey *survey;
  RtPcapWalk walk;     /* the one that is made */
  GHashTable *parties; /* name → number; looked up, never walked */
  const char *path;
  guint section;    /* if the file is ours */
  guint n_sections; /* … how many it has */
  guint n_silent;
} Teller;

/* A connection while it is told of. */
typedef struct
{
  RtConnection id;
  const RtPcapFinding *finding;
  gboolean plaintext; /* in place of TLS */
  gboolean told[2];   /* bytes of this direction */
} Line;

/* Which way @from writes, once it is known which end is the client. */
static RtDirection
way_of (const Line *line, RtDirection from)
{
  return line->finding->client == RT_FORWARD ? from : !from;
}

static RtPartyId
party (Teller *self, const char *name, const char *kind)
{
  RtPartyId id = (RtPartyId)GPOINTER_TO_UINT (g_hash_table_lookup (self->parties, name));

  if (id != 0)
    return id;
  if (g_hash_table_size (self->parties) >= RT_PCAP_PARTIES_MAX)
    name = "others";
  id = (RtPartyId)GPOINTER_TO_UINT (g_hash_table_lookup (self->parties, name));
  if (id != 0)
    return id;
  id = rt_import_party (self->import, name, kind);
  g_hash_table_insert (self->parties, g_strdup (name), GUINT_TO_POINTER ((guint)id));
  return id;
}

/* Who got no answer at all from a server wanted to speak HTTP with it. */
static gboolean
is_told (Teller *self, const RtTcpConnection *connection, const RtPcapFinding *finding)
{
  if (finding->protocol == RT_PCAP_OTHER)
    return FALSE;
  if (finding->protocol != RT_PCAP_SILENT
      || rt_pcap_survey_is_serving (self->survey, connection, !finding->client))
    return TRUE;
  self->n_silent++;
  return FALSE;
}

static void
opened (gpointer data, RtTcpConnection *connection, RtTime time)
{
  Teller *self = data;
  const RtPcapFinding *finding = rt_pcap_survey_get (self->survey, connection->number);
  RtDirection client = finding != NULL ? finding->client : RT_FORWARD;
  g_autofree char *client_name = NULL;
  g_autofree char *server_name = NULL;
  g_autofree char *address = NULL;
  RtPartyId from, to;
  Line *line;

  if (finding == NULL || !is_told (self, connection, finding))
    return;
  rt_pcap_survey_name_ends (self->survey, connection, finding, &client_name, &server_name);
  from = party (self, client_name, "client");
  to = party (self, server_name, finding->proxy ? "proxy" : "origin");
  line = g_new0 (Line, 1);
  line->finding = finding;
  line->plaintext = self->walk.plaintext;
  /* TCP connects to an address, whatever it is called. */
  address = rt_ip_address_format (&connection->ends[!client]);
  line->id = rt_import_connect (self->import, time, from, to, address, connection->ports[!client],
                                RT_BYTES_CROSSED);
  connection->data = line;
}

static void
established (gpointer data, RtTcpConnection *connection, RtTime time)
{
  Teller *self = data;
  const Line *line = connection->data;

  if (line == NULL)
    return;
  rt_import_established (self->import, line->id, time);
  if (line->plaintext)
    rt_import_secured (self->import, line->id, time, NULL, NULL);
}

/* The analysis reads on at the next line that begins a message. */
static void
tell_beginning (Teller *self, Line *line, RtDirection from, RtTime time)
{
  if (line->told[from])
    return;
  line->told[from] = TRUE;
  if (line->finding->middle[from])
    rt_import_gap (self->import, line->id, way_of (line, from), time, 0,
                   "the capture began in the middle of the connection");
}

static void
bytes (gpointer data, RtTcpConnection *connection, RtDirection from, RtTime time, RtText text)
{
  Teller *self = data;
  Line *line = connection->data;
  g_autoptr (GBytes) copy = NULL;

  if (line == NULL)
    return;
  tell_beginning (self, line, from, time);
  copy = g_bytes_new (text.at, text.length);
  rt_import_bytes (self->import, line->id, way_of (line, from), time, copy);
}

static void
gap (gpointer data,
     RtTcpConnection *connection,
     RtDirection from,
     RtTime time,
     guint64 length,
     const char *why)
{
  Teller *self = data;
  Line *line = connection->data;

  if (line == NULL)
    return;
  line->told[from] = TRUE;
  rt_import_gap (self->import, line->id, way_of (line, from), time, length, why);
}

static void
ended (gpointer data, RtTcpConnection *connection, RtDirection from, RtTime time)
{
  Teller *self = data;
  const Line *line = connection->data;

  if (line != NULL)
    rt_import_end (self->import, line->id, way_of (line, from), time);
}

static void
was_reset (gpointer data, RtTcpConnection *connection, RtDirection from, RtTime time)
{
  Teller *self = data;
  const Line *line = connection->data;

  if (line != NULL)
    rt_import_abort (self->import, line->id, time,
                     connection->refused                 ? "refused"
                     : way_of (line, from) == RT_FORWARD ? "by the client"
                                                         : "by the server");
}

static void
forgotten (gpointer data, RtTcpConnection *connection, RtTime time)
{
  g_clear_pointer (&connection->data, g_free);
}

static const RtTcpSink sink = { opened, established, bytes, gap, ended, was_reset, forgotten };

static gboolean
before (gpointer data, RtTime time, GError **error)
{
  Teller *self = data;

  return rt_import_advance (self->import, time, error);
}

static void
event (gpointer data, const RtCaptureEvent *event)
{
  Teller *self = data;

  if (event->kind == RT_CAPTURE_PACKET)
    {
      /* Becomes a mark at what its packet brings. */
      g_autofree char *comment = rt_text_dup (event->text);

      rt_import_mark (self->import, comment);
    }
  else if (event->kind == RT_CAPTURE_PROBLEM)
    rt_import_warn (self->import, NULL, "byte %" G_GUINT64_FORMAT ": %.*s", event->offset,
                    (int)event->text.length, event->text.at);
}

static gboolean
step (gpointer data, guint64 done, GError **error)
{
  Teller *self = data;

  return rt_pcap_walk_step (&self->walk, self->import, 1, done, error);
}

/* What is not in the session, and why */

static void
warn_of (Teller *self, const RtPcapTrouble *trouble, const char *what)
{
  if (trouble->n > 0)
    rt_import_warn (self->import, NULL,
                    "byte %" G_GUINT64_FORMAT ", packet %" G_GUINT64_FORMAT "%s: %s",
                    trouble->offset, trouble->number, trouble->n > 1 ? " and others" : "", what);
}

static void
warn_of_walk (Teller *self)
{
  const RtPcapWalk *walk = &self->walk;
  g_autofree char *link
      = g_strdup_printf ("a header of link type %u, which cannot be read", walk->unknown_link);

  warn_of (self, &walk->by_verdict[RT_FRAME_UNKNOWN_LINK], link);
  warn_of (self, &walk->by_verdict[RT_FRAME_MALFORMED],
           "the headers contradict themselves; left out");
  warn_of (self, &walk->by_verdict[RT_FRAME_SHORT],
           "the end is in the middle of a header; left out");
  warn_of (self, &walk->cut_off, "not captured whole: the sniffer kept the beginning alone");
  if (walk->fragments_lost > 0)
    rt_import_warn (self->import, NULL, "%" G_GUINT64_FORMAT " fragments did not become whole",
                    walk->fragments_lost);
  if (walk->let_go > 0)
    rt_import_warn (self->import, NULL,
                    "more than %u connections were open at a time: %" G_GUINT64_FORMAT
                    " were not followed to their end",
                    RT_TCP_OPEN_MAX, walk->let_go);
  if (walk->connections > RT_PCAP_CONNECTIONS_MAX)
    rt_import_warn (self->import, NULL,
                    "there are more than %u connections: those after them were left out",
                    RT_PCAP_CONNECTIONS_MAX);
}

static void
warn_of_protocols (Teller *self)
{
  const RtPcapCounts *counts = rt_pcap_survey_get_counts (self->survey);

  if (counts->tls > 0)
    rt_import_warn (self->import, NULL, "%u connection%s TLS%s: shown as opaque", counts->tls,
                    counts->tls == 1 ? " is" : "s are",
                    counts->secrets > 0 ? ", whose keys in the file are not used yet"
                                        : " without keys");
  if (counts->http2 > 0)
    rt_import_warn (self->import, NULL, "%u connection%s HTTP/2: shown as opaque", counts->http2,
                    counts->http2 == 1 ? " is" : "s are");
  if (counts->other > 0)
    rt_import_warn (self->import, NULL, "%u connection%s another protocol: left out", counts->other,
                    counts->other == 1 ? " speaks" : "s speak");
  if (self->n_silent > 0)
    rt_import_warn (self->import, NULL, "%u connection%s no content: left out", self->n_silent,
                    self->n_silent == 1 ? " has" : "s have");
  if (counts->http == 0 && !self->walk.ours)
    rt_import_warn (self->import, NULL, "there is no HTTP/1 in it");
}

static RtImportReport *
finish (Teller *self, GError **error)
{
  warn_of_walk (self);
  warn_of_protocols (self);
  if (self->walk.broken != NULL)
    {
      g_autofree char *message = g_strdup_printf ("%s: %s", self->path, self->walk.broken);

      rt_import_broke_off (self->import, message);
    }
  return rt_import_finish (self->import, error);
}

/* Nothing can be made of it. */
static gboolean
is_useless (const RtPcapWalk *walk, GError **error)
{
  const RtPlace place = { walk->path, 0, 0 };

  if (walk->n_packets == 0 && walk->broken != NULL)
    rt_set_error (error, RT_ERROR_SYNTAX, &place, "a capture, pcap or pcapng", "%s", walk->broken);
  else if (walk->n_packets > 0 && walk->by_verdict[RT_FRAME_UNKNOWN_LINK].n == walk->n_packets)
    rt_set_error (error, RT_ERROR_UNSUPPORTED, &place, "Ethernet, Linux cooked, loopback or raw IP",
                  "its packets begin with a header of link type %u", walk->unknown_link);
  else
    return FALSE;
  return TRUE;
}

/* The first walk. */
static gboolean
survey (Teller *self, GError **error)
{
  gboolean done;

  self->walk = (RtPcapWalk){ .path = self->path, .section = self->section };
  done = rt_pcap_survey_walk (self->survey, &self->walk, self->import, error)
         && (self->section > 1 || !is_useless (&self->walk, error));
  self->n_sections = self->walk.ours ? self->walk.n_sections : 1;
  if (self->walk.run_name != NULL)
    rt_import_set_run_name (self->import, self->walk.run_name);
  rt_pcap_walk_clear (&self->walk);
  return done;
}

/* The second one. */
static RtImportReport *
tell (Teller *self, GError **error)
{
  RtImportReport *report;

  self->walk = (RtPcapWalk){ .path = self->path,
                             .section = self->section,
                             .sink = &sink,
                             .before = before,
                             .event = event,
                             .step = step,
                             .data = self };
  report = rt_pcap_walk (&self->walk, error) ? finish (self, error) : NULL;
  rt_pcap_walk_clear (&self->walk);
  return report;
}

/* What becomes one run: the file, or a section of one of ours. *ret_n_sections: how many there are.
 */
static RtImportReport *
import_section (RtSession *session,
                const char *path,
                const RtImportOptions *options,
                guint section,
                guint *ret_n_sections,
                GError **error)
{
  g_autoptr (RtImport) import = rt_import_new (session, path, "pcap", options);
  Teller self = { .import = import, .path = path, .section = section };
  RtImportReport *report = NULL;

  self.survey = rt_pcap_survey_new ();
  self.parties = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  if (survey (&self, error))
    report = tell (&self, error);
  *ret_n_sections = self.n_sections;
  g_hash_table_unref (self.parties);
  rt_pcap_survey_free (self.survey);
  return report;
}

/**
 * rt_pcap_import:
 * @session: (nullable): see rt_import_new()
 * @path: a pcap or pcapng, compressed by gzip or not
 * @options: (nullable): see rt_import_new()
 *
 * Makes a run of the HTTP in a capture, whatever its ports. TLS and HTTP/2 are told as connections
 * that cannot be read; what else there is, is counted in the warnings. Comments become marks. What
 * rt_pcapng_export() wrote becomes as many runs as it was made of; the report's is the first.
 * Errors: %RT_ERROR_SYNTAX: no capture, %RT_ERROR_UNSUPPORTED: of a network that is not read; those
 * of reading and writing; `G_IO_ERROR_CANCELLED`. A file that is damaged further on is no error.
 *
 * Returns: (transfer full) (nullable): what there is to say of it
 */
RtImportReport *
rt_pcap_import (RtSession *session,
                const char *path,
                const RtImportOptions *options,
                GError **error)
{
  guint n_sections = 1;
  g_autoptr (RtImportReport) report
      = import_section (session, path, options, 1, &n_sections, error);

  for (guint section = 2; report != NULL && section <= n_sections; section++)
    {
      guint n;
      g_autoptr (RtImportReport) more = import_section (session, path, options, section, &n, error);

      if (more == NULL)
        return NULL;
      rt_import_report_add (report, more);
    }
  return g_steal_pointer (&report);
}
