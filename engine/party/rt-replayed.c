/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The replayed session.
 *
 * Which response is meant: of those to the same method and target the one whose request differs
 * least from this one in host, content and the fields that select a response; among equals the
 * first that was not given yet, so that what changed in the recording changes again, in its order.
 * After the last of them it is the last for good.
 *
 * A response that was recorded off the wire goes out byte for byte, be it right or wrong; one that
 * was reconstructed is written anew, with a framing of its own. */
#include "rt-replayed.h"

#include "rt-reply.h"
#include "rt-uri.h"

/* Of requests that were recorded, a 404 names so many. */
#define NAMED_MAX 20
/* How much it says that host, content, or a field that selects the response differ. */
#define OTHER_HOST 4096
#define OTHER_CONTENT 1024
#define OTHER_SELECTION 32

typedef struct
{
  RtAnalysis *analysis;
  const RtExchange *exchange;
  guint times; /* that it was given */
} Answer;

struct _RtReplayed
{
  RtServer *server;
  GHashTable *by_request; /* `GET /path?query` → GPtrArray of Answer */
  GPtrArray *requests;    /* its keys, in the order of the recording */
  guint n_answers;
};

/* `GET /path?query`, whatever form the target has. NULL: CONNECT, which asks for no resource. */
static char *
dup_request (const RtMessage *request)
{
  RtUri uri = rt_uri_split (request->target);
  g_autofree char *method = rt_text_dup (request->method);
  g_autofree char *target = NULL;
  const char *slash = "";

  if (rt_text_is (request->method, "CONNECT"))
    return NULL;
  if (request->target.length > 0 && request->target.at[0] != '/' && uri.authority.at != NULL)
    {
      /* RFC 9112 §3.2.2: the absolute-form, with what precedes the path left out. */
      gsize from = (gsize)(uri.authority.at + uri.authority.length - request->target.at);
      RtText rest = rt_text_sub (request->target, from, request->target.length - from);

      slash = rest.length > 0 && rest.at[0] == '/' ? "" : "/";
      target = rt_text_dup (rest);
    }
  else
    target = rt_text_dup (request->target);
  return g_strdup_printf ("%s %s%s", method, slash, target);
}

/* Which is meant */

static gboolean
fields_differ (RtFields *a, RtFields *b, const char *name)
{
  g_autofree char *left = rt_fields_dup_combined (a, name);
  g_autofree char *right = rt_fields_dup_combined (b, name);

  return g_strcmp0 (left, right) != 0;
}

/* RFC 9110 §12.5.5: what the response says it was selected by. */
static guint
count_varied (const Answer *answer, RtFields *recorded, RtFields *fields)
{
  g_autofree char *vary
      = rt_fields_dup_combined (answer->exchange->response->message->fields, "Vary");
  g_auto (GStrv) names = g_strsplit (vary != NULL ? vary : "", ",", -1);
  guint n = 0;

  for (guint i = 0; names[i] != NULL; i++)
    n += *g_strstrip (names[i]) != '\0' && fields_differ (recorded, fields, names[i]);
  return n;
}

static const char *const conditions[] = {
  "If-Match", "If-None-Match", "If-Modified-Since", "If-Unmodified-Since", "If-Range", "Range", NULL
};

static guint
measure_fields (const Answer *answer, RtFields *fields)
{
  static const char *const others[]
      = { "Accept",       "Accept-Encoding", "Accept-Language", "Authorization",
          "Content-Type", "Cookie",          "Origin",          NULL };
  RtFields *recorded = answer->exchange->request->message->fields;
  guint distance = OTHER_SELECTION * count_varied (answer, recorded, fields);

  for (guint i = 0; conditions[i] != NULL; i++)
    distance += fields_differ (recorded, fields, conditions[i]) ? OTHER_SELECTION : 0;
  for (guint i = 0; others[i] != NULL; i++)
    distance += fields_differ (recorded, fields, others[i]);
  return distance;
}

static gboolean
content_differs (const Answer *answer, GBytes *content)
{
  const RtTransfer *request = answer->exchange->request;
  gsize length = content != NULL ? g_bytes_get_size (content) : 0;
  g_autoptr (GBytes) recorded = NULL;

  if (request->content_length != length)
    return TRUE;
  recorded = length > 0 ? rt_analysis_dup_content (answer->analysis, request) : NULL;
  return length > 0 && (recorded == NULL || !g_bytes_equal (recorded, content));
}

static guint
measure (const Answer *answer, const RtServerRequest *request)
{
  return (g_ascii_strcasecmp (answer->exchange->authority, request->authority) != 0 ? OTHER_HOST
                                                                                    : 0)
         + (content_differs (answer, request->content) ? OTHER_CONTENT : 0)
         + measure_fields (answer, request->message->fields);
}

