/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Nobody has to know the key, and nobody can guess it. */
#include "rt-redact.h"

#include "rt-error.h"

#include <sys/random.h>

static void
stop_cb (GCancellable *cancellable, gpointer stop)
{
  g_atomic_int_set ((gint *)stop, 1);
}

/**
 * rt_redact:
 * @reader: the log; only read
 * @cancellable: (nullable): stops it
 *
 * Errors: those of reading; `G_IO_ERROR_CANCELLED`.
 *
 * Returns: (transfer full) (nullable): what is to be replaced
 */
RtRedaction *
rt_redact (RtReader *reader, GCancellable *cancellable, GError **error)
{
  guint8 key[RT_PSEUDONYM_KEY_SIZE];
  gint stop = 0;
  gulong id = 0;
  RtRedaction *redaction;
  g_autoptr (GError) trouble = NULL;

  if (getrandom (key, sizeof key, 0) != sizeof key)
    {
      rt_set_error (error, RT_ERROR_IO, NULL, NULL, "the system gives no random numbers");
      return NULL;
    }
  if (cancellable != NULL)
    id = g_cancellable_connect (cancellable, G_CALLBACK (stop_cb), &stop, NULL);
  redaction = rt_redaction_new (reader, key, &stop, &trouble);
  g_cancellable_disconnect (cancellable, id);
  if (redaction == NULL && trouble == NULL)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CANCELLED, "it was stopped");
  else if (redaction == NULL)
    g_propagate_error (error, g_steal_pointer (&trouble));
  return redaction;
}
