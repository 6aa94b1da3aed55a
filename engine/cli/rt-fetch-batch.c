/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * `roundtrip fetch --batch`: one browser that keeps its cache, cookies and connections, and fetches
 * what it is told to, a JSON object a line, side by side. Made to be another program's co-process:
 * each answer is written as soon as it is there, and no line ends it. */
#include "rt-fetch.h"

#include "rt-cli.h"
#include "rt-error.h"
#include "rt-json-value.h"
#include "rt-serving.h"
#include "rt-tls-settings.h"

#include <errno.h>
#include <stdio.h>
#include <unistd.h>

/* Bytes of one line: more content than that does not go into one. */
#define LINE_MAX_BYTES (64 * 1024 * 1024)
#define READ_SIZE (64 * 1024)

typedef struct
{
  RtLive *live;
  RtPartyId party;
  int input;
  GByteArray *line; /* what came of one that is not whole */
  gboolean skipping, ended;
  GPtrArray *under_way; /* Request */
  GPtrArray *answered;  /* Request: the browser still looks at it until its task is finished */
} Batch;

typedef struct
{
  RtBrowserTask task;
  Batch *batch;
  char *id; /* as JSON */
} Request;

static void
request_free (gpointer data)
{
  Request *request = data;

  g_free ((gpointer)request->task.page);
  g_free ((gpointer)request->task.url);
  g_free ((gpointer)request->task.method);
  g_clear_pointer (&request->task.fields, rt_fields_unref);
  g_clear_pointer (&request->task.content, g_bytes_unref);
  g_free (request->id);
  g_free (request);
}

static void
print_answer (const char *id, const RtFetched *fetched)
{
  g_autoptr (GString) out = g_string_new ("{");

  if (id != NULL)
    g_string_append_printf (out, "\"id\":%s,", id);
  rt_fetched_append_json (fetched, out);
  g_string_append (out, "}\n");
  fwrite (out->str, 1, out->len, stdout);
  fflush (stdout);
}

static void
print_error (const char *id, const GError *error)
{
  const RtFetched fetched = { .error = (GError *)error };

  print_answer (id, &fetched);
}

static void
stop_if_over (Batch *batch)
{
  if (batch->ended && batch->under_way->len == 0)
    rt_live_stop (batch->live);
}

static void
answered (gpointer data, const RtBrowserResponse *response)
{
  Request *request = data;
  Batch *batch = request->batch;
  g_auto (RtFetched) fetched = { 0 };
  guint at;

  rt_fetched_take (&fetched, response);
  print_answer (request->id, &fetched);
  if (g_ptr_array_find (batch->under_way, request, &at))
    g_ptr_array_add (batch->answered, g_ptr_array_steal_index (batch->under_way, at));
  stop_if_over (batch);
}

/* What a line says. */

static gboolean
read_string (const RtJson *line, const char *name, char **ret_text, GError **error)
{
  RtJson value;

  if (!rt_json_find (line, name, &value) || value.type == RT_JSON_NULL)
    return TRUE;
  if (value.type != RT_JSON_STRING)
    {
      rt_set_error (error, RT_ERROR_SYNTAX, NULL, "a string", "“%s” can't be read", name);
      return FALSE;
    }
  *ret_text = rt_json_string_dup (&value);
  return TRUE;
}

/* The characters of a field are its bytes (webidl#idl-ByteString). */
static char *
to_bytes (const RtJson *value)
{
  g_autofree char *text = rt_json_string_dup (value);
  GString *bytes = g_string_new (NULL);

  for (const char *at = text; *at != '\0'; at = g_utf8_next_char (at))
    {
      gunichar c = g_utf8_get_char (at);

      if (c > 0xff)
        {
          g_string_free (bytes, TRUE);
          return NULL;
        }
      g_string_append_c (bytes, (char)c);
    }
  return g_string_free (bytes, FALSE);
}

static gboolean
add_field (RtFields *fields, const RtJson *name, const RtJson *value)
{
  g_autofree char *name_bytes = name->type == RT_JSON_STRING ? to_bytes (name) : NULL;
  g_autofree char *value_bytes = value->type == RT_JSON_STRING ? to_bytes (value) : NULL;

  if (name_bytes == NULL || value_bytes == NULL)
    return FALSE;
  rt_fields_append (fields, name_bytes, g_strstrip (value_bytes));
  return TRUE;
}

/* [name, value] */
static gboolean
add_pair (RtFields *fields, const RtJson *pair)
{
  RtText rest = pair->text;
  RtJson name, value, more;

  return pair->type == RT_JSON_ARRAY && rt_json_element_next (&rest, &name)
         && rt_json_element_next (&rest, &value) && !rt_json_element_next (&rest, &more)
         && add_field (fields, &name, &value);
}

