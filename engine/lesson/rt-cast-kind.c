/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The kinds of parties that a lesson can have. */
#include "rt-cast-kind.h"

#include "rt-cast.h"
#include "rt-client.h"
#include "rt-proxy.h"

static const char *const client_steps[] = { "http", "tell", NULL };
static const char *const byte_steps[] = { "bytes", NULL };
static const char *const browser_steps[] = { "open", "fetch", "tell", NULL };

/* clang-format off */
static const RtCastKind cast_kinds[] = {
  { "client",      client_steps,  FALSE, rt_client_settings },
  { "byte-client", byte_steps,    FALSE, rt_cast_byte_settings },
  { "browser",     browser_steps, FALSE, rt_cast_browser_settings },
  { "origin",      NULL,          TRUE,  NULL },
  { "gateway",     NULL,          TRUE,  rt_gateway_settings },
  { "proxy",       NULL,          TRUE,  rt_gateway_settings },
};
/* clang-format on */

/**
 * rt_cast_kinds:
 * @ret_n: (out): how many
 *
 * Returns: (array length=ret_n): the kinds of parties that a lesson can have
 */
const RtCastKind *
rt_cast_kinds (guint *ret_n)
{
  *ret_n = G_N_ELEMENTS (cast_kinds);
  return cast_kinds;
}

/**
 * rt_cast_kind_find:
 * @name: a name
 *
 * Returns: (nullable): the kind of that name
 */
const RtCastKind *
rt_cast_kind_find (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (cast_kinds); i++)
    if (g_str_equal (cast_kinds[i].name, name))
      return &cast_kinds[i];
  return NULL;
}
