/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Structured fields, RFC 9651: items, lists and dictionaries. */
#pragma once

#include "rt-text.h"

G_BEGIN_DECLS

/** RT_SF_MEMBERS_MAX: of one list, dictionary, inner list or parameter list. RFC 9651 asks for
 * 1024. */
#define RT_SF_MEMBERS_MAX 4096

/** RT_SF_INTEGER_MAX: fifteen digits, either sign. */
#define RT_SF_INTEGER_MAX G_GINT64_CONSTANT (999999999999999)

/** RtSfKind: what a field is defined to be. */
typedef enum
{
  RT_SF_ITEM,
  RT_SF_LIST,
  RT_SF_DICTIONARY,
} RtSfKind;

typedef enum
{
  RT_SF_INTEGER,
  RT_SF_DECIMAL,
  RT_SF_STRING,
  RT_SF_TOKEN,
  RT_SF_BINARY,
  RT_SF_BOOLEAN,
  RT_SF_DATE,
  RT_SF_DISPLAY_STRING,
  RT_SF_INNER_LIST,
} RtSfType;

typedef struct _RtSfMember RtSfMember;

/**
 * RtSfValue:
 * @number: %RT_SF_INTEGER; %RT_SF_DECIMAL in thousandths; %RT_SF_BOOLEAN; %RT_SF_DATE in seconds
 *   since 1970
 * @text: %RT_SF_STRING, %RT_SF_TOKEN; %RT_SF_DISPLAY_STRING in UTF-8; %RT_SF_BINARY: the bytes
 * @items: (array length=n_items): %RT_SF_INNER_LIST; their keys are empty
 * @parameters: (array length=n_parameters): in order, each key once
 * @raw: where it stood in the field value, parameters excluded
 *
 * An item or an inner list with its parameters.
 */
typedef struct
{
  RtSfType type;
  gint64 number;
  RtText text, raw;
  const RtSfMember *items, *parameters;
  guint n_items, n_parameters;
} RtSfValue;

struct _RtSfMember
{
  RtText key;
  RtSfValue value;
};

/**
 * RtSf:
 * @members: (array length=n_members): one for an item; in order, in a dictionary each key once
 *
 * A structured field. One that was parsed is released with rt_sf_free() and borrows from the field
 * value; one that is to be serialized may be put together by hand.
 */
typedef struct
{
  RtSfKind kind;
  const RtSfMember *members;
  guint n_members;
} RtSf;

RtSf *rt_sf_parse (RtText value, RtSfKind kind, GError **error);
void rt_sf_free (RtSf *sf);
const RtSfValue *rt_sf_find (const RtSf *dictionary, const char *key);
const RtSfValue *rt_sf_find_parameter (const RtSfValue *value, const char *key);

gint64 rt_sf_decimal (gint64 mantissa, guint decimals);
char *rt_sf_serialize (const RtSf *sf, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RtSf, rt_sf_free)

G_END_DECLS
