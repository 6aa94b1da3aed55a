/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Properties of methods. Names are compared with case (RFC 9110 §9.1). Of a method that nobody
 * here knows nothing good is assumed: it may change anything, each time it arrives. */
#include "rt-methods.h"

#include "rt-reference.h"

/**
 * rt_method_is_safe:
 * @method: as it stands in the request line
 *
 * Source: RFC 9110 §9.2.1.
 *
 * Returns: whether it asks for no change
 */
gboolean
rt_method_is_safe (RtText method)
{
  const RtMethodInfo *info = rt_method_info (method);

  return info != NULL && info->safe;
}

/**
 * rt_method_is_idempotent:
 * @method: as it stands in the request line
 *
 * Source: RFC 9110 §9.2.2.
 *
 * Returns: whether many equal requests are meant to have the effect of one
 */
gboolean
rt_method_is_idempotent (RtText method)
{
  const RtMethodInfo *info = rt_method_info (method);

  return info != NULL && info->idempotent;
}

/**
 * rt_method_is_cacheable:
 * @method: as it stands in the request line
 *
 * Source: RFC 9110 §9.2.3.
 *
 * Returns: whether its definition lets a response be stored at all
 */
gboolean
rt_method_is_cacheable (RtText method)
{
  const RtMethodInfo *info = rt_method_info (method);

  return info != NULL && info->cacheable;
}
