# SPDX-License-Identifier: GPL-3.0-or-later
"""An addon of mitmproxy's: writes the entries of a HAR down as flows and ends.

mitmdump -n -s mitmproxy-flows.py --set har=FILE --set flows=FILE
"""

import json

from mitmproxy import ctx, http, io
from mitmproxy.test import tflow


class Flows:
    def load(self, loader):
        loader.add_option("har", str, "", "what is read")
        loader.add_option("flows", str, "", "what is written")

    def running(self):
        with open(ctx.options.har, encoding="utf-8") as har, open(ctx.options.flows, "wb") as out:
            writer = io.FlowWriter(out)
            for entry in json.load(har)["log"]["entries"]:
                writer.add(self.flow(entry))
        ctx.master.shutdown()

    def flow(self, entry):
        request, response = entry["request"], entry["response"]
        fields = [(f["name"].encode(), f["value"].encode()) for f in response["headers"]]
        return tflow.tflow(
            req=http.Request.make(request["method"], request["url"]),
            resp=http.Response.make(response["status"], response["content"]["text"],
                                    http.Headers(fields)))


addons = [Flows()]
