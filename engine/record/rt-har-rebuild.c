/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Connections and exchanges out of entries. On a connection one exchange follows the other here,
 * while a browser with HTTP/2 has many at a time on one: those that overlap get connections of
 * their own. Connections that the archive tells apart are never joined. */
#include "rt-har-private.h"

#include "rt-facts.h"
#include "rt-uri.h"

#include <string.h>

/* Clients, and servers. */
#define PARTIES_MAX 30000
/* Open connections; the one that was used longest ago is closed for another. */
#define CONNECTIONS_MAX 256
/* Longer data of a WebSocket message is kept up to here. */
#define FRAME_DATA_MAX (256 * 1024)

typedef struct
{
  RtConnection id;
  guint origin;
  RtPartyId client, server;
  guint archive; /* which of the archive's connections, a hash; 0: it does not say */
  RtTime idle;   /* from then on */
} Open;

struct _RtHarRebuilder
{
  RtImport *import;
  RtHarReader *reader;
  GHashTable *clients; /* name → RtPartyId; looked up, never walked */
  GHashTable *origins; /* name_origin() → 1 + index of a party; looked up, never walked */
  GArray *parties;     /* RtPartyId */
  GHashTable *names;   /* host → RtPartyId; looked up, never walked */
  GArray *open;        /* Open, used longest ago first */
  gboolean undated;
  RtTime last;
  RtFacts facts;          /* of the message at hand */
  GString *name, *target; /* of the origin and of the request at hand */
};

/* Where a request goes and when what of it happened. */
typedef struct
{
  RtUri uri;
  RtAuthority authority;
  gboolean secure;
  guint16 port;
  RtTime started, connect, connected, sent, sent_last, received, received_last;
} Plan;

/**
 * rt_har_rebuilder_new:
 * @import: told of what happened
 * @reader: whose entries are given, for warnings
 */
RtHarRebuilder *
rt_har_rebuilder_new (RtImport *import, RtHarReader *reader)
{
  RtHarRebuilder *rebuilder = g_new0 (RtHarRebuilder, 1);

  rebuilder->import = import;
  rebuilder->reader = reader;
  rebuilder->origins = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  rebuilder->clients = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  rebuilder->names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  rebuilder->parties = g_array_new (FALSE, FALSE, sizeof (RtPartyId));
  rebuilder->open = g_array_new (FALSE, FALSE, sizeof (Open));
  rt_facts_init (&rebuilder->facts);
  rebuilder->name = g_string_new (NULL);
  rebuilder->target = g_string_new (NULL);
  return rebuilder;
}

void
rt_har_rebuilder_free (RtHarRebuilder *rebuilder)
{
  g_hash_table_unref (rebuilder->origins);
  g_hash_table_unref (rebuilder->names);
  g_hash_table_unref (rebuilder->clients);
  g_array_unref (rebuilder->parties);
  g_array_unref (rebuilder->open);
  rt_facts_clear (&rebuilder->facts);
  g_string_free (rebuilder->name, TRUE);
  g_string_free (rebuilder->target, TRUE);
  g_free (rebuilder);
}

/* When */

static RtTime
known (gint64 duration)
{
  return MAX (duration, 0);
}

/* HAR 1.2: `time` is the sum of the timings that are known, without `ssl`, which is part of
 * `connect`. Where only `time` is known, it is all waiting. */
static void
plan_times (Plan *plan, const RtHarEntry *entry, RtTime started)
{
  const gint64 *timings = entry->timings;
  gboolean any = FALSE;

  for (guint i = 0; i < RT_HAR_N_TIMINGS; i++)
    any |= timings[i] >= 0;
  plan->started = started;
  plan->connect = started + known (timings[RT_HAR_BLOCKED]) + known (timings[RT_HAR_DNS]);
  plan->connected = plan->connect + known (timings[RT_HAR_CONNECT]);
  plan->sent = plan->connected;
  plan->sent_last = plan->sent + known (timings[RT_HAR_SEND]);
  plan->received = plan->sent_last + known (any ? timings[RT_HAR_WAIT] : entry->time);
  plan->received_last = plan->received + known (timings[RT_HAR_RECEIVE]);
}

/* Where to */

