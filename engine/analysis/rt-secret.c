/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Names decide: what is called a token is one, whatever it looks like. Names are compared without
 * case and punctuation: `X-Api-Key`, `apiKey` and `api_key` are one. */
#include "rt-secret.h"

#include "rt-cookie.h"
#include "rt-list.h"
#include "rt-media-type.h"

#include <string.h>

/** FOLDED_MAX: longer names are nobody's. */
#define FOLDED_MAX 64
/** DOUBTFUL_MIN: a shorter value with a doubtful name is no secret. */
#define DOUBTFUL_MIN 10

static const char *const kind_names[RT_N_SECRET_KINDS] = {
  [RT_SECRET_CREDENTIALS] = "credentials",
  [RT_SECRET_COOKIE] = "cookie",
  [RT_SECRET_KEY] = "key",
  [RT_SECRET_PASSWORD] = "password",
  [RT_SECRET_SIGNATURE] = "signature",
  [RT_SECRET_EMAIL] = "e-mail address",
  [RT_SECRET_SUSPECTED] = "suspected",
};

const char *
rt_secret_kind_name (RtSecretKind kind)
{
  return kind_names[kind];
}

/* Letters and digits alone, in lower case. FALSE: too long or nothing. */
static gboolean
fold_name (RtText name, char folded[FOLDED_MAX + 1])
{
  gsize n = 0;

  for (gsize i = 0; i < name.length; i++)
    if (g_ascii_isalnum (name.at[i]))
      {
        if (n == FOLDED_MAX)
          return FALSE;
        folded[n++] = g_ascii_tolower (name.at[i]);
      }
  folded[n] = '\0';
  return n > 0;
}

static gboolean
is_one_of (const char *folded, const char *const *names)
{
  return g_strv_contains (names, folded);
}

static gboolean
contains_one_of (const char *folded, const char *const *parts)
{
  for (guint i = 0; parts[i] != NULL; i++)
    if (strstr (folded, parts[i]) != NULL)
      return TRUE;
  return FALSE;
}

static gboolean
name_is_password (RtText name)
{
  static const char *const whole[] = { "pass", "pwd", "pin", "otp", "cvv", "cvc", "ssn", NULL };
  static const char *const parts[]
      = { "password", "passwd", "passphrase", "passcode", "kennwort", "cardnumber", NULL };
  char folded[FOLDED_MAX + 1];

  return fold_name (name, folded) && (is_one_of (folded, whole) || contains_one_of (folded, parts));
}

static gboolean
name_is_key (RtText name)
{
  /* Those that have the word in them and are none. */
  static const char *const harmless[] = { "tokentype",
                                          "tokenendpoint",
                                          "secwebsocketkey",
                                          "idempotencykey",
                                          "authorizationendpoint",
                                          "accesscontrolallowcredentials",
                                          "credentialsmode",
                                          "signatureinput",
                                          "acceptsignature",
                                          NULL };
  static const char *const whole[] = { "sig", "sid", "jwt", "hmac", "assertion", "sessid", NULL };
  static const char *const parts[]
      = { "token",     "secret",        "apikey",          "accesskey",  "privatekey",
          "authkey",   "signingkey",    "encryptionkey",   "credential", "signature",
          "sessionid", "sessionkey",    "phpsessid",       "jsessionid", "csrf",
          "xsrf",      "authorization", "subscriptionkey", "licensekey", NULL };
  char folded[FOLDED_MAX + 1];

  return fold_name (name, folded) && !is_one_of (folded, harmless)
         && (is_one_of (folded, whole) || contains_one_of (folded, parts));
}

static void
tell (RtSecretKind kind, RtText name, RtText text, RtSecretFunc func, gpointer data)
{
  const RtSecret secret = { kind, text, name };

  if (text.length > 0)
    func (&secret, data);
}

/* `4/P7q7W91a-oMsCe` rather than `404` or `no such thing`. */
static gboolean
looks_made_up (RtText value)
{
  gboolean digit = FALSE;

  for (gsize i = 0; i < value.length; i++)
    {
      if (g_ascii_isspace (value.at[i]))
        return FALSE;
      digit |= g_ascii_isdigit (value.at[i]);
    }
  return digit && value.length >= DOUBTFUL_MIN;
}

