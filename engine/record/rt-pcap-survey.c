/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The first walk through a capture.
 *
 * Ends are called by the names that the file gives their addresses; else a server as its clients
 * call it (Host, the TLS server name), and whoever is known as a server keeps that name as a
 * client; else by their addresses. */
#include "rt-pcap-survey.h"

#include "rt-pcap-guess.h"
#include "rt-pcap.h"

/* Names that a file gives to addresses. */
#define NAMES_MAX 100000

/* What is looked at of a connection. */
typedef struct
{
  GByteArray *heads[2];
  RtGuess guesses[2];
  gboolean gap, over[2]; /* over: the head is whole */
  gboolean middle[2];
} Look;

struct _RtPcapSurvey
{
  RtPcapWalk *walk;
  RtImport *import;
  GArray *findings;     /* RtPcapFinding, by number of the connection */
  GPtrArray *names;     /* by number, from 1 */
  GHashTable *numbers;  /* name → number */
  GHashTable *given;    /* address → name that the file gives it */
  GHashTable *servers;  /* address → name of the server there */
  GHashTable *services; /* address and port where HTTP is served */
  RtPcapCounts counts;
};

/* Looked up, never walked. */
static GHashTable *
new_table (void)
{
  return g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
}

/** rt_pcap_survey_new: nothing was looked at. */
RtPcapSurvey *
rt_pcap_survey_new (void)
{
  RtPcapSurvey *survey = g_new0 (RtPcapSurvey, 1);

  survey->findings = g_array_new (FALSE, TRUE, sizeof (RtPcapFinding));
  survey->names = g_ptr_array_new_with_free_func (g_free);
  survey->numbers = g_hash_table_new (g_str_hash, g_str_equal);
  survey->given = new_table ();
  survey->servers = new_table ();
  survey->services = new_table ();
  return survey;
}

void
rt_pcap_survey_free (RtPcapSurvey *survey)
{
  g_array_unref (survey->findings);
  g_hash_table_unref (survey->numbers);
  g_ptr_array_unref (survey->names);
  g_hash_table_unref (survey->given);
  g_hash_table_unref (survey->servers);
  g_hash_table_unref (survey->services);
  g_free (survey);
}

static guint
number_of (RtPcapSurvey *self, const char *name)
{
  guint number = GPOINTER_TO_UINT (g_hash_table_lookup (self->numbers, name));
  char *own;

  if (number != 0)
    return number;
  own = g_strdup (name);
  g_ptr_array_add (self->names, own);
  g_hash_table_insert (self->numbers, own, GUINT_TO_POINTER (self->names->len));
  return self->names->len;
}

static char *
service_of (const RtTcpConnection *connection, RtDirection end)
{
  g_autofree char *address = rt_ip_address_format (&connection->ends[end]);

  return g_strdup_printf (strchr (address, ':') != NULL ? "[%s]:%u" : "%s:%u", address,
                          connection->ports[end]);
}

/* While a connection is open */

static void
opened (gpointer data, RtTcpConnection *connection, RtTime time)
{
  Look *look;

  if (connection->number >= RT_PCAP_CONNECTIONS_MAX)
    return;
  look = g_new0 (Look, 1);
  look->heads[RT_FORWARD] = g_byte_array_new ();
  look->heads[RT_BACKWARD] = g_byte_array_new ();
  connection->data = look;
}

static void
established (gpointer data, RtTcpConnection *connection, RtTime time)
{
}

static RtText
head_text (const Look *look, RtDirection from)
{
  return (RtText){ (const char *)look->heads[from]->data, look->heads[from]->len };
}

/* All that can be said of it stands in what there is. */
static gboolean
is_head_whole (RtText head, RtGuess guess)
{
  if (head.length >= RT_GUESS_BYTES || guess > RT_GUESS_REQUEST)
    return TRUE;
  return guess == RT_GUESS_REQUEST
         && (rt_text_find (head, RT_TEXT ("\n\r\n")) >= 0
             || rt_text_find (head, RT_TEXT ("\n\n")) >= 0);
}

static void
look_on (Look *look, RtDirection from, RtText text)
{
  GByteArray *head = look->heads[from];
  gsize room = RT_GUESS_BYTES - MIN (head->len, RT_GUESS_BYTES);

  g_byte_array_append (head, (const guint8 *)text.at, (guint)MIN (text.length, room));
  look->guesses[from] = rt_guess (head_text (look, from), head->len >= RT_GUESS_BYTES);
  look->over[from] = is_head_whole (head_text (look, from), look->guesses[from]);
}

/* Where the beginning is missing, a message that begins a segment tells as much. */
static void
look_again (Look *look, RtDirection from, RtText text)
{
  RtGuess guess = rt_guess (text, FALSE);

  if (guess != RT_GUESS_REQUEST && guess != RT_GUESS_RESPONSE)
    return;
  look->middle[from] = TRUE;
  look->over[from] = FALSE;
  g_byte_array_set_size (look->heads[from], 0);
  look_on (look, from, text);
}

