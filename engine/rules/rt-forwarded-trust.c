/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Who is the client? Each intermediary appends who spoke to it, so the list is read from the right:
 * the last element is what the peer itself wrote, the one before it was written by whoever the last
 * one names, and so on for as long as these are trusted. The first one that is not is the client;
 * everything to the left of it, the client could have written. */
#include "rt-forwarded-trust.h"

#include "rt-elements.h"
#include "rt-evidence.h"
#include "rt-forwarded.h"

/* clang-format off */
static const RtClause is_configured = { "forwarded.configured", "there are intermediaries that tell", "RFC 7239 §8.1", RT_LEVEL_SHOULD };
static const RtClause peer_trusted = { "forwarded.peer", "the peer is one of them", "RFC 7239 §8.1", RT_LEVEL_SHOULD };
static const RtClause is_told = { "forwarded.present", "somebody tells for whom the request is made", "RFC 7239 §4", RT_LEVEL_MAY };
static const RtClause is_readable = { "forwarded.readable", "the next element from the right is a node", "RFC 7239 §6", RT_LEVEL_MUST };
static const RtClause is_address = { "forwarded.address", "it is an address, not “unknown” and no made-up word", "RFC 7239 §6.3", RT_LEVEL_SHOULD };
static const RtClause is_hop = { "forwarded.trusted", "it is a trusted intermediary too, and not the last that is named", "RFC 7239 §8.1", RT_LEVEL_SHOULD };

static const RtClause *const clauses[] = {
  &is_configured, &peer_trusted, &is_told, &is_readable, &is_address, &is_hop,
};
/* clang-format on */

const RtRule rt_rule_forwarded
    = RT_RULE ("forwarded", "Who is the client?", "RFC 7239 §8.1", clauses);

/* One element, with the field it stands in. */
typedef struct
{
  const RtField *field;
  RtText whole, client, proto, host;
  gboolean malformed;
} Hop;

typedef struct
{
  const RtForwardedTrust *trust;
  RtMessage *request;
  Hop hops[RT_FORWARDED_HOPS_MAX]; /* the last ones, in order */
  guint n_hops;
  RtDecision *why;
} Walk;

static guint32
leading_bits (guint n)
{
  return n == 0 ? 0 : G_MAXUINT32 << (32 - n);
}

static gboolean
same_ipv6_network (const RtIpv6 *a, const RtIpv6 *b, guint bits)
{
  for (guint i = 0; i < 8; i++)
    {
      guint here = MIN (bits - MIN (bits, i * 16), 16);
      guint32 mask = leading_bits (here) >> 16;

      if ((a->pieces[i] & mask) != (b->pieces[i] & mask))
        return FALSE;
    }
  return TRUE;
}

/**
 * rt_network_contains:
 * @network: an address, perhaps with `/` and the number of bits that count; or any other word
 * @address: an address without brackets, or a word
 *
 * Returns: whether @address is of @network; words are compared as they are
 */
gboolean
rt_network_contains (const char *network, RtText address)
{
  RtText text = rt_text (network);
  gssize slash = rt_text_find (text, RT_TEXT ("/"));
  RtText base = slash < 0 ? text : rt_text_sub (text, 0, (gsize)slash);
  guint64 bits = 128;
  guint32 a4, b4;
  RtIpv6 a6, b6;

  if (slash >= 0
      && !rt_text_to_uint64 (rt_text_sub (text, (gsize)slash + 1, text.length - (gsize)slash - 1),
                             &bits))
    return FALSE;
  if (rt_ipv4_parse (base, &a4) && rt_ipv4_parse (address, &b4))
    return ((a4 ^ b4) & leading_bits ((guint)MIN (bits, 32))) == 0;
  if (rt_ipv6_parse (base, &a6) && rt_ipv6_parse (address, &b6))
    return same_ipv6_network (&a6, &b6, (guint)MIN (bits, 128));
  return slash < 0 && rt_text_equal (base, address);
}

static gboolean
is_trusted (const RtForwardedTrust *trust, RtText name)
{
  for (guint i = 0; i < trust->n_networks; i++)
    if (rt_network_contains (trust->networks[i], name))
      return TRUE;
  return FALSE;
}

static void
append_hop (Walk *w, const Hop *hop)
{
  if (w->n_hops == RT_FORWARDED_HOPS_MAX)
    {
      memmove (&w->hops[0], &w->hops[1], (RT_FORWARDED_HOPS_MAX - 1) * sizeof (Hop));
      w->n_hops--;
    }
  w->hops[w->n_hops++] = *hop;
}

static const char *
field_name (const Walk *w)
{
  return w->trust->fields == RT_FORWARDED_X ? "X-Forwarded-For" : "Forwarded";
}

static void
append_elements (Walk *w, const RtField *field)
{
  RtText rest = field->value;
  RtForwarded f;
  RtText element;

  if (w->trust->fields == RT_FORWARDED_X)
    while (rt_list_next (&rest, &element))
      append_hop (w, &(Hop){ .field = field, .whole = element, .client = element });
  else
    while (rt_forwarded_next (&rest, &f))
      append_hop (w, &(Hop){ field, f.whole, f.client, f.proto, f.host, f.malformed });
}

