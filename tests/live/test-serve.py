# SPDX-License-Identifier: GPL-3.0-or-later
#
# curl against served lessons, and a server of a learner's own: what they do is what our own parties
# do, and what they are told is true.
import os, re, signal, socket, subprocess, sys, time

from served import PATIENCE, PROGRAM, Curl, Failure, Served, compare, expect, run

API = "http://api.shop.test"
WWW = "http://www.shop.test"
FORM = {"method": "POST", "body": "item=tea"}


def redirects(name, path):
    # Our browser takes a redirection elsewhere for what a script may not read.
    sent = compare("redirected-post", name, [("open", API + path, FORM)], Curl,
                   results=name != "to another host")[0]
    expect(len(sent) >= 1, True, "something was sent")


def cookies(name, paths):
    compare("cookies", name, [("open", path if "://" in path else WWW + path, {}) for path in paths],
            Curl)


def steps_are_met():
    """The printed line, as it is, takes the step; the checks behind it hold."""
    with Served("lost-update") as served:
        line = next(one.strip() for one in served.lines if one.startswith("  curl -i"))
        served.wait_for("awaited   GET /doc/1 at api.shop.test")
        subprocess.run(line, shell=True, check=True, stdout=subprocess.DEVNULL,
                       stderr=subprocess.DEVNULL)
        served.wait_for("step      ann → api.shop.test: GET /doc/1")
        served.wait_for("exchange  1: GET /doc/1 at api.shop.test: 200")
    expect(any("1 exchanges; 1 of " in one for one in served.lines), True, "the summary")
    expect([one.line for one in served.exchanges], ["GET /doc/1 at api.shop.test"], "the record")


def a_timeout_names_it():
    with Served("lost-update", "--timeout", "1") as served:
        served.wait_for("TOO LATE  GET /doc/1 at api.shop.test was awaited")


def others_are_logged():
    with Served("lost-update") as served:
        Curl(served).open(API + "/elsewhere")
        served.wait_for("exchange  1: GET /elsewhere at api.shop.test: 404")
        served.wait_for("awaited   GET /doc/1")


def tls_with_the_authority():
    with Served("lost-update", "--tls") as served:
        answer = Curl(served).open("https://api.shop.test/doc/1")
        expect(answer[:3], "200", "status over TLS")
        expect(os.path.exists(served.authority), True, "the certificate's file is there")
    expect(os.path.exists(served.authority), False, "the certificate's file is left behind")


def signals_while_it_ends():
    """What was recorded is finished, whoever presses Ctrl-C how often."""
    with Served("lost-update") as served:
        Curl(served).open(API + "/doc/1")
        while served.process.poll() is None:
            served.process.send_signal(signal.SIGTERM)
            time.sleep(0.001)


def the_challenge_from_outside():
    """curl passes every probe of the challenge against the reference solution."""
    solution = os.path.join(os.environ["ROUNDTRIP_LESSONS"], "solutions",
                            "17-redirected-post.yaml")
    with Served("redirected-post", "--origin", solution) as served:
        curl = Curl(served)
        line = ["curl", "-s", "-L", "-o", os.devnull, "-H", "Content-Type: application/json",
                *served.connect_to()]
        for item, quantity in ("tea", 3), ("coffee", 1), ("water", 12):
            body = '{"item":"%s","quantity":%d}' % (item, quantity)
            subprocess.run([*line, "--data-raw", body, API + "/orders"], check=True)
        for text in "Opening hours: 8-17", "Closed for good":
            curl.open(API + "/doc/1", "PUT", text)
        for item in "tea", "coffee":
            curl.open(API + "/checkout", "POST", "item=" + item)
        for price in "3.20", "4.10":
            curl.open(API + "/prices", "POST", '{"tea":%s}' % price)
        for path in "/orders", "/doc/1", "/prices":
            curl.open(API + path)
        for item in "tea", "coffee":
            curl.open(API + "/v2/orders", "POST", '{"item":"%s"}' % item)
        served.wait_for("passed    the challenge")


def probes_that_capture():
    """What is known of a probe's steps before its answers are is enough to await it."""
    solution = os.path.join(os.environ["ROUNDTRIP_LESSONS"], "solutions", "11-lost-update.yaml")
    with Served("lost-update", "--origin", solution) as served:
        served.wait_for("curl -i -X 'DELETE' -H 'If-Match: {{version}}'")
    expect([one for one in served.lines if one.startswith("--")], [], "probes that are left out")
    expect(any("0 of 15 probes" in one for one in served.lines), True, "the summary")


