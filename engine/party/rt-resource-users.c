/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Users, their passwords and roles. */
#include "rt-resource-users.h"

#include "rt-form.h"

static void
user_free (gpointer data)
{
  RtUser *user = data;

  g_free (user->name);
  g_free (user->password);
  g_free (user->roles);
  g_free (user);
}

static char *
dup_roles (GVariant *roles, const char *name)
{
  GVariantIter iter;
  const char *user, *words;

  g_variant_iter_init (&iter, roles);
  while (g_variant_iter_next (&iter, "(&s&s)", &user, &words))
    if (strcmp (user, name) == 0)
      return g_strdup (words);
  return NULL;
}

/**
 * rt_users_init:
 * @users: uninitialised
 * @given: settings with `users`
 * @roles: name of the setting that says what a user may
 */
void
rt_users_init (RtUsers *users, const RtGiven *given, const char *roles)
{
  g_autoptr (GVariant) passwords = rt_given_get (given, "users");
  g_autoptr (GVariant) words = rt_given_get (given, roles);
  GVariantIter iter;
  const char *name, *password;

  users->users = g_ptr_array_new_with_free_func (user_free);
  g_variant_iter_init (&iter, passwords);
  while (g_variant_iter_next (&iter, "(&s&s)", &name, &password))
    {
      RtUser *user = g_new0 (RtUser, 1);

      user->name = g_strdup (name);
      user->password = g_strdup (password);
      user->roles = dup_roles (words, name);
      g_ptr_array_add (users->users, user);
    }
}

void
rt_users_clear (RtUsers *users)
{
  g_ptr_array_unref (users->users);
}

/**
 * rt_users_find:
 * @users: users
 * @name: of one
 * @password: (nullable): %NULL: not looked at
 *
 * Returns: (nullable): the user
 */
const RtUser *
rt_users_find (const RtUsers *users, const char *name, const char *password)
{
  for (guint i = 0; i < users->users->len; i++)
    {
      const RtUser *user = g_ptr_array_index (users->users, i);

      if (strcmp (user->name, name) == 0
          && (password == NULL || strcmp (user->password, password) == 0))
        return user;
    }
  return NULL;
}

/**
 * rt_users_new_secret:
 * @random: where it comes from
 *
 * Makes what stands for a user from now on. The same log in every run needs the same ones in every
 * run: these keep nobody out.
 *
 * Returns: (transfer full): 32 hexadecimal digits
 */
char *
rt_users_new_secret (RtRandom *random)
{
  guint64 first = rt_random_next (random), second = rt_random_next (random);

  return g_strdup_printf ("%016" G_GINT64_MODIFIER "x%016" G_GINT64_MODIFIER "x", first, second);
}

/**
 * rt_call_dup_form_value:
 * @call: a request whose content is a form
 * @name: of a control
 *
 * Returns: (transfer full) (nullable): its value
 */
char *
rt_call_dup_form_value (const RtCall *call, const char *name)
{
  gsize length;
  const char *text
      = call->content != NULL ? g_bytes_get_data (call->content, &length) : (length = 0, NULL);

  return rt_form_dup_value ((RtText){ text, length }, name);
}

/**
 * rt_users_log_in:
 * @users: users
 * @call: a request whose content is a form with `username` and `password`
 *
 * Returns: (nullable): who it is, if the password is right
 */
const RtUser *
rt_users_log_in (const RtUsers *users, const RtCall *call)
{
  g_autofree char *name = rt_call_dup_form_value (call, "username");
  g_autofree char *password = rt_call_dup_form_value (call, "password");

  return name != NULL && password != NULL ? rt_users_find (users, name, password) : NULL;
}

/**
 * rt_user_has_role:
 * @user: a user
 * @role: a word; empty: no role is needed
 *
 * Returns: whether the user has it
 */
gboolean
rt_user_has_role (const RtUser *user, const char *role)
{
  g_auto (GStrv) words = g_strsplit (user->roles != NULL ? user->roles : "", " ", -1);

  return *role == '\0' || g_strv_contains ((const char *const *)words, role);
}

/**
 * rt_users_new_accounts:
 * @users: users
 *
 * Returns: (transfer container): as many accounts as there are users; their texts are borrowed
 */
RtAccount *
rt_users_new_accounts (const RtUsers *users)
{
  RtAccount *accounts = g_new0 (RtAccount, users->users->len + 1);

  for (guint i = 0; i < users->users->len; i++)
    {
      const RtUser *user = g_ptr_array_index (users->users, i);

      accounts[i] = (RtAccount){ user->name, user->password, user->roles, RT_TIME_NEVER };
    }
  return accounts;
}
