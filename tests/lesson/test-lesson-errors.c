/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What is wrong in a lesson is said with its place and with what was expected. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "rt-lesson.h"

#include <string.h>

/* A lesson that is right. Each row puts something else in the place of one piece of it. */
static const char whole[] = "---\n"                                   /* 1 */
                            "title: A lesson\n"                       /* 2 */
                            "topic: tests\n"                          /* 3 */
                            "summary: What a lesson can get wrong.\n" /* 4 */
                            "level: 1\n"                              /* 5 */
                            "minutes: 6\n"                            /* 6 */
                            "symptoms: [lost-update]\n"               /* 7 */
                            "rfc: [9110#13.1.1]\n"                    /* 8 */
                            "clock: 2026-01-01T12:00:00Z\n"           /* 9 */
                            "parties:\n"                              /* 10 */
                            "  ann: client\n"                         /* 11 */
                            "  shop.test: origin\n"                   /* 12 */
                            "---\n"                                   /* 13 */
                            "Some [words](rfc:9110#9.1).\n"           /* 14 */
                            "\n"                                      /* 15 */
                            "```origin shop.test\n"                   /* 16 */
                            "/doc:\n"                                 /* 17 */
                            "  kind: document\n"                      /* 18 */
                            "  content: text\n"                       /* 19 */
                            "```\n"                                   /* 20 */
                            "\n"                                      /* 21 */
                            "```predict what\n"                       /* 22 */
                            "What comes?\n"                           /* 23 */
                            "- [x] Text\n"                            /* 24 */
                            "- [ ] Nothing {no-thing}\n"              /* 25 */
                            "```\n"                                   /* 26 */
                            "\n"                                      /* 27 */
                            "```http ann -> shop.test as first\n"     /* 28 */
                            "GET /doc HTTP/1.1\n"                     /* 29 */
                            "Host: shop.test\n"                       /* 30 */
                            "```\n"                                   /* 31 */
                            "\n"                                      /* 32 */
                            "```capture\n"                            /* 33 */
                            "tag = response first field ETag\n"       /* 34 */
                            "```\n"                                   /* 35 */
                            "\n"                                      /* 36 */
                            "```check\n"                              /* 37 */
                            "last response status == 200\n"           /* 38 */
                            "```\n"                                   /* 39 */
                            "\n"                                      /* 40 */
                            "```misconception no-thing\n"             /* 41 */
                            "feedback: Look.\n"                       /* 42 */
                            "show: run main\n"                        /* 43 */
                            "check:\n"                                /* 44 */
                            "  - last response status == 200\n"       /* 45 */
                            "```\n";                                  /* 46 */

typedef struct
{
  const char *name, *piece, *instead, *message;
} Row;

