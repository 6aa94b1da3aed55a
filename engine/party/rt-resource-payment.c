/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The resource kind `payment`: POST charges, once for each intention that a client names by an
 * Idempotency-Key, or once too often. When the key is written down decides what a crash and a race
 * do:
 *
 *   durable   reserved before the work; the answer is written together with the row
 *   after     looked up before the work, written down after it: a race passes it, a crash between
 *             the two loses it
 *   memory    as `durable`, but a crash loses all keys
 *   ignored   never looked at */
#include "rt-resource-kinds.h"

#include "rt-evidence.h"
#include "rt-idempotency.h"
#include "rt-methods.h"
#include "rt-representation.h"

#define STAGE_COMMIT 1
#define STAGE_RECORD 2
#define STAGE_ANSWER 3

#define NODES_MAX 16
#define ROWS_MAX 10000
/* Of all rows together, and once more of the payloads under the keys. */
#define BYTES_MAX (64 * 1024 * 1024)

typedef enum
{
  KEYS_DURABLE,
  KEYS_AFTER,
  KEYS_MEMORY,
  KEYS_IGNORED,
} Keys;

static const char *const keys_choices[] = { "durable", "after", "memory", "ignored", NULL };

/* clang-format off */
static const RtSetting settings[] = {
  { "keys", RT_SETTING_CHOICE, "durable", keys_choices, "when an Idempotency-Key is written down: before the work and for good; after the work; before, but in memory alone; never" },
  { "require-key", RT_SETTING_BOOLEAN, "false", NULL, "a POST without a key is refused with 400" },
  { "check-payload", RT_SETTING_BOOLEAN, "true", NULL, "a known key with another content is refused with 422" },
  { "ttl", RT_SETTING_DURATION, "24h", NULL, "how long a key is known" },
  { "nodes", RT_SETTING_NUMBER, "1", NULL, "servers that take the requests in turn, 1 to 16" },
  { "shared-keys", RT_SETTING_BOOLEAN, "true", NULL, "all nodes know the keys of all" },
  { "commit-delay", RT_SETTING_DURATION, "0s", NULL, "time that the work takes: from the look at the key to the row" },
  { "record-delay", RT_SETTING_DURATION, "0s", NULL, "with `keys: after`, time from the row to the key" },
  { "answer-delay", RT_SETTING_DURATION, "0s", NULL, "time from there to the answer" },
  { "drop", RT_SETTING_NUMBER, "0", NULL, "so many first payments are made without an answer: the connection is closed" },
  { "crash", RT_SETTING_NUMBER, "0", NULL, "so many first payments bring the server down for a second, behind the row and before what follows it" },
};
/* clang-format on */

typedef struct
{
  char *key;
  guint node;
  RtTime reserved, expires;
  GBytes *payload;
  guint row; /* 0: not done yet */
} Record;

typedef struct
{
  char *path;
  Keys keys;
  gboolean require_key, check_payload, shared;
  RtTime ttl, commit_delay, record_delay, answer_delay;
  gint64 drop, crash;
  guint n_nodes, n_requests;
  GPtrArray *rows;    /* GBytes */
  gsize n_bytes;      /* of the rows, those on their way included */
  GPtrArray *records; /* Record */
} Payment;

/* One payment on its way. */
typedef struct
{
  char *key; /* NULL: unkeyed */
  guint node, row;
} Work;

static void
record_free (gpointer data)
{
  Record *record = data;

  g_bytes_unref (record->payload);
  g_free (record->key);
  g_free (record);
}

static void
work_free (gpointer data)
{
  Work *work = data;

  g_free (work->key);
  g_free (work);
}

static void
payment_free (gpointer self)
{
  Payment *payment = self;

  g_ptr_array_unref (payment->rows);
  g_ptr_array_unref (payment->records);
  g_free (payment->path);
  g_free (payment);
}

