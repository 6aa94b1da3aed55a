#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes text files as C strings, each named after its file.

usage: gen-keys.py OUTPUT FILE...
"""
import os
import sys

with open(sys.argv[1], "w", encoding="ascii") as out:
    for path in sys.argv[2:]:
        name = os.path.splitext(os.path.basename(path))[0]
        with open(path, encoding="ascii") as file:
            lines = "".join(f'  "{line.rstrip()}\\n"\n' for line in file)
        out.write(f"static const char {name}_key[] =\n{lines.rstrip()};\n\n")
