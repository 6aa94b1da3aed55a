/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Reading a representation: with its validators, by conditions, or a part of it. */
#pragma once

#include "rt-resource.h"

G_BEGIN_DECLS

/**
 * RtValidatorPolicy:
 *
 * What names a version to clients.
 */
typedef struct
{
  gboolean etag, weak, last_modified;
} RtValidatorPolicy;

/** rt_validator_choices: of a setting `validators`. */
extern const char *const rt_validator_choices[];

RtValidatorPolicy rt_validator_policy_read (const RtGiven *given);

/**
 * RtRepresentation:
 * @content: its content
 * @content_type: its media type
 * @language: (nullable): Content-Language
 * @coding: (nullable): Content-Encoding
 * @location: (nullable): Content-Location
 * @vary: (nullable): Vary
 * @etag: (nullable): as ETag has it
 * @has_modified, @modified: Last-Modified
 * @ranges: parts of it can be had
 *
 * What a GET gives. Borrowed.
 */
typedef struct
{
  GBytes *content;
  const char *content_type, *language, *coding, *location, *vary, *etag;
  gboolean has_modified;
  RtTime modified;
  gboolean ranges;
} RtRepresentation;

void rt_reply_with_representation (RtReply *reply,
                                   const RtRepresentation *representation,
                                   const RtCall *call,
                                   RtEffects *out);
void rt_reply_with_failed (RtReply *reply, guint status, RtDecision *why);
gboolean rt_call_is_conditional (const RtCall *call);

G_END_DECLS
