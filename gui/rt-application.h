/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The application behind the window. */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define RT_TYPE_APPLICATION (rt_application_get_type ())
G_DECLARE_FINAL_TYPE (RtApplication, rt_application, RT, APPLICATION, AdwApplication)

GApplication *rt_application_new (void);
int rt_application_run (int argc, char **argv);

G_END_DECLS
