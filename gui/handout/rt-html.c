/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Control characters, which XML knows no way to write, are replaced: bodies hold any byte. */
#include "rt-html.h"

/**
 * rt_html_init:
 * @self: (out caller-allocates): to be released with rt_html_clear() or rt_html_end()
 */
void
rt_html_init (RtHtml *self)
{
  self->out = g_string_new ("<!DOCTYPE html>\n");
  self->open = g_ptr_array_new ();
}

void
rt_html_clear (RtHtml *self)
{
  if (self->out != NULL)
    g_string_free (self->out, TRUE);
  self->out = NULL;
  g_clear_pointer (&self->open, g_ptr_array_unref);
}

/**
 * rt_html_end:
 *
 * Closes what is open, and @self with it.
 *
 * Returns: (transfer full): the document
 */
GString *
rt_html_end (RtHtml *self)
{
  GString *out;

  while (self->open->len > 0)
    rt_html_close (self);
  out = g_steal_pointer (&self->out);
  rt_html_clear (self);
  return out;
}

static gboolean
is_writable (gunichar c)
{
  return c == '\n' || c == '\t' || (c >= 0x20 && c != 0x7f && c != 0xfffe && c != 0xffff);
}

static void
append_escaped (GString *out, const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);

  for (const char *at = valid; *at != '\0'; at = g_utf8_next_char (at))
    {
      gunichar c = g_utf8_get_char (at);

      if (c == '&')
        g_string_append (out, "&amp;");
      else if (c == '<')
        g_string_append (out, "&lt;");
      else if (c == '>')
        g_string_append (out, "&gt;");
      else if (c == '"')
        g_string_append (out, "&quot;");
      else
        g_string_append_unichar (out, is_writable (c) ? c : 0xfffd);
    }
}

static void
begin_tag (GString *out, const char *name, va_list attributes)
{
  const char *attribute;

  g_string_append_printf (out, "<%s", name);
  while ((attribute = va_arg (attributes, const char *)) != NULL)
    {
      const char *value = va_arg (attributes, const char *);

      if (value == NULL)
        continue;
      g_string_append_printf (out, " %s=\"", attribute);
      append_escaped (out, value);
      g_string_append_c (out, '"');
    }
}

/**
 * rt_html_open:
 * @name: (not nullable): static
 * @...: names and values of attributes, then %NULL; a value of %NULL leaves its attribute out
 */
void
rt_html_open (RtHtml *self, const char *name, ...)
{
  va_list attributes;

  va_start (attributes, name);
  begin_tag (self->out, name, attributes);
  va_end (attributes);
  g_string_append_c (self->out, '>');
  g_ptr_array_add (self->open, (char *)name);
}

/* White space after these would be seen. */
static gboolean
is_inline (const char *name)
{
  static const char *const names[] = { "a", "code", "em", "label", "span", "strong", NULL };

  return g_strv_contains (names, name);
}

/** rt_html_close: the element that was opened last. */
void
rt_html_close (RtHtml *self)
{
  const char *name;

  g_return_if_fail (self->open->len > 0);

  name = self->open->pdata[self->open->len - 1];
  g_ptr_array_set_size (self->open, (int)self->open->len - 1);
  g_string_append_printf (self->out, "</%s>%s", name, is_inline (name) ? "" : "\n");
}

/** rt_html_empty: an element that holds nothing: `input`, `meta`. Attributes as in rt_html_open().
 */
void
rt_html_empty (RtHtml *self, const char *name, ...)
{
  va_list attributes;

  va_start (attributes, name);
  begin_tag (self->out, name, attributes);
  va_end (attributes);
  g_string_append (self->out, "/>");
}

void
rt_html_text (RtHtml *self, const char *text)
{
  append_escaped (self->out, text);
}

/** rt_html_element: @style: (nullable): its class */
void
rt_html_element (RtHtml *self, const char *name, const char *style, const char *text)
{
  rt_html_open (self, name, "class", style, NULL);
  rt_html_text (self, text);
  rt_html_close (self);
}

/** rt_html_markup: @markup: of our own making: a style sheet, a picture */
void
rt_html_markup (RtHtml *self, const char *markup)
{
  g_string_append (self->out, markup);
}
