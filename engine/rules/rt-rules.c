/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The list of all rules. A rule is found by the clause table and the completeness tests only if it
 * stands here. */
#include "rt-rules.h"

#include "rt-authentication.h"
#include "rt-cache-invalidate.h"
#include "rt-cache-partial.h"
#include "rt-cache-reuse.h"
#include "rt-cache-store.h"
#include "rt-cache-validate.h"
#include "rt-certificate.h"
#include "rt-connection.h"
#include "rt-cookie-jar.h"
#include "rt-cors.h"
#include "rt-exposure.h"
#include "rt-forwarded-trust.h"
#include "rt-hsts.h"
#include "rt-idempotency.h"
#include "rt-negotiate.h"
#include "rt-preconditions.h"
#include "rt-range-select.h"
#include "rt-redirect.h"
#include "rt-response-fields.h"
#include "rt-retry.h"
#include "rt-token.h"

#include <string.h>

/* clang-format off */
static const RtRule *const rules[] = {
  &rt_rule_precondition,
  &rt_rule_cache_store,
  &rt_rule_freshness,
  &rt_rule_cache_reuse,
  &rt_rule_cache_error,
  &rt_rule_cache_update,
  &rt_rule_cache_update_head,
  &rt_rule_cache_combine,
  &rt_rule_cache_invalidate,
  &rt_rule_range_select,
  &rt_rule_negotiate,
  &rt_rule_cookie_set,
  &rt_rule_cookie_send,
  &rt_rule_cors_check,
  &rt_rule_cors_preflight_needed,
  &rt_rule_cors_preflight,
  &rt_rule_cors_preflight_cache,
  &rt_rule_cors_expose,
  &rt_rule_cors_vary,
  &rt_rule_certificate,
  &rt_rule_hsts_note,
  &rt_rule_hsts_upgrade,
  &rt_rule_idempotency,
  &rt_rule_redirect,
  &rt_rule_retry,
  &rt_rule_connection_persist,
  &rt_rule_connection_reuse,
  &rt_rule_authentication,
  &rt_rule_challenge,
  &rt_rule_token,
  &rt_rule_forwarded,
  &rt_rule_response_fields,
  &rt_rule_not_modified,
  &rt_rule_vary_named,
  &rt_rule_exposure,
  &rt_rule_cookie_hardened,
  &rt_rule_compression,
};
/* clang-format on */

/**
 * rt_rules:
 * @ret_n: (out): how many there are
 *
 * Returns: (array length=ret_n): all rules, in the order of the documentation
 */
const RtRule *const *
rt_rules (guint *ret_n)
{
  *ret_n = G_N_ELEMENTS (rules);
  return rules;
}

/**
 * rt_rules_find:
 * @id: such as `cache.reuse`
 *
 * Returns: (nullable): the rule
 */
const RtRule *
rt_rules_find (const char *id)
{
  for (gsize i = 0; i < G_N_ELEMENTS (rules); i++)
    if (strcmp (rules[i]->id, id) == 0)
      return rules[i];
  return NULL;
}