static gpointer
create (const char *path, const RtGiven *given, GError **error)
{
  gint64 nodes;
  Payment *payment;

  if (!rt_given_take_number (given, "nodes", 1, NODES_MAX, &nodes, error))
    return NULL;
  payment = g_new0 (Payment, 1);
  payment->path = g_strdup (path);
  payment->keys = (Keys)rt_given_get_choice (given, "keys");
  payment->require_key = rt_given_get_boolean (given, "require-key");
  payment->check_payload = rt_given_get_boolean (given, "check-payload");
  payment->shared = rt_given_get_boolean (given, "shared-keys");
  payment->ttl = rt_given_get_number (given, "ttl");
  payment->commit_delay = rt_given_get_number (given, "commit-delay");
  payment->record_delay = rt_given_get_number (given, "record-delay");
  payment->answer_delay = rt_given_get_number (given, "answer-delay");
  payment->drop = rt_given_get_number (given, "drop");
  payment->crash = rt_given_get_number (given, "crash");
  payment->n_nodes = (guint)nodes;
  payment->rows = g_ptr_array_new_with_free_func ((GDestroyNotify)g_bytes_unref);
  payment->records = g_ptr_array_new_with_free_func (record_free);
  return payment;
}

static void
show_rows (const Payment *payment, RtEffects *out)
{
  g_auto (GVariantBuilder) state = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);

  g_variant_builder_add (&state, "{sv}", "rows", g_variant_new_int64 (payment->rows->len));
  rt_effects_state (out, "payments", payment->path, g_variant_builder_end (&state));
}

static void
announce (gpointer self, RtTime now, RtEffects *out)
{
  show_rows (self, out);
}

/* Keys. */

/* A key may have any character that a string of structured fields has: no spaces in a state's. */
static char *
dup_state_key (const Payment *payment, const Record *record)
{
  g_autofree char *key = g_strdelimit (g_strdup (record->key), " ", '_');

  if (payment->shared || payment->n_nodes == 1)
    return g_strdup_printf ("%s:%s", payment->path, key);
  return g_strdup_printf ("%s:%s@%u", payment->path, key, record->node + 1);
}

static void
show_record (const Payment *payment, const Record *record, RtEffects *out)
{
  g_auto (GVariantBuilder) state = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);
  g_autofree char *key = dup_state_key (payment, record);

  g_variant_builder_add (&state, "{sv}", "done", g_variant_new_boolean (record->row > 0));
  g_variant_builder_add (&state, "{sv}", "expires", g_variant_new_int64 (record->expires));
  if (record->row > 0)
    g_variant_builder_add (&state, "{sv}", "row", g_variant_new_int64 (record->row));
  rt_effects_state (out, "idempotency", key, g_variant_builder_end (&state));
}

static Record *
find_record (const Payment *payment, const char *key, guint node)
{
  for (guint i = 0; key != NULL && i < payment->records->len; i++)
    {
      Record *record = g_ptr_array_index (payment->records, i);

      if ((payment->shared || record->node == node) && strcmp (record->key, key) == 0)
        return record;
    }
  return NULL;
}

static void
drop_record (Payment *payment, guint i, RtEffects *out)
{
  g_autofree char *key = dup_state_key (payment, g_ptr_array_index (payment->records, i));

  rt_effects_state (out, "idempotency", key, NULL);
  g_ptr_array_remove_index (payment->records, i);
}

static void
drop_expired (Payment *payment, RtTime now, RtEffects *out)
{
  for (guint i = payment->records->len; i > 0; i--)
    if (((Record *)g_ptr_array_index (payment->records, i - 1))->expires <= now)
      drop_record (payment, i - 1, out);
}

/* A reservation whose transaction never ended is rolled back. */
static void
restart (gpointer self, RtTime now, RtEffects *out)
{
  Payment *payment = self;

  for (guint i = payment->records->len; i > 0; i--)
    if (payment->keys == KEYS_MEMORY
        || ((Record *)g_ptr_array_index (payment->records, i - 1))->row == 0)
      drop_record (payment, i - 1, out);
}

