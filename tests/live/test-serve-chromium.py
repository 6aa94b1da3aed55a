# SPDX-License-Identifier: GPL-3.0-or-later
#
# Chromium against served lessons: what it sends, and what its scripts can read, is what our own
# browser comes to.
import sys

from served import Chromium, compare, run

API, WWW, SHOP = "http://api.shop.test", "http://www.shop.test", "http://shop.test/"
FORM = {"method": "POST", "body": "item=tea"}
PUT = {"method": "PUT", "headers": {"Content-Type": "application/json"}, "body": '{"a":1}'}


def open_all(*urls):
    return [("open", url, {}) for url in urls]


rows = [
    ("redirected-post", "301", open_all(API + "/") + [("open", API + "/orders", FORM)]),
    ("redirected-post", "308", open_all(API + "/") + [("open", API + "/orders", FORM)]),
    ("redirected-post", "302 and 307", open_all(API + "/") + [
        ("open", API + "/front", FORM), ("open", API + "/back", FORM)]),
    ("redirected-post", "answered with 303", open_all(API + "/") + [
        ("open", API + "/checkout", FORM)]),
    ("redirected-post", "to another host", open_all(API + "/") + [("open", API + "/orders", FORM)]),
    ("cors", "no permission", open_all(SHOP) + [("fetch", SHOP, "http://api.test/stock", {})]),
    ("cors", "a write", open_all(SHOP) + [
        ("fetch", SHOP, "http://api.test/visits", {"method": "POST", "body": "1"})]),
    ("cors", "allowed", open_all(SHOP) + [("fetch", SHOP, "http://api.test/stock", {})]),
    ("cors", "one byte too many", open_all(SHOP) + [("fetch", SHOP, "http://api.test/stock", {})]),
    ("preflight", "a plain POST and a PUT", open_all(SHOP) + [
        ("fetch", SHOP, "http://api.test/note",
         {"method": "POST", "headers": {"Content-Type": "text/plain"}, "body": "x"}),
        ("fetch", SHOP, "http://api.test/note", PUT)]),
    ("preflight", "never heard of it",
     open_all(SHOP) + [("fetch", SHOP, "http://api.test/note", PUT)]),
    ("preflight", "max-age of a day", open_all(SHOP) + [
        ("fetch", SHOP, "http://api.test/note", PUT), ("fetch", SHOP, "http://api.test/note", PUT)]),
    ("preflight", "a star and a cookie", open_all(SHOP) + [
        ("fetch", SHOP, "http://api.test/note", {"credentials": "include"}),
        ("fetch", SHOP, "http://api.test/note", {})]),
    ("cookies", "Domain", open_all(
        WWW + "/plain", WWW + "/wide", WWW + "/hours", "http://shop.test/hours",
        "http://blog.shop.test/hours", "http://myshop.test/hours")),
    ("cookies", "Domain=test", open_all(WWW + "/plain", WWW + "/hours")),
    ("cookies", "Path", open_all(WWW + "/account", WWW + "/account/orders", WWW + "/accounting")),
    ("cookies", "Max-Age", open_all(WWW + "/hour", WWW + "/plain", WWW + "/")),
    ("no-cache", "max-age=60", open_all(SHOP + "page", SHOP + "page")),
    ("no-cache", "no-cache", open_all(SHOP + "page", SHOP + "page")),
    ("no-cache", "no-store", open_all(SHOP + "page", SHOP + "page")),
    ("no-cache", "private", open_all(SHOP + "page", SHOP + "page")),
]

tests = [("%s, %s: Chromium does what our browser does" % (lesson, name), lesson, "Chromium",
          # There, Chromium makes the Origin of a form opaque, which the Fetch standard does not;
          # and our browser takes it for what a script may not read.
          lambda row=(lesson, name, actions): compare(
              *row, Chromium, results=row[1] != "to another host",
              origins=row[1] != "to another host"))
         for lesson, name, actions in rows]
sys.exit(run(tests, ["chromium"]))
