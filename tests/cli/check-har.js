// SPDX-License-Identifier: GPL-3.0-or-later
//
// Exports a session with `roundtrip convert` and holds the HAR against the words of HAR 1.2, as a
// reader of another maker would. Usage: check-har.js ROUNDTRIP SESSION
'use strict';

const { execFileSync } = require('child_process');
const fs = require('fs');
const os = require('os');
const path = require('path');

const text = (v) => typeof v === 'string';
const number = (v) => Number.isInteger(v);
const msec = (v) => typeof v === 'number' && v >= 0;
const msecOrUnknown = (v) => typeof v === 'number' && (v >= 0 || v === -1);
const time = (v) => text(v) && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(v);
const flag = (v) => typeof v === 'boolean';
const list = (of) => (v, at) => Array.isArray(v) && v.every((e, i) => check(e, of, `${at}[${i}]`));
const pair = { name: text, value: text, comment: optional(text) };
const cookie = { name: text, value: text, path: optional(text), domain: optional(text),
  expires: optional((v) => v === '' || time(v)), httpOnly: optional(flag), secure: optional(flag),
  sameSite: optional(text), comment: optional(text) };
const timings = { blocked: optional(msecOrUnknown), dns: optional(msecOrUnknown),
  connect: optional(msecOrUnknown), ssl: optional(msecOrUnknown), send: msec, wait: msec,
  receive: msec, comment: optional(text) };
const request = { method: text, url: (v) => text(v) && Boolean(new URL(v)), httpVersion: text,
  cookies: list(cookie), headers: list(pair), queryString: list(pair),
  postData: optional({ mimeType: text, params: optional(list(pair)), text: optional(text),
    comment: optional(text) }),
  headersSize: number, bodySize: number, comment: optional(text) };
const response = { status: number, statusText: text, httpVersion: text, cookies: list(cookie),
  headers: list(pair), content: { size: number, compression: optional(number), mimeType: text,
    text: optional(text), encoding: optional(text), comment: optional(text) },
  redirectURL: text, headersSize: number, bodySize: number, comment: optional(text) };
const entry = { pageref: optional(text), startedDateTime: time, time: msec, request, response,
  cache: {}, timings, serverIPAddress: optional(text), connection: optional(text),
  comment: optional(text) };
const document = { log: { version: (v) => v === '1.2', creator: { name: text, version: text },
  pages: optional(list({ startedDateTime: time, id: text, title: text,
    pageTimings: {} })),
  entries: list(entry), comment: optional(text) } };

function optional(of) {
  return { optional: of };
}

// Members that the format does not know begin with an underscore.
function check(value, shape, at) {
  if (typeof shape === 'function') {
    if (!shape(value, at)) throw new Error(`${at} is ${JSON.stringify(value)}`);
    return true;
  }
  if (typeof value !== 'object' || value === null) throw new Error(`${at} is no object`);
  for (const [name, of] of Object.entries(shape)) {
    if (of.optional === undefined) check(value[name], of, `${at}.${name}`);
    else if (value[name] !== undefined) check(value[name], of.optional, `${at}.${name}`);
  }
  for (const name of Object.keys(value))
    if (shape[name] === undefined && !name.startsWith('_')) throw new Error(`${at}.${name} is not in HAR 1.2`);
  return true;
}

function checkMeaning(log) {
  const pages = new Set(log.pages.map((page) => page.id));
  log.entries.forEach((one, i) => {
    const at = `entries[${i}]`;
    if (!pages.has(one.pageref)) throw new Error(`${at}: there is no page ${one.pageref}`);
    const parts = ['blocked', 'dns', 'connect', 'send', 'wait', 'receive'];
    const sum = parts.reduce((all, name) => all + Math.max(one.timings[name], 0), 0);
    if (Math.abs(sum - one.time) > 0.01) throw new Error(`${at}: time is ${one.time}, its parts ${sum}`);
    const content = one.response.content;
    if (content.text !== undefined && content.comment === undefined) {
      const length = Buffer.from(content.text, content.encoding === 'base64' ? 'base64' : 'utf8').length;
      if (length !== content.size) throw new Error(`${at}: size is ${content.size}, not ${length}`);
    }
  });
}

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'roundtrip-har-'));
console.log('1..3');
try {
  const session = path.join(folder, 'in.roundtrip');
  const out = path.join(folder, 'out.har');
  fs.copyFileSync(process.argv[3], session);
  execFileSync(process.argv[2], ['convert', session, out]);
  const har = JSON.parse(fs.readFileSync(out, 'utf8'));
  console.log('ok 1 - the export is JSON');
  check(har, document, 'document');
  console.log('ok 2 - the export has the members that HAR 1.2 wants, and no others');
  checkMeaning(har.log);
  if (har.log.entries.length === 0) throw new Error('there are no entries');
  console.log('ok 3 - pages, times and sizes agree');
} catch (error) {
  console.log(`Bail out! ${error.message}`);
  process.exitCode = 1;
} finally {
  fs.rmSync(folder, { recursive: true });
}