static void
write_record (Payment *payment, const Work *work, const RtCall *call, RtEffects *out)
{
  Record *record = find_record (payment, work->key, work->node);
  gboolean reserved = record != NULL && record->row == 0;

  if (record == NULL)
    {
      record = g_new0 (Record, 1);
      record->key = g_strdup (work->key);
      g_ptr_array_add (payment->records, record);
    }
  g_clear_pointer (&record->payload, g_bytes_unref);
  record->payload = g_bytes_ref (call->content);
  record->node = work->node;
  if (!reserved)
    {
      record->reserved = call->now;
      record->expires = call->now + payment->ttl;
    }
  record->row = work->row;
  show_record (payment, record, out);
}

/* Work. */

static void
answer_row (const Payment *payment, guint row, RtReply *reply)
{
  RtMessage *response = rt_reply_new_response (201);
  g_autofree char *location = g_strdup_printf ("%s/%u", payment->path, row);
  g_autofree char *text = g_strdup_printf ("{\"payment\": %u}\n", row);

  rt_fields_append (response->fields, "Location", location);
  rt_fields_append (response->fields, "Content-Type", "application/json");
  rt_reply_with (reply, response, g_bytes_new (text, strlen (text)));
}

static void
answer (Payment *payment, const Work *work, RtReply *reply)
{
  if (payment->drop > 0)
    {
      payment->drop--;
      reply->end = RT_REPLY_CLOSE;
    }
  else
    answer_row (payment, work->row, reply);
}

static void
finish (Payment *payment, const RtCall *call, Work *work, RtReply *reply, RtEffects *out)
{
  if (work->key != NULL)
    write_record (payment, work, call, out);
  if (payment->answer_delay > 0)
    rt_reply_later (reply, call->now + payment->answer_delay, STAGE_ANSWER, work, work_free);
  else
    answer (payment, work, reply);
}

/* The row, and with it, or after it, the key. */
static void
commit (Payment *payment, const RtCall *call, Work *work, RtReply *reply, RtEffects *out)
{
  gboolean crashes = payment->crash > 0;
  gboolean together = payment->keys != KEYS_AFTER;

  g_ptr_array_add (payment->rows, g_bytes_ref (call->content));
  work->row = payment->rows->len;
  show_rows (payment, out);
  if (crashes && together && work->key != NULL)
    write_record (payment, work, call, out);
  if (crashes)
    {
      payment->crash--;
      reply->end = RT_REPLY_CRASH;
      reply->later = call->now + RT_TIME_SEC;
      return;
    }
  if (!together && payment->record_delay > 0)
    rt_reply_later (reply, call->now + payment->record_delay, STAGE_RECORD, work, work_free);
  else
    finish (payment, call, work, reply, out);
}

static void
start (Payment *payment, const RtCall *call, Work *work, RtReply *reply, RtEffects *out)
{
  if (payment->records->len >= ROWS_MAX)
    drop_expired (payment, call->now, out);
  if (payment->rows->len >= ROWS_MAX || payment->records->len >= ROWS_MAX
      || g_bytes_get_size (call->content) > BYTES_MAX - payment->n_bytes)
    {
      work_free (work);
      rt_reply_with_status (reply, 507, "There is no room for more payments.\n");
      return;
    }
  payment->n_bytes += g_bytes_get_size (call->content);
  if (work->key != NULL && payment->keys != KEYS_AFTER)
    write_record (payment, work, call, out);
  rt_reply_later (reply, call->now + payment->commit_delay, STAGE_COMMIT, work, work_free);
}

static void
refuse (RtIdempotency verdict, RtDecision *why, RtReply *reply)
{
  rt_reply_with_failed (reply, rt_idempotency_status (verdict), why);
  if (verdict == RT_IDEMPOTENCY_IN_FLIGHT)
    rt_fields_append (reply->response->fields, "Retry-After", "1");
}

static RtIdempotency
decide (const Payment *payment, const RtCall *call, const char *key, guint node, RtDecision *why)
{
  const Record *record = find_record (payment, key, node);
  RtIdempotencyRecord known;

  if (record != NULL)
    known = (RtIdempotencyRecord){
      .reserved = record->reserved,
      .expires = record->expires,
      .done = record->row > 0,
      .same_payload = !payment->check_payload || g_bytes_equal (record->payload, call->content),
    };
  return rt_idempotency_decide (call->request, payment->require_key, record != NULL ? &known : NULL,
                                call->now, why);
}

