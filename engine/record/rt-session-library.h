/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The session library: the folder in which every run of the window is recorded. */
#pragma once

#include "rt-session.h"

G_BEGIN_DECLS

/** RT_LIBRARY_CAP: bytes that the sessions may take before the oldest ones go. */
#define RT_LIBRARY_CAP (G_GUINT64_CONSTANT (500) * 1000 * 1000)

/**
 * RtLibraryEntry:
 * @path: the session's file
 * @name: what the user calls it, at first the lesson's title
 * @lesson: (nullable): id of the lesson, `11-lost-update`
 * @recorded: real time of its beginning
 * @size: in bytes, side files included
 * @problem: (nullable): why it cannot be read
 */
typedef struct
{
  char *path, *name, *lesson;
  RtTime recorded;
  guint64 size;
  gboolean pinned;
  char *problem;
} RtLibraryEntry;

void rt_library_entry_free (RtLibraryEntry *entry);

typedef struct _RtSessionLibrary RtSessionLibrary;

RtSessionLibrary *rt_session_library_new (const char *folder, GError **error);
void rt_session_library_free (RtSessionLibrary *library);
const char *rt_session_library_get_folder (RtSessionLibrary *library);

RtSession *rt_session_library_create (
    RtSessionLibrary *library, const char *lesson, const char *name, RtTime now, GError **error);
GPtrArray *rt_session_library_list (RtSessionLibrary *library, GError **error); /* RtLibraryEntry */
gboolean rt_session_library_rename (RtSessionLibrary *library,
                                    const char *path,
                                    const char *name,
                                    GError **error);
gboolean rt_session_library_pin (RtSessionLibrary *library,
                                 const char *path,
                                 gboolean pinned,
                                 GError **error);
gboolean rt_session_library_delete (RtSessionLibrary *library, const char *path, GError **error);
GPtrArray *rt_session_library_list_excess (RtSessionLibrary *library,
                                           guint64 cap,
                                           GError **error); /* RtLibraryEntry */

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RtLibraryEntry, rt_library_entry_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RtSessionLibrary, rt_session_library_free)

G_END_DECLS
