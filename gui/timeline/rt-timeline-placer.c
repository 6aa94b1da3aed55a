/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Boxes by their y, in buckets: a long timeline is searched only where a label wants to stand. */
#include "rt-timeline-placer.h"

/* At text scale 1. */
#define BUCKET 64.0
#define CLEARANCE 2.0

/* @buckets: GArray of RtBox, or NULL */
struct _RtPlacer
{
  GPtrArray *buckets;
  double bucket, clearance;
};

static void
free_bucket (gpointer bucket)
{
  if (bucket != NULL)
    g_array_unref (bucket);
}

RtPlacer *
rt_placer_new (double text_scale)
{
  RtPlacer *placer = g_new (RtPlacer, 1);

  *placer = (RtPlacer){
    .buckets = g_ptr_array_new_with_free_func (free_bucket),
    .bucket = BUCKET * text_scale,
    .clearance = CLEARANCE * text_scale,
  };
  return placer;
}

void
rt_placer_free (RtPlacer *placer)
{
  g_ptr_array_unref (placer->buckets);
  g_free (placer);
}

static guint
bucket_of (const RtPlacer *placer, double y)
{
  return (guint)MAX (0, y / placer->bucket);
}

static gboolean
overlap (const RtBox *a, const RtBox *b, double clearance)
{
  return a->x < b->x + b->width + clearance && b->x < a->x + a->width + clearance
         && a->y < b->y + b->height + clearance && b->y < a->y + a->height + clearance;
}

/** rt_placer_is_free: Returns: whether nothing is at @box, or so near that it would touch */
gboolean
rt_placer_is_free (const RtPlacer *placer, const RtBox *box)
{
  guint last = bucket_of (placer, box->y + box->height + placer->clearance);

  for (guint i = bucket_of (placer, box->y - placer->clearance);
       i <= last && i < placer->buckets->len; i++)
    {
      const GArray *bucket = placer->buckets->pdata[i];

      for (guint j = 0; bucket != NULL && j < bucket->len; j++)
        if (overlap (box, &g_array_index (bucket, RtBox, j), placer->clearance))
          return FALSE;
    }
  return TRUE;
}

void
rt_placer_take (RtPlacer *placer, const RtBox *box)
{
  guint last = bucket_of (placer, box->y + box->height);

  if (last >= placer->buckets->len)
    g_ptr_array_set_size (placer->buckets, (gint)last + 1);
  for (guint i = bucket_of (placer, box->y); i <= last; i++)
    {
      if (placer->buckets->pdata[i] == NULL)
        placer->buckets->pdata[i] = g_array_new (FALSE, FALSE, sizeof (RtBox));
      g_array_append_val (placer->buckets->pdata[i], *box);
    }
}
