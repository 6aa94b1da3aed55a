/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * From a lesson's settings to parties on a driver. */
#pragma once

#include "rt-driver.h"
#include "rt-lesson.h"
#include "rt-setting.h"

G_BEGIN_DECLS

/** RT_CAST_PORT: where servers are reached: a lesson's own network has every port free. */
#define RT_CAST_PORT 80
/** RT_CAST_SECURE_PORT: … with TLS. */
#define RT_CAST_SECURE_PORT 443

/**
 * RtCastSources:
 * @scenario: the run or probe, over the lesson's own settings
 * @answer: (nullable) (element-type RtPartySettings): in place of all others of its parties
 * @changes: (nullable) (element-type RtChange): on top
 * @libsoup: (nullable) (array zero-terminated=1): parties whose connections are libsoup's; then the
 *   driver is an #RtLive with real time
 *
 * Whose words count for how a party is set up.
 */
typedef struct
{
  const RtLesson *lesson;
  const RtScenario *scenario;
  GPtrArray *answer, *changes;
  const char *const *libsoup;
} RtCastSources;

const RtSetting *rt_cast_browser_settings (guint *ret_n);
const RtSetting *rt_cast_byte_settings (guint *ret_n);

/**
 * RtCastSettingFunc:
 * @words: what a change of it begins with, up to its name: `origin api.shop.test /doc/1`
 * @value: (nullable): as it is given; %NULL: the standard holds
 */
typedef void (*RtCastSettingFunc) (gpointer data,
                                   const char *words,
                                   const RtSetting *setting,
                                   GVariant *value);

void rt_cast_each_setting (const RtCast *cast,
                           const RtCastSources *sources,
                           RtCastSettingFunc func,
                           gpointer data);

const char *rt_cast_get_obstacle (const RtCast *cast, const RtCastSources *sources);
RtPartyId rt_cast_add (const RtCast *cast,
                       const RtCastSources *sources,
                       const RtDriverClass *driver_class,
                       gpointer driver,
                       GError **error);

G_END_DECLS
