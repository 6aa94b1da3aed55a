/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The field lines of a section while it is read. */
#include "rt-http1-section.h"

typedef struct
{
  guint32 line, line_length;
  guint32 name, name_length;
  guint32 value;
} Record;

void
rt_http1_section_init (RtHttp1Section *section)
{
  section->records = g_array_sized_new (FALSE, FALSE, sizeof (Record), 16);
  section->folded = FALSE;
}

void
rt_http1_section_clear (RtHttp1Section *section)
{
  g_array_unref (section->records);
}

void
rt_http1_section_reset (RtHttp1Section *section)
{
  g_array_set_size (section->records, 0);
  section->folded = FALSE;
}

/* RFC 9112 §5.2: the line belongs to the value before it. Before the first field there is no such
 * value, and such a line is to be refused or consumed (§2.2). */
static void
add_fold (RtHttp1Section *section, RtHttp1Line line, gsize at, RtHttp1Judge *judge)
{
  Record *last;

  if (section->records->len == 0)
    {
      rt_http1_judge (judge, RT_HTTP1_SPACE_BEFORE_FIELDS, line.span);
      return;
    }
  rt_http1_judge (judge, RT_HTTP1_OBS_FOLD, line.span);
  rt_http1_judge_value (line.text, line.span, judge);
  last = &g_array_index (section->records, Record, section->records->len - 1);
  last->line_length = (guint32)(at + line.text.length) - last->line;
  section->folded = TRUE;
}

/**
 * rt_http1_section_add:
 * @section: the section
 * @line: its next line, not empty
 * @at: where the line begins, counted from the section's start
 * @judge: told of each violation
 */
void
rt_http1_section_add (RtHttp1Section *section, RtHttp1Line line, gsize at, RtHttp1Judge *judge)
{
  RtText name, value;
  Record record;

  if (line.text.at[0] == ' ' || line.text.at[0] == '\t')
    {
      add_fold (section, line, at, judge);
      return;
    }
  rt_http1_read_field_line (line, judge, &name, &value);
  rt_http1_judge_value (value, rt_http1_part_span (line, value), judge);
  record = (Record){
    .line = (guint32)at,
    .line_length = (guint32)line.text.length,
    .name = (guint32)(at + (gsize)(name.at - line.text.at)),
    .name_length = (guint32)name.length,
    .value = (guint32)(at + (gsize)(value.at - line.text.at)),
  };
  g_array_append_val (section->records, record);
}

/* Each line break within a value becomes spaces, one for one, so that places stay what they are. */
static void
unfold (RtHttp1Section *section, char *data)
{
  for (guint i = 0; i < section->records->len; i++)
    {
      const Record *record = &g_array_index (section->records, Record, i);
      gsize end = record->line + record->line_length;

      for (gsize at = record->value; at < end; at++)
        if (data[at] == '\n')
          {
            data[at] = ' ';
            if (at > record->value && data[at - 1] == '\r')
              data[at - 1] = ' ';
          }
    }
}

/**
 * rt_http1_section_dup_text:
 * @section: the section
 * @input: the input it was taken from
 * @length: how much of it
 *
 * Returns: (transfer full): the section's bytes, line breaks within values replaced by spaces
 */
GBytes *
rt_http1_section_dup_text (RtHttp1Section *section, RtHttp1Input *input, gsize length)
{
  char *copy;

  if (!section->folded)
    return rt_http1_input_dup_section (input, length);
  copy = g_memdup2 (rt_http1_input_section (input).at, length);
  unfold (section, copy);
  return g_bytes_new_take (copy, length);
}

/**
 * rt_http1_section_make_fields:
 * @section: the section
 * @text: its text
 * @span: where it stands
 *
 * Returns: (transfer full): its fields
 */
RtFields *
rt_http1_section_make_fields (RtHttp1Section *section, GBytes *text, RtSpan span)
{
  const char *data = g_bytes_get_data (text, NULL);
  RtFields *fields = rt_fields_new_over (text, section->records->len);

  for (guint i = 0; i < section->records->len; i++)
    {
      const Record *record = &g_array_index (section->records, Record, i);
      gsize end = record->line + record->line_length;
      RtText value = rt_text_trim ((RtText){ data + record->value, end - record->value });
      RtField field = {
        .name = { data + record->name, record->name_length },
        .value = value,
        .line = rt_span_sub (span, record->line, record->line_length),
        .name_span = rt_span_sub (span, record->name, record->name_length),
        .value_span = rt_span_sub (span, (guint64)(value.at - data), value.length),
      };

      rt_fields_append_over (fields, &field);
    }
  return fields;
}
