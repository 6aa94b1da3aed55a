/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The words are a table: by rule and verdict, by what decided, by method. */
#include "rt-decision-words.h"

#include <string.h>

/* The first row that fits counts. @verdict: only where it was this one; @clause: only where this
 * check decided; @methods: only for these; NULL means any. */
typedef struct
{
  const char *rule, *verdict, *clause, *methods;
  RtDecisionWords words;
} Row;

/* clang-format off */
static const Row rows[] = {
  { "precondition", "412", "precondition.if-none-match.change", NULL, { RT_SEVERITY_GOOD,
    "What was there was saved from being overwritten" } },
  { "precondition", "412", "precondition.if-match.exists", NULL, { RT_SEVERITY_INFO,
    "There is nothing any more that the change could be based on" } },
  { "precondition", "412", NULL, "PUT PATCH DELETE POST", { RT_SEVERITY_GOOD,
    "An edit was saved from being overwritten" } },
  { "precondition", "412", NULL, NULL, { RT_SEVERITY_INFO,
    "The condition is not met, so nothing was done" } },
  { "precondition", "304", NULL, NULL, { RT_SEVERITY_GOOD,
    "The copy is still good: nothing had to be sent again" } },
  { "precondition", "428", NULL, NULL, { RT_SEVERITY_GOOD,
    "A change that names no version was refused" } },
  { "precondition", "already-applied", NULL, NULL, { RT_SEVERITY_GOOD,
    "The change was made before; it is not made twice" } },
  { "precondition", "ignore-range", NULL, NULL, { RT_SEVERITY_INFO,
    "The representation changed, so all of it is sent instead of a part" } },
  { "precondition", "proceed", "precondition.conditional", "PUT PATCH DELETE", { RT_SEVERITY_WARNING,
    "The request names no version: what anybody stored meanwhile is lost unseen" } },
  { "precondition", "proceed", "precondition.conditional", NULL, { RT_SEVERITY_INFO,
    "The request sets no conditions" } },
  { "precondition", "proceed", NULL, NULL, { RT_SEVERITY_GOOD,
    "The conditions are met: the request is carried out" } },
  { "cache.reuse", "fresh", NULL, NULL, { RT_SEVERITY_GOOD,
    "The stored response is still fresh: no request is needed" } },
  { "cache.reuse", "stale", NULL, NULL, { RT_SEVERITY_WARNING,
    "A stale response is used, as it may be" } },
  { "cache.reuse", "stale-while-revalidate", NULL, NULL, { RT_SEVERITY_INFO,
    "A stale response is used now, and asked about meanwhile" } },
  { "cache.reuse", "validate", NULL, NULL, { RT_SEVERITY_INFO,
    "The stored response may be used once the server was asked" } },
  { "cache.reuse", "no", "cache.vary.field", NULL, { RT_SEVERITY_INFO,
    "What is stored was chosen for another request: Vary says so" } },
  { "cache.reuse", "no", NULL, NULL, { RT_SEVERITY_INFO,
    "Nothing stored answers this request" } },
  { "cache.reuse", "504", NULL, NULL, { RT_SEVERITY_PROBLEM,
    "Nothing stored answers this request, and nobody may be asked" } },
  { "cache.error", "serve-stale", NULL, NULL, { RT_SEVERITY_GOOD,
    "The server failed, and a stale response stands in for it" } },
  { "cache.store", "store", NULL, NULL, { RT_SEVERITY_INFO,
    "The cache keeps the response" } },
  { "cache.store", "do not store", NULL, NULL, { RT_SEVERITY_INFO,
    "The cache does not keep the response" } },
  { "cors.check", "shown", NULL, NULL, { RT_SEVERITY_GOOD,
    "The script may read the answer" } },
  { "cors.check", "hidden", NULL, NULL, { RT_SEVERITY_PROBLEM,
    "The browser hides the answer from the script; the server has done its part all the same" } },
  { "cors.preflight-needed", "needed", NULL, NULL, { RT_SEVERITY_INFO,
    "The browser asks the server first whether it may send this" } },
  { "cors.preflight-needed", "not-needed", NULL, NULL, { RT_SEVERITY_INFO,
    "The browser sends this without asking first, as a form could have" } },
  { "cors.preflight", "allowed", NULL, NULL, { RT_SEVERITY_GOOD,
    "The server agrees: the browser sends the request" } },
  { "cors.preflight", "refused", NULL, NULL, { RT_SEVERITY_PROBLEM,
    "The server does not agree: the browser sends nothing more" } },
  { "hsts.upgrade", "upgrade", NULL, NULL, { RT_SEVERITY_GOOD,
    "The browser uses https, though the link says http" } },
  { "cors.expose", "unreadable", NULL, NULL, { RT_SEVERITY_INFO,
    NULL } },
  { "cache.invalidate", "nothing", NULL, NULL, { RT_SEVERITY_INFO,
    NULL } },
  { "cors.preflight-cache", "approved", NULL, NULL, { RT_SEVERITY_GOOD,
    "The server agreed a while ago: the browser need not ask again" } },
  { "browser.mode", "opaque", NULL, NULL, { RT_SEVERITY_INFO,
    "The script gets the answer to use, not to read" } },
  { "browser.mode", "refused", NULL, NULL, { RT_SEVERITY_PROBLEM,
    "The browser sends nothing" } },
  { "browser.script", "refused", NULL, NULL, { RT_SEVERITY_PROBLEM,
    "The browser sends nothing: no script may ask for this" } },
  { "browser.field", "dropped", NULL, NULL, { RT_SEVERITY_WARNING,
    "The script may not set this field: the browser leaves it out" } },
  { "browser.cache-mode", "stored", NULL, NULL, { RT_SEVERITY_INFO,
    "The stored response is used, however old it is" } },
  { "browser.connections", "wait", NULL, NULL, { RT_SEVERITY_INFO,
    "The request waits: all connections that the browser opens to one host are in use" } },
  { "cookie.set", "ignored", NULL, NULL, { RT_SEVERITY_WARNING,
    "The browser does not take the cookie" } },
  { "cookie.send", "keep", NULL, NULL, { RT_SEVERITY_INFO,
    "The cookie does not go along" } },
  { "redirect", "follow", NULL, NULL, { RT_SEVERITY_INFO,
    "The redirection is followed" } },
  { "redirect", "refuse", NULL, NULL, { RT_SEVERITY_PROBLEM,
    "The redirection is not followed" } },
  { "hsts.note", "noted", NULL, NULL, { RT_SEVERITY_GOOD,
    "From now on the browser speaks to this host over TLS alone" } },
  { "hsts.note", "ignored", NULL, NULL, { RT_SEVERITY_WARNING,
    "The browser does not take the host's word for it" } },
  { "retry", "retry", NULL, NULL, { RT_SEVERITY_INFO,
    "The client tries again" } },
  { "retry", "give-up", NULL, NULL, { RT_SEVERITY_INFO,
    "The client does not try again" } },
  { "content.accept", "not-json", NULL, NULL, { RT_SEVERITY_WARNING,
    "The content is in a format that is not read here" } },
  { "content.accept", "broken-json", NULL, NULL, { RT_SEVERITY_WARNING,
    "The content cannot be read to its end" } },
  { "content.accept", "impossible", NULL, NULL, { RT_SEVERITY_WARNING,
    "The content can be read, and not done" } },
  { "content.accept", "taken", NULL, NULL, { RT_SEVERITY_INFO, NULL } },
  { "handler.head", "too late", NULL, NULL, { RT_SEVERITY_WARNING,
    "The program sets this too late: the header section has left" } },
  { "handler.head", "set", NULL, NULL, { RT_SEVERITY_INFO, NULL } },
  { "server.request", "408", NULL, NULL, { RT_SEVERITY_INFO,
    "The request does not arrive in time: the server gives up on it" } },
  { "server.request", "400", NULL, NULL, { RT_SEVERITY_INFO,
    "The server can't read the request, and refuses it" } },
  { "server.request", NULL, NULL, NULL, { RT_SEVERITY_INFO,
    "The server refuses the request before it looks at what it is for" } },
  { "server.client", "yes", NULL, NULL, { RT_SEVERITY_INFO,
    "The client is let in" } },
  { "server.client", "403", NULL, NULL, { RT_SEVERITY_INFO,
    "From the client's address nobody is let in" } },
  { "server.client", "429", NULL, NULL, { RT_SEVERITY_INFO,
    "The client has had its share for now" } },
  { "server.session", "yes", NULL, NULL, { RT_SEVERITY_INFO,
    "The request comes from somebody who is logged in" } },
  { "server.session", "no", NULL, NULL, { RT_SEVERITY_INFO,
    "The request comes from nobody who is logged in" } },
  { "server.session", "forbidden", NULL, NULL, { RT_SEVERITY_INFO,
    "Whoever is logged in here may not do this" } },
  { "server.cors", "yes", NULL, NULL, { RT_SEVERITY_INFO,
    "The server lets scripts of this origin read the answer" } },
  { "server.cors", "no", NULL, NULL, { RT_SEVERITY_INFO,
    "The server does not say that scripts of this origin may read the answer" } },
  { "server.cors", "not-asked", NULL, NULL, { RT_SEVERITY_INFO,
    "No script of another origin asks" } },
  { "authentication", "granted", NULL, NULL, { RT_SEVERITY_INFO,
    "The credentials open the resource" } },
  { "authentication", "missing", NULL, NULL, { RT_SEVERITY_INFO,
    "The request has no credentials: the server asks for some" } },
  { "authentication", "malformed", NULL, NULL, { RT_SEVERITY_INFO,
    "The credentials can't be read" } },
  { "authentication", "refused", NULL, NULL, { RT_SEVERITY_INFO,
    "The credentials are not good" } },
  { "authentication", "insufficient", NULL, NULL, { RT_SEVERITY_INFO,
    "The credentials are good, but not for this" } },
  { "token", "valid", NULL, NULL, { RT_SEVERITY_INFO,
    "The token is good" } },
  { "token", "refused", NULL, NULL, { RT_SEVERITY_INFO,
    "The token is not good" } },
  { "challenge", "answer", NULL, NULL, { RT_SEVERITY_INFO,
    "The client can give the credentials that the server asks for" } },
  { "challenge", "give-up", NULL, NULL, { RT_SEVERITY_INFO,
    "The client has no credentials of the kind that the server asks for" } },
  { "forwarded", "forwarded", NULL, NULL, { RT_SEVERITY_INFO,
    "The client is whom a trusted server names" } },
  { "forwarded", "peer", NULL, NULL, { RT_SEVERITY_INFO,
    "The client is who is at the other end of the connection" } },
  { "forwarded", "hidden", NULL, NULL, { RT_SEVERITY_INFO,
    "The client is behind a trusted server, which does not say who it is" } },
  { "negotiate", "chosen", NULL, NULL, { RT_SEVERITY_INFO,
    "The client gets the representation that it likes best" } },
  { "negotiate", "default", NULL, NULL, { RT_SEVERITY_INFO,
    "Nothing suits the client: it gets the server's first" } },
  { "negotiate", "406", NULL, NULL, { RT_SEVERITY_INFO,
    "Nothing suits the client, and the server says so" } },
  { "range.select", "206", NULL, NULL, { RT_SEVERITY_INFO,
    "A part is sent, as it was asked for" } },
  { "range.select", "200", NULL, NULL, { RT_SEVERITY_INFO,
    "All of it is sent" } },
  { "range.select", "416", NULL, NULL, { RT_SEVERITY_INFO,
    "There is no such part" } },
  { "idempotency", "begin", NULL, NULL, { RT_SEVERITY_INFO,
    "The key is new: the work begins" } },
  { "idempotency", "unkeyed", NULL, NULL, { RT_SEVERITY_INFO,
    "Without a key the request counts as new, even if it is sent again" } },
  { "idempotency", "replay", NULL, NULL, { RT_SEVERITY_GOOD,
    "The key is known: the first answer is given again, and nothing is done twice" } },
  { "idempotency", "in-flight", NULL, NULL, { RT_SEVERITY_GOOD,
    "The first request with this key is still at work, and nothing is done twice" } },
  { "idempotency", "mismatch", NULL, NULL, { RT_SEVERITY_WARNING,
    "The key stands for another payload" } },
  { "idempotency", "missing", NULL, NULL, { RT_SEVERITY_INFO,
    "The server does nothing without a key" } },
  { "idempotency", "malformed", NULL, NULL, { RT_SEVERITY_INFO,
    "The key can't be read" } },
  { "cookie.set", "stored", NULL, NULL, { RT_SEVERITY_INFO,
    "The browser keeps the cookie" } },
  { "cookie.set", "replaced", NULL, NULL, { RT_SEVERITY_INFO,
    "The cookie takes the place of the one of that name" } },
  { "cookie.set", "deleted", NULL, NULL, { RT_SEVERITY_INFO,
    "The cookie is gone: this one has expired" } },
  { "cookie.send", "send", NULL, NULL, { RT_SEVERITY_INFO,
    "The cookie goes along" } },
  { "browser.mode", "basic", NULL, NULL, { RT_SEVERITY_INFO,
    "The page asks its own origin, and may read all of the answer" } },
  { "browser.mode", "cors", NULL, NULL, { RT_SEVERITY_INFO,
    "The page asks another origin, which has a say in what may be read" } },
  { "browser.cache-mode", "forward", NULL, NULL, { RT_SEVERITY_INFO,
    "Nothing is stored: the server is asked" } },
  { "browser.cache-mode", "nothing", NULL, NULL, { RT_SEVERITY_PROBLEM,
    "Nothing is stored, and the server may not be asked" } },
  { "cors.preflight-cache", "ask", NULL, NULL, { RT_SEVERITY_INFO,
    "No permission is at hand: the browser has to ask first" } },
  { "cors.expose", "readable", NULL, NULL, { RT_SEVERITY_INFO,
    NULL } },
  { "cache.invalidate", "target", NULL, NULL, { RT_SEVERITY_INFO,
    "What is stored for this URL is not used any more" } },
  { "cache.invalidate", "target and others", NULL, NULL, { RT_SEVERITY_INFO,
    "What is stored for this URL, and for those that the answer names, is not used any more" } },
  { "cache.update", "update", NULL, NULL, { RT_SEVERITY_GOOD,
    "The 304 makes the stored response good again" } },
  { "cache.update", "another", NULL, NULL, { RT_SEVERITY_INFO,
    "The 304 is about another response than the stored one" } },
  { "cache.update-head", "update", NULL, NULL, { RT_SEVERITY_INFO,
    "The answer to HEAD brings the stored response up to date" } },
  { "cache.update-head", "another", NULL, NULL, { RT_SEVERITY_INFO,
    "The answer to HEAD is about another response than the stored one" } },
  { "cache.update-head", "stale", NULL, NULL, { RT_SEVERITY_INFO,
    "The answer to HEAD shows that the stored response is out of date" } },
  { "cache.combine", "complete", NULL, NULL, { RT_SEVERITY_GOOD,
    "With this part the stored response is whole" } },
  { "cache.combine", "combine", NULL, NULL, { RT_SEVERITY_INFO,
    "The part joins those that are stored" } },
  { "cache.combine", "separate", NULL, NULL, { RT_SEVERITY_INFO,
    "The part can't be joined to what is stored" } },
  { "cache.error", "forward", NULL, NULL, { RT_SEVERITY_INFO,
    "The server failed, and its failure is passed on" } },
  { "cache.error", "504", NULL, NULL, { RT_SEVERITY_PROBLEM,
    "The server failed, and nothing stored may stand in for it" } },
  { "certificate", "accept", NULL, NULL, { RT_SEVERITY_GOOD,
    "The server is who it says it is" } },
  { "certificate", "unchecked", NULL, NULL, { RT_SEVERITY_WARNING,
    "Nobody looks whether the server is who it says it is" } },
  { "certificate", "self-signed", NULL, NULL, { RT_SEVERITY_PROBLEM,
    "Nobody but the server itself vouches for it" } },
  { "certificate", "untrusted", NULL, NULL, { RT_SEVERITY_PROBLEM,
    "Nobody whom the client trusts vouches for the server" } },
  { "certificate", "not-yet-valid", NULL, NULL, { RT_SEVERITY_PROBLEM,
    "The certificate does not hold yet" } },
  { "certificate", "expired", NULL, NULL, { RT_SEVERITY_PROBLEM,
    "The certificate has expired" } },
  { "certificate", "wrong-name", NULL, NULL, { RT_SEVERITY_PROBLEM,
    "The certificate is for another name" } },
  { "certificate", "wrong-purpose", NULL, NULL, { RT_SEVERITY_PROBLEM,
    "The certificate is not for servers" } },
  { "redirect", "deliver", NULL, NULL, { RT_SEVERITY_INFO,
    NULL } },
  { "redirect", "hand-over", NULL, NULL, { RT_SEVERITY_INFO,
    "The redirection is left to whoever asked" } },
  { "hsts.note", "forgotten", NULL, NULL, { RT_SEVERITY_WARNING,
    "The browser forgets that the host wants TLS" } },
  { "hsts.upgrade", "leave", NULL, NULL, { RT_SEVERITY_INFO,
    NULL } },
  { "client.again", "again", NULL, NULL, { RT_SEVERITY_WARNING,
    "The client sends it again, without asking whether that may be" } },
  { "client.again", "give-up", NULL, NULL, { RT_SEVERITY_INFO,
    "The client has tried often enough" } },
  { "client.merge", "retry", NULL, NULL, { RT_SEVERITY_GOOD,
    "The client merges its change with what is there now, and saves again" } },
  { "client.merge", "retry-with-both", NULL, NULL, { RT_SEVERITY_INFO,
    "Both changed the same lines: the client keeps both texts, and saves again" } },
};
/* clang-format on */

