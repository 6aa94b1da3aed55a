/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The resource kind `handler`: a program in steps, as web frameworks have them: it writes, sets
 * fields and the status, and something goes wrong. What it writes may be held back for a while;
 * until then the header section is a wish, and from then on it is on its way and cannot be changed:
 * it stands before the content (RFC 9112 §2.1). What is set too late is a decision and a line of
 * the handler's log, and nothing on the wire. */
#include "rt-resource-kinds.h"

#include "rt-scan.h"

/* The stage of every call but the first one: where it goes on is in its data. */
#define STAGE_GO_ON 1

#define STEPS_MAX 1000

/* Says at the end of content that was sent as it was made whether it is whole. */
#define FINAL_STATUS "Final-Status"

typedef enum
{
  STEP_WRITE,
  STEP_FIELD,
  STEP_STATUS,
  STEP_FLUSH,
  STEP_WAIT,
  STEP_FAIL,
} StepKind;

/* In the order of #StepKind. */
static const char *const words[] = { "write", "field", "status", "flush", "wait", "fail" };

typedef enum
{
  ERROR_ANSWER,
  ERROR_IGNORE,
  ERROR_ABORT,
  ERROR_TRAILER,
} OnError;

static const char *const on_errors[] = { "answer", "ignore", "abort", "trailer", NULL };

/* @text: what is written, a field's value, or the query that fails; @name: of a field */
typedef struct
{
  StepKind kind;
  char *text, *name;
  guint status;
  RtTime time;
} Step;

static void
step_free (gpointer data)
{
  Step *step = data;

  g_free (step->text);
  g_free (step->name);
  g_free (step);
}

/* `Name: value`. */
static gboolean
parse_field (Step *step, const char *rest)
{
  const char *colon = strchr (rest, ':');
  RtText name = { rest, colon != NULL ? (gsize)(colon - rest) : 0 };

  if (!rt_text_is_token (name) || strpbrk (rest, "\r\n") != NULL)
    return FALSE;
  step->name = rt_text_dup (name);
  step->text = g_strstrip (g_strdup (colon + 1));
  return TRUE;
}

/* What follows the step's word; *@ret_expected: what it should have been. */
static gboolean
parse_rest (Step *step, const char *rest, const char **ret_expected)
{
  guint64 status = 0;

  switch (step->kind)
    {
    case STEP_WRITE:
      *ret_expected = "write and a text";
      step->text = g_strdup (rest);
      return *rest != '\0';
    case STEP_FIELD:
      *ret_expected = "field and a line such as Set-Cookie: seen=1";
      return parse_field (step, rest);
    case STEP_STATUS:
      *ret_expected = "status and a number from 200 to 599";
      if (!rt_text_to_uint64 (rt_text (rest), &status) || status < 200 || status > 599)
        return FALSE;
      step->status = (guint)status;
      return TRUE;
    case STEP_WAIT:
      *ret_expected = "wait and a duration such as 50ms";
      return rt_duration_parse (rest, &step->time, NULL);
    case STEP_FAIL:
      step->text = g_strdup (rest);
      return TRUE;
    case STEP_FLUSH:
    default:
      *ret_expected = "flush and nothing else";
      return *rest == '\0';
    }
}

static Step *
step_new (const char *text, GError **error)
{
  gsize length = strcspn (text, " ");
  g_autofree char *word = g_strndup (text, length);
  const char *rest = text[length] == ' ' ? text + length + 1 : text + length;
  const char *expected = NULL;
  Step *step;

  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    if (strcmp (words[i], word) == 0)
      {
        step = g_new0 (Step, 1);
        step->kind = (StepKind)i;
        if (parse_rest (step, rest, &expected))
          return step;
        step_free (step);
        rt_set_error (error, RT_ERROR_SYNTAX, NULL, expected, "steps: “%s” stands here", text);
        return NULL;
      }
  rt_set_unknown (error, NULL, "step", word, words, G_N_ELEMENTS (words));
  return NULL;
}

