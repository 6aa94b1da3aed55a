/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Two exchanges beside each other.
 *
 * Field lines are paired by name, the first of a name with the first, the second with the second
 * (RFC 9110 §5.3: the order of lines with one name counts, that of lines with different names does
 * not). Items stand in the left side's order; what is on the right alone follows what it follows
 * there. Names compare in any case (§5.1), values byte for byte. Contents are compared with the
 * transfer coding removed, which is the connection's affair (RFC 9112 §7), and their content
 * codings left as they are. */
#include "rt-comparison.h"

#include <string.h>

/* Contents are read in pieces of so many bytes. */
#define PIECE (64 * 1024)
/* Characters of a value that dup_text() shows. */
#define SHOWN 60

struct _RtComparison
{
  RtAnalysis *left, *right;
  const RtComparisonOptions *options;
  GArray *items;
  GStringChunk *text;
  guint n_differences;
};

/* One side of what is being compared; @message is NULL where there is none. */
typedef struct
{
  const RtTransfer *transfer;
  const RtMessage *message;
} Side;

static Side
side_of (const RtTransfer *transfer)
{
  return (Side){ transfer, transfer != NULL && transfer->has_head ? transfer->message : NULL };
}

static void
add (RtComparison *self, const RtComparedItem *item)
{
  g_array_append_val (self->items, *item);
  if (rt_compared_item_differs (item))
    self->n_differences++;
}

/* An element that is one piece of text; one that is empty is not there. */
static void
add_text (RtComparison *self, RtComparedItem item)
{
  if (item.left.length == 0 && item.right.length == 0)
    return;
  if (item.difference == RT_DIFFERENCE_NONE)
    item.difference = item.left.length == 0                   ? RT_DIFFERENCE_RIGHT
                      : item.right.length == 0                ? RT_DIFFERENCE_LEFT
                      : rt_text_equal (item.left, item.right) ? RT_DIFFERENCE_NONE
                                                              : RT_DIFFERENCE_CHANGED;
  add (self, &item);
}

static RtText
keep (RtComparison *self, const char *text)
{
  return text != NULL ? rt_text (g_string_chunk_insert_const (self->text, text)) : RT_TEXT_NONE;
}

static RtText
status_text (RtComparison *self, const RtMessage *message)
{
  g_autofree char *text = message != NULL ? g_strdup_printf ("%03u", message->status) : NULL;

  return keep (self, text);
}

/* Fields */

static gboolean
is_ignored (RtComparison *self, RtText name)
{
  const char *const *names = self->options != NULL ? self->options->ignore : NULL;

  for (guint i = 0; names != NULL && names[i] != NULL; i++)
    if (rt_text_is_nocase (name, names[i]))
      return TRUE;
  return FALSE;
}

/* Index of the first field of @fields that is not @used and has the name of @field. */
static guint
find_unused (RtFields *fields, const gboolean *used, const RtField *field)
{
  guint n = fields != NULL ? rt_fields_get_length (fields) : 0;

  for (guint i = 0; i < n; i++)
    if (!used[i] && rt_text_equal_nocase (rt_fields_get (fields, i)->name, field->name))
      return i;
  return n;
}

static void
add_field (RtComparison *self,
           const RtComparedItem *about,
           const RtField *left,
           const RtField *right)
{
  RtComparedItem item = *about;
  const RtField *any = left != NULL ? left : right;

  /* One of both is there. */
  // cppcheck-suppress nullPointerRedundantCheck
  item.name = any->name;
  if (left != NULL)
    {
      item.left = left->value;
      item.left_span = left->line;
    }
  if (right != NULL)
    {
      item.right = right->value;
      item.right_span = right->line;
    }
  /* A field with an empty value is there all the same. */
  if (is_ignored (self, any->name))
    item.difference = RT_DIFFERENCE_IGNORED;
  else if (left == NULL)
    item.difference = RT_DIFFERENCE_RIGHT;
  else if (right == NULL)
    item.difference = RT_DIFFERENCE_LEFT;
  else if (!rt_text_equal (left->value, right->value))
    item.difference = RT_DIFFERENCE_CHANGED;
  add (self, &item);
}

/* The fields of the right side alone that follow directly behind its field @after (-1: stand
 * first). */
