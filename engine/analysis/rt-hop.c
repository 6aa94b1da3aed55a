/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The exchanges at one end of the way. */
#include "rt-hop.h"

/* Those that are on both sides of exchanges: proxies, gateways, caches. */
static GHashTable *
find_middle_boxes (RtAnalysis *analysis)
{
  GPtrArray *exchanges = rt_analysis_get_exchanges (analysis);
  g_autoptr (GHashTable) clients = g_hash_table_new (NULL, NULL);
  GHashTable *boxes = g_hash_table_new (NULL, NULL);

  for (guint i = 0; i < exchanges->len; i++)
    g_hash_table_add (clients, GUINT_TO_POINTER (((RtExchange *)exchanges->pdata[i])->client));
  for (guint i = 0; i < exchanges->len; i++)
    {
      gpointer server = GUINT_TO_POINTER (((RtExchange *)exchanges->pdata[i])->server);

      if (server != NULL && g_hash_table_contains (clients, server))
        g_hash_table_add (boxes, server);
    }
  return boxes;
}

/**
 * rt_hop_list_exchanges:
 * @analysis: an analysis
 * @hop: which end
 *
 * Returns: (transfer container) (element-type RtExchange): the exchanges of that end, in order; all
 *   of them where everybody both asks and answers. As long as @analysis
 */
GPtrArray *
rt_hop_list_exchanges (RtAnalysis *analysis, RtHop hop)
{
  g_autoptr (GHashTable) boxes = find_middle_boxes (analysis);
  GPtrArray *exchanges = rt_analysis_get_exchanges (analysis);
  GPtrArray *list = g_ptr_array_new ();

  for (guint i = 0; i < exchanges->len; i++)
    {
      const RtExchange *exchange = exchanges->pdata[i];
      RtPartyId end = hop == RT_HOP_FIRST ? exchange->client : exchange->server;

      if (!g_hash_table_contains (boxes, GUINT_TO_POINTER (end)))
        g_ptr_array_add (list, (gpointer)exchange);
    }
  if (list->len == 0)
    g_ptr_array_extend (list, exchanges, NULL, NULL);
  return list;
}
