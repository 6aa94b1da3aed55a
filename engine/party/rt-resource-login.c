/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The resource kind `login`: a form that opens a session, which a cookie then stands for. The
 * session lives on the server: in memory or for good, on one node or on all. Whoever has the cookie
 * has the session. */
#include "rt-resource-kinds.h"

#include "rt-cookie.h"
#include "rt-evidence.h"
#include "rt-methods.h"
#include "rt-resource-users.h"

#define SESSIONS_MAX 10000
#define NODES_MAX 16

typedef enum
{
  REFUSE_401,
  REFUSE_403,
  REFUSE_REDIRECT,
} Refusal;

static const char *const refusals[] = { "401", "403", "redirect", NULL };
static const char *const same_sites[] = { "unset", "lax", "strict", "none", NULL };
static const char *const secures[] = { "false", "true", "auto", NULL };
static const char *const stores[] = { "memory", "durable", NULL };
static const char *const logouts[] = { "both", "cookie", "session", NULL };

/* clang-format off */
static const RtSetting settings[] = {
  RT_USERS_SETTING,
  { "roles", RT_SETTING_FIELDS, "", NULL, "name: the roles of the user, with spaces between" },
  { "after", RT_SETTING_TEXT, "", NULL, "where a login leads, by 303; where it is not given it is answered with 204" },
  { "refusal", RT_SETTING_CHOICE, "401", refusals, "what a request without a session gets; `redirect`: 303 to the form" },
  { "lifetime", RT_SETTING_DURATION, "1h", NULL, "how long a session lasts on the server" },
  { "sliding", RT_SETTING_BOOLEAN, "false", NULL, "each request makes it last that long again" },
  { "rotate", RT_SETTING_BOOLEAN, "true", NULL, "a login makes a new session id; otherwise it takes over the one that the client sent" },
  { "logout", RT_SETTING_CHOICE, "both", logouts, "what a logout ends: the cookie, the session on the server, or both" },
  { "store", RT_SETTING_CHOICE, "memory", stores, "where sessions are kept: a crash loses those in memory" },
  { "nodes", RT_SETTING_NUMBER, "1", NULL, "servers that take the requests in turn, 1 to 16" },
  { "shared-sessions", RT_SETTING_BOOLEAN, "true", NULL, "all nodes know the sessions of all" },
  { "cookie", RT_SETTING_TEXT, "session", NULL, "the cookie's name" },
  { "cookie-path", RT_SETTING_TEXT, "/", NULL, "its Path; empty: none" },
  { "cookie-domain", RT_SETTING_TEXT, "", NULL, "its Domain; empty: none" },
  { "cookie-max-age", RT_SETTING_DURATION, "0s", NULL, "its Max-Age; 0s: none" },
  { "secure", RT_SETTING_CHOICE, "false", secures, "Secure; `auto`: if the login came over https, as far as the server knows" },
  { "http-only", RT_SETTING_BOOLEAN, "true", NULL, "HttpOnly" },
  { "same-site", RT_SETTING_CHOICE, "lax", same_sites, "SameSite" },
};

static const RtClause has_cookie = { "server.session.cookie", "the request has the session's cookie", "RFC 6265 §4.2", RT_LEVEL_MUST };
static const RtClause is_known = { "server.session.known", "this server knows a session of that id", "RFC 6265 §8.4", RT_LEVEL_MUST };
static const RtClause is_alive = { "server.session.alive", "it has not expired", "RFC 6265 §8.4", RT_LEVEL_MUST };
static const RtClause has_role = { "server.session.role", "its user may do that", "RFC 9110 §15.5.4", RT_LEVEL_MUST };

static const RtClause *const clauses[] = { &has_cookie, &is_known, &is_alive, &has_role };
/* clang-format on */

static const RtRule rule
    = RT_RULE ("server.session", "Is somebody logged in?", "RFC 6265 §8.4", clauses);

typedef struct
{
  guint number, node;
  char *id;
  const RtUser *user;
  RtTime expires;
} Session;

typedef struct
{
  char *path, *after, *cookie, *attributes, *expired;
  RtUsers users;
  Refusal refusal;
  RtTime lifetime;
  gboolean auto_secure, sliding, rotate, durable, shared, ends_cookie, ends_session;
  guint n_nodes, n_requests, last;
  RtRandom random;
  GPtrArray *sessions; /* Session */
} Login;

static void
session_free (gpointer data)
{
  Session *session = data;

  g_free (session->id);
  g_free (session);
}

