/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * `roundtrip rule` for whole rules: each row a question, and what its answer begins with. The
 * decision follows in every answer. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include "rt-rule.h"

#include <string.h>

typedef struct
{
  const char *name;
  const char *rule, *question, *answer;
} Row;

#define RESPONSE "'response':{'headers':[['Cache-Control','max-age=60'],['ETag','\\\"a\\\"']]}"
#define RECEIVED "'received':'2026-01-01T12:00:00Z'"
#define STORED "'stored':{" RESPONSE "," RECEIVED "}"
#define LATER "'now':'2026-01-01T12:01:30Z'"

/* clang-format off */
static const Row rows[] = {
  { "freshness", "freshness", "{" RESPONSE "," RECEIVED ",'now':'2026-01-01T12:00:10Z'}", "{'fresh':true,'basis':'max-age','lifetime':60,'age':10,'decision':{'rule':'freshness'" },
  { "freshness with a delay", "freshness", "{" RESPONSE "," RECEIVED ",'delay':55,'now':'2026-01-01T12:00:10Z'}", "{'fresh':false,'basis':'max-age','lifetime':60,'age':65," },
  { "freshness without a time", "freshness", "{" RESPONSE "," RECEIVED "}", "{'error':true,'detail':'“now” is missing" },
  { "freshness with headers that are none", "freshness", "{'response':{'headers':[['A']]}," RECEIVED "," LATER "}", "{'error':true,'detail':'“headers” is missing or of another form" },
  { "store", "store", "{'request':{},'response':{'headers':[['Cache-Control','max-age=60'],['Connection','X'],['X','y']]}}", "{'store':true,'headers':[['Cache-Control','max-age=60']],'decision'" },
  { "store in a private cache", "store", "{'cache':'private','request':{},'response':{'headers':[['Cache-Control','private']]}}", "{'store':true," },
  { "store in a shared cache", "store", "{'request':{},'response':{'headers':[['Cache-Control','private']]}}", "{'store':false,'decision'" },
  { "reuse", "reuse", "{" STORED ",'request':{},'now':'2026-01-01T12:00:10Z'}", "{'verdict':'fresh','headers':[['Cache-Control','max-age=60'],['ETag','\\\"a\\\"'],['Age','10']],'decision'" },
  { "reuse of what is stale", "reuse", "{" STORED ",'request':{}," LATER "}", "{'verdict':'validate','decision'" },
  { "reuse for another URI", "reuse", "{'stored':{'uri':'http://b/'," RESPONSE "," RECEIVED "},'request':{}," LATER "}", "{'verdict':'no'," },
  { "reuse without anything stored", "reuse", "{'request':{}," LATER "}", "{'error':true,'detail':'“stored” is missing" },
  { "stale for a server that is gone", "stale", "{" STORED ",'request':{}," LATER "}", "{'verdict':'serve-stale'," },
  { "stale for a server that fails", "stale", "{" STORED ",'request':{},'response':{'status':503}," LATER "}", "{'verdict':'forward'," },
  { "update by a 304", "update", "{" STORED ",'request':{},'response':{'status':304,'headers':[['ETag','\\\"a\\\"'],['B','1']]}," LATER "}", "{'verdict':'update','headers':[['Cache-Control','max-age=60'],['ETag','\\\"a\\\"'],['B','1']]," },
  { "update by a HEAD", "update", "{" STORED ",'request':{'method':'HEAD'},'response':{'headers':[['ETag','\\\"b\\\"']]}," LATER "}", "{'verdict':'stale'," },
  { "invalidate", "invalidate", "{'uri':'http://a/b','request':{'method':'POST'},'response':{'status':201,'headers':[['Location','c']]}}", "{'target':true,'location':'http://a/c','content_location':null,'decision'" },
  { "precondition", "precondition", "{'request':{'method':'PUT','headers':[['If-Match','\\\"a\\\"']]},'state':{'etag':'\\\"b\\\"'}," LATER "}", "{'verdict':'412','decision'" },
  { "precondition that is required", "precondition", "{'request':{'method':'PUT'},'state':{'etag':'\\\"b\\\"','require_if_match':true}," LATER "}", "{'verdict':'428'," },
  { "range-select", "range-select", "{'request':{'headers':[['Range','bytes=0-1,5-']]},'length':10}", "{'ranges':['bytes 0-1/10','bytes 5-9/10'],'verdict':'206'," },
  { "range-select of what is not there", "range-select", "{'request':{'headers':[['Range','bytes=10-']]},'length':10}", "{'ranges':['bytes */10'],'verdict':'416'," },
  { "range-select without a length", "range-select", "{'request':{}}", "{'ranges':[],'error':true," },
  { "negotiate", "negotiate", "{'request':{'headers':[['Accept-Language','fr']]},'variants':[{'language':'en'},{'language':'fr'}]}", "{'verdict':'chosen','chosen':1,'vary':'Accept-Language'," },
  { "negotiate about nothing", "negotiate", "{'request':{},'variants':[]}", "{'error':true," },
};
/* clang-format on */

/* Rows are written with ' for ", which neither questions nor answers use otherwise. */
static char *
quoted (const char *text)
{
  return g_strdelimit (g_strdup (text), "'", '"');
}

static void
test_row (void **state)
{
  const Row *row = *state;
  const RtRuleEvaluator *evaluator = rt_rule_find (row->rule);
  g_autofree char *question = quoted (row->question);
  g_autofree char *want = quoted (row->answer);
  g_autofree char *answer = NULL;

  assert_non_null (evaluator);
  answer = rt_rule_answer (evaluator, question, 1);
  if (!g_str_has_prefix (answer, want))
    fail_msg ("%s, and not %s", answer, want);
}

int
main (void)
{
  struct CMUnitTest tests[G_N_ELEMENTS (rows)];

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    tests[i] = (struct CMUnitTest){ rows[i].name, test_row, NULL, NULL, (void *)&rows[i] };
  return _cmocka_run_group_tests ("rule-http", tests, G_N_ELEMENTS (tests), NULL, NULL);
}
