/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A few bytes can say that they are a picture of any size, so its size is looked at before it is
 * made; any thread may make it. */
#include "rt-body-image.h"

#include <glib/gi18n.h>

/** MAX_PIXELS: of a picture that is made. */
#define MAX_PIXELS (50 * 1000 * 1000)
/** STEP: bytes that are read at a time: the size is known long before the last of them. */
#define STEP 4096

/** rt_body_is_image: Returns: whether a picture could be made of it */
gboolean
rt_body_is_image (const char *media_type)
{
  return g_ascii_strncasecmp (media_type, "image/", 6) == 0;
}

typedef struct
{
  int width, height;
  gboolean too_large;
} Size;

static void
sized_cb (GdkPixbufLoader *loader, int width, int height, Size *size)
{
  *size = (Size){ width, height, (gint64)width * height > MAX_PIXELS };
  /* Of no size, and so not made. */
  if (size->too_large)
    gdk_pixbuf_loader_set_size (loader, 0, 0);
}

static gboolean
read_all (GdkPixbufLoader *loader, GBytes *bytes, const Size *size, GError **error)
{
  gsize length;
  const guchar *data = g_bytes_get_data (bytes, &length);

  for (gsize at = 0; at < length && !size->too_large; at += STEP)
    if (!gdk_pixbuf_loader_write (loader, data + at, MIN (STEP, length - at), error))
      {
        gdk_pixbuf_loader_close (loader, NULL);
        return FALSE;
      }
  return gdk_pixbuf_loader_close (loader, size->too_large ? NULL : error);
}

/**
 * rt_body_image_new:
 * @bytes: the content, codings undone
 * @ret_why_not: (out): in words; untouched if there is a picture
 *
 * Returns: (transfer full) (nullable): the picture, of several the first
 */
GdkTexture *
rt_body_image_new (GBytes *bytes, char **ret_why_not)
{
  g_autoptr (GdkPixbufLoader) loader = gdk_pixbuf_loader_new ();
  g_autoptr (GError) error = NULL;
  Size size = { 0 };
  GdkPixbuf *pixbuf;

  g_signal_connect (loader, "size-prepared", G_CALLBACK (sized_cb), &size);
  read_all (loader, bytes, &size, &error);
  if (size.too_large)
    {
      *ret_why_not = g_strdup_printf (_ ("a picture of %d × %d pixels is too large to be shown"),
                                      size.width, size.height);
      return NULL;
    }
  /* What is there of a picture that is cut is shown. */
  pixbuf = gdk_pixbuf_loader_get_pixbuf (loader);
  if (pixbuf != NULL)
    return gdk_texture_new_for_pixbuf (pixbuf);
  *ret_why_not = g_strdup_printf (_ ("no picture can be made of it: %s"),
                                  error != NULL ? error->message : _ ("it ends too early"));
  return NULL;
}
