# SPDX-License-Identifier: GPL-3.0-or-later
"""The servers that the samples are recorded with: right ones and wrong ones.

usage: origin.py PORT

The answers are written out byte by byte where a library would not let them be wrong.
"""
import email.utils
import http.server
import sys
import time

PAGE = b"<!doctype html><title>%s</title><link rel=icon href=data:,><p>%s</p>"
CROSS = b"""<!doctype html><title>shop</title><link rel=icon href=data:,><script>
(async () => {
  for (const [url, how] of [
    ["http://api.test/stock", {}],
    ["http://api.test/open", {}],
    ["http://api.test/order", {method: "PUT", headers: {"Content-Type": "application/json"}, body: "{}"}],
  ]) {
    try { await fetch(url, how); } catch (error) { console.log(error); }
  }
  document.title = "done";
})();
</script>"""
LINES = b"".join(b"<p>Line %d of a text that shrinks to a tenth.</p>\n" % i for i in range(400))


class Origin(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version, sys_version = "origin", ""

    def log_message(self, *_):
        pass

    def answer(self, status, content=b"", **fields):
        self.send_response(status)
        for name, value in fields.items():
            for one in value if isinstance(value, list) else [value]:
                self.send_header(name.replace("_", "-"), one)
        if status not in (204, 304):
            self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def raw(self, text):
        self.wfile.write(text.replace("\n", "\r\n").encode("latin-1"))

    def take(self):
        return self.rfile.read(int(self.headers.get("Content-Length", "0")))

    # Caching

    def price(self):
        self.answer(200, b'{"price": 7}', Content_Type="application/json", ETag='"7"',
                    Cache_Control="max-age=60")

    def news(self):
        self.answer(200, b"nothing new", Content_Type="text/plain", ETag='"n1"',
                    Cache_Control="no-cache")

    def motd(self):
        self.answer(200, b"good morning", Content_Type="text/plain", Cache_Control="no-cache")

    def greeting(self):
        german = self.headers.get("Accept-Language", "").startswith("de")
        self.answer(200, b"hallo" if german else b"hello", Content_Type="text/plain",
                    Content_Language="de" if german else "en", Cache_Control="max-age=60")

    # Writing

    def document(self):
        if self.command == "PUT":
            self.take()
            self.answer(204, ETag='"2"')
        else:
            self.answer(200, b"first version", Content_Type="text/plain", ETag='"1"',
                        Cache_Control="no-cache")

    def order(self):
        if self.command == "OPTIONS":
            self.answer(204, Access_Control_Allow_Origin="http://shop.test")
            return
        self.take()
        if Origin.orders == 0:
            Origin.orders = 1
            time.sleep(1.5)
            self.close_connection = True
            return
        self.answer(201, b'{"order": 2}', Content_Type="application/json", Location="/order/2")

    orders = 0

    # Redirections

    def form(self):
        self.take()
        self.answer(302, Location="/form/")

    def form_there(self):
        self.answer(200, PAGE % (b"form", b"Fill in the form."), Content_Type="text/html",
                    Cache_Control="no-store")

    def left(self):
        self.answer(302, Location="/right", Cache_Control="no-store")

    def right(self):
        self.answer(302, Location="/left", Cache_Control="no-store")

    # Sessions

    def login(self):
        self.take()
        self.answer(303, Location="/account?password=correct-horse",
                    Set_Cookie=["sessionid=4f1d2c9a7b3e8065; Path=/",
                                "theme=dark; Domain=other.test"])

    def account(self):
        self.answer(200, PAGE % (b"account", b"Good morning, Ann."), Content_Type="text/html",
                    Cache_Control="private, no-cache", ETag='"a1"')

    # Pages

    def cross(self):
        self.answer(200, CROSS, Content_Type="text/html", Cache_Control="no-store")

    def stock(self):
        self.answer(200, b'{"left": 3}', Content_Type="application/json", Cache_Control="no-store")

    def open(self):
        self.answer(200, b'{"left": 3}', Content_Type="application/json", Cache_Control="no-store",
                    Access_Control_Allow_Origin="*")

    def long(self):
        self.answer(200, b"<!doctype html><title>long</title><link rel=icon href=data:,>" + LINES,
                    Content_Type="text/html", Cache_Control="no-cache", ETag='"l1"')

    # What no library writes

    def bad_etag(self):
        self.answer(200, b"hello", Content_Type="text/plain", ETag="v1", Cache_Control="no-cache")

    def no_challenge(self):
        self.answer(401, b"who are you?", Content_Type="text/plain")

    def no_allow(self):
        self.answer(405, b"not like that", Content_Type="text/plain")

    def two_dates(self):
        date = email.utils.formatdate(usegmt=True)
        self.raw(f"HTTP/1.1 200 OK\nDate: {date}\nDate: {date}\nContent-Type: text/plain\n"
                 "Cache-Control: no-store\nContent-Length: 5\n\nhello")

    def two_framings(self):
        self.raw("HTTP/1.1 200 OK\nContent-Type: text/plain\nCache-Control: no-store\n"
                 "Content-Length: 5\nTransfer-Encoding: chunked\n\n5\nhello\n0\n\n")
        self.close_connection = True

    def unasked_part(self):
        self.raw("HTTP/1.1 206 Partial Content\nContent-Type: text/plain\n"
                 "Content-Range: bytes 0-4/9\nContent-Length: 5\n\nhello")

    def go(self):
        path = self.path.partition("?")[0]
        found = {"/price": self.price, "/news": self.news, "/motd": self.motd,
                 "/greeting": self.greeting, "/document": self.document, "/order": self.order,
                 "/form": self.form, "/form/": self.form_there, "/left": self.left,
                 "/right": self.right, "/login": self.login, "/account": self.account,
                 "/cross": self.cross, "/stock": self.stock, "/open": self.open,
                 "/long": self.long, "/bad-etag": self.bad_etag,
                 "/no-challenge": self.no_challenge, "/no-allow": self.no_allow,
                 "/two-dates": self.two_dates, "/two-framings": self.two_framings,
                 "/unasked-part": self.unasked_part}.get(path)
        if found:
            found()
        else:
            self.answer(404, b"no such thing", Content_Type="text/plain")

    do_GET = do_HEAD = do_POST = do_PUT = do_OPTIONS = do_DELETE = go


server = http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Origin)
server.daemon_threads = True
print("ready", flush=True)
server.serve_forever()
