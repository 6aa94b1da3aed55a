/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Sample timelines: small stories with every kind of thing that can be drawn in them. */
#include "timeline-models.h"

#define START (1767268800 * RT_TIME_SEC)
#define MS(n) (START + (RtTime)((n)*RT_TIME_MSEC))

static guint
add_rail (RtTimelineModel *model, guint from, guint to, double opened, double closed)
{
  RtTimelineRail rail = {
    .id = model->rails->len + 1,
    .from = from,
    .to = to,
    .opened = MS (opened),
    .closed = closed < 0 ? RT_TIME_UNKNOWN : MS (closed),
    .end = closed < 0 ? RT_CONNECTION_OPEN : RT_CONNECTION_CLOSED,
  };

  g_array_append_val (model->rails, rail);
  return rail.id - 1;
}

static void
add_segment (RtTimelineModel *model,
             guint rail,
             gboolean forward,
             double sent,
             double received,
             const char *name)
{
  const RtTimelineRail *of = &g_array_index (model->rails, RtTimelineRail, rail);
  RtTimelineSegment segment = {
    .rail = rail,
    .from = forward ? of->from : of->to,
    .to = forward ? of->to : of->from,
    .sent = MS (sent),
    .received = received < 0 ? RT_TIME_UNKNOWN : MS (received),
    .name = name,
    .lost = received < 0,
  };

  g_array_append_val (model->segments, segment);
}

static void
add_handshake (RtTimelineModel *model, guint rail, double at, double latency)
{
  add_segment (model, rail, TRUE, at, at + latency, "SYN");
  add_segment (model, rail, FALSE, at + latency, at + 2 * latency, "SYN ACK");
  add_segment (model, rail, TRUE, at + 2 * latency, at + 3 * latency, "ACK");
}

/* @sent: when the first byte leaves; @length: until the last one does. */
static RtTimelineMessage *
add_message (RtTimelineModel *model,
             guint rail,
             gboolean request,
             double sent,
             double length,
             double latency,
             const char *code,
             const char *text,
             const char *meta)
{
  const RtTimelineRail *of = &g_array_index (model->rails, RtTimelineRail, rail);
  RtTimelineMessage message = {
    .from = request ? of->from : of->to,
    .to = request ? of->to : of->from,
    .rail = rail,
    .exchange = 1,
    .kind = request ? RT_TIMELINE_REQUEST : RT_TIMELINE_RESPONSE,
    .sent_first = MS (sent),
    .sent_last = MS (sent + length),
    .received_first = MS (sent + latency),
    .received_last = MS (sent + latency + length),
    .head = 1,
    .code = rt_timeline_model_string (model, code),
    .text = rt_timeline_model_string (model, text),
    .meta = rt_timeline_model_string (model, meta),
    .request = request,
    .complete = TRUE,
  };

  for (guint i = model->messages->len; i > 0; i--)
    {
      const RtTimelineMessage *before = rt_timeline_model_get_message (model, i - 1);

      if (request || before->rail == rail)
        {
          message.exchange = before->exchange + (request ? 1 : 0);
          break;
        }
    }
  g_array_append_val (model->messages, message);
  return &g_array_index (model->messages, RtTimelineMessage, model->messages->len - 1);
}

static void
add_card (RtTimelineModel *model,
          guint party,
          double at,
          RtSeverity severity,
          const char *title,
          const char *text,
          const char *reference)
{
  static const char *const marks[] = { "1", "2", "3", "4", "5", "6", "7", "8", "9" };
  RtTimelineCard card = {
    .number = model->cards->len + 1,
    .mark = marks[model->cards->len],
    .party = party,
    .message = model->messages->len - 1,
    .time = MS (at),
    .severity = severity,
    .title = title,
    .text = text,
    .reference = reference,
  };

  g_array_append_val (model->cards, card);
}

static void
add_change (RtTimelineModel *model, double at, double drains, const char *text)
{
  RtTimelineChange change
      = { .time = MS (at), .drains = drains < 0 ? RT_TIME_UNKNOWN : MS (drains), .text = text };

  g_array_append_val (model->changes, change);
}

