/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Invariant: of any bytes an import is made or an error that names a place; and all messages of the
 * import are marked as reconstructed, without a finding, and end where they say. */
#include "rt-analysis.h"
#include "rt-har-private.h"

#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

static void
check_transfer (const RtTransfer *transfer)
{
  if (transfer == NULL)
    return;
  g_assert (transfer->message->reconstructed);
  g_assert (transfer->findings->len == 0);
  g_assert (transfer->complete);
  g_assert (transfer->whole.length == transfer->message->head.length + transfer->content_length);
}

static void
check_log (RtLog *log, guint n_exchanges)
{
  g_autoptr (RtAnalysis) analysis = rt_analysis_new ();
  GPtrArray *exchanges;

  g_assert (rt_analysis_feed_reader (analysis, rt_log_get_reader (log), G_MAXUINT64, NULL));
  exchanges = rt_analysis_get_exchanges (analysis);
  g_assert_cmpuint (exchanges->len, ==, n_exchanges);
  for (guint i = 0; i < exchanges->len; i++)
    {
      const RtExchange *exchange = exchanges->pdata[i];

      g_assert (exchange->reconstructed);
      check_transfer (exchange->request);
      check_transfer (exchange->response);
    }
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (RtImport) import = rt_import_new (NULL, "fuzz.har", "har", NULL);
  g_autoptr (RtImportReport) report = NULL;
  g_autoptr (GError) error = NULL;
  int fd = memfd_create ("fuzz", MFD_CLOEXEC);

  g_assert (fd >= 0 && write (fd, data, size) == (gssize)size);
  if (rt_har_read (import, fd, "fuzz.har", NULL, &error))
    {
      report = rt_import_finish (import, &error);
      g_assert_no_error (error);
      check_log (rt_import_get_log (import), report->n_exchanges);
    }
  else
    g_assert (g_str_has_prefix (error->message, "fuzz.har:"));
  close (fd);
  return 0;
}
