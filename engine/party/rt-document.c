/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The resource kind `document`.
 *
 * Each change makes a new version with the next number, which never comes back, not even after a
 * DELETE; the entity tag is that number. A request is taken in this order (RFC 9110 §13.2.1): what
 * would the answer be without preconditions; do those let it through; then it is carried out. With
 * `atomic: false` time passes between the second and the third, as it does in a server that checks
 * and then saves: two racing changes pass the check both, and one is lost. */
#include "rt-document.h"

#include "rt-date.h"
#include "rt-list.h"
#include "rt-media-type.h"
#include "rt-merge-patch.h"
#include "rt-preconditions.h"
#include "rt-representation.h"

#define MERGE_PATCH "application/merge-patch+json"
#define STAGE_SAVE 1

static const char *const require_choices[] = { "nothing", "if-match", NULL };

/* clang-format off */
static const RtSetting settings[] = {
  { "content", RT_SETTING_TEXT, "", NULL, "its text at the beginning; where it is not given there is none yet" },
  { "content-type", RT_SETTING_TEXT, "text/plain; charset=utf-8", NULL, "its media type at the beginning; a JSON type can be patched" },
  { "validators", RT_SETTING_CHOICE, "both", rt_validator_choices, "what names a version to clients: ETag, Last-Modified, both or none" },
  { "require", RT_SETTING_CHOICE, "nothing", require_choices, "if-match: a change without If-Match is refused with 428" },
  { "atomic", RT_SETTING_BOOLEAN, "true", NULL, "false: the check and the save are two steps, with time between them" },
  { "save-delay", RT_SETTING_DURATION, "50ms", NULL, "with atomic: false, the time between check and save" },
  { "normalise", RT_SETTING_BOOLEAN, "false", NULL, "text is trimmed and ends with a line break before it is stored" },
};
/* clang-format on */

typedef struct
{
  char *path;
  GBytes *content; /* NULL: no current representation */
  char *content_type;
  guint64 version;
  RtTime modified;
  gboolean changed_twice;
  RtValidatorPolicy validators;
  gboolean require_if_match, atomic, normalise;
  RtTime save_delay;
} Document;

/* What a request asks for, once it is understood. */
typedef struct
{
  guint status; /* of the answer if preconditions let it through */
  const char *problem;
  GBytes *content; /* PUT, PATCH: what is to be stored; NULL: DELETE */
  char *content_type;
  gboolean changes, transformed;
} Plan;

static gpointer
create (const char *path, const RtGiven *given, GError **error)
{
  Document *document = g_new0 (Document, 1);

  document->path = g_strdup (path);
  document->content_type = rt_given_dup_text (given, "content-type");
  document->validators = rt_validator_policy_read (given);
  document->require_if_match = rt_given_get_choice (given, "require") == 1;
  document->atomic = rt_given_get_boolean (given, "atomic");
  document->normalise = rt_given_get_boolean (given, "normalise");
  document->save_delay = rt_given_get_number (given, "save-delay");
  document->modified = G_MININT64;
  if (rt_given_has (given, "content"))
    {
      document->content = rt_given_dup_bytes (given, "content");
      document->version = 1;
    }
  return document;
}

static void
document_free (gpointer self)
{
  Document *document = self;

  g_clear_pointer (&document->content, g_bytes_unref);
  g_free (document->content_type);
  g_free (document->path);
  g_free (document);
}

