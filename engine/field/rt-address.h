/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * IP addresses in text. */
#pragma once

#include "rt-text.h"

G_BEGIN_DECLS

gboolean rt_ipv4_parse (RtText text, guint32 *ret_address);
void rt_ipv4_append (GString *out, guint32 address);

/**
 * RtIpv6:
 * @pieces: in host byte order, the leftmost first
 */
typedef struct
{
  guint16 pieces[8];
} RtIpv6;

gboolean rt_ipv6_parse (RtText text, RtIpv6 *ret_address);
void rt_ipv6_append (GString *out, const RtIpv6 *address);

/**
 * RtNodeKind:
 * @RT_NODE_MALFORMED: none of these
 * @RT_NODE_IPV4, @RT_NODE_IPV6: an address
 * @RT_NODE_UNKNOWN: the word `unknown`
 * @RT_NODE_OBFUSCATED: `_name`
 */
typedef enum
{
  RT_NODE_MALFORMED,
  RT_NODE_IPV4,
  RT_NODE_IPV6,
  RT_NODE_UNKNOWN,
  RT_NODE_OBFUSCATED,
} RtNodeKind;

/**
 * RtNode:
 * @name: the address without brackets, or the word
 * @port: its text; %RT_TEXT_NONE where there is none
 *
 * A node as Forwarded names it, RFC 7239 §6.
 */
typedef struct
{
  RtNodeKind kind;
  RtText name, port;
} RtNode;

RtNode rt_node_parse (RtText text);
RtNode rt_node_parse_bare (RtText text);

G_END_DECLS
