/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Base64 in the strictnesses that HTTP's users of it ask for. */
#pragma once

#include "rt-text.h"

G_BEGIN_DECLS

/**
 * RtBase64:
 * @RT_BASE64_STRICT: the alphabet with "+" and "/", padded, no stray bits (RFC 4648 §4)
 * @RT_BASE64_LOOSE: the same alphabet; padding may lack, stray bits may be set (what RFC 9651 and
 *   Basic credentials want recipients to accept)
 * @RT_BASE64_URL: "-" and "_", never padded, no stray bits (RFC 7515 §2)
 */
typedef enum
{
  RT_BASE64_STRICT,
  RT_BASE64_LOOSE,
  RT_BASE64_URL,
} RtBase64;

GBytes *rt_base64_decode (RtText text, RtBase64 form);
char *rt_base64_encode (RtText bytes, RtBase64 form);

G_END_DECLS
