/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What commands that play lessons have in common: on which driver, and whose servers. */
#pragma once

#include "rt-cli.h"
#include "rt-lesson.h"
#include "rt-playground.h"

G_BEGIN_DECLS

/**
 * RtGroundOptions:
 * @driver: (nullable): `--driver sim|live`
 * @origins: (nullable): `--origin FILE`, or `--origin api.shop.test=http://127.0.0.1:8000`
 * @stacks: (nullable): `--stack ann=libsoup`
 * @outside: `--allow-outside`
 */
typedef struct
{
  char *driver;
  char **origins, **stacks;
  gboolean outside;
} RtGroundOptions;

/** RT_GROUND_OPTION_DRIVER: the entry of `--driver`, for who has the choice. */
#define RT_GROUND_OPTION_DRIVER(options)                                                           \
  {                                                                                                \
    "driver", 0, 0, G_OPTION_ARG_STRING, &(options).driver,                                        \
        "The simulated network, or sockets of this machine", "sim|live"                            \
  }
/** RT_GROUND_OPTION_STACK: the entry of `--stack`, likewise. */
#define RT_GROUND_OPTION_STACK(options)                                                            \
  {                                                                                                \
    "stack", 0, 0, G_OPTION_ARG_STRING_ARRAY, &(options).stacks,                                   \
        "Whose connections a client's or an origin's are; may be repeated", "PARTY=libsoup"        \
  }
/** RT_GROUND_OPTIONS_ORIGIN: the entries about the learner's own server. */
#define RT_GROUND_OPTIONS_ORIGIN(options)                                                          \
  { "origin",                                                                                      \
    0,                                                                                             \
    0,                                                                                             \
    G_OPTION_ARG_FILENAME_ARRAY,                                                                   \
    &(options).origins,                                                                            \
    "Your settings, YAML, or a server of yours in an origin's place; may be repeated",             \
    "FILE|HOST=URL" },                                                                             \
  {                                                                                                \
    "allow-outside", 0, 0, G_OPTION_ARG_NONE, &(options).outside,                                  \
        "Your server may be on another machine", NULL                                              \
  }

/**
 * RtGround:
 * @ground: what is played on
 * @answer_path: (nullable): the file with the learner's settings
 * @libsoup: (nullable): what @ground borrows
 */
typedef struct
{
  RtPlayground ground;
  char *answer_path;
  char **libsoup;
} RtGround;

void rt_ground_options_clear (RtGroundOptions *options);
gboolean
rt_ground_options_read (const RtGroundOptions *options, RtGround *ret_ground, GError **error);
void rt_ground_clear (RtGround *ground);
gboolean rt_ground_read_answer (const RtGround *ground,
                                const RtLesson *lesson,
                                GPtrArray **ret_answer,
                                GError **error);
gboolean rt_ground_report_challenge (const RtLesson *lesson,
                                     GPtrArray *answer,
                                     const RtPlayground *ground,
                                     GError **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (RtGroundOptions, rt_ground_options_clear)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (RtGround, rt_ground_clear)

G_END_DECLS
