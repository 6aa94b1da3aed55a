/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The kinds of resources beside `document`. */
#pragma once

#include "rt-resource.h"

G_BEGIN_DECLS

extern const RtResourceKind rt_collection_kind;
extern const RtResourceKind rt_crash_kind;
extern const RtResourceKind rt_echo_kind;
extern const RtResourceKind rt_failing_kind;
extern const RtResourceKind rt_file_kind;
extern const RtResourceKind rt_handler_kind;
extern const RtResourceKind rt_login_kind;
extern const RtResourceKind rt_negotiated_kind;
extern const RtResourceKind rt_page_kind;
extern const RtResourceKind rt_password_kind;
extern const RtResourceKind rt_payment_kind;
extern const RtResourceKind rt_raw_kind;
extern const RtResourceKind rt_redirect_kind;
extern const RtResourceKind rt_slow_kind;
extern const RtResourceKind rt_stream_kind;
extern const RtResourceKind rt_token_kind;

G_END_DECLS