static void
add_right_alone (RtComparison *self,
                 const RtComparedItem *about,
                 RtFields *right,
                 const gboolean *paired,
                 gint64 after)
{
  guint n = right != NULL ? rt_fields_get_length (right) : 0;

  for (guint i = (guint)(after + 1); i < n && !paired[i]; i++)
    add_field (self, about, NULL, rt_fields_get (right, i));
}

static void
add_fields (RtComparison *self, const RtComparedItem *about, RtFields *left, RtFields *right)
{
  guint n_left = left != NULL ? rt_fields_get_length (left) : 0;
  guint n_right = right != NULL ? rt_fields_get_length (right) : 0;
  g_autofree guint *partners = g_new (guint, n_left + 1);
  g_autofree gboolean *paired = g_new0 (gboolean, n_right + 1);

  for (guint i = 0; i < n_left; i++)
    {
      partners[i] = find_unused (right, paired, rt_fields_get (left, i));
      paired[partners[i]] = TRUE;
    }
  paired[n_right] = FALSE;
  add_right_alone (self, about, right, paired, -1);
  for (guint i = 0; i < n_left; i++)
    {
      gboolean has = partners[i] < n_right;

      add_field (self, about, rt_fields_get (left, i),
                 has ? rt_fields_get (right, partners[i]) : NULL);
      if (has)
        add_right_alone (self, about, right, paired, partners[i]);
    }
}

/* Contents */

/* Compares @length bytes of both; *ret_at: the first that differs, or @length. FALSE where they
 * cannot be read. */
static gboolean
compare_bytes (RtComparison *self, RtSpan left, RtSpan right, guint64 length, guint64 *ret_at)
{
  for (guint64 at = 0; at < length; at += PIECE)
    {
      guint64 n = MIN (length - at, PIECE);
      g_autoptr (GBytes) a = rt_analysis_dup_bytes (self->left, rt_span_sub (left, at, n), NULL);
      g_autoptr (GBytes) b = rt_analysis_dup_bytes (self->right, rt_span_sub (right, at, n), NULL);
      const guint8 *p, *q;

      if (a == NULL || b == NULL || g_bytes_get_size (a) != n || g_bytes_get_size (b) != n)
        return FALSE;
      p = g_bytes_get_data (a, NULL);
      q = g_bytes_get_data (b, NULL);
      if (memcmp (p, q, n) == 0)
        continue;
      for (*ret_at = at; p[*ret_at - at] == q[*ret_at - at];)
        ++*ret_at;
      return TRUE;
    }
  *ret_at = length;
  return TRUE;
}

static void
add_content (RtComparison *self, RtComparedItem item, const Side *left, const Side *right)
{
  guint64 common;

  item.part = RT_PART_CONTENT;
  if (left->message != NULL)
    {
      item.left_span = rt_analysis_get_content_span (self->left, left->transfer);
      item.left_length = left->transfer->content_length;
    }
  if (right->message != NULL)
    {
      item.right_span = rt_analysis_get_content_span (self->right, right->transfer);
      item.right_length = right->transfer->content_length;
    }
  if (item.left_length == 0 && item.right_length == 0)
    return;
  common = MIN (item.left_length, item.right_length);
  if (item.left_length == 0)
    item.difference = RT_DIFFERENCE_RIGHT;
  else if (item.right_length == 0)
    item.difference = RT_DIFFERENCE_LEFT;
  else if (!compare_bytes (self, item.left_span, item.right_span, common, &item.at))
    item.difference
        = item.left_length != item.right_length ? RT_DIFFERENCE_CHANGED : RT_DIFFERENCE_UNKNOWN;
  else if (item.at < common || item.left_length != item.right_length)
    item.difference = RT_DIFFERENCE_CHANGED;
  add (self, &item);
}

/* Messages */

#define TEXT_ITEM(part_, left_, right_, span_)                                                     \
  (RtComparedItem)                                                                                 \
  {                                                                                                \
    .message = about->message, .interim = about->interim, .part = part_,                           \
    .left = left->message != NULL ? left->message->left_ : RT_TEXT_NONE,                           \
    .right = right->message != NULL ? right->message->right_ : RT_TEXT_NONE,                       \
    .left_span = left->message != NULL ? left->message->span_ : RT_SPAN_NONE,                      \
    .right_span = right->message != NULL ? right->message->span_ : RT_SPAN_NONE,                   \
  }