/* Some answers mean nothing to who has not asked for them: 304 and 412 to a request without
 * conditions (RFC 9110 §15.4.5, §15.5.13), 206 to one without a range (§15.3.7). */
static gboolean
can_answer (const Answer *answer, RtFields *fields)
{
  guint status = answer->exchange->response->message->status;
  gboolean conditional = FALSE;

  if (status == 206)
    return rt_fields_first (fields, "Range") != NULL;
  if (status != 304 && status != 412)
    return TRUE;
  for (guint i = 0; conditions[i] != NULL; i++)
    conditional |= rt_fields_first (fields, conditions[i]) != NULL;
  return conditional;
}

static Answer *
find_answer (RtReplayed *self, const RtServerRequest *request)
{
  g_autofree char *key = dup_request (request->message);
  GPtrArray *answers = key != NULL ? g_hash_table_lookup (self->by_request, key) : NULL;
  Answer *best = NULL;
  guint least = G_MAXUINT;

  for (guint i = 0; answers != NULL && i < answers->len; i++)
    {
      Answer *answer = answers->pdata[i];
      guint distance;

      if (!can_answer (answer, request->message->fields))
        continue;
      distance = measure (answer, request);
      if (distance < least || (distance == least && best->times > 0))
        {
          best = answer;
          least = distance;
        }
    }
  return best;
}

/* What is said */

static void
say (RtServerRequest *request, guint status, const char *text, RtTime now, RtEffects *out)
{
  RtReply reply = { 0 };

  rt_reply_with_status (&reply, status, text);
  rt_server_request_answer (request, reply.response, reply.content, now, out);
  rt_reply_clear (&reply);
}

static void
say_not_recorded (RtReplayed *self, RtServerRequest *request, RtTime now, RtEffects *out)
{
  g_autofree char *asked = dup_request (request->message);
  GString *text = g_string_new (NULL);

  g_string_append_printf (text, "“%s” was not recorded, or not with an answer that fits.\n",
                          asked != NULL ? asked : "CONNECT");
  if (self->requests->len > 0)
    g_string_append (text, "These requests were:\n");
  for (guint i = 0; i < MIN (self->requests->len, NAMED_MAX); i++)
    g_string_append_printf (text, "  %s\n", (const char *)self->requests->pdata[i]);
  if (self->requests->len > NAMED_MAX)
    g_string_append_printf (text, "  … and %u more\n", self->requests->len - NAMED_MAX);
  say (request, 404, text->str, now, out);
  g_string_free (text, TRUE);
}

static GBytes *
dup_recorded (const Answer *answer, const RtTransfer *transfer)
{
  g_autoptr (GError) error = NULL;

  return rt_analysis_dup_bytes (answer->analysis, transfer->whole, &error);
}

/* Leave to send the content (100) is given by the server itself, when it is asked for it; other
 * interim responses are part of the answer. */
static void
give_interim (const Answer *answer, RtServerRequest *request, RtTime now, RtEffects *out)
{
  GPtrArray *interim = answer->exchange->interim;

  for (guint i = 0; i < interim->len && request->message->version == RT_VERSION_1_1; i++)
    {
      const RtTransfer *transfer = interim->pdata[i];
      g_autoptr (GBytes) bytes
          = transfer->message->status != 100 ? dup_recorded (answer, transfer) : NULL;

      if (bytes != NULL)
        rt_server_request_write_raw (request, bytes, now, out);
    }
}

/* Byte for byte. What was broken off is broken off again, and what ended with its connection ends
 * with it. */
static void
give_bytes (const Answer *answer, RtServerRequest *request, RtTime now, RtEffects *out)
{
  const RtTransfer *response = answer->exchange->response;
  g_autoptr (GBytes) bytes = dup_recorded (answer, response);

  if (bytes == NULL)
    {
      say (request, 404, "The recording has lost bytes of this response.\n", now, out);
      return;
    }
  give_interim (answer, request, now, out);
  rt_server_request_write_raw (request, bytes, now, out);
  if (response->complete && rt_http1_keeps_open (response->message)
      && response->message->framing != RT_FRAMING_CLOSE && rt_http1_keeps_open (request->message))
    rt_server_request_end (request, now, out);
  else
    rt_server_request_stop (request, now, out);
}

/* What was said of a connection and a coding that are both gone. */
static gboolean
is_of_the_wire (const RtField *field, gboolean has_content)
{
  static const char *const names[]
      = { "Connection", "Content-Encoding",  "Keep-Alive", "Proxy-Connection",
          "Trailer",    "Transfer-Encoding", "Upgrade" };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    if (rt_text_is_nocase (field->name, names[i]))
      return TRUE;
  /* That of an answer to HEAD tells what GET would bring, RFC 9110 §8.6. */
  if (rt_text_is_nocase (field->name, "Content-Length"))
    return has_content;
  return field->name.length == 0 || field->name.at[0] == ':';
}