static void
take_post (Payment *payment, const RtCall *call, RtReply *reply, RtEffects *out)
{
  g_autoptr (RtDecision) why = rt_decision_new ();
  g_autofree char *key = NULL;
  guint node = payment->n_requests++ % payment->n_nodes;
  RtIdempotency verdict = RT_IDEMPOTENCY_UNKEYED;
  const Record *record = NULL;
  Work *work;

  if (payment->keys != KEYS_IGNORED)
    {
      rt_idempotency_key_parse (call->request, &key);
      verdict = decide (payment, call, key, node, why);
      record = find_record (payment, key, node);
      rt_effects_decide (out, rt_decision_ref (why), TRUE);
    }
  if (rt_idempotency_status (verdict) != 0)
    refuse (verdict, why, reply);
  else if (verdict == RT_IDEMPOTENCY_REPLAY && record != NULL)
    answer_row (payment, record->row, reply);
  else
    {
      work = g_new0 (Work, 1);
      work->node = node;
      work->key = verdict == RT_IDEMPOTENCY_BEGIN ? g_steal_pointer (&key) : NULL;
      start (payment, call, work, reply, out);
    }
}

static void
answer_list (const Payment *payment, const RtCall *call, RtReply *reply, RtEffects *out)
{
  GString *list = g_string_new ("[");
  g_autoptr (GBytes) content = NULL;

  for (guint i = 0; i < payment->rows->len; i++)
    g_string_append_printf (list, "%s\n  {\"payment\": %u}", i > 0 ? "," : "", i + 1);
  g_string_append (list, "\n]\n");
  content = g_string_free_to_bytes (list);
  rt_reply_with_representation (
      reply, &(RtRepresentation){ .content = content, .content_type = "application/json" }, call,
      out);
}

static void
answer_below (const Payment *payment, const RtCall *call, RtReply *reply, RtEffects *out)
{
  guint64 row;

  if (!rt_text_to_uint64 (rt_text (call->below + 1), &row) || row == 0 || row > payment->rows->len)
    rt_reply_with_status (reply, 404, "There is no such payment.\n");
  else if (!rt_method_is_read (call->request->method))
    rt_reply_with_allow (reply, rt_call_is (call, "OPTIONS"), "GET, HEAD, OPTIONS");
  else
    rt_reply_with_representation (
        reply,
        &(RtRepresentation){ .content = g_ptr_array_index (payment->rows, row - 1),
                             .content_type = "application/json" },
        call, out);
}

static void
handle (gpointer self, const RtCall *call, RtReply *reply, RtEffects *out)
{
  Payment *payment = self;

  if (*call->below != '\0')
    answer_below (payment, call, reply, out);
  else if (call->stage == STAGE_COMMIT)
    commit (payment, call, call->data, reply, out);
  else if (call->stage == STAGE_RECORD)
    finish (payment, call, call->data, reply, out);
  else if (call->stage == STAGE_ANSWER)
    answer (payment, call->data, reply);
  else if (rt_method_is_read (call->request->method))
    answer_list (payment, call, reply, out);
  else if (rt_call_is (call, "POST"))
    take_post (payment, call, reply, out);
  else
    rt_reply_with_allow (reply, rt_call_is (call, "OPTIONS"), "GET, HEAD, POST, OPTIONS");
}

const RtResourceKind rt_payment_kind = {
  .name = "payment",
  .summary = "charges once for each Idempotency-Key, or once too often",
  .notes = "GET, HEAD, POST and OPTIONS; GET below. Its state has the key PATH and the member "
           "`rows`; a key's\n"
           "has the key PATH:KEY and the members `done`, `expires` and `row`; where nodes don't "
           "share their\n"
           "keys, PATH:KEY@NODE.",
  .settings = settings,
  .n_settings = G_N_ELEMENTS (settings),
  .tree = TRUE,
  .create = create,
  .announce = announce,
  .handle = handle,
  .restart = restart,
  .free = payment_free,
};
