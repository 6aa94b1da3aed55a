/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The field lines of one section.
 *
 * A section that was read points into the bytes it was read from, which it keeps: one array and no
 * copy of text, however many lines there are. Text that is added by hand is copied into a string
 * chunk, which is made when it is first needed. Lines that are handed on from another section point
 * into that one's text, which it never lets go of. */
#include "rt-fields.h"

#include "rt-elements.h"

#define TEXT_BLOCK 256
/* Lines that a section made by hand has room for at first. */
#define LINES_FIRST 8

struct _RtFields
{
  gint ref_count;
  GArray *lines;      /* RtField */
  GBytes *bytes;      /* (nullable): what lines that were read point into */
  GStringChunk *text; /* (nullable): what was added by hand */
  GPtrArray *sources; /* (nullable): RtFields, whose text lines point into */
};

/**
 * rt_fields_new:
 *
 * Returns: (transfer full): an empty section
 */
RtFields *
rt_fields_new (void)
{
  return rt_fields_new_over (NULL, LINES_FIRST);
}

/**
 * rt_fields_new_over:
 * @bytes: (nullable): what the fields are read from; reffed
 * @n_lines: how many lines will be appended, as far as known
 *
 * For readers: text of fields that are added by rt_fields_append_over() lies within @bytes.
 *
 * Returns: (transfer full): an empty section
 */
RtFields *
rt_fields_new_over (GBytes *bytes, guint n_lines)
{
  RtFields *fields = g_new (RtFields, 1);

  *fields = (RtFields){
    .ref_count = 1,
    .lines = g_array_sized_new (FALSE, FALSE, sizeof (RtField), n_lines),
    .bytes = bytes != NULL ? g_bytes_ref (bytes) : NULL,
  };
  return fields;
}

RtFields *
rt_fields_ref (RtFields *fields)
{
  g_atomic_int_inc (&fields->ref_count);
  return fields;
}

void
rt_fields_unref (RtFields *fields)
{
  if (!g_atomic_int_dec_and_test (&fields->ref_count))
    return;
  g_array_unref (fields->lines);
  g_clear_pointer (&fields->bytes, g_bytes_unref);
  g_clear_pointer (&fields->text, g_string_chunk_free);
  g_clear_pointer (&fields->sources, g_ptr_array_unref);
  g_free (fields);
}

/**
 * rt_fields_copy:
 * @fields: a section
 *
 * Returns: (transfer full): a section of its own with the same lines; spans are kept, they say
 *   where each line came from
 */
RtFields *
rt_fields_copy (RtFields *fields)
{
  RtFields *copy = rt_fields_new_over (fields->bytes, fields->lines->len);

  if (fields->text == NULL && fields->sources == NULL)
    g_array_append_vals (copy->lines, fields->lines->data, fields->lines->len);
  else
    for (guint i = 0; i < fields->lines->len; i++)
      rt_fields_append_field (copy, rt_fields_get (fields, i));
  return copy;
}

static RtText
keep (RtFields *fields, RtText text)
{
  if (text.length == 0)
    return RT_TEXT ("");
  if (fields->text == NULL)
    fields->text = g_string_chunk_new (TEXT_BLOCK);
  text.at = g_string_chunk_insert_len (fields->text, text.at, (gssize)text.length);
  return text;
}

/**
 * rt_fields_append:
 * @fields: a section
 * @name: a field name
 * @value: its value
 *
 * Adds a line at the end, whether or not there is one of that name. Both are copied.
 */
void
rt_fields_append (RtFields *fields, const char *name, const char *value)
{
  rt_fields_append_field (fields, &(RtField){ .name = rt_text (name), .value = rt_text (value) });
}

/**
 * rt_fields_append_field:
 * @fields: a section
 * @field: a line, of another section or made up; its text is copied, its spans are kept
 */
void
rt_fields_append_field (RtFields *fields, const RtField *field)
{
  RtField copy = *field;

  g_return_if_fail (field->name.at != NULL);

  copy.name = keep (fields, field->name);
  copy.value = keep (fields, field->value);
  g_array_append_val (fields->lines, copy);
}

/**
 * rt_fields_append_from:
 * @fields: a section
 * @from: another one, which stays as long as @fields does
 * @i: below the length of @from
 *
 * Adds a line of @from at the end, as rt_fields_append_field() does, without a copy of its text.
 */
void
rt_fields_append_from (RtFields *fields, RtFields *from, guint i)
{
  g_return_if_fail (fields != from);

  if (fields->sources == NULL)
    fields->sources = g_ptr_array_new_with_free_func ((GDestroyNotify)rt_fields_unref);
  if (fields->sources->len == 0 || fields->sources->pdata[fields->sources->len - 1] != from)
    g_ptr_array_add (fields->sources, rt_fields_ref (from));
  g_array_append_vals (fields->lines, rt_fields_get (from, i), 1);
}

/**
 * rt_fields_append_over:
 * @fields: a section made by rt_fields_new_over()
 * @field: a line; its text lies within the bytes that the section was made over and is not copied
 */