/* Two editors, one document; the second save is refused. */
static RtTimelineModel *
create_lost_update (void)
{
  RtTimelineModel *model = rt_timeline_model_new ();
  guint ann = rt_timeline_model_add_party (model, 1, "ann", "client");
  guint bob = rt_timeline_model_add_party (model, 2, "bob", "client");
  guint api = rt_timeline_model_add_party (model, 3, "api.shop.test", "origin");
  guint a = add_rail (model, ann, api, 0, 60450);
  guint b = add_rail (model, bob, api, 200, 60470);
  RtTimelineStrip strip = { api, 0, 2, "/doc/1" };
  RtTimelineMessage *message;

  add_change (model, 0, -1, "v1");
  add_change (model, 60065, -1, "v2");
  g_array_append_val (model->strips, strip);
  add_handshake (model, a, 0, 20);
  add_handshake (model, b, 200, 20);
  add_message (model, a, TRUE, 40, 0.4, 20, "GET", "/doc/1", NULL);
  add_message (model, a, FALSE, 62, 0.8, 20, "200", "OK", "ETag: \"v1\" · 19 B");
  add_message (model, b, TRUE, 240, 0.4, 20, "GET", "/doc/1", NULL);
  add_message (model, b, FALSE, 262, 0.8, 20, "200", "OK", "ETag: \"v1\" · 19 B");
  message = add_message (model, a, TRUE, 60042, 1, 20, "PUT", "/doc/1", "If-Match: \"v1\"");
  message->head = 0.7;
  message->reused = TRUE;
  add_card (model, api, 60063, RT_SEVERITY_INFO, "The precondition holds",
            "If-Match names \"v1\", and that is what is stored. The method is performed.",
            "RFC 9110 §13.1.1");
  add_message (model, a, FALSE, 60066, 0.3, 20, "204", "No Content", "ETag: \"v2\"");
  message = add_message (model, b, TRUE, 60242, 1, 20, "PUT", "/doc/1", "If-Match: \"v1\"");
  message->head = 0.7;
  message->reused = TRUE;
  message
      = add_message (model, b, FALSE, 60266, 0.5, 20, "412", "Precondition Failed", "ETag: \"v2\"");
  message->badge = RT_TIMELINE_SHIELD;
  add_card (model, api, 60264, RT_SEVERITY_GOOD, "412: somebody was faster",
            "If-Match named an older version, so the server refused to overwrite the newer one. "
            "Nothing is lost.",
            "RFC 9110 §15.5.13");
  add_segment (model, a, TRUE, 60420, 60440, "FIN");
  add_segment (model, b, TRUE, 60440, 60460, "FIN");
  rt_timeline_model_seal (model);
  return model;
}

/* The same, fed up to Bob's request: what comes next is not known. */
static RtTimelineModel *
create_masked (void)
{
  RtTimelineModel *model = rt_timeline_model_new ();
  guint ann = rt_timeline_model_add_party (model, 1, "ann", "client");
  guint bob = rt_timeline_model_add_party (model, 2, "bob", "client");
  guint api = rt_timeline_model_add_party (model, 3, "api.shop.test", "origin");
  guint a = add_rail (model, ann, api, 0, -1);
  guint b = add_rail (model, bob, api, 200, -1);

  add_message (model, a, TRUE, 40, 0.4, 20, "PUT", "/doc/1", "If-Match: \"v1\"");
  add_message (model, a, FALSE, 62, 0.8, 20, "204", "No Content", "ETag: \"v2\"");
  add_message (model, b, TRUE, 240, 1, 20, "PUT", "/doc/1", "If-Match: \"v1\"");
  model->awaited = TRUE;
  model->awaited_from = api;
  model->awaited_to = bob;
  rt_timeline_model_seal (model);
  return model;
}

