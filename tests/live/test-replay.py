# SPDX-License-Identifier: GPL-3.0-or-later
#
# Recordings that are played again: `serve FILE` gives their answers, `replay FILE` sends their
# requests. The client and the server of these tests know bytes and nothing else.
import base64, gzip, json, os, pty, re, shutil, signal, socket, subprocess, sys, tempfile, threading

from served import PATIENCE, PROGRAM, Failure, expect, run

folder = tempfile.mkdtemp()


def path(name):
    return os.path.join(folder, name)


def call(*words, status=0):
    done = subprocess.run([PROGRAM, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          stdin=subprocess.DEVNULL, cwd=folder, timeout=60)
    if done.returncode != status:
        raise Failure("%s: exit status %d\n%s%s" % (" ".join(words), done.returncode,
                                                    done.stdout.decode(), done.stderr.decode()))
    return done.stdout.decode(), done.stderr.decode()


def replay(*words, status=0):
    return json.loads(call("replay", *words, "--json", status=status)[0])


def contains(text, part):
    if part not in text:
        raise Failure("“%s” is not in “%s”" % (part, text))


class Server:
    """Answers what it is told to, and keeps what it was sent."""

    def __init__(self, answer):
        self.answer, self.asked = answer, []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.to = "127.0.0.1:%d" % self.listener.getsockname()[1]
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            connection = self.listener.accept()[0]
            threading.Thread(target=self.talk, args=[connection], daemon=True).start()

    def talk(self, connection):
        with connection:
            while True:
                request = b""
                while b"\r\n\r\n" not in request or not self.is_whole(request):
                    more = connection.recv(65536)
                    if not more:
                        return
                    request += more
                self.asked.append(request)
                answer = self.answer(request) if callable(self.answer) else self.answer
                connection.sendall(answer)
                if b"Content-Length" not in answer and b"chunked" not in answer:
                    return

    @staticmethod
    def is_whole(request):
        head, content = request.split(b"\r\n\r\n", 1)
        length = re.search(rb"(?i)content-length: *(\d+)", head)
        if b"chunked" in head:
            return content.endswith(b"0\r\n\r\n")
        return len(content) >= int(length[1] if length else 0)


class Serving:
    """`roundtrip serve FILE`, until it is left."""

    def __init__(self, *words):
        self.process = subprocess.Popen([PROGRAM, "serve", *words, "--port", "0"], cwd=folder,
                                        stdout=subprocess.PIPE)
        for line in self.process.stdout:
            found = re.match(rb"listening on 127.0.0.1:(\d+)", line)
            if found:
                self.port = int(found[1])
                self.to = "127.0.0.1:%d" % self.port
                return
        raise Failure("serve ended")

    def __enter__(self):
        return self

    def __exit__(self, *trouble):
        self.process.send_signal(signal.SIGINT)
        self.process.communicate(timeout=PATIENCE)
        if trouble[0] is None:
            expect(self.process.returncode, 0, "exit status of serve")

    def ask(self, request, length=None):
        """All bytes that come until the server closes, or so many."""
        with socket.create_connection(("127.0.0.1", self.port), PATIENCE) as connection:
            connection.sendall(request)
            answer = b""
            while length is None or len(answer) < length:
                more = connection.recv(65536)
                if not more:
                    break
                answer += more
            return answer

    def get(self, target, method="GET", fields="", content=""):
        request = "%s %s HTTP/1.1\r\nHost: a.test\r\nConnection: close\r\n%s" % (method, target,
                                                                                fields)
        if content:
            request += "Content-Length: %d\r\n" % len(content)
        answer = self.ask((request + "\r\n" + content).encode())
        return int(answer[9:12]), answer.split(b"\r\n\r\n", 1)[1].decode()


def entry(url, content, method="GET", status=200, fields=(), sent=None, answered=(), **more):
    request = {"method": method, "url": url, "httpVersion": "HTTP/2", "cookies": [],
               "headers": [{"name": name, "value": value} for name, value in fields],
               "queryString": [], "headersSize": -1, "bodySize": -1}
    if sent is not None:
        request["postData"] = {"mimeType": "text/plain", "text": sent}
    return {"startedDateTime": "2026-01-01T12:00:%02d.000Z" % entry_time(), "time": 5,
            "request": request,
            "response": {"status": status, "statusText": "", "httpVersion": "HTTP/2",
                         "cookies": [], "redirectURL": "", "headersSize": -1, "bodySize": -1,
                         "headers": [{"name": name, "value": value} for name, value in answered],
                         "content": {"size": len(content or "1"), "mimeType": "text/plain",
                                     **({"text": content} if content is not None else {})}},
            "cache": {}, "timings": {"send": 0, "wait": 5, "receive": 0}, **more}


times = iter(range(60))


def entry_time():
    return next(times)


def write_har(name, *entries):
    global times
    times = iter(range(60))
    with open(path(name), "w") as file:
        json.dump({"log": {"version": "1.2", "creator": {"name": "test", "version": "1"},
                           "entries": [make() for make in entries]}}, file)
    return path(name)


def later(*words, **more):
    return lambda: entry(*words, **more)


def record(name, *requests, har=None):
    """A session with just these requests, as bytes, and the answers of a HAR."""
    har = har or write_har("empty.har", later("http://a.test/", "hello"))
    with Serving(har, "--record", path(name)) as serving:
        for request in requests:
            serving.ask(request)
    return path(name)


# serve FILE

ODD = (b"HTTP/1.1 200 Quite  OK\r\nx-ODD:   two  spaces \r\nTRANSFER-encoding: chunked\r\n"
       b"x-odd:again\r\n\r\n3;name=value\r\nabc\r\n2\r\nde\r\n0\r\nTrailer-Field: t\r\n\r\n")
UNTIL_CLOSE = b"HTTP/1.0 200 OK\r\nServer: old\r\n\r\nuntil the end"


def capture(name, answer):
    server = Server(answer)
    call("inspect", "http://%s/odd?x=1" % server.to, "--record", path(name))
    return path(name)


def test_bytes():
    with Serving(capture("odd.roundtrip", ODD)) as serving:
        answer = serving.ask(b"GET /odd?x=1 HTTP/1.1\r\nHost: a\r\n\r\n", len(ODD))
        expect(answer, ODD, "the bytes")


def test_bytes_curl():
    with Serving(capture("curl.roundtrip", ODD)) as serving:
        out = subprocess.run(["curl", "-s", "-i", "--raw", "http://%s/odd?x=1" % serving.to],
                             stdout=subprocess.PIPE).stdout
        expect(out, ODD, "what curl got")


def test_close():
    with Serving(capture("close.roundtrip", UNTIL_CLOSE)) as serving:
        answer = serving.ask(b"GET /odd?x=1 HTTP/1.1\r\nHost: a\r\n\r\n")
        expect(answer, UNTIL_CLOSE, "the bytes, and then the end")


def test_order():
    har = write_har("order.har", later("http://a.test/n", "one"), later("http://a.test/n", "two"))
    with Serving(har) as serving:
        expect([serving.get("/n")[1] for _ in range(4)], ["one", "two", "two", "two"], "answers")


def test_absolute():
    har = write_har("absolute.har", later("http://a.test/n?q", "one"))
    with Serving(har) as serving:
        expect(serving.get("http://a.test/n?q"), (200, "one"), "the absolute-form")


def test_unmatched():
    with Serving(write_har("one.har", later("http://a.test/n", "one"))) as serving:
        for method, target in (("GET", "/other"), ("PUT", "/n"), ("GET", "/n?q=1")):
            status, text = serving.get(target, method)
            expect(status, 404, "status")
            contains(text, "“%s %s” was not recorded" % (method, target))
            contains(text, "  GET /n\n")


def test_fields():
    vary = [("Vary", "Accept-Language")]
    har = write_har("fields.har",
                    later("http://a.test/", "hello", fields=[("Accept-Language", "en")],
                          answered=vary),
                    later("http://a.test/", "hallo", fields=[("Accept-Language", "de")],
                          answered=vary),
                    later("http://b.test/", "other host"))
    with Serving(har) as serving:
        expect(serving.get("/", fields="Accept-Language: de\r\n"), (200, "hallo"), "German")
        expect(serving.get("/", fields="Accept-Language: en\r\n"), (200, "hello"), "English")
        expect(serving.ask(b"GET / HTTP/1.1\r\nHost: b.test\r\nConnection: close\r\n\r\n")[-10:],
               b"other host", "by host")


def test_content():
    har = write_har("content.har",
                    later("http://a.test/", "got 1", "POST", sent="one"),
                    later("http://a.test/", "got 2", "POST", sent="two"))
    with Serving(har) as serving:
        expect(serving.get("/", "POST", content="two"), (200, "got 2"), "by content")
        expect(serving.get("/", "POST", content="one"), (200, "got 1"), "by content")


def test_conditions():
    har = write_har("conditions.har",
                    later("http://a.test/", "", status=304, fields=[("If-None-Match", '"1"')]),
                    later("http://a.test/", "whole"))
    with Serving(har) as serving:
        expect(serving.get("/"), (200, "whole"), "without a condition")
        expect(serving.get("/", fields='If-None-Match: "1"\r\n')[0], 304, "with it")


def test_missing():
    with Serving(write_har("missing.har", later("http://a.test/", None))) as serving:
        status, text = serving.get("/")
        expect(status, 404, "status")
        contains(text, "not its content")


def test_nothing():
    write_har("nothing.har", later("http://a.test/", "", status=0))
    _, err = call("serve", "nothing.har", status=1)
    contains(err, "nothing in it that could be answered with")
    contains(call("serve", "nothing.har", "--tls", status=2)[1], "are for lessons")
    contains(call("serve", "lost-update", "--filter", "x", status=2)[1], "is for recordings")


def test_folder():
    os.mkdir(path("lost-update"))
    with Serving("lost-update") as serving:
        expect(serving.get("/nothing")[0] in (404, 421), True, "the lesson answers")


# replay FILE

PLAIN = b"GET /a?x=1 HTTP/1.1\r\nhost:  a.test\r\nx-Odd:1\r\nConnection: close\r\n\r\n"
HELLO = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"
SECRET = (b"GET /a?x=1&access_token=s3cr3ts3cr3t&y=2 HTTP/1.1\r\nHost: a.test\r\n"
          b"Cookie: sid=31d4d96e407aad42\r\nAuthorization: Basic YTpi\r\nX-Api-Key: 12345678\r\n"
          b"Accept: */*\r\nConnection: close\r\n\r\n")
POST = (b"POST /a HTTP/1.1\r\nHost: a.test\r\nContent-Length: 3\r\nConnection: close\r\n\r\nabc")


def test_same_bytes():
    session = record("plain.roundtrip", PLAIN)
    server = Server(HELLO)
    result = replay(session, "--to", server.to, status=1)
    expect(server.asked, [PLAIN], "what was sent")
    expect(result["exchanges"][0]["byte_for_byte"], True, "byte for byte")


def test_answers():
    har = write_har("answers.har", later("http://a.test/a", "one"), later("http://a.test/a", "two"))
    request = PLAIN.replace(b"?x=1", b"")
    session = record("answers.roundtrip", request, request, har=har)
    with Serving(session) as serving:
        out, _ = call("replay", session, "--to", serving.to)
        contains(out, "2 sent to %s: 2 as recorded" % serving.to)
    server = Server(HELLO)
    result = replay(session, "--to", server.to, status=1)
    expect(result["n_different"], 2, "different")
    what = [one["what"] for one in result["exchanges"][0]["differences"]]
    contains(what, "response: content")
    contains(what, "response: field Content-Length")


def test_beside():
    session = record("beside.roundtrip", PLAIN)
    before = call("inspect", session, "--limit", "9")[0]
    server = Server(HELLO)
    result = replay(session, "--to", server.to, status=1)
    expect(result["recorded_run"], "replay", "the run")
    expect(replay(session, "--to", server.to, status=1)["recorded_run"], "replay 2", "one more")
    expect(replay(session, "--run", "replay", "--to", server.to)["run"], "replay", "of a replay")
    call("diff", session, session, "--left", "replay", "--right", "replay 2")
    runs = json.loads(call("inspect", session, "--json")[0])["runs"]
    expect([one["name"] for one in runs], ["served", "replay", "replay 2", "replay 3"], "runs")
    expect(len(before.splitlines()), 2, "rows before")


def test_not_recorded():
    session = record("unrecorded.roundtrip", PLAIN)
    server = Server(HELLO)
    call("replay", session, "--to", server.to, "--no-record", status=1)
    call("replay", session, "--to", server.to, "--record", path("elsewhere.roundtrip"), status=1)
    expect(len(json.loads(call("inspect", session, "--json")[0])["runs"]), 1, "runs")
    expect(len(json.loads(call("inspect", "elsewhere.roundtrip", "--json")[0])["runs"]), 1, "runs")


def test_credentials():
    session = record("secret.roundtrip", SECRET)
    server = Server(HELLO)
    result = replay(session, "--to", server.to, status=1)
    expect(server.asked[0], b"GET /a?x=1&y=2 HTTP/1.1\r\nHost: a.test\r\nAccept: */*\r\n"
                            b"Connection: close\r\n\r\n", "what was sent")
    expect(result["exchanges"][0]["dropped"],
           ["access_token", "Cookie", "Authorization", "X-Api-Key"], "dropped")
    replay(session, "--run", "served", "--to", server.to, "--with-credentials", status=1)
    expect(server.asked[1], SECRET, "with credentials")


def test_taken_elsewhere():
    session = record("taken.roundtrip", SECRET)
    for form in ("curl", "raw", "har"):
        out, err = call("inspect", session, "--exchange", "1", "--as", form)
        for secret in ("s3cr3ts3cr3t", "31d4d96e407aad42", "YTpi", "12345678"):
            expect(secret in out, False, secret + " in " + form)
        contains(err, "--no-redact")
    out, err = call("inspect", session, "--exchange", "1", "--as", "raw-request", "--no-redact")
    expect((out, err), (SECRET.decode(), ""), "as it is")
    contains(call("inspect", session, "--no-redact", status=2)[1], "need --exchange")


def test_password():
    form = b"user=ann&password=hunter22"
    session = record("form.roundtrip",
                     b"POST /a HTTP/1.1\r\nHost: a.test\r\nConnection: close\r\n"
                     b"Content-Type: application/x-www-form-urlencoded\r\n"
                     b"Content-Length: %d\r\n\r\n%s" % (len(form), form))
    server = Server(HELLO)
    result = replay(session, "--to", server.to, "--allow-unsafe", status=2)
    contains(result["exchanges"][0]["why_not"], "a password or a key")
    expect(server.asked, [], "what was sent")


def test_unsafe():
    session = record("unsafe.roundtrip", PLAIN, POST)
    server = Server(HELLO)
    result = replay(session, "--to", server.to, status=1)
    expect((len(server.asked), result["n_not_sent"]), (1, 1), "sent, and not")
    contains(result["exchanges"][1]["why_not"], "--allow-unsafe")
    replay(session, "--run", "served", "--to", server.to, "--allow-unsafe", status=1)
    expect(server.asked[2], POST, "what was sent")
    result = replay(session, "--run", "served", "--exchange", "2", "--to", server.to, status=2)
    expect(result["n_not_sent"], 1, "nothing was sent")


def test_remote():
    session = record("remote.roundtrip", PLAIN, PLAIN, POST)
    _, err = call("replay", session, "--to", "192.0.2.1:80", "--allow-unsafe", status=2)
    contains(err, "nothing was sent. To 192.0.2.1, port 80, which is another machine:\n"
                  "  2 × GET\n  1 × POST, which may change something there; expected --to-remote")
    _, err = call("replay", session, "--to", "http://localhost.evil.test/", status=2)
    contains(err, "another machine")
    expect(len(json.loads(call("inspect", session, "--json")[0])["runs"]), 1, "runs")


def test_lesson():
    call("run", "lost-update", "--record", path("lesson.roundtrip"))
    names = [one["name"] for one in json.loads(call("inspect", "lesson.roundtrip", "--json")[0])["runs"]]
    name = names[0]
    _, err = call("replay", "lesson.roundtrip", "--to", "127.0.0.1:1", status=2)
    contains(err, "there are %d runs in it: %s; expected --run" % (len(names), ", ".join(names)))
    _, err = call("replay", "lesson.roundtrip", "--run", name, "--to", "192.0.2.1:80",
                  "--to-remote", "--allow-unsafe", status=2)
    contains(err, "never sent to another machine")
    server = Server(HELLO)
    replay("lesson.roundtrip", "--run", name, "--to", server.to, status=1)
    _, err = call("replay", "lesson.roundtrip", "--run", "replay", "--to", "192.0.2.1:80",
                  "--to-remote", status=2)
    contains(err, "never sent to another machine")


def on_terminal(answer, *words):
    controller, terminal = pty.openpty()
    process = subprocess.Popen([PROGRAM, "replay", *words], stdin=terminal, stderr=terminal,
                               stdout=subprocess.PIPE)
    os.close(terminal)
    shown = b""
    while b"[y/N]" not in shown:
        shown += os.read(controller, 1024)
    os.write(controller, answer + b"\n")
    out = process.communicate(timeout=PATIENCE)[0].decode()
    os.close(controller)
    return process.returncode, shown.decode(), out


def test_terminal():
    session = record("terminal.roundtrip", POST)
    server = Server(HELLO)
    status, shown, _ = on_terminal(b"n", session, "--to", server.to)
    contains(shown, "1 × POST, which may change something there")
    contains(shown, "To 127.0.0.1, port " + server.to.split(":")[1])
    expect((status, len(server.asked)), (2, 0), "after no")
    expect(on_terminal(b"", session, "--to", server.to)[0], 2, "after nothing")
    status, _, out = on_terminal(b"y", session, "--to", server.to)
    expect((status, len(server.asked)), (1, 1), "after yes")


def test_edited():
    session = record("edited.roundtrip", POST)
    server = Server(HELLO)
    words = [session, "--run", "served", "--to", server.to, "--allow-unsafe", "--no-record"]
    replay(*words, "--set-field", "X-New: 1", "--remove-field", "connection", status=1)
    expect(server.asked.pop(), b"POST /a HTTP/1.1\r\nHost: a.test\r\nContent-Length: 3\r\n"
                               b"X-New: 1\r\n\r\nabc", "fields")
    replay(*words, "--data", "longer", "--target", "/b?c", "--method", "PUT", status=1)
    expect(server.asked.pop(), b"PUT /b?c HTTP/1.1\r\nHost: a.test\r\nContent-Length: 6\r\n"
                               b"Connection: close\r\n\r\nlonger", "content, target, method")
    replay(*words, "--set-field", "Host: b.test", "--set-field", "Cookie: mine=1", status=1)
    contains(server.asked.pop(), b"\r\nHost: b.test\r\nContent-Length: 3\r\nConnection: close\r\n"
                                 b"Cookie: mine=1\r\n")
    for wrong, why in ((["--target", "/a b"], "a space or a control character"),
                       (["--method", "GE T"], "its method is none")):
        result = replay(*words, *wrong, status=2)
        contains(result["exchanges"][0]["why_not"], why)
    contains(call("replay", *words, "--set-field", "no field", status=2)[1], "is no field")


def test_curl_edit():
    session = record("curled.roundtrip", POST)
    server = Server(HELLO)
    words = [session, "--to", server.to, "--no-record", "--exchange", "1"]
    replay(*words, "--curl", "curl 'http://b.test/c?d' -u ann:pw", status=1)
    expect(server.asked, [b"GET /c?d HTTP/1.1\r\nHost: b.test\r\nUser-Agent: Roundtrip\r\n"
                          b"Accept: */*\r\nAuthorization: Basic YW5uOnB3\r\n\r\n"], "sent")
    contains(call("replay", *words, "--curl", "curl 'a", status=2)[1], "command:1:6")
    contains(call("replay", *words, "--curl", "curl a", "--data", "b", status=2)[1], "no other edits")
    copied, _ = call("inspect", session, "--exchange", "1", "--as", "curl")
    replay(*words, "--allow-unsafe", "--curl", copied, status=1)
    contains(server.asked[1], b"POST /a HTTP/1.1\r\n")
    expect(server.asked[1][-7:], b"\r\n\r\nabc", "its content")


def test_fetch_curl():
    server = Server(HELLO)
    command = "curl -s 'http://%s/x' -H 'A: b' -d c=d" % server.to
    expect(call("fetch", "--curl", command)[0], "hello", "printed")
    contains(server.asked[0], b"POST /x HTTP/1.1\r\n")
    contains(server.asked[0], b"\r\nA: b\r\n")
    expect(server.asked[0][-7:], b"\r\n\r\nc=d", "its content")
    call("fetch", "--curl", "curl http://a.test:7/ --request-target '*' -X OPTIONS "
                            "--connect-to a.test:7:" + server.to)
    contains(server.asked[1], b"OPTIONS * HTTP/1.1\r\nHost: a.test:7\r\n")
    contains(call("fetch", "--curl", command, "-X", "PUT", status=2)[1], "what that command says")
    contains(call("fetch", "--curl", "curl a | sh", status=2)[1], "the command ends here")


def test_har():
    secret = [(":authority", "a.test"), ("accept", "*/*"), ("cookie", "sid=31d4d96e407aad42"),
              ("content-length", "99")]
    har = write_har("again.har",
                    later("https://a.test/x", "hello", fields=secret,
                          answered=[("content-encoding", "gzip"), ("server", "s")]),
                    later("https://a.test/y", "lost", "POST", sent="text"))
    coded = gzip.compress(b"hello")
    server = Server(b"HTTP/1.1 200 OK\r\nServer: s\r\nContent-Encoding: gzip\r\n"
                    b"Content-Type: text/plain\r\nContent-Length: %d\r\n\r\n%s"
                    % (len(coded), coded))
    result = replay(har, "--to", server.to, "--ignore", "content-type", status=1)
    first = result["exchanges"][0]
    expect(server.asked[0], b"GET /x HTTP/1.1\r\nHost: a.test\r\naccept: */*\r\n\r\n", "sent")
    expect(first["same_content"], True, "the content, its coding undone")
    expect("recorded" in result, False, "recorded")


def test_dead():
    session = record("dead.roundtrip", PLAIN)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        to = "127.0.0.1:%d" % listener.getsockname()[1]
    result = replay(session, "--to", to, status=1)
    expect(result["n_unanswered"], 1, "without an answer")
    contains(result["exchanges"][0]["failure"], "refused")


def test_usage():
    session = record("usage.roundtrip", PLAIN)
    for words, why in ((["--to", "nowhere"], "is no address"),
                       ([], "--to is needed"),
                       (["--to", "a:1", "--rate", "0"], "--rate takes 1 to 1000"),
                       (["--to", "127.0.0.1:1", "--exchange", "7"], "no number “7”"),
                       (["--to", "127.0.0.1:1", "--filter", "x:("], ""),
                       (["--to", "127.0.0.1:1", "--filter", "is:marked"], "marks cannot be asked"),
                       (["--to", "127.0.0.1:1", "--run", "x"], "no run “x”"),
                       (["--to", "127.0.0.1:1", "--filter", "a", "--exchange", "1"], "exclude")):
        contains(call("replay", session, *words, status=2)[1], why)
    contains(call("replay", "lost-update", "--to", "127.0.0.1:1", status=2)[1], "lost-update")


tests = [
    ("served bytes are those recorded", test_bytes),
    ("curl gets the recorded bytes", test_bytes_curl),
    ("what ended with its connection ends with it again", test_close),
    ("answers come in the recorded order, the last for good", test_order),
    ("the absolute-form asks for the same", test_absolute),
    ("what was not recorded is 404 and says so", test_unmatched),
    ("fields and host select the answer", test_fields),
    ("content selects the answer", test_content),
    ("304 is only for who asked with a condition", test_conditions),
    ("content that was not kept is not served as empty", test_missing),
    ("nothing to serve is said", test_nothing),
    ("a folder of a lesson's name is not taken for a recording", test_folder),
    ("an unchanged request is sent byte for byte", test_same_bytes),
    ("answers are compared field by field", test_answers),
    ("a replay is a run beside", test_beside),
    ("a replay is recorded elsewhere, or not", test_not_recorded),
    ("credentials are left out unless asked for", test_credentials),
    ("one exchange is taken elsewhere without its secrets", test_taken_elsewhere),
    ("a password in the content keeps a request back", test_password),
    ("unsafe methods are kept back unless allowed", test_unsafe),
    ("another machine is never sent to without consent", test_remote),
    ("what a lesson recorded stays on this machine", test_lesson),
    ("on a terminal there is a question", test_terminal),
    ("requests can be edited", test_edited),
    ("a request can be edited as a command of curl", test_curl_edit),
    ("fetch asks what a command of curl would", test_fetch_curl),
    ("a HAR can be sent again", test_har),
    ("a dead server is told of", test_dead),
    ("bad command lines are named", test_usage),
]
try:
    status = run([(name, "", "", test) for name, test in tests], ["curl"])
finally:
    shutil.rmtree(folder)
sys.exit(status)