void
rt_fields_append_over (RtFields *fields, const RtField *field)
{
  g_array_append_vals (fields->lines, field, 1);
}

/**
 * rt_fields_set:
 * @fields: a section
 * @name: a field name
 * @value: its value
 *
 * Leaves one line of that name: in the place of the first, or at the end if there was none. The
 * first line's spelling of the name stays; its spans go, because what it says is no longer what was
 * read.
 */
void
rt_fields_set (RtFields *fields, const char *name, const char *value)
{
  gboolean done = FALSE;

  for (guint i = 0; i < fields->lines->len;)
    {
      RtField *field = &g_array_index (fields->lines, RtField, i);

      if (!rt_text_is_nocase (field->name, name))
        i++;
      else if (done)
        g_array_remove_index (fields->lines, i);
      else
        {
          *field = (RtField){ .name = field->name, .value = keep (fields, rt_text (value)) };
          done = TRUE;
          i++;
        }
    }
  if (!done)
    rt_fields_append (fields, name, value);
}

/**
 * rt_fields_remove:
 * @fields: a section
 * @name: a field name
 *
 * Returns: how many lines of that name were there
 */
guint
rt_fields_remove (RtFields *fields, const char *name)
{
  RtText wanted = rt_text (name);
  guint before = fields->lines->len;
  guint kept = 0;

  for (guint i = 0; i < before; i++)
    {
      const RtField *field = rt_fields_get (fields, i);

      if (!rt_text_equal_nocase (field->name, wanted))
        g_array_index (fields->lines, RtField, kept++) = *field;
    }
  g_array_set_size (fields->lines, kept);
  return before - kept;
}

guint
rt_fields_get_length (RtFields *fields)
{
  return fields->lines->len;
}

/**
 * rt_fields_get:
 * @fields: a section
 * @i: below its length
 *
 * Returns: (transfer none): a line; good until the section changes
 */
const RtField *
rt_fields_get (RtFields *fields, guint i)
{
  return &g_array_index (fields->lines, RtField, i);
}

/**
 * rt_fields_next:
 * @fields: a section
 * @name: a field name; case does not matter (RFC 9110 §5.1)
 * @at: (inout): where to go on; 0 at first
 *
 * Returns: (transfer none) (nullable): the next line of that name
 */
const RtField *
rt_fields_next (RtFields *fields, const char *name, guint *at)
{
  return rt_fields_next_of (fields, rt_text (name), at);
}

/**
 * rt_fields_next_of:
 * @fields: a section
 * @name: a field name
 * @at: (inout): where to go on; 0 at first
 *
 * rt_fields_next() for a name that is a slice.
 *
 * Returns: (transfer none) (nullable): the next line of that name
 */
const RtField *
rt_fields_next_of (RtFields *fields, RtText name, guint *at)
{
  for (guint i = *at; i < fields->lines->len; i++)
    {
      const RtField *field = rt_fields_get (fields, i);

      if (rt_text_equal_nocase (field->name, name))
        {
          *at = i + 1;
          return field;
        }
    }
  *at = fields->lines->len;
  return NULL;
}

/**
 * rt_fields_first:
 * @fields: a section
 * @name: a field name
 *
 * Returns: (transfer none) (nullable): the first line of that name
 */
const RtField *
rt_fields_first (RtFields *fields, const char *name)
{
  guint at = 0;

  return rt_fields_next (fields, name, &at);
}

/**
 * rt_fields_count:
 * @fields: a section
 * @name: a field name
 *
 * Returns: how many lines have it
 */
guint
rt_fields_count (RtFields *fields, const char *name)
{
  guint at = 0;
  guint n = 0;

  while (rt_fields_next (fields, name, &at) != NULL)
    n++;
  return n;
}

/**
 * rt_fields_list_contains:
 * @fields: a section
 * @name: name of a field that is a list of tokens: `Connection`
 * @token: compared without case
 *
 * Returns: whether it stands in any line of that name
 */
gboolean
rt_fields_list_contains (RtFields *fields, const char *name, RtText token)
{
  RtElements elements = rt_elements (fields, name);
  RtText element;

  while (rt_elements_next (&elements, &element))
    if (rt_text_equal_nocase (element, token))
      return TRUE;
  return FALSE;
}

/**
 * rt_fields_dup_combined:
 * @fields: a section
 * @name: name of a field that is a list; not Set-Cookie
 *
 * Returns: (transfer full) (nullable): the values of all its lines, joined by a comma and a space
 *   (RFC 9110 §5.3); %NULL if there is no line
 */
char *
rt_fields_dup_combined (RtFields *fields, const char *name)
{
  GString *combined = NULL;
  const RtField *field;
  guint at = 0;

  while ((field = rt_fields_next (fields, name, &at)) != NULL)
    {
      if (combined == NULL)
        combined = g_string_new (NULL);
      else
        g_string_append (combined, ", ");
      g_string_append_len (combined, field->value.at, (gssize)field->value.length);
    }
  return combined != NULL ? g_string_free (combined, FALSE) : NULL;
}