static gboolean
add_pairs (RtFields *fields, const RtJson *list)
{
  RtText rest = list->text;
  RtText key;
  RtJson value;

  if (list->type == RT_JSON_OBJECT)
    {
      while (rt_json_member_next (&rest, &key, &value))
        if (!add_field (fields, &(RtJson){ RT_JSON_STRING, key }, &value))
          return FALSE;
      return TRUE;
    }
  if (list->type != RT_JSON_ARRAY)
    return FALSE;
  while (rt_json_element_next (&rest, &value))
    if (!add_pair (fields, &value))
      return FALSE;
  return TRUE;
}

static gboolean
read_fields (const RtJson *line, RtBrowserTask *task, GError **error)
{
  RtJson list;

  task->fields = rt_fields_new ();
  if (!rt_json_find (line, "headers", &list) || list.type == RT_JSON_NULL
      || add_pairs (task->fields, &list))
    return TRUE;
  rt_set_error (error, RT_ERROR_SYNTAX, NULL, "a list of [name, value], or an object of strings",
                "“headers” can't be read");
  return FALSE;
}

/* A string is sent as UTF-8 and says so (fetch#concept-bodyinit-extract). */
static gboolean
read_content (const RtJson *line, RtBrowserTask *task, GError **error)
{
  g_autofree char *text = NULL;
  g_autofree char *coded = NULL;
  gsize length;

  if (!read_string (line, "body", &text, error) || !read_string (line, "base64", &coded, error))
    return FALSE;
  if (coded != NULL)
    {
      guchar *bytes = g_base64_decode (coded, &length);

      task->content = g_bytes_new_take (bytes, length);
    }
  else if (text != NULL)
    {
      length = strlen (text);
      task->content = g_bytes_new_take (g_steal_pointer (&text), length);
      if (rt_fields_first (task->fields, "Content-Type") == NULL)
        rt_fields_append (task->fields, "Content-Type", "text/plain;charset=UTF-8");
    }
  return TRUE;
}

static gboolean
read_modes (const RtJson *line, RtBrowserTask *task, GError **error)
{
  g_autofree char *mode = NULL;
  g_autofree char *credentials = NULL;
  g_autofree char *cache = NULL;
  g_autofree char *redirect = NULL;
  g_autoptr (GError) problem = NULL;

  if (!read_string (line, "mode", &mode, error)
      || !read_string (line, "credentials", &credentials, error)
      || !read_string (line, "cache", &cache, error)
      || !read_string (line, "redirect", &redirect, error))
    return FALSE;
  if (mode != NULL)
    task->mode = rt_fetch_mode_find (mode, &problem);
  if (credentials != NULL && problem == NULL)
    task->credentials = rt_fetch_credentials_find (credentials, &problem);
  if (cache != NULL && problem == NULL)
    task->cache = rt_fetch_cache_find (cache, &problem);
  if (redirect != NULL && problem == NULL)
    task->redirect = rt_fetch_redirect_find (redirect, &problem);
  if (problem == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&problem));
  return FALSE;
}

/* Where nothing is said of a page, it is one of the URL's own origin. */
static gboolean
read_places (const RtJson *line, RtBrowserTask *task, GError **error)
{
  g_autoptr (RtUrl) url = NULL;

  if (!read_string (line, "url", (char **)&task->url, error)
      || !read_string (line, "page", (char **)&task->page, error)
      || !read_string (line, "method", (char **)&task->method, error))
    return FALSE;
  if (task->url == NULL)
    {
      rt_set_error (error, RT_ERROR_MISSING, NULL, "a URL", "there is no “url”");
      return FALSE;
    }
  if (task->page != NULL)
    return TRUE;
  url = rt_url_parse (rt_text (task->url), NULL, error);
  if (url == NULL)
    return FALSE;
  if (url->host != NULL)
    {
      g_autofree char *authority = rt_url_dup_authority (url);

      task->page = g_strdup_printf ("%s://%s/", url->scheme, authority);
    }
  else
    task->page = g_strdup (task->url);
  return TRUE;
}

static gboolean
read_request (const RtJson *line, RtBrowserTask *task, GError **error)
{
  RtJson timeout;
  gint64 milliseconds;

  task->kind = RT_BROWSER_SCRIPT;
  if (!read_places (line, task, error) || !read_modes (line, task, error)
      || !read_fields (line, task, error) || !read_content (line, task, error))
    return FALSE;
  if (rt_json_find (line, "timeout", &timeout) && rt_json_get_integer (&timeout, &milliseconds))
    task->timeout = CLAMP (milliseconds, 0, G_MAXINT32) * RT_TIME_MSEC;
  return TRUE;
}

static char *
dup_id (const RtJson *line)
{
  RtJson id;

  if (!rt_json_find (line, "id", &id))
    return NULL;
  return id.type == RT_JSON_STRING ? g_strdup_printf ("\"%.*s\"", (int)id.text.length, id.text.at)
                                   : rt_text_dup (id.text);
}

