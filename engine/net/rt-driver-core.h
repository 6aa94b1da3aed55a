/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What both drivers do alike: parties, their tasks and deadlines, and what a party wants written
 * down. How bytes travel is each driver's own. */
#pragma once

#include "rt-driver.h"
#include "rt-log.h"
#include "rt-time-queue.h"
#include "rt-tls-authority.h"

G_BEGIN_DECLS

/**
 * RtDriverParty:
 * @address: where it lives in the sandbox, on either driver: what those of its own see of it
 * @deadlines: by their number; the core's own
 * @n_opened: connections it opened
 * @down: it does not listen for now
 */
typedef struct
{
  RtPartyId id;
  char *name, *address;
  const RtPartyClass *klass;
  gpointer self;
  GHashTable *deadlines;
  guint n_opened;
  gboolean down;
} RtDriverParty;

/**
 * RtDriverWire:
 * @out: what this end writes
 * @in: what it reads
 * @peer: whose the other end is; 0: not known
 *
 * Where one end of a connection stands in the log.
 */
typedef struct
{
  RtBufferId out, in;
  RtPartyId peer;
} RtDriverWire;

/**
 * RtDriverOps:
 * @connect: carries out an %RT_EFFECT_CONNECT
 * @act: carries out %RT_EFFECT_SEND, %RT_EFFECT_READ or %RT_EFFECT_CLOSE
 * @push: no more is sent on the connection for now
 * @look: where the connection's bytes stand; leaves @ret_wire alone if it is gone
 * @listen: (nullable): carries out a change of the party's `down`
 *
 * What a driver does about connections. @driver is the core's @driver.
 */
typedef struct
{
  void (*connect) (gpointer driver, RtDriverParty *party, const RtEffect *effect, guint64 cause);
  void (*act) (gpointer driver, RtDriverParty *party, const RtEffect *effect, guint64 cause);
  void (*push) (gpointer driver, RtDriverParty *party, RtConnection connection);
  void (*look) (gpointer driver,
                RtDriverParty *party,
                RtConnection connection,
                RtDriverWire *ret_wire);
  void (*listen) (gpointer driver, RtDriverParty *party);
} RtDriverOps;

/**
 * RtDriverCore:
 * @now: moved by the driver alone
 * @heard: somebody reads the log: what happens has to be written down
 * @fresh_authority: programs that are not ours take part, so that certificates come from an
 *   authority of this run and not from the sandbox's
 * @parties: (element-type RtDriverParty): by id - 1
 */
typedef struct
{
  RtLog *log;
  RtTimeQueue *queue;
  RtTime now;
  gboolean heard, fresh_authority;
  RtConnection last_connection;
  GPtrArray *parties;
  const RtDriverOps *ops;
  gpointer driver;

  RtEffects *effects;
  GHashTable *stages;        /* connection as the party knows it → RtTlsStage */
  RtTlsAuthority *authority; /* nullable: not needed yet */
  GHashTable *secured; /* party and place that it listens on with TLS → what it shows there */
  GHashTable *tasks;
  guint64 last_task;
} RtDriverCore;

void rt_driver_core_init (
    RtDriverCore *core, const RtDriverOps *ops, gpointer driver, RtLog *log, RtTime start);
void rt_driver_core_clear (RtDriverCore *core);

RtDriverParty *
rt_driver_core_add (RtDriverCore *core, const char *name, const RtPartyClass *klass, gpointer self);
RtDriverParty *rt_driver_core_get_party (RtDriverCore *core, RtPartyId id);
void rt_driver_core_deliver (RtDriverCore *core, RtDriverParty *party, const RtInput *input);
void rt_driver_core_tell (RtDriverCore *core, RtDriverParty *party, const RtInput *input);
void rt_driver_core_forget (RtDriverCore *core, RtConnection connection);
gboolean rt_driver_core_secure (RtDriverCore *core,
                                RtDriverParty *party,
                                const char *host,
                                guint16 port,
                                const RtTls *tls,
                                GError **error);
RtTlsAuthority *rt_driver_core_get_authority (RtDriverCore *core);
struct _RtTlsStage *rt_driver_core_get_stage (RtDriverCore *core, RtConnection connection);
guint64 rt_driver_core_give_task (
    RtDriverCore *core, RtPartyId id, gconstpointer what, const char *words, RtTime at);
guint rt_driver_core_get_n_unfinished (RtDriverCore *core);

RtConnection rt_driver_core_next_connection (RtDriverCore *core);
guint64 rt_driver_core_log (
    RtDriverCore *core, RtPartyId party, RtEventKind kind, guint64 cause, GVariant *detail);
guint64 rt_driver_core_log_connect (RtDriverCore *core,
                                    RtDriverParty *party,
                                    const RtEffect *effect,
                                    RtPartyId peer,
                                    guint64 cause);
void rt_driver_core_fail_connect (RtDriverCore *core,
                                  RtDriverParty *party,
                                  const RtEffect *effect,
                                  guint64 cause,
                                  const char *why);

G_END_DECLS