/* clang-format off */
static const Row rows[] = {
  { "no front matter", "---\ntitle", "title",
    "l.md:1: the lesson does not begin with its front matter; expected a line “---”" },
  { "front matter without an end", "---\nSome", "Some",
    "l.md:1: the front matter has no end; expected a second line “---”" },
  { "front matter that is no YAML", "level: 1", "level: [1",
    "l.md:6: this is not YAML: did not find expected ',' or ']'" },
  { "a key that there is not", "level: 1", "lvel: 1",
    "l.md:5: there is no key of the front matter “lvel”; expected “level”" },
  { "a key given twice", "level: 1", "level: 1\nlevel: 2",
    "l.md:6: “level” is given twice; expected each key once" },
  { "no title", "title: A lesson\n", "", "l.md:2: the front matter has no “title”" },
  { "a level too high", "level: 1", "level: 9",
    "l.md:5: “9” stands here; expected a level from 1 to 3" },
  { "minutes that are no number", "minutes: 6", "minutes: six",
    "l.md:6: “six” stands here; expected minutes from 1 to 60" },
  { "a symptom that there is not", "[lost-update]", "[lost-updat]",
    "l.md:7: there is no symptom “lost-updat”; expected “lost-update”" },
  { "a reference of no form", "[9110#13.1.1]", "[RFC-9110]",
    "l.md:8: “RFC-9110” stands here; expected a reference such as 9110#13.1.1" },
  { "a clock that is no time", "2026-01-01T12:00:00Z", "noon",
    "l.md:9: “noon” stands here; expected a moment such as 2026-01-01T12:00:00Z" },
  { "a kind of party that there is not", "ann: client", "ann: cleint",
    "l.md:11: there is no kind of party “cleint”; expected “client”" },
  { "a party with no name for one", "  ann: client", "  Ann B: client",
    "l.md:11: “Ann B” is no name for a party; expected small letters, digits, dots and hyphens" },
  { "an anchor in YAML", "level: 1", "level: &a 1",
    "l.md:5: anchors and aliases are not taken; expected plain values" },
  { "a tag in YAML", "level: 1", "level: !!int 1",
    "l.md:5: tags are not taken; expected plain values" },
  { "a block that there is not", "```check", "```chekc",
    "l.md:37: there is no block “chekc”; expected “check”" },
  { "a block that is nothing like one", "```check", "```spreadsheet",
    "l.md:37: there is no block “spreadsheet”; expected one of origin, client, gateway, proxy, browser, byte-client, link, http, bytes, open, fetch, tell, clock, capture, "
    "check, run, predict, misconception, note, hint, challenge, starter, probe" },
  { "HTML", "Some [words]", "<b>Some</b> [words]",
    "l.md:14: HTML cannot be shown; expected plain Markdown" },
  { "a picture", "Some [words]", "Some ![words]",
    "l.md:14: a picture cannot be shown; expected plain Markdown" },
  { "a link to a file", "(rfc:9110#9.1)", "(file:///etc/passwd)",
    "l.md:14: a link goes to “file:///etc/passwd”; expected https:, rfc:, term: or lesson:" },
  { "a link to no section", "(rfc:9110#9.1)", "(rfc:nine)",
    "l.md:14: “rfc:nine” is no reference; expected “rfc:9110#13.1.1” or “rfc:fetch#anchor”" },
  { "a term that is not in the glossary", "(rfc:9110#9.1)", "(term:entity-tga)",
    "l.md:14: there is no term in the glossary “entity-tga”; expected “entity-tag”" },
  { "a block that runs within a list", "Some [words]", "- x\n\n  ```check\n  a\n  ```\n\n[words]",
    "l.md:16: a block that runs, within a list or quote, cannot be shown; expected plain Markdown" },
  { "settings of nobody", "```origin shop.test", "```origin shop.tset",
    "l.md:16: there is no origin “shop.tset”; expected “shop.test”" },
  { "an origin that is a client", "```origin shop.test", "```origin ann",
    "l.md:16: there is no origin “ann”; expected shop.test" },
  { "a resource without a kind", "  kind: document\n", "",
    "l.md:18: the resource /doc does not say what it is; expected “kind: document” or another kind" },
  { "a kind of resource that there is not", "kind: document", "kind: documnet",
    "l.md:18: there is no kind of resource “documnet”; expected “document”" },
  { "a setting that there is not", "content: text", "contnet: text",
    "l.md:19: there is no setting “contnet”; expected “content”" },
  { "a setting's value that there is not", "content: text", "atomic: perhaps",
    "l.md:19: atomic can't be “perhaps”; expected true or false" },
  { "a list for a value", "content: text", "content: [text]",
    "l.md:19: a list stands here; expected a single value" },
  { "what a kind cannot be", "kind: document\n  content: text", "kind: failing\n  answers: [503, 99]",
    "l.md:19: answers: “99” stands here; expected a status from 200 to 599" },
  { "a list in a list", "kind: document\n  content: text", "kind: failing\n  answers: [[503]]",
    "l.md:19: a list stands here; expected a single value" },
  { "a list as one line is a list", "kind: document\n  content: text", "kind: failing\n  answers: 503, garbeld",
    "l.md:19: there is no way of failing “garbeld”; expected “garbled”" },
  { "rows that are none", "kind: document\n  content: text", "kind: negotiated\n  variants: text",
    "l.md:19: a single value stands here; expected a list of mappings" },
  { "a row that is none", "kind: document\n  content: text", "kind: negotiated\n  variants:\n    - text",
    "l.md:20: a single value stands here; expected a mapping" },
  { "a column that there is not", "kind: document\n  content: text", "kind: negotiated\n  variants:\n    - content: a\n      langauge: de",
    "l.md:21: there is no column of variants “langauge”; expected “language”" },
  { "a cell that is none", "kind: document\n  content: text", "kind: negotiated\n  variants:\n    - content: [a]",
    "l.md:20: a list stands here; expected a single value" },
  { "a setting that all have", "content: text", "cors-orgins: '*'",
    "l.md:19: there is no setting “cors-orgins”; expected “cors-origins”" },
  { "a path without its slash", "/doc:", "doc:",
    "l.md:18: “doc” names no resource; expected a path that begins with “/”" },
  { "a limit that there is not", "/doc:", "limits: {slot: 3}\n/doc:",
    "l.md:17: there is no setting “slot”; expected “slots”" },
  { "TLS that is neither on nor off", "/doc:", "tls: perhaps\n/doc:",
    "l.md:17: tls can't be “perhaps”; expected true, false or a mapping of settings" },
  { "a setting of TLS that there is not", "/doc:", "tls: {nmae: other.test}\n/doc:",
    "l.md:17: there is no setting “nmae”; expected “name”" },
  { "a certificate's date that is none", "/doc:", "tls: {until: tomorrow}\n/doc:",
    "l.md:17: until can't be “tomorrow”; expected a moment such as 2026-01-01T12:00:00Z" },
  { "settings that are no mapping", "/doc:\n  kind: document\n  content: text", "nothing",
    "l.md:17: a single value stands here; expected a mapping of paths to resources" },
  { "an http block without parties", "```http ann -> shop.test as first", "```http ann",
    "l.md:28: the block begins with “http ann”; expected “http CLIENT -> SERVER”" },
  { "a member without a name", "last response status == 200\n```\n\n```misc", "last response member\n```\n\n```misc",
    "l.md:38: the line ends too early; expected a member of a JSON object" },
  { "an http block from nobody", "```http ann ->", "```http anna ->",
    "l.md:28: there is no client “anna”; expected “ann”" },
  { "an option of a step that there is not", "as first", "as first togehter",
    "l.md:28: there is no option of a step “togehter”; expected “together”" },
  { "a first step beside another", "as first", "together",
    "l.md:28: the first step of a run cannot go by another's start; expected a step before it" },
  { "an option without its value", "as first", "as first timeout",
    "l.md:28: the block begins with “http ann -> shop.test as first timeout”; expected a duration after “timeout”" },
  { "a setting of a client that there is not", "```origin shop.test", "```client ann\nidel-time: 3s\n```\n\n```origin shop.test",
    "l.md:17: there is no setting of a client “idel-time”; expected “idle-time”" },
  { "a gateway before nobody that serves", "```origin shop.test", "```gateway cdn.test\nupstream: ann\n```\n\n```origin shop.test",
    "l.md:16: there is no gateway “cdn.test”; expected none" },
  { "bytes by a client of messages", "```http ann", "```bytes ann",
    "l.md:28: there is no byte-client “ann”; expected none" },
  { "a page opened by nobody", "```http ann -> shop.test as first\nGET /doc HTTP/1.1\nHost: shop.test", "```open ann as first\nhttp://shop.test/",
    "l.md:28: there is no browser “ann”; expected none" },
  { "a client told to restart", "```capture", "```tell ann restart\n```\n\n```capture",
    "l.md:33: there is no thing to tell it “restart”; expected close" },
  { "a number of times that is none", "as first", "times many",
    "l.md:28: “many” is no number from 1 to 64" },
  { "a link of nobody", "```origin shop.test", "```link ann - bob\nlatency: 1ms\n```\n\n```origin shop.test",
    "l.md:17: “ann - bob” names no link; expected “all” or two parties: “ann - api.shop.test”" },
  { "a link's setting that there is not", "```origin shop.test", "```link all\nlatecny: 1ms\n```\n\n```origin shop.test",
    "l.md:17: there is no setting of a link “latecny”; expected “latency”" },
  { "a fault that is none", "```origin shop.test", "```link all\nfaults: [explode]\n```\n\n```origin shop.test",
    "l.md:17: “explode” stands here; expected “lose”, “stall” or “reset”, then “segment N”, “from PARTY”, “connection N”, “times N”, “for 5s”" },
  { "a fault of nobody's", "```origin shop.test", "```link all\nfaults: [lose segment 1 from bob]\n```\n\n```origin shop.test",
    "l.md:17: “lose segment 1 from bob” stands here; expected “lose”, “stall” or “reset”, then “segment N”, “from PARTY”, “connection N”, “times N”, “for 5s”" },
  { "states that are nobody's", "last response status == 200\n```\n\n```mis", "count states slot == 1\n```\n\n```mis",
    "l.md:38: it does not say whose states are counted; expected “of PARTY”" },
  { "a delay that is none", "as first", "after lunch",
    "l.md:28: “lunch” is none; expected a duration such as +0.2s" },
  { "an http block that is no message", "GET /doc HTTP/1.1\nHost: shop.test", "Hello, shop!",
    "l.md:29: this is no HTTP message: it is not so that the method is a token (RFC 9110 §9.1)" },
  { "a message without Host", "Host: shop.test\n", "",
    "l.md:29: this is no HTTP message: it is not so that a request of HTTP/1.1 has a Host field (RFC 9112 §3.2)" },
  { "a message with a field that is none", "Host: shop.test", "Host: shop.test\nIf Match: x",
    "l.md:31: this is no HTTP message: it is not so that a field name is a token (RFC 9110 §5.1)" },
  { "a value that was not captured", "Host: shop.test", "Host: shop.test\nIf-Match: {{tga}}",
    "l.md:31: there is no value captured before this “tga”; expected none" },
  { "a capture without a subject", "tag = response first field ETag", "tag",
    "l.md:34: nothing is captured by “tag”; expected “NAME = last response field ETag”" },
  { "a capture with a condition", "field ETag", "field ETag == 1",
    "l.md:34: “==” follows; expected the end of the line" },
  { "a capture of a step that there is not", "response first", "response frist",
    "l.md:34: there is no step of this run that is called “frist”; expected “first”" },
  { "a check of something that there is not", "last response status == 200", "lats response status == 200",
    "l.md:38: there is no subject “lats”; expected “last”" },
  { "a check of a property that there is not", "response status == 200\n```\n\n```mis", "response state == 200\n```\n\n```mis",
    "l.md:38: there is no property of a response “state”; expected “status”" },
  { "a check without a value", "status == 200\n```\n\n```mis", "status ==\n```\n\n```mis",
    "l.md:38: nothing follows “==”; expected a value" },
  { "a check without a condition", "status == 200\n```\n\n```mis", "status\n```\n\n```mis",
    "l.md:38: the line ends too early; expected comparison" },
  { "a check of a party that there is not", "last response status == 200\n```\n\n```mis", "state shop.tets /doc version == 1\n```\n\n```mis",
    "l.md:38: there is no party “shop.tets”; expected “shop.test”" },
  { "an empty check", "last response status == 200\n```\n\n```mis", "\n```\n\n```mis",
    "l.md:37: the block begins with “check”; expected at least one line in it" },
  { "an option without a box", "- [x] Text", "- Text",
    "l.md:24: this is no option; expected “- [ ] text {misconception}” or “- [x] text”" },
  { "no right option", "- [x] Text", "- [ ] Text {no-thing}",
    "l.md:22: no option of the prediction is right; expected “- [x]”" },
  { "a wrong option without a misconception", "Nothing {no-thing}", "Nothing",
    "l.md:25: a wrong option names no misconception; expected “{misconception}” at its end" },
  { "a misconception that there is not", "Nothing {no-thing}", "Nothing {nothing}",
    "l.md:25: there is no misconception “nothing”; expected “no-thing”" },
  { "a misconception that nobody has", "```misconception no-thing", "```misconception none\nfeedback: x\nshow: run main\ncheck: [body is present]\n```\n\n```misconception no-thing",
    "l.md:41: no option names the misconception “none”; expected “{none}” at the end of one" },
  { "a counter-example in no run", "show: run main", "show: run mian",
    "l.md:43: there is no run before this “mian”; expected “main”" },
  { "a counter-example that shows nothing", "check:\n  - last response status == 200\n", "",
    "l.md:41: the counter-example shows nothing; expected “check:” with what is to be seen" },
  { "a change that there is not", "check:\n  -", "change: [swpa 1 2]\ncheck:\n  -",
    "l.md:44: there is no change “swpa”; expected “swap”" },
  { "a prediction that nothing answers", "```capture", "```predict late\nWhat?\n- [x] A\n- [ ] B {no-thing}\n```\n\n```capture",
    "l.md:33: nothing answers the prediction “late”; expected a step after it" },
  { "a run where nothing happens", "```misconception no-thing", "```run empty\n```\n\n```misconception no-thing",
    "l.md:41: nothing happens in “empty”; expected a step" },
  { "settings once the run is under way", "```misconception no-thing", "```origin shop.test\n/x:\n  kind: document\n```\n\n```misconception no-thing",
    "l.md:41: “shop.test” cannot be set once the run is under way; expected the settings before the first step of a run" },
  { "a challenge without probes", "```misconception no-thing", "```challenge Do it\nNow.\n```\n\n```misconception no-thing",
    "l.md:41: the challenge is not whole; expected a starter, a symptom probe and a good probe after it" },
  { "a probe without a challenge", "```misconception no-thing", "```probe good it\n```\n\n```misconception no-thing",
    "l.md:41: a probe stands here; expected a challenge and its starter before it" },
  { "bytes that are no text", "Some [words]", "Some \xff[words]",
    "l.md:14: this is no text; expected UTF-8 text" },
};
/* clang-format on */

