/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a server puts up with, as settings. */
#include "rt-server.h"

/* clang-format off */
static const RtSetting settings[] = {
  { "slots", RT_SETTING_NUMBER, "0", NULL, "connections at a time; further ones wait; 0: without limit" },
  { "evict", RT_SETTING_BOOLEAN, "false", NULL, "with all slots taken, the slowest request makes room for a new connection" },
  { "header-time", RT_SETTING_DURATION, "10s", NULL, "for a header section to arrive; then 408; 0s: without limit" },
  { "body-time", RT_SETTING_DURATION, "30s", NULL, "for the content to arrive; then 408; 0s: without limit" },
  { "write-time", RT_SETTING_DURATION, "30s", NULL, "for the client to take what was sent; then it is cut off; 0s: without limit" },
  { "idle-time", RT_SETTING_DURATION, "15s", NULL, "between two requests; then the connection is closed; 0s: without limit" },
  { "max-content", RT_SETTING_NUMBER, "16777216", NULL, "bytes of a request's content; beyond them 413" },
  { "max-request-line", RT_SETTING_NUMBER, "16384", NULL, "bytes of a request line; beyond them 414" },
  { "max-header", RT_SETTING_NUMBER, "65536", NULL, "bytes of a header section; beyond them 431" },
};
/* clang-format on */

/**
 * rt_server_limits_settings:
 * @ret_n: (out): how many
 *
 * Returns: what can be set of a server's limits
 */
const RtSetting *
rt_server_limits_settings (guint *ret_n)
{
  *ret_n = G_N_ELEMENTS (settings);
  return settings;
}

static gint64
number (GVariant *given, const char *name)
{
  return rt_settings_get_number (settings, G_N_ELEMENTS (settings), given, name);
}

static RtServerLimits
read_limits (GVariant *given)
{
  return (RtServerLimits){
    .http = { .content = (guint64)number (given, "max-content"),
              .start_line = (guint32)number (given, "max-request-line"),
              .header_section = (guint32)number (given, "max-header") },
    .slots = (guint)number (given, "slots"),
    .evict = rt_settings_get_boolean (settings, G_N_ELEMENTS (settings), given, "evict"),
    .header = number (given, "header-time"),
    .body = number (given, "body-time"),
    .write = number (given, "write-time"),
    .idle = number (given, "idle-time"),
    .ahead = RT_SERVER_AHEAD_MAX,
  };
}

/**
 * rt_server_limits_from_settings:
 * @given: an `a{sv}` of rt_server_limits_settings()
 * @ret_limits: (out): the limits; untouched on failure
 *
 * Errors: %RT_ERROR_UNKNOWN, %RT_ERROR_SYNTAX, %RT_ERROR_LIMIT.
 *
 * Returns: whether the settings are good
 */
gboolean
rt_server_limits_from_settings (GVariant *given, RtServerLimits *ret_limits, GError **error)
{
  static const char *const lines[] = { "max-request-line", "max-header" };

  if (!rt_settings_check (settings, G_N_ELEMENTS (settings), given, error))
    return FALSE;
  if (number (given, "slots") > RT_SERVER_SLOTS_MAX)
    {
      rt_set_error (error, RT_ERROR_LIMIT, NULL, NULL, "slots can't be more than %d",
                    RT_SERVER_SLOTS_MAX);
      return FALSE;
    }
  for (guint i = 0; i < G_N_ELEMENTS (lines); i++)
    if (number (given, lines[i]) > RT_SERVER_HEADER_MAX)
      {
        rt_set_error (error, RT_ERROR_LIMIT, NULL, NULL, "%s can't be more than %d", lines[i],
                      RT_SERVER_HEADER_MAX);
        return FALSE;
      }
  *ret_limits = read_limits (given);
  return TRUE;
}

/**
 * rt_server_limits_standard:
 *
 * Returns: what a server puts up with unless it is told otherwise
 */
RtServerLimits
rt_server_limits_standard (void)
{
  g_autoptr (GVariant) nothing = g_variant_ref_sink (g_variant_new ("a{sv}", NULL));

  return read_limits (nothing);
}
