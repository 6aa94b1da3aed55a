/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Requests made ready to be sent once more.
 *
 * What was recorded off the wire and is not changed goes out byte for byte. Everything else is
 * written anew: the target in origin-form, the fields of the recording with those of its framing
 * set right. Whoever re-sends is not who was recorded, so credentials are left out: whole fields,
 * parameters of the query; where they are in the content, the request is not sent at all, because
 * without them it would be another one. */
#include "rt-resend.h"

#include "rt-address.h"
#include "rt-content.h"
#include "rt-http1.h"
#include "rt-scan.h"
#include "rt-secret.h"
#include "rt-uri.h"

typedef struct
{
  RtResend *resend;
  gboolean exact; /* nothing was changed so far */
} Making;

/* Secrets */

/* What opens doors; a person's name does not. */
static gboolean
is_credential (const RtSecret *secret)
{
  return secret->kind != RT_SECRET_EMAIL && secret->kind != RT_SECRET_SUSPECTED;
}

static void
note_secret (const RtSecret *secret, gpointer found)
{
  *(gboolean *)found |= is_credential (secret);
}

static gboolean
field_has_credentials (const RtField *field)
{
  gboolean found = rt_text_is_nocase (field->name, "Authorization")
                   || rt_text_is_nocase (field->name, "Proxy-Authorization")
                   || rt_text_is_nocase (field->name, "Cookie");

  rt_secret_find_in_field (field->name, field->value, note_secret, &found);
  return found;
}

static gboolean
text_has_credentials (RtText text)
{
  gboolean found = FALSE;

  rt_secret_find_in_text (text, note_secret, &found);
  return found;
}

static void
drop (Making *making, RtText what)
{
  making->exact = FALSE;
  g_ptr_array_add (making->resend->dropped, rt_text_escape (what));
}

static void
drop_fields (Making *making, RtFields *fields)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < rt_fields_get_length (fields); i++)
    if (field_has_credentials (rt_fields_get (fields, i)))
      g_ptr_array_add (names, rt_text_dup (rt_fields_get (fields, i)->name));
  for (guint i = 0; i < names->len; i++)
    if (rt_fields_remove (fields, names->pdata[i]) > 0)
      drop (making, rt_text (names->pdata[i]));
}

/* @target without the parameters of its query that are credentials. */
static char *
drop_parameters (Making *making, const char *target)
{
  const char *query = strchr (target, '?');
  g_auto (GStrv) pairs = query != NULL ? g_strsplit (query + 1, "&", -1) : NULL;
  GString *out;
  guint n = 0;

  if (query == NULL || !text_has_credentials (rt_text (target)))
    return g_strdup (target);
  out = g_string_new_len (target, query - target);
  for (guint i = 0; pairs[i] != NULL; i++)
    {
      /* As it would stand in a URL, where parameters are known by what precedes them. */
      g_autofree char *alone = g_strdup_printf ("/?%s", pairs[i]);

      if (text_has_credentials (rt_text (alone)))
        drop (making, (RtText){ pairs[i], strcspn (pairs[i], "=") });
      else
        g_string_append_printf (out, "%c%s", n++ == 0 ? '?' : '&', pairs[i]);
    }
  return g_string_free (out, FALSE);
}

static gboolean
content_has_credentials (const RtMessage *message, GBytes *content)
{
  const RtField *type = rt_fields_first (message->fields, "Content-Type");
  g_autoptr (RtContent) plain = NULL;
  gboolean found = FALSE;
  RtText text;

  if (content == NULL)
    return FALSE;
  plain = rt_content_decode (message->fields, content, RT_SPAN_NONE);
  text.at = g_bytes_get_data (plain->bytes, &text.length);
  if (text.length > 0)
    rt_secret_find_in_content (type != NULL ? type->value : RT_TEXT_NONE, text, note_secret,
                               &found);
  return found;
}

/* The request */

/* RFC 9112 §3.2.1: an origin server is asked in origin-form. */
static char *
dup_origin_form (RtText target)
{
  RtUri uri = rt_uri_split (target);
  gsize from;

  if (target.length == 0 || target.at[0] == '/' || uri.authority.at == NULL)
    return rt_text_dup (target);
  from = (gsize)(uri.authority.at + uri.authority.length - target.at);
  target = rt_text_sub (target, from, target.length - from);
  if (target.length > 0 && target.at[0] == '/')
    return rt_text_dup (target);
  return g_strdup_printf ("/%.*s", (int)target.length, target.at);
}