static gboolean
plan_place (Plan *plan, const RtHarEntry *entry)
{
  RtText url = rt_har_text (entry, entry->url);
  guint port = 0;

  plan->uri = rt_uri_split (url);
  if (plan->uri.scheme.at == NULL || plan->uri.authority.at == NULL
      || !rt_authority_parse (plan->uri.authority, &plan->authority)
      || plan->authority.host.length == 0)
    return FALSE;
  plan->secure = rt_text_is_nocase (plan->uri.scheme, "https")
                 || rt_text_is_nocase (plan->uri.scheme, "wss");
  if (!rt_authority_get_port (&plan->authority, &port) || port == 0)
    port = plan->secure ? 443 : 80;
  plan->port = (guint16)port;
  return TRUE;
}

/* The authority without user information, which no request carries: RFC 9110 §4.2.4. */
static RtText
host_and_port (const Plan *plan)
{
  RtText whole = plan->uri.authority;
  gsize skip = (gsize)(plan->authority.host.at - whole.at);

  return rt_text_sub (whole, skip, whole.length - skip);
}

static void
write_target (GString *out, const Plan *plan, const RtHarEntry *entry)
{
  RtText target = rt_har_text (entry, entry->target);
  RtText query = plan->uri.query;

  g_string_truncate (out, 0);
  if (!entry->target.set && rt_text_is (rt_har_text (entry, entry->method), "CONNECT"))
    target = host_and_port (plan);
  if (entry->target.set || target.length > 0)
    {
      g_string_append_len (out, target.at, (gssize)target.length);
      return;
    }
  if (plan->uri.path.length == 0)
    g_string_append_c (out, '/');
  g_string_append_len (out, plan->uri.path.at, (gssize)plan->uri.path.length);
  if (query.at == NULL)
    return;
  g_string_append_c (out, '?');
  g_string_append_len (out, query.at, (gssize)query.length);
}

/* @table: clients or servers, by their names */
static RtPartyId
party_named (RtHarRebuilder *rebuilder, GHashTable *table, const char *name, const char *kind)
{
  gpointer found = g_hash_table_lookup (table, name);
  RtPartyId party;

  if (found != NULL)
    return (RtPartyId)GPOINTER_TO_UINT (found);
  /* Numbers of parties have 16 bits; an archive of so many hosts shares one among the rest. */
  if (g_hash_table_size (table) >= PARTIES_MAX)
    return 2;
  party = rt_import_party (rebuilder->import, name, kind);
  g_hash_table_insert (table, g_strdup (name), GUINT_TO_POINTER ((guint)party));
  return party;
}

/* Scheme, host in lower case and port, as a key; returns where the host begins in it. */
static gsize
name_origin (GString *name, const Plan *plan)
{
  RtText host = plan->authority.host;
  gsize start;

  g_string_assign (name, plan->secure ? "https://" : "http://");
  start = name->len;
  g_string_append_len (name, host.at, (gssize)host.length);
  for (gsize i = start; i < name->len; i++)
    name->str[i] = g_ascii_tolower (name->str[i]);
  g_string_append_c (name, ':');
  for (guint port = plan->port; port > 0; port >>= 4)
    g_string_append_c (name, (char)('a' + (port & 15)));
  return start;
}

/* Index of the origin that the URL is of. */
static guint
find_origin (RtHarRebuilder *rebuilder, const Plan *plan)
{
  gsize start = name_origin (rebuilder->name, plan);
  gpointer found = g_hash_table_lookup (rebuilder->origins, rebuilder->name->str);
  g_autofree char *host = NULL;
  RtPartyId party;

  if (found != NULL)
    return GPOINTER_TO_UINT (found) - 1;
  host = g_strndup (rebuilder->name->str + start, plan->authority.host.length);
  party = party_named (rebuilder, rebuilder->names, host, "origin");
  g_array_append_val (rebuilder->parties, party);
  g_hash_table_insert (rebuilder->origins, g_strdup (rebuilder->name->str),
                       GUINT_TO_POINTER (rebuilder->parties->len));
  return rebuilder->parties->len - 1;
}

/* Connections */