static void
bytes (gpointer data, RtTcpConnection *connection, RtDirection from, RtTime time, RtText text)
{
  Look *look = connection->data;

  if (look == NULL)
    return;
  if (!look->over[from])
    look_on (look, from, text);
  else if (look->guesses[from] == RT_GUESS_OTHER && (look->gap || !connection->opening))
    look_again (look, from, text);
}

static void
gap (gpointer data,
     RtTcpConnection *connection,
     RtDirection from,
     RtTime time,
     guint64 length,
     const char *why)
{
  Look *look = connection->data;

  if (look == NULL)
    return;
  look->gap = TRUE;
  /* What follows does not belong to what is there. */
  if (!look->over[from])
    {
      look->guesses[from] = rt_guess (head_text (look, from), TRUE);
      look->over[from] = TRUE;
    }
}

static void
ended (gpointer data, RtTcpConnection *connection, RtDirection from, RtTime time)
{
}

/* What was found out */

static gboolean
is (const Look *look, RtGuess guess, RtDirection *ret_from)
{
  for (RtDirection from = RT_FORWARD; from <= RT_BACKWARD; from++)
    if (look->guesses[from] == guess)
      {
        *ret_from = from;
        return TRUE;
      }
  return FALSE;
}

static RtPcapFinding
judge (const RtTcpConnection *connection, const Look *look)
{
  RtPcapFinding finding = { .protocol = RT_PCAP_OTHER, .client = RT_FORWARD };
  RtDirection from = RT_FORWARD;

  if (look->heads[RT_FORWARD]->len + look->heads[RT_BACKWARD]->len == 0)
    finding.protocol = RT_PCAP_SILENT;
  else if (is (look, RT_GUESS_REQUEST, &from))
    finding = (RtPcapFinding){ .protocol = RT_PCAP_HTTP, .client = from };
  else if (is (look, RT_GUESS_RESPONSE, &from))
    finding = (RtPcapFinding){ .protocol = RT_PCAP_HTTP, .client = !from };
  else if (is (look, RT_GUESS_HTTP2, &from))
    finding = (RtPcapFinding){ .protocol = RT_PCAP_HTTP2, .client = from };
  else if (is (look, RT_GUESS_TLS, &from))
    {
      /* The handshake's message of kind 1 is the client's (RFC 8446 §4). */
      gboolean hello = look->heads[from]->len > 5 && look->heads[from]->data[5] == 1;

      finding = (RtPcapFinding){ .protocol = RT_PCAP_TLS, .client = hello ? from : !from };
    }
  for (from = RT_FORWARD; from <= RT_BACKWARD; from++)
    finding.middle[from]
        = !connection->opening
          && (look->middle[from]
              || (look->heads[from]->len > 0 && look->guesses[from] == RT_GUESS_OTHER));
  return finding;
}

/* What we wrote ourselves begins with the client, and is nothing but HTTP. */
static void
judge_ours (const RtTcpConnection *connection, RtPcapFinding *finding)
{
  if (!connection->opening)
    return;
  finding->client = RT_FORWARD;
  if (finding->protocol == RT_PCAP_SILENT || finding->protocol == RT_PCAP_OTHER)
    finding->protocol = RT_PCAP_HTTP;
}

static void
name_server (RtPcapSurvey *self,
             const RtTcpConnection *connection,
             const Look *look,
             RtPcapFinding *finding)
{
  RtText head = head_text (look, finding->client);
  gboolean proxy = FALSE;
  g_autofree char *name = finding->protocol == RT_PCAP_HTTP  ? rt_guess_dup_host (head, &proxy)
                          : finding->protocol == RT_PCAP_TLS ? rt_guess_dup_server_name (head)
                                                             : NULL;
  char *address = rt_ip_address_format (&connection->ends[!finding->client]);

  finding->proxy = proxy;
  if (name != NULL)
    finding->name = number_of (self, name);
  if (name != NULL && !g_hash_table_contains (self->servers, address))
    g_hash_table_insert (self->servers, address, g_steal_pointer (&name));
  else
    g_free (address);
  if (finding->protocol == RT_PCAP_HTTP)
    g_hash_table_insert (self->services, service_of (connection, !finding->client), NULL);
}

static void
count (RtPcapCounts *counts, RtPcapProtocol protocol)
{
  guint *const by[] = {
    [RT_PCAP_HTTP] = &counts->http,
    [RT_PCAP_TLS] = &counts->tls,
    [RT_PCAP_HTTP2] = &counts->http2,
    [RT_PCAP_OTHER] = &counts->other,
  };

  if (by[protocol] != NULL)
    ++*by[protocol];
}

