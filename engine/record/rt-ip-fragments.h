/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * IP datagrams that were sent in fragments, put together again. */
#pragma once

#include "rt-frame.h"

G_BEGIN_DECLS

/** RT_IP_FRAGMENTS_MAX: datagrams that wait for their fragments; over that the oldest goes. */
#define RT_IP_FRAGMENTS_MAX 64

typedef struct _RtIpFragments RtIpFragments;

RtIpFragments *rt_ip_fragments_new (void);
void rt_ip_fragments_free (RtIpFragments *fragments);
gboolean
rt_ip_fragments_add (RtIpFragments *fragments, const RtIpPacket *fragment, RtIpPacket *ret_whole);
guint64 rt_ip_fragments_count_lost (RtIpFragments *fragments);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RtIpFragments, rt_ip_fragments_free)

G_END_DECLS
