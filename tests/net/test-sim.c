/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The sim driver and its model of TCP, with parties that do what a script says. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include "rt-error.h"
#include "rt-sim.h"

#define START (1767268800 * RT_TIME_SEC)

typedef enum
{
  DO_NOTHING,
  DO_SEND,   /* n bytes */
  DO_FINISH, /* the task */
  DO_CLOSE,
  DO_RESET,
  DO_PAUSE,  /* stop reading */
  DO_RESUME, /* read again, n ms later */
} What;

/* When an input of a kind comes: what to do. In order, all that match. */
typedef struct
{
  RtInputKind on;
  What what;
  guint64 n;
} Rule;

typedef struct
{
  const Rule *rules;
  RtConnection connection;
  guint64 task, bytes, inputs;
  GString *seen; /* what came, as letters */
  RtTime last;
  const RtEndpoint *to;
  char *error;
} Actor;

static void
act (Actor *actor, const Rule *rule, const RtInput *input, RtEffects *out)
{
  g_autoptr (GBytes) bytes = NULL;

  switch (rule->what)
    {
    case DO_SEND:
      bytes = g_bytes_new_take (g_strnfill (rule->n, 'x'), rule->n);
      rt_effects_send (out, actor->connection, bytes);
      break;
    case DO_FINISH:
      rt_effects_finish (out, actor->task, NULL);
      break;
    case DO_CLOSE:
    case DO_RESET:
      rt_effects_close (out, actor->connection, rule->what == DO_RESET);
      break;
    case DO_PAUSE:
      rt_effects_read (out, actor->connection, FALSE);
      break;
    case DO_RESUME:
      rt_effects_deadline (out, 7, input->now + (RtTime)rule->n * RT_TIME_MSEC, FALSE);
      break;
    case DO_NOTHING:
      break;
    }
}

static void
actor_input (gpointer self, const RtInput *input, RtEffects *out)
{
  static const char letters[] = "TACFBWERD";
  Actor *actor = self;

  g_string_append_c (actor->seen, letters[input->kind]);
  actor->last = input->now;
  if (input->kind == RT_INPUT_TASK)
    {
      actor->task = input->id;
      actor->connection = rt_effects_connect (out, actor->to);
      return;
    }
  if (input->kind == RT_INPUT_DEADLINE)
    {
      rt_effects_read (out, actor->connection, TRUE);
      return;
    }
  actor->connection = input->connection;
  if (input->kind == RT_INPUT_BYTES)
    actor->bytes += g_bytes_get_size (input->bytes);
  if (input->kind == RT_INPUT_FAILED)
    actor->error = g_strdup (((const GError *)input->info)->message);
  for (const Rule *rule = actor->rules; rule->what != DO_NOTHING; rule++)
    if (rule->on == input->kind)
      act (actor, rule, input, out);
}

static void
actor_free (gpointer self)
{
}

static const RtPartyClass actor_class = { "actor", actor_input, actor_free };

typedef struct
{
  RtLog *log;
  RtSim *sim;
  Actor left, right;
  RtPartyId left_id, right_id;
  RtEndpoint to;
} Stage;

static const Rule nothing[] = { { 0, DO_NOTHING, 0 } };

static void
stage_init (Stage *stage, const Rule *left, const Rule *right, const RtLink *link)
{
  *stage = (Stage){ .log = rt_log_new (RT_LOG_KEEP_ALL, NULL, NULL) };
  stage->sim = rt_sim_new (stage->log, START);
  stage->to = (RtEndpoint){ .host = "right", .port = 80 };
  stage->left = (Actor){ .rules = left, .seen = g_string_new (NULL), .to = &stage->to };
  stage->right = (Actor){ .rules = right, .seen = g_string_new (NULL) };
  stage->left_id = rt_sim_driver.add (stage->sim, "left", &actor_class, &stage->left);
  stage->right_id = rt_sim_driver.add (stage->sim, "right", &actor_class, &stage->right);
  assert_true (rt_sim_driver.listen (stage->sim, stage->right_id, &stage->to, NULL));
  if (link != NULL)
    rt_sim_set_link (stage->sim, stage->left_id, stage->right_id, link);
}

