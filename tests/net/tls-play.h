/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Actors for the tests of TLS: a client that says one thing, a server that answers, and Mallory,
 * who sits on the line between them. They play on either driver. */
#pragma once

#include "rt-live.h"
#include "rt-sim.h"

#define START (1767268800 * RT_TIME_SEC)
#define REQUEST "GET / HTTP/1.1\r\nHost: shop.test\r\n\r\n"
#define RESPONSE "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"

/* Where the server's first flight ends; its answer begins a record there. */
#define PLAY_FLIGHT 1391

typedef enum
{
  CLIENT_CLOSES, /* when it has its answer */
  CLIENT_WAITS,  /* for the server to close */
  CLIENT_READS_LATE,
} Manner;

typedef struct
{
  RtEndpoint to;
  Manner manner;
  gsize asks; /* bytes more than the request */
  GString *seen, *got;
  RtConnection connection;
  guint64 task;
  char *error, *server_name, *alpn;
  gboolean secure, trusted;
} Client;

typedef struct
{
  gsize answers; /* bytes more than the response */
  gboolean closes, resets;
  GString *seen, *got;
  char *server_name, *alpn;
} Server;

/* Mallory sits on the line: takes connections in the server's place and passes bytes on. She has no
 * certificate, and so nothing but ciphertext. */
typedef struct
{
  RtEndpoint to;
  guint64 flip; /* changes this byte, from 1, of what the server says; 0: none */
  guint64 cut;  /* says that the server is done after so many of its bytes; 0: no */
  guint64 passed;
  RtConnection client, server;
} Mallory;

/* A play: set up, then begun. */
typedef struct
{
  RtLog *log;
  const RtDriverClass *driver_class;
  gpointer driver;
  Client client;
  Server server;
  RtPartyId client_id, server_id;
} Play;

void play_init (Play *play, const RtTls *wants);
void play_init_unheard (Play *play, const RtTls *wants);
void play_init_live (Play *play, const RtTls *wants);
void play_init_outside (Play *play);
void play_listen (Play *play, const char *host, const RtTls *shows);
void play_add_mallory (Play *play, Mallory *mallory);
RtRun play_run (Play *play);
void play_much (Play *play);
void play_clear (Play *play);

char *play_dump (Play *play);
void assert_logged (Play *play, const char *part);
void assert_not_logged (Play *play, const char *part);
void assert_answered (Play *play);
