/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What parties keep, over time: cache entries, versions of a row, sessions, slots of a pool. */
#include "rt-timeline-derive-private.h"

#include <string.h>

/* A member of a dictionary, whatever integer type it has. */
static gboolean
lookup_number (GVariant *dictionary, const char *key, gint64 *ret_number)
{
  g_autoptr (GVariant) value = g_variant_lookup_value (dictionary, key, NULL);

  if (value == NULL)
    return FALSE;
  switch (g_variant_classify (value))
    {
    case G_VARIANT_CLASS_INT64:
      *ret_number = g_variant_get_int64 (value);
      return TRUE;
    case G_VARIANT_CLASS_UINT64:
      *ret_number = (gint64)g_variant_get_uint64 (value);
      return TRUE;
    case G_VARIANT_CLASS_UINT32:
      *ret_number = g_variant_get_uint32 (value);
      return TRUE;
    case G_VARIANT_CLASS_INT32:
      *ret_number = g_variant_get_int32 (value);
      return TRUE;
    default:
      return FALSE;
    }
}

static gboolean
is_incomplete (GVariant *value)
{
  gboolean complete = TRUE;

  g_variant_lookup (value, "complete", "b", &complete);
  return !complete;
}

/* What follows scheme and host: of two URLs at one server that is what differs. */
static const char *
after_host (const char *url)
{
  const char *host = strstr (url, "://");
  const char *path = host != NULL ? strchr (host + 3, '/') : NULL;

  return path != NULL ? path : url;
}

static char *
words_of_dictionary (GVariant *value)
{
  static const char *const telling[] = { "status", "user", "role", "name" };
  gint64 number;

  if (lookup_number (value, "version", &number))
    return g_strdup_printf ("v%" G_GINT64_FORMAT, number);
  if (lookup_number (value, "answers", &number))
    return g_strdup_printf ("%" G_GINT64_FORMAT " answered", number);
  if (lookup_number (value, "requests", &number))
    return g_strdup_printf ("%" G_GINT64_FORMAT " asked", number);
  if (lookup_number (value, "late", &number) && number > 0)
    return g_strdup_printf ("%" G_GINT64_FORMAT " too late", number);
  if (lookup_number (value, "errors", &number))
    return g_strdup_printf ("%" G_GINT64_FORMAT " failed", number);
  for (guint i = 0; i < G_N_ELEMENTS (telling); i++)
    {
      g_autoptr (GVariant) text = g_variant_lookup_value (value, telling[i], G_VARIANT_TYPE_STRING);

      if (text != NULL)
        return g_variant_dup_string (text, NULL);
    }
  return g_strdup (is_incomplete (value) ? "coming" : "kept");
}

/* A value in few words: of a dictionary its version, or what else tells it from others. */
static char *
state_words (GVariant *value)
{
  if (value == NULL)
    return NULL;
  if (g_variant_is_of_type (value, G_VARIANT_TYPE_VARIANT))
    {
      g_autoptr (GVariant) inner = g_variant_get_variant (value);

      return state_words (inner);
    }
  if (g_variant_is_of_type (value, G_VARIANT_TYPE_STRING))
    return g_strdup (after_host (g_variant_get_string (value, NULL)));
  if (g_variant_is_of_type (value, G_VARIANT_TYPE_VARDICT))
    return words_of_dictionary (value);
  return g_variant_print (value, FALSE);
}

static RtTime
state_drains (GVariant *value)
{
  gint64 until;

  if (value != NULL && g_variant_is_of_type (value, G_VARIANT_TYPE_VARDICT)
      && (lookup_number (value, "fresh-until", &until) || lookup_number (value, "expires", &until)))
    return until;
  return RT_TIME_UNKNOWN;
}

/* Slots of one party are one strip that counts them; anything else has a strip a key. */
static gboolean
same_strip (const RtStateInfo *a, const RtStateInfo *b)
{
  return a->party == b->party && strcmp (a->kind, b->kind) == 0
         && (strcmp (a->kind, "slot") == 0 || strcmp (a->key, b->key) == 0);
}