static gboolean
check_steps (const RtSetting *setting, GVariant *value, GError **error)
{
  g_autofree const char **steps = g_variant_get_strv (value, NULL);

  for (guint i = 0; steps[i] != NULL; i++)
    {
      Step *step = i < STEPS_MAX ? step_new (steps[i], error) : NULL;

      if (i == STEPS_MAX)
        rt_set_error (error, RT_ERROR_LIMIT, NULL, NULL, "%s: there can't be more than %d of them",
                      setting->name, STEPS_MAX);
      if (step == NULL)
        return FALSE;
      step_free (step);
    }
  return TRUE;
}

/* clang-format off */
static const RtSetting settings[] = {
  { "steps", RT_SETTING_LIST, "write Done.", NULL, "in order: `write TEXT`; `field NAME: VALUE`, which sets a field of the header section; `status NUMBER`; `flush` (what is held back leaves); `wait 50ms`; `fail` (there is an error), or `fail QUERY`: for requests with this query", check_steps },
  { "buffer", RT_SETTING_NUMBER, "0", NULL, "bytes of content that may be held back, and the header section with them; 0: it leaves with the first write" },
  { "on-error", RT_SETTING_CHOICE, "answer", on_errors, "what `fail` does: sets status 500, drops what is held back, and writes the error's text; ends as if nothing were wrong; breaks the answer off; or says so in a trailer field to clients with `TE: trailers`, and breaks it off for others. Where the header section has not left, the last two answer with 500, too" },
  { "error-text", RT_SETTING_TEXT, "Something went wrong.", NULL, "the error's text" },
  { "content-type", RT_SETTING_TEXT, "text/plain; charset=utf-8", NULL, "media type of what it writes; a step `field` can set another" },
};

static const RtClause is_open = { "handler.head.open", "the header section has not left yet: it stands before the content", "RFC 9112 §2.1", RT_LEVEL_MUST };
static const RtClause *const clauses[] = { &is_open };
/* clang-format on */

static const RtRule rule = RT_RULE (
    "handler.head", "Can the header section still be changed?", "RFC 9112 §2.1", clauses);

typedef struct
{
  char *path;
  GPtrArray *steps; /* Step */
  gsize buffer;
  OnError on_error;
  char *error_text, *content_type;
  gint64 late, errors;
} Handler;

/* One request's way through the steps. */
typedef struct
{
  guint next;
  guint status, final_status;
  RtFields *fields;
  GString *held;
  gsize written;
  gboolean sent; /* the header section */
} Run;

static void
handler_free (gpointer self)
{
  Handler *handler = self;

  g_ptr_array_unref (handler->steps);
  g_free (handler->error_text);
  g_free (handler->content_type);
  g_free (handler->path);
  g_free (handler);
}

static gpointer
create (const char *path, const RtGiven *given, GError **error)
{
  Handler *handler = g_new0 (Handler, 1);
  g_auto (GStrv) steps = rt_given_dup_list (given, "steps");

  handler->path = g_strdup (path);
  handler->steps = g_ptr_array_new_with_free_func (step_free);
  handler->buffer = (gsize)rt_given_get_number (given, "buffer");
  handler->on_error = (OnError)rt_given_get_choice (given, "on-error");
  handler->error_text = rt_given_dup_text (given, "error-text");
  handler->content_type = rt_given_dup_text (given, "content-type");
  for (guint i = 0; steps[i] != NULL; i++)
    {
      Step *step = step_new (steps[i], NULL);

      if (step != NULL)
        g_ptr_array_add (handler->steps, step);
    }
  return handler;
}

static Run *
run_new (const Handler *handler)
{
  Run *run = g_new0 (Run, 1);

  run->status = run->final_status = 200;
  run->fields = rt_fields_new ();
  rt_fields_append (run->fields, "Content-Type", handler->content_type);
  run->held = g_string_new (NULL);
  return run;
}

static void
run_free (gpointer data)
{
  Run *run = data;

  rt_fields_unref (run->fields);
  g_string_free (run->held, TRUE);
  g_free (run);
}

