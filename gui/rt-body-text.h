/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Content as text that a person can read, by its media type, with pictures where it has any. */
#pragma once

#include "rt-body-image.h"

G_BEGIN_DECLS

/**
 * RtBodyPicture:
 * @offset: where it stands: before that character of the text
 * @media_type: what it says it is
 */
typedef struct
{
  guint offset;
  GdkTexture *texture;
  char *media_type;
} RtBodyPicture;

/**
 * RtBodyText:
 * @text: UTF-8
 * @language: (nullable): what GtkSourceView calls its grammar; static
 * @pictures: (element-type RtBodyPicture): in order
 * @note: (nullable): what has to be known of the text: that it is not all, in which charset it was
 *
 * Made on any thread.
 */
typedef struct
{
  char *text;
  const char *language;
  GPtrArray *pictures;
  char *note;
} RtBodyText;

RtBodyText *rt_body_text_new (const char *media_type, GBytes *bytes);
void rt_body_text_free (RtBodyText *text);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RtBodyText, rt_body_text_free)

G_END_DECLS
