/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What gateways and proxies take besides: the servers behind them, the ports that they open. */
#include "rt-party-settings-private.h"

#include "rt-cast-kind.h"
#include "rt-proxy.h"

#include <string.h>

/* A server of the lesson that stands behind a gateway: its name, and with @host (nullable) before
 * it whose requests it gets. */
static gboolean
read_upstream (const RtLesson *lesson,
               const RtYaml *node,
               const char *host,
               GPtrArray *upstreams,
               const char *file,
               GError **error)
{
  RtPlace place = { file, node->line, 0 };
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  const char *name;

  if (!rt_yaml_expect (node, RT_YAML_SCALAR, "a server's name", file, error))
    return FALSE;
  name = g_str_has_prefix (node->text, "https://") ? node->text + strlen ("https://") : node->text;
  for (guint i = 0; i < lesson->cast->len; i++)
    {
      const RtCast *cast = lesson->cast->pdata[i];

      if (!rt_cast_kind_find (cast->kind)->serves)
        continue;
      if (g_str_equal (cast->name, name))
        {
          g_ptr_array_add (upstreams, host != NULL ? g_strconcat (host, " ", node->text, NULL)
                                                   : g_strdup (node->text));
          return TRUE;
        }
      g_ptr_array_add (names, cast->name);
    }
  rt_set_unknown (error, &place, "server", name, (const char *const *)names->pdata, names->len);
  return FALSE;
}

/* `ports: [443]`: what CONNECT may reach. */
gboolean
rt_party_settings_read_ports (const RtYaml *yaml,
                              const char *file,
                              GArray **ret_ports,
                              GError **error)
{
  const RtYaml *node = rt_yaml_get (yaml, "ports");
  g_autoptr (GArray) ports = g_array_new (FALSE, FALSE, sizeof (guint16));

  if (node == NULL)
    return TRUE;
  if (!rt_yaml_expect (node, RT_YAML_LIST, "a list of ports", file, error))
    return FALSE;
  for (guint i = 0; i < node->children->len; i++)
    {
      const RtYaml *item = node->children->pdata[i];
      RtPlace place = { file, item->line, 0 };
      guint64 number = 0;
      guint16 port;

      if (i == RT_PROXY_PORTS_MAX || item->kind != RT_YAML_SCALAR
          || !rt_text_to_uint64 (rt_text (item->text), &number) || number == 0
          || number > G_MAXUINT16)
        {
          rt_set_error (error, RT_ERROR_SYNTAX, &place, "at most 16 numbers from 1 to 65535",
                        "the ports cannot be read");
          return FALSE;
        }
      port = (guint16)number;
      g_array_append_val (ports, port);
    }
  *ret_ports = g_steal_pointer (&ports);
  return TRUE;
}

/* `upstream: NAME`, a list of names, or a mapping of hosts to names. */
gboolean
rt_party_settings_read_upstreams (const RtLesson *lesson,
                                  const RtYaml *yaml,
                                  const char *file,
                                  char ***ret_upstreams,
                                  GError **error)
{
  const RtYaml *node = rt_yaml_get (yaml, "upstream");
  g_autoptr (GPtrArray) upstreams = g_ptr_array_new_with_free_func (g_free);
  RtPlace place = { file, node != NULL ? node->line : yaml->line, 0 };
  gboolean one = node != NULL && node->kind == RT_YAML_SCALAR;
  guint n = node == NULL ? 0 : one ? 1 : node->children->len;

  if (n > RT_GATEWAY_UPSTREAMS_MAX)
    {
      rt_set_error (error, RT_ERROR_LIMIT, &place, NULL, "a gateway has at most %d servers",
                    RT_GATEWAY_UPSTREAMS_MAX);
      return FALSE;
    }
  for (guint i = 0; i < n; i++)
    if (!read_upstream (lesson, one ? node : node->children->pdata[i],
                        node->kind == RT_YAML_MAPPING ? node->keys->pdata[i] : NULL, upstreams,
                        file, error))
      return FALSE;
  if (n == 0)
    return TRUE;
  g_ptr_array_add (upstreams, NULL);
  *ret_upstreams = (char **)g_ptr_array_free (g_steal_pointer (&upstreams), FALSE);
  return TRUE;
}
