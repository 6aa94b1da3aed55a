/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What leads a window that shows a lesson to the state of a picture. */
#pragma once

#include "window-fixture.h"

void picture_nothing (WindowFixture *fixture);
void picture_masked (WindowFixture *fixture);
void picture_verdict (WindowFixture *fixture);
void picture_answered (WindowFixture *fixture);
void picture_answered_timeline (WindowFixture *fixture);
void picture_412 (WindowFixture *fixture);
void picture_playing (WindowFixture *fixture);
void picture_challenge (WindowFixture *fixture);
void picture_probes (WindowFixture *fixture);
void picture_timeline_tab (WindowFixture *fixture);
void picture_messages_tab (WindowFixture *fixture);
void picture_bytes_tab (WindowFixture *fixture);
void picture_large_text (WindowFixture *fixture);
void picture_presenter (WindowFixture *fixture);
void picture_revealed (WindowFixture *fixture);
void picture_beside (WindowFixture *fixture);
void picture_branch (WindowFixture *fixture);
void picture_retry (WindowFixture *fixture);
void picture_buffered (WindowFixture *fixture);
void picture_true_scale (WindowFixture *fixture);
void picture_branch_dialog (WindowFixture *fixture);
void picture_presenter_notes (WindowFixture *fixture);
void picture_blank (WindowFixture *fixture);
void picture_symptoms (WindowFixture *fixture);
void picture_sessions (WindowFixture *fixture);
void picture_high_contrast (WindowFixture *fixture);
void picture_commands (WindowFixture *fixture);
void picture_preferences (WindowFixture *fixture);
void picture_shortcuts (WindowFixture *fixture);
void picture_comparison (WindowFixture *fixture);
void picture_notes (WindowFixture *fixture);
void picture_body (WindowFixture *fixture);
void picture_redacted (WindowFixture *fixture);
void picture_large_timeline (WindowFixture *fixture);
void picture_large_lesson (WindowFixture *fixture);
void picture_hosts (WindowFixture *fixture);
void picture_heat (WindowFixture *fixture);
void picture_empty_list (WindowFixture *fixture);
void picture_filter_error (WindowFixture *fixture);
void picture_filter_help (WindowFixture *fixture);
void picture_error (WindowFixture *fixture);
void picture_live (WindowFixture *fixture);
void picture_live_error (WindowFixture *fixture);
void picture_presenter_live (WindowFixture *fixture);
void picture_contrast_live (WindowFixture *fixture);
void picture_url (WindowFixture *fixture);
void picture_presenter_url (WindowFixture *fixture);
void picture_contrast_url (WindowFixture *fixture);
void picture_menu (WindowFixture *fixture);
void picture_export_menu (WindowFixture *fixture);
void picture_context_menu (WindowFixture *fixture);
void picture_no_lesson (WindowFixture *fixture);
void picture_import (WindowFixture *fixture);
