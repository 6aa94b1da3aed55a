/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Where in a message secrets stand: values that open doors, and what names a person. */
#pragma once

#include "rt-text.h"

G_BEGIN_DECLS

/**
 * RtSecretKind:
 * @RT_SECRET_CREDENTIALS: of Authorization and its like
 * @RT_SECRET_COOKIE: a cookie's value
 * @RT_SECRET_KEY: a key, token, code or signature, by the name it has
 * @RT_SECRET_PASSWORD: a password, by the name it has or where it stands in a URL
 * @RT_SECRET_SIGNATURE: of a JSON Web Token
 * @RT_SECRET_EMAIL: an e-mail address
 * @RT_SECRET_SUSPECTED: it looks like a token, and nothing says that it is one
 */
typedef enum
{
  RT_SECRET_CREDENTIALS,
  RT_SECRET_COOKIE,
  RT_SECRET_KEY,
  RT_SECRET_PASSWORD,
  RT_SECRET_SIGNATURE,
  RT_SECRET_EMAIL,
  RT_SECRET_SUSPECTED,
  RT_N_SECRET_KINDS,
} RtSecretKind;

/**
 * RtSecret:
 * @text: a slice of what was looked through
 * @name: what it is called there, a slice as well; may be empty
 */
typedef struct
{
  RtSecretKind kind;
  RtText text, name;
} RtSecret;

/** RtSecretFunc: told of one; slices are borrowed for the call. */
typedef void (*RtSecretFunc) (const RtSecret *secret, gpointer data);

const char *rt_secret_kind_name (RtSecretKind kind);
gboolean rt_secret_name_counts (RtText name);
gboolean rt_secret_classify (RtText name, RtText value, RtSecretKind *ret_kind);

void rt_secret_find_in_field (RtText name, RtText value, RtSecretFunc func, gpointer data);
void rt_secret_find_in_text (RtText text, RtSecretFunc func, gpointer data);
void
rt_secret_find_in_content (RtText content_type, RtText content, RtSecretFunc func, gpointer data);

G_END_DECLS
