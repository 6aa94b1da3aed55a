/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The tables of a session file, as the steps that make them. A step that was released is never
 * changed: files of its version are out there, and one of each is in tests/record. What the
 * columns mean stands in docs/session-file.md. */
#include "rt-session-schema.h"

#include "rt-session.h"

/* clang-format off */
static const char *const migrations[] = {
  /* 1: runs, their logs, and the derived exchanges. */
  "CREATE TABLE property ("
  "  name TEXT PRIMARY KEY,"
  "  value"
  ") WITHOUT ROWID;"
  "CREATE TABLE lesson ("
  "  id INTEGER PRIMARY KEY,"
  "  path TEXT,"
  "  text TEXT NOT NULL"
  ");"
  "CREATE TABLE run ("
  "  id INTEGER PRIMARY KEY,"
  "  name TEXT NOT NULL,"
  "  title TEXT,"
  "  source TEXT NOT NULL,"
  "  parent INTEGER REFERENCES run,"
  "  started_usec INTEGER NOT NULL,"
  "  recorded_usec INTEGER NOT NULL,"
  "  lesson INTEGER REFERENCES lesson,"
  "  metadata TEXT,"
  "  events INTEGER NOT NULL DEFAULT 0,"
  "  finished INTEGER NOT NULL DEFAULT 0,"
  "  analysis_version INTEGER NOT NULL DEFAULT 0,"
  "  analysis_events INTEGER NOT NULL DEFAULT 0"
  ");"
  "CREATE TABLE page ("
  "  id INTEGER PRIMARY KEY,"
  "  run INTEGER NOT NULL REFERENCES run,"
  "  first INTEGER NOT NULL,"
  "  events INTEGER NOT NULL,"
  "  encoding INTEGER NOT NULL,"
  "  check_sum INTEGER NOT NULL,"
  "  data BLOB NOT NULL,"
  "  UNIQUE (run, first)"
  ");"
  "CREATE TABLE blob ("
  "  id INTEGER PRIMARY KEY,"
  "  page INTEGER NOT NULL REFERENCES page,"
  "  check_sum INTEGER NOT NULL,"
  "  data BLOB NOT NULL"
  ");"
  "CREATE TABLE content ("
  "  id INTEGER PRIMARY KEY,"
  "  hash INTEGER NOT NULL,"
  "  data BLOB NOT NULL"
  ");"
  "CREATE INDEX content_hash ON content (hash);"
  "CREATE TABLE buffer_start ("
  "  run INTEGER NOT NULL,"
  "  last INTEGER NOT NULL,"
  "  first INTEGER NOT NULL,"
  "  page INTEGER NOT NULL,"
  "  PRIMARY KEY (run, last)"
  ") WITHOUT ROWID;"
  "CREATE TABLE buffer_part ("
  "  run INTEGER NOT NULL,"
  "  buffer INTEGER NOT NULL,"
  "  offset INTEGER NOT NULL,"
  "  page INTEGER NOT NULL,"
  "  PRIMARY KEY (run, buffer, offset)"
  ") WITHOUT ROWID;"
  "CREATE TABLE exchange ("
  "  id INTEGER PRIMARY KEY,"
  "  started_usec INTEGER,"
  "  duration_usec INTEGER,"
  "  method TEXT,"
  "  scheme TEXT,"
  "  authority TEXT,"
  "  target TEXT,"
  "  status INTEGER,"
  "  request_bytes INTEGER,"
  "  response_bytes INTEGER,"
  "  connection INTEGER,"
  "  client TEXT,"
  "  server TEXT,"
  "  run INTEGER NOT NULL REFERENCES run,"
  "  number INTEGER NOT NULL,"
  "  first_event INTEGER,"
  "  last_event INTEGER,"
  "  UNIQUE (run, number)"
  ");",
  /* 2: what the user adds to a run. */
  "CREATE TABLE mark ("
  "  run INTEGER NOT NULL REFERENCES run,"
  "  event INTEGER NOT NULL,"
  "  text TEXT NOT NULL,"
  "  PRIMARY KEY (run, event)"
  ") WITHOUT ROWID;",
  /* 3: what was put together from a source without bytes. */
  "ALTER TABLE exchange ADD COLUMN reconstructed INTEGER NOT NULL DEFAULT 0;",
  /* 4: a mark may be about some bytes of its event. */
  "ALTER TABLE mark RENAME TO mark_of_events;"
  "CREATE TABLE mark ("
  "  run INTEGER NOT NULL REFERENCES run,"
  "  event INTEGER NOT NULL,"
  "  buffer INTEGER NOT NULL DEFAULT 0,"
  "  offset INTEGER NOT NULL DEFAULT 0,"
  "  length INTEGER NOT NULL DEFAULT 0,"
  "  text TEXT NOT NULL,"
  "  PRIMARY KEY (run, event, buffer, offset, length)"
  ") WITHOUT ROWID;"
  "INSERT INTO mark (run, event, text) SELECT run, event, text FROM mark_of_events;"
  "DROP TABLE mark_of_events;",
  /* 5: what filters ask, and where the messages stand. */
  "CREATE TABLE names ("
  "  id INTEGER PRIMARY KEY,"
  "  text TEXT NOT NULL UNIQUE"
  ");"
  "ALTER TABLE exchange ADD COLUMN flags INTEGER;"
  "ALTER TABLE exchange ADD COLUMN media_type TEXT;"
  "ALTER TABLE exchange ADD COLUMN request_names INTEGER REFERENCES names;"
  "ALTER TABLE exchange ADD COLUMN response_names INTEGER REFERENCES names;"
  "ALTER TABLE exchange ADD COLUMN request_buffer INTEGER;"
  "ALTER TABLE exchange ADD COLUMN request_offset INTEGER;"
  "ALTER TABLE exchange ADD COLUMN request_head INTEGER;"
  "ALTER TABLE exchange ADD COLUMN response_buffer INTEGER;"
  "ALTER TABLE exchange ADD COLUMN response_offset INTEGER;"
  "ALTER TABLE exchange ADD COLUMN response_head INTEGER;"
  "ALTER TABLE exchange ADD COLUMN tunnel_bytes INTEGER;",
  /* 6: how far a run was looked at as a whole. */
  "ALTER TABLE run ADD COLUMN observed_version INTEGER NOT NULL DEFAULT 0;"
  "ALTER TABLE run ADD COLUMN observed_events INTEGER NOT NULL DEFAULT 0;",
};