/* How many slots @party has, or 0 where nothing says it. */
static gint64
n_slots (GPtrArray *states, RtPartyId party)
{
  for (guint i = 0; i < states->len; i++)
    {
      const RtStateInfo *state = states->pdata[i];

      if (state->party == party && strcmp (state->kind, "pool") == 0 && state->value != NULL
          && g_variant_is_of_type (state->value, G_VARIANT_TYPE_UINT32))
        return g_variant_get_uint32 (state->value);
    }
  return 0;
}

static char *
strip_label (const RtStateInfo *state)
{
  if (strcmp (state->kind, "slot") == 0)
    return g_strdup ("slots");
  /* `NAME DOMAIN`: the name tells cookies apart. */
  if (strcmp (state->kind, "cookie") == 0)
    return g_strndup (state->key, strcspn (state->key, " "));
  if (strcmp (state->kind, "session") == 0)
    return g_strdup_printf ("session %s", strrchr (state->key, ':') != NULL
                                              ? strrchr (state->key, ':') + 1
                                              : state->key);
  return g_strdup (after_host (state->key));
}

static char *
slot_words (guint taken, gint64 of)
{
  return of > 0 ? g_strdup_printf ("%u/%" G_GINT64_FORMAT, taken, of)
                : g_strdup_printf ("%u taken", taken);
}

static RtTimelineChange *
last_change (const RtTimelineDerive *derive)
{
  GArray *changes = derive->model->changes;

  return &g_array_index (changes, RtTimelineChange, changes->len - 1);
}

/* Of changes at one moment only the last can be seen. */
static void
add_change (RtTimelineDerive *derive, RtTimelineStrip *strip, const RtTimelineChange *change)
{
  if (strip->n > 0 && last_change (derive)->time == change->time)
    {
      *last_change (derive) = *change;
      return;
    }
  g_array_append_val (derive->model->changes, *change);
  strip->n++;
}

static void
add_strip (RtTimelineDerive *derive, GPtrArray *states, guint first)
{
  const RtStateInfo *of = states->pdata[first];
  gboolean counts = strcmp (of->kind, "slot") == 0;
  gint64 slots = counts ? n_slots (states, of->party) : 0;
  g_autofree char *label = strip_label (of);
  RtTimelineStrip strip = {
    .party = rt_timeline_derive_party (derive, of->party),
    .first = derive->model->changes->len,
    .label = rt_timeline_model_string (derive->model, label),
  };
  guint taken = 0;

  for (guint i = first; i < states->len; i++)
    {
      const RtStateInfo *state = states->pdata[i];
      g_autofree char *text = NULL;
      RtTimelineChange change = { .time = state->time };

      if (!same_strip (of, state))
        continue;
      taken += state->value != NULL ? 1 : taken > 0 ? G_MAXUINT : 0;
      text = counts ? slot_words (taken, slots) : state_words (state->value);
      change.text = rt_timeline_model_string (derive->model, text);
      change.drains = state_drains (state->value);
      change.pool = slots > 0;
      change.share = slots > 0 ? (double)taken / (double)slots : 0;
      add_change (derive, &strip, &change);
    }
  g_array_append_val (derive->model->strips, strip);
}

/* Adds a strip for each thing that somebody keeps, in the order in which they first changed. */
void
rt_timeline_derive_strips (RtTimelineDerive *derive)
{
  GPtrArray *states = rt_analysis_get_states (derive->analysis);
  const RtStateInfo *firsts[RT_TIMELINE_MAX_STRIPS];
  guint n = 0;

  for (guint i = 0; i < states->len && n < RT_TIMELINE_MAX_STRIPS; i++)
    {
      const RtStateInfo *state = states->pdata[i];
      gboolean seen = strcmp (state->kind, "pool") == 0;

      for (guint j = 0; j < n && !seen; j++)
        seen = same_strip (firsts[j], state);
      if (seen)
        continue;
      firsts[n++] = state;
      add_strip (derive, states, i);
    }
}
