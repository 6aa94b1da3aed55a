# SPDX-License-Identifier: GPL-3.0-or-later
#
# The table lesson × actor: `actors.py [--write] DOCUMENT PROGRAM SCRIPT…`. What runs on the two
# drivers is asked of the program; what else takes part is asked of the test scripts, each of which
# lists with `--list` its lessons, actors and tests. Without --write, a difference fails.
import re, subprocess, sys

ACTORS = ["curl", "Chromium", "slowhttptest", "libsoup client", "libsoup origin", "own server"]
HEAD = """# Lessons and actors

Written by `ninja actors` from the tests. *yes*: all runs and counter-examples are played by our own
parties on that driver, and their checks hold. A number: so many tests play the lesson with that
program in a party's place. `roundtrip serve` takes any program for any lesson with a server.

"""


def ask(*line):
    return subprocess.run(line, stdout=subprocess.PIPE, universal_newlines=True).stdout


def driver_cell(program, lesson, driver):
    out = ask(program, "check", lesson, "--driver", driver).splitlines()
    if any(line.startswith("FAILED") for line in out) or not out:
        return "no"
    reasons = sorted({line.split("not on this driver: ")[1] for line in out
                      if line.startswith("--")})
    return "yes" if not reasons else "yes, but for: " + "; ".join(reasons)


def table(program, scripts):
    cells, actors = {}, list(ACTORS)
    for script in scripts:
        command = [sys.executable, script] if script.endswith(".py") else [script]
        for line in ask(*command, "--list").splitlines():
            lesson, actor, _ = line.split("\t")
            cells[lesson, actor] = cells.get((lesson, actor), 0) + 1
            if actor not in actors:
                actors.append(actor)
    lessons = re.findall(r"^ *\d+  (\S+)", ask(program, "list"), re.M)
    rows = [["lesson", "sim", "live"] + actors, ["---"] * (3 + len(actors))]
    for lesson in lessons:
        rows.append([lesson, driver_cell(program, lesson, "sim"),
                     driver_cell(program, lesson, "live")]
                    + [str(cells.get((lesson, actor), "")) for actor in actors])
    return HEAD + "".join("| %s |\n" % " | ".join(row) for row in rows)


write = sys.argv[1] == "--write"
document, program, *scripts = sys.argv[2 if write else 1:]
text = table(program, scripts)
if write:
    with open(document, "w") as file:
        file.write(text)
else:
    with open(document) as file:
        same = file.read() == text
    print("1..1\n%s 1 - docs/actors.md is what the tests say%s"
          % ("ok" if same else "not ok", "" if same else "; run `ninja actors`"))
    sys.exit(0 if same else 1)
