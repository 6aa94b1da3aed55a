/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The reference tables of `data/reference`: methods, status codes, fields. The one source of what
 * HTTP's names mean. */
#pragma once

#include "rt-text.h"

G_BEGIN_DECLS

/**
 * RtMethodInfo:
 * @safe, @idempotent: RFC 9110 §9.2
 * @cacheable: its response may be stored at all, RFC 9110 §9.2.3
 * @content: what content in a request means: `none` (no defined semantics), `yes`, `must-not`
 * @summary: one sentence
 */
typedef struct
{
  const char *name;
  gboolean safe, idempotent, cacheable;
  const char *content;
  const char *reference, *summary;
} RtMethodInfo;

/**
 * RtStatusInfo:
 * @heuristic: may be stored without explicit freshness, RFC 9110 §15.1
 */
typedef struct
{
  guint code;
  const char *reason;
  gboolean heuristic;
  const char *reference, *summary;
} RtStatusInfo;

/**
 * RtFieldInfo:
 * @group: the job it does: `representation`, `caching`, `conditional`, …
 * @where: `request`, `response`, `both`
 * @singleton: it may not be repeated
 */
typedef struct
{
  const char *name;
  const char *group, *where;
  gboolean singleton;
  const char *reference, *summary;
} RtFieldInfo;

const RtMethodInfo *rt_method_info (RtText name);
const RtStatusInfo *rt_status_info (guint code);
const RtFieldInfo *rt_field_info (RtText name);
const RtMethodInfo *rt_method_infos (guint *ret_n);
const RtStatusInfo *rt_status_infos (guint *ret_n);
const RtFieldInfo *rt_field_infos (guint *ret_n);

G_END_DECLS