/* What was said of a connection that is gone, and what no HTTP/1.1 can say (`:method`). */
static void
remove_hop_fields (RtFields *fields)
{
  static const char *const names[]
      = { "Connection",       "HTTP2-Settings",    "Keep-Alive", "TE",
          "Proxy-Connection", "Transfer-Encoding", "Trailer",    "Upgrade",
          ":authority",       ":method",           ":path",      ":scheme",
          ":protocol" };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    rt_fields_remove (fields, names[i]);
}

/* Appends the fields of @from that have the name of @field. */
static void
append_all_of (RtFields *out, RtFields *from, const RtField *field)
{
  for (guint i = 0; i < rt_fields_get_length (from); i++)
    if (rt_text_equal_nocase (rt_fields_get (from, i)->name, field->name))
      rt_fields_append_field (out, rt_fields_get (from, i));
}

static gboolean
has_before (RtFields *fields, guint end, const RtField *field)
{
  for (guint i = 0; i < end; i++)
    if (rt_text_equal_nocase (rt_fields_get (fields, i)->name, field->name))
      return TRUE;
  return FALSE;
}

/* @fields with those of @set: where the first of the name was, or else at the end; as they are
 * written in @set. */
static RtFields *
put_in_place (RtFields *fields, RtFields *set)
{
  guint n = rt_fields_get_length (fields), n_set = rt_fields_get_length (set);
  RtFields *out = rt_fields_new ();

  for (guint i = 0; i < n; i++)
    {
      const RtField *field = rt_fields_get (fields, i);

      if (!has_before (set, n_set, field))
        rt_fields_append_field (out, field);
      else if (!has_before (fields, i, field))
        append_all_of (out, set, field);
    }
  for (guint i = 0; i < n_set; i++)
    if (!has_before (fields, n, rt_fields_get (set, i)))
      rt_fields_append_field (out, rt_fields_get (set, i));
  return out;
}

static void
apply_edit (Making *making, const RtResendEdit *edit, RtMessage *message)
{
  for (guint i = 0; edit->remove != NULL && edit->remove[i] != NULL; i++)
    rt_fields_remove (message->fields, edit->remove[i]);
  if (edit->set != NULL)
    {
      RtFields *fields = put_in_place (message->fields, edit->set);

      rt_fields_unref (message->fields);
      message->fields = fields;
    }
  making->exact = FALSE;
}

/* RFC 9110 §8.6: whose meaning anticipates content. */
static gboolean
expects_content (RtText method)
{
  return rt_text_is (method, "POST") || rt_text_is (method, "PUT") || rt_text_is (method, "PATCH");
}

/* Content-Length where it stood, if it was said; chunked stays chunked. */
static void
set_framing (RtMessage *message, GBytes *content)
{
  g_autofree char *length
      = g_strdup_printf ("%zu", content != NULL ? g_bytes_get_size (content) : 0);

  if (content != NULL && rt_fields_first (message->fields, "Transfer-Encoding") != NULL)
    {
      rt_fields_remove (message->fields, "Content-Length");
      rt_fields_set (message->fields, "Transfer-Encoding", "chunked");
      return;
    }
  rt_fields_remove (message->fields, "Transfer-Encoding");
  if (content != NULL || expects_content (message->method))
    rt_fields_set (message->fields, "Content-Length", length);
  else
    rt_fields_remove (message->fields, "Content-Length");
}

