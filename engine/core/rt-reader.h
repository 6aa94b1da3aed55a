/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The one interface through which pages and bytes are read, whoever keeps them. */
#pragma once

#include "rt-event.h"

G_BEGIN_DECLS

typedef struct _RtReader RtReader;

/**
 * RtReaderClass:
 * @get_length: number of events that can be read
 * @dup_page: (transfer full): the page that holds event number @event; %RT_ERROR_MISSING past the
 *   end
 * @dup_bytes: (transfer full): the bytes of @span; %RT_ERROR_MISSING where they were not kept
 * @free: releases @self
 *
 * What a keeper of a log offers: memory (rt_pages_new()) or a session file.
 */
typedef struct
{
  guint64 (*get_length) (gpointer self);
  RtPage *(*dup_page) (gpointer self, guint64 event, GError **error);
  GBytes *(*dup_bytes) (gpointer self, RtSpan span, GError **error);
  void (*free) (gpointer self);
} RtReaderClass;

RtReader *rt_reader_new (const RtReaderClass *klass, gpointer self);
RtReader *rt_reader_ref (RtReader *reader);
void rt_reader_unref (RtReader *reader);

guint64 rt_reader_get_length (RtReader *reader);
RtPage *rt_reader_dup_page (RtReader *reader, guint64 event, GError **error);
GBytes *rt_reader_dup_bytes (RtReader *reader, RtSpan span, GError **error);

typedef struct _RtPages RtPages;

RtPages *rt_pages_new (void);
RtPages *rt_pages_ref (RtPages *pages);
void rt_pages_unref (RtPages *pages);
void rt_pages_add (RtPages *pages, RtPage *page);
RtReader *rt_pages_dup_reader (RtPages *pages);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RtReader, rt_reader_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RtPages, rt_pages_unref)

G_END_DECLS
