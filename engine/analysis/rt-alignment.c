/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Which exchange of one log belongs to which of another.
 *
 * Two exchanges can belong together if they have the same method and path. How much they do is a
 * weight: the same whole target outweighs everything else together, then the same authority, then
 * the same two parties, then the same status. Of all ways to pair exchanges without crossing, the
 * heaviest is taken (a longest common subsequence with weights); of equally heavy ones, the one
 * that pairs earliest. What is alike at the beginning and at the end is paired beforehand, which
 * changes nothing and costs nothing.
 *
 * That takes time and memory in proportion to the product of what is left on both sides. Over
 * %MAX_CELLS, the first exchange with a method and target is paired with the first of the other
 * side, the second with the second …, and of these pairs the most that do not cross are kept.
 *
 * At last, what is alone on both sides with the same method, target and authority is paired as
 * moved: connections side by side have no order among them. */
#include "rt-alignment.h"

#include "rt-text.h"

#include <string.h>

/* Cells of the table of ways, a byte each. */
#define MAX_CELLS (16 * 1024 * 1024)

enum
{
  WEIGHT_PATH = 8,
  WEIGHT_TARGET = 16, /* with the path's */
  WEIGHT_AUTHORITY = 4,
  WEIGHT_PARTIES = 2,
  WEIGHT_STATUS = 1,
  WEIGHT_ALL = WEIGHT_TARGET + WEIGHT_AUTHORITY + WEIGHT_PARTIES + WEIGHT_STATUS,
};

/* What exchanges are told apart by; equal texts have equal numbers. */
typedef struct
{
  guint path, target, resource, authority, parties, status;
} Key;

typedef struct
{
  GHashTable *numbers; /* text → number; looked up, never walked */
  Key *keys[2];
  guint n[2];
  guint *partner[2]; /* by index: index on the other side + 1; 0: none */
  gboolean *moved;   /* by index of the left */
} Aligner;

static guint
number_of (Aligner *self, char *text)
{
  guint number = GPOINTER_TO_UINT (g_hash_table_lookup (self->numbers, text));

  if (number != 0)
    {
      g_free (text);
      return number;
    }
  number = g_hash_table_size (self->numbers) + 1;
  g_hash_table_insert (self->numbers, text, GUINT_TO_POINTER (number));
  return number;
}

static char *
join_texts (char kind, RtText a, RtText b)
{
  g_autofree char *first = rt_text_escape (a);
  g_autofree char *second = rt_text_escape (b);

  return g_strdup_printf ("%c%s\n%s", kind, first, second);
}

static const char *
party_name (RtAnalysis *analysis, RtPartyId id)
{
  const RtPartyInfo *party = rt_analysis_get_party (analysis, id);

  return party != NULL ? party->name : "";
}

static Key
key_of (Aligner *self, RtAnalysis *analysis, const RtExchange *exchange)
{
  const RtMessage *request = exchange->request != NULL ? exchange->request->message : NULL;
  RtText method = request != NULL ? request->method : RT_TEXT_NONE;
  RtText target = request != NULL ? request->target : RT_TEXT_NONE;
  const char *query = target.length > 0 ? memchr (target.at, '?', target.length) : NULL;
  RtText path = query != NULL ? rt_text_sub (target, 0, (gsize)(query - target.at)) : target;
  g_autofree char *both = join_texts ('t', method, target);

  return (Key){
    .path = number_of (self, join_texts ('p', method, path)),
    .target = number_of (self, g_strdup (both)),
    .resource = number_of (self, g_strconcat ("r", both, "\n", exchange->authority, NULL)),
    .authority = number_of (self, g_strconcat ("a", exchange->authority, NULL)),
    .parties = number_of (self, join_texts ('e', rt_text (party_name (analysis, exchange->client)),
                                            rt_text (party_name (analysis, exchange->server)))),
    .status = exchange->response != NULL ? exchange->response->message->status : 0,
  };
}

static void
read_keys (Aligner *self, guint side, RtAnalysis *analysis)
{
  GPtrArray *exchanges = rt_analysis_get_exchanges (analysis);

  self->n[side] = exchanges->len;
  self->keys[side] = g_new (Key, exchanges->len + 1);
  self->partner[side] = g_new0 (guint, exchanges->len + 1);
  for (guint i = 0; i < exchanges->len; i++)
    self->keys[side][i] = key_of (self, analysis, exchanges->pdata[i]);
}

