/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The log as it is to be read. Edits are of the same length as what they replace, so events stay as
 * they are; only bytes and the texts within details change. */
#include "rt-redaction-private.h"

#include <string.h>

static guint64
get_length (gpointer self)
{
  return rt_reader_get_length (((RtRedaction *)self)->source);
}

static GBytes *
dup_bytes (gpointer self, RtSpan span, GError **error)
{
  RtRedaction *redaction = self;
  g_autoptr (GBytes) bytes = rt_reader_dup_bytes (redaction->source, span, error);

  return bytes != NULL ? rt_edits_apply (redaction->edits, span, bytes) : NULL;
}

typedef struct
{
  RtRedaction *redaction;
  const char *from;
  char *to;
} Replacement;

static void
replace_secret (const RtSecret *secret, gpointer data)
{
  const Replacement *replacement = data;
  g_autofree char *pseudonym = NULL;

  if (secret->kind == RT_SECRET_SUSPECTED)
    return;
  pseudonym = rt_pseudonym_dup (replacement->redaction->key, secret->text);
  memcpy (replacement->to + (secret->text.at - replacement->from), pseudonym, secret->text.length);
}

/* Returns: (transfer full): @text with its secrets replaced, and a NUL */
static char *
redact_text (RtRedaction *redaction, const char *text, gsize length)
{
  char *copy = g_malloc (length + 1);
  Replacement replacement = { redaction, text, copy };

  memcpy (copy, text, length);
  copy[length] = '\0';
  rt_secret_find_in_text ((RtText){ text, length }, replace_secret, &replacement);
  rt_needles_replace (redaction->needles, copy, length);
  return copy;
}

/* Strings stand in a serialized variant byte for byte. */
static GBytes *
redact_arena (RtRedaction *redaction, GBytes *bytes)
{
  gsize length;
  const char *data = g_bytes_get_data (bytes, &length);

  return length > 0 ? g_bytes_new_take (redact_text (redaction, data, length), length)
                    : g_bytes_ref (bytes);
}

static RtPage *
dup_page (gpointer self, guint64 event, GError **error)
{
  RtRedaction *redaction = self;
  g_autoptr (RtPage) page = rt_reader_dup_page (redaction->source, event, error);
  g_autofree RtChunk *chunks = NULL;
  g_autoptr (GBytes) arena = NULL;
  RtPage *redacted;

  if (page == NULL)
    return NULL;
  chunks = g_new (RtChunk, page->n_chunks);
  for (guint i = 0; i < page->n_chunks; i++)
    chunks[i]
        = (RtChunk){ page->chunks[i].span, rt_edits_apply (redaction->edits, page->chunks[i].span,
                                                           page->chunks[i].bytes) };
  arena = redact_arena (redaction, page->arena);
  redacted = rt_page_new (page->first, page->events, page->n, arena, chunks, page->n_chunks);
  for (guint i = 0; i < page->n_chunks; i++)
    g_bytes_unref (chunks[i].bytes);
  return redacted;
}

static void
free_reader (gpointer self)
{
  rt_redaction_unref (self);
}

/**
 * rt_redaction_dup_reader:
 *
 * Returns: (transfer full): the log with its secrets replaced
 */
RtReader *
rt_redaction_dup_reader (RtRedaction *redaction)
{
  static const RtReaderClass klass = { get_length, dup_page, dup_bytes, free_reader };

  return rt_reader_new (&klass, rt_redaction_ref (redaction));
}

/**
 * rt_redaction_dup_text:
 * @text: what people wrote about the log: a title, a note
 *
 * Returns: (transfer full): @text with the log's secrets replaced
 */
char *
rt_redaction_dup_text (RtRedaction *redaction, const char *text)
{
  return redact_text (redaction, text, strlen (text));
}