static void
add_version (RtComparison *self, const RtComparedItem *about, const Side *left, const Side *right)
{
  RtComparedItem item = *about;

  item.part = RT_PART_VERSION;
  if (left->message != NULL)
    {
      item.left = rt_text (rt_version_name (left->message->version));
      item.left_span = left->message->version_span;
    }
  if (right->message != NULL)
    {
      item.right = rt_text (rt_version_name (right->message->version));
      item.right_span = right->message->version_span;
    }
  add_text (self, item);
}

static void
add_status (RtComparison *self, const RtComparedItem *about, const Side *left, const Side *right)
{
  RtComparedItem item = TEXT_ITEM (RT_PART_STATUS, reason, reason, status_span);

  item.left = status_text (self, left->message);
  item.right = status_text (self, right->message);
  add_text (self, item);
  add_text (self, TEXT_ITEM (RT_PART_REASON, reason, reason, reason_span));
}

static void
add_rest (RtComparison *self, RtComparedItem about, const Side *left, const Side *right)
{
  add_version (self, &about, left, right);
  about.part = RT_PART_FIELD;
  add_fields (self, &about, left->message != NULL ? left->message->fields : NULL,
              right->message != NULL ? right->message->fields : NULL);
  add_content (self, about, left, right);
  about.part = RT_PART_TRAILER;
  add_fields (self, &about, left->message != NULL ? left->message->trailers : NULL,
              right->message != NULL ? right->message->trailers : NULL);
}

static void
add_request (RtComparison *self, const RtExchange *l, const RtExchange *r)
{
  const Side left_side = side_of (l != NULL ? l->request : NULL);
  const Side right_side = side_of (r != NULL ? r->request : NULL);
  const Side *left = &left_side, *right = &right_side;
  const RtComparedItem request = { .message = RT_COMPARED_REQUEST };
  const RtComparedItem *about = &request;

  add_text (self, TEXT_ITEM (RT_PART_METHOD, method, method, method_span));
  add_text (self, (RtComparedItem){ .message = RT_COMPARED_REQUEST,
                                    .part = RT_PART_SCHEME,
                                    .left = rt_text (l != NULL ? l->scheme : NULL),
                                    .right = rt_text (r != NULL ? r->scheme : NULL) });
  add_text (self, TEXT_ITEM (RT_PART_TARGET, target, target, target_span));
  add_rest (self, request, left, right);
}

static void
add_response (RtComparison *self,
              RtComparedMessage message,
              guint interim,
              const RtTransfer *l,
              const RtTransfer *r)
{
  const Side left = side_of (l);
  const Side right = side_of (r);
  const RtComparedItem about = { .message = message, .interim = interim };

  add_status (self, &about, &left, &right);
  add_rest (self, about, &left, &right);
}

static void
add_outcome (RtComparison *self, const RtExchange *l, const RtExchange *r)
{
  RtComparedItem item = { .message = RT_COMPARED_EXCHANGE, .part = RT_PART_OUTCOME };

  item.left = rt_text (l != NULL ? l->failed : NULL);
  item.right = rt_text (r != NULL ? r->failed : NULL);
  add_text (self, item);
}

static const RtTransfer *
interim_of (const RtExchange *exchange, guint i)
{
  return exchange != NULL && i < exchange->interim->len ? exchange->interim->pdata[i] : NULL;
}

/**
 * rt_comparison_new:
 * @left: (transfer none): outlives the comparison, as does what it was fed
 * @left_exchange: (nullable): of @left; %NULL: it is on the right alone
 * @right: (transfer none): as @left; may be the same
 * @right_exchange: (nullable): of @right
 * @options: (nullable): used during the call alone
 *
 * Returns: (transfer full): both side by side: the request's elements, those of the interim
 *   responses, of the final one, and the outcome
 */