static guint
weigh (const Key *left, const Key *right)
{
  if (left->path != right->path)
    return 0;
  return (left->target == right->target ? WEIGHT_TARGET : WEIGHT_PATH)
         + (left->authority == right->authority ? WEIGHT_AUTHORITY : 0)
         + (left->parties == right->parties ? WEIGHT_PARTIES : 0)
         + (left->status == right->status ? WEIGHT_STATUS : 0);
}

static void
pair (Aligner *self, guint left, guint right)
{
  self->partner[0][left] = right + 1;
  self->partner[1][right] = left + 1;
}

/* The heaviest pairing */

typedef enum
{
  WAY_PAIR,
  WAY_LEFT,
  WAY_RIGHT,
} Way;

/* From exchanges [left, left_end) and [right, right_end): which way leads to the heaviest pairing,
 * for each place where one can stand. From the end, so that it can be followed from the start. */
static guint8 *
find_ways (Aligner *self, guint left, guint left_end, guint right, guint right_end)
{
  gsize width = right_end - right;
  guint8 *ways = g_malloc ((left_end - left) * width);
  g_autofree guint64 *below = g_new0 (guint64, width + 1);
  g_autofree guint64 *here = g_new0 (guint64, width + 1);

  for (guint i = left_end; i-- > left;)
    {
      for (guint j = right_end; j-- > right;)
        {
          guint at = j - right;
          guint weight = weigh (&self->keys[0][i], &self->keys[1][j]);
          guint64 paired = weight > 0 ? below[at + 1] + weight : 0;
          guint64 alone = MAX (below[at], here[at + 1]);
          guint8 *way = &ways[(i - left) * width + at];

          if (weight > 0 && paired >= alone)
            *way = WAY_PAIR;
          else
            *way = below[at] >= here[at + 1] ? WAY_LEFT : WAY_RIGHT;
          here[at] = MAX (paired, alone);
        }
      memcpy (below, here, (width + 1) * sizeof *below);
    }
  return ways;
}

static void
pair_heaviest (Aligner *self, guint left, guint left_end, guint right, guint right_end)
{
  g_autofree guint8 *ways = find_ways (self, left, left_end, right, right_end);
  guint i = left, j = right;

  while (i < left_end && j < right_end)
    switch (ways[(gsize)(i - left) * (right_end - right) + (j - right)])
      {
      case WAY_PAIR:
        pair (self, i++, j++);
        break;
      case WAY_LEFT:
        i++;
        break;
      default:
        j++;
        break;
      }
}

/* What is too much for that */

/* For each exchange of the left in [left, left_end) the one of the right with the same number by
 * @get that comes as the same one in turn, + 1; 0: none. Pairs that are made are passed over. */
static guint *
match_in_turn (Aligner *self,
               guint (*get) (const Key *key),
               guint left,
               guint left_end,
               guint right,
               guint right_end)
{
  guint *matches = g_new0 (guint, left_end - left + 1);
  g_autofree guint *next = g_new0 (guint, right_end - right + 1);
  g_autoptr (GHashTable) first = g_hash_table_new (NULL, NULL);

  for (guint j = right_end; j-- > right;)
    if (self->partner[1][j] == 0)
      {
        gpointer number = GUINT_TO_POINTER (get (&self->keys[1][j]));

        next[j - right] = GPOINTER_TO_UINT (g_hash_table_lookup (first, number));
        g_hash_table_insert (first, number, GUINT_TO_POINTER (j + 1));
      }
  for (guint i = left; i < left_end; i++)
    if (self->partner[0][i] == 0)
      {
        gpointer number = GUINT_TO_POINTER (get (&self->keys[0][i]));
        guint found = GPOINTER_TO_UINT (g_hash_table_lookup (first, number));

        matches[i - left] = found;
        if (found != 0)
          g_hash_table_insert (first, number, GUINT_TO_POINTER (next[found - 1 - right]));
      }
  return matches;
}

static guint
get_target (const Key *key)
{
  return key->target;
}