static gboolean
is_among (const char *words, const char *word)
{
  gsize length = strlen (word);

  for (const char *at = words; (at = strstr (at, word)) != NULL; at += length)
    if ((at == words || at[-1] == ' ') && (at[length] == ' ' || at[length] == '\0'))
      return length > 0;
  return FALSE;
}

/* The first word of the subject is the method, where it is about a request. */
static char *
method_of (RtDecision *decision)
{
  const char *subject = rt_decision_get_subject (decision);

  return g_strndup (subject, strcspn (subject, " "));
}

/**
 * rt_decision_words_find:
 * @decision: concluded
 *
 * Returns: (nullable): what is said of it; %NULL: nobody has found words for such a decision yet
 */
const RtDecisionWords *
rt_decision_words_find (RtDecision *decision)
{
  RtCheck check = { 0 };
  g_autofree char *method = method_of (decision);

  rt_decision_get_deciding (decision, &check);
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      const Row *row = &rows[i];

      if (g_str_equal (row->rule, rt_decision_get_rule (decision))
          && (row->verdict == NULL
              || g_str_equal (row->verdict, rt_decision_get_verdict (decision)))
          && (row->clause == NULL || g_strcmp0 (row->clause, check.clause.id) == 0)
          && (row->methods == NULL || is_among (row->methods, method)))
        return &row->words;
    }
  return NULL;
}
