/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One exchange, to be taken elsewhere: the window's clipboard and `roundtrip inspect --as`. */
#include "rt-exchange-export.h"

#include "rt-curl.h"
#include "rt-error.h"
#include "rt-har-write.h"

static const char *const names[RT_N_EXCHANGE_FORMS] = {
  [RT_EXCHANGE_AS_CURL] = "curl",
  [RT_EXCHANGE_AS_RAW] = "raw",
  [RT_EXCHANGE_AS_RAW_REQUEST] = "raw-request",
  [RT_EXCHANGE_AS_RAW_RESPONSE] = "raw-response",
  [RT_EXCHANGE_AS_HAR] = "har",
};

/** rt_exchange_form_name: its stable name: `curl`, `raw`, … */
const char *
rt_exchange_form_name (RtExchangeForm form)
{
  return (guint)form < RT_N_EXCHANGE_FORMS ? names[form] : NULL;
}

/**
 * rt_exchange_form_from_name:
 * @ret_form: (out): the form of that name
 *
 * Errors: %RT_ERROR_UNKNOWN.
 */
gboolean
rt_exchange_form_from_name (const char *name, RtExchangeForm *ret_form, GError **error)
{
  for (guint i = 0; i < RT_N_EXCHANGE_FORMS; i++)
    if (g_str_equal (names[i], name))
      {
        *ret_form = (RtExchangeForm)i;
        return TRUE;
      }
  rt_set_unknown (error, NULL, "form", name, names, RT_N_EXCHANGE_FORMS);
  return FALSE;
}

static gboolean
append_transfer (GByteArray *out, RtAnalysis *analysis, const RtTransfer *transfer, GError **error)
{
  g_autoptr (GBytes) bytes = NULL;

  if (transfer == NULL)
    return TRUE;
  bytes = rt_analysis_dup_bytes (analysis, transfer->whole, error);
  if (bytes == NULL)
    return FALSE;
  g_byte_array_append (out, g_bytes_get_data (bytes, NULL), (guint)g_bytes_get_size (bytes));
  return TRUE;
}

static GBytes *
dup_raw (RtAnalysis *analysis, const RtExchange *exchange, RtExchangeForm form, GError **error)
{
  g_autoptr (GByteArray) out = g_byte_array_new ();

  if (form != RT_EXCHANGE_AS_RAW_RESPONSE
      && !append_transfer (out, analysis, exchange->request, error))
    return NULL;
  for (guint i = 0; form == RT_EXCHANGE_AS_RAW && i < exchange->interim->len; i++)
    if (!append_transfer (out, analysis, exchange->interim->pdata[i], error))
      return NULL;
  if (form != RT_EXCHANGE_AS_RAW_REQUEST
      && !append_transfer (out, analysis, exchange->response, error))
    return NULL;
  return g_byte_array_free_to_bytes (g_steal_pointer (&out));
}

static GBytes *
take_text (char *text)
{
  return g_bytes_new_take (text, strlen (text));
}

/**
 * rt_exchange_export:
 * @analysis: an analysis
 * @exchange: one of it
 * @form: as what
 * @ret_body: (out) (nullable): with %RT_EXCHANGE_AS_CURL: see rt_curl_dup_command()
 *
 * Of a reconstructed exchange the raw bytes are those that were put together.
 *
 * Errors: %RT_ERROR_MISSING if there is no request, no response or its bytes were not kept.
 *
 * Returns: (transfer full) (nullable): what can be pasted or written to a file
 */
GBytes *
rt_exchange_export (RtAnalysis *analysis,
                    const RtExchange *exchange,
                    RtExchangeForm form,
                    GBytes **ret_body,
                    GError **error)
{
  gboolean has_request = exchange->request != NULL && exchange->request->has_head;

  *ret_body = NULL;
  if (!has_request && (form == RT_EXCHANGE_AS_CURL || form == RT_EXCHANGE_AS_HAR))
    {
      rt_set_error (error, RT_ERROR_MISSING, NULL, NULL, "exchange %u has no whole request head",
                    exchange->id);
      return NULL;
    }
  if (form == RT_EXCHANGE_AS_RAW_RESPONSE && exchange->response == NULL)
    {
      rt_set_error (error, RT_ERROR_MISSING, NULL, NULL, "exchange %u has no response",
                    exchange->id);
      return NULL;
    }
  switch (form)
    {
    case RT_EXCHANGE_AS_CURL:
      return take_text (rt_curl_dup_command (analysis, exchange, ret_body));
    case RT_EXCHANGE_AS_HAR:
      return take_text (rt_har_dup_exchange (analysis, exchange));
    case RT_EXCHANGE_AS_RAW:
    case RT_EXCHANGE_AS_RAW_REQUEST:
    case RT_EXCHANGE_AS_RAW_RESPONSE:
    case RT_N_EXCHANGE_FORMS:
      break;
    }
  return dup_raw (analysis, exchange, form, error);
}
