/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A page of events as bytes: what the column `data` of the table `page` holds. For this folder. */
#pragma once

#include "rt-event.h"

G_BEGIN_DECLS

/**
 * RtPageEncoding:
 * @RT_PAGE_PLAIN: as rt-page-code.c describes
 * @RT_PAGE_DEFLATED: the length of the plain form, then that form as a zlib stream
 * @RT_PAGE_HOLE: events that were not recorded: a time and a number of bytes
 *
 * The column `encoding` of the table `page`.
 */
typedef enum
{
  RT_PAGE_PLAIN,
  RT_PAGE_DEFLATED,
  RT_PAGE_HOLE,
} RtPageEncoding;

/** RT_PAGE_HOLE_MAX: events that one hole stands for; a longer one is several. */
#define RT_PAGE_HOLE_MAX 65536

/**
 * RtPlacement:
 * @span: bytes of a buffer
 * @content: @id is of the table `content`, else of `blob`
 * @position: where they begin in it
 *
 * Where in the file bytes of a buffer stand.
 */
typedef struct
{
  RtSpan span;
  gint64 id;
  guint32 position;
  gboolean content;
} RtPlacement;

/**
 * RtPageParts:
 * @first: number of the first event; not in the bytes
 * @events: (element-type RtEvent)
 * @placements: (element-type RtPlacement): by buffer and offset
 *
 * What a page is made of.
 */
typedef struct
{
  guint64 first;
  GArray *events;
  GByteArray *arena;
  GArray *placements;
} RtPageParts;

void rt_page_parts_init (RtPageParts *parts, guint64 first);
void rt_page_parts_clear (RtPageParts *parts);

GByteArray *rt_page_encode (const RtPageParts *parts, RtPageEncoding *ret_encoding);
gboolean rt_page_decode (RtPageParts *parts,
                         RtPageEncoding encoding,
                         guint n_events,
                         const guint8 *data,
                         gsize size,
                         GError **error);
void rt_page_put_gap (GByteArray *arena, RtEvent *event, guint64 bytes);
GByteArray *rt_page_encode_hole (RtTime time, guint64 bytes);

gsize rt_page_get_chunk_bytes (const RtPage *page);
gsize rt_page_get_size (const RtPage *page);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (RtPageParts, rt_page_parts_clear)

G_END_DECLS
