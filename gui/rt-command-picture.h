/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * `roundtrip picture`: the command that draws and needs no display. */
#pragma once

#include "rt-cli.h"

G_BEGIN_DECLS

extern const RtCommand rt_command_picture;

G_END_DECLS