static void
give_rebuilt (const Answer *answer, RtServerRequest *request, RtTime now, RtEffects *out)
{
  const RtTransfer *recorded = answer->exchange->response;
  g_autoptr (GBytes) content = rt_analysis_dup_content (answer->analysis, recorded);
  g_autoptr (RtMessage) response = rt_message_new_response (recorded->message->status, NULL);
  gboolean has_content = !rt_text_is (request->message->method, "HEAD");

  if (recorded->missing != NULL && has_content)
    {
      say (request, 404, "The recording has this response, but not its content.\n", now, out);
      return;
    }
  rt_message_set_status (response, recorded->message->status, recorded->message->reason);
  for (guint i = 0; i < rt_fields_get_length (recorded->message->fields); i++)
    {
      const RtField *field = rt_fields_get (recorded->message->fields, i);

      if (!is_of_the_wire (field, has_content))
        rt_fields_append_field (response->fields, field);
    }
  rt_server_request_answer (request, response, content, now, out);
}

static void
complete (gpointer self, RtServerRequest *request, RtTime now, RtEffects *out)
{
  Answer *answer = find_answer (self, request);
  g_autofree char *key = NULL;

  if (answer == NULL)
    {
      say_not_recorded (self, request, now, out);
      return;
    }
  answer->times++;
  key = dup_request (request->message);
  rt_effects_state (out, "recorded", key,
                    g_variant_new_printf ("exchange %u", answer->exchange->id));
  if (answer->exchange->reconstructed)
    give_rebuilt (answer, request, now, out);
  else
    give_bytes (answer, request, now, out);
}

static const RtServerHandler handler = { .complete = complete };

/* The recording */

/**
 * rt_replayed_new:
 * @limits: (nullable): what it puts up with; %NULL: the standard limits
 *
 * Returns: (transfer full): a server without a recording
 */
RtReplayed *
rt_replayed_new (const RtServerLimits *limits)
{
  RtReplayed *replayed = g_new0 (RtReplayed, 1);

  replayed->server = rt_server_new (&handler, replayed, limits);
  replayed->by_request
      = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_ptr_array_unref);
  replayed->requests = g_ptr_array_new ();
  return replayed;
}

void
rt_replayed_free (RtReplayed *replayed)
{
  rt_server_free (replayed->server);
  g_ptr_array_unref (replayed->requests);
  g_hash_table_unref (replayed->by_request);
  g_free (replayed);
}

/**
 * rt_replayed_add:
 * @replayed: a server
 * @analysis: of the recording; outlives @replayed
 * @exchange: one of it
 *
 * Gives it a response. The order of the calls is that of the answers.
 *
 * Returns: %FALSE if there is none: no request or final response was recorded, or what followed was
 *   no HTTP
 */
gboolean
rt_replayed_add (RtReplayed *replayed, RtAnalysis *analysis, const RtExchange *exchange)
{
  const RtTransfer *request = exchange->request;
  const RtTransfer *response = exchange->response;
  GPtrArray *answers;
  Answer *answer;
  char *key;

  if (request == NULL || !request->has_head || response == NULL || !response->has_head
      || response->message->status < 200 || response->message->framing == RT_FRAMING_TUNNEL)
    return FALSE;
  key = dup_request (request->message);
  if (key == NULL)
    return FALSE;
  answers = g_hash_table_lookup (replayed->by_request, key);
  if (answers == NULL)
    {
      answers = g_ptr_array_new_with_free_func (g_free);
      g_hash_table_insert (replayed->by_request, key, answers);
      g_ptr_array_add (replayed->requests, key);
    }
  else
    g_free (key);
  answer = g_new (Answer, 1);
  *answer = (Answer){ analysis, exchange, 0 };
  g_ptr_array_add (answers, answer);
  replayed->n_answers++;
  return TRUE;
}

/**
 * rt_replayed_get_length:
 * @replayed: a server
 *
 * Returns: how many responses it has
 */
guint
rt_replayed_get_length (RtReplayed *replayed)
{
  return replayed->n_answers;
}

static void
input_replayed (gpointer self, const RtInput *input, RtEffects *out)
{
  RtReplayed *replayed = self;

  rt_server_input (replayed->server, input, out);
}

static void
free_replayed (gpointer self)
{
  rt_replayed_free (self);
}

const RtPartyClass rt_replayed_class = { "origin", input_replayed, free_replayed };
