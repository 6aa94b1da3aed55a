/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * `roundtrip export`: lessons for those who have no Roundtrip. */
#pragma once

#include "rt-cli.h"

G_BEGIN_DECLS

extern const RtCommand rt_command_export;

G_END_DECLS
