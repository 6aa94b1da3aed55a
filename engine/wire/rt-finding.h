/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Findings: what a codec has to say of the bytes it read. */
#pragma once

#include "rt-decision.h"

G_BEGIN_DECLS

/**
 * RtSeverity:
 * @RT_SEVERITY_GOOD: worth praise
 * @RT_SEVERITY_INFO: worth knowing
 * @RT_SEVERITY_WARNING: allowed but unwise, or a SHOULD that is not kept
 * @RT_SEVERITY_PROBLEM: breaks a MUST, or breaks the exchange
 */
typedef enum
{
  RT_SEVERITY_GOOD,
  RT_SEVERITY_INFO,
  RT_SEVERITY_WARNING,
  RT_SEVERITY_PROBLEM,
} RtSeverity;

/**
 * RtFindingKind:
 * @clause: what is broken; its id names the finding: `http1.bare-cr`
 * @status: what a strict server answers with (RFC 9112), 0 where it can go on
 *
 * A kind of violation. Static.
 */
typedef struct
{
  RtClause clause;
  RtSeverity severity;
  guint status;
} RtFindingKind;

/**
 * RtFinding:
 * @kind: static
 * @span: the bytes that show it
 */
typedef struct
{
  const RtFindingKind *kind;
  RtSpan span;
} RtFinding;

G_END_DECLS
