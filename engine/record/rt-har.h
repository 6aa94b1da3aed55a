/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * HTTP archives, HAR 1.2: http://www.softwareishard.com/blog/har-12-spec/ */
#pragma once

#include "rt-format.h"

G_BEGIN_DECLS

/** RT_HAR_SIZE_MAX: bytes of a HAR that was compressed, once it is not. */
#define RT_HAR_SIZE_MAX (G_GUINT64_CONSTANT (4) * 1024 * 1024 * 1024)
/** RT_HAR_RATIO_MAX: so many times as long as the compressed file a HAR may be. */
#define RT_HAR_RATIO_MAX 1000

gboolean rt_har_sniff (RtText head);
RtImportReport *rt_har_import (RtSession *session,
                               const char *path,
                               const RtImportOptions *options,
                               GError **error);
gboolean rt_har_export (RtSession *session,
                        GOutputStream *out,
                        const RtExportOptions *options,
                        GError **error);

G_END_DECLS
