/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The window's first frame beside that of an empty window of GTK and libadwaita, each in a process
 * of its own; a list of a million exchanges: what a frame costs after a jump to anywhere, and what
 * memory; and how long the timeline takes to be anywhere in them. Usage: bench-window [EXCHANGES],
 * on a display. */
#include "bench-session.h"
#include "rt-application.h"
#include "rt-session-rows.h"
#include "rt-window-actions.h"

#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>

#define N_STARTS 7
#define N_JUMPS 300
#define N_PARTS 40
#define WIDTH 1280
#define HEIGHT 800

static double
since (gint64 start)
{
  return (double)(g_get_monotonic_time () - start) / 1e3;
}

static gboolean
is_painted (GtkWidget *window, gint64 frame)
{
  GdkFrameClock *clock = gtk_widget_get_frame_clock (window);

  return clock != NULL && gdk_frame_clock_get_frame_counter (clock) > frame;
}

/* Until the next frame is on its way to the display. */
static void
paint (GtkWidget *window)
{
  GdkFrameClock *clock = gtk_widget_get_frame_clock (window);
  gint64 frame = clock != NULL ? gdk_frame_clock_get_frame_counter (clock) : -1;

  gtk_widget_queue_draw (window);
  while (!is_painted (window, frame))
    g_main_context_iteration (NULL, TRUE);
}

static gboolean
has_loaded (GtkWidget *window)
{
  RtTutor *tutor = rt_window_get_tutor (RT_WINDOW (window));

  return rt_tutor_get_lesson (tutor) != NULL && rt_tutor_get_lessons (tutor) != NULL;
}

/* Milliseconds from the beginning of the process to the first frame, to that of the window with its
 * parts and to that with the lesson in it, on standard output. */
static int
run_first (gboolean empty, gint64 start)
{
  g_autoptr (GApplication) application = empty ? NULL : rt_application_new ();
  GtkWidget *window;

  if (empty)
    {
      adw_init ();
      window = g_object_new (ADW_TYPE_WINDOW, NULL);
      gtk_window_set_default_size (GTK_WINDOW (window), WIDTH, HEIGHT);
    }
  else
    {
      g_application_set_flags (application, G_APPLICATION_NON_UNIQUE | G_APPLICATION_HANDLES_OPEN);
      g_application_register (application, NULL, NULL);
      window = GTK_WIDGET (rt_window_new (GTK_APPLICATION (application)));
      rt_window_set_size (RT_WINDOW (window), WIDTH, HEIGHT);
      rt_window_open (RT_WINDOW (window), NULL);
    }
  gtk_window_present (GTK_WINDOW (window));
  paint (window);
  g_print ("%.3f", since (start));
  if (!empty)
    {
      paint (window);
      g_print (" %.3f", since (start));
      while (!has_loaded (window))
        g_main_context_iteration (NULL, TRUE);
      paint (window);
      g_print (" %.3f", since (start));
    }
  g_print ("\n");
  fflush (stdout);
  exit (0);
}

/* What is reached when, in milliseconds. */
typedef struct
{
  double first, parts, lesson;
} Start;

static Start
start_once (const char *program, const char *mode)
{
  const char *const arguments[] = { program, mode, NULL };
  g_autoptr (GSubprocess) process
      = g_subprocess_newv (arguments, G_SUBPROCESS_FLAGS_STDOUT_PIPE, NULL);
  g_autofree char *out = NULL;
  Start start = { 0 };

  if (process == NULL || !g_subprocess_communicate_utf8 (process, NULL, NULL, &out, NULL, NULL)
      || out == NULL || sscanf (out, "%lf %lf %lf", &start.first, &start.parts, &start.lesson) < 1)
    return (Start){ 0 };
  return start;
}

static int
compare (const void *a, const void *b)
{
  double left = *(const double *)a, right = *(const double *)b;

  return left < right ? -1 : left > right;
}