/* A browser, its cache, a proxy and two origins; all the badges, a non-event, a retry, a loss. */
static RtTimelineModel *
create_cast (void)
{
  RtTimelineModel *model = rt_timeline_model_new ();
  guint browser = rt_timeline_model_add_party (model, 1, "ann", "browser");
  guint proxy = rt_timeline_model_add_party (model, 2, "cache.example", "proxy");
  guint origin = rt_timeline_model_add_party (model, 3, "shop.test", "origin");
  guint api = rt_timeline_model_add_party (model, 4, "api.shop.test", "origin");
  guint a = add_rail (model, browser, proxy, 0, 48);
  guint b = add_rail (model, proxy, origin, 6, 44);
  guint c = add_rail (model, browser, api, 58, 150);
  guint d = add_rail (model, browser, api, 62, 118);
  RtTimelineStrip stored = { browser, 0, 3, "/logo.svg" };
  RtTimelineStrip pool = { api, 3, 3, "slots" };
  RtTimelineDecision fresh = { .party = browser,
                               .to = proxy,
                               .time = MS (52),
                               .acted = FALSE,
                               .own_store = TRUE,
                               .text = "no request: fresh, 40 s left" };
  RtTimelineDecision look = {
    .party = browser, .to = RT_TIMELINE_NONE, .time = MS (0), .acted = TRUE, .own_store = TRUE
  };
  RtTimelineMessage *message;

  add_change (model, 0, 2, "stale");
  add_change (model, 46, 200, "fresh");
  add_change (model, 140, -1, NULL);
  add_change (model, 58, -1, "1/8");
  add_change (model, 62, -1, "2/8");
  add_change (model, 118, -1, "1/8");
  g_array_append_val (model->strips, stored);
  g_array_append_val (model->strips, pool);
  g_array_append_val (model->decisions, look);
  g_array_append_val (model->decisions, fresh);
  g_array_index (model->rails, RtTimelineRail, c).secure = TRUE;
  g_array_index (model->rails, RtTimelineRail, d).end = RT_CONNECTION_CUT;
  add_message (model, a, TRUE, 3, 1, 4, "GET", "/logo.svg", "If-None-Match: \"v7\"");
  add_card (model, browser, 3, RT_SEVERITY_INFO, "Stale, so ask first",
            "The stored copy is 90 s old but fresh for only 60 s. The cache validates it instead "
            "of downloading it again.",
            "RFC 9111 §4.3");
  add_message (model, b, TRUE, 10, 1, 10, "GET", "/logo.svg", "If-None-Match: \"v7\"");
  add_message (model, b, FALSE, 26, 1, 10, "304", "Not Modified", "0 B");
  message = add_message (model, a, FALSE, 42, 1, 4, "304", "Not Modified", "Age: 0");
  message->kind = RT_TIMELINE_CACHE;
  message->badge = RT_TIMELINE_BOLT;
  message
      = add_message (model, c, TRUE, 62, 1, 10, "OPTIONS", "/cart", "Origin: https://shop.test");
  message->kind = RT_TIMELINE_PREFLIGHT;
  message = add_message (model, d, TRUE, 66, 6, 10, "POST",
                         "/orders/2026/01/with/a/rather/long/path?and=a&query=string",
                         "Content-Type: application/json · 3.1 KB");
  message->head = 0.3;
  message->cut = TRUE;
  message->complete = FALSE;
  message->received_last = RT_TIME_UNKNOWN;
  message = add_message (model, c, FALSE, 75, 1, 10, "204", "No Content",
                         "Access-Control-Allow-Methods: PUT");
  message = add_message (model, c, TRUE, 88, 8, 10, "PUT", "/cart", "If-Match: \"c3\"");
  message->head = 0.25;
  message->retry = TRUE;
  message->reused = TRUE;
  message = add_message (model, c, FALSE, 118, 2, 10, "500", "Internal Server Error", "1.2 KB");
  message->kind = RT_TIMELINE_ERROR;
  message->badge = RT_TIMELINE_PROBLEM;
  message->head = 0.6;
  add_card (model, api, 118, RT_SEVERITY_PROBLEM, "The server failed",
            "Whether the cart was stored is not known. PUT is idempotent, so it may be sent again.",
            "RFC 9110 §9.2.2");
  message = add_message (model, c, TRUE, 134, 1, 10, "PUT", "/cart", "If-Match: \"c3\"");
  message->retry = TRUE;
  message->buffered = TRUE;
  add_segment (model, d, TRUE, 72, -1, NULL);
  rt_timeline_model_seal (model);
  return model;
}

