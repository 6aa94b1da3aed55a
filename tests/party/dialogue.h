/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Dialogues with a party: a script of what happens to it goes in, what it wants done comes out,
 * both as lines of text. No network: bytes reach it as the script has them. */
#pragma once

#include "rt-effects.h"

G_BEGIN_DECLS

/* Times count from here. */
#define DIALOGUE_START (1767268800 * RT_TIME_SEC)

/* The lines of a script, N a connection's number. Connections that the party asks for are 1, 2, …;
 * where it accepts some, too, the script takes other numbers for those.
 *
 *   accept N             somebody connected
 *   connected N          the connection the party asked for is up
 *   failed N WHY         … or is not
 *   bytes N TEXT         \r and \n are written so
 *   eof N, reset N
 *   task TEXT            given to `task`, which makes a task of it
 *   wait DURATION        deadlines fall due
 *
 * What was sent is taken off the party's hands at once (WRITABLE) unless a line `hold` came; after
 * `release` it is again. */
typedef struct
{
  const RtPartyClass *klass;
  gpointer self;
  gconstpointer (*task) (gpointer data, const char *text);
  gpointer data;
} Dialogue;

GBytes *dialogue_bytes (const char *text);
char *dialogue_play (const Dialogue *dialogue, const char *script);
char *dialogue_without_dates (const char *text);

G_END_DECLS
