/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a learner writes in a challenge, settings and requests, as the one text that is read. */
#pragma once

#include "rt-lesson.h"

G_BEGIN_DECLS

/** RT_CHALLENGE_REQUEST_SUFFIX: of a file that holds a request as it is and no YAML. */
#define RT_CHALLENGE_REQUEST_SUFFIX ".http"

const RtChallengeRequest *rt_challenge_find_request (const RtChallenge *challenge,
                                                     const char *party);
char *rt_challenge_write (const RtChallenge *challenge,
                          const char *settings,
                          const char *const *requests);
char *rt_challenge_write_request (
    const RtChallenge *challenge, const char *file, const char *text, gsize length, GError **error);

G_END_DECLS
