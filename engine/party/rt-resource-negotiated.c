/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The resource kind `negotiated`: several representations of one thing, of which each client gets
 * the one that it likes best. */
#include "rt-resource-kinds.h"

#include "rt-gzip.h"
#include "rt-methods.h"
#include "rt-negotiate.h"
#include "rt-representation.h"

static const char *const columns[]
    = { "content", "type", "language", "encoding", "location", NULL };
static const char *const otherwise[] = { "first", "406", NULL };

static char *
dup_column (GVariant *row, const char *name)
{
  const char *value;

  return g_variant_lookup (row, name, "&s", &value) ? g_strdup (value) : NULL;
}

static gboolean
check_variants (const RtSetting *setting, GVariant *value, GError **error)
{
  static const char *const codings[] = { "gzip", "identity", NULL };
  gsize n = g_variant_n_children (value);

  if (n > RT_NEGOTIATE_MAX)
    {
      rt_set_error (error, RT_ERROR_LIMIT, NULL, NULL, "there can't be more than %d variants",
                    RT_NEGOTIATE_MAX);
      return FALSE;
    }
  for (gsize i = 0; i < n; i++)
    {
      g_autoptr (GVariant) row = g_variant_get_child_value (value, i);
      g_autofree char *coding = dup_column (row, "encoding");

      if (coding == NULL || g_strv_contains (codings, coding))
        continue;
      rt_set_unknown (error, NULL, "encoding of a variant", coding, codings,
                      G_N_ELEMENTS (codings) - 1);
      return FALSE;
    }
  return TRUE;
}

/* clang-format off */
static const RtSetting settings[] = {
  { "variants", RT_SETTING_ROWS, "", columns, "the representations, the server's favourite first; needed. `type` is a media type, `language` a tag such as en-GB, `encoding` gzip or identity (the content is written plainly, and compressed by the server), `location` a path that names this one alone", check_variants },
  { "otherwise", RT_SETTING_CHOICE, "first", otherwise, "what a client gets to whom none is acceptable: the first one all the same, or 406 with a list" },
  { "send-vary", RT_SETTING_BOOLEAN, "true", NULL, "Vary names what the choice was made by" },
  { "validators", RT_SETTING_CHOICE, "etag", rt_validator_choices, "what names a version to clients" },
  { "etag-per-variant", RT_SETTING_BOOLEAN, "true", NULL, "each representation has an entity tag of its own; false is an error that servers make" },
};
/* clang-format on */

typedef struct
{
  char *type, *language, *coding, *location;
  GBytes *content;
} Variant;

typedef struct
{
  GPtrArray *variants; /* Variant */
  RtVariant list[RT_NEGOTIATE_MAX];
  gboolean strict, vary, etag_per_variant;
  RtValidatorPolicy validators;
  RtTime start;
} Negotiated;

static void
variant_free (gpointer data)
{
  Variant *variant = data;

  g_clear_pointer (&variant->content, g_bytes_unref);
  g_free (variant->type);
  g_free (variant->language);
  g_free (variant->coding);
  g_free (variant->location);
  g_free (variant);
}

static void
negotiated_free (gpointer self)
{
  Negotiated *negotiated = self;

  g_ptr_array_unref (negotiated->variants);
  g_free (negotiated);
}

static Variant *
variant_new (GVariant *row)
{
  g_autofree char *text = dup_column (row, "content");
  Variant *variant = g_new0 (Variant, 1);

  variant->type = dup_column (row, "type");
  variant->language = dup_column (row, "language");
  variant->coding = dup_column (row, "encoding");
  variant->location = dup_column (row, "location");
  variant->content = g_bytes_new (text != NULL ? text : "", text != NULL ? strlen (text) : 0);
  if (g_strcmp0 (variant->coding, "gzip") == 0)
    {
      GBytes *plain = variant->content;

      variant->content = rt_gzip (plain);
      g_bytes_unref (plain);
    }
  return variant;
}

