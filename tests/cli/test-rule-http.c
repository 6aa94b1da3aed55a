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
  { "redirect", "redirect", "{'url':'http://a/x','request':{'method':'POST','headers':[['Host','a'],['Content-Type','t/t'],['Cookie','c']]},'response':{'status':303,'headers':[['Location','//b/y']]}}", "{'verdict':'follow','method':'GET','url':'http://b/y','crosses':true,'taints':false,'headers':[['Host','b']],'decision':{'rule':'redirect'" },
  { "redirect of too many", "redirect", "{'url':'http://a/x','count':20,'request':{},'response':{'status':302,'headers':[['Location','/y']]}}", "{'verdict':'refuse','decision'" },
  { "redirect without a URL", "redirect", "{'request':{},'response':{}}", "{'error':true,'detail':'no “url”" },
  { "redirect in a mode that is none", "redirect", "{'url':'http://a/','mode':'folow','request':{},'response':{}}", "{'error':true,'detail':'there is no mode “folow”; expected “follow”" },
  { "cors", "cors", "{'request':{'headers':[['Origin','http://a']]},'response':{'headers':[['Access-Control-Allow-Origin','*']]}}", "{'allowed':true,'decision':{'rule':'cors.check'" },
  { "cors with credentials", "cors", "{'credentials':true,'request':{'headers':[['Origin','http://a']]},'response':{'headers':[['Access-Control-Allow-Origin','*']]}}", "{'allowed':false," },
  { "cors-needed", "cors-needed", "{'request':{'method':'PUT'}}", "{'needed':true," },
  { "cors-needed for a form", "cors-needed", "{'request':{'method':'POST','headers':[['Content-Type','text/plain']]}}", "{'needed':false," },
  { "cors-preflight", "cors-preflight", "{'request':{'method':'PUT'},'preflight':{'method':'OPTIONS','headers':[['Origin','http://a']]},'response':{'status':204,'headers':[['Access-Control-Allow-Origin','*'],['Access-Control-Allow-Methods','PUT']]}}", "{'allowed':true," },
  { "cors-expose", "cors-expose", "{'name':'ETag','response':{'headers':[['Access-Control-Expose-Headers','x, etag']]}}", "{'readable':true," },
  { "cors-vary", "cors-vary", "{'response':{'headers':[['Access-Control-Allow-Origin','http://a']]}}", "{'advised':true,'decision':{'rule':'cors.vary'" },
  { "hsts", "hsts", "{'host':'a.test','next_host':'b.a.test','later':59,'response':{'headers':[['Strict-Transport-Security','max-age=60; includeSubDomains']]}}", "{'note':{'fate':'noted','decision':{'rule':'hsts.note'" },
  { "hsts over http", "hsts", "{'host':'a.test','secure':false,'response':{'headers':[['Strict-Transport-Security','max-age=60']]}}", "{'note':{'fate':'ignored'," },
  { "challenge", "challenge", "{'schemes':['Bearer','Basic'],'request':{},'response':{'status':401,'headers':[['WWW-Authenticate','Basic realm=r']]}}", "{'scheme':'Basic','decision'" },
  { "challenge that nobody can answer", "challenge", "{'schemes':[],'request':{},'response':{'status':401,'headers':[['WWW-Authenticate','Basic realm=r']]}}", "{'scheme':null,'decision'" },
  { "challenge without schemes", "challenge", "{'schemes':[1],'request':{},'response':{}}", "{'error':true,'detail':'“schemes” is missing" },
  { "retry", "retry", "{'request':{},'response':{'status':503,'headers':[['Retry-After','7']]}," LATER "}", "{'retry':true,'decision':{'rule':'retry'" },
  { "retry of a POST", "retry", "{'request':{'method':'POST'}," LATER "}", "{'retry':false," },
  { "response", "response", "{'request':{},'response':{'status':405,'headers':[['ETag','x']]}," LATER "}", "{'faults':[{'clause':'response.etag','decision':{'rule':'response'" },
  { "response without a fault", "response", "{'request':{},'response':{}," LATER "}", "{'faults':[]" },
  { "not-modified", "not-modified", "{'request':{'headers':[['If-None-Match','*']]},'earlier':{'headers':[['Vary','a']]},'response':{'status':304}}", "{'fine':false,'decision':{'rule':'not-modified'" },
  { "vary-named", "vary-named", "{'request':{'headers':[['Accept','a/b']]},'response':{'headers':[['Content-Type','a/b']]},'next_request':{},'next_response':{}}", "{'named':false,'decision':{'rule':'vary.named'" },
  { "exposure", "exposure", "{'request':{'target':'/?key=abc','headers':[['Authorization','Basic a']]},'response':{},'secret':'abc'}", "{'faults':[{'clause':'exposure.wire'" },
  { "cookie-hardened", "cookie-hardened", "{'response':{'headers':[['Set-Cookie','sid=1; HttpOnly']]}}", "{'hardened':true," },
  { "cookie-hardened without a cookie", "cookie-hardened", "{'response':{}}", "{'error':true,'detail':'the response has none" },
  { "compression", "compression", "{'request':{'headers':[['Accept-Encoding','gzip']]},'response':{'headers':[['Content-Type','text/html']]},'length':9000}", "{'missed':true," },
  { "connection-persist", "connection-persist", "{'request':{},'response':{}}", "{'open':true," },
  { "connection-persist in HTTP/1.0", "connection-persist", "{'server_version':'1.0','request':{},'response':{}}", "{'open':false," },
  { "connection-persist to the end", "connection-persist", "{'framing':'close','request':{},'response':{}}", "{'open':false," },
  { "connection-reuse", "connection-reuse", "{'origin':'http://a','connection':{'origin':'http://a','idle':4,'response':{'headers':[['Keep-Alive','timeout=5']]}}}", "{'reuse':true," },
  { "connection-reuse too late", "connection-reuse", "{'origin':'http://a','connection':{'origin':'http://a','idle':5,'response':{'headers':[['Keep-Alive','timeout=5']]}}}", "{'reuse':false," },
  { "cookie", "cookie", "{'now':'2026-01-01T00:00:00Z','url':'https://a.test/','set_cookie':['a=b','c'],'next_url':'https://a.test/'}", "{'set':[{'fate':'stored','decision':{'rule':'cookie.set'" },
  { "cookie in a browser that is none", "cookie", "{'now':'2026-01-01T00:00:00Z','url':'https://a.test/','browser':'x','set_cookie':[],'next_url':'https://a.test/'}", "{'error':true,'detail':'there is no browser “x”" },
  { "cookie that is no text", "cookie", "{'now':'2026-01-01T00:00:00Z','url':'https://a.test/','set_cookie':[1],'next_url':'https://a.test/'}", "{'set':[],'error':true,'detail':'“set_cookie” is of another form" },
  { "cookie for a URL without a host", "cookie", "{'now':'2026-01-01T00:00:00Z','url':'mailto:a','set_cookie':[],'next_url':'https://a.test/'}", "{'error':true,'detail':'“url” is missing or of another form" },
  { "idempotency", "idempotency", "{'request':{'method':'POST','headers':[['Idempotency-Key','\\\"k\\\"']]},'record':{'reserved':'2026-01-01T12:00:00Z','expires':'2026-01-02T12:00:00Z','done':false}," LATER "}", "{'verdict':'in-flight','status':409,'decision'" },
  { "idempotency without a key", "idempotency", "{'request':{'method':'POST'}," LATER "}", "{'verdict':'unkeyed','status':null," },
  { "authentication", "authentication", "{'request':{'headers':[['Authorization','Basic YTpi']]},'accounts':[{'user':'a','secret':'b'}]," LATER "}", "{'verdict':'granted','status':null,'challenge':null,'user':'a'," },
  { "authentication without credentials", "authentication", "{'scheme':'Bearer','realm':'r','request':{}," LATER "}", "{'verdict':'missing','status':401,'challenge':'Bearer realm=\\\"r\\\"','user':null," },
  { "authentication by a scheme that is none", "authentication", "{'scheme':'Digest','request':{}," LATER "}", "{'error':true,'detail':'there is no scheme “Digest”" },
  { "token", "token", "{'token':'eyJhbGciOiJub25lIn0.e30.','key':{'kty':'oct','k':'c2VjcmV0'}," LATER "}", "{'valid':false,'decision':{'rule':'token'" },
  { "token with a key that is none", "token", "{'token':'','key':{'kty':'x'}," LATER "}", "{'error':true," },
  { "forwarded", "forwarded", "{'peer':'10.0.0.1','trusted':['10.0.0.0/8'],'request':{'headers':[['Forwarded','for=203.0.113.5;proto=https']]}}", "{'client':'203.0.113.5','known':true,'proto':'https','host':null,'hops':1,'decision'" },
  { "x-forwarded", "forwarded", "{'peer':'10.0.0.1','fields':'x-forwarded','trusted':['10.0.0.0/8'],'request':{'headers':[['X-Forwarded-For','1.1.1.1, 203.0.113.5']]}}", "{'client':'203.0.113.5','known':true,'proto':null,'host':null,'hops':1," },
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
