/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The field lines of one section, in the order and case they came in. */
#pragma once

#include "rt-span.h"
#include "rt-text.h"

G_BEGIN_DECLS

/**
 * RtField:
 * @name: as it was written
 * @value: without the white space around it
 * @line: the whole line, its line break excluded; none for a field made here
 * @name_span: where @name stands
 * @value_span: where @value stands, byte for byte
 *
 * One field line. The text lives as long as the #RtFields it is in.
 */
typedef struct
{
  RtText name, value;
  RtSpan line, name_span, value_span;
} RtField;

typedef struct _RtFields RtFields;

RtFields *rt_fields_new (void);
RtFields *rt_fields_ref (RtFields *fields);
void rt_fields_unref (RtFields *fields);
RtFields *rt_fields_copy (RtFields *fields);

/* For readers: fields that point into the bytes they were read from. */
RtFields *rt_fields_new_over (GBytes *bytes, guint n_lines);
void rt_fields_append_over (RtFields *fields, const RtField *field);

void rt_fields_append (RtFields *fields, const char *name, const char *value);
void rt_fields_append_field (RtFields *fields, const RtField *field);
void rt_fields_append_from (RtFields *fields, RtFields *from, guint i);
void rt_fields_set (RtFields *fields, const char *name, const char *value);
guint rt_fields_remove (RtFields *fields, const char *name);

guint rt_fields_get_length (RtFields *fields);
const RtField *rt_fields_get (RtFields *fields, guint i);
const RtField *rt_fields_next (RtFields *fields, const char *name, guint *at);
const RtField *rt_fields_next_of (RtFields *fields, RtText name, guint *at);
const RtField *rt_fields_first (RtFields *fields, const char *name);
guint rt_fields_count (RtFields *fields, const char *name);
gboolean rt_fields_list_contains (RtFields *fields, const char *name, RtText token);
char *rt_fields_dup_combined (RtFields *fields, const char *name);

/* Where @part, a slice of @field's value, stands. */
static inline RtSpan
rt_field_part_span (const RtField *field, RtText part)
{
  return rt_span_sub (field->value_span, (guint64)(part.at - field->value.at), part.length);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RtFields, rt_fields_unref)

G_END_DECLS
