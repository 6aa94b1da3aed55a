/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What an import is made of, for the files that it is written in. */
#pragma once

#include "rt-import.h"
#include "rt-recorder.h"

G_BEGIN_DECLS

typedef enum
{
  RT_STEP_CONNECT,
  RT_STEP_ESTABLISHED,
  RT_STEP_SECURED,
  RT_STEP_BYTES,
  RT_STEP_REBUILT,
  RT_STEP_REST,
  RT_STEP_GAP,
  RT_STEP_STATE,
  RT_STEP_END,
  RT_STEP_ABORT,
} RtImportStepKind;

/* Something that is to be written into the log at @time. */
typedef struct
{
  RtTime time;
  guint64 sequence; /* equal times keep the order in which they were told */
  RtImportStepKind kind;
  RtConnection connection;
  RtDirection direction;
  GBytes *bytes;
  gsize first; /* REBUILT: so many bytes cross now, the others with REST */
  GVariant *detail;
  char *comment; /* REBUILT: a mark on it */
} RtImportStep;

typedef struct
{
  RtPartyId ends[2]; /* by the direction in which each writes */
  RtProvenance provenance;
  RtBufferId buffers[2];
  RtSpan rest[2]; /* of the message under way: what has not crossed yet */
  guint64 sent;   /* the event with the last bytes of the end that opened it */
} RtImportLine;

struct _RtImport
{
  RtSession *session;
  char *file, *format, *run_name;
  RtImportOptions options;
  RtRecorder *recorder;
  RtLog *log;
  gboolean begun, failed;
  RtTime now;
  guint64 sequence;
  GArray *pending; /* RtImportStep: a heap, the earliest first */
  gsize pending_bytes;
  gboolean crowded;
  GArray *lines; /* RtImportLine, by connection */
  guint64 told;  /* of the progress */
  GArray *marks; /* RtMark */
  RtImportReport *report;
};

void rt_import_step_clear (RtImportStep *step);
void rt_import_schedule (RtImport *import, RtImportStep step);
void rt_import_write_until (RtImport *import, RtTime time);

G_END_DECLS
