/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * `roundtrip rule NAME`: one rule or grammar, asked from a script. */
#pragma once

#include "rt-decision.h"

#include <json-glib/json-glib.h>
#include <stdio.h>

G_BEGIN_DECLS

/**
 * RtRuleFunc:
 * @in: the question
 * @out: the answer is set in it; `id` is already there
 * @error: why the question cannot be answered: a member lacks, or what it holds is refused
 *
 * Returns: %FALSE where @error is set; then the answer is `{"error": true, "detail": …}`
 */
typedef gboolean (*RtRuleFunc) (JsonObject *in, JsonObject *out, GError **error);

/**
 * RtRuleEvaluator:
 * @name: as given to `roundtrip rule`
 * @form: what goes in and what comes out, for --help
 */
typedef struct
{
  const char *name, *form;
  RtRuleFunc evaluate;
} RtRuleEvaluator;

int rt_rule_main (int argc, char **argv);
const RtRuleEvaluator *rt_rule_find (const char *name);
void rt_rule_run (const RtRuleEvaluator *evaluator, FILE *in, FILE *out);
char *rt_rule_answer (const RtRuleEvaluator *evaluator, const char *line, guint number);

/* For evaluators: members of the question, and the decision of the answer. */
GString *rt_rule_node_to_text (JsonNode *node);
GString *rt_rule_get_text (JsonObject *in, const char *name, GError **error);
gboolean rt_rule_get_integer (JsonObject *in, const char *name, gint64 *ret_value, GError **error);
void rt_rule_set_decision (JsonObject *out, RtDecision *decision);

/* The evaluators: each in the file of its subject, rt-rule-SUBJECT.c. */
gboolean rt_rule_dates (JsonObject *in, JsonObject *out, GError **error);
gboolean rt_rule_mime (JsonObject *in, JsonObject *out, GError **error);
gboolean rt_rule_negotiator (JsonObject *in, JsonObject *out, GError **error);
gboolean rt_rule_range (JsonObject *in, JsonObject *out, GError **error);
gboolean rt_rule_sf (JsonObject *in, JsonObject *out, GError **error);
gboolean rt_rule_url (JsonObject *in, JsonObject *out, GError **error);

/* And those of whole rules; rt_rule_NAME without `ask` is the rule itself. */
gboolean rt_rule_ask_authentication (JsonObject *in, JsonObject *out, GError **error);
gboolean rt_rule_ask_challenge (JsonObject *in, JsonObject *out, GError **error);
gboolean rt_rule_ask_compression (JsonObject *in, JsonObject *out, GError **error);
gboolean rt_rule_ask_connection_persist (JsonObject *in, JsonObject *out, GError **error);
gboolean rt_rule_ask_connection_reuse (JsonObject *in, JsonObject *out, GError **error);
gboolean rt_rule_ask_cookie (JsonObject *in, JsonObject *out, GError **error);
gboolean rt_rule_ask_cookie_hardened (JsonObject *in, JsonObject *out, GError **error);
gboolean rt_rule_ask_cors (JsonObject *in, JsonObject *out, GError **error);
gboolean rt_rule_ask_cors_expose (JsonObject *in, JsonObject *out, GError **error);
gboolean rt_rule_ask_cors_needed (JsonObject *in, JsonObject *out, GError **error);
gboolean rt_rule_ask_cors_preflight (JsonObject *in, JsonObject *out, GError **error);
gboolean rt_rule_ask_cors_vary (JsonObject *in, JsonObject *out, GError **error);
gboolean rt_rule_ask_exposure (JsonObject *in, JsonObject *out, GError **error);
gboolean rt_rule_ask_forwarded (JsonObject *in, JsonObject *out, GError **error);
gboolean rt_rule_ask_freshness (JsonObject *in, JsonObject *out, GError **error);
gboolean rt_rule_ask_hsts (JsonObject *in, JsonObject *out, GError **error);
gboolean rt_rule_ask_idempotency (JsonObject *in, JsonObject *out, GError **error);
gboolean rt_rule_ask_invalidate (JsonObject *in, JsonObject *out, GError **error);
gboolean rt_rule_ask_negotiate (JsonObject *in, JsonObject *out, GError **error);
gboolean rt_rule_ask_not_modified (JsonObject *in, JsonObject *out, GError **error);
gboolean rt_rule_ask_precondition (JsonObject *in, JsonObject *out, GError **error);
gboolean rt_rule_ask_range_select (JsonObject *in, JsonObject *out, GError **error);
gboolean rt_rule_ask_redirect (JsonObject *in, JsonObject *out, GError **error);
gboolean rt_rule_ask_response (JsonObject *in, JsonObject *out, GError **error);
gboolean rt_rule_ask_retry (JsonObject *in, JsonObject *out, GError **error);
gboolean rt_rule_ask_reuse (JsonObject *in, JsonObject *out, GError **error);
gboolean rt_rule_ask_stale (JsonObject *in, JsonObject *out, GError **error);
gboolean rt_rule_ask_store (JsonObject *in, JsonObject *out, GError **error);
gboolean rt_rule_ask_token (JsonObject *in, JsonObject *out, GError **error);
gboolean rt_rule_ask_update (JsonObject *in, JsonObject *out, GError **error);
gboolean rt_rule_ask_vary_named (JsonObject *in, JsonObject *out, GError **error);

G_END_DECLS
