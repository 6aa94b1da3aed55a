/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What lists and filters ask of an exchange beyond its target and status, short enough to stand in
 * a row of a table. */
#pragma once

#include "rt-analysis.h"

G_BEGIN_DECLS

/** RT_TRAIT_NAMES_MAX: bytes of the names of one message that are kept. */
#define RT_TRAIT_NAMES_MAX 8192

/**
 * RtTraitFlags:
 * @RT_TRAIT_FAILED: there will be no response, or none that is whole
 * @RT_TRAIT_RECONSTRUCTED: made from a source that kept no bytes
 * @RT_TRAIT_PREFLIGHT: a CORS preflight: OPTIONS that asks for a method
 * @RT_TRAIT_REDIRECT: a 3xx with a Location
 * @RT_TRAIT_FROM_CACHE: the response says that a cache had it: by Age, RFC 9111 §5.1, or by a hit
 *   in Cache-Status, RFC 9211
 * @RT_TRAIT_RETRIED: its client decided to send the request again
 * @RT_TRAIT_SECURE: it crossed TLS
 * @RT_TRAIT_REQUEST_CODED: the bytes of its content are not what it says: in chunks, or with a
 *   content coding
 * @RT_TRAIT_RESPONSE_CODED: likewise the response
 * @RT_TRAIT_WARNING: something is to be said against it: a note of severity Warning
 * @RT_TRAIT_PROBLEM: … or Problem
 */
typedef enum
{
  RT_TRAIT_FAILED = 1 << 0,
  RT_TRAIT_RECONSTRUCTED = 1 << 1,
  RT_TRAIT_PREFLIGHT = 1 << 2,
  RT_TRAIT_REDIRECT = 1 << 3,
  RT_TRAIT_FROM_CACHE = 1 << 4,
  RT_TRAIT_RETRIED = 1 << 5,
  RT_TRAIT_SECURE = 1 << 6,
  RT_TRAIT_REQUEST_CODED = 1 << 7,
  RT_TRAIT_RESPONSE_CODED = 1 << 8,
  RT_TRAIT_WARNING = 1 << 9,
  RT_TRAIT_PROBLEM = 1 << 10,
} RtTraitFlags;

RtTraitFlags rt_traits_get_flags (const RtExchange *exchange);
gboolean rt_traits_get_media_type (const RtExchange *exchange, RtText *ret_essence);
guint rt_traits_get_urgency (RtFields *request);
gboolean rt_traits_write_names (const RtTransfer *transfer, GString *names);
char *rt_traits_dup_names (const RtTransfer *transfer);
gboolean rt_traits_names_contain (const char *names, char mark, const char *pattern);

G_END_DECLS