static void
take_line (Batch *batch, RtText text)
{
  g_autoptr (GError) error = NULL;
  Request *request;
  RtJson line;

  text = rt_text_trim (text);
  if (text.length > 0 && text.at[text.length - 1] == '\r')
    text.length--;
  if (text.length == 0)
    return;
  if (!rt_json_parse (text, &line) || line.type != RT_JSON_OBJECT)
    {
      rt_set_error (&error, RT_ERROR_SYNTAX, NULL, "{\"id\": …, \"url\": …}",
                    "the line is no JSON object");
      print_error (NULL, error);
      return;
    }
  request = g_new0 (Request, 1);
  request->batch = batch;
  request->id = dup_id (&line);
  request->task.answer = answered;
  request->task.data = request;
  if (!read_request (&line, &request->task, &error))
    {
      print_error (request->id, error);
      request_free (request);
      return;
    }
  g_ptr_array_add (batch->under_way, request);
  rt_live_driver.task (batch->live, batch->party, &request->task, "fetch",
                       rt_live_driver.now (batch->live));
}

/* Lines. */

static void
refuse_long_line (Batch *batch)
{
  g_autoptr (GError) error = NULL;

  rt_set_error (&error, RT_ERROR_LIMIT, NULL, "at most 64 MiB", "the line is too long");
  print_error (NULL, error);
  batch->skipping = TRUE;
  g_byte_array_set_size (batch->line, 0);
}

static void
take_bytes (Batch *batch, const char *bytes, gsize length)
{
  const char *end;

  while ((end = memchr (bytes, '\n', length)) != NULL)
    {
      gsize n = (gsize)(end - bytes);

      if (!batch->skipping)
        {
          g_byte_array_append (batch->line, (const guint8 *)bytes, (guint)n);
          take_line (batch, (RtText){ (const char *)batch->line->data, batch->line->len });
        }
      batch->skipping = FALSE;
      g_byte_array_set_size (batch->line, 0);
      bytes = end + 1;
      length -= n + 1;
    }
  if (batch->skipping)
    return;
  g_byte_array_append (batch->line, (const guint8 *)bytes, (guint)length);
  if (batch->line->len > LINE_MAX_BYTES)
    refuse_long_line (batch);
}

static void
end_input (Batch *batch)
{
  batch->ended = TRUE;
  if (batch->line->len > 0)
    take_line (batch, (RtText){ (const char *)batch->line->data, batch->line->len });
  rt_live_unwatch (batch->live, batch->input);
  stop_if_over (batch);
}

static void
read_some (gpointer data)
{
  Batch *batch = data;
  char bytes[READ_SIZE];
  gssize n = read (batch->input, bytes, sizeof bytes);

  g_ptr_array_set_size (batch->answered, 0);
  if (n > 0)
    take_bytes (batch, bytes, (gsize)n);
  else if (n == 0 || (errno != EINTR && errno != EAGAIN))
    end_input (batch);
}

static int
run_batch (Batch *batch)
{
  g_autoptr (GError) error = NULL;

  /* A file can't be waited for: all of it is there. */
  if (!rt_live_watch (batch->live, batch->input, read_some, batch, &error))
    {
      if (!g_error_matches (error, RT_ERROR, RT_ERROR_UNSUPPORTED))
        return rt_cli_fail (error);
      g_clear_error (&error);
      while (!batch->ended)
        read_some (batch);
    }
  rt_live_driver.run (batch->live, RT_TIME_NEVER, &error);
  return error != NULL ? rt_cli_fail (error) : RT_EXIT_OK;
}

/**
 * rt_fetch_batch:
 * @input: descriptor to read lines from
 * @insecure: whatever certificate is shown will do
 * @ways: (nullable): as for rt_connect_to()
 *
 * Fetches until the input ends and all is answered.
 *
 * Returns: the exit status
 */
int
rt_fetch_batch (int input, gboolean insecure, char **ways)
{
  const RtTls tls = { .insecure = insecure, .public = TRUE };
  g_autoptr (RtLog) log = rt_log_new (0, NULL, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (RtLive) live = rt_live_new (log, RT_LIVE_CLOCK_REAL, 0, &error);
  RtBrowserSettings settings = rt_browser_settings_standard;
  Batch batch = { .live = live, .input = input };
  int status;

  if (live == NULL || !rt_connect_to (live, ways, &error))
    return rt_cli_fail (error);
  settings.explain = FALSE; /* nobody reads the log */
  settings.tls = &tls;
  rt_live_allow_outside (live, TRUE);
  batch.line = g_byte_array_new ();
  batch.under_way = g_ptr_array_new_with_free_func (request_free);
  batch.answered = g_ptr_array_new_with_free_func (request_free);
  batch.party = rt_live_driver.add (live, "browser", &rt_browser_class, rt_browser_new (&settings));
  status = run_batch (&batch);
  g_clear_pointer (&live, rt_live_free);
  g_byte_array_unref (batch.line);
  g_ptr_array_unref (batch.under_way);
  g_ptr_array_unref (batch.answered);
  return status;
}