static void
stage_clear (Stage *stage)
{
  rt_sim_free (stage->sim);
  rt_log_free (stage->log);
  g_string_free (stage->left.seen, TRUE);
  g_string_free (stage->right.seen, TRUE);
  g_free (stage->left.error);
  g_free (stage->right.error);
}

static RtRun
stage_run (Stage *stage)
{
  rt_sim_driver.task (stage->sim, stage->left_id, NULL, "go", 0);
  return rt_sim_driver.run (stage->sim, RT_TIME_NEVER, NULL);
}

/* The log as lines `time party kind length name`, times in microseconds from the start. */
static char *
dump (Stage *stage)
{
  GString *text = g_string_new (NULL);
  RtReader *reader;

  rt_log_flush (stage->log);
  reader = rt_log_get_reader (stage->log);
  for (guint64 i = 0; i < rt_reader_get_length (reader); i++)
    {
      g_autoptr (RtPage) page = rt_reader_dup_page (reader, i, NULL);
      const RtEvent *event = &page->events[i - page->first];
      g_autoptr (GVariant) detail = rt_page_dup_detail (page, (guint)(i - page->first));
      g_autofree char *shown = detail != NULL ? g_variant_print (detail, FALSE) : g_strdup ("");

      g_string_append_printf (text, "%" G_GINT64_FORMAT " %u %s %u %s\n", event->time - START,
                              event->party, rt_event_kind_name ((RtEventKind)event->kind),
                              event->span.length, shown);
    }
  return g_string_free (text, FALSE);
}

static guint
count (const char *text, const char *part)
{
  guint n = 0;

  for (const char *at = text; (at = strstr (at, part)) != NULL; at += strlen (part))
    n++;
  return n;
}

static const RtLink slow = { .latency = 10 * RT_TIME_MSEC, .bandwidth = 0 };

static void
test_handshake (void **state)
{
  static const Rule left[] = { { RT_INPUT_CONNECTED, DO_SEND, 5 },
                               { RT_INPUT_BYTES, DO_FINISH, 0 },
                               { RT_INPUT_BYTES, DO_CLOSE, 0 },
                               { 0, DO_NOTHING, 0 } };
  static const Rule right[]
      = { { RT_INPUT_BYTES, DO_SEND, 3 }, { RT_INPUT_EOF, DO_CLOSE, 0 }, { 0, DO_NOTHING, 0 } };
  Stage stage;
  g_autofree char *text = NULL;

  stage_init (&stage, left, right, &slow);
  assert_int_equal (stage_run (&stage), RT_RUN_SETTLED);
  text = dump (&stage);
  assert_string_equal (text, "0 1 party 0 ('left', 'actor')\n"
                             "0 2 party 0 ('right', 'actor')\n"
                             "0 1 task 0 (1, 'go')\n"
                             "0 1 connect 0 ('right', 80, 'tcp', 2)\n"
                             "0 1 buffer 0 (0x00, 0x00, 0)\n"
                             "0 2 buffer 0 (0x01, 0x00, 0)\n"
                             "0 1 sent 0 'SYN'\n"
                             "10000 2 received 0 'SYN'\n"
                             "10000 2 sent 0 'SYN ACK'\n"
                             "20000 1 received 0 'SYN ACK'\n"
                             "20000 1 sent 0 'ACK'\n"
                             "20000 1 established 0 \n"
                             "20000 1 sent 5 \n"
                             "30000 2 received 0 'ACK'\n"
                             "30000 2 established 0 \n"
                             "30000 2 received 5 \n"
                             "30000 2 sent 3 \n"
                             "40000 1 received 3 \n"
                             "40000 1 finished 0 (1, nothing)\n"
                             "40000 1 sent 0 'FIN'\n"
                             "50000 2 received 0 'FIN'\n"
                             "50000 2 sent 0 'ACK'\n"
                             "50000 2 eof 0 \n"
                             "50000 2 sent 0 'FIN'\n"
                             "60000 1 received 0 'ACK'\n"
                             "60000 1 received 0 'FIN'\n"
                             "60000 1 sent 0 'ACK'\n"
                             "60000 1 eof 0 \n"
                             "70000 2 received 0 'ACK'\n");
  stage_clear (&stage);
}