static gpointer
create (const char *path, const RtGiven *given, GError **error)
{
  g_autoptr (GVariant) rows = rt_given_get (given, "variants");
  gsize n = g_variant_n_children (rows);
  Negotiated *negotiated;

  if (n == 0)
    {
      rt_set_error (error, RT_ERROR_SYNTAX, NULL,
                    "“variants:”, a list of mappings with content and type", "%s has no variants",
                    path);
      return NULL;
    }
  negotiated = g_new0 (Negotiated, 1);
  negotiated->variants = g_ptr_array_new_with_free_func (variant_free);
  negotiated->strict = rt_given_get_choice (given, "otherwise") == 1;
  negotiated->vary = rt_given_get_boolean (given, "send-vary");
  negotiated->etag_per_variant = rt_given_get_boolean (given, "etag-per-variant");
  negotiated->validators = rt_validator_policy_read (given);
  for (gsize i = 0; i < n; i++)
    {
      g_autoptr (GVariant) row = g_variant_get_child_value (rows, i);
      Variant *variant = variant_new (row);

      g_ptr_array_add (negotiated->variants, variant);
      negotiated->list[i] = (RtVariant){ rt_text (variant->type), rt_text (variant->language),
                                         rt_text (variant->coding) };
    }
  return negotiated;
}

static void
announce (gpointer self, RtTime now, RtEffects *out)
{
  Negotiated *negotiated = self;

  negotiated->start = now;
}

/* RFC 9110 §15.5.7: what there is, for the user to choose from. */
static void
answer_not_acceptable (const Negotiated *negotiated, const char *vary, RtReply *reply)
{
  RtMessage *response = rt_reply_new_response (406);
  GString *text = g_string_new ("There is only:\n");

  for (guint i = 0; i < negotiated->variants->len; i++)
    {
      const Variant *variant = g_ptr_array_index (negotiated->variants, i);

      g_string_append_printf (text, "%s %s %s %s\n", variant->type != NULL ? variant->type : "-",
                              variant->language != NULL ? variant->language : "-",
                              variant->coding != NULL ? variant->coding : "identity",
                              variant->location != NULL ? variant->location : "-");
    }
  if (vary != NULL)
    rt_fields_append (response->fields, "Vary", vary);
  rt_reply_with_text (reply, response, text->str);
  g_string_free (text, TRUE);
}

static void
answer (const Negotiated *negotiated, const RtCall *call, RtReply *reply, RtEffects *out)
{
  g_autoptr (RtDecision) why = rt_decision_new ();
  RtNegotiation choice = rt_negotiate_decide (call->request, negotiated->list,
                                              negotiated->variants->len, negotiated->strict, why);
  const Variant *variant = g_ptr_array_index (negotiated->variants, choice.chosen);
  g_autofree char *vary = negotiated->vary ? rt_negotiation_vary (&choice) : NULL;
  g_autofree char *etag
      = g_strdup_printf (negotiated->etag_per_variant ? "%s\"1-%u\"" : "%s\"1\"",
                         negotiated->validators.weak ? "W/" : "", choice.chosen + 1);
  gboolean coded = g_strcmp0 (variant->coding, "gzip") == 0;

  rt_effects_decide (out, rt_decision_ref (why), TRUE);
  if (choice.verdict == RT_NEGOTIATION_NOT_ACCEPTABLE)
    {
      answer_not_acceptable (negotiated, vary, reply);
      return;
    }
  rt_reply_with_representation (
      reply,
      &(RtRepresentation){ .content = variant->content,
                           .content_type = variant->type,
                           .language = variant->language,
                           .coding = coded ? variant->coding : NULL,
                           .location = variant->location,
                           .vary = vary,
                           .etag = negotiated->validators.etag ? etag : NULL,
                           .has_modified = negotiated->validators.last_modified,
                           .modified = negotiated->start },
      call, out);
}

static void
handle (gpointer self, const RtCall *call, RtReply *reply, RtEffects *out)
{
  if (rt_method_is_read (call->request->method))
    answer (self, call, reply, out);
  else
    rt_reply_with_allow (reply, rt_call_is (call, "OPTIONS"), "GET, HEAD, OPTIONS");
}

const RtResourceKind rt_negotiated_kind = {
  .name = "negotiated",
  .summary = "several representations of one thing, by media type, language and encoding",
  .notes = "GET, HEAD and OPTIONS.",
  .settings = settings,
  .n_settings = G_N_ELEMENTS (settings),
  .create = create,
  .announce = announce,
  .handle = handle,
  .free = negotiated_free,
};
