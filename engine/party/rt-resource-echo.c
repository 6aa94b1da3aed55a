/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The resource kind `echo`: the answer is the request as it arrived, header section and all. Its
 * content comes back as it comes, before all of it is there. */
#include "rt-resource-kinds.h"

static const char *const secret[]
    = { "Authorization", "Cookie", "Proxy-Authorization", "Idempotency-Key" };

/* clang-format off */
static const RtSetting settings[] = {
  { "secrets", RT_SETTING_BOOLEAN, "false", NULL, "Cookie, Authorization and their like come back, too" },
  { "head", RT_SETTING_BOOLEAN, "true", NULL, "the header section comes back; otherwise the content alone, under its own media type" },
};
/* clang-format on */

typedef struct
{
  gboolean secrets, head;
} Echo;

static gpointer
create (const char *path, const RtGiven *given, GError **error)
{
  Echo *echo = g_new0 (Echo, 1);

  echo->secrets = rt_given_get_boolean (given, "secrets");
  echo->head = rt_given_get_boolean (given, "head");
  return echo;
}

static gboolean
is_secret (RtText name)
{
  for (guint i = 0; i < G_N_ELEMENTS (secret); i++)
    if (rt_text_is_nocase (name, secret[i]))
      return TRUE;
  return FALSE;
}

static void
append (GString *out, RtText text)
{
  g_string_append_len (out, text.at, (gssize)text.length);
}

static GBytes *
dup_head (const Echo *echo, RtMessage *request)
{
  GString *out = g_string_new (NULL);

  append (out, request->method);
  g_string_append_c (out, ' ');
  append (out, request->target);
  g_string_append_printf (out, " %s\r\n", rt_version_name (request->version));
  for (guint i = 0; i < rt_fields_get_length (request->fields); i++)
    {
      const RtField *field = rt_fields_get (request->fields, i);

      /* RFC 9110 §9.3.8: what is likely to be secret is left out. */
      if (!echo->secrets && is_secret (field->name))
        continue;
      append (out, field->name);
      g_string_append (out, ": ");
      append (out, field->value);
      g_string_append (out, "\r\n");
    }
  g_string_append (out, "\r\n");
  return g_string_free_to_bytes (out);
}

static void
begin (const Echo *echo, const RtCall *call, RtReply *reply)
{
  RtMessage *response = rt_reply_new_response (200);
  const RtField *type = rt_fields_first (call->request->fields, "Content-Type");
  g_autofree char *own
      = type != NULL ? rt_text_dup (type->value) : g_strdup ("application/octet-stream");

  rt_fields_append (response->fields, "Content-Type", echo->head ? "message/http" : own);
  rt_reply_begin (reply, response, echo->head ? dup_head (echo, call->request) : NULL);
}

static void
handle (gpointer self, const RtCall *call, RtReply *reply, RtEffects *out)
{
  const Echo *echo = self;

  if (call->phase == RT_CALL_CONTENT)
    rt_reply_begin (reply, NULL, g_bytes_ref (call->content));
  else if (call->phase == RT_CALL_WHOLE && call->again)
    reply->end = RT_REPLY_WHOLE;
  else if (call->phase == RT_CALL_HEAD && rt_call_is (call, "TRACE"))
    /* RFC 9110 §9.3.8: a client MUST NOT send content in a TRACE. */
    rt_reply_with_status (reply, 400, "A TRACE has no content.\n");
  else
    {
      begin (echo, call, reply);
      if (call->phase == RT_CALL_WHOLE)
        reply->end = RT_REPLY_WHOLE;
    }
}

const RtResourceKind rt_echo_kind = {
  .name = "echo",
  .summary = "the answer is the request as it arrived",
  .notes
  = "All methods, TRACE without content. The content comes back piece by piece, as it arrives.",
  .settings = settings,
  .n_settings = G_N_ELEMENTS (settings),
  .streams = TRUE,
  .create = create,
  .handle = handle,
  .free = g_free,
};
