/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The resource kind `file`: content that is read, whole or in parts, and may be replaced by another
 * while somebody is at it. */
#include "rt-resource-kinds.h"

#include "rt-methods.h"
#include "rt-representation.h"

/* A line of generated content says where it stands. */
#define LINE 16
#define SIZE_MAX_GENERATED (16 * 1024 * 1024)

/* clang-format off */
static const RtSetting settings[] = {
  { "content", RT_SETTING_TEXT, "", NULL, "its content" },
  { "size", RT_SETTING_NUMBER, "0", NULL, "where `content` is not given: bytes of generated content, lines that say at which byte they stand; at most 16777216" },
  { "content-type", RT_SETTING_TEXT, "text/plain; charset=utf-8", NULL, "its media type" },
  { "validators", RT_SETTING_CHOICE, "both", rt_validator_choices, "what names a version to clients" },
  { "age", RT_SETTING_DURATION, "1d", NULL, "how long before the beginning it was last modified" },
  { "ranges", RT_SETTING_BOOLEAN, "true", NULL, "parts of it can be had; otherwise Range is ignored" },
  { "new-content", RT_SETTING_TEXT, "", NULL, "with `changes-after`: its content from then on" },
  { "changes-after", RT_SETTING_DURATION, "0s", NULL, "when it is replaced, from the beginning; 0s: never" },
};
/* clang-format on */

typedef struct
{
  char *path, *content_type;
  GBytes *content, *new_content;
  RtValidatorPolicy validators;
  gboolean ranges;
  RtTime age, changes_after, start;
} File;

static GBytes *
generate (gsize size)
{
  GString *content = g_string_sized_new (size + LINE);

  while (content->len < size)
    g_string_append_printf (content, "%0*zu\n", LINE - 1, content->len);
  g_string_truncate (content, size);
  return g_string_free_to_bytes (content);
}

static gpointer
create (const char *path, const RtGiven *given, GError **error)
{
  gint64 size;
  File *file;

  if (!rt_given_take_number (given, "size", 0, SIZE_MAX_GENERATED, &size, error))
    return NULL;
  file = g_new0 (File, 1);
  file->path = g_strdup (path);
  file->content = rt_given_has (given, "content") ? rt_given_dup_bytes (given, "content")
                                                  : generate ((gsize)size);
  file->new_content = rt_given_dup_bytes (given, "new-content");
  file->content_type = rt_given_dup_text (given, "content-type");
  file->validators = rt_validator_policy_read (given);
  file->ranges = rt_given_get_boolean (given, "ranges");
  file->age = rt_given_get_number (given, "age");
  file->changes_after = rt_given_get_number (given, "changes-after");
  return file;
}

static void
file_free (gpointer self)
{
  File *file = self;

  g_bytes_unref (file->content);
  g_bytes_unref (file->new_content);
  g_free (file->content_type);
  g_free (file->path);
  g_free (file);
}

static void
announce (gpointer self, RtTime now, RtEffects *out)
{
  File *file = self;

  file->start = now;
}

static gboolean
is_changed (const File *file, RtTime now)
{
  return file->changes_after > 0 && now >= file->start + file->changes_after;
}

static void
handle (gpointer self, const RtCall *call, RtReply *reply, RtEffects *out)
{
  const File *file = self;
  gboolean changed = is_changed (file, call->now);
  g_autofree char *etag
      = g_strdup_printf ("%s\"%d\"", file->validators.weak ? "W/" : "", changed ? 2 : 1);
  RtRepresentation representation = {
    .content = changed ? file->new_content : file->content,
    .content_type = file->content_type,
    .etag = file->validators.etag ? etag : NULL,
    .has_modified = file->validators.last_modified,
    .modified = changed ? file->start + file->changes_after : file->start - file->age,
    .ranges = file->ranges,
  };

  if (rt_method_is_read (call->request->method))
    rt_reply_with_representation (reply, &representation, call, out);
  else
    rt_reply_with_allow (reply, rt_call_is (call, "OPTIONS"), "GET, HEAD, OPTIONS");
}

const RtResourceKind rt_file_kind = {
  .name = "file",
  .summary = "content that is read, whole or in parts",
  .notes = "GET, HEAD and OPTIONS; If-Range, and several ranges as `multipart/byteranges`.",
  .settings = settings,
  .n_settings = G_N_ELEMENTS (settings),
  .create = create,
  .announce = announce,
  .handle = handle,
  .free = file_free,
};