RtComparison *
rt_comparison_new (RtAnalysis *left,
                   const RtExchange *left_exchange,
                   RtAnalysis *right,
                   const RtExchange *right_exchange,
                   const RtComparisonOptions *options)
{
  RtComparison *self = g_new0 (RtComparison, 1);

  self->left = left;
  self->right = right;
  self->options = options;
  self->items = g_array_new (FALSE, FALSE, sizeof (RtComparedItem));
  self->text = g_string_chunk_new (64);
  add_request (self, left_exchange, right_exchange);
  for (guint i = 0;; i++)
    {
      const RtTransfer *l = interim_of (left_exchange, i);
      const RtTransfer *r = interim_of (right_exchange, i);

      if (l == NULL && r == NULL)
        break;
      add_response (self, RT_COMPARED_INTERIM, i + 1, l, r);
    }
  add_response (self, RT_COMPARED_RESPONSE, 0,
                left_exchange != NULL ? left_exchange->response : NULL,
                right_exchange != NULL ? right_exchange->response : NULL);
  add_outcome (self, left_exchange, right_exchange);
  self->options = NULL;
  return self;
}

void
rt_comparison_free (RtComparison *comparison)
{
  g_array_unref (comparison->items);
  g_string_chunk_free (comparison->text);
  g_free (comparison);
}

/**
 * rt_comparison_get_length:
 * @comparison: a comparison
 *
 * Returns: number of items
 */
guint
rt_comparison_get_length (RtComparison *comparison)
{
  return comparison->items->len;
}

/**
 * rt_comparison_get:
 * @comparison: a comparison
 * @i: index of an item
 *
 * Returns: (transfer none): the item
 */
const RtComparedItem *
rt_comparison_get (RtComparison *comparison, guint i)
{
  g_return_val_if_fail (i < comparison->items->len, NULL);
  return &g_array_index (comparison->items, RtComparedItem, i);
}

/**
 * rt_comparison_count_differences:
 * @comparison: a comparison
 *
 * Returns: number of items that differ
 */
guint
rt_comparison_count_differences (RtComparison *comparison)
{
  return comparison->n_differences;
}

/**
 * rt_comparison_get_first:
 * @comparison: a comparison
 *
 * Returns: (transfer none) (nullable): the first item that differs
 */
const RtComparedItem *
rt_comparison_get_first (RtComparison *comparison)
{
  for (guint i = 0; i < comparison->items->len; i++)
    if (rt_compared_item_differs (rt_comparison_get (comparison, i)))
      return rt_comparison_get (comparison, i);
  return NULL;
}

/* In words */

/**
 * rt_compared_item_dup_name:
 * @item: an item
 *
 * Returns: (transfer full): what it is: `response: field Cache-Control`; printable
 */
char *
rt_compared_item_dup_name (const RtComparedItem *item)
{
  static const char *const parts[] = {
    [RT_PART_METHOD] = "method",   [RT_PART_SCHEME] = "scheme",
    [RT_PART_TARGET] = "target",   [RT_PART_VERSION] = "version",
    [RT_PART_STATUS] = "status",   [RT_PART_REASON] = "reason phrase",
    [RT_PART_FIELD] = "field",     [RT_PART_CONTENT] = "content",
    [RT_PART_TRAILER] = "trailer", [RT_PART_OUTCOME] = "outcome",
  };
  g_autofree char *name = item->name.length > 0 ? rt_text_escape (item->name) : NULL;
  g_autofree char *part = name != NULL ? g_strdup_printf ("%s %s", parts[item->part], name)
                                       : g_strdup (parts[item->part]);

  switch (item->message)
    {
    case RT_COMPARED_REQUEST:
      return g_strdup_printf ("request: %s", part);
    case RT_COMPARED_INTERIM:
      return g_strdup_printf ("interim response %u: %s", item->interim, part);
    case RT_COMPARED_RESPONSE:
      return g_strdup_printf ("response: %s", part);
    case RT_COMPARED_EXCHANGE:
    default:
      return g_steal_pointer (&part);
    }
}

static char *
dup_shown (RtText text)
{
  g_autofree char *shown = rt_text_escape (text);

  if (g_utf8_strlen (shown, -1) > SHOWN)
    {
      g_autofree char *head = g_utf8_substring (shown, 0, SHOWN);

      return g_strdup_printf ("“%s…”", head);
    }
  return g_strdup_printf ("“%s”", shown);
}