/* Taken in turns, so that what else goes on meets both. */
static void
bench_first_frame (const char *program)
{
  double empty[N_STARTS], first[N_STARTS], parts[N_STARTS], lesson[N_STARTS];

  for (guint i = 0; i < N_STARTS; i++)
    {
      Start start;

      empty[i] = start_once (program, "--empty").first;
      start = start_once (program, "--first");
      first[i] = start.first;
      parts[i] = start.parts;
      lesson[i] = start.lesson;
    }
  qsort (empty, N_STARTS, sizeof *empty, compare);
  qsort (first, N_STARTS, sizeof *first, compare);
  qsort (parts, N_STARTS, sizeof *parts, compare);
  qsort (lesson, N_STARTS, sizeof *lesson, compare);
  g_print ("first frame: %.0f ms; an empty window %.0f ms; %.2f times\n", first[N_STARTS / 2],
           empty[N_STARTS / 2], first[N_STARTS / 2] / empty[N_STARTS / 2]);
  g_print ("first frame of the window with its parts: %.0f ms; with a lesson in it: %.0f ms\n",
           parts[N_STARTS / 2], lesson[N_STARTS / 2]);
}

static GtkWidget *
find_styled (GtkWidget *widget, const char *style)
{
  GtkWidget *found = gtk_widget_has_css_class (widget, style) ? widget : NULL;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL && found == NULL;
       child = gtk_widget_get_next_sibling (child))
    found = find_styled (child, style);
  return found;
}

static double
read_memory (const char *name)
{
  g_autofree char *status = NULL;
  const char *line;

  if (!g_file_get_contents ("/proc/self/status", &status, NULL, NULL)
      || (line = strstr (status, name)) == NULL)
    return 0;
  line += strlen (name) + 1;
  return (double)g_ascii_strtoull (line + strspn (line, " \t"), NULL, 10) / 1024;
}

/* Turns the main loop until @done; returns the longest turn, in milliseconds. */
static double
turn_until (GtkWidget *window, gboolean (*done) (RtView *view, guint64 what), guint64 what)
{
  RtView *view = rt_stage_get_view (rt_window_get_stage (RT_WINDOW (window)));
  double longest = 0;

  while (!done (view, what))
    {
      gint64 before;

      while (!g_main_context_pending (NULL))
        g_usleep (200);
      before = g_get_monotonic_time ();
      g_main_context_iteration (NULL, FALSE);
      longest = MAX (longest, since (before));
    }
  return longest;
}

static gboolean
is_selected (RtView *view, guint64 exchange)
{
  return rt_view_get_selection (view).exchange == exchange;
}

static gboolean
is_overviewed (RtView *view, guint64 nothing)
{
  return !rt_view_get_wants_overview (view);
}

/* The timeline goes to exchanges anywhere in the run. */
static void
bench_parts (GtkWidget *window, guint n, GRand *random)
{
  RtStage *stage = rt_window_get_stage (RT_WINDOW (window));
  double jumps[N_PARTS], turns[N_PARTS], frames[N_PARTS];
  gint64 start = g_get_monotonic_time ();
  double turn = 0;

  for (guint i = 0; i < N_PARTS + 1; i++)
    {
      guint exchange = (guint)g_rand_int_range (random, 1, (gint32)n + 1);

      start = g_get_monotonic_time ();
      rt_view_select (rt_stage_get_view (stage), exchange, TRUE, RT_SPAN_NONE);
      turn = turn_until (window, is_selected, exchange);
      if (i == 0)
        {
          g_print ("timeline of %u: to exchange %u for the first time %.0f ms\n", n, exchange,
                   since (start));
          paint (window);
          continue;
        }
      jumps[i - 1] = since (start);
      turns[i - 1] = turn;
      start = g_get_monotonic_time ();
      paint (window);
      frames[i - 1] = since (start);
    }
  qsort (jumps, N_PARTS, sizeof *jumps, compare);
  qsort (turns, N_PARTS, sizeof *turns, compare);
  qsort (frames, N_PARTS, sizeof *frames, compare);
  g_print ("timeline of %u: to an exchange anywhere: p50 %.0f ms, p95 %.0f ms; the main thread's "
           "longest turn p95 %.1f ms; the frame with it p95 %.1f ms\n",
           n, jumps[N_PARTS / 2], jumps[N_PARTS * 95 / 100], turns[N_PARTS * 95 / 100],
           frames[N_PARTS * 95 / 100]);
  start = g_get_monotonic_time ();
  rt_view_want_overview (rt_stage_get_view (stage));
  turn = turn_until (window, is_overviewed, 0);
  g_print ("timeline of %u: overview after %.0f ms, longest turn %.1f ms\n", n, since (start),
           turn);
}