/* The last line of the handler's log, and what there was so far. */
static void
show (const Handler *handler, const char *line, RtEffects *out)
{
  g_auto (GVariantBuilder) state = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);

  g_variant_builder_add (&state, "{sv}", "log", g_variant_new_string (line));
  g_variant_builder_add (&state, "{sv}", "late", g_variant_new_int64 (handler->late));
  g_variant_builder_add (&state, "{sv}", "errors", g_variant_new_int64 (handler->errors));
  rt_effects_state (out, "handler", handler->path, g_variant_builder_end (&state));
}

/* @what: a field's name or a status. */
static gboolean
may_set (Handler *handler, const Run *run, const char *what, RtEffects *out)
{
  RtDecision *why = rt_decision_new ();
  gboolean open;

  rt_decision_begin (why, &rule, rt_text (what));
  open = rt_check (why, &is_open, !run->sent,
                   rt_fact_number ("bytes written", (gint64)run->written, RT_SPAN_NONE),
                   rt_fact_number ("buffer", (gint64)handler->buffer, RT_SPAN_NONE));
  rt_decision_conclude (why, open ? "set" : "too late");
  rt_effects_decide (out, why, TRUE);
  if (!open)
    {
      g_autofree char *line = g_strdup_printf ("too late: %s", what);

      handler->late++;
      show (handler, line, out);
    }
  return open;
}

static void
set_field (Handler *handler, Run *run, const char *name, const char *value, RtEffects *out)
{
  if (!may_set (handler, run, name, out))
    return;
  /* RFC 9110 §5.3: several cookies are several lines. */
  if (g_ascii_strcasecmp (name, "Set-Cookie") == 0)
    rt_fields_append (run->fields, name, value);
  else
    rt_fields_set (run->fields, name, value);
}

static gboolean
set_status (Handler *handler, Run *run, guint status, RtEffects *out)
{
  g_autofree char *what = g_strdup_printf ("status %u", status);
  gboolean set = may_set (handler, run, what, out);

  if (set)
    run->status = status;
  return set;
}

/* RFC 9110 §10.1.4: is somebody there who looks behind the content? */
static gboolean
has_trailers (const Handler *handler, const RtCall *call)
{
  return handler->on_error == ERROR_TRAILER && call->request->version >= RT_VERSION_1_1
         && rt_fields_list_contains (call->request->fields, "TE", RT_TEXT ("trailers"));
}

static RtMessage *
dup_head (const Run *run)
{
  RtMessage *response = rt_reply_new_response (run->status);

  for (guint i = 0; i < rt_fields_get_length (run->fields); i++)
    rt_fields_append_field (response->fields, rt_fields_get (run->fields, i));
  return response;
}

static GBytes *
take_held (Run *run)
{
  GBytes *held = run->held->len > 0 ? g_bytes_new (run->held->str, run->held->len) : NULL;

  g_string_truncate (run->held, 0);
  return held;
}

/* From here on there is no way back. */
static void
send_held (const Handler *handler, Run *run, const RtCall *call, RtReply *reply)
{
  RtMessage *response = run->sent ? NULL : dup_head (run);

  if (response != NULL && has_trailers (handler, call))
    rt_fields_append (response->fields, "Trailer", FINAL_STATUS);
  run->sent = TRUE;
  rt_reply_begin (reply, response, take_held (run));
  rt_reply_later (reply, call->now, STAGE_GO_ON, NULL, NULL);
}

/* As handlers do that don't ask whether they still can: the text goes wherever it goes. */
static void
answer_error (Handler *handler, Run *run, RtEffects *out)
{
  if (set_status (handler, run, 500, out))
    {
      g_string_truncate (run->held, 0);
      rt_fields_remove (run->fields, "Content-Length");
      rt_fields_set (run->fields, "Content-Type", "text/plain; charset=utf-8");
    }
  g_string_append (run->held, handler->error_text);
  run->written += strlen (handler->error_text);
}