static RtMessage *
make_message (Making *making,
              const RtExchange *exchange,
              const RtResendEdit *edit,
              gboolean with_credentials)
{
  const RtMessage *recorded = exchange->request->message;
  g_autofree char *method
      = edit->method != NULL ? g_strdup (edit->method) : rt_text_dup (recorded->method);
  g_autofree char *origin_form
      = edit->target != NULL ? g_strdup (edit->target) : dup_origin_form (recorded->target);
  g_autofree char *target = with_credentials || edit->target != NULL
                                ? g_strdup (origin_form)
                                : drop_parameters (making, origin_form);
  RtMessage *message = rt_message_new_request (method, target);

  making->exact = making->exact && rt_text_is (recorded->method, method)
                  && rt_text_is (recorded->target, target) && edit->fields == NULL;
  rt_fields_unref (message->fields);
  message->fields = rt_fields_copy (edit->fields != NULL ? edit->fields : recorded->fields);
  if (exchange->reconstructed)
    remove_hop_fields (message->fields);
  /* What an edit sets is set by somebody who means it, credentials or not. */
  if (!with_credentials && edit->fields == NULL)
    drop_fields (making, message->fields);
  if (edit->set != NULL || edit->remove != NULL)
    apply_edit (making, edit, message);
  if (rt_fields_first (message->fields, "Host") == NULL && exchange->reconstructed)
    rt_fields_set (message->fields, "Host", exchange->authority);
  return message;
}

/* Why the request as it was recorded cannot be sent. */
static const char *
find_obstacle (const RtExchange *exchange, const RtResendEdit *edit)
{
  const RtTransfer *request = exchange->request;

  if (request == NULL || !request->has_head)
    return "no request was recorded";
  if (rt_text_is (request->message->method, "CONNECT"))
    return "a tunnel is no request to an origin server";
  if (exchange->response != NULL && exchange->response->has_head
      && exchange->response->message->status == 101)
    return "what followed was another protocol";
  if (edit->content != NULL)
    return NULL;
  if (request->missing != NULL)
    return "the recording has not kept its content";
  return request->complete ? NULL : "it was not recorded as a whole";
}

static gboolean
is_one_line (RtText value)
{
  for (gsize i = 0; i < value.length; i++)
    if (strchr ("\r\n", value.at[i]) != NULL) /* of which the end is one, too: NUL */
      return FALSE;
  return TRUE;
}

/* Why @message cannot be written: what a recording or a person says may be no HTTP. */
static char *
find_fault (const RtMessage *message)
{
  if (!rt_text_is_token (message->method))
    return g_strdup ("its method is none");
  if (message->target.length == 0)
    return g_strdup ("it has no target");
  for (gsize i = 0; i < message->target.length; i++)
    if ((guchar)message->target.at[i] <= ' ' || message->target.at[i] == 0x7f)
      return g_strdup ("its target has a space or a control character in it");
  for (guint i = 0; i < rt_fields_get_length (message->fields); i++)
    {
      const RtField *field = rt_fields_get (message->fields, i);
      g_autofree char *name = NULL;

      if (rt_text_is_token (field->name) && is_one_line (field->value))
        continue;
      name = rt_text_escape (field->name);
      return g_strdup_printf ("its field “%s” cannot be written", name);
    }
  return NULL;
}

static void
tell (RtResend *resend, const RtMessage *message)
{
  g_autofree char *target = rt_text_escape (message->target);

  resend->method = rt_text_escape (message->method);
  resend->words = g_strdup_printf ("%s %s", resend->method, target);
  resend->safe = rt_text_is (message->method, "GET") || rt_text_is (message->method, "HEAD")
                 || rt_text_is (message->method, "OPTIONS");
}

/* Whether every server reads @bytes as the one request that they are called: what breaks a rule of
 * framing, say, may hold another one. */
static gboolean
is_plain (GBytes *bytes)
{
  gsize length;
  const char *data = g_bytes_get_data (bytes, &length);
  g_autoptr (RtMessage) message = NULL;

  return rt_http1_parse_message (RT_MESSAGE_REQUEST, (RtText){ data, length }, &message, NULL,
                                 NULL);
}

static GBytes *
dup_content (RtAnalysis *analysis, const RtTransfer *request, const RtResendEdit *edit)
{
  if (edit->content != NULL)
    return g_bytes_ref (edit->content);
  return request->content_length > 0 ? rt_analysis_dup_content (analysis, request) : NULL;
}

