/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One function a kind of block, in a table. A kind without one is not shown to a reader. */
#include "rt-block.h"

#include "rt-code-box.h"
#include "rt-inline-label.h"
#include "rt-timeline-model.h"

#include <glib/gi18n.h>

static GtkWidget *
new_heading (const RtBlock *block)
{
  GtkWidget *label = rt_inline_label_new (block->inlines);

  gtk_widget_add_css_class (label, "block-heading");
  return label;
}

static GtkWidget *
new_paragraph (const RtBlock *block)
{
  return rt_inline_label_new (block->inlines);
}

static GtkWidget *
new_children (const RtBlock *block, int spacing)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, spacing);

  for (guint i = 0; i < block->children->len; i++)
    {
      GtkWidget *child = rt_block_widget_new (block->children->pdata[i]);

      if (child != NULL)
        gtk_box_append (GTK_BOX (box), child);
    }
  gtk_widget_set_hexpand (box, TRUE);
  return box;
}

/* A box would ask the text how wide it wants to be at the height it got, and with lines of a height
 * that is no whole number of pixels that is wider than there is room. */
static GtkWidget *
new_item (const RtBlock *item, const char *bullet)
{
  GtkWidget *line = gtk_grid_new ();
  GtkWidget *mark = gtk_label_new (bullet);

  gtk_grid_set_column_spacing (GTK_GRID (line), 8);
  gtk_widget_set_valign (mark, GTK_ALIGN_START);
  gtk_widget_add_css_class (mark, "prose");
  gtk_widget_add_css_class (mark, "bullet");
  gtk_grid_attach (GTK_GRID (line), mark, 0, 0, 1, 1);
  gtk_grid_attach (GTK_GRID (line), new_children (item, 6), 1, 0, 1, 1);
  return line;
}

static GtkWidget *
new_list (const RtBlock *block)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);

  for (guint i = 0; i < block->children->len; i++)
    {
      g_autofree char *bullet
          = block->level > 0 ? g_strdup_printf ("%u.", block->level + i) : g_strdup ("•");

      gtk_box_append (GTK_BOX (box), new_item (block->children->pdata[i], bullet));
    }
  return box;
}

static GtkWidget *
new_quote (const RtBlock *block)
{
  GtkWidget *box = new_children (block, 8);

  gtk_widget_add_css_class (box, "quote");
  return box;
}

static GtkWidget *
new_code (const RtBlock *block)
{
  return rt_code_box_new (NULL, block->text, block->language);
}

static GtkWidget *
new_rule (const RtBlock *block)
{
  return gtk_separator_new (GTK_ORIENTATION_HORIZONTAL);
}

static GtkWidget *
new_settings (const RtBlock *block)
{
  g_autofree char *caption = g_strdup_printf (_ ("Settings of %s"), block->party);

  return rt_code_box_new (caption, block->text, "yaml");
}

static GtkWidget *
new_step (const RtBlock *block)
{
  g_autofree char *caption = NULL;

  if (block->step->kind != RT_STEP_SEND)
    {
      GtkWidget *label = gtk_label_new (block->step->title);

      gtk_label_set_xalign (GTK_LABEL (label), 0);
      gtk_widget_add_css_class (label, "clock-step");
      return label;
    }
  caption = g_strdup_printf ("%s → %s", block->step->from, block->step->to);
  return rt_code_box_new (caption, block->text, "http");
}

static GtkWidget *
new_run (const RtBlock *block)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 4);
  GtkWidget *button = gtk_button_new_with_label (block->scenario->name);
  GtkWidget *words;

  gtk_widget_add_css_class (box, "run-box");
  gtk_widget_add_css_class (button, "run-name");
  gtk_widget_set_halign (button, GTK_ALIGN_START);
  gtk_widget_set_tooltip_text (button, _ ("Show this run on the timeline"));
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), "win.run");
  gtk_actionable_set_action_target (GTK_ACTIONABLE (button), "u", block->scenario->index);
  gtk_box_append (GTK_BOX (box), button);
  if (block->inlines != NULL)
    {
      words = rt_inline_label_new (block->inlines);
      gtk_box_append (GTK_BOX (box), words);
    }
  return box;
}

static GtkWidget *
new_note (const RtBlock *block)
{
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 10);
  /* The number that it has on the timeline. */
  g_autofree char *mark
      = rt_timeline_layer_dup_mark (RT_TIMELINE_LAYER_AUTHOR, block->note->number);
  GtkWidget *icon = gtk_label_new (mark);
  GtkWidget *words = rt_inline_label_new (block->inlines);

  gtk_widget_add_css_class (icon, "note-mark");

  gtk_widget_set_valign (icon, GTK_ALIGN_START);
  gtk_widget_set_hexpand (words, TRUE);
  gtk_box_append (GTK_BOX (line), icon);
  gtk_box_append (GTK_BOX (line), words);
  gtk_widget_add_css_class (line, "note-box");
  return line;
}

/* GTK names a button by its words, but not an expander. */
static void
name_expander (GtkWidget *expander)
{
  gtk_accessible_update_property (GTK_ACCESSIBLE (expander), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  gtk_expander_get_label (GTK_EXPANDER (expander)), -1);
}

static GtkWidget *
new_hint (const RtBlock *block)
{
  GtkWidget *expander = gtk_expander_new (_ ("Hint"));

  name_expander (expander);
  gtk_expander_set_child (GTK_EXPANDER (expander), rt_inline_label_new (block->inlines));
  return expander;
}

static GtkWidget *
new_check (const RtBlock *block)
{
  GtkWidget *expander = gtk_expander_new (_ ("What the lesson checks here"));

  name_expander (expander);
  gtk_expander_set_child (GTK_EXPANDER (expander), rt_code_box_new (NULL, block->text, NULL));
  gtk_widget_add_css_class (expander, "checks");
  return expander;
}

/**
 * rt_block_widget_new:
 * @block: no prediction and no challenge
 *
 * Returns: (nullable): what shows it; %NULL: there is nothing to show
 */
GtkWidget *
rt_block_widget_new (const RtBlock *block)
{
  static GtkWidget *(*const makers[]) (const RtBlock *) = {
    [RT_BLOCK_HEADING] = new_heading, [RT_BLOCK_PARAGRAPH] = new_paragraph,
    [RT_BLOCK_LIST] = new_list,       [RT_BLOCK_QUOTE] = new_quote,
    [RT_BLOCK_CODE] = new_code,       [RT_BLOCK_RULE] = new_rule,
    [RT_BLOCK_ORIGIN] = new_settings, [RT_BLOCK_STEP] = new_step,
    [RT_BLOCK_RUN] = new_run,         [RT_BLOCK_NOTE] = new_note,
    [RT_BLOCK_HINT] = new_hint,       [RT_BLOCK_CHECK] = new_check,
    [RT_BLOCK_CHALLENGE] = NULL,
  };

  return makers[block->kind] != NULL ? makers[block->kind](block) : NULL;
}