/* Nothing happened yet. */
static RtTimelineModel *
create_empty (void)
{
  RtTimelineModel *model = rt_timeline_model_new ();

  rt_timeline_model_add_party (model, 1, "ann", "client");
  rt_timeline_model_add_party (model, 2, "shop.test", "origin");
  rt_timeline_model_seal (model);
  return model;
}

/* What a hostile peer may send as reason, target and field. */
static RtTimelineModel *
create_hostile (void)
{
  RtTimelineModel *model = rt_timeline_model_new ();
  guint client = rt_timeline_model_add_party (model, 1, "<b>&\"ann\"</b>", "client");
  guint origin = rt_timeline_model_add_party (model, 2, "shop.test", "unheard-of");
  guint rail = add_rail (model, client, origin, 0, 40);

  add_message (
      model, rail, TRUE, 2, 1, 10, "BREW-COFFEE-WITH-MILK", "/\xff\xfe?<script>\x01\r\n",
      "X-Very-Long-Field-Name-That-Never-Ends: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa");
  add_message (model, rail, FALSE, 16, 0, 10, "999", "", NULL);
  rt_timeline_model_seal (model);
  return model;
}

/**
 * rt_sample_many:
 *
 * Returns: (transfer full): exchanges without end between five parties
 */
RtTimelineModel *
rt_sample_many (guint n_messages)
{
  static const char *const methods[] = { "GET", "GET", "POST", "GET", "PUT", "OPTIONS", "GET" };
  static const char *const codes[] = { "200", "304", "404", "200", "412", "204", "500" };
  static const RtTimelineKind kinds[]
      = { RT_TIMELINE_RESPONSE, RT_TIMELINE_CACHE,    RT_TIMELINE_ERROR, RT_TIMELINE_RESPONSE,
          RT_TIMELINE_RESPONSE, RT_TIMELINE_RESPONSE, RT_TIMELINE_ERROR };
  RtTimelineModel *model = rt_timeline_model_new ();
  guint parties[5];

  parties[0] = rt_timeline_model_add_party (model, 1, "ann", "browser");
  parties[1] = rt_timeline_model_add_party (model, 2, "cache.example", "cache");
  parties[2] = rt_timeline_model_add_party (model, 3, "edge.example", "gateway");
  parties[3] = rt_timeline_model_add_party (model, 4, "shop.test", "origin");
  parties[4] = rt_timeline_model_add_party (model, 5, "api.shop.test", "origin");
  for (guint i = 0; i + 1 < n_messages; i += 2)
    {
      double at = i * 12.0 + (i / 400) * 5000.0;
      guint which = i / 2 % G_N_ELEMENTS (codes);
      RtTimelineMessage *message;

      if (i % 40 == 0)
        add_rail (model, parties[i / 40 % 4], parties[i / 40 % 4 + 1], at - 2, at + 470);
      add_message (model, model->rails->len - 1, TRUE, at, 1, 5, methods[which], "/items/42", NULL);
      message = add_message (model, model->rails->len - 1, FALSE, at + 8, 3, 5, codes[which],
                             "Some Reason", "ETag: \"v7\"");
      message->kind = kinds[which];
      message->head = 0.4;
    }
  rt_timeline_model_seal (model);
  return model;
}

/**
 * rt_sample_hosts:
 *
 * Returns: (transfer full): a page that asks many hosts
 */
RtTimelineModel *
rt_sample_hosts (guint n_hosts)
{
  RtTimelineModel *model = rt_timeline_model_new ();
  guint browser = rt_timeline_model_add_party (model, 1, "browser", "browser");

  for (guint i = 0; i < n_hosts; i++)
    {
      g_autofree char *name = g_strdup_printf ("h%u.site%u.test", i, i / 3);

      rt_timeline_model_add_party (model, (RtPartyId)(i + 2), name, "origin");
    }
  for (guint i = 0; i < n_hosts * 2; i++)
    {
      guint rail = add_rail (model, browser, 1 + i * 7 % n_hosts, i * 20, i * 20 + 19);

      add_message (model, rail, TRUE, i * 20 + 1, 0.5, 5, "GET", "/pixel.gif", NULL);
      add_message (model, rail, FALSE, i * 20 + 9, 0.5, 5, "200", "OK", "43 B");
    }
  rt_timeline_model_seal (model);
  return model;
}

