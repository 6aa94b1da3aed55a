/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A pool's connections: which one an exchange takes, and when one is given back. */
#include "rt-pool-private.h"

RtPoolLine *
rt_pool_line_find (RtPool *pool, RtConnection id)
{
  for (guint i = 0; i < pool->lines->len; i++)
    {
      RtPoolLine *line = g_ptr_array_index (pool->lines, i);

      if (line->id == id)
        return line;
    }
  return NULL;
}

static gboolean
suits (RtPoolLine *line, const RtPoolExchange *exchange)
{
  if (line->closing || line->over || line->port != exchange->port
      || !rt_tls_equal (line->tls, exchange->tls)
      || g_ascii_strcasecmp (line->host, exchange->host) != 0)
    return FALSE;
  if (exchange->policy == RT_POOL_NAMED)
    return g_strcmp0 (line->name, exchange->name) == 0;
  return exchange->policy == RT_POOL_REUSE && line->name == NULL && line->up
         && g_queue_is_empty (&line->exchanges);
}

static RtPoolLine *
open_line (RtPool *pool, const RtPoolExchange *exchange, RtEffects *out)
{
  RtPoolLine *line = g_new0 (RtPoolLine, 1);

  line->host = g_strdup (exchange->host);
  line->port = exchange->port;
  line->tls = exchange->tls;
  line->name = g_strdup (exchange->name);
  line->reader = rt_http1_reader_new (RT_MESSAGE_RESPONSE, RT_HTTP1_STRICT, &pool->limits);
  line->id = rt_effects_connect (
      out, &(RtEndpoint){ .host = line->host, .port = line->port, .tls = line->tls });
  g_ptr_array_add (pool->lines, line);
  return line;
}

/* The first connection that suits @exchange; one is opened if there is none. */
RtPoolLine *
rt_pool_line_take (RtPool *pool, const RtPoolExchange *exchange, RtEffects *out)
{
  for (guint i = 0; i < pool->lines->len; i++)
    if (suits (g_ptr_array_index (pool->lines, i), exchange))
      return g_ptr_array_index (pool->lines, i);
  return open_line (pool, exchange, out);
}

/* A connection that nobody uses is given back after a while (RFC 9112 §9.5). */
void
rt_pool_line_watch_idle (RtPool *pool, RtPoolLine *line, RtTime now, RtEffects *out)
{
  gboolean idle = g_queue_is_empty (&line->exchanges) && !line->closing && !line->over;

  if (pool->idle > 0)
    rt_effects_deadline (out, RT_POOL_DEADLINE | RT_POOL_IDLE_DEADLINE | line->id,
                         idle ? now + pool->idle : RT_TIME_NEVER, TRUE);
}

void
rt_pool_line_close (RtPoolLine *line, gboolean reset, RtEffects *out)
{
  if (!line->closing)
    rt_effects_close (out, line->id, reset);
  line->closing = TRUE;
  line->over |= reset;
}

/* Somebody who speaks to many servers, once to each, must not keep them all. */
void
rt_pool_limit_idle (RtPool *pool, RtEffects *out)
{
  guint n = 0;

  for (guint i = pool->lines->len; i > 0; i--)
    {
      RtPoolLine *line = g_ptr_array_index (pool->lines, i - 1);

      if (line->up && !line->closing && !line->over && line->name == NULL
          && g_queue_is_empty (&line->exchanges) && ++n > RT_POOL_IDLE_MAX)
        rt_pool_line_close (line, FALSE, out);
    }
}

void
rt_pool_forget_lines (RtPool *pool)
{
  for (guint i = 0; i < pool->lines->len;)
    {
      RtPoolLine *line = g_ptr_array_index (pool->lines, i);

      if (line->over && g_queue_is_empty (&line->exchanges) && !line->pulling)
        g_ptr_array_remove_index (pool->lines, i);
      else
        i++;
    }
}

/**
 * rt_pool_close_idle:
 * @pool: a pool
 * @to: (nullable): only connections to this host and port; port 0: any
 * @out: where effects gather
 */
void
rt_pool_close_idle (RtPool *pool, const RtEndpoint *to, RtEffects *out)
{
  for (guint i = 0; i < pool->lines->len; i++)
    {
      RtPoolLine *line = g_ptr_array_index (pool->lines, i);
      gboolean meant = to == NULL || to->host == NULL
                       || (g_ascii_strcasecmp (to->host, line->host) == 0
                           && (to->port == 0 || to->port == line->port));

      if (meant && g_queue_is_empty (&line->exchanges))
        rt_pool_line_close (line, FALSE, out);
    }
}

void
rt_pool_line_free (gpointer data)
{
  RtPoolLine *line = data;

  g_queue_clear (&line->exchanges);
  rt_http1_reader_free (line->reader);
  g_free (line->host);
  g_free (line->name);
  g_free (line);
}
