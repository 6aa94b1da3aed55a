/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The names of a message are its field names in lower case and the cookies it carries, in order,
 * each behind a mark and before a line break: `\n:etag\n=sid\n`; `!` marks an urgency other than
 * 3. The messages of one program have few different ones, so that a table of them is short. */
#include "rt-traits.h"

#include "rt-content.h"
#include "rt-cookie.h"
#include "rt-elements.h"
#include "rt-media-type.h"
#include "rt-needle.h"
#include "rt-structured.h"

#include <string.h>

/* The head, once it was seen. */
static const RtMessage *
head_of (const RtTransfer *transfer)
{
  return transfer != NULL && transfer->has_head ? transfer->message : NULL;
}

static gboolean
has_field (const RtMessage *message, const char *name)
{
  return message != NULL && rt_fields_first (message->fields, name) != NULL;
}

/* RFC 9211 §2.1: a member of the list with the parameter `hit`. */
static gboolean
says_hit (const RtMessage *response)
{
  RtElements members = rt_elements (response->fields, "Cache-Status");
  RtText member;

  while (rt_elements_next (&members, &member))
    {
      const char *parameters = memchr (member.at, ';', member.length);
      RtParameter hit;

      if (parameters != NULL
          && rt_parameter_find (rt_text_sub (member, (gsize)(parameters - member.at),
                                             member.length - (gsize)(parameters - member.at)),
                                "hit", &hit))
        return TRUE;
    }
  return FALSE;
}

/* What the source of a reconstructed exchange says of it. Few say so, and a name that is in the
 * dictionary is in its bytes, where it is found sooner. */
static gboolean
was_from_cache (const RtExchange *exchange)
{
  static const char key[] = "from-cache";
  GVariant *facts = exchange->request != NULL ? exchange->request->facts : NULL;
  const char *cache;

  return facts != NULL
         && memmem (g_variant_get_data (facts), g_variant_get_size (facts), key, sizeof key) != NULL
         && g_variant_lookup (facts, key, "&s", &cache);
}

static RtTraitFlags
response_flags (const RtExchange *exchange, const RtMessage *response)
{
  RtTraitFlags flags = 0;

  if (response == NULL)
    return flags;
  if (response->status / 100 == 3 && has_field (response, "Location"))
    flags |= RT_TRAIT_REDIRECT;
  if (has_field (response, "Age") || says_hit (response) || was_from_cache (exchange))
    flags |= RT_TRAIT_FROM_CACHE;
  return flags;
}

static gboolean
is_coded (const RtTransfer *transfer)
{
  const RtMessage *message = head_of (transfer);

  return message != NULL
         && (transfer->decoded != 0 || message->framing == RT_FRAMING_CHUNKED
             || rt_content_is_coded (message->fields));
}

static gboolean
was_retried (const RtExchange *exchange)
{
  for (guint i = 0; exchange->decisions != NULL && i < exchange->decisions->len; i++)
    {
      const RtDecisionInfo *info = exchange->decisions->pdata[i];

      if (g_strcmp0 (rt_decision_get_rule (info->decision), "retry") == 0
          && rt_decision_get_acted (info->decision))
        return TRUE;
    }
  return FALSE;
}

static RtTraitFlags
note_flags (const RtExchange *exchange)
{
  RtTraitFlags flags = 0;

  for (guint i = 0; exchange->notes != NULL && i < exchange->notes->len; i++)
    {
      const RtNote *note = exchange->notes->pdata[i];

      if (note->severity == RT_SEVERITY_WARNING)
        flags |= RT_TRAIT_WARNING;
      if (note->severity == RT_SEVERITY_PROBLEM)
        flags |= RT_TRAIT_PROBLEM;
    }
  return flags;
}

/**
 * rt_traits_get_flags:
 * @exchange: an exchange
 *
 * Returns: what holds for it, as far as it is known
 */
RtTraitFlags
rt_traits_get_flags (const RtExchange *exchange)
{
  const RtMessage *request = head_of (exchange->request);
  const RtMessage *response = head_of (exchange->response);
  RtTraitFlags flags = response_flags (exchange, response) | note_flags (exchange);

  if (exchange->failed != NULL)
    flags |= RT_TRAIT_FAILED;
  if (exchange->reconstructed)
    flags |= RT_TRAIT_RECONSTRUCTED;
  if (request != NULL && rt_text_is (request->method, "OPTIONS")
      && has_field (request, "Access-Control-Request-Method"))
    flags |= RT_TRAIT_PREFLIGHT;
  if (g_strcmp0 (exchange->scheme, "https") == 0)
    flags |= RT_TRAIT_SECURE;
  if (was_retried (exchange))
    flags |= RT_TRAIT_RETRIED;
  if (is_coded (exchange->request))
    flags |= RT_TRAIT_REQUEST_CODED;
  if (is_coded (exchange->response))
    flags |= RT_TRAIT_RESPONSE_CODED;
  return flags;
}

