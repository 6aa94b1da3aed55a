#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Makes the C tables of engine/core/rt-reference.c out of the lists beside this script.
# The lists are tab-separated, with a line of column names first; what is wrong in them ends the
# build with the file and line.
"""gen-reference.py METHODS STATUSES FIELDS OUTPUT"""

import sys

METHOD = ["name", "safe", "idempotent", "cacheable", "content", "reference", "summary"]
STATUS = ["code", "reason", "heuristic", "reference", "summary"]
FIELD = ["name", "group", "where", "singleton", "reference", "summary"]
CONTENT = {"none", "yes", "must-not"}
WHERE = {"request", "response", "both"}


def fail(path, line, words):
    sys.exit(f"{path}:{line}: {words}")


def flag(value):
    return {"yes": "TRUE", "no": "FALSE"}[value]


def text(value):
    """A C string literal; bytes beyond ASCII as octal, which no following digit can extend."""
    out = ""
    for byte in value.encode():
        plain = 0x20 <= byte < 0x7F and byte not in b'"\\?'
        out += chr(byte) if plain else f"\\{byte:03o}"
    return f'"{out}"'


def check(path, number, row):
    for column in ("safe", "idempotent", "cacheable", "heuristic", "singleton"):
        if row.get(column, "yes") not in ("yes", "no"):
            fail(path, number, f"{column} is yes or no, not “{row[column]}”")
    if row.get("content", "yes") not in CONTENT:
        fail(path, number, f"content is one of {sorted(CONTENT)}")
    if row.get("where", "both") not in WHERE:
        fail(path, number, f"where is one of {sorted(WHERE)}")
    if not row["summary"].endswith((".", "?")):
        fail(path, number, "the summary is a sentence and ends like one")


def read(path, columns, key):
    rows = []
    with open(path, encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            cells = line.rstrip("\n").split("\t")
            if number == 1:
                if cells != columns:
                    fail(path, number, f"the columns are {' '.join(columns)}")
                continue
            if len(cells) != len(columns) or not all(cells):
                fail(path, number, f"expected {len(columns)} cells, none of them empty")
            row = dict(zip(columns, cells))
            check(path, number, row)
            rows.append((key(row), number, row))
    # The tables are searched by halving: sorted by bytes, as strcmp() has it.
    rows.sort(key=lambda item: item[0])
    for (a, _, _), (b, number, row) in zip(rows, rows[1:]):
        if a == b:
            fail(path, number, f"“{cells_name(row)}” is listed twice")
    return [row for _, _, row in rows]


def cells_name(row):
    return row.get("name", row.get("code"))


def emit(out, declaration, rows, line):
    print(f"\nstatic const {declaration}[] = {{", file=out)
    for row in rows:
        print(f"  {{ {line(row)} }},", file=out)
    print("};", file=out)


def main():
    if len(sys.argv) != 5:
        sys.exit(__doc__)
    methods = read(sys.argv[1], METHOD, lambda row: row["name"].encode())
    statuses = read(sys.argv[2], STATUS, lambda row: int(row["code"]))
    fields = read(sys.argv[3], FIELD, lambda row: row["name"].lower().encode())
    with open(sys.argv[4], "w", encoding="utf-8") as out:
        print("/* Made by data/reference/gen-reference.py; included by rt-reference.c. */", file=out)
        emit(out, "RtMethodInfo methods", methods, lambda r: ", ".join(
            [text(r["name"]), flag(r["safe"]), flag(r["idempotent"]), flag(r["cacheable"]),
             text(r["content"]), text(r["reference"]), text(r["summary"])]))
        emit(out, "RtStatusInfo statuses", statuses, lambda r: ", ".join(
            [r["code"], text(r["reason"]), flag(r["heuristic"]), text(r["reference"]),
             text(r["summary"])]))
        emit(out, "RtFieldInfo fields", fields, lambda r: ", ".join(
            [text(r["name"]), text(r["group"]), text(r["where"]), flag(r["singleton"]),
             text(r["reference"]), text(r["summary"])]))


main()
