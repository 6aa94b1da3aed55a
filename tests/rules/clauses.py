#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes docs/clauses.md: every clause of every rule, and the tests in which it decides.

usage: clauses.py [--write] DOCUMENT LIST-CLAUSES TEST...

LIST-CLAUSES prints the rules; each TEST prints, for every table row, `# decides CLAUSE: ROW` for
the check that decided and `# checks CLAUSE: ROW` for those made before it (tests/rules/honesty.h).
Without --write the document is compared with what it should be. The same input gives the same
bytes: nothing in it depends on time, place or order of arrival.
"""
import difflib
import os
import re
import subprocess
import sys

HEAD = """# The rules, clause by clause

Every check that a rule makes, the standard it is from, and the tests that it decides. A clause that
decides in no test, because others come after it, names a test that it is part of; a clause without
any test says so. Made by `ninja clauses` in the build folder from the rules and the output of their
tests: do not edit."""


def output(program):
    # A bench or a broken test must not turn into an empty column.
    run = subprocess.run([program], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                         env={**os.environ, "CMOCKA_MESSAGE_OUTPUT": "TAP"}, check=False)
    if run.returncode != 0:
        sys.exit(f"{program} failed: its rows are not known")
    return run.stdout.decode("utf-8", "replace").splitlines()


def collect(tests):
    decided, checked = {}, {}
    for program in sorted(tests):
        name = os.path.basename(program).removeprefix("test-")
        for line in output(program):
            match = re.match(r"# (decides|checks) (\S+): (.*)", line)
            if match:
                rows = (decided if match[1] == "decides" else checked).setdefault(match[2], [])
                row = f"{name}: {match[3]}"
                if row not in rows:
                    rows.append(row)
    return decided, checked


def cell(text):
    """Text as Markdown shows it in a table: between backticks only the bar means something."""
    parts = text.replace("|", "\\|").split("`")
    for i in range(0, len(parts), 2):
        parts[i] = re.sub(r"([*_<])", r"\\\1", parts[i])
    return "`".join(parts)


def proof(clause, decided, checked):
    if clause in decided:
        rows, how = decided[clause], ""
    elif clause in checked:
        rows, how = checked[clause], "part of "
    else:
        return "**no test**"
    more = f" (+{len(rows) - 1})" if len(rows) > 1 else ""
    return f"{how}{cell(rows[0])}{more}"


def document(listing, decided, checked):
    out = [HEAD]
    for line in listing:
        kind, *fields = line.split("\t")
        if kind == "rule":
            out.append(f"\n## {fields[0]}\n\n{fields[1]} ({fields[2]})\n")
            out.append("| clause | level | claim | source | test |\n|---|---|---|---|---|")
        else:
            clause, level, source, title = fields
            out.append(f"| `{clause}` | {level} | {cell(title)} | {cell(source)} "
                       f"| {proof(clause, decided, checked)} |")
    return "\n".join(out) + "\n"


def main():
    args = sys.argv[1:]
    write = args[:1] == ["--write"]
    path, lister, *tests = args[1:] if write else args
    text = document(output(lister), *collect(tests))
    if write:
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        return 0
    try:
        with open(path, encoding="utf-8") as file:
            have = file.read()
    except FileNotFoundError:
        have = ""
    if have == text:
        return 0
    sys.stdout.writelines(difflib.unified_diff(have.splitlines(True), text.splitlines(True),
                                               path, "what it should be"))
    print("run “ninja clauses” in the build folder")
    return 1


if __name__ == "__main__":
    sys.exit(main())
