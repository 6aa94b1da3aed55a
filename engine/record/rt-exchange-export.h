/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One exchange, to be taken elsewhere. */
#pragma once

#include "rt-analysis.h"

G_BEGIN_DECLS

/**
 * RtExchangeForm:
 * @RT_EXCHANGE_AS_CURL: its request as a command line of curl (rt-curl.h)
 * @RT_EXCHANGE_AS_RAW: the bytes of all its messages as they crossed, one after the other
 * @RT_EXCHANGE_AS_RAW_REQUEST: those of its request
 * @RT_EXCHANGE_AS_RAW_RESPONSE: those of its final response
 * @RT_EXCHANGE_AS_HAR: a HAR of one entry
 *
 * What one exchange can be exported as.
 */
typedef enum
{
  RT_EXCHANGE_AS_CURL,
  RT_EXCHANGE_AS_RAW,
  RT_EXCHANGE_AS_RAW_REQUEST,
  RT_EXCHANGE_AS_RAW_RESPONSE,
  RT_EXCHANGE_AS_HAR,
  RT_N_EXCHANGE_FORMS,
} RtExchangeForm;

const char *rt_exchange_form_name (RtExchangeForm form);
gboolean rt_exchange_form_from_name (const char *name, RtExchangeForm *ret_form, GError **error);
GBytes *rt_exchange_export (RtAnalysis *analysis,
                            const RtExchange *exchange,
                            RtExchangeForm form,
                            GBytes **ret_body,
                            GError **error);

G_END_DECLS
