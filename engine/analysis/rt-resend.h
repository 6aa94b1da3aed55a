/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Requests of a recording, made ready to be sent once more: what would be sent, what is left out of
 * it, and what a person has to agree to first. Nothing is sent here (rt-resender.h). */
#pragma once

#include "rt-analysis.h"

G_BEGIN_DECLS

/**
 * RtResendEdit:
 * @method, @target: (nullable): in place of those recorded
 * @fields: (nullable): in place of all those recorded
 * @content: (nullable): in place of the one recorded; of no bytes: without any
 * @set: (nullable): each takes the place of the fields of its name, or is added
 * @remove: (nullable) (array zero-terminated=1): names of fields that are left out
 *
 * What is changed in a request. @fields come first, then @remove, then @set.
 */
typedef struct
{
  const char *method, *target;
  RtFields *fields;
  GBytes *content;
  RtFields *set;
  const char *const *remove;
} RtResendEdit;

/**
 * RtResend:
 * @exchange: the id of the one that was recorded
 * @words: `GET /cart`, as it would be sent, fit to be shown
 * @method: of the request, fit to be shown
 * @safe: it is GET, HEAD or OPTIONS, and breaks no rule that would let a server read it otherwise
 * @bytes: (nullable): exactly what was recorded, if nothing is changed
 * @message: (nullable): else the request, and @content
 * @why_not: (nullable): why it cannot be sent; @bytes and @message are %NULL then
 * @dropped: (element-type utf8): what credentials were left out: names of fields and parameters
 *
 * A request to be sent once more.
 */
typedef struct
{
  guint exchange;
  char *words, *method;
  gboolean safe;
  GBytes *bytes;
  RtMessage *message;
  GBytes *content;
  char *why_not;
  GPtrArray *dropped;
} RtResend;

RtResend *rt_resend_new (RtAnalysis *analysis,
                         const RtExchange *exchange,
                         const RtResendEdit *edit,
                         gboolean with_credentials);
RtResend *rt_resend_new_from_bytes (const RtExchange *exchange, GBytes *bytes);
GBytes *rt_resend_dup_bytes (const RtResend *resend);
void rt_resend_free (RtResend *resend);

/**
 * RtResendConsent:
 * @RT_RESEND_UNSAFE: methods other than GET, HEAD and OPTIONS, which may change something
 * @RT_RESEND_REMOTE: another machine is sent to
 *
 * What a person has to agree to.
 */
typedef enum
{
  RT_RESEND_NOTHING = 0,
  RT_RESEND_UNSAFE = 1 << 0,
  RT_RESEND_REMOTE = 1 << 1,
} RtResendConsent;

gboolean rt_resend_is_local (const char *host);
RtResendConsent rt_resend_get_needed (GPtrArray *resends, const char *host);
char *rt_resend_dup_question (GPtrArray *resends, const char *host, guint16 port);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RtResend, rt_resend_free)

G_END_DECLS
