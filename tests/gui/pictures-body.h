/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * States of the window for pictures: content. */
#pragma once

#include "window-fixture.h"

void picture_multipart (WindowFixture *fixture);
