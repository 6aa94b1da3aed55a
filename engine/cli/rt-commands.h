/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The commands of this library, each in the file rt-command-NAME.c. */
#pragma once

#include "rt-cli.h"

G_BEGIN_DECLS

extern const RtCommand rt_command_run;
extern const RtCommand rt_command_check;
extern const RtCommand rt_command_try;
extern const RtCommand rt_command_serve;
extern const RtCommand rt_command_list;
extern const RtCommand rt_command_inspect;
extern const RtCommand rt_command_convert;
extern const RtCommand rt_command_diff;
extern const RtCommand rt_command_replay;
extern const RtCommand rt_command_fetch;
extern const RtCommand rt_command_gateway;
extern const RtCommand rt_command_proxy;

G_END_DECLS
