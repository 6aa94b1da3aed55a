/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * States of the window for pictures: requests that are edited and sent. */
#pragma once

#include "window-fixture.h"

void picture_request_challenge (WindowFixture *fixture);
void picture_request_probes (WindowFixture *fixture);
void picture_resend (WindowFixture *fixture);
void picture_resend_results (WindowFixture *fixture);
