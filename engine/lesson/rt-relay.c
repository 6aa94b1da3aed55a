/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The relay.
 *
 * Each connection that comes in gets one to the program. What one end sends is handed to the other,
 * and no more is read until that has left: the slower end sets the pace, and nothing piles up here.
 * An end that is finished or cut off leaves the same mark at the other. */
#include "rt-relay.h"

/* One of the two ends; both point at each other. */
typedef struct _End
{
  RtConnection id;
  struct _End *other;
  GBytes *early; /* what came before this end was up */
  gboolean up, eof;
} End;

struct _RtRelay
{
  char *host;
  guint16 port;
  GHashTable *ends; /* RtConnection → End */
};

static void
end_free (gpointer data)
{
  End *end = data;

  if (end->other != NULL)
    end->other->other = NULL;
  g_clear_pointer (&end->early, g_bytes_unref);
  g_free (end);
}

/**
 * rt_relay_new:
 * @host: where the program is, as the driver knows it
 * @port: likewise
 *
 * Returns: (transfer full): a relay without connections
 */
RtRelay *
rt_relay_new (const char *host, guint16 port)
{
  RtRelay *relay = g_new0 (RtRelay, 1);

  relay->host = g_strdup (host);
  relay->port = port;
  relay->ends = g_hash_table_new_full (NULL, NULL, NULL, end_free);
  return relay;
}

void
rt_relay_free (RtRelay *relay)
{
  g_hash_table_unref (relay->ends);
  g_free (relay->host);
  g_free (relay);
}

static End *
add_end (RtRelay *relay, RtConnection id, End *other)
{
  End *end = g_new0 (End, 1);

  end->id = id;
  end->other = other;
  if (other != NULL)
    other->other = end;
  g_hash_table_insert (relay->ends, GUINT_TO_POINTER (id), end);
  return end;
}

static void
drop (RtRelay *relay, End *end)
{
  g_hash_table_remove (relay->ends, GUINT_TO_POINTER (end->id));
}

/* Both have said all they will. */
static void
drop_when_over (RtRelay *relay, End *end)
{
  End *other = end->other;

  if (!end->eof || (other != NULL && !other->eof))
    return;
  if (other != NULL)
    drop (relay, other);
  drop (relay, end);
}

/* Its fate is the other's fate. */
static void
cut_both (RtRelay *relay, End *end, RtEffects *out)
{
  End *other = end->other;

  if (other != NULL)
    {
      rt_effects_close (out, other->id, TRUE);
      drop (relay, other);
    }
  drop (relay, end);
}

static void
pass_on (End *end, GBytes *bytes, RtEffects *out)
{
  End *to = end->other;

  if (to == NULL)
    return;
  rt_effects_read (out, end->id, FALSE);
  if (to->up)
    rt_effects_send (out, to->id, bytes);
  else
    to->early = g_bytes_ref (bytes); /* one: reading has stopped */
}

static void
come_up (RtRelay *relay, End *end, RtEffects *out)
{
  end->up = TRUE;
  if (end->early != NULL)
    rt_effects_send (out, end->id, end->early);
  g_clear_pointer (&end->early, g_bytes_unref);
  if (end->other != NULL && end->other->eof)
    rt_effects_close (out, end->id, FALSE);
}

static void
finish (RtRelay *relay, End *end, RtEffects *out)
{
  end->eof = TRUE;
  if (end->other != NULL && end->other->up)
    rt_effects_close (out, end->other->id, FALSE);
  drop_when_over (relay, end);
}

static void
input (gpointer self, const RtInput *input, RtEffects *out)
{
  RtRelay *relay = self;
  End *end = g_hash_table_lookup (relay->ends, GUINT_TO_POINTER (input->connection));

  if (input->kind == RT_INPUT_ACCEPTED)
    {
      end = add_end (relay, input->connection, NULL);
      end->up = TRUE;
      add_end (relay,
               rt_effects_connect (out, &(RtEndpoint){ .host = relay->host, .port = relay->port }),
               end);
    }
  else if (end == NULL)
    return;
  else if (input->kind == RT_INPUT_CONNECTED)
    come_up (relay, end, out);
  else if (input->kind == RT_INPUT_BYTES)
    pass_on (end, input->bytes, out);
  else if (input->kind == RT_INPUT_WRITABLE && end->other != NULL)
    rt_effects_read (out, end->other->id, TRUE);
  else if (input->kind == RT_INPUT_EOF)
    finish (relay, end, out);
  else if (input->kind == RT_INPUT_RESET || input->kind == RT_INPUT_FAILED)
    cut_both (relay, end, out);
}

static void
free_relay (gpointer self)
{
  rt_relay_free (self);
}

const RtPartyClass rt_relay_class = { "origin", input, free_relay };
