#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Counts single tests in meson's logs and closes with `N passed, N failed, N skipped`.

A TAP line is a test; a program that speaks no TAP is one. A program that ended badly without
saying which of its tests failed (a crash, a time-out, a leak) counts as one failed test more. A
skip is expected only where the reason for it was not asked for on this run; see SKIPS.
"""

import argparse
import json
import re
import sys

TAP = re.compile(r"^\s*(not )?ok\b(.*)$")
# What a skip's text must name, and the option that makes such a skip a failure.
SKIPS = {"vectors": "vectors", "peers": "peers"}


def programs(paths):
    for path in paths:
        with open(path, encoding="utf-8") as log:
            for line in log:
                yield json.loads(line)


def tap_lines(stdout):
    return [match for match in map(TAP.match, stdout.splitlines()) if match]


def count(program):
    """Returns passed, failed, skipped and the texts of the skips."""
    lines = tap_lines(program.get("stdout") or "")
    bad_end = program["result"] in ("FAIL", "ERROR", "TIMEOUT", "INTERRUPT", "UNEXPECTEDPASS")
    if not lines:
        skipped = program["result"] == "SKIP"
        return int(not bad_end and not skipped), int(bad_end), int(skipped), [program["name"]] * skipped
    skips = [program["name"] + ":" + m.group(2) for m in lines if "# SKIP" in m.group(2).upper()]
    failed = sum(1 for m in lines if m.group(1) and "# SKIP" not in m.group(2).upper())
    passed = len(lines) - failed - len(skips)
    return passed, max(failed, int(bad_end)), len(skips), skips


def unexpected(skips, asked):
    return [s for s in skips if not any(word in s and not asked[option] for word, option in SKIPS.items())]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--peers", choices=["true", "false"], default="false")
    parser.add_argument("--vectors", default="")
    parser.add_argument("--status", type=int, default=0)
    parser.add_argument("logs", nargs="+")
    options = parser.parse_args()

    passed = failed = skipped = 0
    skips = []
    for program in programs(options.logs):
        p, f, s, texts = count(program)
        passed, failed, skipped = passed + p, failed + f, skipped + s
        skips += texts
        if f:
            print(f"failed: {program['name']} ({program['result'].lower()})")
    wrong = unexpected(skips, {"peers": options.peers == "true", "vectors": options.vectors != ""})
    for text in wrong:
        print(f"unexpected skip: {text}")
    failed += len(wrong)
    skipped -= len(wrong)
    if options.status and not failed:
        print("the test runner itself failed")
        failed = 1
    print(f"{passed} passed, {failed} failed, {skipped} skipped")
    return int(failed > 0 or passed == 0)


if __name__ == "__main__":
    sys.exit(main())