/* A long run zoomed out: counts of all of it, quiet for a while, with errors towards its end. */
static RtTimelineModel *
create_overview (void)
{
  RtTimelineModel *model = rt_timeline_model_new ();
  guint client = rt_timeline_model_add_party (model, 1, "ann", "client");
  guint gateway = rt_timeline_model_add_party (model, 2, "edge.example", "gateway");
  guint origin = rt_timeline_model_add_party (model, 3, "shop.test", "origin");

  for (guint i = 0; i < 40; i++)
    {
      RtTimelineBeat near = { .time = MS (i * 5000.0 + (i > 24 ? 3600000 : 0)),
                              .length = 5000 * RT_TIME_MSEC,
                              .from = client,
                              .to = gateway };
      RtTimelineBeat far = near;

      near.counts[RT_TIMELINE_REQUEST] = 200 + i * 10;
      near.counts[RT_TIMELINE_CACHE] = 120;
      near.counts[RT_TIMELINE_RESPONSE] = 80 + i * 10;
      near.counts[RT_TIMELINE_ERROR] = i > 32 ? 5 : 0;
      far.from = gateway;
      far.to = origin;
      far.counts[RT_TIMELINE_REQUEST] = far.counts[RT_TIMELINE_RESPONSE] = 80 + i * 10;
      g_array_append_val (model->beats, near);
      g_array_append_val (model->beats, far);
    }
  rt_timeline_model_seal (model);
  return model;
}

/* From the middle of a run: the connection was there before. Interim responses, a connection that
 * never came about, and a target that has no room beside its method. */
static RtTimelineModel *
create_part (void)
{
  RtTimelineModel *model = rt_timeline_model_new ();
  guint ann = rt_timeline_model_add_party (model, 1, "ann", "browser");
  guint www = rt_timeline_model_add_party (model, 2, "www.shop.test", "origin");
  guint down = rt_timeline_model_add_party (model, 3, "down.shop.test", "origin");
  guint a = add_rail (model, ann, www, 0, 120);
  guint b = add_rail (model, ann, down, 50, 80);
  RtTimelineStrip kept = { www, 0, 2, "/order" };
  RtTimelineMessage *message;

  add_change (model, 20, -1, "v1");
  add_change (model, 62, -1, "v2");
  g_array_append_val (model->strips, kept);
  g_array_index (model->rails, RtTimelineRail, a).before = TRUE;
  g_array_index (model->rails, RtTimelineRail, a).secure = TRUE;
  g_array_index (model->rails, RtTimelineRail, b).end = RT_CONNECTION_FAILED;
  message = add_message (model, a, TRUE, 4, 1, 10, "PROPFIND", "/account/orders/2026?sort=newest",
                         "Access-Control-Request-Method: DELETE");
  message->reused = TRUE;
  message->buffered = TRUE;
  add_message (model, a, FALSE, 18, 0.4, 10, "103", "Early Hints", "Link: </style.css>");
  add_message (model, a, FALSE, 62, 6, 10, "207", "Multi-Status", "chunked · 14 KB");
  add_segment (model, b, TRUE, 52, 62, "SYN");
  add_segment (model, b, FALSE, 64, 74, "RST");
  rt_timeline_model_seal (model);
  return model;
}

static RtTimelineModel *
create_hosts (void)
{
  return rt_sample_hosts (60);
}

const RtTimelineSample rt_samples[] = {
  { "lost-update", create_lost_update },
  { "masked", create_masked },
  { "cast", create_cast },
  { "empty", create_empty },
  { "hostile", create_hostile },
  { "hosts", create_hosts },
  { "overview", create_overview },
  { "part", create_part },
};
const guint rt_n_samples = G_N_ELEMENTS (rt_samples);