/* What is called so may be a secret, and more often is not: `"code": 404`. */
static gboolean
name_is_doubtful (RtText name)
{
  static const char *const names[] = { "key", "code", "auth", NULL };
  char folded[FOLDED_MAX + 1];

  return fold_name (name, folded) && is_one_of (folded, names);
}

/**
 * rt_secret_name_counts:
 *
 * Returns: whether what is called so may be a secret
 */
gboolean
rt_secret_name_counts (RtText name)
{
  return name.length > 0
         && (name_is_password (name) || name_is_key (name) || name_is_doubtful (name));
}

/**
 * rt_secret_classify:
 * @name: what @value is called
 *
 * Returns: whether @value is a secret by its name; *@ret_kind is what kind of
 */
gboolean
rt_secret_classify (RtText name, RtText value, RtSecretKind *ret_kind)
{
  if (name_is_password (name))
    *ret_kind = RT_SECRET_PASSWORD;
  else if (name_is_key (name) || (name_is_doubtful (name) && looks_made_up (value)))
    *ret_kind = RT_SECRET_KEY;
  else
    return FALSE;
  return value.length > 0;
}

/* Fields */

/* Parameters that say how, not who: `realm`, `algorithm`. */
static gboolean
is_open_parameter (RtText name)
{
  static const char *const names[]
      = { "realm", "algorithm", "qop", "nc", "charset", "scope", "error", NULL };
  char folded[FOLDED_MAX + 1];

  return fold_name (name, folded) && is_one_of (folded, names);
}

/* `Digest username="ann", response="…"`: each parameter for itself. */
static void
find_in_parameters (RtText rest, RtSecretFunc func, gpointer data)
{
  RtText element;

  while (rt_list_next (&rest, &element))
    {
      RtParameter parameter = rt_parameter_parse (element);

      if (parameter.kind == RT_PARAMETER_MALFORMED)
        tell (RT_SECRET_CREDENTIALS, RT_TEXT_NONE, element, func, data);
      else if (!is_open_parameter (parameter.name))
        tell (RT_SECRET_CREDENTIALS, parameter.name,
              parameter.kind == RT_PARAMETER_FLAG ? parameter.name : parameter.value, func, data);
    }
}

/* RFC 9110 §11.4: a scheme, then one token68 or a list of parameters. */
static void
find_credentials (RtText name, RtText value, RtSecretFunc func, gpointer data)
{
  gssize space = rt_text_find (value, rt_text (" "));
  RtText rest;
  gssize equals;

  if (space < 0)
    {
      tell (RT_SECRET_CREDENTIALS, name, value, func, data);
      return;
    }
  rest = rt_text_trim (rt_text_sub (value, (gsize)space, value.length - (gsize)space));
  equals = rt_text_find (rest, rt_text ("="));
  /* A token68 may end in `=` and nothing follows. */
  if (equals > 0 && (gsize)equals + 1 < rest.length && rest.at[equals + 1] != '=')
    find_in_parameters (rest, func, data);
  else
    tell (RT_SECRET_CREDENTIALS, rt_text_sub (value, 0, (gsize)space), rest, func, data);
}

static void
find_cookies (RtText value, RtSecretFunc func, gpointer data)
{
  RtText name, cookie;

  for (RtText rest = value; rt_cookie_pair_next (&rest, &name, &cookie);)
    tell (RT_SECRET_COOKIE, name, cookie, func, data);
}

static void
find_set_cookie (RtText value, RtSecretFunc func, gpointer data)
{
  RtSetCookie cookie;

  if (rt_set_cookie_parse (value, &cookie) == RT_SET_COOKIE_TAKEN)
    tell (RT_SECRET_COOKIE, cookie.name, cookie.value, func, data);
  else /* what no browser takes may hold a secret all the same */
    tell (RT_SECRET_COOKIE, RT_TEXT_NONE, value, func, data);
}

