/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What can be changed about a run, one thing at a time, in the words of rt_change_parse(). */
#pragma once

#include "rt-scenario.h"

G_BEGIN_DECLS

/**
 * RtChangeable:
 * @title: what it is: `If-Match of step 4`, `require of api.shop.test /doc/1`
 * @words: the change up to its colon: `step 4 set If-Match`
 * @value: as it stands, or the standard
 * @remove: (nullable): the whole change that leaves it out
 * @choices: (nullable): what it can be
 * @summary: (nullable): one sentence
 * @given: the lesson sets it; otherwise the standard holds
 *
 * One thing that can be changed.
 */
typedef struct
{
  char *title, *words, *value, *remove;
  const char *const *choices;
  const char *summary;
  gboolean given;
} RtChangeable;

GPtrArray *rt_play_list_changeable (RtPlay *play, guint exchange); /* RtChangeable */

G_END_DECLS
