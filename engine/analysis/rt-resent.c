/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What became of a request that was sent once more. */
#include "rt-resent.h"

#include "rt-content.h"

/* What a recording without bytes says of framing and codings binds nobody. */
static const char *const of_the_wire[]
    = { "Connection",        "Content-Encoding", "Content-Length", "Keep-Alive",
        "Transfer-Encoding", "Trailer",          "Date",           NULL };

static gboolean
contents_differ (const RtResent *resent, RtAnalysis *recorded, RtAnalysis *resending)
{
  const RtTransfer *left = resent->before->response, *right = resent->now->response;
  g_autoptr (RtContent) a = NULL;
  g_autoptr (RtContent) b = NULL;

  if (left == NULL || right == NULL || !left->has_head || !right->has_head)
    return FALSE;
  a = rt_content_new (recorded, left);
  b = rt_content_new (resending, right);
  /* Of what was not kept nobody can say that it differs. */
  return a->state != RT_CONTENT_MISSING && left->missing == NULL
         && !g_bytes_equal (a->bytes, b->bytes);
}

/**
 * rt_resent_compare:
 * @resent: was sent: has both exchanges and the failure
 * @recorded: the analysis of the recording
 * @resending: … of what went now
 * @ignore: (nullable) (array zero-terminated=1): names of fields that are not compared. Of what was
 *   reconstructed those of the wire are not, in any case
 *
 * Fills in the rest of it.
 */
void
rt_resent_compare (RtResent *resent,
                   RtAnalysis *recorded,
                   RtAnalysis *resending,
                   const char *const *ignore)
{
  gboolean rebuilt = resent->before->reconstructed;
  const RtComparisonOptions options = { rebuilt ? of_the_wire : ignore };

  resent->outcome = RT_RESENT_UNANSWERED;
  if (resent->now == NULL)
    return;
  resent->scope = rebuilt ? RT_COMPARED_REBUILT_ANSWERS : RT_COMPARED_ANSWERS;
  resent->comparison
      = rt_comparison_new (recorded, resent->before, resending, resent->now, &options);
  resent->other_content = rebuilt && contents_differ (resent, recorded, resending);
  resent->n_differences
      = rt_comparison_count (resent->comparison, resent->scope) + (resent->other_content ? 1 : 0);
  if (resent->n_differences == 0)
    resent->outcome = RT_RESENT_SAME;
  else if (resent->failure == NULL)
    resent->outcome = RT_RESENT_DIFFERENT;
}

/** rt_resent_clear: @resent: its comparison is freed */
void
rt_resent_clear (RtResent *resent)
{
  g_clear_pointer (&resent->comparison, rt_comparison_free);
}

/**
 * rt_resent_dup_words:
 * @resent: was sent and compared
 *
 * Returns: (transfer full): the answer in words: `200, as recorded`, `404, 3 differences`
 */
char *
rt_resent_dup_words (const RtResent *resent)
{
  const RtTransfer *response = resent->now != NULL ? resent->now->response : NULL;
  GString *out = g_string_new (NULL);

  if (response != NULL && response->has_head)
    g_string_append_printf (out, "%03u", response->message->status);
  else
    g_string_append (out, "no answer");
  if (resent->failure != NULL)
    g_string_append_printf (out, " (%s)", resent->failure);
  if (resent->outcome == RT_RESENT_SAME)
    g_string_append (out, ", as recorded");
  else if (resent->n_differences > 0)
    g_string_append_printf (out, ", %u difference%s", resent->n_differences,
                            resent->n_differences == 1 ? "" : "s");
  return g_string_free (out, FALSE);
}