/**
 * rt_traits_get_media_type:
 * @ret_essence: (out): `type/subtype` as the response says it, borrowed
 *
 * Returns: %FALSE if it says none
 */
gboolean
rt_traits_get_media_type (const RtExchange *exchange, RtText *ret_essence)
{
  const RtMessage *response = head_of (exchange->response);
  const RtField *field
      = response != NULL ? rt_fields_first (response->fields, "Content-Type") : NULL;
  RtMediaType type;

  if (field == NULL || !rt_media_type_parse (field->value, &type))
    return FALSE;
  *ret_essence = type.essence;
  return TRUE;
}

/**
 * rt_traits_get_urgency:
 * @request: fields of a request
 *
 * Returns: the urgency that its Priority field asks for, RFC 9218 §4.1; 3 where it says none
 */
guint
rt_traits_get_urgency (RtFields *request)
{
  g_autofree char *value = rt_fields_dup_combined (request, "Priority");
  g_autoptr (RtSf) priority
      = value != NULL ? rt_sf_parse (rt_text (value), RT_SF_DICTIONARY, NULL) : NULL;
  const RtSfValue *urgency = priority != NULL ? rt_sf_find (priority, "u") : NULL;

  return urgency != NULL && urgency->type == RT_SF_INTEGER && urgency->number >= 0
                 && urgency->number <= 7
             ? (guint)urgency->number
             : 3;
}

static void
put_name (GString *names, char mark, RtText name, gboolean lower)
{
  gsize start = names->len + 1;

  if (memchr (name.at, '\n', name.length) != NULL)
    return;
  g_string_append_c (names, mark);
  g_string_append_len (names, name.at, (gssize)name.length);
  g_string_append_c (names, '\n');
  for (gsize i = start; lower && i < names->len; i++)
    if (names->str[i] >= 'A' && names->str[i] <= 'Z')
      names->str[i] += 'a' - 'A';
}

static void
put_cookies (GString *names, const RtField *field)
{
  RtText rest = field->value;
  RtText name, value;
  RtSetCookie cookie;

  if (rt_text_is_nocase (field->name, "Cookie"))
    while (rt_cookie_pair_next (&rest, &name, &value))
      put_name (names, '=', name, FALSE);
  else if (rt_text_is_nocase (field->name, "Set-Cookie")
           && rt_set_cookie_parse (field->value, &cookie) == RT_SET_COOKIE_TAKEN)
    put_name (names, '=', cookie.name, FALSE);
}

static void
put_urgency (GString *names, const RtMessage *message)
{
  guint urgency = 3;

  if (message->kind == RT_MESSAGE_REQUEST && has_field (message, "Priority"))
    urgency = rt_traits_get_urgency (message->fields);
  if (urgency != 3)
    g_string_append_printf (names, "!%u\n", urgency);
}

/**
 * rt_traits_write_names:
 * @transfer: (nullable): a message
 * @names: replaced by the names of its fields and cookies, for rt_traits_names_contain()
 *
 * Returns: %FALSE as long as its head is not known
 */
gboolean
rt_traits_write_names (const RtTransfer *transfer, GString *names)
{
  const RtMessage *message = head_of (transfer);

  g_string_assign (names, "\n");
  if (message == NULL)
    return FALSE;
  for (guint i = 0; i < rt_fields_get_length (message->fields); i++)
    {
      const RtField *field = rt_fields_get (message->fields, i);
      gsize before = names->len;

      put_name (names, ':', field->name, TRUE);
      put_cookies (names, field);
      if (names->len <= RT_TRAIT_NAMES_MAX)
        continue;
      g_string_truncate (names, before);
      break;
    }
  put_urgency (names, message);
  return TRUE;
}

/**
 * rt_traits_dup_names:
 * @transfer: (nullable): a message
 *
 * Returns: (transfer full) (nullable): its names, as rt_traits_write_names() has them
 */
char *
rt_traits_dup_names (const RtTransfer *transfer)
{
  g_autoptr (GString) names = g_string_new (NULL);

  return rt_traits_write_names (transfer, names) ? g_strdup (names->str) : NULL;
}

/**
 * rt_traits_names_contain:
 * @names: (nullable): of rt_traits_dup_names()
 * @mark: `:` for a field, `=` for a cookie, `!` for an urgency
 * @pattern: a name, in lower case for a field; `*` stands for anything
 */
gboolean
rt_traits_names_contain (const char *names, char mark, const char *pattern)
{
  for (const char *at = names; at != NULL && (at = strchr (at, '\n')) != NULL && at[1] != '\0';)
    {
      const char *end = strchr (++at, '\n');

      if (end == NULL)
        break;
      if (*at == mark && rt_pattern_matches (pattern, (RtText){ at + 1, (gsize)(end - at) - 1 }))
        return TRUE;
      at = end;
    }
  return FALSE;
}
