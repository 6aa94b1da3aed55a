/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the URL parser's loop and its states share. */
#pragma once

#include "rt-url.h"

G_BEGIN_DECLS

/** RT_URL_END: in place of a byte, behind the last one. */
#define RT_URL_END (-1)

/**
 * RtUrlStep:
 * @RT_URL_STEP_NEXT: go on to the next byte
 * @RT_URL_STEP_AGAIN: the next state sees the same byte: the standard's "decrease pointer by 1"
 * @RT_URL_STEP_FAIL: this is no URL
 */
typedef enum
{
  RT_URL_STEP_NEXT,
  RT_URL_STEP_AGAIN,
  RT_URL_STEP_FAIL,
} RtUrlStep;

/* The parser: where it is, what it found, and why it failed. */
typedef struct
{
  RtText input;
  gsize at;
  guint state; /* rt-url-states.c knows which */
  const RtUrl *base;
  const char *expected; /* why it failed */
  GError **error;
  gboolean at_sign_seen, in_brackets, password_seen;
  GString *buffer;

  /* The URL as far as it is known. @path is its serialization: no segment can hold a "/". */
  char *scheme;
  gboolean special, opaque_path;
  GString *username, *password, *path, *query, *fragment;
  char *host;
  RtUrlHostKind host_kind;
  int port;
} RtUrlParser;

RtUrlStep rt_url_parser_step (RtUrlParser *p, int c);

static inline void
rt_url_drop_part (GString **part)
{
  if (*part != NULL)
    g_string_free (g_steal_pointer (part), TRUE);
}

G_END_DECLS
