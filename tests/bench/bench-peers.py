#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Finds the same exchanges in the same traffic with this program and with others.

Usage: bench-peers.py ROUNDTRIP [EXCHANGES]

The traffic is written as a HAR, made a session and a capture by `roundtrip convert`, and each tool
is asked for the answers with status 404 and for a word in a body. What is not installed is left
out. Each figure is the best of two runs, with the start of the program in it; memory is the peak
of its process. mitmproxy 8 reads no HAR: it gets flows of its own kind, and a tenth of them, for it
takes so long."""

import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time

WORD = "Stilton"
WORD_EVERY = 1000
STATUS_EVERY = 50
FLOWS_PART = 10


def write_har(path, n):
    body = "the quick brown fox jumps over a lazy dog, " * 31
    with open(path, "w", encoding="utf-8") as har:
        har.write('{"log": {"version": "1.2", "creator": {"name": "bench", "version": "1"}, "entries": [')
        for i in range(1, n + 1):
            missing = i % STATUS_EVERY == 0
            text = f'{{"id": {i:07}, "text": "{body}{WORD if i % WORD_EVERY == 0 else ""}"}}'
            entry = {
                "startedDateTime": f"2026-01-01T{i // 3600000:02}:{i // 60000 % 60:02}:{i // 1000 % 60:02}.{i % 1000:03}Z",
                "time": 1,
                "request": {
                    "method": "GET", "url": f"http://api.test/item/{i}", "httpVersion": "HTTP/1.1",
                    "headers": [{"name": "Host", "value": "api.test"}], "queryString": [],
                    "cookies": [], "headersSize": -1, "bodySize": 0,
                },
                "response": {
                    "status": 404 if missing else 200, "statusText": "Not Found" if missing else "OK",
                    "httpVersion": "HTTP/1.1", "cookies": [], "redirectURL": "",
                    "headers": [{"name": "Content-Type", "value": "application/json"},
                                {"name": "Content-Length", "value": str(len(text))}],
                    "content": {"size": len(text), "mimeType": "application/json", "text": text},
                    "headersSize": -1, "bodySize": len(text),
                },
                "cache": {}, "timings": {"send": 0, "wait": 1, "receive": 0},
                "connection": str(i % 16 + 1),
            }
            har.write(("," if i > 1 else "") + json.dumps(entry))
        har.write("]}}")


def run(command):
    """Seconds, MiB at most, standard output."""
    start = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    out = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return time.monotonic() - start, usage.ru_maxrss / 1024, out


def measure(name, what, command, count):
    best = min((run(command) for _ in range(2)), key=lambda result: result[0])
    print(f"peers: {name:10} {what:12} {best[0]:8.2f} s {best[1]:7.0f} MiB  {count(best[2])} found")


def lines(out):
    return sum(1 for line in out.splitlines() if line.strip())


def numbers(out):
    return out.decode().strip() or "nothing"


def listed(out):
    return out.decode().splitlines()[-1].split()[0] if out else "nothing"


def flows(out):
    return sum(1 for line in out.splitlines() if b" << " in line)


NODE = """
const log = JSON.parse(require('fs').readFileSync(process.argv[1])).log;
console.log(log.entries.filter(e => %s).length);
"""


def ask_all(folder, roundtrip):
    session, har, capture = (os.path.join(folder, "bench." + end)
                             for end in ("roundtrip", "har", "pcapng"))
    measure("roundtrip", "status 404", [roundtrip, "inspect", session, "--filter", "status-code:404"], listed)
    measure("roundtrip", "word", [roundtrip, "inspect", session, "--filter", "body:" + WORD], listed)
    if shutil.which("jq"):
        measure("jq", "status 404", ["jq", "[.log.entries[]|select(.response.status==404)]|length", har], numbers)
        measure("jq", "word", ["jq", f'[.log.entries[]|select(.response.content.text|contains("{WORD}"))]|length', har], numbers)
    if shutil.which("node"):
        measure("node", "status 404", ["node", "-e", NODE % "e.response.status == 404", har], numbers)
        measure("node", "word", ["node", "-e", NODE % f"e.response.content.text.includes('{WORD}')", har], numbers)
    if shutil.which("tshark") and os.path.exists(capture):
        measure("tshark", "status 404", ["tshark", "-r", capture, "-Y", "http.response.code == 404"], lines)
        measure("tshark", "word", ["tshark", "-r", capture, "-Y", f'http.file_data contains "{WORD}"'], lines)


def ask_mitmproxy(folder, n):
    if not shutil.which("mitmdump"):
        return
    har, stored = (os.path.join(folder, name) for name in ("part.har", "part.flows"))
    write_har(har, n)
    addon = os.path.join(os.path.dirname(os.path.abspath(__file__)), "mitmproxy-flows.py")
    run(["mitmdump", "-n", "-s", addon, "--set", "har=" + har, "--set", "flows=" + stored])
    if not os.path.exists(stored):
        print("peers: this mitmproxy writes no flows")
        return
    command = ["mitmdump", "-n", "-r", stored, "--set", "flow_detail=1"]
    print(f"peers: mitmproxy has {n} of them")
    measure("mitmproxy", "status 404", command + ["~c 404"], flows)
    measure("mitmproxy", "word", command + ["~bs " + WORD], flows)


def main():
    roundtrip = sys.argv[1]
    n = int(sys.argv[2]) if len(sys.argv) > 2 else 20000
    with tempfile.TemporaryDirectory(prefix="roundtrip-bench-") as folder:
        har = os.path.join(folder, "bench.har")
        write_har(har, n)
        for end in ("roundtrip", "pcapng"):
            out = os.path.join(folder, "bench." + end)
            took, memory, _ = run([roundtrip, "convert", har, out])
            if not os.path.exists(out):
                print(f"peers: there is no way from HAR to {end} here")
                if end == "roundtrip":
                    return
            else:
                print(f"peers: {n} exchanges from HAR ({os.path.getsize(har) / 1e6:.0f} MB) to {end} "
                      f"in {took:.2f} s, {memory:.0f} MiB")
        ask_all(folder, roundtrip)
        ask_mitmproxy(folder, max(1, n // FLOWS_PART))


if __name__ == "__main__":
    main()