static void
test_refused (void **state)
{
  Stage stage;
  g_autofree char *text = NULL;

  stage_init (&stage, nothing, nothing, &slow);
  stage.to.port = 81;
  assert_int_equal (stage_run (&stage), RT_RUN_WAITING);
  assert_string_equal (stage.left.error, "right:81: connection refused");
  assert_int_equal (stage.left.last - START, 20 * RT_TIME_MSEC);
  text = dump (&stage);
  assert_int_equal (count (text, "sent 0 'RST'"), 1);
  stage_clear (&stage);
}

static const Rule upload_then_close[] = { { RT_INPUT_CONNECTED, DO_SEND, 1000000 },
                                          { RT_INPUT_WRITABLE, DO_CLOSE, 0 },
                                          { RT_INPUT_EOF, DO_FINISH, 0 },
                                          { 0, DO_NOTHING, 0 } };
static const Rule close_too[] = { { RT_INPUT_EOF, DO_CLOSE, 0 }, { 0, DO_NOTHING, 0 } };
static const Rule send_one[] = { { RT_INPUT_CONNECTED, DO_SEND, 1000 },
                                 { RT_INPUT_BYTES, DO_FINISH, 0 },
                                 { 0, DO_NOTHING, 0 } };
static const Rule send_ten[] = { { RT_INPUT_CONNECTED, DO_SEND, 14600 },
                                 { RT_INPUT_BYTES, DO_FINISH, 0 },
                                 { 0, DO_NOTHING, 0 } };
static const Rule answer_one[] = { { RT_INPUT_BYTES, DO_SEND, 1 }, { 0, DO_NOTHING, 0 } };

static void
test_bandwidth (void **state)
{
  /* 1 Mbit/s: 8 µs a byte. */
  static const RtLink link = { .latency = 10 * RT_TIME_MSEC, .bandwidth = 1000 * 1000 };
  Stage stage;
  g_autofree char *text = NULL;

  stage_init (&stage, send_one, answer_one, &link);
  assert_int_equal (stage_run (&stage), RT_RUN_SETTLED);
  text = dump (&stage);
  /* SYN and SYN ACK: 40 bytes and the latency each. ACK and data wait for one another. */
  assert_non_null (strstr (text, "20640 1 established"));
  assert_non_null (strstr (text, "39280 2 received 1000"));
  stage_clear (&stage);
}

static void
test_queue_overflow (void **state)
{
  static const RtLink link
      = { .latency = 10 * RT_TIME_MSEC, .bandwidth = 1000 * 1000, .queue = 5000 };
  Stage stage;
  g_autofree char *text = NULL;

  stage_init (&stage, upload_then_close, close_too, &link);
  assert_int_equal (stage_run (&stage), RT_RUN_SETTLED);
  text = dump (&stage);
  assert_true (count (text, " lost ") > 0);
  assert_int_equal (stage.right.bytes, 1000000);
  stage_clear (&stage);
}

static void
test_fast_retransmit (void **state)
{
  static const RtFault faults[] = { { .kind = RT_FAULT_LOSE, .segment = 3, .from = 1 } };
  static const RtLink link = { .latency = 10 * RT_TIME_MSEC, .faults = faults, .n_faults = 1 };
  Stage stage;
  g_autofree char *text = NULL;

  stage_init (&stage, send_ten, answer_one, &link);
  assert_int_equal (stage_run (&stage), RT_RUN_SETTLED);
  text = dump (&stage);
  assert_int_equal (count (text, " lost 1460"), 1);
  assert_int_equal (count (text, "sent 1460 'retransmission'"), 1);
  /* Seven segments arrive behind the hole; the third says so loud enough: one round trip, no
   * timeout. */
  assert_non_null (strstr (text, "40000 1 sent 1460 'retransmission'"));
  assert_non_null (strstr (text, "50000 2 received 1460 'retransmission'"));
  assert_int_equal (stage.right.bytes, 14600);
  stage_clear (&stage);
}

