/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Resources that can't be so: what is wrong is said, with what would be right. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include "resources.h"

typedef struct
{
  const char *name, *origin, *want;
} Row;

/* clang-format off */
static const Row rows[] = {
  { "a redirection to nowhere", "{'/a': ('redirect', {})}", "the redirection at /a does not say where to go; expected “location: /somewhere”" },
  { "a status that does not redirect", "{'/a': ('redirect', {'status': <'304'>})}", "there is no status “304”; expected “300”" },
  { "a network that is none", "{'/a': ('page', {'only': <['10.0.0.0/33']>})}", "only: “10.0.0.0/33” is none; expected an address or a network such as 10.0.0.0/8" },
  { "a name in place of an address", "{'/a': ('page', {'trusts': <['lb.test']>})}", "trusts: “lb.test” is none; expected an address or a network such as 10.0.0.0/8" },
  { "no answers", "{'/a': ('failing', {'answers': <@as []>})}", "answers is empty; expected a status or another answer" },
  { "an answer that is no status", "{'/a': ('failing', {'answers': <['99']>})}", "answers: “99” stands here; expected a status from 200 to 599" },
  { "an answer that is no word", "{'/a': ('failing', {'answers': <['garbeld']>})}", "there is no way of failing “garbeld”; expected “garbled”" },
  { "a member of an unknown kind", "{'/a': ('collection', {'needs': <['a daet']>})}", "needs: “a daet” stands here; expected a member's name, and behind it text, date, a range such as 1-8 or nothing" },
  { "a range the wrong way round", "{'/a': ('collection', {'needs': <['a 8-1']>})}", "needs: “a 8-1” stands here; expected a member's name, and behind it text, date, a range such as 1-8 or nothing" },
  { "a member without a name", "{'/a': ('collection', {'needs': <[' date']>})}", "needs: “ date” stands here; expected a member's name, and behind it text, date, a range such as 1-8 or nothing" },
  { "a step that is none", "{'/a': ('handler', {'steps': <['wirte x']>})}", "there is no step “wirte”; expected “write”" },
  { "a write of nothing", "{'/a': ('handler', {'steps': <['write']>})}", "steps: “write” stands here; expected write and a text" },
  { "a field without a colon", "{'/a': ('handler', {'steps': <['field B']>})}", "steps: “field B” stands here; expected field and a line such as Set-Cookie: seen=1" },
  { "a field whose name is no token", "{'/a': ('handler', {'steps': <['field B c: d']>})}", "steps: “field B c: d” stands here; expected field and a line such as Set-Cookie: seen=1" },
  { "a field of two lines", "{'/a': ('handler', {'steps': <['field B: c\nD: e']>})}", "steps: “field B: c\nD: e” stands here; expected field and a line such as Set-Cookie: seen=1" },
  { "a status that is not final", "{'/a': ('handler', {'steps': <['status 100']>})}", "steps: “status 100” stands here; expected status and a number from 200 to 599" },
  { "a wait without a unit", "{'/a': ('handler', {'steps': <['wait 5']>})}", "steps: “wait 5” stands here; expected wait and a duration such as 50ms" },
  { "a flush of something", "{'/a': ('handler', {'steps': <['flush x']>})}", "steps: “flush x” stands here; expected flush and nothing else" },
  { "a file that is too big", "{'/a': ('file', {'size': <int64 99999999>})}", "size can't be 99999999; expected 0 to 16777216" },
  { "nothing to choose from", "{'/a': ('negotiated', {})}", "/a has no variants; expected “variants:”, a list of mappings with content and type" },
  { "a column that there is not", "{'/a': ('negotiated', {'variants': <[{'tpye': 'text/css'}]>})}", "there is no column of variants “tpye”; expected “type”" },
  { "an encoding that there is not", "{'/a': ('negotiated', {'variants': <[{'encoding': 'gzp'}]>})}", "there is no encoding of a variant “gzp”; expected “gzip”" },
  { "a stream that is too long", "{'/a': ('stream', {'rounds': <int64 1000000000000000000>})}", "/a can't send more than 100000 pieces" },
  { "no node", "{'/a': ('payment', {'nodes': <int64 0>})}", "nodes can't be 0; expected 1 to 16" },
  { "an origin with a path", "{'/a': ('echo', {'cors-origins': <['https://shop.test/']>})}", "cors-origins: “https://shop.test/” is no origin; expected *, any, null or one such as https://shop.test" },
  { "an origin without a scheme", "{'/a': ('echo', {'cors-origins': <['shop.test']>})}", "cors-origins: “shop.test” is no origin; expected *, any, null or one such as https://shop.test" },
  { "nobody who admits", "{'/a': ('echo', {'auth': <'/login'>})}", "auth of /a: “/login” is no such resource; expected the path of a resource of this server that admits requests: login, token or password" },
  { "one who can't admit", "{'/a': ('echo', {'auth': <'/b'>}), '/b': ('echo', {})}", "auth of /a: “/b” is no such resource; expected the path of a resource of this server that admits requests: login, token or password" },
};
/* clang-format on */

static void
test_row (void **state)
{
  const Row *row = *state;
  g_autoptr (GError) error = NULL;

  assert_null (resources_new (row->origin, &error));
  assert_string_equal (error->message, row->want);
}

int
main (void)
{
  struct CMUnitTest tests[G_N_ELEMENTS (rows)];

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    tests[i] = (struct CMUnitTest){ rows[i].name, test_row, NULL, NULL, (void *)&rows[i] };
  return _cmocka_run_group_tests ("resources-refused", tests, G_N_ELEMENTS (tests), NULL, NULL);
}