static void
clear_plan (Plan *plan)
{
  g_clear_pointer (&plan->content, g_bytes_unref);
  g_clear_pointer (&plan->content_type, g_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Plan, clear_plan)

static void
plan_free (gpointer plan)
{
  clear_plan (plan);
  g_free (plan);
}

static char *
dup_etag (Document *document)
{
  return g_strdup_printf ("%s\"%" G_GUINT64_FORMAT "\"", document->validators.weak ? "W/" : "",
                          document->version);
}

static GVariant *
content_variant (GBytes *content)
{
  gsize length;
  const char *text = g_bytes_get_data (content, &length);

  if (length == 0 || g_utf8_validate (text, (gssize)length, NULL))
    return g_variant_new_take_string (g_strndup (text != NULL ? text : "", length));
  return g_variant_new_from_bytes (G_VARIANT_TYPE_BYTESTRING, content, TRUE);
}

static void
show (Document *document, RtEffects *out)
{
  g_auto (GVariantBuilder) state = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);
  g_autofree char *etag = dup_etag (document);

  if (document->content == NULL)
    {
      rt_effects_state (out, "version", document->path, NULL);
      return;
    }
  g_variant_builder_add (&state, "{sv}", "version",
                         g_variant_new_int64 ((gint64)document->version));
  if (document->validators.etag)
    g_variant_builder_add (&state, "{sv}", "etag", g_variant_new_string (etag));
  g_variant_builder_add (&state, "{sv}", "content", content_variant (document->content));
  rt_effects_state (out, "version", document->path, g_variant_builder_end (&state));
}

static void
announce (gpointer self, RtTime now, RtEffects *out)
{
  Document *document = self;

  if (document->content == NULL)
    return;
  if (document->modified == G_MININT64)
    document->modified = now;
  show (document, out);
}

/* What the answer would be. */

static gboolean
is_json (const char *content_type)
{
  RtMediaType type;

  return rt_media_type_parse (rt_text (content_type), &type)
         && (rt_media_type_is (&type, "application/json")
             || (rt_text_is_nocase (type.type, "application") && type.subtype.length > 5
                 && rt_text_is_nocase (rt_text_sub (type.subtype, type.subtype.length - 5, 5),
                                       "+json")));
}

static GBytes *
normalise (Document *document, GBytes *content, gboolean *ret_transformed)
{
  gsize length;
  const char *text = g_bytes_get_data (content, &length);
  gsize start = 0;
  GString *stored;

  *ret_transformed = FALSE;
  if (!document->normalise || length == 0)
    return g_bytes_ref (content);
  while (start < length && g_ascii_isspace (text[start]))
    start++;
  stored = g_string_new_len (text + start, (gssize)(length - start));
  while (stored->len > 0 && g_ascii_isspace (stored->str[stored->len - 1]))
    g_string_truncate (stored, stored->len - 1);
  g_string_append_c (stored, '\n');
  *ret_transformed
      = !rt_text_equal ((RtText){ stored->str, stored->len }, (RtText){ text, length });
  return g_string_free_to_bytes (stored);
}

static void
plan_put (Document *document, const RtCall *call, Plan *plan)
{
  const RtField *type = rt_fields_first (call->request->fields, "Content-Type");

  if (rt_fields_first (call->request->fields, "Content-Range") != NULL)
    {
      /* RFC 9110 §9.3.4: taken for the whole, a part would destroy the rest. */
      plan->status = 400;
      plan->problem = "A PUT replaces the whole; part of it can't be sent with Content-Range.\n";
      return;
    }
  plan->status = document->content != NULL ? 204 : 201;
  plan->changes = TRUE;
  plan->content = normalise (document, call->content, &plan->transformed);
  if (type != NULL && g_utf8_validate (type->value.at, (gssize)type->value.length, NULL))
    plan->content_type = rt_text_dup (type->value);
}

static void
plan_patch (Document *document, const RtCall *call, Plan *plan)
{
  const RtField *field = rt_fields_first (call->request->fields, "Content-Type");
  RtMediaType type;

  plan->status = 204;
  if (document->content == NULL)
    {
      plan->status = 404;
      plan->problem = "There is nothing to patch here.\n";
      return;
    }
  if (field == NULL || !rt_media_type_parse (field->value, &type)
      || !rt_media_type_is (&type, MERGE_PATCH))
    {
      plan->status = 415;
      plan->problem = "A patch has to be " MERGE_PATCH ".\n";
      return;
    }
  plan->content = rt_merge_patch (document->content, call->content, RT_DOCUMENT_MAX_NESTING, NULL);
  plan->changes = plan->content != NULL;
  if (plan->content == NULL)
    {
      plan->status = 400;
      plan->problem = "The patch is no JSON, or too deep.\n";
    }
}

