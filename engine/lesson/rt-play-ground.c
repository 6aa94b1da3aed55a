/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a play stands on while it is played: a driver with the lesson's parties and what lies
 * between them. */
#include "rt-play-private.h"

#include "rt-cast.h"
#include "rt-live.h"
#include "rt-sim.h"

static RtPartyId
look_up_party (RtPlay *play, const char *name)
{
  return name != NULL ? (RtPartyId)GPOINTER_TO_UINT (g_hash_table_lookup (play->parties, name)) : 0;
}

static void
set_sim_link (gpointer driver, RtPartyId a, RtPartyId b, const RtLink *link)
{
  rt_sim_set_link (driver, a, b, link);
}

static void
set_live_link (gpointer driver, RtPartyId a, RtPartyId b, const RtLink *link)
{
  rt_live_set_link (driver, a, b, link);
}

static void
set_links (RtPlay *play, GPtrArray *links)
{
  for (guint i = 0; i < links->len; i++)
    {
      const RtLessonLink *given = links->pdata[i];
      g_autofree RtFault *faults = g_new0 (RtFault, given->faults->len + 1);
      RtLink link = given->link;

      for (guint j = 0; j < given->faults->len; j++)
        {
          const RtLessonFault *fault = given->faults->pdata[j];

          faults[j] = fault->fault;
          faults[j].from = look_up_party (play, fault->from);
        }
      link.faults = faults;
      link.n_faults = given->faults->len;
      (play->driver_class == &rt_sim_driver ? set_sim_link : set_live_link) (
          play->driver, look_up_party (play, given->a), look_up_party (play, given->b), &link);
    }
}

/* A program takes the party's place, on one of its ports or both. */
static RtPartyId
place_programs (RtPlay *play, const RtCast *cast)
{
  GPtrArray *stand_ins = play->ground->stand_ins;
  RtPartyId id = rt_live_add_program (play->driver, cast->name, cast->kind);

  for (guint i = 0; i < stand_ins->len; i++)
    {
      const RtStandIn *one = stand_ins->pdata[i];

      if (g_str_equal (one->host, cast->name))
        rt_live_map_program (play->driver, id, one->host,
                             one->secure ? RT_CAST_SECURE_PORT : RT_CAST_PORT, one->address,
                             one->port);
    }
  return id;
}

static gboolean
add_parties (RtPlay *play, GError **error)
{
  RtCastSources sources = { play->lesson, play->scenario, play->answer, play->changes,
                            play->ground != NULL ? play->ground->libsoup : NULL };

  for (guint i = 0; i < play->lesson->cast->len; i++)
    {
      const RtCast *cast = play->lesson->cast->pdata[i];
      RtPartyId id = rt_playground_has_program (play->ground, cast->name)
                         ? place_programs (play, cast)
                         : rt_cast_add (cast, &sources, play->driver_class, play->driver, error);

      if (id == 0)
        return FALSE;
      g_hash_table_insert (play->parties, cast->name, GUINT_TO_POINTER (id));
    }
  /* Real sockets have no line of their own to speak of. Programs outside are as far away as they
   * are.
   */
  if (play->driver_class == &rt_live_driver && !rt_playground_has_program (play->ground, NULL))
    rt_live_set_link (play->driver, 0, 0, &RT_LINK_DEFAULT);
  set_links (play, play->lesson->links);
  set_links (play, play->scenario->links);
  return TRUE;
}

/* Without an outside program time is the lesson's own on sockets, too: what takes an hour there
 * takes no longer than here. */
static gboolean
open_driver (RtPlay *play, GError **error)
{
  if (rt_playground_is_live (play->ground))
    {
      play->driver_class = &rt_live_driver;
      play->driver = rt_live_new (play->log,
                                  rt_playground_has_real_time (play->ground) ? RT_LIVE_CLOCK_REAL
                                                                             : RT_LIVE_CLOCK_JUMPS,
                                  play->lesson->clock, error);
    }
  else
    {
      play->driver_class = &rt_sim_driver;
      play->driver = rt_sim_new (play->log, play->lesson->clock);
    }
  return play->driver != NULL;
}

/* Before the first step. Whatever comes of it, rt_play_tear_down() ends it. */
gboolean
rt_play_set_up (RtPlay *play, GError **error)
{
  g_autofree char *obstacle = NULL;

  play->parties = g_hash_table_new (g_str_hash, g_str_equal);
  if (!rt_playground_check (play->ground, play->lesson, error))
    return FALSE;
  obstacle = rt_playground_dup_obstacle (play->ground, play->lesson, play->scenario);
  if (obstacle != NULL)
    {
      rt_set_error (error, RT_ERROR_UNSUPPORTED,
                    &(RtPlace){ play->lesson->file, play->scenario->line, 0 }, NULL,
                    "not on this driver: %s", obstacle);
      return FALSE;
    }
  return open_driver (play, error) && add_parties (play, error);
}

/* After the last step; the log stays. */
void
rt_play_tear_down (RtPlay *play)
{
  g_clear_pointer (&play->parties, g_hash_table_unref);
  g_clear_pointer (&play->driver, play->driver_class != NULL ? play->driver_class->free : g_free);
}
