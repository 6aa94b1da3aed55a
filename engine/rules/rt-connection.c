/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Persistent connections. Whether one stays open is for both sides to say, in both messages; what
 * each says by itself is rt_http1_keeps_open(). */
#include "rt-connection.h"

#include "rt-elements.h"
#include "rt-evidence.h"
#include "rt-list.h"

/* clang-format off */
static const RtClause is_complete = { "connection.persist.complete", "both messages were sent and read to their ends", "RFC 9112 §9.3", RT_LEVEL_MUST };
static const RtClause still_http = { "connection.persist.http", "the connection did not become something else (101, CONNECT)", "RFC 9110 §7.8", RT_LEVEL_MUST };
static const RtClause has_end = { "connection.persist.framing", "the response has an end of its own: not the end of the connection, and nothing doubtful", "RFC 9112 §6.3", RT_LEVEL_MUST };
static const RtClause plain_framing = { "connection.persist.smuggling", "neither message has both Transfer-Encoding and Content-Length, or Transfer-Encoding in HTTP/1.0", "RFC 9112 §6.1", RT_LEVEL_MUST };
static const RtClause client_stays = { "connection.persist.request", "the request does not say close", "RFC 9112 §9.6", RT_LEVEL_MUST };
static const RtClause server_stays = { "connection.persist.response", "nor does the response", "RFC 9112 §9.6", RT_LEVEL_MUST };
static const RtClause persists = { "connection.persist.version", "both are HTTP/1.1 or later, which means that it stays open", "RFC 9112 §9.3", RT_LEVEL_MAY };
static const RtClause asked_to = { "connection.persist.keep-alive", "what is HTTP/1.0 says keep-alive", "RFC 9112 §9.3", RT_LEVEL_MAY };

static const RtClause *const persist_clauses[] = {
  &is_complete, &still_http, &has_end, &plain_framing, &client_stays, &server_stays, &persists, &asked_to,
};

static const RtClause not_misdirected = { "connection.reuse.misdirected", "its server has not answered 421 (Misdirected Request) to such a request", "RFC 9110 §15.5.20", RT_LEVEL_MUST };
static const RtClause same_origin = { "connection.reuse.origin", "it was opened for the same scheme, host and port", "RFC 9110 §7.3.3", RT_LEVEL_MUST };
static const RtClause shares = { "connection.reuse.shared", "or requests share it, and its certificate is good for this host at this address too", "RFC 9113 §9.1.1", RT_LEVEL_MAY };
static const RtClause is_free = { "connection.reuse.idle", "no exchange is under way on it, or requests share it", "RFC 9112 §9.3.2", RT_LEVEL_SHOULD };
static const RtClause has_left = { "connection.reuse.max", "its server has not said that it takes no more requests (Keep-Alive: max)", "RFC 2068 §19.7.1", RT_LEVEL_MAY };
static const RtClause not_stale = { "connection.reuse.timeout", "it has been idle for less time than its server keeps it (Keep-Alive: timeout)", "RFC 9112 §9.5", RT_LEVEL_MAY };

static const RtClause *const reuse_clauses[] = {
  &not_misdirected, &same_origin, &shares, &is_free, &has_left, &not_stale,
};
/* clang-format on */

const RtRule rt_rule_connection_persist = RT_RULE (
    "connection.persist", "Does the connection stay open?", "RFC 9112 §9.3", persist_clauses);
const RtRule rt_rule_connection_reuse = RT_RULE (
    "connection.reuse", "May the request use this connection?", "RFC 9112 §9.3", reuse_clauses);

/**
 * rt_keep_alive_parse:
 * @fields: of a response
 * @ret_hint: (out): what it says; "nothing" where it does not
 *
 * Source: RFC 2068 §19.7.1; no later standard has it, and servers send it still.
 *
 * Returns: whether there is a Keep-Alive field
 */
gboolean
rt_keep_alive_parse (RtFields *fields, RtKeepAlive *ret_hint)
{
  RtElements hints = rt_elements (fields, "Keep-Alive");
  RtText element;

  *ret_hint = (RtKeepAlive){ 0, -1 };
  while (rt_elements_next (&hints, &element))
    {
      RtParameter p = rt_parameter_parse (element);
      guint64 number;

      if (p.kind == RT_PARAMETER_MALFORMED || !rt_text_to_uint64 (p.value, &number))
        continue;
      number = MIN (number, G_MAXINT32);
      if (rt_text_is_nocase (p.name, "timeout"))
        ret_hint->timeout = (RtTime)number * RT_TIME_SEC;
      else if (rt_text_is_nocase (p.name, "max"))
        ret_hint->max = (gint64)number;
    }
  return rt_fields_first (fields, "Keep-Alive") != NULL;
}

static gboolean
says (RtMessage *message, RtText option)
{
  return rt_fields_list_contains (message->fields, "Connection", option);
}

static gboolean
is_tunnel (RtMessage *request, RtMessage *response)
{
  return response->status == 101
         || (rt_text_is (request->method, "CONNECT") && response->status / 100 == 2);
}

static gboolean
is_doubtful (RtMessage *message)
{
  gboolean coded = rt_fields_first (message->fields, "Transfer-Encoding") != NULL;

  return coded
         && (message->version == RT_VERSION_1_0
             || rt_fields_first (message->fields, "Content-Length") != NULL);
}

