#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Our gateway beside an nginx reverse proxy, both before the same nginx, on loopback.

Prints requests a second at 1 KB with 16 connections, in turn so that a drift of the machine hits
all, and how the gateway's memory moves over a million exchanges. The same for a gateway that
records, with what it takes on the disk, and its throughput at 100 KB.

usage: bench-gateway.py PROGRAM
"""

import random
import re
import shutil
import socket
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROUNDS = 3
SECONDS = 4
EXCHANGES = 1_000_000

NGINX = """
worker_processes 1; daemon off; pid {dir}/nginx.pid; error_log {dir}/error.log;
events {{ worker_connections 1024; }}
http {{
  access_log off; keepalive_requests 100000000;
  client_body_temp_path {dir}/b; proxy_temp_path {dir}/p; fastcgi_temp_path {dir}/f;
  uwsgi_temp_path {dir}/u; scgi_temp_path {dir}/s;
  {body}
}}
"""
ORIGIN = "server {{ listen 127.0.0.1:{port}; location / {{ root {dir}/www; }} }}"
PROXY = """
  upstream origin {{ server 127.0.0.1:{upstream}; keepalive 64; keepalive_requests 100000000; }}
  server {{ listen 127.0.0.1:{port}; location / {{
    proxy_pass http://origin; proxy_http_version 1.1; proxy_set_header Connection ""; }} }}
"""


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(port):
    for _ in range(100):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.05)
    sys.exit(f"nobody listens on port {port}")


def start_nginx(folder, body):
    folder.mkdir()
    (folder / "nginx.conf").write_text(NGINX.format(dir=folder, body=body))
    return subprocess.Popen(["nginx", "-c", str(folder / "nginx.conf")], stderr=subprocess.DEVNULL)


def wrk(port, seconds, file="kilobyte"):
    out = subprocess.run(
        ["wrk", "-c16", "-t1", f"-d{seconds}", f"http://127.0.0.1:{port}/{file}"],
        capture_output=True, text=True, check=True).stdout
    bad = re.search(r"Non-2xx or 3xx responses: (\d+)|Socket errors: .*", out)
    if bad:
        sys.exit(f"wrk: {bad.group(0)}")
    return float(re.search(r"Requests/sec:\s+([\d.]+)", out)[1])


def resident(process):
    status = Path(f"/proc/{process.pid}/status").read_text()
    return int(re.search(r"VmRSS:\s+(\d+)", status)[1])


def start_gateway(program, port, upstream, *options):
    return subprocess.Popen([program, "gateway", "--listen", f"127.0.0.1:{port}", "--upstream",
                             f"127.0.0.1:{upstream}", *options], stdout=subprocess.DEVNULL)


def stop(process):
    process.terminate()
    process.wait()


def query(path, sql):
    with sqlite3.connect(path) as session:
        return session.execute(sql).fetchone()


def measure_recording(program, folder, origin, proxy):
    """A gateway that records, for each size of content in a session of its own."""
    for file, size in ("kilobyte", 1024), ("hundred", 100_000):
        port, path = free_port(), folder / f"{file}.roundtrip"
        gateway = start_gateway(program, port, origin, "--record", str(path))
        try:
            wait_for(port)
            pairs = [(wrk(proxy, SECONDS, file), wrk(port, SECONDS, file)) for _ in range(ROUNDS)]
            memory = resident(gateway)
        finally:
            stop(gateway)
        ours = statistics.median(g for _, g in pairs)
        n, whole = query(path, "select count(*), count(status) from exchange")
        disk = sum(f.stat().st_size for f in folder.glob(f"{file}.roundtrip*"))
        print(f"recorded, {size:,} bytes, 16 connections: {ours:,.0f}/s, "
              f"{ours * size / 1e6:,.0f} MB/s, "
              f"ratio {statistics.median(g / p for p, g in pairs):.2f} (at least 0.3, aim 0.5 at "
              f"1 KB; at least 500 MB/s at 100 KB), {n:,} exchanges in the file, {whole:,} answered, "
              f"{disk / max(n, 1):,.0f} bytes on disk each, {memory:,} KiB of memory")


def measure_memory(program, folder, origin):
    """The memory of a gateway that records, at tenths of a million exchanges and more."""
    port, path = free_port(), folder / "million.roundtrip"
    gateway = start_gateway(program, port, origin, "--record", str(path))
    told, n = [], 0
    try:
        wait_for(port)
        while n < EXCHANGES:
            wrk(port, 1)
            n = query(path, "select coalesce(max(number), 0) from exchange")[0]
            told.append((n, resident(gateway)))
    finally:
        stop(gateway)
    n = query(path, "select count(*) from exchange")[0]
    marks = [min(told, key=lambda at, part=part: abs(at[0] - n * part)) for part in (0.1, 0.5, 1)]
    print(f"memory of a gateway that records: "
          + ", ".join(f"{kib:,} KiB at {at:,}" for at, kib in marks) + " exchanges")
    growth = marks[-1][1] / marks[0][1]
    print(f"figure: gateway that records, memory over {n:,} exchanges: {growth:.2f} × what it was at "
          f"a tenth; at most 1.2: {'kept' if growth <= 1.2 else 'missed'}")


def measure(program, folder):
    www = folder / "www"
    www.mkdir()
    folder.chmod(0o755)
    (www / "kilobyte").write_bytes(b"x" * 1024)
    (www / "hundred").write_bytes(random.Random(1).randbytes(100_000))
    origin, proxy, gateway = free_port(), free_port(), free_port()
    processes = [
        start_nginx(folder / "origin", ORIGIN.format(port=origin, dir=folder)),
        start_nginx(folder / "proxy", PROXY.format(port=proxy, upstream=origin)),
        start_gateway(program, gateway, origin),
    ]
    try:
        for port in (origin, proxy, gateway):
            wait_for(port)
        pairs = [(wrk(proxy, SECONDS), wrk(gateway, SECONDS)) for _ in range(ROUNDS)]
        theirs = statistics.median(p for p, _ in pairs)
        ours = statistics.median(g for _, g in pairs)
        ratio = statistics.median(g / p for p, g in pairs)
        print(f"1 KB, 16 connections: nginx→nginx {theirs:,.0f}/s, roundtrip→nginx {ours:,.0f}/s, "
              f"ratio {ratio:.2f}")
        print(f"figure: gateway beside nginx, 1 KB, 16 connections: {ratio:.2f} of its requests; "
              f"at least 0.3, aim 0.5: {'kept' if ratio >= 0.3 else 'missed'}")
        before = resident(processes[2])
        wrk(gateway, max(1, round(EXCHANGES / ours)))
        after = resident(processes[2])
        measure_recording(program, folder, origin, proxy)
        measure_memory(program, folder, origin)
        print(f"memory over {EXCHANGES:,} exchanges: {before:,} KiB before, {after:,} KiB after")
        print(f"figure: gateway, memory over {EXCHANGES:,} exchanges: {after / before:.2f} × what it was; "
              f"at most 1.2: {'kept' if after <= before * 1.2 else 'missed'}")
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            process.wait()


def main():
    missing = [name for name in ("wrk", "nginx") if shutil.which(name) is None]
    if missing:
        print(f"not measured: {', '.join(missing)} is missing")
        return 77
    with tempfile.TemporaryDirectory() as folder:
        measure(sys.argv[1], Path(folder))
    return 0


if __name__ == "__main__":
    sys.exit(main())