static void
make (Making *making,
      RtAnalysis *analysis,
      const RtExchange *exchange,
      const RtResendEdit *edit,
      gboolean with_credentials)
{
  RtResend *resend = making->resend;
  const RtTransfer *request = exchange->request;
  g_autoptr (RtMessage) message = make_message (making, exchange, edit, with_credentials);
  g_autoptr (GBytes) content = dup_content (analysis, request, edit);

  tell (resend, message);
  if (edit->content == NULL && content == NULL && request->content_length > 0)
    resend->why_not = g_strdup ("the recording has lost bytes of its content");
  else if (!with_credentials && edit->content == NULL && content_has_credentials (message, content))
    resend->why_not = g_strdup ("its content has a password or a key in it");
  else if (making->exact && edit->content == NULL && !exchange->reconstructed)
    resend->bytes = rt_analysis_dup_bytes (analysis, request->whole, NULL);
  if (resend->bytes != NULL && !is_plain (resend->bytes))
    resend->safe = FALSE;
  if (resend->why_not == NULL && resend->bytes == NULL)
    resend->why_not = find_fault (message);
  if (resend->why_not != NULL || resend->bytes != NULL)
    return;
  if (content != NULL && g_bytes_get_size (content) == 0)
    g_clear_pointer (&content, g_bytes_unref);
  set_framing (message, content);
  resend->message = g_steal_pointer (&message);
  resend->content = g_steal_pointer (&content);
}

/**
 * rt_resend_new:
 * @analysis: of the recording
 * @exchange: one of it
 * @edit: (nullable): what is changed
 * @with_credentials: those that were recorded are sent, too. What @edit sets is sent in any case
 *
 * Returns: (transfer full): its request, ready to be sent once more, or why it cannot be
 */
RtResend *
rt_resend_new (RtAnalysis *analysis,
               const RtExchange *exchange,
               const RtResendEdit *edit,
               gboolean with_credentials)
{
  static const RtResendEdit nothing;
  const RtResendEdit *change = edit != NULL ? edit : &nothing;
  RtResend *resend = g_new0 (RtResend, 1);
  Making making = { resend, TRUE };

  resend->exchange = exchange->id;
  resend->dropped = g_ptr_array_new_with_free_func (g_free);
  resend->why_not = g_strdup (find_obstacle (exchange, change));
  if (resend->why_not == NULL)
    make (&making, analysis, exchange, change, with_credentials);
  else if (exchange->request != NULL && exchange->request->has_head)
    tell (resend, exchange->request->message);
  else
    resend->words = g_strdup ("a response without a request");
  return resend;
}

/* How many whole requests a tolerant server could see in @bytes; 0: not even one. @ret_first: the
 * first, if there is any. */
static guint
count_requests (GBytes *bytes, RtMessage **ret_first)
{
  g_autoptr (RtHttp1Reader) reader
      = rt_http1_reader_new (RT_MESSAGE_REQUEST, RT_HTTP1_TOLERANT, NULL);
  guint n_begun = 0, n_whole = 0;
  RtHttp1Event event;

  rt_http1_reader_feed (reader, bytes, (RtSpan){ 0, (guint32)g_bytes_get_size (bytes), 1 });
  rt_http1_reader_end (reader);
  do
    {
      event = rt_http1_reader_next (reader);
      if (event.kind == RT_HTTP1_HEAD && n_begun++ == 0)
        *ret_first = rt_message_ref (event.message);
      n_whole += event.kind == RT_HTTP1_END;
    }
  while (event.kind != RT_HTTP1_INCOMPLETE && event.kind != RT_HTTP1_CLOSED
         && event.kind != RT_HTTP1_TUNNEL && event.kind != RT_HTTP1_NEED_MORE);
  return n_begun > 1 ? n_begun : n_whole;
}

/**
 * rt_resend_new_from_bytes:
 * @exchange: the recorded one that it is compared with
 * @bytes: what somebody has written in place of its request
 *
 * One request is sent, byte for byte. What a server may take for something else than what it is
 * called (@bytes break a rule) counts as one that may change something.
 *
 * Returns: (transfer full): it, ready to be sent, or why it cannot be
 */
RtResend *
rt_resend_new_from_bytes (const RtExchange *exchange, GBytes *bytes)
{
  RtResend *resend = g_new0 (RtResend, 1);
  g_autoptr (RtMessage) first = NULL;
  guint n = count_requests (bytes, &first);

  resend->exchange = exchange->id;
  resend->dropped = g_ptr_array_new_with_free_func (g_free);
  if (first != NULL)
    tell (resend, first);
  else
    resend->words = g_strdup ("no request");
  if (first != NULL && rt_text_is (first->method, "CONNECT"))
    resend->why_not = g_strdup ("a tunnel is no request to an origin server");
  else if (n == 0)
    resend->why_not = g_strdup ("it is no whole request: a server would wait for more");
  else if (n > 1)
    resend->why_not = g_strdup_printf ("it is %u requests, and one is sent", n);
  else
    resend->bytes = g_bytes_ref (bytes);
  if (!is_plain (bytes))
    resend->safe = FALSE;
  return resend;
}