static char *
dup_content_text (const RtComparedItem *item)
{
  guint64 l = item->left_length, r = item->right_length;

  if (item->difference == RT_DIFFERENCE_LEFT)
    return g_strdup_printf ("%" G_GUINT64_FORMAT " bytes on the left, none on the right", l);
  if (item->difference == RT_DIFFERENCE_RIGHT)
    return g_strdup_printf ("none on the left, %" G_GUINT64_FORMAT " bytes on the right", r);
  if (item->difference == RT_DIFFERENCE_UNKNOWN)
    return g_strdup_printf ("%" G_GUINT64_FORMAT " bytes, which were not all kept", l);
  if (item->difference != RT_DIFFERENCE_CHANGED)
    return g_strdup_printf ("%" G_GUINT64_FORMAT " bytes on both sides, the same", l);
  return g_strdup_printf ("%" G_GUINT64_FORMAT " bytes on the left, %" G_GUINT64_FORMAT
                          " on the right; the first difference is at byte %" G_GUINT64_FORMAT,
                          l, r, item->at);
}

/**
 * rt_compared_item_counts:
 * @item: an item
 * @scope: which differences count
 *
 * Returns: whether it is a difference, and counts
 */
gboolean
rt_compared_item_counts (const RtComparedItem *item, RtComparedScope scope)
{
  if (!rt_compared_item_differs (item))
    return FALSE;
  if (scope == RT_COMPARED_ALL)
    return TRUE;
  if (item->message == RT_COMPARED_REQUEST)
    return FALSE;
  return scope == RT_COMPARED_ANSWERS
         || (item->part != RT_PART_VERSION && item->part != RT_PART_REASON
             && item->part != RT_PART_TRAILER && item->part != RT_PART_CONTENT);
}

/**
 * rt_comparison_count:
 * @comparison: a comparison
 * @scope: which differences count
 *
 * Returns: how many there are
 */
guint
rt_comparison_count (RtComparison *comparison, RtComparedScope scope)
{
  guint n = 0;

  for (guint i = 0; i < rt_comparison_get_length (comparison); i++)
    n += rt_compared_item_counts (rt_comparison_get (comparison, i), scope);
  return n;
}

/**
 * rt_compared_item_dup_text:
 * @item: an item
 *
 * Returns: (transfer full): how the sides compare, in words: `“200” on the left, “304” on the
 *   right`; printable, long values shortened
 */
char *
rt_compared_item_dup_text (const RtComparedItem *item)
{
  g_autofree char *left = dup_shown (item->left);
  g_autofree char *right = dup_shown (item->right);

  if (item->part == RT_PART_CONTENT)
    return dup_content_text (item);
  switch (item->difference)
    {
    case RT_DIFFERENCE_LEFT:
      return g_strdup_printf ("%s on the left, nothing on the right", left);
    case RT_DIFFERENCE_RIGHT:
      return g_strdup_printf ("nothing on the left, %s on the right", right);
    case RT_DIFFERENCE_CHANGED:
      return g_strdup_printf ("%s on the left, %s on the right", left, right);
    case RT_DIFFERENCE_IGNORED:
      return g_strdup ("not compared");
    case RT_DIFFERENCE_NONE:
    case RT_DIFFERENCE_UNKNOWN:
    default:
      return g_strdup_printf ("%s on both sides", left);
    }
}

/**
 * rt_difference_name:
 * @difference: a difference
 *
 * Returns: (transfer none): its name for programs: `same`, `ignored`, `changed`, `left`, `right`,
 *   `unknown`
 */
const char *
rt_difference_name (RtDifference difference)
{
  static const char *const names[] = {
    [RT_DIFFERENCE_NONE] = "same",       [RT_DIFFERENCE_IGNORED] = "ignored",
    [RT_DIFFERENCE_CHANGED] = "changed", [RT_DIFFERENCE_LEFT] = "left",
    [RT_DIFFERENCE_RIGHT] = "right",     [RT_DIFFERENCE_UNKNOWN] = "unknown",
  };

  g_return_val_if_fail (difference < G_N_ELEMENTS (names), NULL);
  return names[difference];
}
