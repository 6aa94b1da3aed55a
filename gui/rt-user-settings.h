/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the window keeps of the user's choices. Progress in lessons is kept elsewhere. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Keys of the schema that code asks for by name. */
#define RT_KEY_WINDOW_WIDTH "window-width"
#define RT_KEY_WINDOW_HEIGHT "window-height"
#define RT_KEY_WINDOW_MAXIMIZED "window-maximized"
#define RT_KEY_LESSON_WIDTH "lesson-width"
#define RT_KEY_INSPECTOR_HEIGHT "inspector-height"
#define RT_KEY_SIDEBAR "sidebar"
#define RT_KEY_SIDEBAR_PAGE "sidebar-page"
#define RT_KEY_COLOR_SCHEME "color-scheme"
#define RT_KEY_HIGH_CONTRAST "high-contrast"
#define RT_KEY_TEXT_SCALE "text-scale"
#define RT_KEY_LETTERS "single-letter-keys"
#define RT_KEY_SCALE "scale"
#define RT_KEY_SPEED "playback-speed"
#define RT_KEY_CAP "recording-cap"
#define RT_KEY_AUTHOR_NOTES "author-notes"
#define RT_KEY_ENGINE_NOTES "engine-notes"
#define RT_KEY_MY_NOTES "my-notes"
#define RT_KEY_RECENT "recent-commands"

/** RtSidebarChoice: the values of %RT_KEY_SIDEBAR. */
typedef enum
{
  RT_SIDEBAR_AUTOMATIC,
  RT_SIDEBAR_SHOWN,
  RT_SIDEBAR_HIDDEN,
} RtSidebarChoice;

GSettings *rt_user_settings_get (void);

G_END_DECLS
