/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Comma-separated lists and the parameters of their elements. */
#pragma once

#include "rt-scan.h"

G_BEGIN_DECLS

/**
 * RtListFlags:
 * @RT_LIST_PLAIN: commas in quoted strings do not separate
 * @RT_LIST_COMMENTS: those in comments do not either (Via, User-Agent)
 * @RT_LIST_ANGLES: nor those in `<…>` (Link)
 */
typedef enum
{
  RT_LIST_PLAIN = 0,
  RT_LIST_COMMENTS = 1 << 0,
  RT_LIST_ANGLES = 1 << 1,
} RtListFlags;

gboolean rt_list_next (RtText *rest, RtText *ret_element);
gboolean rt_list_next_full (RtText *rest, RtListFlags flags, RtText *ret_element);
gboolean rt_list_contains_token (RtText value, RtText token);

/** RT_PARAMETERS_MAX: more of them on one value make it malformed where they are compared pairwise.
 */
#define RT_PARAMETERS_MAX 64

/**
 * RtParameterKind:
 * @RT_PARAMETER_MALFORMED: follows no grammar; only #RtParameter.whole is set
 * @RT_PARAMETER_FLAG: a name alone
 * @RT_PARAMETER_TOKEN: `name=token`
 * @RT_PARAMETER_QUOTED: `name="…"`: the value is raw, see rt_parameter_equal()
 */
typedef enum
{
  RT_PARAMETER_MALFORMED,
  RT_PARAMETER_FLAG,
  RT_PARAMETER_TOKEN,
  RT_PARAMETER_QUOTED,
} RtParameterKind;

/**
 * RtParameter:
 * @name: compared without case
 * @value: slice of the field value; for a quoted one what stands between the quotes
 * @whole: name and value as written
 *
 * One `name`, `name=token` or `name="quoted string"`, RFC 9110 §5.6.6.
 */
typedef struct
{
  RtParameterKind kind;
  RtText name, value, whole;
} RtParameter;

RtParameter rt_parameter_parse (RtText text);
RtParameter rt_parameter_parse_spaced (RtText text);
gboolean rt_parameter_next (RtText *rest, RtParameter *ret_parameter);
gboolean rt_parameter_find (RtText parameters, const char *name, RtParameter *ret_parameter);
gboolean rt_parameter_equal (const RtParameter *parameter, RtText plain, gboolean ignore_case);
char *rt_parameter_dup_value (const RtParameter *parameter);

G_END_DECLS