def a_port_in_use():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = subprocess.run([PROGRAM, "serve", "lost-update", "--port", str(port)],
                              stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, timeout=PATIENCE)
    expect(done.returncode, 1, "exit status")
    expect("127.0.0.1:%d cannot be listened on" % port in done.stderr.decode(), True,
           "the port is named in: " + done.stderr.decode())


class Shop:
    def __init__(self, how):
        here = os.path.dirname(os.path.abspath(__file__))
        self.process = subprocess.Popen([sys.executable, os.path.join(here, "shop.py"), how],
                                        stdout=subprocess.PIPE)
        self.origin = "api.shop.test=http://127.0.0.1:%d" % int(self.process.stdout.readline())

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait(PATIENCE)


def check(shop):
    done = subprocess.run([PROGRAM, "check", "lost-update", "--origin", shop.origin],
                          stdout=subprocess.PIPE, timeout=PATIENCE)
    return done.returncode, done.stdout.decode()


def a_right_server_passes():
    with Shop("right") as shop:
        status, out = check(shop)
    expect((status, "FAILED" in out), (0, False), "the verdict:\n" + out)
    expect("not on this driver: state api.shop.test" in out, True, "what cannot be seen is said")


def a_wrong_server_fails():
    with Shop("wrong") as shop:
        status, out = check(shop)
    expect(status, 1, "the verdict:\n" + out)
    failed = re.search(r"FAILED  a change that names no version is refused \(1 of 3\), exchange (\d+)"
                       r"\n.*check failed: last response status == 428; it was 204"
                       r"\n +exchange (\d+): PUT /doc/1 → 204", out)
    expect(failed is not None and failed[1] == failed[2], True, "probe and exchange in:\n" + out)


def a_served_server_is_recorded():
    with Shop("right") as shop, Served("lost-update", "--origin", shop.origin) as served:
        curl = Curl(served)
        expect(curl.open(API + "/doc/1", "PUT", "x")[:3], "428", "through the relay")
        served.wait_for("PUT /doc/1 at api.shop.test: 428")
    expect(any(one.server == "api.shop.test" for one in served.exchanges), True, "the record")


tests = [
    ("a POST through %s: curl does what our browser does" % name, "redirected-post", "curl",
     lambda name=name, path=path: redirects(name, path))
    for name, path in (("301", "/orders"), ("308", "/orders"), ("302 and 307", "/front"),
                       ("302 and 307", "/back"), ("answered with 303", "/checkout"),
                       ("to another host", "/orders"))
] + [
    ("cookies, %s: curl sends what our browser sends" % name, "cookies", "curl",
     lambda name=name, paths=paths: cookies(name, paths))
    for name, paths in (
        ("Domain", ["/plain", "/wide", "/hours", "http://shop.test/hours",
                    "http://blog.shop.test/hours", "http://myshop.test/hours"]),
        ("Path", ["/account", "/account/orders", "/accounting"]),
        ("Max-Age", ["/hour", "/plain", "/"]))
] + [
    ("a printed line takes the step that is awaited", "lost-update", "curl", steps_are_met),
    ("a step that nobody takes is named", "lost-update", "curl", a_timeout_names_it),
    ("what is not awaited is logged", "lost-update", "curl", others_are_logged),
    ("curl trusts the authority's certificate", "lost-update", "curl", tls_with_the_authority),
    ("signals that go on coming do no harm", "lost-update", "curl", signals_while_it_ends),
    ("curl passes the challenge", "redirected-post", "curl", the_challenge_from_outside),
    ("probes whose requests name what was captured are awaited", "lost-update", "curl",
     probes_that_capture),
    ("a port in use is named", "lost-update", "curl", a_port_in_use),
    ("a right server passes the probes", "lost-update", "own server", a_right_server_passes),
    ("a wrong server fails them, and the exchange is named", "lost-update", "own server",
     a_wrong_server_fails),
    ("a served server is recorded", "lost-update", "own server", a_served_server_is_recorded),
]
sys.exit(run(tests, ["curl"]))