static void
login_free (gpointer self)
{
  Login *login = self;

  g_ptr_array_unref (login->sessions);
  rt_users_clear (&login->users);
  g_free (login->path);
  g_free (login->after);
  g_free (login->cookie);
  g_free (login->attributes);
  g_free (login->expired);
  g_free (login);
}

/* What follows the cookie's value; that of the one which ends it has to name the same cookie. */
static void
set_attributes (Login *login, const RtGiven *given)
{
  static const char *const words[]
      = { "", "; SameSite=Lax", "; SameSite=Strict", "; SameSite=None" };
  g_autofree char *path = rt_given_dup_text (given, "cookie-path");
  g_autofree char *domain = rt_given_dup_text (given, "cookie-domain");
  RtTime max_age = rt_given_get_number (given, "cookie-max-age");
  GString *out = g_string_new (NULL);

  if (*domain != '\0')
    g_string_append_printf (out, "; Domain=%s", domain);
  if (*path != '\0')
    g_string_append_printf (out, "; Path=%s", path);
  login->auto_secure = rt_given_get_choice (given, "secure") == 2;
  if (rt_given_get_choice (given, "secure") == 1)
    g_string_append (out, "; Secure");
  if (rt_given_get_boolean (given, "http-only"))
    g_string_append (out, "; HttpOnly");
  g_string_append (out, words[rt_given_get_choice (given, "same-site")]);
  login->expired = g_strconcat (out->str, "; Max-Age=0", NULL);
  if (max_age > 0)
    g_string_append_printf (out, "; Max-Age=%" G_GINT64_FORMAT, max_age / RT_TIME_SEC);
  login->attributes = g_string_free (out, FALSE);
}

static gpointer
create (const char *path, const RtGiven *given, GError **error)
{
  gint64 nodes;
  guint logout = rt_given_get_choice (given, "logout");
  Login *login;

  if (!rt_given_take_number (given, "nodes", 1, NODES_MAX, &nodes, error))
    return NULL;
  login = g_new0 (Login, 1);
  login->path = g_strdup (path);
  login->after = rt_given_dup_text (given, "after");
  login->cookie = rt_given_dup_text (given, "cookie");
  login->refusal = (Refusal)rt_given_get_choice (given, "refusal");
  login->lifetime = rt_given_get_number (given, "lifetime");
  login->sliding = rt_given_get_boolean (given, "sliding");
  login->rotate = rt_given_get_boolean (given, "rotate");
  login->durable = rt_given_get_choice (given, "store") == 1;
  login->shared = rt_given_get_boolean (given, "shared-sessions");
  login->ends_cookie = logout != 2;
  login->ends_session = logout != 1;
  login->n_nodes = (guint)nodes;
  login->sessions = g_ptr_array_new_with_free_func (session_free);
  rt_users_init (&login->users, given, "roles");
  set_attributes (login, given);
  rt_random_init (&login->random, g_str_hash (path));
  return login;
}

static void
show (const Login *login, const Session *session, gboolean gone, RtEffects *out)
{
  g_autofree char *key = g_strdup_printf ("%s:%u", login->path, session->number);
  g_auto (GVariantBuilder) state = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);

  if (gone)
    {
      rt_effects_state (out, "session", key, NULL);
      return;
    }
  g_variant_builder_add (&state, "{sv}", "id", g_variant_new_string (session->id));
  g_variant_builder_add (&state, "{sv}", "user", g_variant_new_string (session->user->name));
  g_variant_builder_add (&state, "{sv}", "expires", g_variant_new_int64 (session->expires));
  if (!login->shared)
    g_variant_builder_add (&state, "{sv}", "node", g_variant_new_int64 (session->node + 1));
  rt_effects_state (out, "session", key, g_variant_builder_end (&state));
}

static void
drop (Login *login, Session *session, RtEffects *out)
{
  show (login, session, TRUE, out);
  g_ptr_array_remove (login->sessions, session);
}

static void
restart (gpointer self, RtTime now, RtEffects *out)
{
  Login *login = self;

  while (!login->durable && login->sessions->len > 0)
    drop (login, g_ptr_array_index (login->sessions, 0), out);
}

/* Sessions. */

/* The session's cookie; the first counts, which is the one of the longest path (RFC 6265 §5.4). */
static const RtField *
find_cookie (const Login *login, const RtCall *call, RtText *ret_value)
{
  const RtField *field;
  guint at = 0;

  while ((field = rt_fields_next (call->request->fields, "Cookie", &at)) != NULL)
    {
      RtText rest = field->value, name;

      while (rt_cookie_pair_next (&rest, &name, ret_value))
        if (rt_text_is (name, login->cookie))
          return field;
    }
  return NULL;
}

