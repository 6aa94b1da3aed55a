/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a lesson is played on, and what cannot be played there. */
#include "rt-playground.h"

#include "rt-cast.h"
#include "rt-error.h"
#include "rt-uri.h"

#include <gio/gio.h>
#include <string.h>

static const char *const driver_names[] = { [RT_PLAY_SIM] = "sim", [RT_PLAY_LIVE] = "live" };

/**
 * rt_play_driver_parse:
 * @name: `sim` or `live`
 * @ret_driver: (out): untouched on failure
 *
 * Errors: %RT_ERROR_UNKNOWN.
 *
 * Returns: whether there is such a driver
 */
gboolean
rt_play_driver_parse (const char *name, RtPlayDriver *ret_driver, GError **error)
{
  for (gsize i = 0; i < G_N_ELEMENTS (driver_names); i++)
    if (g_str_equal (driver_names[i], name))
      {
        *ret_driver = (RtPlayDriver)i;
        return TRUE;
      }
  rt_set_unknown (error, NULL, "driver", name, driver_names, G_N_ELEMENTS (driver_names));
  return FALSE;
}

/**
 * rt_play_driver_name:
 * @driver: a driver
 *
 * Returns: as people write it
 */
const char *
rt_play_driver_name (RtPlayDriver driver)
{
  return driver_names[driver];
}

void
rt_stand_in_free (RtStandIn *stand_in)
{
  g_free (stand_in->host);
  g_free (stand_in->address);
  g_free (stand_in);
}

static gboolean
refuse (const char *text, GError **error)
{
  rt_set_error (error, RT_ERROR_SYNTAX, NULL,
                "HOST=URL, such as api.shop.test=http://127.0.0.1:8000",
                "“%s” does not say which program takes whose place", text);
  return FALSE;
}

/* `http://127.0.0.1:8000`, with or without the last slash: the lesson says which paths there are.
 */
static gboolean
read_url (const char *text, RtStandIn *stand_in, GError **error)
{
  RtUri uri = rt_uri_split (rt_text (text));
  gboolean secure = rt_text_is_nocase (uri.scheme, "https");
  RtAuthority authority;
  guint port = secure ? 443 : 80;
  RtText host;

  if ((!secure && !rt_text_is_nocase (uri.scheme, "http"))
      || (uri.path.length > 0 && !rt_text_is (uri.path, "/")) || uri.query.at != NULL
      || uri.fragment.at != NULL || !rt_authority_parse (uri.authority, &authority)
      || authority.userinfo.at != NULL || authority.host.length == 0)
    return refuse (text, error);
  if (authority.port.length > 0 && !rt_authority_get_port (&authority, &port))
    return refuse (text, error);
  host = authority.host;
  if (host.at[0] == '[')
    host = rt_text_sub (host, 1, host.length - 2);
  stand_in->address
      = rt_text_is_nocase (host, "localhost") ? g_strdup ("127.0.0.1") : rt_text_dup (host);
  stand_in->port = (guint16)port;
  stand_in->secure = secure;
  return TRUE;
}

/**
 * rt_stand_in_parse:
 * @text: `api.shop.test=http://127.0.0.1:8000`
 *
 * Errors: %RT_ERROR_SYNTAX.
 *
 * Returns: (nullable) (transfer full): who takes whose place
 */
RtStandIn *
rt_stand_in_parse (const char *text, GError **error)
{
  const char *equals = strchr (text, '=');
  g_autoptr (RtStandIn) stand_in = g_new0 (RtStandIn, 1);

  if (equals == NULL || equals == text)
    {
      refuse (text, error);
      return NULL;
    }
  stand_in->host = g_ascii_strdown (text, equals - text);
  return read_url (equals + 1, stand_in, error) ? g_steal_pointer (&stand_in) : NULL;
}

