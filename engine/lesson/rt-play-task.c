/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * From a step to what its party is told: a message, bytes in pieces, something to open or fetch. */
#include "rt-play-private.h"

#include "rt-byte-text.h"
#include "rt-cast.h"
#include "rt-message-template.h"

static void
apply_changes (RtPlay *play, const RtStep *step, RtMessage *message)
{
  for (guint i = 0; play->changes != NULL && i < play->changes->len; i++)
    {
      const RtChange *change = play->changes->pdata[i];
      g_autofree char *value = NULL;

      if (change->step != step->number)
        continue;
      if (change->kind == RT_CHANGE_REMOVE_FIELD)
        rt_fields_remove (message->fields, change->name);
      if (change->kind != RT_CHANGE_SET_FIELD)
        continue;
      value = rt_play_expand (play, change->value, NULL);
      rt_fields_set (message->fields, change->name, value != NULL ? value : change->value);
    }
}

/* The step's message as it will be sent. */
static RtMessage *
make_message (RtPlay *play, const RtStep *step, GBytes **ret_content, GError **error)
{
  g_autofree char *text = rt_play_expand (play, step->message, error);
  g_autoptr (RtMessage) literal
      = text != NULL ? rt_message_from_text (text, ret_content, error) : NULL;
  RtMessage *message;

  if (literal == NULL)
    return NULL;
  message = rt_message_copy (literal);
  apply_changes (play, step, message);
  return message;
}

static RtPartyId
find_party (RtPlay *play, const char *name, char **ret_name, GError **error)
{
  RtPartyId id;

  *ret_name = rt_play_expand (play, name, error);
  if (*ret_name == NULL)
    return 0;
  id = (RtPartyId)GPOINTER_TO_UINT (g_hash_table_lookup (play->parties, *ret_name));
  if (id == 0)
    rt_set_error (error, RT_ERROR_UNKNOWN, NULL, NULL, "there is no party “%s”", *ret_name);
  return id;
}

/* The message that a client is to send. */
static gconstpointer
make_client_task (RtPlay *play, RtTaken *taken, const RtEndpoint *to, GError **error)
{
  const RtStep *step = taken->step;
  RtPoolRequest *request = &taken->client_task.request;

  request->message = make_message (play, step, &request->content, error);
  /* Nothing is not content of no length: that would be said in a field (RFC 9110 §8.6). */
  if (request->content != NULL && g_bytes_get_size (request->content) == 0)
    g_clear_pointer (&request->content, g_bytes_unref);
  request->to = *to;
  request->policy = step->over != NULL ? RT_POOL_NAMED : step->fresh ? RT_POOL_NEW : RT_POOL_REUSE;
  request->name = step->over;
  request->timeout = step->timeout;
  return request->message != NULL ? &taken->client_task : NULL;
}

/* The pieces that a byte client is to send. */
static gconstpointer
make_byte_task (RtPlay *play, RtTaken *taken, const RtEndpoint *to, GError **error)
{
  const RtStep *step = taken->step;
  RtByteTask *task = &taken->byte_task;
  RtPlace place = { play->lesson->file, step->message_line, 0 };
  g_autofree char *text = rt_play_expand (play, step->message, error);

  if (text == NULL)
    return NULL;
  task->pieces
      = rt_byte_text_parse (text, step->piece, step->every, &place, &task->n_pieces, error);
  task->to = *to;
  task->name = step->over;
  task->end = (RtByteEnd)step->end;
  task->answers = step->answers;
  task->patience = step->timeout;
  return error != NULL && *error != NULL ? NULL : task;
}

/* Bytes as text that ends with a NUL. */
static char *
text_of_bytes (GBytes *bytes)
{
  gsize length;
  const char *at = g_bytes_get_data (bytes, &length);

  return g_utf8_make_valid (length > 0 ? at : "", (gssize)length);
}

/* What the page or the user got is not in the bytes: it is what the rules left of them. */
static void
take_result (gpointer data, const RtBrowserResponse *response)
{
  RtTaken *taken = data;
  RtResult *result = g_new0 (RtResult, 1);

  result->type = rt_response_type_name (response->type);
  result->url = g_strdup (response->url);
  result->redirected = response->redirected;
  result->from_cache = response->from_cache;
  result->status = response->status;
  if (response->fields != NULL)
    result->fields = rt_fields_copy (response->fields);
  if (response->content != NULL)
    result->body = text_of_bytes (response->content);
  if (response->error != NULL)
    result->error = g_strdup (response->error->message);
  taken->result = result;
}

