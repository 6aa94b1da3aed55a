/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The resource kind `page`: a text into which the server writes what it knows of the request. It
 * may let in some clients alone, and each of them so often; which client it is, it knows as far as
 * it believes the servers before it. */
#include "rt-resource-kinds.h"

#include "rt-resource-trust.h"

#include "rt-methods.h"

/* So many clients are counted; then whoever comes is refused until the counting begins anew. */
#define CLIENTS_MAX 10000

/* clang-format off */
static const RtSetting settings[] = {
  { "content", RT_SETTING_TEXT, "You are {client}.\nThis is {scheme}://{host}{path}.\n", NULL, "its text; `{client}`, `{scheme}`, `{host}` and `{path}` stand for what the server takes them to be" },
  { "content-type", RT_SETTING_TEXT, "text/plain; charset=utf-8", NULL, "its media type" },
  { "only", RT_SETTING_LIST, "", NULL, "addresses and networks of the clients that are let in, others get 403; none given: all are", rt_resource_trust_check_networks },
  { "limit", RT_SETTING_NUMBER, "0", NULL, "requests that each client has in a `window`, then 429; 0: without limit" },
  { "window", RT_SETTING_DURATION, "1m", NULL, "time after which the counting begins anew" },
};

static const RtClause is_let_in = { "server.client.let-in", "the client, as far as the server knows, is one of those that are let in", "RFC 9110 §15.5.4", RT_LEVEL_MAY };
static const RtClause has_some_left = { "server.client.limit", "it has asked less often than each client may", "RFC 6585 §4", RT_LEVEL_MAY };

static const RtClause *const clauses[] = { &is_let_in, &has_some_left };
/* clang-format on */

static const RtRule rule
    = RT_RULE ("server.client", "Does this client get the page?", "RFC 9110 §15.5.4", clauses);

typedef struct
{
  char *path, *content, *content_type;
  char **only;
  gint64 limit;
  RtTime window, window_end;
  GHashTable *counts; /* client → requests in this window */
} Page;

static void
page_free (gpointer self)
{
  Page *page = self;

  g_hash_table_unref (page->counts);
  g_strfreev (page->only);
  g_free (page->content);
  g_free (page->content_type);
  g_free (page->path);
  g_free (page);
}

static gpointer
create (const char *path, const RtGiven *given, GError **error)
{
  Page *page = g_new0 (Page, 1);

  page->path = g_strdup (path);
  page->content = rt_given_dup_text (given, "content");
  page->content_type = rt_given_dup_text (given, "content-type");
  page->only = rt_given_dup_list (given, "only");
  page->limit = rt_given_get_number (given, "limit");
  page->window = rt_given_get_number (given, "window");
  page->counts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  return page;
}

/* The clients' addresses, not who they are: it is all that there is to count by. */
static gint64
count (Page *page, const RtCall *call, RtEffects *out)
{
  g_autofree char *key = g_strdup_printf ("%s:%s", page->path, call->client);
  g_auto (GVariantBuilder) state = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);
  gint64 n;

  if (call->now >= page->window_end)
    {
      g_hash_table_remove_all (page->counts);
      page->window_end = call->now + page->window;
    }
  n = (gint64)GPOINTER_TO_SIZE (g_hash_table_lookup (page->counts, call->client)) + 1;
  if (n == 1 && g_hash_table_size (page->counts) >= CLIENTS_MAX)
    return G_MAXINT64;
  g_hash_table_insert (page->counts, g_strdup (call->client), GSIZE_TO_POINTER ((gsize)n));
  g_variant_builder_add (&state, "{sv}", "requests", g_variant_new_int64 (n));
  rt_effects_state (out, "client", key, g_variant_builder_end (&state));
  return n;
}

static gboolean
lets_in (const Page *page, const char *client)
{
  for (guint i = 0; page->only[i] != NULL; i++)
    if (rt_network_contains (page->only[i], rt_text (client)))
      return TRUE;
  return page->only[0] == NULL;
}

/* The status that the client gets. */
static guint
decide (Page *page, const RtCall *call, RtEffects *out)
{
  RtFact client = rt_fact_text ("client", rt_text (call->client), RT_SPAN_NONE);
  gint64 n = page->limit > 0 ? count (page, call, out) : 0;
  RtDecision *why;
  guint status = 200;

  if (page->limit == 0 && page->only[0] == NULL)
    return status;
  why = rt_decision_new ();
  rt_decision_begin (why, &rule, call->request->target);
  if (!rt_check (why, &is_let_in, lets_in (page, call->client), client))
    status = 403;
  else if (page->limit > 0
           && !rt_check (why, &has_some_left, n <= page->limit, client,
                         rt_fact_number ("requests", n, RT_SPAN_NONE),
                         rt_fact_number ("limit", page->limit, RT_SPAN_NONE)))
    status = 429;
  rt_decision_conclude (why, status == 200 ? "yes" : status == 403 ? "403" : "429");
  rt_effects_decide (out, why, TRUE);
  return status;
}

static void
answer (const Page *page, const RtCall *call, RtReply *reply)
{
  g_autofree char *text = rt_call_expand (call, page->content);
  RtMessage *response = rt_reply_new_response (200);

  rt_fields_append (response->fields, "Content-Type", page->content_type);
  rt_reply_with (reply, response, g_bytes_new (text, strlen (text)));
}

static void
handle (gpointer self, const RtCall *call, RtReply *reply, RtEffects *out)
{
  Page *page = self;
  g_autofree char *wait = NULL;
  guint status;

  if (!rt_method_is_read (call->request->method))
    {
      rt_reply_with_allow (reply, rt_call_is (call, "OPTIONS"), "GET, HEAD, OPTIONS");
      return;
    }
  status = decide (page, call, out);
  if (status == 200)
    answer (page, call, reply);
  else if (status == 403)
    rt_reply_with_status (reply, 403, "Not from where you are.\n");
  else
    {
      /* RFC 9110 §10.2.3: whole seconds, so rather too long than too short. */
      wait = g_strdup_printf ("%" G_GINT64_FORMAT,
                              (page->window_end - call->now + RT_TIME_SEC - 1) / RT_TIME_SEC);
      rt_reply_with_status (reply, 429, "That was too often.\n");
      rt_fields_append (reply->response->fields, "Retry-After", wait);
    }
}

const RtResourceKind rt_page_kind = {
  .name = "page",
  .summary = "a text into which the server writes what it knows of the request",
  .notes = "GET, HEAD and OPTIONS. With `limit`, its state has the key PATH:CLIENT and the member "
           "`requests`.",
  .settings = settings,
  .n_settings = G_N_ELEMENTS (settings),
  .create = create,
  .handle = handle,
  .free = page_free,
};
