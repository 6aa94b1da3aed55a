/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The evaluator of `roundtrip rule url`. */
#include "rt-rule.h"

#include "rt-url.h"

static RtUrl *
parse_member (JsonObject *in, const char *name, const RtUrl *base, GError **error)
{
  g_autoptr (GString) text = rt_rule_get_text (in, name, error);

  return text != NULL ? rt_url_parse ((RtText){ text->str, text->len }, base, error) : NULL;
}

gboolean
rt_rule_url (JsonObject *in, JsonObject *out, GError **error)
{
  gboolean has_base
      = json_object_has_member (in, "base") && !json_object_get_null_member (in, "base");
  g_autoptr (RtUrl) base = NULL;
  g_autoptr (RtUrl) url = NULL;
  g_autofree char *href = NULL;

  if (has_base)
    base = parse_member (in, "base", NULL, error);
  if (has_base && base == NULL)
    return FALSE;
  url = parse_member (in, "input", base, error);
  if (url == NULL)
    return FALSE;
  href = rt_url_serialize (url, TRUE);
  json_object_set_string_member (out, "href", href);
  return TRUE;
}