static int
run_list (const char *path, guint n)
{
  g_autoptr (GApplication) application = rt_application_new ();
  g_autoptr (GRand) random = g_rand_new_with_seed (1);
  double frames[N_JUMPS];
  gint64 start = g_get_monotonic_time ();
  GtkWidget *window, *list;
  GtkAdjustment *adjustment;

  g_application_set_flags (application, G_APPLICATION_NON_UNIQUE | G_APPLICATION_HANDLES_OPEN);
  g_application_register (application, NULL, NULL);
  window = GTK_WIDGET (rt_window_new (GTK_APPLICATION (application)));
  rt_window_set_size (RT_WINDOW (window), WIDTH, HEIGHT);
  gtk_window_present (GTK_WINDOW (window));
  rt_window_open (RT_WINDOW (window), path);
  list = find_styled (GTK_WIDGET (rt_window_get_inspector (RT_WINDOW (window))), "exchanges");
  while (gtk_list_view_get_model (GTK_LIST_VIEW (list)) == NULL
         || g_list_model_get_n_items (G_LIST_MODEL (gtk_list_view_get_model (GTK_LIST_VIEW (list))))
                < n)
    g_main_context_iteration (NULL, TRUE);
  paint (window);
  g_print ("list of %u: there after %.0f ms\n", n, since (start));
  adjustment = gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (list));
  for (guint i = 0; i < N_JUMPS; i++)
    {
      gint64 before;

      gtk_adjustment_set_value (
          adjustment, g_rand_double_range (random, 0, gtk_adjustment_get_upper (adjustment)));
      before = g_get_monotonic_time ();
      paint (window);
      frames[i] = since (before);
    }
  qsort (frames, N_JUMPS, sizeof *frames, compare);
  g_print ("list of %u: a frame after a jump: p50 %.1f ms, p95 %.1f ms\n", n, frames[N_JUMPS / 2],
           frames[N_JUMPS * 95 / 100]);
  g_print ("list of %u: resident %.0f MiB, at most %.0f MiB\n", n, read_memory ("VmRSS"),
           read_memory ("VmHWM"));
  bench_parts (window, n, random);
  g_print ("timeline of %u: resident %.0f MiB, at most %.0f MiB\n", n, read_memory ("VmRSS"),
           read_memory ("VmHWM"));
  fflush (stdout);
  exit (0);
}

static int
bench_list (const char *program, const char *path, guint n)
{
  g_autofree char *count = g_strdup_printf ("%u", n);
  const char *const arguments[] = { program, "--list", path, count, NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocess) process = NULL;

  if (!bench_session_write (path, n, &error)
      || (process = g_subprocess_newv (arguments, G_SUBPROCESS_FLAGS_NONE, &error)) == NULL
      || !g_subprocess_wait (process, NULL, &error))
    {
      g_printerr ("bench-window: %s\n", error->message);
      return 1;
    }
  return g_subprocess_get_successful (process) ? 0 : 1;
}

int
main (int argc, char **argv)
{
  gint64 start = g_get_monotonic_time ();
  guint n = argc > 1 ? (guint)g_ascii_strtoull (argv[1], NULL, 10) : 200000;
  g_autofree char *folder = NULL, *path = NULL;
  int status;

  if (argc > 1 && g_str_equal (argv[1], "--empty"))
    return run_first (TRUE, start);
  if (argc > 1 && g_str_equal (argv[1], "--first"))
    return run_first (FALSE, start);
  if (argc > 3 && g_str_equal (argv[1], "--list"))
    return run_list (argv[2], (guint)g_ascii_strtoull (argv[3], NULL, 10));
  folder = g_dir_make_tmp ("roundtrip-bench-XXXXXX", NULL);
  g_setenv ("XDG_DATA_HOME", folder, TRUE);
  bench_first_frame (argv[0]);
  path = g_build_filename (folder, "bench.roundtrip", NULL);
  status = bench_list (argv[0], path, n);
  g_unlink (path);
  return status;
}