static Session *
find_session (const Login *login, RtText id, guint node)
{
  for (guint i = 0; i < login->sessions->len; i++)
    {
      Session *session = g_ptr_array_index (login->sessions, i);

      if (rt_text_is (id, session->id) && (login->shared || session->node == node))
        return session;
    }
  return NULL;
}

static guint
next_node (Login *login)
{
  return login->n_requests++ % login->n_nodes;
}

/* The session of a request, and whether its user may do what needs @role. */
static Session *
check_session (Login *login, const RtCall *call, guint node, const char *role, RtDecision *why)
{
  RtText id = RT_TEXT_NONE;
  const RtField *field = find_cookie (login, call, &id);
  RtFact proof = field != NULL ? rt_fact_part ("cookie", field, id)
                               : rt_fact_text ("cookie", RT_TEXT_NONE, RT_SPAN_NONE);
  Session *session;

  if (!rt_check (why, &has_cookie, field != NULL, rt_fact_field ("Cookie", field)))
    return NULL;
  session = find_session (login, id, node);
  if (!rt_check (why, &is_known, session != NULL, proof,
                 rt_fact_number ("node", node + 1, RT_SPAN_NONE))
      || !rt_check (why, &is_alive, session->expires > call->now, proof,
                    rt_fact_number ("seconds left", (session->expires - call->now) / RT_TIME_SEC,
                                    RT_SPAN_NONE)))
    return NULL;
  rt_check (why, &has_role, rt_user_has_role (session->user, role), proof,
            rt_fact_text ("role", rt_text (role), RT_SPAN_NONE));
  return session;
}

static Session *
decide (Login *login, const RtCall *call, const char *role, gboolean *ret_allowed, RtEffects *out)
{
  RtDecision *why = rt_decision_new ();
  Session *session;

  rt_decision_begin (why, &rule, call->request->target);
  session = check_session (login, call, next_node (login), role, why);
  *ret_allowed = session != NULL && rt_user_has_role (session->user, role);
  rt_decision_conclude (why, *ret_allowed ? "yes" : session != NULL ? "forbidden" : "no");
  rt_effects_decide (out, why, TRUE);
  if (session != NULL && login->sliding)
    {
      session->expires = call->now + login->lifetime;
      show (login, session, FALSE, out);
    }
  return session;
}

static void
refuse (const Login *login, RtReply *reply)
{
  static const char text[] = "You are not logged in.\n";
  g_autofree char *challenge = NULL;

  if (login->refusal == REFUSE_REDIRECT)
    {
      rt_reply_with_status (reply, 303, text);
      rt_fields_append (reply->response->fields, "Location", login->path);
      return;
    }
  rt_reply_with_status (reply, login->refusal == REFUSE_403 ? 403 : 401, text);
  if (login->refusal == REFUSE_403)
    return;
  /* RFC 9110 §15.5.2 wants a challenge with each 401; there is no registered scheme for forms. */
  challenge
      = g_strdup_printf ("Cookie form-action=\"%s\", cookie-name=%s", login->path, login->cookie);
  rt_fields_append (reply->response->fields, "WWW-Authenticate", challenge);
}

static gboolean
admit (gpointer self, const RtCall *call, const char *role, RtReply *reply, RtEffects *out)
{
  gboolean allowed;
  const Session *session = decide (self, call, role, &allowed, out);

  if (session == NULL)
    refuse (self, reply);
  else if (!allowed)
    rt_reply_with_status (reply, 403, "You are logged in, but this is not for you.\n");
  return allowed;
}

/* The form. */

static Session *
open_session (Login *login, const RtCall *call, const RtUser *user, RtEffects *out)
{
  guint node = next_node (login);
  RtText sent = RT_TEXT_NONE;
  gboolean takes_over = !login->rotate && find_cookie (login, call, &sent) != NULL
                        && sent.length > 0 && g_utf8_validate (sent.at, (gssize)sent.length, NULL);
  Session *session = takes_over ? find_session (login, sent, node) : NULL;

  if (session == NULL)
    {
      session = g_new0 (Session, 1);
      session->number = ++login->last;
      session->id = takes_over ? rt_text_dup (sent) : rt_users_new_secret (&login->random);
      g_ptr_array_add (login->sessions, session);
    }
  session->node = node;
  session->user = user;
  session->expires = call->now + login->lifetime;
  show (login, session, FALSE, out);
  return session;
}

