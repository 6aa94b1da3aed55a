# SPDX-License-Identifier: GPL-3.0-or-later
"""An addon for mitmdump that writes what crossed it as an HTTP archive (HAR 1.2).

usage: mitmdump -s har.py --set har=FILE
"""
import base64
import datetime
import json

from mitmproxy import ctx


def pairs(fields):
    return [{"name": name, "value": value} for name, value in fields.items(multi=True)]


def content_of(response):
    content = response.get_content(strict=False) or b""
    out = {"size": len(content), "mimeType": response.headers.get("Content-Type", "")}
    try:
        out["text"] = content.decode("utf-8")
    except UnicodeDecodeError:
        out.update(text=base64.b64encode(content).decode("ascii"), encoding="base64")
    return out


def milliseconds(start, end):
    return round((end - start) * 1000, 3) if start and end else -1


def entry(flow):
    request, response = flow.request, flow.response
    started = datetime.datetime.fromtimestamp(request.timestamp_start, datetime.timezone.utc)
    out = {
        "startedDateTime": started.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "time": milliseconds(request.timestamp_start, response.timestamp_end),
        "request": {
            "method": request.method, "url": request.pretty_url,
            "httpVersion": request.http_version, "cookies": [],
            "headers": pairs(request.headers), "queryString": pairs(request.query),
            "headersSize": -1, "bodySize": len(request.raw_content or b""),
        },
        "response": {
            "status": response.status_code, "statusText": response.reason,
            "httpVersion": response.http_version, "cookies": [],
            "headers": pairs(response.headers), "content": content_of(response),
            "redirectURL": response.headers.get("Location", ""),
            "headersSize": -1, "bodySize": len(response.raw_content or b""),
        },
        "cache": {},
        "timings": {
            "send": milliseconds(request.timestamp_start, request.timestamp_end),
            "wait": milliseconds(request.timestamp_end, response.timestamp_start),
            "receive": milliseconds(response.timestamp_start, response.timestamp_end),
        },
    }
    if request.raw_content:
        out["request"]["postData"] = {"mimeType": request.headers.get("Content-Type", ""),
                                      "text": request.get_text(strict=False)}
    return out


class Har:
    def __init__(self):
        self.entries = []

    def load(self, loader):
        loader.add_option("har", str, "", "the file to write")

    def response(self, flow):
        # A browser also asks its maker for updates.
        if flow.request.host.endswith(".test"):
            self.entries.append(entry(flow))

    def done(self):
        log = {"version": "1.2", "creator": {"name": "har.py", "version": "1"},
               "entries": self.entries}
        with open(ctx.options.har, "w", encoding="utf-8") as file:
            json.dump({"log": log}, file, indent=1, ensure_ascii=False)
            file.write("\n")


addons = [Har()]
