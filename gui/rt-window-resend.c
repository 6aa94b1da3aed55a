/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Sending recorded requests once more, from the window. */
#include "rt-window-private.h"

#include "rt-resend-dialog.h"

#include <glib/gi18n.h>

/* Where the lesson's server that the request was for listens just now; of a lesson's own request
 * else its first one. */
static const RtLivePort *
find_port (RtWindow *self, RtView *view, const RtExchange *exchange)
{
  GPtrArray *ports = rt_live_pane_get_ports (self->live);
  const RtLivePort *first = NULL;

  for (guint i = 0; ports != NULL && i < ports->len; i++)
    {
      const RtLivePort *port = ports->pdata[i];

      if (port->secure)
        continue; /* its certificate is nobody's that is trusted outside */
      if (g_strcmp0 (port->host, exchange->authority) == 0)
        return port;
      first = first != NULL ? first : port;
    }
  return rt_view_get_is_private (view) ? NULL : first;
}

/* Where it went, unless that was a lesson's server, which is nowhere but while it is live. */
static char *
dup_place (RtWindow *self, RtView *view, const RtExchange *exchange)
{
  const RtLivePort *port = find_port (self, view, exchange);

  if (port != NULL)
    return g_strdup_printf ("127.0.0.1:%u", port->real_port);
  if (!rt_view_get_is_private (view) || exchange->authority == NULL || *exchange->authority == '\0')
    return NULL;
  return g_strdup_printf ("%s://%s", exchange->scheme, exchange->authority);
}

/** rt_window_resend: what is selected, or all that is listed: it is asked in a dialog */
void
rt_window_resend (RtWindow *self)
{
  RtView *view = rt_stage_get_view (self->stage);
  const RtExchange *exchange = view != NULL ? rt_view_get_exchange (view) : NULL;
  g_autoptr (GArray) listed = NULL;
  g_autofree char *place = NULL;
  RtResendDialog *dialog;

  if (exchange == NULL)
    {
      rt_window_notice (self, _ ("Choose an exchange first: its request is sent again"));
      return;
    }
  listed = rt_inspector_dup_listed (self->inspector);
  place = dup_place (self, view, exchange);
  dialog = rt_resend_dialog_new (GTK_WINDOW (self), view, listed, place);
  g_signal_connect_object (dialog, "show-session", G_CALLBACK (rt_window_open), self,
                           G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
resend_cb (GSimpleAction *action, GVariant *parameter, gpointer window)
{
  rt_window_resend (window);
}

/** rt_window_add_resending: @self: gets its action */
void
rt_window_add_resending (RtWindow *self)
{
  static const GActionEntry entries[] = { { "resend", resend_cb } };

  g_action_map_add_action_entries (G_ACTION_MAP (self), entries, G_N_ELEMENTS (entries), self);
}
