/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What intermediaries tell of themselves and of those before them: Forwarded, Via. */
#pragma once

#include "rt-address.h"
#include "rt-list.h"

G_BEGIN_DECLS

/**
 * RtForwarded:
 * @client: the value of `for`; a node
 * @by: the value of `by`; a node
 * @host, @proto: their values; compare with rt_quoted_equal() where escapes matter
 * @whole: the element
 * @malformed: it follows no grammar, or a parameter is there twice
 *
 * One element of Forwarded, RFC 7239 §4. Values without their quotes; %RT_TEXT_NONE where absent.
 */
typedef struct
{
  RtText client, by, host, proto, whole;
  gboolean malformed;
} RtForwarded;

gboolean rt_forwarded_next (RtText *rest, RtForwarded *ret_forwarded);
void rt_forwarded_append (GString *out, const RtForwarded *forwarded);

/**
 * RtVia:
 * @protocol: its name; %RT_TEXT_NONE where it is HTTP and was left out
 * @version: of the received message: `1.1`
 * @received_by: a host with an optional port, or a pseudonym
 * @comment: without its parentheses; %RT_TEXT_NONE where absent
 *
 * One element of Via, RFC 9110 §7.6.3.
 */
typedef struct
{
  RtText protocol, version, received_by, comment, whole;
  gboolean malformed;
} RtVia;

gboolean rt_via_next (RtText *rest, RtVia *ret_via);

G_END_DECLS
