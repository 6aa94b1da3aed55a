/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The tables of a session file. For this folder. */
#pragma once

#include "rt-store.h"

G_BEGIN_DECLS

extern const RtStoreKind rt_session_kind;

G_END_DECLS
