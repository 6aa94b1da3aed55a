/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * `roundtrip inspect FILE --exchange N --as FORM`: one exchange, to be taken elsewhere. For this
 * folder. */
#pragma once

#include "rt-session.h"

G_BEGIN_DECLS

/**
 * RtInspectExchange:
 * @exchange: its number, `3`, or `A/3` with its run's name, as lists show it
 * @form: (nullable): a name of an #RtExchangeForm; %NULL: raw
 * @body: (nullable): file for content that cannot stand on a command line
 * @keep: secrets are printed, too. Those of lessons always are
 *
 * What the user asked for.
 */
typedef struct
{
  char *exchange, *form, *body;
  gboolean keep;
} RtInspectExchange;

int rt_inspect_exchange (RtSession *session, const RtInspectExchange *about);

G_END_DECLS
