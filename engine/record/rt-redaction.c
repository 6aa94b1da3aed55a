/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Two passes. The first looks through every message for secrets by where they stand and what they
 * are called; the second looks for the secrets so found everywhere else: in bodies, in other forms
 * (percent-encoded, base64), in bytes that belong to no message. What is compressed is undone,
 * redacted, and compressed again to the very size it had.
 *
 * Both go through the log page by page, one exchange at a time. What stays is the library of
 * secrets, and for each place where one stands a few numbers (rt-edits.c). */
#include "rt-redaction-private.h"

#include "rt-base64.h"
#include "rt-content.h"
#include "rt-exchange-walk.h"
#include "rt-gzip.h"
#include "rt-percent.h"

#include <string.h>

/** SHOWN_SUSPECT: of what was only suspected so much is shown. */
#define SHOWN_SUSPECT 6

/* What is looked through, for the finders. */
typedef struct
{
  RtRedaction *redaction;
  RtLane *lane;      /* (nullable): whose analysis has the exchange */
  guint exchange;    /* its number; 0: none */
  guint n_found;     /* in all */
  GHashTable *coded; /* RtConnection: those with content whose bytes are not what it says */
  const RtTransfer *transfer;
  RtText text;     /* what is looked through */
  RtSpan span;     /* where it stands; none: nothing can be replaced there directly */
  char *target;    /* (nullable): instead, the bytes that are changed */
  gboolean silent; /* it was told of before */
} Search;

/* The list */

/* An entry of the list. @order: when it was found, for those of one exchange; @pseudonym:
 * (nullable): what stands for it; @known: it is looked for elsewhere */
typedef struct
{
  RtRedacted public;
  guint order;
  char *pseudonym;
  gboolean known;
} Listed;

static void
free_listed (gpointer data)
{
  Listed *listed = data;

  g_free (listed->public.name);
  g_free (listed->public.shown);
  g_free (listed->pseudonym);
  g_free (listed);
}

/* Exchanges are looked through as they end; the list is in the order in which they began. */
static gboolean
is_before (const Search *search, const RtRedacted *entry)
{
  return search->exchange != 0 && (entry->exchange == 0 || search->exchange < entry->exchange);
}

static void
describe (Search *search, Listed *listed, const RtSecret *secret)
{
  g_free (listed->public.name);
  listed->public.kind = secret->kind;
  listed->public.name = rt_text_escape (secret->name);
  listed->public.exchange = search->exchange;
  listed->public.in_request = search->transfer->direction == RT_FORWARD;
  listed->order = search->n_found;
}

/* A secret is made a pseudonym once; what is only suspected has none. */
static Listed *
list_secret (Search *search, const RtSecret *secret)
{
  RtRedaction *self = search->redaction;
  g_autoptr (GBytes) probe = g_bytes_new_static (secret->text.at, secret->text.length);
  Listed *listed = g_hash_table_lookup (self->by_secret, probe);

  search->n_found++;
  if (listed == NULL)
    {
      listed = g_new0 (Listed, 1);
      describe (search, listed, secret);
      listed->public.shown = rt_text_escape (
          rt_text_sub (secret->text, 0, MIN (secret->text.length, SHOWN_SUSPECT)));
      g_ptr_array_add (self->list, listed);
      g_hash_table_insert (self->by_secret, g_bytes_new (secret->text.at, secret->text.length),
                           listed);
    }
  else if (!search->silent && is_before (search, &listed->public))
    describe (search, listed, secret);
  if (!search->silent)
    listed->public.times++;
  if (secret->kind != RT_SECRET_SUSPECTED && listed->pseudonym == NULL)
    {
      listed->pseudonym = rt_pseudonym_dup (self->key, secret->text);
      g_free (listed->public.shown);
      listed->public.shown = rt_text_escape (rt_text (listed->pseudonym));
      listed->public.replaced = TRUE;
    }
  return listed;
}

static int
compare_listed (gconstpointer a, gconstpointer b)
{
  const Listed *left = *(Listed *const *)a;
  const Listed *right = *(Listed *const *)b;
  /* What belongs to no exchange comes last. */
  guint left_exchange = left->public.exchange - 1;
  guint right_exchange = right->public.exchange - 1;

  if (left_exchange != right_exchange)
    return left_exchange < right_exchange ? -1 : 1;
  return left->order < right->order ? -1 : left->order > right->order;
}