static void
collect (Walk *w)
{
  const RtField *field;
  guint at = 0;

  while ((field = rt_fields_next (w->request->fields, field_name (w), &at)) != NULL)
    append_elements (w, field);
}

/* The element of @name that belongs to the hop @from_right: the only one, or the one as far from
 * the right. Nothing defines these fields; this is what can be believed of them. */
static RtText
companion (const Walk *w, const char *name, guint from_right)
{
  RtText listed[RT_FORWARDED_HOPS_MAX];
  RtElements elements = rt_elements (w->request->fields, name);
  RtText element;
  guint n = 0;

  while (rt_elements_next (&elements, &element))
    {
      if (n == RT_FORWARDED_HOPS_MAX)
        return RT_TEXT_NONE;
      listed[n++] = element;
    }
  if (n == 1)
    return listed[0];
  return n > from_right ? listed[n - 1 - from_right] : RT_TEXT_NONE;
}

static void
take (const Walk *w, guint i, RtNode node, RtForwardedClient *client)
{
  const Hop *hop = &w->hops[i];
  guint from_right = w->n_hops - 1 - i;
  gboolean x = w->trust->fields == RT_FORWARDED_X;

  client->name = node.name;
  client->known = node.kind == RT_NODE_IPV4 || node.kind == RT_NODE_IPV6;
  client->proto = x ? companion (w, "X-Forwarded-Proto", from_right) : hop->proto;
  client->host = x ? companion (w, "X-Forwarded-Host", from_right) : hop->host;
  client->hops++;
}

/* What @hop was read from; for X-Forwarded-For the lines beside it count as well. */
static void
gather (const Walk *w, const Hop *hop, RtEvidence *evidence)
{
  evidence->n = 0;
  rt_evidence_add (evidence, rt_fact_part (field_name (w), hop->field, hop->whole));
  if (w->trust->fields != RT_FORWARDED_X)
    return;
  rt_evidence_add_lines (evidence, w->request->fields, "X-Forwarded-Proto");
  rt_evidence_add_lines (evidence, w->request->fields, "X-Forwarded-Host");
}

/* Whether the walk goes on behind the hop @i. */
static gboolean
step (const Walk *w, guint i, RtForwardedClient *client)
{
  const Hop *hop = &w->hops[i];
  RtNode node = w->trust->fields == RT_FORWARDED_X ? rt_node_parse_bare (hop->client)
                                                   : rt_node_parse (hop->client);
  RtEvidence evidence;

  if (w->why != NULL)
    gather (w, hop, &evidence);
  if (!rt_check_evidence (
          w->why, &is_readable,
          !hop->malformed && hop->client.at != NULL && node.kind != RT_NODE_MALFORMED, &evidence))
    return FALSE;
  take (w, i, node, client);
  /* A made-up word may be that of a trusted intermediary, which knows its own. */
  if (!is_trusted (w->trust, node.name)
      && !rt_check_evidence (w->why, &is_address, client->known, &evidence))
    return FALSE;
  return rt_check_evidence (w->why, &is_hop, is_trusted (w->trust, node.name) && i > 0, &evidence);
}

static void
walk (Walk *w, const char *peer, RtForwardedClient *client)
{
  RtFact peer_fact = rt_fact_text ("peer", rt_text (peer), RT_SPAN_NONE);

  if (!rt_check (w->why, &is_configured, w->trust->fields != RT_FORWARDED_NONE)
      || !rt_check (w->why, &peer_trusted, is_trusted (w->trust, rt_text (peer)), peer_fact))
    return;
  collect (w);
  if (!rt_check_lines (w->why, &is_told, w->n_hops > 0, w->request->fields, field_name (w)))
    return;
  for (guint i = w->n_hops; i-- > 0;)
    if (!step (w, i, client))
      return;
}

/**
 * rt_forwarded_decide:
 * @request: a request
 * @peer: the address at the other end of the connection
 * @trust: who is believed
 * @why: (nullable): takes the trace; verdict `peer`, `forwarded` or `hidden`
 *
 * An element that is no node ends the walk: the client is then whom the intermediary named that
 * wrote it.
 *
 * Returns: the client; the peer itself where nobody is believed
 */
RtForwardedClient
rt_forwarded_decide (RtMessage *request,
                     const char *peer,
                     const RtForwardedTrust *trust,
                     RtDecision *why)
{
  Walk w = { .trust = trust, .request = request, .why = why };
  RtForwardedClient client = { .name = rt_text (peer), .known = TRUE };

  rt_decision_begin (why, &rt_rule_forwarded, request->target);
  walk (&w, peer, &client);
  rt_decision_conclude (why, client.hops == 0 ? "peer" : client.known ? "forwarded" : "hidden");
  return client;
}