static void
forgotten (gpointer data, RtTcpConnection *connection, RtTime time)
{
  RtPcapSurvey *self = data;
  Look *look = connection->data;
  RtPcapFinding finding;

  if (look == NULL)
    return;
  for (RtDirection from = RT_FORWARD; from <= RT_BACKWARD; from++)
    if (look->heads[from]->len > 0 && look->guesses[from] == RT_GUESS_OPEN)
      look->guesses[from] = rt_guess (head_text (look, from), TRUE);
  finding = judge (connection, look);
  if (self->walk->ours)
    judge_ours (connection, &finding);
  if (finding.protocol == RT_PCAP_HTTP || finding.protocol == RT_PCAP_TLS)
    name_server (self, connection, look, &finding);
  count (&self->counts, finding.protocol);
  if (self->findings->len <= connection->number)
    g_array_set_size (self->findings, (guint)connection->number + 1);
  g_array_index (self->findings, RtPcapFinding, connection->number) = finding;
  g_byte_array_unref (look->heads[RT_FORWARD]);
  g_byte_array_unref (look->heads[RT_BACKWARD]);
  g_clear_pointer (&connection->data, g_free);
}

static const RtTcpSink sink = { opened, established, bytes, gap, ended, ended, forgotten };

static void
event (gpointer data, const RtCaptureEvent *event)
{
  RtPcapSurvey *self = data;
  RtIpAddress address = { 0 };

  if (event->kind == RT_CAPTURE_SECRETS)
    self->counts.secrets++;
  if (event->kind != RT_CAPTURE_NAME || event->data.length > sizeof address.bytes
      || event->text.length == 0 || g_hash_table_size (self->given) >= NAMES_MAX)
    return;
  address.length = (guint8)event->data.length;
  memcpy (address.bytes, event->data.at, event->data.length);
  g_hash_table_insert (self->given, rt_ip_address_format (&address), rt_text_escape (event->text));
}

static gboolean
step (gpointer data, guint64 done, GError **error)
{
  RtPcapSurvey *self = data;

  return rt_pcap_walk_step (self->walk, self->import, 0, done, error);
}

/**
 * rt_pcap_survey_walk:
 * @survey: a survey
 * @walk: the file's path is set; afterwards it says what was met
 * @import: told of the progress, to the half of it
 *
 * Returns: %FALSE if it cannot be read, or is cancelled
 */
gboolean
rt_pcap_survey_walk (RtPcapSurvey *survey, RtPcapWalk *walk, RtImport *import, GError **error)
{
  walk->sink = &sink;
  walk->event = event;
  walk->step = step;
  walk->data = survey;
  survey->walk = walk;
  survey->import = import;
  return rt_pcap_walk (walk, error);
}

/**
 * rt_pcap_survey_get:
 * @survey: a survey
 * @connection: a connection's number
 *
 * Returns: (transfer none) (nullable): what is known of it
 */
const RtPcapFinding *
rt_pcap_survey_get (RtPcapSurvey *survey, guint64 connection)
{
  return connection < survey->findings->len
             ? &g_array_index (survey->findings, RtPcapFinding, connection)
             : NULL;
}

/** rt_pcap_survey_is_serving: whether HTTP was seen at that end's address and port. */
gboolean
rt_pcap_survey_is_serving (RtPcapSurvey *survey, const RtTcpConnection *connection, RtDirection end)
{
  g_autofree char *service = service_of (connection, end);

  return g_hash_table_contains (survey->services, service);
}

const RtPcapCounts *
rt_pcap_survey_get_counts (RtPcapSurvey *survey)
{
  return &survey->counts;
}

static char *
name_client (RtPcapSurvey *self, const RtIpAddress *end)
{
  g_autofree char *address = rt_ip_address_format (end);
  const char *given = g_hash_table_lookup (self->given, address);
  const char *serves = g_hash_table_lookup (self->servers, address);
  gboolean loops = g_str_has_prefix (address, "127.") || g_str_equal (address, "::1");

  /* Everybody is at the loopback's address. */
  if (given == NULL && !loops)
    given = serves;
  return given != NULL ? g_strdup (given) : g_steal_pointer (&address);
}

/**
 * rt_pcap_survey_name_ends:
 * @connection: a connection
 * @finding: what is known of it
 * @ret_client: (out): what to call its client
 * @ret_server: (out): what to call its server; never the same
 */
void
rt_pcap_survey_name_ends (RtPcapSurvey *survey,
                          const RtTcpConnection *connection,
                          const RtPcapFinding *finding,
                          char **ret_client,
                          char **ret_server)
{
  RtDirection server = !finding->client;
  g_autofree char *address = rt_ip_address_format (&connection->ends[server]);
  g_autofree char *client = name_client (survey, &connection->ends[finding->client]);
  const char *name = g_hash_table_lookup (survey->given, address);

  if (name == NULL && finding->name > 0)
    name = survey->names->pdata[finding->name - 1];
  if (name == NULL)
    name = g_hash_table_lookup (survey->servers, address);
  if (name == NULL)
    name = address;
  *ret_server = g_str_equal (name, client) ? service_of (connection, server) : g_strdup (name);
  *ret_client = g_steal_pointer (&client);
}