/* Other forms */

/* What is looked for elsewhere must not be an everyday word. */
static gboolean
can_be_recognised (const RtSecret *secret)
{
  gboolean digit = FALSE, lower = FALSE, upper = FALSE;

  if (secret->text.length < RT_NEEDLE_MIN || rt_secret_name_counts (secret->text))
    return FALSE;
  if (secret->kind == RT_SECRET_EMAIL || secret->kind == RT_SECRET_PASSWORD
      || secret->kind == RT_SECRET_SIGNATURE)
    return TRUE;
  for (gsize i = 0; i < secret->text.length; i++)
    {
      digit |= g_ascii_isdigit (secret->text.at[i]);
      lower |= g_ascii_islower (secret->text.at[i]);
      upper |= g_ascii_isupper (secret->text.at[i]);
    }
  return (digit && (lower || upper)) || secret->text.length >= 12;
}

static void
add_base64 (RtRedaction *self, RtText secret, const char *pseudonym, RtBase64 form)
{
  g_autofree char *encoded = rt_base64_encode (secret, form);
  g_autofree char *replacement = rt_base64_encode ((RtText){ pseudonym, secret.length }, form);
  /* The last characters depend on what follows. */
  gsize length = secret.length / 3 * 4;

  rt_needles_add (self->needles, (RtText){ encoded, length }, replacement);
}

static void
add_encoded (RtRedaction *self, RtText secret, const char *pseudonym)
{
  g_autoptr (GString) encoded = g_string_new (NULL);
  g_autoptr (GString) replacement = g_string_new (NULL);

  rt_percent_encode (encoded, RT_PERCENT_COMPONENT, secret);
  rt_percent_encode (replacement, RT_PERCENT_COMPONENT, (RtText){ pseudonym, secret.length });
  if (encoded->len == replacement->len)
    rt_needles_add (self->needles, (RtText){ encoded->str, encoded->len }, replacement->str);
}

static void add_needles (RtRedaction *self, RtText secret);

/* What was found percent-encoded stands elsewhere without. */
static void
add_decoded (RtRedaction *self, RtText secret)
{
  g_autoptr (GString) decoded = NULL;

  if (memchr (secret.at, '%', secret.length) == NULL)
    return;
  decoded = g_string_new (NULL);
  rt_percent_decode (decoded, secret);
  if (decoded->len < secret.length)
    add_needles (self, (RtText){ decoded->str, decoded->len });
}

static void
add_needles (RtRedaction *self, RtText secret)
{
  g_autofree char *pseudonym = rt_pseudonym_dup (self->key, secret);

  rt_needles_add (self->needles, secret, pseudonym);
  add_encoded (self, secret, pseudonym);
  add_base64 (self, secret, pseudonym, RT_BASE64_STRICT);
  add_base64 (self, secret, pseudonym, RT_BASE64_URL);
  add_decoded (self, secret);
}

/* `Basic` credentials are name and password, RFC 7617 §2: the password alone is one, too. */
static void
open_basic (RtRedaction *self, const RtSecret *secret)
{
  g_autoptr (GBytes) decoded = NULL;
  RtText pair;
  gssize colon;

  if (secret->kind != RT_SECRET_CREDENTIALS || !rt_text_is_nocase (secret->name, "basic"))
    return;
  decoded = rt_base64_decode (secret->text, RT_BASE64_LOOSE);
  if (decoded == NULL)
    return;
  pair.at = g_bytes_get_data (decoded, &pair.length);
  colon = rt_text_find (pair, rt_text (":"));
  if (colon >= 0 && pair.length - (gsize)colon - 1 >= RT_NEEDLE_MIN)
    add_needles (self, rt_text_sub (pair, (gsize)colon + 1, pair.length - (gsize)colon - 1));
}

/* The first pass */

