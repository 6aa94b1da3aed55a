/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The program without a window. */
#include "rt-cli.h"

#include <locale.h>

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "");
  return rt_cli_main (argc, argv, NULL, 0);
}
