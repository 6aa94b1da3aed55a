/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The resource kind `redirect`: it says where to go instead. What a client makes of that is the
 * client's business. */
#include "rt-resource-kinds.h"
#include "rt-resource-trust.h"

#include "rt-methods.h"

static const char *const statuses[] = { "300", "301", "302", "303", "307", "308", NULL };
static const char *const unsafe_statuses[]
    = { "same", "300", "301", "302", "303", "307", "308", NULL };

/* clang-format off */
static const RtSetting settings[] = {
  { "status", RT_SETTING_CHOICE, "302", statuses, "status of the answer" },
  { "unsafe-status", RT_SETTING_CHOICE, "same", unsafe_statuses, "… to methods that change something, such as 303 or 307" },
  { "location", RT_SETTING_TEXT, "", NULL, "where to go; needed. `{scheme}` and `{host}` stand for what the server takes them to be. With `below: true` what follows the path is appended" },
  { "methods", RT_SETTING_LIST, "", NULL, "methods that are redirected; others get 405; none given: all are" },
  { "keep-query", RT_SETTING_BOOLEAN, "true", NULL, "the query is appended to a location that has none" },
  { "for", RT_SETTING_DURATION, "0s", NULL, "how long it redirects, from the beginning; 404 afterwards; 0s: for ever" },
};
/* clang-format on */

typedef struct
{
  guint status, unsafe_status;
  char *location;
  char **methods;
  gboolean keep_query;
  RtTime lasts, end;
} Redirect;

static void
redirect_free (gpointer self)
{
  Redirect *redirect = self;

  g_free (redirect->location);
  g_strfreev (redirect->methods);
  g_free (redirect);
}

static guint
get_status (const RtGiven *given, const char *name)
{
  g_autofree char *text = rt_given_dup_text (given, name);

  return (guint)g_ascii_strtoull (text, NULL, 10);
}

static gpointer
create (const char *path, const RtGiven *given, GError **error)
{
  Redirect *redirect = g_new0 (Redirect, 1);

  redirect->status = get_status (given, "status");
  redirect->unsafe_status = get_status (given, "unsafe-status");
  redirect->location = rt_given_dup_text (given, "location");
  redirect->methods = rt_given_dup_list (given, "methods");
  redirect->keep_query = rt_given_get_boolean (given, "keep-query");
  redirect->lasts = rt_given_get_number (given, "for");
  redirect->end = RT_TIME_NEVER;
  if (*redirect->location != '\0')
    return redirect;
  rt_set_error (error, RT_ERROR_SYNTAX, NULL, "“location: /somewhere”",
                "the redirection at %s does not say where to go", path);
  redirect_free (redirect);
  return NULL;
}

static void
announce (gpointer self, RtTime now, RtEffects *out)
{
  Redirect *redirect = self;

  if (redirect->lasts > 0)
    redirect->end = now + redirect->lasts;
}

static char *
dup_location (const Redirect *redirect, const RtCall *call)
{
  g_autofree char *location = rt_call_expand (call, redirect->location);
  gsize length = strcspn (location, "?#");
  const char *rest = location + length;
  gboolean add_query = redirect->keep_query && call->query != NULL && *rest != '?';

  /* A location that ends with a slash takes what is below as its own. */
  if (*call->below == '/' && length > 0 && location[length - 1] == '/')
    length--;
  return g_strdup_printf ("%.*s%s%s%s%s", (int)length, location, call->below, add_query ? "?" : "",
                          add_query ? call->query : "", rest);
}

static gboolean
is_redirected (const Redirect *redirect, const RtCall *call)
{
  for (guint i = 0; redirect->methods[i] != NULL; i++)
    if (rt_call_is (call, redirect->methods[i]))
      return TRUE;
  return redirect->methods[0] == NULL;
}

static void
handle (gpointer self, const RtCall *call, RtReply *reply, RtEffects *out)
{
  Redirect *redirect = self;
  guint status = redirect->unsafe_status > 0 && !rt_method_is_safe (call->request->method)
                     ? redirect->unsafe_status
                     : redirect->status;
  g_autofree char *location = NULL, *text = NULL;
  RtMessage *response;

  if (call->now >= redirect->end)
    {
      rt_reply_with_status (reply, 404, "There is nothing here any more.\n");
      return;
    }
  if (!is_redirected (redirect, call))
    {
      g_autofree char *allow = g_strjoinv (", ", redirect->methods);

      rt_reply_with_allow (reply, rt_call_is (call, "OPTIONS"), allow);
      return;
    }
  location = dup_location (redirect, call);
  text = g_strdup_printf ("Go to %s\n", location);
  response = rt_reply_new_response (status);
  rt_fields_append (response->fields, "Location", location);
  rt_reply_with_text (reply, response, text);
}

const RtResourceKind rt_redirect_kind = {
  .name = "redirect",
  .summary = "says where to go instead",
  .notes = "All methods.",
  .settings = settings,
  .n_settings = G_N_ELEMENTS (settings),
  .create = create,
  .announce = announce,
  .handle = handle,
  .free = redirect_free,
};
