/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * It is read from whatever analysis is given: one without secrets has the same spans. */
#include "rt-marked.h"

#include "rt-element.h"

#include <string.h>

static GBytes *
take_text (char *text)
{
  return text != NULL ? g_bytes_new_take (text, strlen (text)) : NULL;
}

static GBytes *
copy_bytes (RtAnalysis *analysis, const RtTransfer *transfer, RtSpan span)
{
  if (rt_span_is_none (span) && transfer != NULL)
    span = transfer->whole;
  return rt_span_is_none (span) ? NULL : rt_analysis_dup_bytes (analysis, span, NULL);
}

static char *
dup_hex (GBytes *bytes)
{
  GString *text = g_string_new (NULL);
  gsize length = 0;
  const guchar *data = bytes != NULL ? g_bytes_get_data (bytes, &length) : NULL;

  for (gsize i = 0; i < length; i++)
    g_string_append_printf (text, i % 16 == 15 ? "%02x\n" : "%02x ", data[i]);
  return g_string_free (text, length == 0);
}

static char *
dup_value (const RtTransfer *transfer, RtSpan span)
{
  g_autoptr (GListStore) store = g_list_store_new (RT_TYPE_ELEMENT);

  rt_elements_list (store, transfer);
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (store)); i++)
    {
      g_autoptr (RtElement) element = g_list_model_get_item (G_LIST_MODEL (store), i);
      const char *value = rt_element_get_value (element);

      if (rt_span_is_none (span) || rt_span_contains (rt_element_get_span (element), span))
        return g_strdup (*value != '\0' ? value : rt_element_get_name (element));
    }
  return NULL;
}

static char *
dup_address (const RtExchange *exchange)
{
  g_autofree char *target = NULL;

  if (exchange->request == NULL)
    return NULL;
  target = rt_text_escape (exchange->request->message->target);
  if (exchange->authority == NULL || *exchange->authority == '\0' || *target != '/')
    return g_steal_pointer (&target);
  return g_strdup_printf ("%s://%s%s", exchange->scheme, exchange->authority, target);
}

/**
 * rt_marked_copy:
 * @analysis: of the run that it is marked in
 * @selection: what is marked
 *
 * Returns: (transfer full) (nullable): it; %NULL: there is no such thing
 */
GBytes *
rt_marked_copy (RtAnalysis *analysis, const RtViewSelection *selection, RtMarkedForm form)
{
  const RtExchange *exchange = rt_analysis_get_exchange (analysis, selection->exchange);
  const RtTransfer *transfer;
  g_autoptr (GBytes) bytes = NULL;

  if (exchange == NULL)
    return NULL;
  transfer = selection->request ? exchange->request : exchange->response;
  switch (form)
    {
    case RT_MARKED_BYTES:
      return copy_bytes (analysis, transfer, selection->span);
    case RT_MARKED_HEX:
      bytes = copy_bytes (analysis, transfer, selection->span);
      return take_text (dup_hex (bytes));
    case RT_MARKED_VALUE:
      return take_text (dup_value (transfer, selection->span));
    case RT_MARKED_ADDRESS:
      return take_text (dup_address (exchange));
    default:
      g_assert_not_reached ();
    }
}