/* Long values that are open by what the field is for. */
static gboolean
is_open_field (RtText name)
{
  static const char *const names[] = { "etag",
                                       "ifmatch",
                                       "ifnonematch",
                                       "ifrange",
                                       "date",
                                       "lastmodified",
                                       "expires",
                                       "contentsecuritypolicy",
                                       "reportto",
                                       "nel",
                                       "secwebsocketkey",
                                       "secwebsocketaccept",
                                       "contentdigest",
                                       "reprdigest",
                                       "digest",
                                       "useragent",
                                       "secchua",
                                       "permissionspolicy",
                                       "traceparent",
                                       "contenttype",
                                       "accept",
                                       "vary",
                                       "altsvc",
                                       "link",
                                       "server",
                                       "via",
                                       "idempotencykey",
                                       NULL };
  char folded[FOLDED_MAX + 1];

  return fold_name (name, folded) && is_one_of (folded, names);
}

typedef struct
{
  RtSecretFunc func;
  gpointer data;
  gboolean open;
} FieldContext;

static void
pass_on (const RtSecret *secret, gpointer data)
{
  const FieldContext *context = data;

  if (secret->kind != RT_SECRET_SUSPECTED || !context->open)
    context->func (secret, context->data);
}

/**
 * rt_secret_find_in_field:
 *
 * Tells of the secrets in a field's value.
 */
void
rt_secret_find_in_field (RtText name, RtText value, RtSecretFunc func, gpointer data)
{
  FieldContext context = { func, data, is_open_field (name) };
  RtSecretKind kind;

  if (rt_text_is_nocase (name, "cookie"))
    find_cookies (value, func, data);
  else if (rt_text_is_nocase (name, "set-cookie"))
    find_set_cookie (value, func, data);
  else if (rt_text_is_nocase (name, "www-authenticate")
           || rt_text_is_nocase (name, "proxy-authenticate"))
    return; /* a challenge asks for credentials and holds none */
  else if (rt_text_is_nocase (name, "authorization")
           || rt_text_is_nocase (name, "proxy-authorization"))
    find_credentials (name, value, func, data);
  else if (rt_secret_classify (name, value, &kind))
    tell (kind, name, value, func, data);
  else
    rt_secret_find_in_text (value, pass_on, &context);
}

/* Content */

/* One part of a form: its name is in its Content-Disposition, RFC 7578 §4.2. */
static void
find_in_part (RtText part, RtSecretFunc func, gpointer data)
{
  gssize end = rt_text_find (part, rt_text ("\r\n\r\n"));
  RtText head = rt_text_sub (part, 0, end > 0 ? (gsize)end : 0);
  gssize at = rt_text_find (head, rt_text (" name=\""));
  RtSecretKind kind;
  RtText body, name;
  gssize quote;

  if (end < 0)
    return;
  body = rt_text_sub (part, (gsize)end + 4, part.length - (gsize)end - 4);
  if (body.length >= 2 && memcmp (body.at + body.length - 2, "\r\n", 2) == 0)
    body.length -= 2;
  if (at < 0)
    return;
  name = rt_text_sub (head, (gsize)at + 7, head.length - (gsize)at - 7);
  quote = rt_text_find (name, rt_text ("\""));
  name.length = quote >= 0 ? (gsize)quote : name.length;
  if (rt_secret_classify (name, body, &kind))
    tell (kind, name, body, func, data);
}

static void
find_in_multipart (RtText boundary, RtText content, RtSecretFunc func, gpointer data)
{
  g_autofree char *delimiter = g_strdup_printf ("--%.*s", (int)boundary.length, boundary.at);
  gssize begin = rt_text_find (content, rt_text (delimiter));

  while (begin >= 0)
    {
      gsize from = (gsize)begin + strlen (delimiter);
      RtText rest = rt_text_sub (content, from, content.length - from);
      gssize end = rt_text_find (rest, rt_text (delimiter));

      if (end < 0)
        return;
      find_in_part (rt_text_sub (rest, 0, (gsize)end), func, data);
      begin = (gssize)from + end;
    }
}

/**
 * rt_secret_find_in_content:
 * @content_type: the field's value; may be empty
 * @content: transfer and content codings undone
 *
 * Tells of the secrets in a message's content.
 */
void
rt_secret_find_in_content (RtText content_type, RtText content, RtSecretFunc func, gpointer data)
{
  RtMediaType type;
  RtParameter boundary;

  if (rt_media_type_parse (content_type, &type) && rt_media_type_is (&type, "multipart/form-data")
      && rt_mime_type_find_parameter (&type, "boundary", &boundary) && boundary.value.length > 0)
    find_in_multipart (boundary.value, content, func, data);
  rt_secret_find_in_text (content, func, data);
}