static void
test_timeout (void **state)
{
  static const RtFault faults[]
      = { { .kind = RT_FAULT_LOSE, .segment = 1, .from = 1, .count = 2 } };
  static const RtLink link = { .latency = 10 * RT_TIME_MSEC, .faults = faults, .n_faults = 1 };
  Stage stage;
  g_autofree char *text = NULL;

  stage_init (&stage, send_one, answer_one, &link);
  assert_int_equal (stage_run (&stage), RT_RUN_SETTLED);
  text = dump (&stage);
  /* No round trip was measured yet: a second, then two. */
  assert_non_null (strstr (text, "1020000 1 sent 1000 'retransmission'"));
  assert_non_null (strstr (text, "3020000 1 sent 1000 'retransmission'"));
  assert_non_null (strstr (text, "3030000 2 received 1000 'retransmission'"));
  stage_clear (&stage);
}

static void
test_lost_syn (void **state)
{
  static const RtFault faults[] = { { .kind = RT_FAULT_LOSE, .segment = 0, .from = 1 } };
  static const RtLink link = { .latency = 10 * RT_TIME_MSEC, .faults = faults, .n_faults = 1 };
  Stage stage;
  g_autofree char *text = NULL;

  stage_init (&stage, send_one, answer_one, &link);
  assert_int_equal (stage_run (&stage), RT_RUN_SETTLED);
  text = dump (&stage);
  assert_int_equal (count (text, "sent 0 'SYN'\n"), 2);
  assert_non_null (strstr (text, "1020000 1 established"));
  stage_clear (&stage);
}

static void
test_network_is_dead (void **state)
{
  static const RtFault faults[]
      = { { .kind = RT_FAULT_LOSE, .segment = 0, .from = 1, .count = G_MAXUINT } };
  static const RtLink link = { .latency = 10 * RT_TIME_MSEC, .faults = faults, .n_faults = 1 };
  Stage stage;

  stage_init (&stage, nothing, nothing, &link);
  assert_int_equal (stage_run (&stage), RT_RUN_WAITING);
  assert_string_equal (stage.left.error, "right:80: connection timed out");
  stage_clear (&stage);
}

static void
test_stall (void **state)
{
  static const RtFault faults[]
      = { { .kind = RT_FAULT_STALL, .segment = 1, .from = 2, .duration = 500 * RT_TIME_MSEC } };
  static const RtLink link = { .latency = 10 * RT_TIME_MSEC, .faults = faults, .n_faults = 1 };
  Stage stage;
  g_autofree char *text = NULL;

  stage_init (&stage, send_one, answer_one, &link);
  assert_int_equal (stage_run (&stage), RT_RUN_SETTLED);
  text = dump (&stage);
  assert_non_null (strstr (text, "540000 1 received 1 "));
  assert_int_equal (stage.left.bytes, 1);
  stage_clear (&stage);
}

static void
test_stall_for_ever (void **state)
{
  static const RtFault faults[]
      = { { .kind = RT_FAULT_STALL, .segment = 1, .from = 2, .duration = RT_TIME_NEVER } };
  static const RtLink link = { .latency = 10 * RT_TIME_MSEC, .faults = faults, .n_faults = 1 };
  Stage stage;

  stage_init (&stage, send_one, answer_one, &link);
  assert_int_equal (stage_run (&stage), RT_RUN_WAITING);
  assert_int_equal (rt_sim_get_n_unfinished (stage.sim), 1);
  /* Neither hears of the other any more; both give up. */
  assert_non_null (strchr (stage.left.seen->str, 'R'));
  assert_non_null (strchr (stage.right.seen->str, 'R'));
  stage_clear (&stage);
}