/* The protocol as ALPN names it, NULL where the archive does not say. */
static const char *
alpn_of (const RtHarEntry *entry, const RtHarMessage *message)
{
  static const struct
  {
    const char *version, *alpn;
  } names[] = {
    { "h2", "h2" },    { "HTTP/2", "h2" },         { "HTTP/2.0", "h2" },
    { "h3", "h3" },    { "HTTP/3", "h3" },         { "HTTP/3.0", "h3" },
    { "h3-29", "h3" }, { "HTTP/1.1", "http/1.1" }, { "HTTP/1.0", "http/1.0" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (rt_har_version_is (entry, message, names[i].version))
      return names[i].alpn;
  return NULL;
}

static void
close_at (RtHarRebuilder *rebuilder, guint index)
{
  Open *open = &g_array_index (rebuilder->open, Open, index);

  rt_import_end (rebuilder->import, open->id, RT_FORWARD, open->idle);
  rt_import_end (rebuilder->import, open->id, RT_BACKWARD, open->idle);
  g_array_remove_index (rebuilder->open, index);
}

static void
make_room (RtHarRebuilder *rebuilder)
{
  if (rebuilder->open->len >= CONNECTIONS_MAX)
    close_at (rebuilder, 0);
}

/* Who they are called by our own export; others tell of a browser and of hosts. */
static RtPartyId
find_client (RtHarRebuilder *rebuilder, const RtHarEntry *entry)
{
  g_autofree char *name = rt_text_dup (rt_har_text (entry, entry->client));

  if (entry->client.length > 0)
    return party_named (rebuilder, rebuilder->clients, name, "client");
  return party_named (rebuilder, rebuilder->clients, "browser", "browser");
}

static RtPartyId
find_server (RtHarRebuilder *rebuilder, const RtHarEntry *entry, guint origin)
{
  g_autofree char *name = rt_text_dup (rt_har_text (entry, entry->server));

  if (entry->server.length > 0)
    return party_named (rebuilder, rebuilder->names, name, "origin");
  return g_array_index (rebuilder->parties, RtPartyId, origin);
}

static Open
open_connection (RtHarRebuilder *rebuilder,
                 const RtHarEntry *entry,
                 const Plan *plan,
                 const Open *wanted)
{
  g_autofree char *host = rt_text_dup (plan->authority.host);
  const char *alpn = alpn_of (entry, &entry->response);
  Open open = *wanted;

  make_room (rebuilder);
  open.id = rt_import_connect (rebuilder->import, plan->connect, open.client, open.server, host,
                               plan->port, RT_BYTES_RECONSTRUCTED);
  rt_import_established (rebuilder->import, open.id, plan->connected);
  if (plan->secure)
    rt_import_secured (rebuilder->import, open.id, plan->connected, NULL,
                       alpn != NULL ? alpn : alpn_of (entry, &entry->request));
  return open;
}

/* A connection that is idle when the request is sent; taken out of the list. */
static Open
take_connection (RtHarRebuilder *rebuilder, const RtHarEntry *entry, const Plan *plan)
{
  guint origin = find_origin (rebuilder, plan);
  RtText name = rt_har_text (entry, entry->connection);
  Open wanted = { .origin = origin,
                  .client = find_client (rebuilder, entry),
                  .server = find_server (rebuilder, entry, origin) };

  for (gsize i = 0; i < name.length; i++)
    wanted.archive = wanted.archive * 33 + (guint8)name.at[i];
  wanted.archive |= name.length > 0 ? 0x80000000u : 0;
  for (guint i = rebuilder->open->len; i-- > 0;)
    {
      Open open = g_array_index (rebuilder->open, Open, i);

      if (open.origin != origin || open.archive != wanted.archive || open.client != wanted.client
          || open.server != wanted.server || open.idle > plan->connect)
        continue;
      /* Who says that this one was opened anew, and not which one it was, means another. */
      if (wanted.archive == 0 && entry->timings[RT_HAR_CONNECT] > 0)
        continue;
      g_array_remove_index (rebuilder->open, i);
      return open;
    }
  return open_connection (rebuilder, entry, plan, &wanted);
}

/* Facts */

static void
add_text (RtFacts *facts, const RtHarEntry *entry, const char *name, RtHarText text)
{
  if (text.set && text.length > 0)
    rt_facts_add_text (facts, name, rt_har_text (entry, text));
}

static gboolean
is_http1 (const RtHarEntry *entry, const RtHarMessage *message)
{
  return !message->version.set || rt_har_version_is (entry, message, "HTTP/1.1")
         || rt_har_version_is (entry, message, "HTTP/1.0");
}

static void
add_version (RtFacts *facts, const RtHarEntry *entry, const RtHarMessage *message)
{
  if (!is_http1 (entry, message))
    add_text (facts, entry, "version", message->version);
}

/* `false` is what some write for an answer that did not come from a cache. */
static gboolean
is_from_cache (const RtHarEntry *entry)
{
  return entry->from_cache.length > 0
         && !rt_text_is (rt_har_text (entry, entry->from_cache), "false");
}

static void
add_trailers (RtFacts *facts, const RtHarEntry *entry, const RtHarMessage *message)
{
  g_autofree char *lines = rt_har_dup_trailers (entry, message);

  if (lines != NULL)
    rt_facts_add_text (facts, "trailers", rt_text (lines));
}

static RtText
request_facts (RtFacts *facts, const RtHarEntry *entry)
{
  rt_facts_reset (facts);
  rt_facts_add_numbers (facts, "timings", entry->timings, RT_HAR_N_TIMINGS);
  add_version (facts, entry, &entry->request);
  if (is_from_cache (entry))
    add_text (facts, entry, "from-cache", entry->from_cache);
  add_text (facts, entry, "server-address", entry->server_address);
  add_text (facts, entry, "connection", entry->connection);
  add_text (facts, entry, "page", entry->page);
  add_text (facts, entry, "resource-type", entry->resource_type);
  add_text (facts, entry, "comment", entry->comment);
  add_text (facts, entry, "error", entry->error);
  add_trailers (facts, entry, &entry->request);
  return rt_facts_end (facts);
}

static RtText
response_facts (RtFacts *facts, const RtHarEntry *entry)
{
  if (is_http1 (entry, &entry->response) && entry->response.transfer_size < 0
      && entry->response.trailers->len == 0)
    return RT_TEXT ("");
  rt_facts_reset (facts);
  add_version (facts, entry, &entry->response);
  if (entry->response.transfer_size >= 0)
    rt_facts_add_number (facts, "transfer-size", entry->response.transfer_size);
  add_trailers (facts, entry, &entry->response);
  return rt_facts_end (facts);
}

/* Messages */

static void
add_request (RtHarRebuilder *rebuilder, const RtHarEntry *entry, const Plan *plan, Open *open)
{
  RtRebuilt request = { .facts = request_facts (&rebuilder->facts, entry),
                        .first = plan->sent,
                        .last = plan->sent_last };
  g_autoptr (GBytes) head = NULL;
  g_autofree char *why = NULL;
  g_autofree char *comment
      = entry->comment.length > 0 ? rt_text_dup (rt_har_text (entry, entry->comment)) : NULL;
  g_autoptr (GBytes) content
      = rt_har_dup_request_content (rebuilder->reader, entry, &request.missing, &why);

  write_target (rebuilder->target, plan, entry);
  head = rt_har_dup_request_head (rebuilder->reader, entry, host_and_port (plan),
                                  (RtText){ rebuilder->target->str, rebuilder->target->len });
  request.head = head;
  request.why = why;
  request.comment = comment;
  request.content = content;
  rt_import_rebuilt (rebuilder->import, open->id, RT_FORWARD, &request);
}

/* They come one after the other, between the request and the response. */
static void
add_interim (RtHarRebuilder *rebuilder, const RtHarEntry *entry, const Plan *plan, Open *open)
{
  RtTime last = plan->sent;

  for (guint i = 0; i < entry->interim->len; i++)
    {
      const RtHarInterim *interim = &g_array_index (entry->interim, RtHarInterim, i);
      g_autoptr (GBytes) head = rt_har_dup_interim_head (rebuilder->reader, entry, interim);

      last = CLAMP (plan->started + MAX (interim->time, 0), last, MAX (last, plan->received));
      rt_import_rebuilt (rebuilder->import, open->id, RT_BACKWARD,
                         &(RtRebuilt){ .head = head, .first = last, .last = last });
    }
}

/* Status 0 is what browsers write for a request that was blocked, failed or was cancelled; an error
 * beside another status is of an answer that broke off. */
static void
add_failure (RtHarRebuilder *rebuilder, const RtHarEntry *entry, const Plan *plan, Open *open)
{
  g_autofree char *error
      = entry->error.length > 0
            ? g_utf8_make_valid ((const char *)entry->text->data + entry->error.at,
                                 entry->error.length)
            : g_strdup ("the archive has no response: blocked, cancelled or failed");

  rt_import_abort (rebuilder->import, open->id, plan->received_last, error);
}

/* How much of the content never came of an answer that ended in an error: as much as its length
 * says, or something. */
static guint64
count_cut (const RtHarEntry *entry, GBytes *content)
{
  gsize have = content != NULL ? g_bytes_get_size (content) : 0;

  for (guint i = 0; i < entry->response.headers->len; i++)
    {
      const RtHarPair *pair = &g_array_index (entry->response.headers, RtHarPair, i);
      guint64 length;

      if (rt_text_is_nocase (rt_har_text (entry, pair->name), "content-length")
          && rt_text_to_uint64 (rt_har_text (entry, pair->value), &length) && length > have
          && length < G_MAXUINT32)
        return length - have;
    }
  return 1;
}

static void
add_response (RtHarRebuilder *rebuilder, const RtHarEntry *entry, const Plan *plan, Open *open)
{
  g_autoptr (GBytes) head = rt_har_dup_response_head (rebuilder->reader, entry);
  RtRebuilt response = { .head = head,
                         .facts = response_facts (&rebuilder->facts, entry),
                         .first = plan->received,
                         .last = plan->received_last };
  g_autofree char *why = NULL;
  g_autoptr (GBytes) content
      = rt_har_dup_response_content (rebuilder->reader, entry, &response.missing, &why);

  response.why = why;
  response.content = content;
  if (entry->error.length > 0)
    response.cut = count_cut (entry, content);
  rt_import_rebuilt (rebuilder->import, open->id, RT_BACKWARD, &response);
}

static void
add_frames (RtHarRebuilder *rebuilder, const RtHarEntry *entry, const Plan *plan, Open *open)
{
  RtTime last = plan->received_last;

  for (guint i = 0; i < entry->frames->len; i++)
    {
      const RtHarFrame *frame = &g_array_index (entry->frames, RtHarFrame, i);
      RtText data = rt_har_text (entry, frame->data);
      gboolean sent = rt_text_is (rt_har_text (entry, frame->type), "send");
      g_autofree char *valid = NULL;

      if (data.length > FRAME_DATA_MAX)
        rt_har_reader_warn (rebuilder->reader,
                            "_webSocketMessages: message %u is longer than 256 KiB; cut", i + 1);
      valid = g_utf8_make_valid (data.at, (gssize)MIN (data.length, FRAME_DATA_MAX));
      last = MAX (last, frame->time);
      rt_import_state (rebuilder->import, open->id, sent ? RT_FORWARD : RT_BACKWARD, last,
                       "WebSocket message", sent ? "sent" : "received",
                       g_variant_new ("(xs)", frame->opcode, valid));
    }
}

/**
 * rt_har_rebuilder_add:
 * @entry: the next one in the order of time
 */
void
rt_har_rebuilder_add (RtHarRebuilder *rebuilder, const RtHarEntry *entry)
{
  gboolean answered = entry->status >= 100 && entry->status <= 999;
  Plan plan = { 0 };
  Open open;

  if (!plan_place (&plan, entry))
    {
      rt_har_reader_warn (rebuilder->reader,
                          entry->url.length == 0
                              ? "there is no request.url; the entry is left out"
                              : "request.url has no host (a data: or blob: URL, or none); the "
                                "entry is left out");
      return;
    }
  if (entry->started == RT_HAR_UNKNOWN && !rebuilder->undated)
    rt_har_reader_warn (rebuilder->reader, "startedDateTime is missing; the time of the entry "
                                           "before it is taken");
  rebuilder->undated |= entry->started == RT_HAR_UNKNOWN;
  rebuilder->last = entry->started != RT_HAR_UNKNOWN ? entry->started : rebuilder->last;
  plan_times (&plan, entry, rebuilder->last);
  if (entry->has_response && entry->status > 999)
    rt_har_reader_warn (rebuilder->reader, "response.status is none; expected 100 to 999, or 0");
  open = take_connection (rebuilder, entry, &plan);
  add_request (rebuilder, entry, &plan, &open);
  rt_import_count_exchange (rebuilder->import);
  if (!answered)
    {
      add_failure (rebuilder, entry, &plan, &open);
      return;
    }
  add_interim (rebuilder, entry, &plan, &open);
  add_response (rebuilder, entry, &plan, &open);
  if (entry->frames->len > 0)
    add_frames (rebuilder, entry, &plan, &open);
  if (entry->error.length > 0)
    {
      add_failure (rebuilder, entry, &plan, &open);
      return;
    }
  open.idle = plan.received_last;
  make_room (rebuilder);
  g_array_append_val (rebuilder->open, open);
}