static void
add_edit (Search *search, RtSpan span, const char *bytes)
{
  g_autoptr (GArray) sources = NULL;
  gsize done = 0;

  if (search->lane == NULL)
    {
      rt_edits_add (search->redaction->edits, span, bytes);
      return;
    }
  sources = g_array_new (FALSE, FALSE, sizeof (RtSpan));
  rt_analysis_trace_span (rt_lane_get_analysis (search->lane), span, sources);
  for (guint i = 0; i < sources->len; i++)
    {
      RtSpan source = g_array_index (sources, RtSpan, i);

      source.offset += rt_lane_get_base (search->lane, source.buffer);
      rt_edits_add (search->redaction->edits, source, bytes + done);
      done += source.length;
    }
}

static void
found (const RtSecret *secret, gpointer data)
{
  Search *search = data;
  RtRedaction *self = search->redaction;
  gsize offset = (gsize)(secret->text.at - search->text.at);
  Listed *listed = list_secret (search, secret);

  if (secret->kind == RT_SECRET_SUSPECTED)
    return;
  if (!listed->known && can_be_recognised (secret))
    {
      add_needles (self, secret->text);
      listed->known = TRUE;
    }
  open_basic (self, secret);
  if (search->target != NULL)
    memcpy (search->target + offset, listed->pseudonym, secret->text.length);
  else if (!rt_span_is_none (search->span))
    add_edit (search, rt_span_sub (search->span, offset, secret->text.length), listed->pseudonym);
}

/* Ids and hashes of our own are no suspects. */
static void
found_in_detail (const RtSecret *secret, gpointer data)
{
  if (secret->kind != RT_SECRET_SUSPECTED)
    found (secret, data);
}

static void
search_fields (Search *search, RtFields *fields)
{
  for (guint i = 0; fields != NULL && i < rt_fields_get_length (fields); i++)
    {
      const RtField *field = rt_fields_get (fields, i);

      search->text = field->value;
      search->span = field->value_span;
      rt_secret_find_in_field (field->name, field->value, found, search);
    }
}

static RtText
content_type_of (const RtTransfer *transfer)
{
  const RtField *field = rt_fields_first (transfer->message->fields, "Content-Type");

  return field != NULL ? field->value : rt_text ("");
}

/* Where codings are undone, nothing can be replaced in place: that is for the second pass. */
static void
search_content (Search *search)
{
  g_autoptr (RtContent) content
      = rt_content_new (rt_lane_get_analysis (search->lane), search->transfer);

  if (content->bytes != content->coded || search->transfer->decoded != 0)
    g_hash_table_add (search->coded, GUINT_TO_POINTER (search->transfer->connection));
  search->text.at = g_bytes_get_data (content->bytes, &search->text.length);
  search->span = content->bytes == content->coded ? content->source : RT_SPAN_NONE;
  if (search->text.length > 0)
    rt_secret_find_in_content (content_type_of (search->transfer), search->text, found, search);
}

static void
search_transfer (Search *search, const RtTransfer *transfer)
{
  if (transfer == NULL || !transfer->has_head)
    return;
  search->transfer = transfer;
  search->text = transfer->message->target;
  search->span = transfer->message->target_span;
  if (transfer->message->kind == RT_MESSAGE_REQUEST)
    rt_secret_find_in_text (search->text, found, search);
  search_fields (search, transfer->message->fields);
  search_fields (search, transfer->message->trailers);
  search_content (search);
}

/* Texts within details: what a source says beyond its messages, such as what went over a WebSocket.
 * Strings stand in a serialized variant byte for byte, so the whole arena is looked through as
 * text. */
static gboolean
search_details (Search *search, const gint *stop, GError **error)
{
  guint64 length = rt_reader_get_length (search->redaction->source);
  static const RtTransfer nobody = { .exchange = 0 }; /* the search keeps it */

  search->lane = NULL;
  search->exchange = 0;
  search->transfer = &nobody;
  search->span = RT_SPAN_NONE;
  for (guint64 event = 0; event < length;)
    {
      g_autoptr (RtPage) page = rt_reader_dup_page (search->redaction->source, event, error);

      if (page == NULL || (stop != NULL && g_atomic_int_get (stop) != 0))
        return FALSE;
      search->text.at = g_bytes_get_data (page->arena, &search->text.length);
      rt_secret_find_in_text (search->text, found_in_detail, search);
      event = page->first + page->n;
    }
  return TRUE;
}