static void
make_plan (Document *document, const RtCall *call, Plan *plan)
{
  if (rt_call_is (call, "PUT"))
    plan_put (document, call, plan);
  else if (rt_call_is (call, "PATCH"))
    plan_patch (document, call, plan);
  else if (document->content == NULL)
    {
      plan->status = 404;
      plan->problem = "There is nothing here.\n";
    }
  else
    {
      plan->changes = rt_call_is (call, "DELETE");
      plan->status = plan->changes ? 204 : 200;
    }
}

/* Answers. */

/**
 * rt_document_add_validators:
 * @self: a document
 * @response: gets what names its current version
 */
void
rt_document_add_validators (gpointer self, RtMessage *response)
{
  Document *document = self;
  g_autofree char *etag = dup_etag (document);
  g_autofree char *modified = rt_http_date_dup (document->modified);

  if (document->validators.etag)
    rt_fields_append (response->fields, "ETag", etag);
  if (document->validators.last_modified)
    rt_fields_append (response->fields, "Last-Modified", modified);
}

static void
answer_problem (const Plan *plan, RtReply *reply)
{
  RtMessage *response = rt_reply_new_response (plan->status);

  if (plan->status == 415)
    rt_fields_append (response->fields, "Accept-Patch", MERGE_PATCH);
  rt_reply_with_text (reply, response, plan->problem);
}

static void
answer_current (Document *document, RtReply *reply)
{
  RtMessage *response = rt_reply_new_response (200);

  rt_fields_append (response->fields, "Content-Type", document->content_type);
  rt_document_add_validators (document, response);
  rt_reply_with (reply, response, g_bytes_ref (document->content));
}

/* RFC 9110 §9.3.4: a PUT's answer must not carry validators of content other than was sent. What a
 * PATCH makes, its validators name (RFC 5789 §2.1). */
static void
answer_changed (Document *document, guint status, gboolean transformed, RtReply *reply)
{
  RtMessage *response = rt_reply_new_response (status);

  if (document->content != NULL && !transformed)
    rt_document_add_validators (document, response);
  rt_reply_with (reply, response, NULL);
}

static void
answer_refused (guint status, RtDecision *why, RtReply *reply)
{
  if (status == 428)
    rt_reply_with_status (reply, status,
                          "Name the version that your change is based on: send If-Match.\n");
  else
    rt_reply_with_failed (reply, status, why);
}

static void
answer_allow (Document *document, guint status, RtReply *reply)
{
  RtMessage *response = rt_reply_new_response (status);
  gboolean patchable = is_json (document->content_type);

  rt_fields_append (response->fields, "Allow",
                    patchable ? "GET, HEAD, PUT, PATCH, DELETE, OPTIONS"
                              : "GET, HEAD, PUT, DELETE, OPTIONS");
  if (patchable)
    rt_fields_append (response->fields, "Accept-Patch", MERGE_PATCH);
  rt_reply_with (reply, response, NULL);
}

/* Changes. */

static void
save (Document *document, const Plan *plan, RtTime now, RtEffects *out)
{
  g_clear_pointer (&document->content, g_bytes_unref);
  if (plan->content != NULL)
    document->content = g_bytes_ref (plan->content);
  if (plan->content_type != NULL)
    {
      g_free (document->content_type);
      document->content_type = g_strdup (plan->content_type);
    }
  document->changed_twice
      = document->modified != G_MININT64 && document->modified / RT_TIME_SEC == now / RT_TIME_SEC;
  document->version++;
  document->modified = now;
  show (document, out);
}

/**
 * rt_document_set:
 * @self: a document
 * @content: its new content
 * @content_type: (nullable): its media type; %NULL: as before
 * @now: the time
 * @out: where its state goes
 *
 * Makes a new version.
 */
void
rt_document_set (
    gpointer self, GBytes *content, const char *content_type, RtTime now, RtEffects *out)
{
  save (self, &(Plan){ .content = content, .content_type = (char *)content_type }, now, out);
}

/**
 * rt_document_get_content:
 * @self: a document
 *
 * Returns: (transfer none) (nullable): its content, if there is any
 */
GBytes *
rt_document_get_content (gpointer self)
{
  return ((Document *)self)->content;
}