static gboolean
is_modern (RtMessage *message)
{
  return message->version >= RT_VERSION_1_1;
}

static RtFact
status_fact (RtMessage *response)
{
  return rt_fact_number ("status", response->status, response->status_span);
}

static RtFact
version_fact (const char *name, RtMessage *message)
{
  return rt_fact_text (name, rt_text (rt_version_name (message->version)), message->version_span);
}

static gboolean
check_framing (RtMessage *request, RtMessage *response, RtDecision *why)
{
  RtEvidence evidence = { 0 };

  if (why != NULL)
    for (guint i = 0; i < 2; i++)
      {
        RtMessage *message = i == 0 ? request : response;

        rt_evidence_add_lines (&evidence, message->fields, "Transfer-Encoding");
        rt_evidence_add_lines (&evidence, message->fields, "Content-Length");
      }
  return rt_check_evidence (why, &has_end,
                            response->framing != RT_FRAMING_CLOSE
                                && response->framing != RT_FRAMING_INVALID
                                && request->framing != RT_FRAMING_INVALID,
                            &evidence)
         && rt_check_evidence (why, &plain_framing,
                               !is_doubtful (request) && !is_doubtful (response), &evidence);
}

/* What both sides wish. */
static gboolean
check_wishes (RtMessage *request, RtMessage *response, RtDecision *why)
{
  RtEvidence evidence = { 0 };

  if (!rt_check_lines (why, &client_stays, !says (request, RT_TEXT ("close")), request->fields,
                       "Connection")
      || !rt_check_lines (why, &server_stays, !says (response, RT_TEXT ("close")), response->fields,
                          "Connection"))
    return FALSE;
  if (rt_check (why, &persists, is_modern (request) && is_modern (response),
                version_fact ("version of the request", request),
                version_fact ("version of the response", response)))
    return TRUE;
  if (why != NULL)
    {
      rt_evidence_add_lines (&evidence, request->fields, "Connection");
      rt_evidence_add_lines (&evidence, response->fields, "Connection");
    }
  return rt_check_evidence (why, &asked_to,
                            (is_modern (request) || says (request, RT_TEXT ("keep-alive")))
                                && (is_modern (response) || says (response, RT_TEXT ("keep-alive")))
                                && request->version >= RT_VERSION_1_0
                                && response->version >= RT_VERSION_1_0,
                            &evidence);
}

/**
 * rt_connection_persist_decide:
 * @request: what was sent
 * @response: what came back
 * @complete: both were sent and read to their ends
 * @why: (nullable): takes the trace; verdict `open` or `close`
 *
 * Source: RFC 9112 §9.3.
 *
 * Returns: whether another request may follow
 */
gboolean
rt_connection_persist_decide (RtMessage *request,
                              RtMessage *response,
                              gboolean complete,
                              RtDecision *why)
{
  gboolean open;

  rt_decision_begin (why, &rt_rule_connection_persist, request->target);
  open = rt_check (why, &is_complete, complete)
         && rt_check (why, &still_http, !is_tunnel (request, response), status_fact (response),
                      rt_fact_text ("method", request->method, request->method_span))
         && check_framing (request, response, why) && check_wishes (request, response, why);
  rt_decision_conclude (why, open ? "open" : "close");
  return open;
}

static gboolean
reuse (const RtIdleConnection *c, const char *origin, RtTime now, RtDecision *why)
{
  RtFact asked = rt_fact_text ("request's origin", rt_text (origin), RT_SPAN_NONE);
  RtFact opened = rt_fact_text ("connection's origin", rt_text (c->origin), RT_SPAN_NONE);

  if (!rt_check (why, &not_misdirected, !c->misdirected, asked))
    return FALSE;
  if (!rt_check (why, &same_origin, g_str_equal (c->origin, origin), asked, opened)
      && !rt_check (why, &shares, c->multiplexed && c->vouched, asked, opened))
    return FALSE;
  return rt_check (why, &is_free, !c->busy || c->multiplexed)
         && rt_check (why, &has_left, c->hint.max != 0,
                      rt_fact_number ("max", c->hint.max, RT_SPAN_NONE))
         && rt_check (
             why, &not_stale,
             c->busy || c->hint.timeout == 0 || now - c->idle_since < c->hint.timeout,
             rt_fact_number ("seconds idle", (now - c->idle_since) / RT_TIME_SEC, RT_SPAN_NONE),
             rt_fact_number ("timeout", c->hint.timeout / RT_TIME_SEC, RT_SPAN_NONE));
}

/**
 * rt_connection_reuse_decide:
 * @connection: one that is open
 * @origin: of the request, serialised
 * @now: the current time
 * @why: (nullable): takes the trace; verdict `reuse` or `open another`
 *
 * Returns: whether the request may go there
 */
gboolean
rt_connection_reuse_decide (const RtIdleConnection *connection,
                            const char *origin,
                            RtTime now,
                            RtDecision *why)
{
  gboolean verdict;

  rt_decision_begin (why, &rt_rule_connection_reuse, rt_text (origin));
  verdict = reuse (connection, origin, now, why);
  rt_decision_conclude (why, verdict ? "reuse" : "open another");
  return verdict;
}