/* The second pass */

static void
find_needles (Search *search, RtText text, RtSpan span)
{
  for (gsize at = 0; at + RT_NEEDLE_MIN <= text.length; at++)
    {
      const RtNeedle *needle
          = rt_needles_match (search->redaction->needles, rt_text_sub (text, at, text.length - at));

      if (needle == NULL)
        continue;
      add_edit (search, rt_span_sub (span, at, needle->length), needle->replacement);
      at += needle->length - 1;
    }
}

/* Content that nobody can read, as long as what it was. */
static GBytes *
blank (gsize length)
{
  g_autoptr (GBytes) nothing = g_bytes_new_static ("[removed]", strlen ("[removed]"));
  GBytes *coded = rt_gzip_fit (nothing, length);

  return coded != NULL ? coded : g_bytes_new_take (g_malloc0 (length), length);
}

static GBytes *
code_again (const RtContent *content, char *bytes, gsize length)
{
  g_autoptr (GBytes) changed = g_bytes_new (bytes, length);
  gsize size = g_bytes_get_size (content->coded);
  gboolean gzip = content->state == RT_CONTENT_WHOLE && g_strv_length (content->undone) == 1
                  && g_str_has_suffix (content->undone[0], "gzip");
  GBytes *coded = gzip ? rt_gzip_fit (changed, size) : NULL;

  return coded != NULL ? coded : blank (size);
}

static void
redact_coded (Search *search, const RtContent *content)
{
  gsize length;
  const char *bytes = g_bytes_get_data (content->bytes, &length);
  g_autofree char *copy = length > 0 ? g_memdup2 (bytes, length) : NULL;
  g_autoptr (GBytes) coded = NULL;

  if (copy == NULL)
    return;
  search->text = (RtText){ bytes, length };
  search->target = copy;
  search->silent = TRUE;
  rt_secret_find_in_content (content_type_of (search->transfer), search->text, found, search);
  search->target = NULL;
  search->silent = FALSE;
  rt_needles_replace (search->redaction->needles, copy, length);
  if (memcmp (copy, bytes, length) == 0)
    return;
  coded = code_again (content, copy, length);
  add_edit (search, rt_span_sub (content->source, 0, g_bytes_get_size (coded)),
            g_bytes_get_data (coded, NULL));
}

/* Secrets in content that is coded, or cut into chunks. */
static void
redact_content (Search *search, const RtTransfer *transfer)
{
  g_autoptr (RtContent) content = NULL;
  RtText text;

  if (transfer == NULL || !transfer->has_head
      || (transfer->decoded == 0 && !rt_content_is_coded (transfer->message->fields)))
    return;
  search->transfer = transfer;
  content = rt_content_new (rt_lane_get_analysis (search->lane), transfer);
  if (content->bytes != content->coded)
    redact_coded (search, content);
  else if (transfer->decoded != 0)
    {
      text.at = g_bytes_get_data (content->bytes, &text.length);
      find_needles (search, text, content->source);
    }
}

static void
for_each_transfer (Search *search,
                   RtLane *lane,
                   const RtExchange *exchange,
                   guint number,
                   void (*func) (Search *, const RtTransfer *))
{
  search->lane = lane;
  search->exchange = number;
  func (search, exchange->request);
  for (guint i = 0; i < exchange->interim->len; i++)
    func (search, exchange->interim->pdata[i]);
  func (search, exchange->response);
}

static void
search_exchange (RtLane *lane, const RtExchange *exchange, guint number, gpointer search)
{
  for_each_transfer (search, lane, exchange, number, search_transfer);
}

static void
redact_exchange (RtLane *lane, const RtExchange *exchange, guint number, gpointer search)
{
  for_each_transfer (search, lane, exchange, number, redact_content);
}

/* All bytes of the log, whatever they belong to; @tails: by buffer, the last bytes of what was
 * seen, since a secret may lie across two chunks. */
