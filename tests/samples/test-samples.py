#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is found in each sample is exactly what its NAME.expect says.

usage: test-samples.py ROUNDTRIP SAMPLES [--write]

--write writes the expectations anew: look at the difference before you believe them.
"""
import json
import pathlib
import re
import subprocess
import sys

program, folder = sys.argv[1], pathlib.Path(sys.argv[2])
write = "--write" in sys.argv[3:]


def call(*words):
    return subprocess.run([program, *words], capture_output=True, text=True, check=False)


def found_in(sample):
    """A line a finding: exchange, severity, name, clause, bytes."""
    run = call("inspect", str(sample), "--findings", "--json")
    if run.returncode != 0 or run.stderr:
        return f"exit status {run.returncode}\n{run.stderr}"
    return "".join(
        "{exchange}  {severity}  {name}  {reference}  {bytes}\n".format(
            **{"reference": "-", "bytes": "-", **{k: v for k, v in one.items() if v is not None}})
        for one in json.loads(run.stdout)["findings"])


def expectation(sample):
    return sample.with_name(sample.name + ".expect")


def tell(number, good, name, want="", found=""):
    print(f"{'ok' if good else 'not ok'} {number} - {name}")
    for side, text in (("expected", want), ("found", found)):
        for line in [] if good else text.splitlines() or ["(nothing)"]:
            print(f"# {side}: {line}")


listed = re.findall(r"^- `([^`]+)`: \S", (folder / "README.md").read_text("utf-8"), re.M)
there = sorted(path.name for path in folder.iterdir()
               if path.suffix in (".pcap", ".pcapng", ".har", ".roundtrip"))
print(f"1..{1 + len(there)}")
tell(1, sorted(listed) == there, "the list has every sample", str(there), str(sorted(listed)))
for number, name in enumerate(there, 2):
    sample = folder / name
    found = found_in(sample)
    if write:
        expectation(sample).write_text(found, "utf-8")
    want = expectation(sample).read_text("utf-8") if expectation(sample).exists() else "no file\n"
    tell(number, found == want,
         f"{name}: {'nothing is' if not want else 'just what is expected is'} found", want, found)
