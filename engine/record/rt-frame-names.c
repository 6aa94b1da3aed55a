/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Ends have the addresses that the log knows of them; the others get ones of 198.18.0.0/15, which
 * nobody has (RFC 2544 §C.2.2). Names stand in blocks of names. There a name belongs to an address
 * and not to an end, so who is at another's address (programs of one machine, sites of one server)
 * gets one of those, too. */
#include "rt-frame-names.h"

#include "rt-address.h"

struct _RtFrameNames
{
  GHashTable *parties; /* by number; looked up, never walked */
  GHashTable *hosts;   /* name → number, of hosts that no party is; likewise */
  GHashTable *holders; /* address → name of who has it; likewise */
};

/** rt_frame_names_new: nobody is known. */
RtFrameNames *
rt_frame_names_new (void)
{
  RtFrameNames *names = g_new0 (RtFrameNames, 1);

  names->parties = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  names->hosts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  names->holders = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  return names;
}

void
rt_frame_names_free (RtFrameNames *names)
{
  g_hash_table_unref (names->parties);
  g_hash_table_unref (names->hosts);
  g_hash_table_unref (names->holders);
  g_free (names);
}

/** rt_frame_names_clear: what follows is another section, of other parties. */
void
rt_frame_names_clear (RtFrameNames *names)
{
  g_hash_table_remove_all (names->parties);
  g_hash_table_remove_all (names->hosts);
  g_hash_table_remove_all (names->holders);
}

void
rt_frame_names_add_party (RtFrameNames *names, RtPartyId party, const char *name)
{
  g_hash_table_insert (names->parties, GUINT_TO_POINTER ((guint)party), g_strdup (name));
}

static gboolean
parse_address (const char *text, RtIpAddress *ret_address)
{
  guint32 four;
  RtIpv6 six;

  *ret_address = (RtIpAddress){ 0 };
  if (rt_ipv4_parse (rt_text (text), &four))
    {
      four = GUINT32_TO_BE (four);
      ret_address->length = 4;
      memcpy (ret_address->bytes, &four, 4);
      return TRUE;
    }
  if (!rt_ipv6_parse (rt_text (text), &six))
    return FALSE;
  ret_address->length = 16;
  for (guint i = 0; i < 8; i++)
    {
      ret_address->bytes[i * 2] = (guint8)(six.pieces[i] >> 8);
      ret_address->bytes[i * 2 + 1] = (guint8)six.pieces[i];
    }
  return TRUE;
}

/* An address that nobody has, in the family of an IPv6 address if @six. */
static RtIpAddress
make_address (guint number, gboolean six)
{
  RtIpAddress address = { .length = 4, .bytes = { 198, 18 + (number >> 16 & 1) } };

  if (six)
    address = (RtIpAddress){ .length = 16, .bytes = { 0xfd, 0, [13] = number >> 16 & 1 } };
  address.bytes[address.length - 2] = (guint8)(number >> 8);
  address.bytes[address.length - 1] = (guint8)number;
  return address;
}

/* Hosts that no party is, are numbered behind the parties. */
static guint
number_of_host (RtFrameNames *names, const char *host)
{
  guint number = GPOINTER_TO_UINT (g_hash_table_lookup (names->hosts, host));

  if (number != 0)
    return number;
  number = 0x10000 + g_hash_table_size (names->hosts) % 0xffff + 1;
  g_hash_table_insert (names->hosts, g_strdup (host), GUINT_TO_POINTER (number));
  return number;
}

/* Whether @name has the address, or can have it; then it is written down as its name. */
static gboolean
take_address (RtFrameNames *names, GByteArray *blocks, const RtIpAddress *address, const char *name)
{
  g_autofree char *text = rt_ip_address_format (address);
  const char *holder = g_hash_table_lookup (names->holders, text);

  if (holder != NULL)
    return g_str_equal (holder, name);
  if (*name != '\0' && !g_str_equal (name, text))
    rt_pcapng_append_name (blocks, address, name);
  g_hash_table_insert (names->holders, g_steal_pointer (&text), g_strdup (name));
  return TRUE;
}

/* What the log knows of an end. */
typedef struct
{
  const char *name;
  guint number;
  gboolean known;
  RtIpAddress address; /* if it is */
} End;

static void
settle (RtFrameNames *names, GByteArray *blocks, const End *end, gboolean six, RtIpAddress *ret)
{
  *ret = end->address;
  if (end->known && (end->address.length == 16) == six
      && take_address (names, blocks, ret, end->name))
    return;
  *ret = make_address (end->number, six);
  take_address (names, blocks, ret, end->name);
}

/**
 * rt_frame_names_find_ends:
 * @names: who there is
 * @blocks: gets a block for each name that was not written yet
 * @from: who opened a connection
 * @to: to whom; 0: not known
 * @host: what it was opened to
 * @ret_ends: (out): their addresses, of one family
 */
void
rt_frame_names_find_ends (RtFrameNames *names,
                          GByteArray *blocks,
                          RtPartyId from,
                          RtPartyId to,
                          const char *host,
                          RtIpAddress ret_ends[2])
{
  End client
      = { .name = g_hash_table_lookup (names->parties, GUINT_TO_POINTER (from)), .number = from };
  End server = { .name = g_hash_table_lookup (names->parties, GUINT_TO_POINTER (to)),
                 .number = to != 0 ? to : number_of_host (names, host) };
  gboolean six;

  client.name = client.name != NULL ? client.name : "";
  server.name = server.name != NULL ? server.name : host;
  client.known = parse_address (client.name, &client.address);
  server.known
      = parse_address (host, &server.address) || parse_address (server.name, &server.address);
  six = (client.known && client.address.length == 16)
        || (server.known && server.address.length == 16);
  settle (names, blocks, &client, six, &ret_ends[0]);
  settle (names, blocks, &server, six, &ret_ends[1]);
}
