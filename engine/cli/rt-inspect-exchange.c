/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Prints one exchange as a curl command, as its bytes or as a HAR. */
#include "rt-inspect-exchange.h"

#include "rt-cli.h"
#include "rt-curl.h"
#include "rt-error.h"
#include "rt-exchange-export.h"
#include "rt-redact.h"

#include <stdio.h>
#include <string.h>

/* The run that is meant: by its name, or the only one. */
static const RtRunInfo *
find_run (GPtrArray *infos, const char *name, GError **error)
{
  const RtPlace place = { "--exchange", 0, 0 };
  g_autoptr (GPtrArray) names = g_ptr_array_new ();

  if (name == NULL && infos->len == 1)
    return infos->pdata[0];
  for (guint i = 0; i < infos->len; i++)
    {
      const RtRunInfo *info = infos->pdata[i];

      if (g_strcmp0 (info->name, name) == 0)
        return info;
      g_ptr_array_add (names, info->name);
    }
  if (name == NULL)
    rt_set_error (error, RT_ERROR_SYNTAX, &place, "RUN/NUMBER, as a list shows it",
                  "there are %u runs in the file", infos->len);
  else
    rt_set_unknown (error, &place, "run", name, (const char *const *)names->pdata, names->len);
  return NULL;
}

/* `A/3` or `3`; names of runs may have slashes. */
static const RtRunInfo *
read_place (GPtrArray *infos, const char *text, guint64 *ret_number, GError **error)
{
  const RtPlace place = { "--exchange", 0, 0 };
  const char *slash = strrchr (text, '/');
  g_autofree char *name = slash != NULL ? g_strndup (text, (gsize)(slash - text)) : NULL;

  if (!rt_text_to_uint64 (rt_text (slash != NULL ? slash + 1 : text), ret_number)
      || *ret_number == 0 || *ret_number > G_MAXUINT)
    {
      rt_set_error (error, RT_ERROR_SYNTAX, &place, "a number from 1", "“%s” is none", text);
      return NULL;
    }
  return find_run (infos, name, error);
}

static gboolean
write_body (const RtInspectExchange *about, GBytes *body, GError **error)
{
  gsize size;
  const char *data = g_bytes_get_data (body, &size);

  if (about->body != NULL)
    return g_file_set_contents (about->body, data, (gssize)size, error);
  fprintf (stderr,
           "roundtrip: the content (%zu bytes) cannot stand on a command line: the command reads "
           "it from " RT_CURL_BODY_FILE "; --body " RT_CURL_BODY_FILE " writes it there\n",
           size);
  return TRUE;
}

static int
print_exchange (RtAnalysis *analysis, const RtExchange *exchange, const RtInspectExchange *about)
{
  RtExchangeForm form = RT_EXCHANGE_AS_RAW;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GBytes) body = NULL;

  if (about->form != NULL && !rt_exchange_form_from_name (about->form, &form, &error))
    {
      rt_cli_fail (error);
      return RT_EXIT_USAGE;
    }
  bytes = rt_exchange_export (analysis, exchange, form, &body, &error);
  if (bytes == NULL || (body != NULL && !write_body (about, body, &error)))
    return rt_cli_fail (error);
  if (exchange->reconstructed && form != RT_EXCHANGE_AS_HAR)
    fputs ("roundtrip: this exchange is reconstructed: its source kept no bytes\n", stderr);
  fwrite (g_bytes_get_data (bytes, NULL), 1, g_bytes_get_size (bytes), stdout);
  if (form == RT_EXCHANGE_AS_CURL)
    putchar ('\n');
  return RT_EXIT_OK;
}

/* What people did is taken elsewhere without their secrets; lessons have none. */
static RtReader *
open_run (RtSession *session, const RtRunInfo *info, const RtInspectExchange *about, GError **error)
{
  g_autoptr (RtReader) reader = rt_session_open_run (session, info->id, error);
  g_autoptr (RtRedaction) redaction = NULL;
  GPtrArray *list;

  if (reader == NULL || about->keep || info->source == RT_SOURCE_LESSON)
    return g_steal_pointer (&reader);
  redaction = rt_redact (reader, NULL, error);
  if (redaction == NULL)
    return NULL;
  list = rt_redaction_get_list (redaction);
  for (guint i = 0; i < list->len; i++)
    if (((const RtRedacted *)list->pdata[i])->replaced)
      {
        fputs ("roundtrip: the secrets of this run are replaced by pseudonyms; --no-redact keeps "
               "them\n",
               stderr);
        break;
      }
  return rt_redaction_dup_reader (redaction);
}

/**
 * rt_inspect_exchange:
 * @session: a session
 * @about: what is asked for
 *
 * Returns: the exit status
 */
int
rt_inspect_exchange (RtSession *session, const RtInspectExchange *about)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) infos = rt_session_list_runs (session, &error);
  g_autoptr (RtAnalysis) analysis = rt_analysis_new ();
  g_autoptr (RtReader) reader = NULL;
  const RtRunInfo *info = NULL;
  const RtExchange *exchange;
  guint64 number = 0;

  if (infos != NULL)
    info = read_place (infos, about->exchange, &number, &error);
  if (info != NULL)
    reader = open_run (session, info, about, &error);
  if (reader == NULL || !rt_analysis_feed_reader (analysis, reader, G_MAXUINT64, &error))
    return rt_cli_fail (error);
  exchange = rt_analysis_get_exchange (analysis, (guint)number);
  if (exchange == NULL)
    {
      const RtPlace place = { "--exchange", 0, 0 };

      rt_set_error (&error, RT_ERROR_UNKNOWN, &place, NULL,
                    "there are %u exchanges in the run “%s”, no number %" G_GUINT64_FORMAT,
                    rt_analysis_get_exchanges (analysis)->len, info->name, number);
      return rt_cli_fail (error);
    }
  return print_exchange (analysis, exchange, about);
}
