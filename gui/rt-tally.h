/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Votes of a class, typed while hands are counted: the option's number, how many, Enter. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/** RT_TALLY_MAX_VOTES: no count is larger. */
#define RT_TALLY_MAX_VOTES 9999u

typedef struct _RtTally RtTally;

RtTally *rt_tally_new (guint n_options);
void rt_tally_free (RtTally *tally);

gboolean rt_tally_type (RtTally *tally, guint digit);
gboolean rt_tally_enter (RtTally *tally);
gboolean rt_tally_take_back (RtTally *tally);

guint rt_tally_get_votes (const RtTally *tally, guint option);
guint rt_tally_get_total (const RtTally *tally);
guint rt_tally_get_leading (const RtTally *tally);
char *rt_tally_dup_typed (const RtTally *tally);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RtTally, rt_tally_free)

G_END_DECLS
