/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Whom a resource knows that people log in to. */
#pragma once

#include "rt-authentication.h"
#include "rt-random.h"
#include "rt-resource.h"

G_BEGIN_DECLS

/**
 * RtUser:
 * @roles: (nullable): words with spaces between
 */
typedef struct
{
  char *name, *password, *roles;
} RtUser;

typedef struct
{
  GPtrArray *users; /* RtUser */
} RtUsers;

void rt_users_init (RtUsers *users, const RtGiven *given, const char *roles);
void rt_users_clear (RtUsers *users);
const RtUser *rt_users_find (const RtUsers *users, const char *name, const char *password);
const RtUser *rt_users_log_in (const RtUsers *users, const RtCall *call);
gboolean rt_user_has_role (const RtUser *user, const char *role);
RtAccount *rt_users_new_accounts (const RtUsers *users);

char *rt_users_new_secret (RtRandom *random);
char *rt_call_dup_form_value (const RtCall *call, const char *name);

/* The setting that such resources share. */
#define RT_USERS_SETTING                                                                           \
  {                                                                                                \
    "users", RT_SETTING_FIELDS, "", NULL, "name: password"                                         \
  }

G_END_DECLS
