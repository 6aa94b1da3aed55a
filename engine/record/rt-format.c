/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The kinds of files that traffic comes from and goes to. */
#include "rt-format.h"

#include "rt-capture-reader.h"
#include "rt-har.h"
#include "rt-new-file.h"
#include "rt-pcap.h"
#include "rt-session-copy.h"
#include "rt-text-export.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>

/* What a format is told by stands in the first bytes. */
#define HEAD 4096

static const char *const roundtrip_extensions[] = { "roundtrip", NULL };
static const char *const har_extensions[] = { "har", "zhar", NULL };
static const char *const pcap_extensions[] = { "pcap", "cap", "pcap.gz", NULL };
static const char *const pcapng_extensions[] = { "pcapng", "ntar", "pcapng.gz", NULL };
static const char *const text_extensions[] = { "txt", NULL };

static gboolean
sniff_roundtrip (RtText head)
{
  return rt_text_starts_with (head, RT_TEXT ("SQLite format 3\0"));
}

static const RtFormat formats[] = {
  { .name = "roundtrip",
    .title = "Roundtrip session",
    .extensions = roundtrip_extensions,
    .native = TRUE,
    .sniff = sniff_roundtrip },
  { .name = "har",
    .title = "HTTP archive",
    .extensions = har_extensions,
    .sniff = rt_har_sniff,
    .import = rt_har_import,
    .write = rt_har_export },
  { .name = "pcapng",
    .title = "Packet capture (pcapng)",
    .extensions = pcapng_extensions,
    .sniff = rt_capture_sniff_pcapng,
    .import = rt_pcap_import,
    .write = rt_pcapng_export },
  { .name = "pcap",
    .title = "Packet capture (pcap)",
    .extensions = pcap_extensions,
    .sniff = rt_capture_sniff_pcap,
    .import = rt_pcap_import },
  { .name = "text", .title = "Transcript", .extensions = text_extensions, .write = rt_text_export },
};

/**
 * rt_format_list:
 * @ret_n: (out): how many there are
 *
 * Returns: (transfer none) (array length=ret_n): all formats, sessions first
 */
const RtFormat *
rt_format_list (guint *ret_n)
{
  *ret_n = G_N_ELEMENTS (formats);
  return formats;
}

static gboolean
has_extension (const char *path, const char *extension)
{
  gsize length = strlen (path);
  gsize tail = strlen (extension);

  return length > tail + 1 && path[length - tail - 1] == '.'
         && g_ascii_strcasecmp (path + length - tail, extension) == 0;
}

static const RtFormat *
find_by_extension (const char *path)
{
  for (gsize i = 0; i < G_N_ELEMENTS (formats); i++)
    for (gsize j = 0; formats[i].extensions[j] != NULL; j++)
      if (has_extension (path, formats[i].extensions[j]))
        return &formats[i];
  return NULL;
}

/* `.roundtrip, .har or .txt` */
static char *
list_extensions (gboolean (*can) (const RtFormat *format))
{
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  GString *out = g_string_new (NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (formats); i++)
    if (can (&formats[i]))
      g_ptr_array_add (names, (gpointer)formats[i].extensions[0]);
  for (guint i = 0; i < names->len; i++)
    g_string_append_printf (out, "%s.%s",
                            i == 0                ? ""
                            : i + 1 == names->len ? " or "
                                                  : ", ",
                            (const char *)names->pdata[i]);
  return g_string_free (out, FALSE);
}

/**
 * rt_format_for_path:
 * @path: a file that is to be written
 *
 * Errors: %RT_ERROR_UNKNOWN: its name does not tell of a format that can be.
 *
 * Returns: (transfer none) (nullable): the format that its name tells of
 */
const RtFormat *
rt_format_for_path (const char *path, GError **error)
{
  const RtFormat *format = find_by_extension (path);
  const RtPlace place = { path, 0, 0 };
  g_autofree char *names = NULL;

  if (format != NULL && rt_format_can_write (format))
    return format;
  names = list_extensions (rt_format_can_write);
  rt_set_error (error, RT_ERROR_UNKNOWN, &place, names,
                g_str_equal (path, "-") ? "standard output is no file, whose name tells a format"
                : format == NULL        ? "its name does not tell a format"
                                 : "nothing can be written in the format that its name tells");
  return NULL;
}