/* A name is looked up here and now: the live driver knows no names but the lesson's. */
static gboolean
look_up (RtStandIn *stand_in, GError **error)
{
  g_autoptr (GResolver) resolver = g_resolver_get_default ();
  g_autoptr (GError) problem = NULL;
  GList *found = g_resolver_lookup_by_name (resolver, stand_in->address, NULL, &problem);

  if (found == NULL)
    {
      rt_set_error (error, RT_ERROR_IO, NULL, NULL, "%s: %s", stand_in->address, problem->message);
      return FALSE;
    }
  g_free (stand_in->address);
  stand_in->address = g_inet_address_to_string (found->data);
  g_resolver_free_addresses (found);
  return TRUE;
}

static gboolean
check_address (RtStandIn *stand_in, gboolean outside, GError **error)
{
  g_autoptr (GInetAddress) address = g_inet_address_new_from_string (stand_in->address);

  if (address != NULL && (outside || g_inet_address_get_is_loopback (address)))
    return TRUE;
  if (outside)
    return look_up (stand_in, error);
  rt_set_error (error, RT_ERROR_UNSUPPORTED, NULL, "a program on this machine: 127.0.0.1 or [::1]",
                "%s: %s is not on this machine", stand_in->host, stand_in->address);
  return FALSE;
}

static gboolean
check_host (const RtStandIn *stand_in, const RtLesson *lesson, GError **error)
{
  const RtCast *cast = rt_lesson_get_cast (lesson, stand_in->host);
  g_autoptr (GPtrArray) names = g_ptr_array_new ();

  if (cast != NULL && g_str_equal (cast->kind, "origin"))
    return TRUE;
  for (guint i = 0; i < lesson->cast->len; i++)
    {
      const RtCast *other = lesson->cast->pdata[i];

      if (g_str_equal (other->kind, "origin"))
        g_ptr_array_add (names, other->name);
    }
  rt_set_unknown (error, &(RtPlace){ lesson->file, 0, 0 }, "origin", stand_in->host,
                  (const char *const *)names->pdata, names->len);
  return FALSE;
}

/* libsoup has clients and servers; what else there is, is ours alone. */
static gboolean
check_stack (const char *name, const RtLesson *lesson, gboolean *ret_serves, GError **error)
{
  const RtCast *cast = rt_lesson_get_cast (lesson, name);
  g_autoptr (GPtrArray) names = g_ptr_array_new ();

  *ret_serves = cast != NULL && g_str_equal (cast->kind, "origin");
  if (*ret_serves || (cast != NULL && g_str_equal (cast->kind, "client")))
    return TRUE;
  for (guint i = 0; i < lesson->cast->len; i++)
    {
      const RtCast *other = lesson->cast->pdata[i];

      if (g_str_equal (other->kind, "client") || g_str_equal (other->kind, "origin"))
        g_ptr_array_add (names, other->name);
    }
  rt_set_unknown (error, &(RtPlace){ lesson->file, 0, 0 }, "client or origin", name,
                  (const char *const *)names->pdata, names->len);
  return FALSE;
}

/* What crosses a connection is written down by the end that is ours. */
static gboolean
check_libsoup (const char *const *names, const RtLesson *lesson, GError **error)
{
  guint n_clients = 0, n_servers = 0;

  for (; *names != NULL; names++)
    {
      gboolean serves;

      if (!check_stack (*names, lesson, &serves, error))
        return FALSE;
      n_clients += !serves;
      n_servers += serves;
    }
  if (n_clients == 0 || n_servers == 0)
    return TRUE;
  rt_set_error (error, RT_ERROR_UNSUPPORTED, NULL, "clients of libsoup's, or origins of its",
                "between two ends of libsoup's nobody writes down what crosses");
  return FALSE;
}

/**
 * rt_playground_check:
 * @ground: (nullable): a playground; the names of its programs are looked up
 * @lesson: what is to be played on it
 *
 * Errors: %RT_ERROR_UNKNOWN: the lesson has no such origin; %RT_ERROR_UNSUPPORTED: a program is on
 * another machine, and that was not allowed, or both ends are libsoup's; %RT_ERROR_SYNTAX: two take
 * the same place; %RT_ERROR_IO.
 *
 * Returns: whether the lesson can be set up on it
 */
