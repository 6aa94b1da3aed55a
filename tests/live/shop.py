# SPDX-License-Identifier: GPL-3.0-or-later
#
# A learner's server for the lesson on lost updates: `shop.py right` keeps every promise, `shop.py
# wrong` ignores the conditions.
import hashlib, sys, threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

right, texts, lock = sys.argv[1] == "right", {}, threading.Lock()


class Shop(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def tag(self):
        text = texts.get(self.path)
        return None if text is None else '"%s"' % hashlib.sha1(text).hexdigest()[:12]

    def refusal(self):
        match, none = self.headers["If-Match"], self.headers["If-None-Match"]
        if match is None and none is None and right:
            return 428
        if match is not None and match != self.tag() or none == "*" and self.tag():
            return 412 if right else None

    def answer(self, status, text=b""):
        self.send_response(status)
        if self.tag():
            self.send_header("ETag", self.tag())
        if status != 204:
            self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def do_GET(self):
        self.answer(200 if self.tag() else 404, texts.get(self.path, b""))

    def do_PUT(self):
        text = self.rfile.read(int(self.headers["Content-Length"]))
        with lock:
            status = self.refusal() or (204 if self.tag() else 201)
            if status < 400:
                texts[self.path] = text
        self.answer(status)

    def do_DELETE(self):
        with lock:
            status = self.refusal() or 204
            if status < 400:
                texts.pop(self.path, None)
        self.answer(status)

    def log_message(self, *args):
        pass


server = ThreadingHTTPServer(("127.0.0.1", 0), Shop)
print(server.server_port, flush=True)
server.serve_forever()