static char *
with_instead (const Row *row)
{
  const char *at = strstr (whole, row->piece);

  assert_non_null (at);
  return g_strdup_printf ("%.*s%s%s", (int)(at - whole), whole, row->instead,
                          at + strlen (row->piece));
}

static void
is_refused_with_its_place (void **state)
{
  const Row *row = *state;
  g_autofree char *text = with_instead (row);
  g_autoptr (GError) error = NULL;
  RtLesson *lesson = rt_lesson_new_from_text ("l.md", text, strlen (text), &error);

  assert_null (lesson);
  assert_non_null (error);
  assert_string_equal (error->message, row->message);
}

static void
the_whole_lesson_is_read (void **state)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (RtLesson) lesson
      = rt_lesson_new_from_text ("lessons/07-whole.md", whole, strlen (whole), &error);

  assert_null (error);
  assert_string_equal (lesson->name, "whole");
  assert_int_equal (lesson->number, 7);
  assert_int_equal (lesson->runs->len, 1);
  assert_int_equal (lesson->predictions->len, 1);
}

/* Cut off anywhere, with Windows' line breaks or without the last one, it is a lesson or an error.
 */
static void
a_lesson_cut_off_anywhere_is_read_or_refused (void **state)
{
  for (gsize n = 0; n <= strlen (whole); n++)
    {
      g_autoptr (GError) error = NULL;
      RtLesson *lesson = rt_lesson_new_from_text ("l.md", whole, n, &error);

      assert_true ((lesson == NULL) == (error != NULL));
      g_clear_pointer (&lesson, rt_lesson_unref);
    }
}

static void
line_breaks_of_other_systems_are_read (void **state)
{
  g_auto (GStrv) lines = g_strsplit (whole, "\n", -1);
  g_autofree char *joined = g_strjoinv ("\r\n", lines);
  g_autofree char *text = g_strconcat ("\xef\xbb\xbf", joined, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (RtLesson) lesson = rt_lesson_new_from_text ("l.md", text, strlen (text), &error);

  assert_null (error);
  assert_null (
      strchr (((RtStep *)((RtScenario *)lesson->runs->pdata[0])->steps->pdata[0])->message, '\r'));
}

int
main (void)
{
  struct CMUnitTest tests[G_N_ELEMENTS (rows) + 3] = {
    cmocka_unit_test (the_whole_lesson_is_read),
    cmocka_unit_test (a_lesson_cut_off_anywhere_is_read_or_refused),
    cmocka_unit_test (line_breaks_of_other_systems_are_read),
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    tests[i + 3] = (struct CMUnitTest){ rows[i].name, is_refused_with_its_place, NULL, NULL,
                                        (void *)&rows[i] };
  return _cmocka_run_group_tests ("lesson errors", tests, G_N_ELEMENTS (tests), NULL, NULL);
}