/* Keeps of the pairs in @matches the most that do not cross: a longest ascending subsequence. */
static void
pair_ascending (Aligner *self, const guint *matches, guint left, guint left_end)
{
  guint n = left_end - left;
  g_autofree guint *ends = g_new (guint, n + 1);     /* by length - 1: index with the least match */
  g_autofree guint *previous = g_new (guint, n + 1); /* index before it + 1 */
  guint length = 0;

  for (guint i = 0; i < n; i++)
    {
      guint low = 0, high = length;

      if (matches[i] == 0)
        continue;
      while (low < high)
        {
          guint middle = low + (high - low) / 2;

          if (matches[ends[middle]] < matches[i])
            low = middle + 1;
          else
            high = middle;
        }
      previous[i] = low > 0 ? ends[low - 1] + 1 : 0;
      ends[low] = i;
      length = MAX (length, low + 1);
    }
  for (guint at = length > 0 ? ends[length - 1] + 1 : 0; at != 0; at = previous[at - 1])
    pair (self, left + at - 1, matches[at - 1] - 1);
}

static void
pair_in_order (Aligner *self)
{
  guint left = 0, right = 0;
  guint left_end = self->n[0], right_end = self->n[1];

  for (; left < left_end && right < right_end
         && weigh (&self->keys[0][left], &self->keys[1][right]) == WEIGHT_ALL;
       left++, right++)
    pair (self, left, right);
  for (; left_end > left && right_end > right
         && weigh (&self->keys[0][left_end - 1], &self->keys[1][right_end - 1]) == WEIGHT_ALL;
       left_end--, right_end--)
    pair (self, left_end - 1, right_end - 1);
  if (left == left_end || right == right_end)
    return;
  if ((guint64)(left_end - left) * (right_end - right) <= MAX_CELLS)
    pair_heaviest (self, left, left_end, right, right_end);
  else
    {
      g_autofree guint *matches
          = match_in_turn (self, get_target, left, left_end, right, right_end);

      pair_ascending (self, matches, left, left_end);
    }
}

static guint
get_resource (const Key *key)
{
  return key->resource;
}

static void
pair_moved (Aligner *self)
{
  g_autofree guint *matches = match_in_turn (self, get_resource, 0, self->n[0], 0, self->n[1]);

  for (guint i = 0; i < self->n[0]; i++)
    if (matches[i] != 0)
      {
        pair (self, i, matches[i] - 1);
        self->moved[i] = TRUE;
      }
}

/* In the order of the left; what the right has alone comes before what follows it there. */
static GArray *
list_pairs (Aligner *self)
{
  GArray *pairs = g_array_new (FALSE, FALSE, sizeof (RtAlignedPair));
  guint right = 0;

  for (guint left = 0; left <= self->n[0]; left++)
    {
      guint partner = left < self->n[0] ? self->partner[0][left] : self->n[1] + 1;
      RtAlignedPair both = { left + 1, partner, self->moved[left] };

      for (; partner != 0 && !self->moved[left] && right < partner - 1; right++)
        if (self->partner[1][right] == 0)
          g_array_append_val (pairs, ((RtAlignedPair){ 0, right + 1, FALSE }));
      if (left < self->n[0])
        g_array_append_val (pairs, both);
    }
  return pairs;
}

/**
 * rt_alignment_new:
 * @left: an analysis
 * @right: an analysis
 *
 * Pairs the exchanges of two logs; how, is told at the top of rt-alignment.c. The same logs give
 * the same pairs.
 *
 * Returns: (transfer full) (element-type RtAlignedPair): every exchange of both sides once, in the
 *   order of the left
 */
GArray *
rt_alignment_new (RtAnalysis *left, RtAnalysis *right)
{
  Aligner self = { .numbers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL) };
  GArray *pairs;

  read_keys (&self, 0, left);
  read_keys (&self, 1, right);
  self.moved = g_new0 (gboolean, self.n[0] + 1);
  pair_in_order (&self);
  pair_moved (&self);
  pairs = list_pairs (&self);
  for (guint side = 0; side < 2; side++)
    {
      g_free (self.keys[side]);
      g_free (self.partner[side]);
    }
  g_free (self.moved);
  g_hash_table_unref (self.numbers);
  return pairs;
}