/* Captures and archives are often compressed by gzip: what is in there tells. */
static void
inflate_head (char *head, gsize *length)
{
  g_autoptr (GInputStream) deflated = NULL;
  g_autoptr (GInputStream) stream = NULL;
  g_autoptr (GConverter) inflater = NULL;
  gsize n = 0;

  if (!rt_text_starts_with ((RtText){ head, *length }, RT_TEXT ("\x1f\x8b")))
    return;
  deflated
      = g_memory_input_stream_new_from_data (g_memdup2 (head, *length), (gssize)*length, g_free);
  inflater = G_CONVERTER (g_zlib_decompressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP));
  stream = g_converter_input_stream_new (deflated, inflater);
  /* It breaks off where the head does. */
  g_input_stream_read_all (stream, head, HEAD, &n, NULL, NULL);
  *length = n;
}

/* What is read once alone (a pipe, a terminal) cannot be: files are read more than once. */
static gboolean
is_read_once (const char *path)
{
  GStatBuf about;

  return g_stat (path, &about) == 0
         && (S_ISFIFO (about.st_mode) || S_ISCHR (about.st_mode) || S_ISSOCK (about.st_mode));
}

static gboolean
read_head (const char *path, char *head, gsize *ret_length, GError **error)
{
  const RtPlace place = { path, 0, 0 };
  gboolean once = g_str_equal (path, "-") || is_read_once (path);
  FILE *file = !once ? g_fopen (path, "rbe") : NULL;

  if (once)
    {
      rt_set_error (error, RT_ERROR_UNSUPPORTED, &place, "the name of a file",
                    "a pipe or a device is no file that can be read more than once");
      return FALSE;
    }
  if (file != NULL)
    *ret_length = fread (head, 1, HEAD, file);
  if (file == NULL || ferror (file))
    {
      rt_set_error (error, RT_ERROR_IO, &place, "a file", "it cannot be read: %s",
                    g_strerror (errno));
      g_clear_pointer (&file, fclose);
      return FALSE;
    }
  fclose (file);
  inflate_head (head, ret_length);
  return TRUE;
}

/**
 * rt_format_of_file:
 * @path: a file
 *
 * What it begins with decides, whatever it is called; its name does where that tells nothing.
 *
 * Errors: %RT_ERROR_UNKNOWN: it is of no format that can be read; those of reading it.
 *
 * Returns: (transfer none) (nullable): its format
 */
const RtFormat *
rt_format_of_file (const char *path, GError **error)
{
  const RtFormat *format = find_by_extension (path);
  const RtPlace place = { path, 0, 0 };
  g_autofree char *names = NULL;
  char head[HEAD];
  gsize length;

  if (!read_head (path, head, &length, error))
    return NULL;
  for (gsize i = 0; i < G_N_ELEMENTS (formats); i++)
    if (formats[i].sniff != NULL && formats[i].sniff ((RtText){ head, length }))
      return &formats[i];
  if (format != NULL && rt_format_can_read (format))
    return format;
  names = list_extensions (rt_format_can_read);
  rt_set_error (error, RT_ERROR_UNKNOWN, &place, names,
                format == NULL ? "it is of no format that is known"
                               : "files of this format cannot be read");
  return NULL;
}

/* To and from files */

/**
 * rt_format_is_same_file:
 * @path: what is to be written
 * @from: what is read
 *
 * What is read is never replaced: the original is not ours to change.
 *
 * Returns: whether both are the same file, which is an error
 */
gboolean
rt_format_is_same_file (const char *path, const char *from, GError **error)
{
  const RtPlace place = { path, 0, 0 };
  GStatBuf to, of;

  if (g_stat (path, &to) != 0 || g_stat (from, &of) != 0 || to.st_dev != of.st_dev
      || to.st_ino != of.st_ino)
    return FALSE;
  rt_set_error (error, RT_ERROR_IO, &place, "another name", "this is the file that is read");
  return TRUE;
}

static gboolean
write_to_stream (const RtFormat *format,
                 RtSession *session,
                 const char *path,
                 const RtExportOptions *options,
                 GError **error)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GFileOutputStream) stream
      = g_file_append_to (file, G_FILE_CREATE_NONE, options->cancellable, error);
  g_autoptr (GOutputStream) out = NULL;

  if (stream == NULL)
    return FALSE;
  out = g_buffered_output_stream_new_sized (G_OUTPUT_STREAM (stream), 64 * 1024);
  if (!format->write (session, out, options, error))
    {
      g_output_stream_close (out, NULL, NULL);
      return FALSE;
    }
  return g_output_stream_close (out, options->cancellable, error);
}