static char *
method_of (RtMessage *message)
{
  return rt_text_dup (message->method);
}

/* What a browser is to open or fetch. */
static gconstpointer
make_browser_task (RtPlay *play, RtTaken *taken, GError **error)
{
  const RtStep *step = taken->step;
  RtBrowserTask *task = &taken->browser_task;
  g_autofree char *text = rt_play_expand (play, step->message, error);
  g_autoptr (RtMessage) message = NULL;
  char *url = NULL;

  if (text == NULL)
    return NULL;
  message = rt_fetch_from_text (text, &url, &task->content, error);
  if (message == NULL)
    return NULL;
  apply_changes (play, step, message);
  task->kind = step->kind == RT_STEP_OPEN ? RT_BROWSER_NAVIGATE : RT_BROWSER_SCRIPT;
  task->url = url;
  task->page = step->page != NULL ? rt_play_expand (play, step->page, error) : NULL;
  task->method = method_of (message);
  task->fields = rt_fields_copy (message->fields);
  if (g_bytes_get_size (task->content) == 0)
    g_clear_pointer (&task->content, g_bytes_unref);
  task->mode = (RtFetchMode)step->mode;
  task->credentials = (RtFetchCredentials)step->credentials;
  task->cache = (RtFetchCache)step->cache;
  task->redirect = (RtRedirectMode)step->redirect;
  task->timeout = step->timeout;
  task->answer = take_result;
  task->data = taken;
  return task;
}

/* What is no request. */
static gconstpointer
make_telling (const RtCast *cast, RtTaken *taken)
{
  if (g_str_equal (cast->kind, "browser"))
    {
      taken->browser_task.kind = (RtBrowserTaskKind)taken->step->tell;
      return &taken->browser_task;
    }
  taken->client_task.kind = RT_CLIENT_CLOSE;
  return &taken->client_task;
}

/* A name of the cast's: a task keeps it, so it has to be one that stays. */
static const char *
name_in_cast (RtPlay *play, const char *name)
{
  const RtCast *cast = rt_lesson_get_cast (play->lesson, name);

  return cast != NULL ? cast->name : NULL;
}

/* Where a step sends to. */
static gboolean
find_endpoint (RtPlay *play, const RtStep *step, RtEndpoint *ret_to, GError **error)
{
  g_autofree char *name = NULL;

  *ret_to = (RtEndpoint){ NULL };
  if (step->to == NULL)
    return TRUE;
  if (find_party (play, step->to, &name, error) == 0)
    return FALSE;
  ret_to->host = name_in_cast (play, name);
  ret_to->port = step->secure ? RT_CAST_SECURE_PORT : RT_CAST_PORT;
  ret_to->tls = step->secure ? &rt_tls_standard : NULL;
  return TRUE;
}

static gconstpointer
make_task (RtPlay *play, RtTaken *taken, const RtEndpoint *to, GError **error)
{
  switch (taken->step->kind)
    {
    case RT_STEP_BYTES:
      return make_byte_task (play, taken, to, error);
    case RT_STEP_OPEN:
    case RT_STEP_FETCH:
      return make_browser_task (play, taken, error);
    case RT_STEP_TELL:
      return make_telling (rt_lesson_get_cast (play->lesson, taken->actor), taken);
    default:
      return make_client_task (play, taken, to, error);
    }
}

/* Gives the step's party its task. */
gboolean
rt_play_give_task (RtPlay *play, RtTaken *taken, GError **error)
{
  const RtStep *step = taken->step;
  g_autofree char *from_name = NULL;
  RtPartyId from = find_party (play, step->from, &from_name, error);
  RtEndpoint to;
  g_autofree char *title = NULL;
  gconstpointer task;

  if (from == 0 || !find_endpoint (play, step, &to, error))
    return FALSE;
  taken->actor = name_in_cast (play, from_name);
  task = make_task (play, taken, &to, error);
  if (task == NULL)
    return FALSE;
  title = rt_play_expand (play, step->title, NULL);
  taken->task
      = play->driver_class->task (play->driver, from, task, title != NULL ? title : step->title,
                                  play->driver_class->now (play->driver));
  return TRUE;
}
