/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The resource kind `password`: admits whoever sends name and password with each request, by the
 * scheme Basic. */
#include "rt-resource-kinds.h"
#include "rt-resource-users.h"

/* clang-format off */
static const RtSetting settings[] = {
  RT_USERS_SETTING,
  { "roles", RT_SETTING_FIELDS, "", NULL, "name: the roles of the user, with spaces between" },
  { "realm", RT_SETTING_TEXT, "here", NULL, "what the password is for, in the words that a client shows" },
};
/* clang-format on */

typedef struct
{
  RtUsers users;
  RtAccount *accounts;
  char *realm;
} Password;

static gpointer
create (const char *path, const RtGiven *given, GError **error)
{
  Password *password = g_new0 (Password, 1);

  rt_users_init (&password->users, given, "roles");
  password->accounts = rt_users_new_accounts (&password->users);
  password->realm = rt_given_dup_text (given, "realm");
  return password;
}

static void
password_free (gpointer self)
{
  Password *password = self;

  g_free (password->accounts);
  rt_users_clear (&password->users);
  g_free (password->realm);
  g_free (password);
}

static gboolean
admit (gpointer self, const RtCall *call, const char *role, RtReply *reply, RtEffects *out)
{
  const Password *password = self;
  RtProtection protection = { .scheme = RT_AUTH_BASIC,
                              .realm = password->realm,
                              .accounts = password->accounts,
                              .n_accounts = password->users.users->len };
  RtDecision *why = rt_decision_new ();
  const RtAccount *account = NULL;
  RtAuthentication verdict
      = rt_authentication_decide (call->request, &protection, call->now, &account, why);
  g_autofree char *challenge = NULL;

  rt_effects_decide (out, why, TRUE);
  if (verdict == RT_AUTHENTICATION_GRANTED
      && rt_user_has_role (rt_users_find (&password->users, account->user, NULL), role))
    return TRUE;
  if (verdict == RT_AUTHENTICATION_GRANTED)
    {
      rt_reply_with_status (reply, 403, "The password is right, but this is not for you.\n");
      return FALSE;
    }
  challenge = rt_authentication_dup_challenge (verdict, &protection);
  rt_reply_with_status (reply, rt_authentication_status (verdict, &protection),
                        "Name and password are needed here.\n");
  rt_fields_append (reply->response->fields, "WWW-Authenticate", challenge);
  return FALSE;
}

static void
handle (gpointer self, const RtCall *call, RtReply *reply, RtEffects *out)
{
  if (rt_call_is (call, "OPTIONS"))
    rt_reply_with_allow (reply, TRUE, "GET, HEAD, OPTIONS");
  else if (admit (self, call, "", reply, out))
    rt_reply_with_status (reply, 200, "The password is right.\n");
}

const RtResourceKind rt_password_kind = {
  .name = "password",
  .summary = "admits whoever sends name and password with each request (Basic)",
  .notes = "Other resources name its path in `auth`.",
  .settings = settings,
  .n_settings = G_N_ELEMENTS (settings),
  .create = create,
  .handle = handle,
  .admit = admit,
  .free = password_free,
};