static void
redact_chunk (Search *search, GHashTable *tails, const RtChunk *chunk)
{
  gpointer key = GUINT_TO_POINTER (chunk->span.buffer);
  GByteArray *tail = g_hash_table_lookup (tails, key);
  gsize longest = MAX (1, rt_needles_get_longest (search->redaction->needles));
  RtSpan span = chunk->span;

  if (tail == NULL)
    {
      tail = g_byte_array_new ();
      g_hash_table_insert (tails, key, tail);
    }
  span.offset -= tail->len;
  span.length += tail->len;
  g_byte_array_append (tail, g_bytes_get_data (chunk->bytes, NULL), chunk->span.length);
  find_needles (search, (RtText){ (const char *)tail->data, tail->len }, span);
  if (tail->len >= longest)
    g_byte_array_remove_range (tail, 0, tail->len - (guint)longest + 1);
}

static gboolean
redact_bytes (Search *search, const gint *stop, GError **error)
{
  g_autoptr (GHashTable) tails
      = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify)g_byte_array_unref);
  guint64 length = rt_reader_get_length (search->redaction->source);

  for (guint64 event = 0; event < length;)
    {
      g_autoptr (RtPage) page = rt_reader_dup_page (search->redaction->source, event, error);

      if (page == NULL || (stop != NULL && g_atomic_int_get (stop) != 0))
        return FALSE;
      for (guint i = 0; i < page->n_chunks; i++)
        redact_chunk (search, tails, &page->chunks[i]);
      event = page->first + page->n;
    }
  return TRUE;
}

static gboolean
run (Search *search, const gint *stop, GError **error)
{
  RtRedaction *self = search->redaction;

  if (!rt_exchange_walk (self->source, NULL, stop, search_exchange, search, error)
      || !search_details (search, stop, error))
    return FALSE;
  rt_edits_settle (self->edits);
  if (g_hash_table_size (search->coded) > 0
      && !rt_exchange_walk (self->source, search->coded, stop, redact_exchange, search, error))
    return FALSE;
  rt_edits_settle (self->edits);
  search->lane = NULL;
  if (!redact_bytes (search, stop, error))
    return FALSE;
  rt_edits_settle (self->edits);
  g_ptr_array_sort (self->list, compare_listed);
  return TRUE;
}

/**
 * rt_redaction_new:
 * @source: the log; only read
 * @key: (array fixed-size=32): what pseudonyms are made with; random, and thrown away afterwards
 * @stop: (nullable): set to something else than 0 by another thread, it stops
 *
 * Looks for secrets in all of the log. Its memory grows with the number of different secrets, and
 * by a few bytes for each place where one stands.
 *
 * Errors: those of reading.
 *
 * Returns: (transfer full) (nullable): what is to be replaced; %NULL without an error: stopped
 */
RtRedaction *
rt_redaction_new (RtReader *source, const guint8 *key, const gint *stop, GError **error)
{
  g_autoptr (RtRedaction) self = g_new0 (RtRedaction, 1);
  g_autoptr (GHashTable) coded = g_hash_table_new (NULL, NULL);
  Search search = { .redaction = self, .coded = coded };

  self->ref_count = 1;
  memcpy (self->key, key, sizeof self->key);
  self->source = rt_reader_ref (source);
  self->needles = rt_needles_new ();
  self->edits = rt_edits_new ();
  self->list = g_ptr_array_new_with_free_func (free_listed);
  self->by_secret
      = g_hash_table_new_full (g_bytes_hash, g_bytes_equal, (GDestroyNotify)g_bytes_unref, NULL);
  return run (&search, stop, error) ? g_steal_pointer (&self) : NULL;
}

RtRedaction *
rt_redaction_ref (RtRedaction *redaction)
{
  g_atomic_int_inc (&redaction->ref_count);
  return redaction;
}

void
rt_redaction_unref (RtRedaction *redaction)
{
  if (!g_atomic_int_dec_and_test (&redaction->ref_count))
    return;
  rt_reader_unref (redaction->source);
  rt_needles_free (redaction->needles);
  rt_edits_free (redaction->edits);
  g_ptr_array_unref (redaction->list);
  g_hash_table_unref (redaction->by_secret);
  g_free (redaction);
}

/**
 * rt_redaction_get_list:
 *
 * Returns: (transfer none) (element-type RtRedacted): what was found, in the order it was found
 */
GPtrArray *
rt_redaction_get_list (RtRedaction *redaction)
{
  return redaction->list;
}
