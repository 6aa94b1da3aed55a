/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Targeted cache control, RFC 9213: the same directives in a structured field that speaks to one
 * class of caches. One that does not parse, is empty, or gives a directive an argument of another
 * type is as if it were not there. */
#include "rt-cache-directives.h"

#include "rt-structured.h"

static gboolean
takes_seconds (RtCacheDirective which)
{
  return which >= RT_CACHE_MAX_AGE;
}

static gboolean
find_directive (RtText key, RtCacheDirective *ret_which)
{
  for (guint i = 0; i < RT_CACHE_N_DIRECTIVES; i++)
    if (rt_text_is (key, rt_cache_directive_name ((RtCacheDirective)i)))
      {
        *ret_which = (RtCacheDirective)i;
        return TRUE;
      }
  return FALSE;
}

/* Of a key that comes twice the last value counts, as in every dictionary. */
static gboolean
take_member (RtCacheDirectives *directives, const RtField *field, const RtSfMember *member)
{
  const RtSfValue *value = &member->value;
  const char *end = member->key.at + member->key.length;
  RtCacheDirective which;
  RtCacheArgument a = { .field = field };

  if (!find_directive (member->key, &which))
    return TRUE;
  if (value->raw.length > 0)
    end = value->raw.at + value->raw.length;
  a.offset = (guint32)(member->key.at - field->value.at);
  a.length = (guint32)(end - member->key.at);
  if (takes_seconds (which))
    {
      if (value->type != RT_SF_INTEGER || value->number < 0)
        return which == RT_CACHE_MAX_STALE && value->type == RT_SF_BOOLEAN;
      a.has_argument = TRUE;
      a.seconds = (guint32)MIN (value->number, RT_DELTA_SECONDS_MAX);
    }
  else if (value->type == RT_SF_STRING)
    {
      a.has_argument = TRUE;
      a.argument_offset = (guint32)(value->text.at - field->value.at);
      a.argument_length = (guint32)value->text.length;
    }
  else if (value->type != RT_SF_BOOLEAN)
    return FALSE;
  else if (value->number == 0)
    a.field = NULL; /* `no-store=?0`: said not to apply */
  directives->list[which] = a;
  return TRUE;
}

/**
 * rt_cache_directives_read_targeted:
 * @directives: (out caller-allocates): what the lines of @name say together; nothing on failure
 * @fields: a field section, which has to outlive @directives unchanged
 * @name: a targeted field; lives as long as the program
 *
 * Source: RFC 9213 §2.1.
 *
 * Returns: whether there is such a field, valid and not empty
 */
gboolean
rt_cache_directives_read_targeted (RtCacheDirectives *directives,
                                   RtFields *fields,
                                   const char *name)
{
  const RtField *field;
  guint at = 0;
  guint n = 0;
  gboolean valid = TRUE;

  *directives = (RtCacheDirectives){ .fields = fields, .name = name };
  while (valid && (field = rt_fields_next (fields, name, &at)) != NULL)
    {
      g_autoptr (RtSf) sf = rt_sf_parse (field->value, RT_SF_DICTIONARY, NULL);

      valid = sf != NULL;
      for (guint i = 0; valid && i < sf->n_members; i++)
        valid = take_member (directives, field, &sf->members[i]);
      n += valid ? sf->n_members : 0;
    }
  if (valid && n > 0)
    return TRUE;
  *directives = (RtCacheDirectives){ .fields = fields, .name = name };
  return FALSE;
}