const char *
rt_document_get_content_type (gpointer self)
{
  return ((Document *)self)->content_type;
}

static void
save_and_answer (Document *document, const Plan *plan, RtTime now, RtReply *reply, RtEffects *out)
{
  guint status = plan->content != NULL && document->content == NULL ? 201 : 204;

  save (document, plan, now, out);
  answer_changed (document, status, plan->transformed, reply);
}

static void
carry_out (Document *document, Plan *plan, const RtCall *call, RtReply *reply, RtEffects *out)
{
  if (!plan->changes)
    answer_current (document, reply);
  else if (document->atomic)
    save_and_answer (document, plan, call->now, reply, out);
  else
    {
      Plan *kept = g_memdup2 (plan, sizeof *plan);

      *plan = (Plan){ 0 };
      rt_reply_later (reply, call->now + document->save_delay, STAGE_SAVE, kept, plan_free);
    }
}

static RtPrecondition
check_preconditions (Document *document, const RtCall *call, const Plan *plan, RtDecision *why)
{
  g_autofree char *etag = dup_etag (document);
  RtPreconditionState state = {
    .status = plan->status,
    .exists = document->content != NULL,
    .etag = document->validators.etag ? rt_text (etag) : RT_TEXT_NONE,
    .has_modified = document->validators.last_modified,
    .modified = document->modified,
    .changed_twice = document->changed_twice,
    .require_if_match = document->require_if_match,
    .already_applied = plan->content != NULL && document->content != NULL
                       && g_bytes_equal (plan->content, document->content),
  };

  return rt_precondition_decide (call->request, &state, call->now, why);
}

static void
take (Document *document, const RtCall *call, RtReply *reply, RtEffects *out)
{
  g_auto (Plan) plan = { 0 };
  g_autoptr (RtDecision) why = rt_decision_new ();
  RtPrecondition verdict;

  make_plan (document, call, &plan);
  verdict = check_preconditions (document, call, &plan, why);
  if (rt_call_is_conditional (call) || document->require_if_match)
    rt_effects_decide (out, rt_decision_ref (why), TRUE);
  if (verdict == RT_PRECONDITION_NOT_MODIFIED)
    {
      RtMessage *response = rt_reply_new_response (304);

      rt_document_add_validators (document, response);
      rt_reply_with (reply, response, NULL);
    }
  else if (verdict == RT_PRECONDITION_FAILED || verdict == RT_PRECONDITION_REQUIRED)
    answer_refused (rt_precondition_status (verdict), why, reply);
  else if (plan.problem != NULL)
    answer_problem (&plan, reply);
  else if (verdict == RT_PRECONDITION_ALREADY_APPLIED)
    answer_changed (document, 204, plan.transformed, reply);
  else
    carry_out (document, &plan, call, reply, out);
}

static gboolean
is_served (Document *document, const RtCall *call)
{
  return rt_call_is (call, "GET") || rt_call_is (call, "HEAD") || rt_call_is (call, "PUT")
         || rt_call_is (call, "DELETE")
         || (rt_call_is (call, "PATCH") && is_json (document->content_type));
}

static void
handle (gpointer self, const RtCall *call, RtReply *reply, RtEffects *out)
{
  Document *document = self;

  if (call->stage == STAGE_SAVE)
    save_and_answer (document, call->data, call->now, reply, out);
  else if (rt_call_is (call, "OPTIONS"))
    answer_allow (document, 204, reply);
  else if (!is_served (document, call))
    answer_allow (document, 405, reply);
  else
    take (document, call, reply, out);
}

const RtResourceKind rt_document_kind = {
  .name = "document",
  .summary = "a text in versions, which clients read, replace, patch and delete",
  .notes = "GET, HEAD, PUT, DELETE, OPTIONS, and PATCH for JSON (RFC 7396). Its state has the key "
           "PATH and the\n"
           "members `version`, `etag` and `content`.",
  .settings = settings,
  .n_settings = G_N_ELEMENTS (settings),
  .create = create,
  .announce = announce,
  .handle = handle,
  .free = document_free,
};
