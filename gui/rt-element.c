/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Elements carry the words of the analysis and the place of their bytes. */
#include "rt-element.h"

#include "rt-note.h"
#include "rt-reference.h"

#include <glib/gi18n.h>

/** MAX_VALUE: characters of a value that are shown in the list; the bytes show all of it. */
#define MAX_VALUE 2000
/** MAX_FIELDS: lines that are listed; the bytes show all of them. */
#define MAX_FIELDS 2000

struct _RtElement
{
  GObject parent_instance;

  char *name, *value, *note;
  RtSpan span;
};

G_DEFINE_FINAL_TYPE (RtElement, rt_element, G_TYPE_OBJECT)

static void
rt_element_finalize (GObject *object)
{
  RtElement *self = RT_ELEMENT (object);

  g_free (self->name);
  g_free (self->value);
  g_free (self->note);
  G_OBJECT_CLASS (rt_element_parent_class)->finalize (object);
}

static void
rt_element_class_init (RtElementClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = rt_element_finalize;
}

static void
rt_element_init (RtElement *self)
{
}

const char *
rt_element_get_name (RtElement *self)
{
  return self->name;
}

const char *
rt_element_get_value (RtElement *self)
{
  return self->value;
}

const char *
rt_element_get_note (RtElement *self)
{
  return self->note;
}

RtSpan
rt_element_get_span (RtElement *self)
{
  return self->span;
}

/* @name, @value, @note: (transfer full) */
static void
add (GListStore *store, char *name, char *value, char *note, RtSpan span)
{
  g_autoptr (RtElement) element = g_object_new (RT_TYPE_ELEMENT, NULL);

  element->name = name;
  element->value = value;
  element->note = note;
  element->span = span;
  g_list_store_append (store, element);
}

static char *
start_line_note (const RtMessage *message)
{
  if (message->kind == RT_MESSAGE_REQUEST)
    {
      const RtMethodInfo *method = rt_method_info (message->method);

      return g_strdup (method != NULL ? method->summary : "");
    }
  else
    {
      const RtStatusInfo *status = rt_status_info (message->status);

      return g_strdup (status != NULL ? status->summary : "");
    }
}

static void
add_fields (GListStore *store, RtFields *fields, const RtTransfer *transfer)
{
  guint n = fields != NULL ? rt_fields_get_length (fields) : 0;

  for (guint i = 0; i < MIN (n, MAX_FIELDS); i++)
    {
      const RtField *field = rt_fields_get (fields, i);

      add (store, rt_text_dup_short (field->name, MAX_VALUE),
           rt_text_dup_short (field->value, MAX_VALUE),
           rt_field_note (field, transfer->message, transfer->sent_first), field->line);
    }
}

/**
 * rt_elements_list:
 * @store: is emptied and filled
 * @transfer: (nullable): the message
 */
void
rt_elements_list (GListStore *store, const RtTransfer *transfer)
{
  const RtMessage *message = transfer != NULL ? transfer->message : NULL;

  g_list_store_remove_all (store);
  if (message == NULL || !transfer->has_head)
    return;
  add (store, rt_transfer_dup_title (transfer), g_strdup (rt_version_name (message->version)),
       start_line_note (message), message->start_line);
  add_fields (store, message->fields, transfer);
  if (transfer->content_length > 0)
    add (store, g_strdup (_ ("Content")), g_format_size (transfer->content_length), g_strdup (""),
         transfer->content);
  add_fields (store, message->trailers, transfer);
}

static RtSpan
find_field (RtFields *fields, RtSpan point)
{
  guint n = fields != NULL ? rt_fields_get_length (fields) : 0;

  for (guint i = 0; i < n; i++)
    if (rt_span_contains (rt_fields_get (fields, i)->line, point))
      return rt_fields_get (fields, i)->line;
  return RT_SPAN_NONE;
}

/**
 * rt_elements_find:
 *
 * Returns: the span of the element that the byte belongs to; none: of none
 */
RtSpan
rt_elements_find (const RtTransfer *transfer, RtBufferId buffer, guint64 offset)
{
  const RtSpan point = { offset, 1, buffer };
  const RtMessage *message = transfer->message;
  RtSpan found;

  if (rt_span_contains (message->start_line, point))
    return message->start_line;
  if (!rt_span_is_none (transfer->content) && rt_span_contains (transfer->content, point))
    return transfer->content;
  found = find_field (message->fields, point);
  return !rt_span_is_none (found) ? found : find_field (message->trailers, point);
}
