#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Records the samples anew, with programs that nobody here wrote.

usage: unshare -n -m samples/make/make.py ROUNDTRIP [NAME...]

It needs root, dumpcap, nginx, curl, Chromium and mitmdump. In namespaces of its own nothing else is on
the loopback interface, ports 80 and up are free, and the names of the hosts are ours. What is found in a sample is the same each
time; times and ports are not.
"""
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
SAMPLES = HERE.parent
ROUNDTRIP = sys.argv[1]
HOSTS = ("shop.test", "api.test", "news.test")
RESOLVE = [word for host in HOSTS for word in ("--resolve", f"{host}:80:127.0.0.1")]

NGINX = """
daemon off; worker_processes 1; pid {folder}/nginx.pid; error_log {folder}/error.log; user root;
events {{ worker_connections 64; }}
http {{
  access_log off; include /etc/nginx/mime.types; gzip on; gzip_types text/css text/javascript;
  gzip_min_length 200; server_tokens off;
  # Vary is set below: gzip_vary leaves it out of a 304.
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/f;
  uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
  server {{
    listen 127.0.0.1:80; root {folder}/site;
    location / {{ add_header Cache-Control no-cache; add_header Vary Accept-Encoding; }}
    location /assets/ {{
      add_header Cache-Control "max-age=31536000, immutable"; add_header Vary Accept-Encoding;
    }}
    location /gateway/ {{ proxy_pass http://127.0.0.1:9/; proxy_connect_timeout 1s; }}
    location /silent/ {{ proxy_pass http://127.0.0.1:8080/order; proxy_read_timeout 1s; }}
  }}
}}
"""


class Running:
    """A program that runs as long as the block does."""

    def __init__(self, *command, ready=None, stop=signal.SIGTERM, stderr=subprocess.DEVNULL):
        self.command, self.ready, self.stop, self.stderr = command, ready, stop, stderr

    def __enter__(self):
        self.process = subprocess.Popen(self.command, stdout=subprocess.PIPE, stderr=self.stderr,
                                        text=True)
        if self.ready == "stdout":
            self.process.stdout.readline()
        elif self.ready == "stderr":
            while "File:" not in self.process.stderr.readline():
                pass
        elif self.ready:
            wait_for_port(self.ready)
        return self

    def __exit__(self, *_):
        self.process.send_signal(self.stop)
        self.process.communicate()


def wait_for_port(port):
    import socket
    for _ in range(200):
        try:
            socket.create_connection(("127.0.0.1", port)).close()
            return
        except OSError:
            time.sleep(0.05)
    sys.exit(f"nobody listens on port {port}")


def origin(port=80):
    return Running(sys.executable, str(HERE / "origin.py"), str(port), ready="stdout")


def nginx(folder):
    site = pathlib.Path(folder) / "site" / "assets"
    site.mkdir(parents=True)
    (site.parent / "index.html").write_text(
        "<!doctype html><html lang=en><title>Roundtrip</title><link rel=icon href=data:,>\n"
        "<link rel=stylesheet href=/assets/style.css><script src=/assets/page.js defer></script>\n"
        "<h1>A page that is in order</h1><img alt='a dot' src=/assets/dot.svg>\n")
    (site / "style.css").write_text("".join(f".c{i} {{ color: #333 }}\n" for i in range(60)))
    (site / "page.js").write_text("document.title += '!';\n" + "// padding\n" * 40)
    (site / "dot.svg").write_text(
        "<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'><circle cx='4' cy='4' r='4'/></svg>\n")
    config = pathlib.Path(folder) / "nginx.conf"
    config.write_text(NGINX.format(folder=folder))
    return Running("nginx", "-c", str(config), ready=80)


def capture(path):
    return Running("dumpcap", "-q", "-P", "-i", "lo", "-f", "tcp port 80", "-w", str(path),
                   ready="stderr", stop=signal.SIGINT, stderr=subprocess.PIPE)


def curl(*words):
    subprocess.run(["curl", "-s", "-o", os.devnull, *RESOLVE, *words], check=False)


def chromium(*urls, proxy=None):
    names = ",".join([f"MAP {host} 127.0.0.1" for host in HOSTS] + ["MAP * ~NOTFOUND"])
    with tempfile.TemporaryDirectory() as profile:
        where = ([f"--proxy-server=127.0.0.1:{proxy}"] if proxy
                 else [f"--host-resolver-rules={names}"])
        for url in urls:
            subprocess.run(["chromium", "--headless", "--no-sandbox", "--disable-gpu",
                            "--no-first-run", "--disable-background-networking",
                            "--disable-component-update", "--disable-sync", "--no-pings",
                            "--disable-extensions", "--disable-default-apps",
                            "--disable-features=OptimizationHints,MediaRouter,Translate",
                            f"--user-data-dir={profile}", *where, "--timeout=4000",
                            "--virtual-time-budget=4000", "--dump-dom", url],
                           stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=60,
                           check=False)


def settle():
    time.sleep(0.3)


# The samples

def clean_curl(path, folder):
    with nginx(folder), capture(path):
        curl("-D", f"{folder}/head", "--compressed", "http://shop.test/")
        tag = next(line.split(":", 1)[1].strip() for line in open(f"{folder}/head")
                   if line.lower().startswith("etag"))
        curl("-H", f"If-None-Match: {tag}", "--compressed", "http://shop.test/")
        curl("-I", "http://shop.test/assets/dot.svg")
        curl("-r", "0-9", "http://shop.test/assets/style.css")
        curl("http://shop.test/nothing-here")
        settle()


def clean_page(path, folder):
    with nginx(folder), capture(path):
        chromium("http://shop.test/")
        settle()


def cache_misses(path, folder):
    with origin(), capture(path):
        for target in ("price", "price", "news", "news", "motd", "motd"):
            curl(f"http://shop.test/{target}")
        curl("-H", 'If-None-Match: "n1"', "http://shop.test/news")
        curl("-H", "Accept-Language: en", "http://shop.test/greeting")
        curl("-H", "Accept-Language: de", "http://shop.test/greeting")
        settle()


def cors_blocked(path, folder):
    with origin(), capture(path):
        chromium("http://shop.test/cross")
        settle()


def lost_update(path, folder):
    with origin(), capture(path):
        curl("http://shop.test/document", "--next", *RESOLVE, "-s", "-o", os.devnull, "-X", "PUT",
             "-H", "Content-Type: text/plain", "-d", "mine", "http://shop.test/document")
        settle()


def redirects(path, folder):
    with origin(), capture(path):
        curl("-L", "-d", "name=ann", "http://shop.test/form")
        curl("-L", "--max-redirs", "5", "http://shop.test/left")
        settle()


def repeated_order(path, folder):
    with origin(), capture(path):
        curl("-m", "1", "--retry", "1", "--retry-delay", "1", "-H",
             "Content-Type: application/json", "-d", '{"item": 1}', "http://shop.test/order")
        settle()


def gateway_errors(path, folder):
    with origin(8080), nginx(folder), capture(path):
        curl("http://shop.test/gateway/")
        curl("-H", "Content-Type: application/json", "-d", "{}", "http://shop.test/silent/")
        settle()


def faulty_answers(path, folder):
    with origin(), capture(path):
        for target in ("bad-etag", "no-challenge", "no-allow", "two-dates", "two-framings",
                       "unasked-part"):
            curl(f"http://shop.test/{target}")
        settle()


def har(path, folder, port=8088):
    return Running("mitmdump", "-q", "-p", str(port), "-s", str(HERE / "har.py"), "--set",
                   f"har={path}", "--set", f"confdir={folder}",
                   "--set", "onboarding=false", ready=port, stop=signal.SIGINT)


def login_har(path, folder):
    with origin(), har(path, folder):
        curl("-x", "http://127.0.0.1:8088", "-L", "-d", "user=ann", "http://shop.test/login")
        curl("-x", "http://127.0.0.1:8088", "-u", "ann:secret", "http://shop.test/account")
        settle()


def long_page_har(path, folder):
    with origin(), har(path, folder):
        chromium("http://shop.test/long", proxy=8088)
        settle()


def name_hosts():
    """mitmdump asks the system for names: in this mount namespace they are ours."""
    with tempfile.NamedTemporaryFile("w", delete=False) as file:
        file.write("".join(f"127.0.0.1 {host}\n" for host in HOSTS))
    subprocess.run(["mount", "--bind", file.name, "/etc/hosts"], check=True)


def served_session(path, folder):
    path.unlink(missing_ok=True)
    with Running(ROUNDTRIP, "serve", "cors", "--port", "8100", "--record", str(path), ready=8103,
                 stop=signal.SIGINT):
        curl("--connect-to", "shop.test:80:127.0.0.1:8100", "http://shop.test/")
        curl("--connect-to", "api.test:80:127.0.0.1:8103", "-H", "Origin: http://shop.test",
             "http://api.test/stock")
        settle()


MAKERS = {
    "clean-curl.pcap": clean_curl,
    "clean-page.pcap": clean_page,
    "cache-misses.pcap": cache_misses,
    "cors-blocked.pcap": cors_blocked,
    "lost-update.pcap": lost_update,
    "redirects.pcap": redirects,
    "repeated-order.pcap": repeated_order,
    "gateway-errors.pcap": gateway_errors,
    "faulty-answers.pcap": faulty_answers,
    "login.har": login_har,
    "long-page.har": long_page_har,
    "served.roundtrip": served_session,
}

subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
name_hosts()
for name in sys.argv[2:] or MAKERS:
    work = tempfile.mkdtemp()
    MAKERS[name](SAMPLES / name, work)
    shutil.rmtree(work)
    os.chmod(SAMPLES / name, 0o644)
    print(name, (SAMPLES / name).stat().st_size)
