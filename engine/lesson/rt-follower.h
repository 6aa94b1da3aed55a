/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Follows what programs outside do, along the steps of one run or probe: which step an exchange
 * takes, and which checks hold since. */
#pragma once

#include "rt-awaited.h"

G_BEGIN_DECLS

typedef struct _RtFollower RtFollower;

RtFollower *
rt_follower_new (RtPlay *play, gboolean restarts, RtLiveNewsFunc news, gpointer news_data);
void rt_follower_free (RtFollower *follower);

void rt_follower_begin (RtFollower *follower);
gboolean rt_follower_see (RtFollower *follower, const RtExchange *exchange);
void rt_follower_see_end (RtFollower *follower);
void rt_follower_give_up (RtFollower *follower);
void rt_follower_finish (RtFollower *follower);

gboolean rt_follower_is_done (RtFollower *follower);
gboolean rt_follower_has_passed (RtFollower *follower);
char *rt_follower_dup_problem (RtFollower *follower);
char *rt_follower_dup_awaited (RtFollower *follower);
void rt_follower_count (RtFollower *follower, guint *ret_held, guint *ret_failed);
guint rt_follower_get_n_met (RtFollower *follower);
guint rt_follower_get_exchange (RtFollower *follower);
RtPlay *rt_follower_get_play (RtFollower *follower);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RtFollower, rt_follower_free)

G_END_DECLS