static void
test_cut (void **state)
{
  static const RtFault faults[] = { { .kind = RT_FAULT_RESET, .segment = 1, .from = 2 } };
  static const RtLink link = { .latency = 10 * RT_TIME_MSEC, .faults = faults, .n_faults = 1 };
  Stage stage;
  g_autofree char *text = NULL;

  stage_init (&stage, send_one, answer_one, &link);
  stage_run (&stage);
  text = dump (&stage);
  assert_int_equal (count (text, "reset 0 'cut off by the network'"), 2);
  assert_int_equal (stage.left.bytes, 0);
  assert_non_null (strchr (stage.left.seen->str, 'R'));
  assert_non_null (strchr (stage.right.seen->str, 'R'));
  stage_clear (&stage);
}

static void
test_reset (void **state)
{
  static const Rule left[] = { { RT_INPUT_CONNECTED, DO_SEND, 10 },
                               { RT_INPUT_RESET, DO_FINISH, 0 },
                               { 0, DO_NOTHING, 0 } };
  static const Rule right[] = { { RT_INPUT_BYTES, DO_RESET, 0 }, { 0, DO_NOTHING, 0 } };
  Stage stage;

  stage_init (&stage, left, right, &slow);
  assert_int_equal (stage_run (&stage), RT_RUN_SETTLED);
  assert_string_equal (stage.left.seen->str, "TCWR");
  assert_string_equal (stage.right.seen->str, "AB");
  stage_clear (&stage);
}

static void
test_half_close (void **state)
{
  /* The left closes at once; the right goes on sending on its half. */
  static const Rule left[] = { { RT_INPUT_CONNECTED, DO_SEND, 1 },
                               { RT_INPUT_CONNECTED, DO_CLOSE, 0 },
                               { RT_INPUT_EOF, DO_FINISH, 0 },
                               { 0, DO_NOTHING, 0 } };
  static const Rule right[] = { { RT_INPUT_EOF, DO_SEND, 100000 },
                                { RT_INPUT_WRITABLE, DO_CLOSE, 0 },
                                { 0, DO_NOTHING, 0 } };
  Stage stage;

  stage_init (&stage, left, right, &slow);
  assert_int_equal (stage_run (&stage), RT_RUN_SETTLED);
  assert_int_equal (stage.left.bytes, 100000);
  assert_int_equal (stage.right.bytes, 1);
  stage_clear (&stage);
}

static void
test_back_pressure (void **state)
{
  static const Rule right[] = { { RT_INPUT_ACCEPTED, DO_PAUSE, 0 },
                                { RT_INPUT_ACCEPTED, DO_RESUME, 60000 },
                                { RT_INPUT_EOF, DO_CLOSE, 0 },
                                { 0, DO_NOTHING, 0 } };
  Stage stage;

  stage_init (&stage, upload_then_close, right, &slow);
  rt_sim_driver.task (stage.sim, stage.left_id, NULL, "go", 0);
  assert_int_equal (rt_sim_driver.run (stage.sim, START + 50 * RT_TIME_SEC, NULL), RT_RUN_UNTIL);
  /* The window is full: the sender has nothing under way and has not been told that all left. */
  assert_int_equal (stage.right.bytes, 0);
  assert_null (strchr (stage.left.seen->str, 'W'));
  assert_int_equal (rt_sim_driver.run (stage.sim, RT_TIME_NEVER, NULL), RT_RUN_SETTLED);
  assert_int_equal (stage.right.bytes, 1000000);
  stage_clear (&stage);
}

static void
test_megabyte (void **state)
{
  Stage stage;
  g_autofree char *text = NULL;

  stage_init (&stage, upload_then_close, close_too, NULL);
  assert_int_equal (stage_run (&stage), RT_RUN_SETTLED);
  assert_int_equal (stage.right.bytes, 1000000);
  text = dump (&stage);
  assert_int_equal (count (text, " lost "), 0);
  /* 10 Mbit/s: 1,027,400 bytes with their headers take 822 ms; slow start costs a little more. */
  assert_in_range (stage.right.last - START, 820 * RT_TIME_MSEC, 1100 * RT_TIME_MSEC);
  stage_clear (&stage);
}