/* RFC 9112 §8: without its last chunk the answer is incomplete; where the end of the connection is
 * the end of the content, it has to be cut off. */
static void
break_off (const RtCall *call, RtReply *reply)
{
  reply->end = call->request->version >= RT_VERSION_1_1 ? RT_REPLY_CLOSE : RT_REPLY_RESET;
}

/* TRUE: the answer is over. */
static gboolean
fail (Handler *handler, Run *run, const RtCall *call, RtReply *reply, RtEffects *out)
{
  run->next = handler->steps->len;
  handler->errors++;
  show (handler, "it has failed", out);
  if (handler->on_error == ERROR_IGNORE)
    return FALSE;
  if (handler->on_error == ERROR_ANSWER || !run->sent)
    answer_error (handler, run, out);
  else if (has_trailers (handler, call))
    run->final_status = 500;
  else
    {
      break_off (call, reply);
      return TRUE;
    }
  return FALSE;
}

static gboolean
is_meant (const Step *step, const RtCall *call)
{
  return *step->text == '\0' || g_strcmp0 (step->text, call->query) == 0;
}

/* TRUE: there is something to carry out before the next one. */
static gboolean
take_step (Handler *handler,
           Run *run,
           const Step *step,
           const RtCall *call,
           RtReply *reply,
           RtEffects *out)
{
  switch (step->kind)
    {
    case STEP_WRITE:
      g_string_append (run->held, step->text);
      run->written += strlen (step->text);
      if (run->held->len <= handler->buffer)
        return FALSE;
      send_held (handler, run, call, reply);
      return TRUE;
    case STEP_FLUSH:
      send_held (handler, run, call, reply);
      return TRUE;
    case STEP_FIELD:
      set_field (handler, run, step->name, step->text, out);
      return FALSE;
    case STEP_STATUS:
      set_status (handler, run, step->status, out);
      return FALSE;
    case STEP_WAIT:
      rt_reply_later (reply, call->now + step->time, STAGE_GO_ON, NULL, NULL);
      return TRUE;
    case STEP_FAIL:
    default:
      return is_meant (step, call) && fail (handler, run, call, reply, out);
    }
}

static void
finish (const Handler *handler, Run *run, const RtCall *call, RtReply *reply)
{
  g_autofree char *status = g_strdup_printf ("%u", run->final_status);

  if (!run->sent)
    {
      rt_reply_with (reply, dup_head (run), take_held (run));
      return;
    }
  reply->content = take_held (run);
  reply->end = RT_REPLY_WHOLE;
  if (!has_trailers (handler, call))
    return;
  reply->trailers = rt_fields_new ();
  rt_fields_append (reply->trailers, FINAL_STATUS, status);
}

static void
go_on (Handler *handler, Run *run, const RtCall *call, RtReply *reply, RtEffects *out)
{
  while (run->next < handler->steps->len)
    if (take_step (handler, run, handler->steps->pdata[run->next++], call, reply, out))
      return;
  finish (handler, run, call, reply);
}

static void
handle (gpointer self, const RtCall *call, RtReply *reply, RtEffects *out)
{
  Handler *handler = self;
  gboolean first = call->data == NULL;
  Run *run = first ? run_new (handler) : call->data;

  go_on (handler, run, call, reply, out);
  if (first && reply->end == RT_REPLY_OPEN)
    {
      reply->data = run;
      reply->free_data = run_free;
    }
  else if (first)
    run_free (run);
}

const RtResourceKind rt_handler_kind = {
  .name = "handler",
  .summary = "a program in steps, which may set status and fields too late, or fail half-way",
  .notes = "All methods. Its state has the key PATH and the members `errors`, `late` (what was set "
           "too late)\n"
           "and `log`: its last line. The trailer field is `" FINAL_STATUS
           "`: 200 or 500; it goes with every answer\n"
           "that is sent as it is made.",
  .settings = settings,
  .n_settings = G_N_ELEMENTS (settings),
  .create = create,
  .handle = handle,
  .free = handler_free,
};