/**
 * rt_resend_dup_bytes:
 * @resend: a request
 *
 * Returns: (transfer full) (nullable): what would be sent; %NULL: nothing
 */
GBytes *
rt_resend_dup_bytes (const RtResend *resend)
{
  if (resend->bytes != NULL)
    return g_bytes_ref (resend->bytes);
  return resend->message != NULL ? rt_http1_write_message (resend->message, resend->content) : NULL;
}

void
rt_resend_free (RtResend *resend)
{
  g_free (resend->words);
  g_free (resend->method);
  g_free (resend->why_not);
  g_clear_pointer (&resend->bytes, g_bytes_unref);
  g_clear_pointer (&resend->message, rt_message_unref);
  g_clear_pointer (&resend->content, g_bytes_unref);
  g_ptr_array_unref (resend->dropped);
  g_free (resend);
}

/* Consent */

/**
 * rt_resend_is_local:
 * @host: a name or an address, with or without brackets
 *
 * Returns: whether it is this machine by its name alone: 127.0.0.0/8, ::1 or localhost
 */
gboolean
rt_resend_is_local (const char *host)
{
  RtText text = rt_text (host);
  guint32 v4;
  RtIpv6 v6;

  if (text.length >= 2 && text.at[0] == '[' && text.at[text.length - 1] == ']')
    text = rt_text_sub (text, 1, text.length - 2);
  if (rt_ipv4_parse (text, &v4))
    return v4 >> 24 == 127;
  if (rt_ipv6_parse (text, &v6))
    return memcmp (&v6, &(RtIpv6){ { 0, 0, 0, 0, 0, 0, 0, 1 } }, sizeof v6) == 0;
  return rt_text_is_nocase (text, "localhost");
}

static gboolean
is_sent (const RtResend *resend)
{
  return resend->why_not == NULL;
}

/**
 * rt_resend_get_needed:
 * @resends: (element-type RtResend): what is to be sent
 * @host: where to
 *
 * Returns: what a person has to agree to before
 */
RtResendConsent
rt_resend_get_needed (GPtrArray *resends, const char *host)
{
  RtResendConsent needed = rt_resend_is_local (host) ? RT_RESEND_NOTHING : RT_RESEND_REMOTE;

  for (guint i = 0; i < resends->len; i++)
    if (is_sent (resends->pdata[i]) && !((const RtResend *)resends->pdata[i])->safe)
      needed |= RT_RESEND_UNSAFE;
  return needed;
}

static guint
count_method (GPtrArray *resends, const char *method)
{
  guint n = 0;

  for (guint i = 0; i < resends->len; i++)
    {
      const RtResend *resend = resends->pdata[i];

      n += is_sent (resend) && g_str_equal (resend->method, method);
    }
  return n;
}

/**
 * rt_resend_dup_question:
 * @resends: (element-type RtResend): what is to be sent
 * @host: where to
 * @port: where to
 *
 * Returns: (transfer full): what a person is asked to agree to: the host, and the number of
 * requests of each method, a line each
 */
char *
rt_resend_dup_question (GPtrArray *resends, const char *host, guint16 port)
{
  g_autofree char *shown = rt_text_escape (rt_text (host));
  g_autoptr (GPtrArray) told = g_ptr_array_new ();
  GString *out = g_string_new (NULL);

  g_string_append_printf (out, "To %s, port %u%s:\n", shown, port,
                          rt_resend_is_local (host) ? "" : ", which is another machine");
  for (guint i = 0; i < resends->len; i++)
    {
      const RtResend *resend = resends->pdata[i];

      if (!is_sent (resend)
          || g_ptr_array_find_with_equal_func (told, resend->method, g_str_equal, NULL))
        continue;
      g_ptr_array_add (told, resend->method);
      g_string_append_printf (out, "  %u × %s%s\n", count_method (resends, resend->method),
                              resend->method,
                              resend->safe ? "" : ", which may change something there");
    }
  return g_string_free (out, FALSE);
}