/* By way of a session without secrets, which is then written. */
static gboolean
write_redacted (const RtFormat *format,
                RtSession *session,
                const char *path,
                const RtExportOptions *options,
                GError **error)
{
  g_autofree char *folder = g_dir_make_tmp ("roundtrip-XXXXXX", error);
  g_autofree char *between = NULL;
  g_autoptr (RtSession) copy = NULL;
  RtExportOptions part = { 0 };
  gboolean done;

  if (folder == NULL)
    return FALSE;
  between = g_build_filename (folder, "redacted.roundtrip", NULL);
  copy = rt_session_open_redacted (session, between, options, &part, error);
  done = copy != NULL && write_to_stream (format, copy, path, &part, error);
  g_clear_pointer (&part.ids, g_array_unref);
  g_clear_pointer (&copy, rt_session_unref);
  rt_new_file_discard (between);
  g_rmdir (folder);
  return done;
}

static gboolean
write_file (const RtFormat *format,
            RtSession *session,
            const char *path,
            const RtExportOptions *options,
            GError **error)
{
  if (format->native)
    {
      rt_new_file_discard (path); /* sessions want to make their file */
      return rt_session_copy (session, path, options, error);
    }
  return options->redact ? write_redacted (format, session, path, options, error)
                         : write_to_stream (format, session, path, options, error);
}

/**
 * rt_format_export:
 * @format: one that can be written
 * @session: what is to be written
 * @path: where to
 * @replace: there may be a file of that name, which is replaced
 * @options: (nullable): which part of it
 *
 * Writes a file, which appears under its name when it is whole. Errors: %RT_ERROR_IO: there is
 * such a file, or it cannot be written; those of the session; `G_IO_ERROR_CANCELLED`.
 *
 * Returns: %TRUE on success
 */
gboolean
rt_format_export (const RtFormat *format,
                  RtSession *session,
                  const char *path,
                  gboolean replace,
                  const RtExportOptions *options,
                  GError **error)
{
  static const RtExportOptions all = { 0 };
  const RtPlace place = { path, 0, 0 };
  g_autofree char *temporary = NULL;
  GError *problem = NULL;

  if (!rt_format_is_same_file (path, rt_session_get_path (session), error))
    temporary = rt_new_file_begin (path, replace, error);
  if (temporary == NULL)
    return FALSE;
  if (write_file (format, session, temporary, options != NULL ? options : &all, &problem))
    return rt_new_file_finish (temporary, path, replace, error);
  /* The stream does not know what the file is called. */
  if (problem->domain == G_IO_ERROR && problem->code != G_IO_ERROR_CANCELLED)
    rt_prefix_place (&problem, &place);
  g_propagate_error (error, problem);
  rt_new_file_discard (temporary);
  return FALSE;
}

/**
 * rt_format_import_to_file:
 * @format: one that can be imported
 * @from: a file of it
 * @path: the session file that is to be made
 * @replace: there may be a file of that name, which is replaced
 * @options: (nullable): see rt_import_new()
 *
 * Makes a session file, which appears under its name when it is whole. Errors: as those of
 * rt_format_export() and of the format.
 *
 * Returns: (transfer full) (nullable): what there is to say of it
 */
RtImportReport *
rt_format_import_to_file (const RtFormat *format,
                          const char *from,
                          const char *path,
                          gboolean replace,
                          const RtImportOptions *options,
                          GError **error)
{
  g_autofree char *temporary = NULL;
  g_autoptr (RtImportReport) report = NULL;
  RtSession *session;

  if (!rt_format_is_same_file (path, from, error))
    temporary = rt_new_file_begin (path, replace, error);
  if (temporary == NULL)
    return NULL;
  rt_new_file_discard (temporary); /* sessions want to make their file */
  session = rt_session_create (temporary, error);
  if (session != NULL)
    {
      report = format->import (session, from, options, error);
      rt_session_unref (session);
    }
  if (report == NULL)
    rt_new_file_discard (temporary);
  else if (!rt_new_file_finish (temporary, path, replace, error))
    return NULL;
  return g_steal_pointer (&report);
}