static void
test_same_log (void **state)
{
  static const RtFault faults[] = { { .kind = RT_FAULT_LOSE, .segment = 5 },
                                    { .kind = RT_FAULT_LOSE, .segment = 40 },
                                    { .kind = RT_FAULT_LOSE, .segment = 41, .count = 2 } };
  static const RtLink link = { .latency = 7777,
                               .bandwidth = 3333333,
                               .queue = 60000,
                               .faults = faults,
                               .n_faults = G_N_ELEMENTS (faults) };
  char *texts[2];

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      Stage stage;

      stage_init (&stage, upload_then_close, close_too, &link);
      assert_int_equal (stage_run (&stage), RT_RUN_SETTLED);
      assert_int_equal (stage.right.bytes, 1000000);
      texts[i] = dump (&stage);
      stage_clear (&stage);
    }
  assert_string_equal (texts[0], texts[1]);
  g_free (texts[0]);
  g_free (texts[1]);
}

static void
test_unknown_host (void **state)
{
  Stage stage;

  stage_init (&stage, nothing, nothing, NULL);
  stage.to.host = "nowhere.test";
  stage_run (&stage);
  assert_string_equal (stage.left.error, "nowhere.test:80: no host has this name");
  assert_int_equal (stage.left.last, START);
  stage_clear (&stage);
}

static void
test_advance (void **state)
{
  static const Rule left[] = { { RT_INPUT_CONNECTED, DO_PAUSE, 0 },
                               { RT_INPUT_CONNECTED, DO_FINISH, 0 },
                               { RT_INPUT_CONNECTED, DO_RESUME, 1800000 },
                               { 0, DO_NOTHING, 0 } };
  Stage stage;
  g_autofree char *text = NULL;

  stage_init (&stage, left, nothing, &slow);
  rt_sim_driver.task (stage.sim, stage.left_id, NULL, "go", 0);
  assert_int_equal (rt_sim_driver.run (stage.sim, START + RT_TIME_SEC, NULL), RT_RUN_UNTIL);
  assert_null (strchr (stage.left.seen->str, 'D'));
  rt_sim_driver.advance (stage.sim, RT_TIME_HOUR);
  assert_non_null (strchr (stage.left.seen->str, 'D'));
  assert_int_equal (stage.left.last - START, 1800 * RT_TIME_SEC + 20 * RT_TIME_MSEC);
  assert_int_equal (rt_sim_driver.now (stage.sim) - START, RT_TIME_HOUR + RT_TIME_SEC);
  text = dump (&stage);
  assert_non_null (strstr (text, "1000000 0 clock 0 3600000000"));
  stage_clear (&stage);
}

static void
test_port_in_use (void **state)
{
  Stage stage;
  g_autoptr (GError) error = NULL;

  stage_init (&stage, nothing, nothing, NULL);
  assert_false (rt_sim_driver.listen (stage.sim, stage.left_id, &stage.to, &error));
  assert_string_equal (error->message, "right:80 is in use");
  stage_clear (&stage);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_handshake),
    cmocka_unit_test (test_refused),
    cmocka_unit_test (test_bandwidth),
    cmocka_unit_test (test_queue_overflow),
    cmocka_unit_test (test_fast_retransmit),
    cmocka_unit_test (test_timeout),
    cmocka_unit_test (test_lost_syn),
    cmocka_unit_test (test_network_is_dead),
    cmocka_unit_test (test_stall),
    cmocka_unit_test (test_stall_for_ever),
    cmocka_unit_test (test_cut),
    cmocka_unit_test (test_reset),
    cmocka_unit_test (test_half_close),
    cmocka_unit_test (test_back_pressure),
    cmocka_unit_test (test_megabyte),
    cmocka_unit_test (test_same_log),
    cmocka_unit_test (test_unknown_host),
    cmocka_unit_test (test_advance),
    cmocka_unit_test (test_port_in_use),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