static void
drop_expired (Login *login, RtTime now, RtEffects *out)
{
  for (guint i = login->sessions->len; i > 0; i--)
    {
      Session *session = g_ptr_array_index (login->sessions, i - 1);

      if (session->expires <= now)
        drop (login, session, out);
    }
}

static void
log_in (Login *login, const RtCall *call, RtReply *reply, RtEffects *out)
{
  const RtUser *user = rt_users_log_in (&login->users, call);
  const Session *session;
  g_autofree char *cookie = NULL;

  if (user == NULL)
    {
      rt_reply_with_status (reply, 403, "Name or password is wrong.\n");
      return;
    }
  if (login->sessions->len >= SESSIONS_MAX)
    drop_expired (login, call->now, out);
  if (login->sessions->len >= SESSIONS_MAX)
    {
      rt_reply_with_status (reply, 503, "Too many are logged in.\n");
      return;
    }
  session = open_session (login, call, user, out);
  cookie = g_strdup_printf ("%s=%s%s%s", login->cookie, session->id, login->attributes,
                            login->auto_secure && strcmp (call->scheme, "https") == 0 ? "; Secure"
                                                                                      : "");
  rt_reply_with_status (reply, *login->after != '\0' ? 303 : 204, NULL);
  rt_fields_append (reply->response->fields, "Set-Cookie", cookie);
  if (*login->after != '\0')
    rt_fields_append (reply->response->fields, "Location", login->after);
}

static void
log_out (Login *login, const RtCall *call, RtReply *reply, RtEffects *out)
{
  RtText id = RT_TEXT_NONE;
  Session *session
      = find_cookie (login, call, &id) != NULL ? find_session (login, id, next_node (login)) : NULL;
  g_autofree char *cookie = g_strdup_printf ("%s=%s", login->cookie, login->expired);

  if (session != NULL && login->ends_session)
    drop (login, session, out);
  rt_reply_with_status (reply, 204, NULL);
  if (login->ends_cookie)
    rt_fields_append (reply->response->fields, "Set-Cookie", cookie);
}

static void
say_who (Login *login, const RtCall *call, RtReply *reply, RtEffects *out)
{
  static const char form[] = "<!DOCTYPE html>\n<title>Login</title>\n<form method=\"post\">\n"
                             "<input name=\"username\"> <input name=\"password\" "
                             "type=\"password\"> <button>Log in</button>\n"
                             "</form>\n";
  gboolean allowed;
  const Session *session = decide (login, call, "", &allowed, out);
  g_autofree char *text = NULL;
  RtMessage *response;

  if (session != NULL)
    {
      text = g_strdup_printf ("You are %s.\n", session->user->name);
      rt_reply_with_status (reply, 200, text);
      return;
    }
  response = rt_reply_new_response (200);
  rt_fields_append (response->fields, "Content-Type", "text/html; charset=utf-8");
  rt_reply_with (reply, response, g_bytes_new_static (form, sizeof form - 1));
}

static void
handle (gpointer self, const RtCall *call, RtReply *reply, RtEffects *out)
{
  gboolean is_logout = strcmp (call->below, "/logout") == 0;

  if (*call->below != '\0' && !is_logout)
    rt_reply_with_status (reply, 404, "There is nothing here.\n");
  else if (rt_call_is (call, "DELETE") || (is_logout && rt_call_is (call, "POST")))
    log_out (self, call, reply, out);
  else if (rt_call_is (call, "POST"))
    log_in (self, call, reply, out);
  else if (rt_method_is_read (call->request->method) && !is_logout)
    say_who (self, call, reply, out);
  else
    rt_reply_with_allow (reply, rt_call_is (call, "OPTIONS"),
                         is_logout ? "POST, DELETE, OPTIONS" : "GET, HEAD, POST, DELETE, OPTIONS");
}

const RtResourceKind rt_login_kind = {
  .name = "login",
  .summary = "a form that opens a session, which a cookie then stands for",
  .notes
  = "GET says who is logged in, or shows the form; POST with `username` and `password` logs in; "
    "DELETE, or\n"
    "POST of PATH/logout, logs out. Other resources name its path in `auth`. A session's state has "
    "the key\n"
    "PATH:NUMBER and the members `id`, `user`, `expires`, and `node` where nodes don't share them.",
  .settings = settings,
  .n_settings = G_N_ELEMENTS (settings),
  .tree = TRUE,
  .create = create,
  .handle = handle,
  .admit = admit,
  .restart = restart,
  .free = login_free,
};
