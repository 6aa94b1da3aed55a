/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a lesson says of one party, from all the places where it may. */
#pragma once

#include "rt-cast.h"

G_BEGIN_DECLS

/**
 * RtCastResource:
 *
 * A resource as it will be: the last word on its path counts.
 */
typedef struct
{
  const char *path, *kind;
  GVariant *settings;
} RtCastResource;

/**
 * RtCastWords:
 * @resources: (element-type RtCastResource)
 * @named, @limits, @tls: (nullable)
 * @upstreams, @ports: (nullable): borrowed from the lesson
 * @line: of the last word
 *
 * A party as it will be.
 */
typedef struct
{
  GPtrArray *resources;
  GVariant *named, *limits, *tls;
  char **upstreams;
  GArray *ports;
  guint line;
} RtCastWords;

gboolean rt_cast_words_gather (const RtCast *cast,
                               const RtCastSources *sources,
                               RtCastWords *words,
                               GError **error);
void rt_cast_words_clear (RtCastWords *words);

void rt_cast_each_source (const char *party,
                          const RtCastSources *sources,
                          void (*take) (gpointer data, const RtPartySettings *from),
                          gpointer data);

gboolean rt_change_is_about (const RtChange *change, RtChangeKind kind, const char *party);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (RtCastWords, rt_cast_words_clear)

G_END_DECLS