gboolean
rt_playground_check (const RtPlayground *ground, const RtLesson *lesson, GError **error)
{
  GPtrArray *stand_ins = ground != NULL ? ground->stand_ins : NULL;

  for (guint i = 0; stand_ins != NULL && i < stand_ins->len; i++)
    {
      RtStandIn *one = stand_ins->pdata[i];

      if (!check_host (one, lesson, error) || !check_address (one, ground->outside, error))
        return FALSE;
      for (guint j = 0; j < i; j++)
        {
          const RtStandIn *other = stand_ins->pdata[j];

          if (!g_str_equal (one->host, other->host) || one->secure != other->secure)
            continue;
          rt_set_error (error, RT_ERROR_SYNTAX, NULL, "one program an origin",
                        "two programs take the place of %s", one->host);
          return FALSE;
        }
    }
  return ground == NULL || ground->libsoup == NULL
         || check_libsoup (ground->libsoup, lesson, error);
}

/**
 * rt_playground_is_live:
 * @ground: (nullable): a playground; %NULL: the simulated network
 *
 * Returns: whether there are real sockets
 */
gboolean
rt_playground_is_live (const RtPlayground *ground)
{
  return ground != NULL && (ground->driver == RT_PLAY_LIVE || rt_playground_has_real_time (ground));
}

/**
 * rt_playground_has_real_time:
 * @ground: (nullable): a playground
 *
 * Returns: whether somebody takes part who has a clock of their own: a program, or libsoup
 */
gboolean
rt_playground_has_real_time (const RtPlayground *ground)
{
  return ground != NULL
         && ((ground->stand_ins != NULL && ground->stand_ins->len > 0)
             || (ground->libsoup != NULL && ground->libsoup[0] != NULL));
}

/**
 * rt_playground_has_program:
 * @ground: (nullable): a playground
 * @party: (nullable): a party's name; %NULL: anybody's
 *
 * Returns: whether a program takes that party's place
 */
gboolean
rt_playground_has_program (const RtPlayground *ground, const char *party)
{
  GPtrArray *stand_ins = ground != NULL ? ground->stand_ins : NULL;

  for (guint i = 0; stand_ins != NULL && i < stand_ins->len; i++)
    if (party == NULL || g_str_equal (((RtStandIn *)stand_ins->pdata[i])->host, party))
      return TRUE;
  return FALSE;
}

static gboolean
has_loss (GPtrArray *links)
{
  for (guint i = 0; i < links->len; i++)
    {
      const RtLessonLink *link = links->pdata[i];

      for (guint j = 0; j < link->faults->len; j++)
        if (((const RtLessonFault *)link->faults->pdata[j])->fault.kind == RT_FAULT_LOSE)
          return TRUE;
    }
  return FALSE;
}

/**
 * rt_playground_dup_obstacle:
 * @ground: (nullable): a playground
 * @lesson: a lesson
 * @scenario: one of its runs or probes
 *
 * Returns: (nullable) (transfer full): why the scenario cannot be played there; %NULL: it can
 */
char *
rt_playground_dup_obstacle (const RtPlayground *ground,
                            const RtLesson *lesson,
                            const RtScenario *scenario)
{
  if (!rt_playground_is_live (ground))
    return NULL;
  if (has_loss (lesson->links) || has_loss (scenario->links))
    return g_strdup ("lost segments are modelled; real sockets hide them");
  if (!rt_playground_has_real_time (ground))
    return NULL;
  for (guint i = 0; ground->libsoup != NULL && ground->libsoup[i] != NULL; i++)
    {
      const RtCastSources sources = { .lesson = lesson, .scenario = scenario };
      const RtCast *cast = rt_lesson_get_cast (lesson, ground->libsoup[i]);
      const char *obstacle = cast != NULL ? rt_cast_get_obstacle (cast, &sources) : NULL;

      if (obstacle != NULL)
        return g_strdup (obstacle);
    }
  for (guint i = 0; i < scenario->steps->len; i++)
    {
      const RtStep *step = scenario->steps->pdata[i];

      if (step->kind == RT_STEP_CLOCK && step->delay > RT_PLAY_LONGEST_WAIT)
        return g_strdup_printf ("line %u moves the clock, and a program outside has its own",
                                step->line);
    }
  return NULL;
}