/* How a file of an older version is read where it cannot be changed. */
#define EXCHANGE(more)                                                                             \
  "CREATE TEMP VIEW exchange AS SELECT *," more                                                    \
  " NULL AS flags, NULL AS media_type, NULL AS request_names, NULL AS response_names,"             \
  " NULL AS request_buffer, NULL AS request_offset, NULL AS request_head,"                         \
  " NULL AS response_buffer, NULL AS response_offset, NULL AS response_head,"                      \
  " NULL AS tunnel_bytes FROM main.exchange;"
#define RUN                                                                                        \
  "CREATE TEMP VIEW run AS SELECT *, 0 AS observed_version, 0 AS observed_events FROM main.run;"
#define NAMES "CREATE TEMP TABLE names (id INTEGER PRIMARY KEY, text TEXT);"
#define MARK                                                                                       \
  "CREATE TEMP VIEW mark AS SELECT run, event, 0 AS buffer, 0 AS offset, 0 AS length, text"        \
  " FROM main.mark;"

static const char *const readings[] = {
  [1] = "CREATE TEMP TABLE mark (run, event, buffer, offset, length, text);"
        RUN NAMES EXCHANGE (" 0 AS reconstructed,"),
  [2] = RUN MARK NAMES EXCHANGE (" 0 AS reconstructed,"),
  [3] = RUN MARK NAMES EXCHANGE (""),
  [4] = RUN NAMES EXCHANGE (""),
  [5] = RUN,
};
/* clang-format on */
G_STATIC_ASSERT (G_N_ELEMENTS (readings) == RT_SESSION_VERSION);
G_STATIC_ASSERT (G_N_ELEMENTS (migrations) == RT_SESSION_VERSION);

const RtStoreKind rt_session_kind = {
  .what = "a Roundtrip session",
  .application_id = RT_SESSION_APPLICATION_ID,
  .page_size = 8192,
  .migrations = migrations,
  .readings = readings,
  .n_migrations = G_N_ELEMENTS (migrations),
};
