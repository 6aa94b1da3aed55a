# SPDX-License-Identifier: GPL-3.0-or-later
#
# What the tests with programs from outside share: a served lesson, the clients that come to it, and
# tests as TAP.
import json, os, queue, re, select, shutil, signal, subprocess, sys, tempfile, threading

PROGRAM = os.environ["ROUNDTRIP_PROGRAM"]
PATIENCE = 20  # seconds; a test that waits longer has failed


class Failure(Exception):
    pass


class Served:
    """`roundtrip serve LESSON`, until it is left; then `exchanges` is what was recorded."""

    def __init__(self, lesson, *options):
        self.folder = tempfile.mkdtemp()
        self.record = os.path.join(self.folder, "session.roundtrip")
        self.process = subprocess.Popen(
            [PROGRAM, "serve", lesson, "--port", "0", "--record", self.record, *options],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        # Somebody has to read all the time: a full pipe would hold the servers up.
        self.coming = queue.Queue()
        self.reader = threading.Thread(target=self.read_on)
        self.reader.start()
        self.lines, self.ways, self.exchanges = [], [], []
        self.authority = None

    def __enter__(self):
        line = ""
        while "Ctrl-C ends it" not in line:
            line = self.read_line()
            place = re.match(r"listening on 127.0.0.1:(\d+): (https?)://(\S+)", line)
            if place:
                port = 443 if place[2] == "https" else 80
                self.ways.append((place[3], port, int(place[1])))
            certificate = re.search(r"--cacert (\S+)", line)
            self.authority = certificate[1] if certificate else self.authority
        return self

    def read_on(self):
        for line in self.process.stdout:
            self.coming.put(line.decode().rstrip("\n"))
        self.coming.put(None)

    def read_line(self):
        try:
            line = self.coming.get(timeout=PATIENCE)
        except queue.Empty:
            raise Failure("serve says nothing more than\n" + "\n".join(self.lines[-30:]))
        if line is None:
            raise Failure("serve ended: " + self.process.stderr.read().decode())
        self.lines.append(line)
        return line

    def wait_for(self, text):
        while not any(text in line for line in self.lines):
            self.read_line()

    def connect_to(self):
        return [word for way in self.ways
                for word in ("--connect-to", "%s:%d:127.0.0.1:%d" % way)]

    def stop(self):
        self.process.send_signal(signal.SIGINT)
        self.process.wait(PATIENCE)
        self.reader.join(PATIENCE)
        while not self.coming.empty():
            self.lines.append(self.coming.get() or "")
        self.process.stdout.close()
        with self.process.stderr as err:
            return err.read().decode()

    def __exit__(self, kind, error, trace):
        trouble = self.stop() if self.process.returncode is None else ""
        if kind is None:
            expect(self.process.returncode, 0, "exit status of serve: " + trouble)
            text = subprocess.run([PROGRAM, "inspect", self.record, "--json"], check=True,
                                  stdout=subprocess.PIPE).stdout
            for run in json.loads(text)["runs"]:
                self.exchanges += [Exchange(one) for one in run["exchanges"]]
        shutil.rmtree(self.folder)


class Exchange:
    """What a client decided: all that is compared."""

    def __init__(self, one):
        request, response = one.get("request"), one.get("response")
        fields = {field["name"].lower(): field["value"] for field in (request or {}).get("fields", [])}
        self.server = one["server"]
        self.line = "%s %s at %s" % ((request or {}).get("method"), (request or {}).get("target"),
                                     one["server"])
        self.status = response["status"] if response else None
        self.content = "content-length" in fields and fields["content-length"] != "0"
        self.cookie = "; ".join(sorted(fields.get("cookie", "").split("; ")))
        self.origin = fields.get("origin")
        self.condition = fields.get("if-none-match") or fields.get("if-modified-since")
        self.asks = fields.get("access-control-request-method")

    def verdict(self, with_origin):
        out = "%s: %s" % (self.line, self.status)
        for name in ("cookie", "condition", "asks") + (("origin",) if with_origin else ()):
            if getattr(self, name):
                out += ", %s %s" % (name, getattr(self, name))
        return out + (", with content" if self.content else "")


class Roundtrip:
    """Our own browser, as a program from outside."""

    def __init__(self, served):
        self.process = subprocess.Popen([PROGRAM, "fetch", "--batch", "-k", *served.connect_to()],
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0)

    def ask(self, **what):
        self.process.stdin.write((json.dumps(what) + "\n").encode())
        self.process.stdin.flush()
        if not select.select([self.process.stdout], [], [], PATIENCE)[0]:
            raise Failure("fetch --batch does not answer")
        answer = json.loads(self.process.stdout.readline())
        return "nothing" if "error" in answer else "%d %s" % (answer["status"], answer["body"])

    def open(self, url, method="GET", body=None):
        what = {"url": url, "method": method}
        if body is not None:
            what.update(body=body, headers=[["Content-Type", "application/x-www-form-urlencoded"]])
        return self.ask(**what).split(" ")[0]

    def fetch(self, page, url, **init):
        if "headers" in init:
            init["headers"] = list(map(list, init["headers"].items()))
        return self.ask(url=url, page=page, **init)

    def close(self):
        self.process.stdin.close()
        self.process.wait(PATIENCE)


class Curl:
    def __init__(self, served):
        self.served, self.jar = served, os.path.join(served.folder, "jar")

    def open(self, url, method="GET", body=None):
        line = ["curl", "-s", "-L", "-b", self.jar, "-c", self.jar, "-m", str(PATIENCE),
                "-w", "%{http_code}", *self.served.connect_to()]
        if self.served.authority:
            line += ["--cacert", self.served.authority]
        if method not in ("GET", "POST"):
            line += ["-X", method]
        if body is not None:
            line += ["--data-raw", body]
        out = subprocess.run([*line, url], stdout=subprocess.PIPE).stdout.decode()
        return out[-3:]

    def close(self):
        pass


class Chromium:
    """Chromium without a window, spoken to over its debugging pipe."""

    def __init__(self, served):
        rules = ", ".join("MAP %s:%d 127.0.0.1:%d" % way for way in served.ways)
        self.profile = os.path.join(served.folder, "profile")
        down, self.out = os.pipe()
        self.into, up = os.pipe()

        def pipes():
            high = [os.dup(down), os.dup(up)]
            os.dup2(high[0], 3)
            os.dup2(high[1], 4)

        self.process = subprocess.Popen(
            ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run",
             "--disable-background-networking", "--disable-component-update", "--disable-sync",
             "--ignore-certificate-errors", "--disable-features=HttpsUpgrades",
             "--user-data-dir=" + self.profile, "--host-resolver-rules=" + rules,
             "--remote-debugging-pipe", "about:blank"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, close_fds=False,
            preexec_fn=pipes, start_new_session=True)
        os.close(down)
        os.close(up)
        self.number, self.session, self.buffer, self.page = 0, None, b"", None
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.call("Target.attachToTarget", targetId=target,
                                 flatten=True)["sessionId"]
        self.call("Page.enable")

    def call(self, method, **params):
        self.number += 1
        message = {"id": self.number, "method": method, "params": params}
        if self.session:
            message["sessionId"] = self.session
        os.write(self.out, json.dumps(message).encode() + b"\0")
        while True:
            answer = self.receive()
            if answer.get("id") == self.number:
                if "error" in answer:
                    raise Failure("%s: %s" % (method, answer["error"]["message"]))
                return answer["result"]

    def receive(self):
        while b"\0" not in self.buffer:
            if not select.select([self.into], [], [], PATIENCE)[0]:
                raise Failure("Chromium does not answer")
            read = os.read(self.into, 65536)
            if not read:
                raise Failure("Chromium is gone")
            self.buffer += read
        one, self.buffer = self.buffer.split(b"\0", 1)
        return json.loads(one)

    def evaluate(self, script):
        got = self.call("Runtime.evaluate", expression=script, awaitPromise=True,
                        returnByValue=True)
        return got["result"].get("value", "")

    def go(self, url):
        self.call("Page.navigate", url=url)
        while self.receive().get("method") != "Page.loadEventFired":
            pass

    def open(self, url, method="GET", body=None):
        if method == "GET":
            self.go(url)
        else:
            # A form of the page that is open: navigations are what users do.
            pairs = [pair.split("=", 1) for pair in (body or "").split("&")]
            self.evaluate(
                "f = document.createElement('form'); f.method = 'post'; f.action = %s;"
                "for (const [n, v] of %s) { i = document.createElement('input'); i.name = n;"
                "i.value = v; f.append(i); } document.documentElement.append(f);"
                "setTimeout(() => f.submit(), 0)" % (json.dumps(url), json.dumps(pairs)))
            while self.receive().get("method") != "Page.loadEventFired":
                pass
        self.page = url
        return self.evaluate("'' + performance.getEntriesByType('navigation')[0].responseStatus")

    def fetch(self, page, url, **init):
        return self.evaluate(
            "fetch(%s, %s).then(async r => r.status + ' ' + await r.text(), e => 'nothing')"
            % (json.dumps(url), json.dumps(init)))

    def close(self):
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(PATIENCE)
        os.close(self.out)
        os.close(self.into)


def expect(got, wanted, what):
    if got != wanted:
        raise Failure("%s: %r, expected %r" % (what, got, wanted))


def compare(lesson, run, actions, kind, results=True, origins=True):
    """Plays @actions with our browser and with another program; their verdicts must be the same."""
    verdicts = []
    for client_kind in Roundtrip, kind:
        with Served(lesson, "--run", run) as served:
            client = client_kind(served)
            try:
                answers = [getattr(client, action[0])(*action[1:-1], **action[-1])
                           for action in actions]
            finally:
                client.close()
        # Only browsers say where a request comes from.
        seen = [one.verdict(origins and kind is not Curl) for one in served.exchanges if "favicon" not in one.line
                and not one.line.split(" ")[1].endswith(".js")]
        verdicts.append((seen, [" ".join(a.split()) for a in answers] if results else None))
    expect(verdicts[1][0], verdicts[0][0], "what was sent")
    expect(verdicts[1][1], verdicts[0][1], "what could be read")
    return verdicts[0]


def run(tests, needs=()):
    """@tests: (name, lesson, actor, function); `--list` prints them for the table of actors."""
    if "--list" in sys.argv:
        for name, lesson, actor, _ in tests:
            print("%s\t%s\t%s" % (lesson, actor, name))
        return 0
    missing = [need for need in needs if shutil.which(need) is None]
    print("1..%d" % len(tests), flush=True)
    failed = False
    for number, (name, lesson, actor, function) in enumerate(tests, 1):
        if missing:
            print("ok %d - %s # SKIP %s is not installed" % (number, name, missing[0]))
            continue
        try:
            function()
            print("ok %d - %s" % (number, name))
        except Exception as problem:  # whatever it is, it is this test's
            failed = True
            for line in ("%s: %s" % (type(problem).__name__, problem)).splitlines():
                print("# " + line)
            print("not ok %d - %s" % (number, name))
        sys.stdout.flush()
    return 1 if failed else 0
