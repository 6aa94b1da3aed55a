/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * WWW-Authenticate, Authorization and their Proxy- twins. A comma separates challenges as well as
 * parameters of one challenge: which it is, is told by what follows it (RFC 9110 §11.6.1). */
#include "rt-authenticate.h"

#include "rt-base64.h"

static gboolean
is_token68_char (char c)
{
  return g_ascii_isalnum (c) || (c != '\0' && strchr ("-._~+/", c) != NULL);
}

/* token68 = 1*( ALPHA / DIGIT / "-" / "." / "_" / "~" / "+" / "/" ) *"=" */
static gboolean
is_token68 (RtText text)
{
  RtText rest = text;

  if (rt_take_while (&rest, is_token68_char).length == 0)
    return FALSE;
  while (rt_take_char (&rest, '='))
    ;
  return rest.length == 0;
}

/* Whether a list element is a parameter rather than the start of a challenge: `name=…`, with "bad"
 * white space allowed around the sign. `Basic =` is none of either and counts as a parameter. */
static gboolean
is_parameter (RtText element)
{
  rt_take_token (&element);
  rt_take_ows (&element);
  return rt_peek (element) == '=';
}

/* Fills in what stands behind the scheme on the challenge's first list element. */
static void
read_first_element (RtChallenge *challenge, RtText element)
{
  RtText rest = element;

  challenge->scheme = rt_take_token (&rest);
  if (challenge->scheme.length == 0 || (rest.length > 0 && rt_take_ows (&rest) == 0))
    challenge->malformed = TRUE;
  else if (rest.length > 0)
    {
      RtParameter p = rt_parameter_parse_spaced (rest);

      /* `a=` is a token68 with padding, `a=b` a parameter; a word alone is a token68. */
      if (is_token68 (rest))
        challenge->token68 = rest;
      else
        challenge->parameters = rest;
      challenge->malformed = challenge->token68.at == NULL && p.kind != RT_PARAMETER_TOKEN
                             && p.kind != RT_PARAMETER_QUOTED;
    }
}

/**
 * rt_challenge_next:
 * @rest: (inout): cursor; starts as the field value
 * @ret_challenge: (out): the next challenge, perhaps a malformed one
 *
 * Returns: %FALSE at the end
 */
gboolean
rt_challenge_next (RtText *rest, RtChallenge *ret_challenge)
{
  RtChallenge challenge = { 0 };
  RtText element;

  if (!rt_list_next (rest, &element))
    return FALSE;
  challenge.whole = element;
  read_first_element (&challenge, element);
  for (RtText ahead = *rest; rt_list_next (&ahead, &element) && is_parameter (element);
       *rest = ahead)
    {
      if (challenge.parameters.at == NULL)
        challenge.parameters = element;
      if (challenge.token68.at != NULL)
        challenge.malformed = TRUE;
      challenge.parameters.length = (gsize)(element.at + element.length - challenge.parameters.at);
      challenge.whole.length = (gsize)(element.at + element.length - challenge.whole.at);
    }
  *ret_challenge = challenge;
  return TRUE;
}

/**
 * rt_credentials_parse:
 * @value: the value of Authorization
 * @ret_credentials: (out): untouched on failure
 *
 * Returns: whether it is one set of credentials and nothing else
 */
gboolean
rt_credentials_parse (RtText value, RtChallenge *ret_credentials)
{
  RtChallenge credentials, more;

  if (!rt_challenge_next (&value, &credentials) || credentials.malformed
      || rt_challenge_next (&value, &more))
    return FALSE;
  *ret_credentials = credentials;
  return TRUE;
}

/**
 * rt_auth_parameter_next:
 * @rest: (inout): cursor; starts as #RtChallenge.parameters
 * @ret_parameter: (out): the next parameter, perhaps a malformed one
 *
 * Returns: %FALSE at the end
 */
gboolean
rt_auth_parameter_next (RtText *rest, RtParameter *ret_parameter)
{
  RtText element;

  if (!rt_list_next (rest, &element))
    return FALSE;
  *ret_parameter = rt_parameter_parse_spaced (element);
  return TRUE;
}

/**
 * rt_challenge_find:
 * @challenge: a challenge
 * @name: of a parameter; case is ignored
 * @ret_parameter: (out): the first well-formed one of that name
 *
 * Returns: whether there is one
 */
gboolean
rt_challenge_find (const RtChallenge *challenge, const char *name, RtParameter *ret_parameter)
{
  RtText rest = challenge->parameters;
  RtParameter p;

  while (rt_auth_parameter_next (&rest, &p))
    if (p.kind != RT_PARAMETER_MALFORMED && rt_text_is_nocase (p.name, name))
      {
        *ret_parameter = p;
        return TRUE;
      }
  return FALSE;
}

/**
 * rt_basic_credentials_parse:
 * @credentials: of the scheme Basic
 * @ret_user, @ret_password: (out) (transfer full): untouched on failure
 *
 * Source: RFC 7617 §2: the first colon separates; the user may be empty, control characters are
 * refused.
 *
 * Returns: whether they can be read
 */
gboolean
rt_basic_credentials_parse (const RtChallenge *credentials, char **ret_user, char **ret_password)
{
  g_autoptr (GBytes) bytes = NULL;
  RtText plain;
  gssize colon;

  if (!rt_text_is_nocase (credentials->scheme, "Basic"))
    return FALSE;
  bytes = rt_base64_decode (credentials->token68, RT_BASE64_LOOSE);
  if (bytes == NULL)
    return FALSE;
  plain.at = g_bytes_get_data (bytes, &plain.length);
  for (gsize i = 0; i < plain.length; i++)
    if (g_ascii_iscntrl (plain.at[i]))
      return FALSE;
  colon = rt_text_find (plain, RT_TEXT (":"));
  if (colon < 0)
    return FALSE;
  *ret_user = rt_text_dup (rt_text_sub (plain, 0, (gsize)colon));
  *ret_password
      = rt_text_dup (rt_text_sub (plain, (gsize)colon + 1, plain.length - (gsize)colon - 1));
  return TRUE;
}

/**
 * rt_basic_credentials_format:
 * @user: without a colon
 * @password: any text
 *
 * Returns: (transfer full): `Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==`
 */
char *
rt_basic_credentials_format (const char *user, const char *password)
{
  g_autofree char *plain = g_strconcat (user, ":", password, NULL);
  g_autofree char *encoded = rt_base64_encode (rt_text (plain), RT_BASE64_STRICT);

  return g_strconcat ("Basic ", encoded, NULL);
}
