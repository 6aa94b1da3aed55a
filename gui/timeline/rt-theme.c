/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Colours by scheme. Inks reach a contrast of 4.6:1 on background and surface; high contrast 7:1.
 * Colour never stands alone: each role has a second cue in the scene. */
#include "rt-theme.h"

#define HEX(rgb) HEX_ALPHA (rgb, 1)
#define HEX_ALPHA(rgb, a)                                                                          \
  {                                                                                                \
    ((rgb) >> 16 & 0xff) / 255.0f, ((rgb) >> 8 & 0xff) / 255.0f, ((rgb)&0xff) / 255.0f, (a)        \
  }

/* clang-format off */
static const RtTheme themes[RT_N_SCHEMES] = {
  [RT_SCHEME_LIGHT] = {
    .background = HEX (0xfbfbfc), .surface = HEX (0xffffff), .stripe = HEX_ALPHA (0x101828, .022f),
    .grid = HEX_ALPHA (0x101828, .07f), .lane = HEX_ALPHA (0x101828, .24f),
    .text = HEX (0x1c2027), .dim = HEX (0x5a6270),
    .ink = { HEX (0x1f4e9e), HEX (0x066b46), HEX (0x9c1c16), HEX (0x765608), HEX (0xa23bd0) },
    .fill = { HEX_ALPHA (0x3584e4, .19f), HEX_ALPHA (0x2ec27e, .19f), HEX_ALPHA (0xe01b24, .19f),
              HEX_ALPHA (0xf5c211, .30f), HEX_ALPHA (0xb05ae0, .19f) },
    .rail = HEX (0x41464f), .rail_fill = HEX_ALPHA (0x41464f, .20f),
    .good = HEX (0x066b46), .warning = HEX (0x765608), .now = HEX (0xc0156a),
    .on_ink = HEX (0xffffff), .shadow = HEX_ALPHA (0x000000, .07f),
    .fade = HEX_ALPHA (0xfbfbfc, .74f), .line = 1,
  },
  [RT_SCHEME_DARK] = {
    .background = HEX (0x1d1e22), .surface = HEX (0x2a2c31), .stripe = HEX_ALPHA (0xffffff, .016f),
    .grid = HEX_ALPHA (0xffffff, .07f), .lane = HEX_ALPHA (0xffffff, .26f),
    .text = HEX (0xf4f4f5), .dim = HEX (0xb4bac4),
    .ink = { HEX (0x78a5ff), HEX (0x5df0b4), HEX (0xfa8672), HEX (0xf0c552), HEX (0xc397d2) },
    .fill = { HEX_ALPHA (0x78a5ff, .20f), HEX_ALPHA (0x5df0b4, .20f), HEX_ALPHA (0xfa8672, .20f),
              HEX_ALPHA (0xf0c552, .20f), HEX_ALPHA (0xc397d2, .20f) },
    .rail = HEX (0xdfe6f5), .rail_fill = HEX_ALPHA (0xdfe6f5, .20f),
    .good = HEX (0x5df0b4), .warning = HEX (0xf0c552), .now = HEX (0xff7eb6),
    .on_ink = HEX (0x1d1e22), .shadow = HEX_ALPHA (0x000000, .28f),
    .fade = HEX_ALPHA (0x1d1e22, .74f), .line = 1,
  },
  [RT_SCHEME_HIGH_CONTRAST] = {
    .background = HEX (0xffffff), .surface = HEX (0xffffff), .stripe = HEX_ALPHA (0x000000, 0),
    .grid = HEX_ALPHA (0x101828, .28f), .lane = HEX_ALPHA (0x101828, .9f),
    .text = HEX (0x000000), .dim = HEX (0x23272e),
    .ink = { HEX (0x003e92), HEX (0x00503c), HEX (0x8f1d00), HEX (0x5f3d00), HEX (0x5a1590) },
    .fill = { HEX_ALPHA (0x3584e4, .19f), HEX_ALPHA (0x2ec27e, .19f), HEX_ALPHA (0xe01b24, .19f),
              HEX_ALPHA (0xf5c211, .30f), HEX_ALPHA (0xb05ae0, .19f) },
    .rail = HEX (0x1d2128), .rail_fill = HEX_ALPHA (0x2b3038, .35f),
    .good = HEX (0x00503c), .warning = HEX (0x5f3d00), .now = HEX (0x8c0045),
    .on_ink = HEX (0xffffff), .shadow = HEX_ALPHA (0x000000, 0),
    .fade = HEX_ALPHA (0xffffff, .70f), .line = 1.35,
  },
  [RT_SCHEME_HIGH_CONTRAST_DARK] = {
    .background = HEX (0x000000), .surface = HEX (0x000000), .stripe = HEX_ALPHA (0xffffff, 0),
    .grid = HEX_ALPHA (0xffffff, .28f), .lane = HEX_ALPHA (0xffffff, .9f),
    .text = HEX (0xffffff), .dim = HEX (0xe4e8ee),
    .ink = { HEX (0xa8d2ff), HEX (0x7cf0cb), HEX (0xffb3a0), HEX (0xffdf80), HEX (0xe6caff) },
    .fill = { HEX_ALPHA (0xa8d2ff, .26f), HEX_ALPHA (0x7cf0cb, .26f), HEX_ALPHA (0xffb3a0, .26f),
              HEX_ALPHA (0xffdf80, .26f), HEX_ALPHA (0xe6caff, .26f) },
    .rail = HEX (0xf2f5fa), .rail_fill = HEX_ALPHA (0xe0e5ec, .35f),
    .good = HEX (0x7cf0cb), .warning = HEX (0xffdf80), .now = HEX (0xffa6cd),
    .on_ink = HEX (0x000000), .shadow = HEX_ALPHA (0x000000, 0),
    .fade = HEX_ALPHA (0x000000, .66f), .line = 1.35,
  },
};
/* clang-format on */

const RtTheme *
rt_theme_get (RtScheme scheme)
{
  return &themes[scheme];
}

RtColor
rt_color_with_alpha (RtColor color, double alpha)
{
  color.alpha = (float)alpha;
  return color;
}

/**
 * rt_theme_severity_ink:
 *
 * Returns: the ink of cards and badges that say so
 */
const RtColor *
rt_theme_severity_ink (const RtTheme *theme, RtSeverity severity)
{
  switch (severity)
    {
    case RT_SEVERITY_GOOD:
      return &theme->good;
    case RT_SEVERITY_WARNING:
      return &theme->warning;
    case RT_SEVERITY_PROBLEM:
      return &theme->ink[RT_TIMELINE_ERROR];
    case RT_SEVERITY_INFO:
    default:
      return &theme->ink[RT_TIMELINE_REQUEST];
    }
}
