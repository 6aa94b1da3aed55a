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
# A whole program that skips itself says why on its plan.
SKIPPED_PLAN = re.compile(r"^1\.\.0\s*(# SKIP.*)$", re.IGNORECASE)
# What a skip's text must name, and the option that makes such a skip a failure.
SKIPS = {"vectors": "vectors", "peers": "peers"}
GOOD = ("OK", "EXPECTEDFAIL", "SKIP")


def programs(paths):
    """Yields meson's records; a log that is missing or torn is a record of its own that failed."""
    for path in paths:
        try:
            with open(path, encoding="utf-8", errors="replace") as log:
                for line in log:
                    yield json.loads(line)
        except OSError as error:
            yield {"name": f"{path}: {error.strerror}", "result": "ERROR"}
        except ValueError:
            yield {"name": f"{path}: the log breaks off", "result": "ERROR"}


def matches(pattern, program):
    return [match for match in map(pattern.match, (program.get("stdout") or "").splitlines()) if match]


def has(match, directive):
    return directive in match.group(2).upper()


def count(program):
    """Returns passed, failed, skipped and the texts of the skips."""
    lines = matches(TAP, program)
    bad_end = program["result"] not in GOOD
    if not lines:
        skipped = program["result"] == "SKIP"
        plan = "".join(": " + match.group(1) for match in matches(SKIPPED_PLAN, program))
        return int(not bad_end and not skipped), int(bad_end), int(skipped), [program["name"] + plan] * skipped
    skips = [program["name"] + ":" + match.group(2) for match in lines if has(match, "# SKIP")]
    failed = sum(1 for match in lines if match.group(1) and not has(match, "# SKIP") and not has(match, "# TODO"))
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
