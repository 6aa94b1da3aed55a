/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Reading a representation, in the order of RFC 9110 §13.2.2: conditions first, then Range. */
#include "rt-representation.h"

#include "rt-date.h"
#include "rt-preconditions.h"
#include "rt-range-select.h"

const char *const rt_validator_choices[]
    = { "both", "etag", "weak-etag", "last-modified", "none", NULL };

/**
 * rt_validator_policy_read:
 * @given: settings with a choice `validators` of rt_validator_choices
 *
 * Returns: what was chosen
 */
RtValidatorPolicy
rt_validator_policy_read (const RtGiven *given)
{
  static const RtValidatorPolicy policies[] = {
    { TRUE, FALSE, TRUE },  { TRUE, FALSE, FALSE },  { TRUE, TRUE, FALSE },
    { FALSE, FALSE, TRUE }, { FALSE, FALSE, FALSE },
  };

  return policies[rt_given_get_choice (given, "validators")];
}

/**
 * rt_call_is_conditional:
 * @call: what is asked
 *
 * Returns: whether there is a condition in it
 */
gboolean
rt_call_is_conditional (const RtCall *call)
{
  static const char *const names[]
      = { "If-Match", "If-None-Match", "If-Modified-Since", "If-Unmodified-Since", "If-Range" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (rt_fields_first (call->request->fields, names[i]) != NULL)
      return TRUE;
  return FALSE;
}

/**
 * rt_reply_with_failed:
 * @reply: an empty reply
 * @status: of the refusal
 * @why: what was decided
 *
 * Refuses by a decision, with the clause that settled it.
 */
void
rt_reply_with_failed (RtReply *reply, guint status, RtDecision *why)
{
  RtCheck check;
  g_autofree char *text = NULL;

  if (rt_decision_get_deciding (why, &check))
    text = g_strdup_printf ("This does not hold: %s (%s).\n", check.clause.title,
                            check.clause.reference);
  rt_reply_with_status (reply, status, text != NULL ? text : "");
}

static void
add (RtMessage *response, const char *name, const char *value)
{
  if (value != NULL)
    rt_fields_append (response->fields, name, value);
}

/* Those that a 304 repeats as well (RFC 9110 §15.4.5). */
static void
add_identity (const RtRepresentation *representation, RtMessage *response)
{
  g_autofree char *modified
      = representation->has_modified ? rt_http_date_dup (representation->modified) : NULL;

  add (response, "ETag", representation->etag);
  add (response, "Last-Modified", modified);
  add (response, "Content-Location", representation->location);
  add (response, "Vary", representation->vary);
}

static void
add_description (const RtRepresentation *representation, RtMessage *response)
{
  add (response, "Content-Language", representation->language);
  add (response, "Content-Encoding", representation->coding);
  add_identity (representation, response);
  if (representation->ranges)
    add (response, "Accept-Ranges", "bytes");
}

static void
answer_whole (const RtRepresentation *representation, RtReply *reply)
{
  RtMessage *response = rt_reply_new_response (200);

  add (response, "Content-Type", representation->content_type);
  add_description (representation, response);
  rt_reply_with (reply, response, g_bytes_ref (representation->content));
}

/* A line that stands nowhere in the content. */
static char *
dup_boundary (GBytes *content)
{
  gsize length;
  const char *text = g_bytes_get_data (content, &length);
  char *boundary = g_strdup ("part");

  for (guint i = 1; rt_text_find ((RtText){ text, length }, rt_text (boundary)) >= 0; i++)
    {
      g_free (boundary);
      boundary = g_strdup_printf ("part-%u", i);
    }
  return boundary;
}

static void
answer_parts (const RtRepresentation *representation,
              const RtRangeSelection *selection,
              RtReply *reply)
{
  RtMessage *response = rt_reply_new_response (206);
  g_autofree char *boundary = dup_boundary (representation->content);
  g_autofree char *type = g_strdup_printf ("multipart/byteranges; boundary=%s", boundary);
  g_autofree char *end = rt_range_parts_end (boundary);
  const char *content = g_bytes_get_data (representation->content, NULL);
  GString *parts = g_string_new (NULL);

  for (guint i = 0; i < selection->n; i++)
    {
      const RtByteRange *range = &selection->ranges[i];
      g_autofree char *head
          = rt_range_part_head (selection, i, boundary, representation->content_type);

      g_string_append (parts, head);
      g_string_append_len (parts, content + range->first, (gssize)(range->last - range->first + 1));
    }
  g_string_append (parts, end);
  add (response, "Content-Type", type);
  add_description (representation, response);
  rt_reply_with (reply, response, g_string_free_to_bytes (parts));
}

static void
answer_part (const RtRepresentation *representation,
             const RtRangeSelection *selection,
             RtReply *reply)
{
  RtMessage *response = rt_reply_new_response (206);
  const RtByteRange *range = &selection->ranges[0];
  g_autofree char *content_range = rt_range_content_range (selection, 0);

  add (response, "Content-Type", representation->content_type);
  add_description (representation, response);
  add (response, "Content-Range", content_range);
  rt_reply_with (reply, response,
                 g_bytes_new_from_bytes (representation->content, range->first,
                                         range->last - range->first + 1));
}

static void
answer_unsatisfiable (const RtRangeSelection *selection, RtReply *reply)
{
  RtMessage *response = rt_reply_new_response (416);
  g_autofree char *content_range = rt_range_content_range (selection, 0);

  add (response, "Content-Range", content_range);
  rt_reply_with_text (reply, response, "There are no such bytes.\n");
}

static void
answer_ranges (const RtRepresentation *representation,
               const RtCall *call,
               RtReply *reply,
               RtEffects *out)
{
  g_autoptr (RtDecision) why = rt_decision_new ();
  RtRangeSelection selection;

  rt_range_select_decide (call->request, g_bytes_get_size (representation->content),
                          representation->ranges, &selection, why);
  rt_effects_decide (out, rt_decision_ref (why), TRUE);
  if (selection.verdict == RT_RANGE_WHOLE)
    answer_whole (representation, reply);
  else if (selection.verdict == RT_RANGE_UNSATISFIABLE)
    answer_unsatisfiable (&selection, reply);
  else if (selection.n == 1)
    answer_part (representation, &selection, reply);
  else
    answer_parts (representation, &selection, reply);
}

static RtPrecondition
check_conditions (const RtRepresentation *representation,
                  const RtCall *call,
                  RtDecision *why,
                  RtEffects *out)
{
  RtPreconditionState state = {
    .status = 200,
    .exists = TRUE,
    .etag = representation->etag != NULL ? rt_text (representation->etag) : RT_TEXT_NONE,
    .has_modified = representation->has_modified,
    .modified = representation->modified,
  };
  RtPrecondition verdict = rt_precondition_decide (call->request, &state, call->now, why);

  if (rt_call_is_conditional (call))
    rt_effects_decide (out, rt_decision_ref (why), TRUE);
  return verdict;
}

/**
 * rt_reply_with_representation:
 * @reply: an empty reply
 * @representation: what there is
 * @call: a GET or HEAD
 * @out: where decisions go
 *
 * Answers with it, with a part of it, or that the client has it already.
 */
void
rt_reply_with_representation (RtReply *reply,
                              const RtRepresentation *representation,
                              const RtCall *call,
                              RtEffects *out)
{
  g_autoptr (RtDecision) why = rt_decision_new ();
  RtPrecondition verdict = check_conditions (representation, call, why, out);
  gboolean ranges = rt_fields_first (call->request->fields, "Range") != NULL;

  if (verdict == RT_PRECONDITION_NOT_MODIFIED)
    {
      RtMessage *response = rt_reply_new_response (304);

      add_identity (representation, response);
      rt_reply_with (reply, response, NULL);
    }
  else if (rt_precondition_status (verdict) >= 400)
    rt_reply_with_failed (reply, rt_precondition_status (verdict), why);
  else if (ranges && verdict != RT_PRECONDITION_IGNORE_RANGE)
    answer_ranges (representation, call, reply, out);
  else
    answer_whole (representation, reply);
}
