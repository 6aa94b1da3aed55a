#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What count.py makes of logs: whole ones, crashed ones, skipped ones."""

import json
import os
import subprocess
import sys
import tempfile

COUNT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "count.py")


def record(result, stdout=None, name="roundtrip:core / time"):
    return json.dumps({"name": name, "result": result, "stdout": stdout})


VECTORS = "1..0 # SKIP no vectors: -Dvectors=FOLDER\n"

# name, the log's lines, options, last line, exit status, a line that must be there
ROWS = [
    ("all is well", [record("OK", "1..2\nok 1 - a\nok 2 - b\n# ok - group\n")], [], "2 passed, 0 failed, 0 skipped", 0, ""),
    ("one test failed", [record("FAIL", "1..2\nok 1 - a\nnot ok 2 - b\n")], [], "1 passed, 1 failed, 0 skipped", 1,
     "failed: roundtrip:core / time (fail)"),
    ("a crash after two good tests", [record("ERROR", "1..5\nok 1 - a\nok 2 - b\n")], [], "2 passed, 1 failed, 0 skipped", 1,
     "failed: roundtrip:core / time (error)"),
    ("a leak after all tests were good", [record("ERROR", "1..1\nok 1 - a\n")], [], "1 passed, 1 failed, 0 skipped", 1, ""),
    ("a crash before the first line", [record("ERROR", "")], [], "0 passed, 1 failed, 0 skipped", 1, ""),
    ("a crash within a line", [record("ERROR", "1..3\nok 1 - a\no")], [], "1 passed, 1 failed, 0 skipped", 1, ""),
    ("a time-out", [record("TIMEOUT", "1..3\nok 1 - a\n")], [], "1 passed, 1 failed, 0 skipped", 1,
     "failed: roundtrip:core / time (timeout)"),
    ("an interrupt", [record("INTERRUPT", None)], [], "0 passed, 1 failed, 0 skipped", 1, ""),
    ("a result that nobody knows", [record("RUNNING", None)], [], "0 passed, 1 failed, 0 skipped", 1, ""),
    ("a program without TAP", [record("OK", "no error\n")], [], "1 passed, 0 failed, 0 skipped", 0, ""),
    ("a program without TAP that failed", [record("FAIL", "an error\n")], [], "0 passed, 1 failed, 0 skipped", 1, ""),
    ("a program that passed against what was expected", [record("UNEXPECTEDPASS", "")], [], "0 passed, 1 failed, 0 skipped", 1, ""),
    ("what is still to do may fail", [record("OK", "1..2\nok 1 - a\nnot ok 2 - b # TODO later\n")], [],
     "2 passed, 0 failed, 0 skipped", 0, ""),
    ("words that only begin with ok", [record("OK", "1..1\nokay\nok 1 - a\n")], [], "1 passed, 0 failed, 0 skipped", 0, ""),
    ("a skip for want of vectors", [record("OK", "ok 1 - a\n"), record("SKIP", VECTORS)], [],
     "1 passed, 0 failed, 1 skipped", 0, ""),
    ("a skip for want of vectors that were given", [record("OK", "ok 1 - a\n"), record("SKIP", VECTORS)], ["--vectors", "/v"],
     "1 passed, 1 failed, 0 skipped", 1, "unexpected skip: roundtrip:core / time: # SKIP no vectors"),
    ("a skip for want of peers", [record("OK", "ok 1 - a\nok 2 # SKIP peers: no Chromium\n")], ["--peers", "false"],
     "1 passed, 0 failed, 1 skipped", 0, ""),
    ("a skip for want of peers that were asked for", [record("OK", "ok 1 - a\nok 2 # SKIP peers: no Chromium\n")],
     ["--peers", "true"], "1 passed, 1 failed, 0 skipped", 1, "unexpected skip"),
    ("a skip that nobody knows of, as cmocka writes it", [record("OK", "ok 1 - a\nnot ok 2 # SKIP b\n")], [],
     "1 passed, 1 failed, 0 skipped", 1, "unexpected skip: roundtrip:core / time: 2 # SKIP b"),
    ("a program that skips itself without a reason", [record("OK", "ok 1 - a\n"), record("SKIP", "")], [],
     "1 passed, 1 failed, 0 skipped", 1, "unexpected skip: roundtrip:core / time"),
    ("nothing but skips", [record("SKIP", VECTORS)], [], "0 passed, 0 failed, 1 skipped", 1, ""),
    ("an empty log", [], [], "0 passed, 0 failed, 0 skipped", 1, ""),
    ("a log that breaks off", [record("OK", "ok 1 - a\n"), '{"name": "x", "resu'], [], "1 passed, 1 failed, 0 skipped", 1,
     "the log breaks off"),
    ("the runner failed and no test did", [record("OK", "ok 1 - a\n")], ["--status", "125"], "1 passed, 1 failed, 0 skipped", 1,
     "the test runner itself failed"),
    ("the runner failed since a test did", [record("FAIL", "not ok 1 - a\n")], ["--status", "1"], "0 passed, 1 failed, 0 skipped",
     1, ""),
]


def run(options, *logs):
    return subprocess.run([sys.executable, COUNT, *options, *logs], capture_output=True, text=True, check=False)


def problem(result, last, status, line):
    """Returns what is wrong, or nothing."""
    lines = result.stdout.splitlines() or [""]
    if result.stderr:
        return result.stderr
    if lines[-1] != last or result.returncode != status:
        return f"{lines[-1]!r}, status {result.returncode}"
    return "" if line in result.stdout else f"{line!r} is not in {result.stdout!r}"


def main():
    failed = 0
    number = 0
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "testlog.json")
        answers = []
        for name, log, options, last, status, line in ROWS:
            with open(path, "w", encoding="utf-8") as out:
                out.write("\n".join(log))
            answers.append((name, problem(run(options, path), last, status, line)))
        gone = run([], path + ".gone")
        answers.append(("no log", problem(gone, "0 passed, 1 failed, 0 skipped", 1, "No such file")))
        both = run([], path, path)
        answers.append(("two logs", problem(both, "0 passed, 2 failed, 0 skipped", 1, "")))
    print(f"1..{len(answers)}")
    for number, (name, wrong) in enumerate(answers, 1):
        print(f"{'not ' if wrong else ''}ok {number} - {name}")
        if wrong:
            print("# " + wrong.replace("\n", "\n# "))
        failed += bool(wrong)
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main())
