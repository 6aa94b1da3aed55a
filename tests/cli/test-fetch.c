/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * `roundtrip fetch` against a small server on loopback: what it prints and how it ends; and the
 * batch as a co-process has it. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include <arpa/inet.h>
#include <gio/gio.h>
#include <json-glib/json-glib.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define PLAIN "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n"
#define BODY(n, text) "Content-Length: " n "\r\n\r\n" text

/* What the server has to say, by the beginning of a request. %u is how many it has answered. */
static const struct
{
  const char *request, *response;
} answers[] = {
  { "GET /hello ", PLAIN BODY ("5", "hello") },
  { "GET /fresh ", PLAIN "Cache-Control: max-age=60\r\nCount: %u\r\n" BODY ("2", "ok") },
  { "GET /moved ", "HTTP/1.1 302 Found\r\nLocation: /hello\r\n" BODY ("0", "") },
  { "GET /set ", PLAIN "Set-Cookie: a=1\r\n" BODY ("3", "set") },
  { "GET /binary ", PLAIN BODY ("3", "a\xff\x01") },
  { "GET /latin ", PLAIN "X-Name: caf\xe9\r\n" BODY ("0", "") },
  { "GET /junk ", "this is no HTTP\r\n\r\n" },
  { "POST /echo ", NULL },
  { "GET /echo ", NULL },
  { "PUT /echo ", NULL },
};

static guint16 port;
static guint n_answered;

/* The server: one connection at a time in a thread each, closed after each answer. */

static gssize
read_request (int fd, char *buffer, gsize size)
{
  gsize length = 0;
  const char *end;

  for (;;)
    {
      gssize n = read (fd, buffer + length, size - 1 - length);
      const char *field;
      gsize content = 0;

      if (n <= 0)
        return -1;
      length += (gsize)n;
      buffer[length] = '\0';
      end = strstr (buffer, "\r\n\r\n");
      if (end == NULL)
        continue;
      field = strstr (buffer, "Content-Length: ");
      if (field != NULL)
        content = (gsize)g_ascii_strtoull (field + 16, NULL, 10);
      if (length >= (gsize)(end - buffer) + 4 + content)
        return (gssize)length;
    }
}

static char *
make_answer (const char *request)
{
  g_autofree char *first = g_strndup (request, strcspn (request, "\r"));

  for (gsize i = 0; i < G_N_ELEMENTS (answers); i++)
    if (g_str_has_prefix (request, answers[i].request))
      {
        g_auto (GStrv) parts = NULL;
        g_autofree char *count = g_strdup_printf ("%d", g_atomic_int_add (&n_answered, 1));

        if (answers[i].response == NULL)
          return g_strdup_printf (PLAIN "Content-Length: %zu\r\n\r\n%s", strlen (request), request);
        parts = g_strsplit (answers[i].response, "%u", 2);
        return g_strjoinv (count, parts);
      }
  return g_strdup ("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
}

static gpointer
serve (gpointer data)
{
  int fd = GPOINTER_TO_INT (data);
  char buffer[8192];

  while (read_request (fd, buffer, sizeof buffer) > 0)
    {
      g_autofree char *answer = make_answer (buffer);

      if (write (fd, answer, strlen (answer)) < 0 || g_str_has_prefix (answer, "this"))
        break;
    }
  close (fd);
  return NULL;
}

static gpointer
accept_all (gpointer data)
{
  int listener = GPOINTER_TO_INT (data);
  int fd;

  while ((fd = accept (listener, NULL, NULL)) >= 0)
    g_thread_unref (g_thread_new ("serve", serve, GINT_TO_POINTER (fd)));
  return NULL;
}

static int
start_server (void **state)
{
  struct sockaddr_in address
      = { .sin_family = AF_INET, .sin_addr.s_addr = htonl (INADDR_LOOPBACK) };
  socklen_t length = sizeof address;
  int fd = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

  assert_int_equal (bind (fd, (struct sockaddr *)&address, sizeof address), 0);
  assert_int_equal (listen (fd, 16), 0);
  assert_int_equal (getsockname (fd, (struct sockaddr *)&address, &length), 0);
  port = ntohs (address.sin_port);
  g_thread_unref (g_thread_new ("accept", accept_all, GINT_TO_POINTER (fd)));
  return 0;
}

/* The program. */

/* @text with the server's address in the place of @. */
static char *
with_server (const char *text)
{
  g_auto (GStrv) parts = g_strsplit (text, "@", -1);
  g_autofree char *server = g_strdup_printf ("http://127.0.0.1:%u", port);

  return g_strjoinv (server, parts);
}

static int
call (const char *words, const char *input, char **ret_out, char **ret_err)
{
  g_autofree char *line = with_server (words);
  g_autofree char *whole = g_strdup_printf ("%s fetch %s", g_getenv ("ROUNDTRIP_PROGRAM"), line);
  g_auto (GStrv) argv = NULL;
  g_autoptr (GSubprocess) process = NULL;

  assert_true (g_shell_parse_argv (whole, NULL, &argv, NULL));
  process = g_subprocess_newv ((const char *const *)argv,
                               G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE
                                   | G_SUBPROCESS_FLAGS_STDERR_PIPE,
                               NULL);
  assert_non_null (process);
  assert_true (g_subprocess_communicate_utf8 (process, input, NULL, ret_out, ret_err, NULL));
  return g_subprocess_get_exit_status (process);
}

typedef struct
{
  const char *name, *words;
  int status;
  const char *out, *err; /* what is in them; NULL: nothing is */
} Row;

/* clang-format off */
static const Row rows[] = {
  { "content alone is printed", "@/hello", 0, "hello", NULL },
  { "… with its head where that is wanted", "-i @/hello", 0, "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\nhello", NULL },
  { "a browser follows", "-i @/moved", 0, "hello", NULL },
  { "a client does not", "-i --as client @/moved", 0, "HTTP/1.1 302 Found\r\nLocation: /hello\r\n", NULL },
  { "a client sends what it is told to", "--as client -X PUT -H 'X-A: 1' -d a=b @/echo", 0, "PUT /echo HTTP/1.1\r\n", NULL },
  { "content makes it a POST of a form", "--as client -d a=b @/echo", 0, "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 3\r\n\r\na=b", NULL },
  { "a browser says how it came to ask", "@/echo", 0, "Sec-Fetch-Mode: navigate\r\n", NULL },
  { "a script of the page's own origin", "--page @/ @/echo", 0, "Sec-Fetch-Site: same-origin\r\n", NULL },
  { "a script of another origin has to be allowed to read", "--page http://a.test/ @/hello", 1, NULL, "an answer came (200), but 127.0.0.1 does not let http://a.test read it" },
  { "a script of another origin has to ask first", "--page http://a.test/ -X DELETE @/hello", 1, NULL, "does not allow this request: it is not sent" },
  { "JSON tells it with all decisions", "--json --page http://a.test/ @/hello", 1, "cors.check", NULL },
  { "nobody is there", "http://127.0.0.1:1/", 1, NULL, "connection refused" },
  { "… nor for a client", "--as client http://127.0.0.1:1/", 1, NULL, "onnection refused" },
  { "no HTTP comes back", "@/junk", 1, NULL, "the response can't be read" },
  { "no URL", "nonsense", 1, NULL, "this is no URL" },
  { "nothing at all", "", 2, NULL, "it takes one URL" },
  { "another scheme", "ftp://127.0.0.1/", 1, NULL, "its scheme is neither http nor https" },
  { "a field that is none", "-H nonsense @/hello", 2, NULL, "“nonsense” is no field; expected NAME: VALUE" },
  { "a method that is none", "-X 'G T' @/hello", 1, NULL, "“G T” is no method" },
  { "somebody else", "--as curl @/hello", 2, NULL, "--as takes browser or client, not “curl”" },
  { "a client has no pages", "--as client --page @/ @/hello", 2, NULL, "a client has no pages" },
  { "a mode that is none", "--page @/ --mode corse @/hello", 1, NULL, "there is no mode “corse”" },
};
/* clang-format on */

static void
expect_part (const char *text, const char *part)
{
  if (part == NULL && *text != '\0')
    fail_msg ("there should be nothing:\n%s", text);
  if (part != NULL && strstr (text, part) == NULL)
    fail_msg ("“%s” is not in:\n%s", part, text);
}

static void
test_row (void **state)
{
  const Row *row = *state;
  g_autofree char *out = NULL;
  g_autofree char *err = NULL;
  int status = call (row->words, NULL, &out, &err);

  expect_part (out, row->out);
  expect_part (err, row->err);
  assert_int_equal (status, row->status);
}

/* Batches. */

typedef struct
{
  const char *name, *lines;
  const char *want[4]; /* parts of the output */
} Batch;

/* clang-format off */
static const Batch batches[] = {
  { "an answer a line, the id as it was", "{\"id\":\"x\",\"url\":\"@/hello\"}\n", { "{\"id\":\"x\",\"status\":200,\"statusText\":\"OK\",\"headers\":[[\"Content-Type\",\"text/plain\"],[\"Content-Length\",\"5\"]],\"body\":\"hello\"," } },
  { "lines that are nothing are answered, and the next one is read", "nonsense\n[]\n\n{\"id\":1}\n{\"id\":[2],\"url\":\"@/hello\"}\n", { "{\"error\":\"the line is no JSON object", "{\"id\":1,\"error\":\"there is no “url”; expected a URL\"}", "{\"id\":[2],\"status\":200" } },
  { "members of the wrong kind", "{\"id\":1,\"url\":5}\n{\"id\":2,\"url\":\"@/hello\",\"headers\":[[\"a\"]]}\n{\"id\":3,\"url\":\"@/hello\",\"cache\":\"relaod\"}\n", { "{\"id\":1,\"error\":\"“url” can't be read; expected a string\"}", "{\"id\":2,\"error\":\"“headers” can't be read", "{\"id\":3,\"error\":\"there is no cache mode “relaod”" } },
  { "the last line needs no line break", "{\"id\":1,\"url\":\"@/hello\"}", { "{\"id\":1,\"status\":200" } },
  { "method, fields and content", "{\"id\":1,\"url\":\"@/echo\",\"method\":\"POST\",\"headers\":{\"X-A\":\"\\u00e9\"},\"body\":\"\\u00e9\"}\n", { "X-A: \xef\xbf\xbd", "Content-Type: text/plain;charset=UTF-8", "Content-Length: 2" } },
  { "bytes that are no text come in base64, too", "{\"id\":1,\"url\":\"@/binary\"}\n", { "\"body\":\"a\xef\xbf\xbd\\u0001\",\"base64\":\"Yf8B\"" } },
  { "a field's bytes are its characters", "{\"id\":1,\"url\":\"@/latin\"}\n", { "[\"X-Name\",\"caf\xc3\xa9\"]" } },
  { "Set-Cookie is not shown to scripts", "{\"id\":1,\"url\":\"@/set\"}\n", { "\"headers\":[[\"Content-Type\",\"text/plain\"],[\"Content-Length\",\"3\"]]" } },
  { "a redirection that is an error", "{\"id\":1,\"url\":\"@/moved\",\"redirect\":\"error\"}\n", { "{\"id\":1,\"error\":\"the redirection (302) is not followed\"}" } },
  { "a page of another origin", "{\"id\":1,\"url\":\"@/hello\",\"page\":\"http://a.test/\",\"mode\":\"no-cors\"}\n", { "{\"id\":1,\"status\":0,\"statusText\":\"\",\"headers\":[],\"type\":\"opaque\"" } },
};
/* clang-format on */

static void
test_batch (void **state)
{
  const Batch *batch = *state;
  g_autofree char *lines = with_server (batch->lines);
  g_autofree char *out = NULL;
  g_autofree char *err = NULL;
  int status = call ("--batch", lines, &out, &err);

  for (guint i = 0; i < G_N_ELEMENTS (batch->want) && batch->want[i] != NULL; i++)
    expect_part (out, batch->want[i]);
  expect_part (err, NULL);
  assert_int_equal (status, 0);
}

/* A co-process: a line in, then its answer out, and what was kept counts for the next line. */
static char *
ask (GSubprocess *process, GDataInputStream *out, const char *line)
{
  g_autofree char *whole = with_server (line);
  GOutputStream *in = g_subprocess_get_stdin_pipe (process);
  char *answer;

  assert_true (g_output_stream_write_all (in, whole, strlen (whole), NULL, NULL, NULL));
  assert_true (g_output_stream_flush (in, NULL, NULL));
  answer = g_data_input_stream_read_line (out, NULL, NULL, NULL);
  assert_non_null (answer);
  return answer;
}

static void
test_coprocess (void **state)
{
  g_autoptr (GSubprocess) process
      = g_subprocess_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE, NULL,
                          g_getenv ("ROUNDTRIP_PROGRAM"), "fetch", "--batch", NULL);
  g_autoptr (GDataInputStream) out
      = g_data_input_stream_new (g_subprocess_get_stdout_pipe (process));
  g_autofree char *first = ask (process, out, "{\"id\":1,\"url\":\"@/fresh\"}\n");
  g_autofree char *second = ask (process, out, "{\"id\":2,\"url\":\"@/fresh\"}\n");
  g_autofree char *third = ask (process, out, "{\"id\":3,\"url\":\"@/set\"}\n");
  g_autofree char *fourth = ask (process, out, "{\"id\":4,\"url\":\"@/echo\"}\n");
  g_autofree char *fifth
      = ask (process, out, "{\"id\":5,\"url\":\"@/echo\",\"credentials\":\"omit\"}\n");

  expect_part (first, "\"fromCache\":false");
  expect_part (second, "\"fromCache\":true");
  expect_part (third, "{\"id\":3,\"status\":200");
  expect_part (fourth, "Cookie: a=1");
  assert_null (strstr (fifth, "Cookie: a=1"));
  assert_true (g_output_stream_close (g_subprocess_get_stdin_pipe (process), NULL, NULL));
  assert_true (g_subprocess_wait_check (process, NULL, NULL));
}

int
main (void)
{
  struct CMUnitTest tests[G_N_ELEMENTS (rows) + G_N_ELEMENTS (batches) + 1];
  gsize n = 0;

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    tests[n++] = (struct CMUnitTest){ rows[i].name, test_row, NULL, NULL, (void *)&rows[i] };
  for (gsize i = 0; i < G_N_ELEMENTS (batches); i++)
    tests[n++]
        = (struct CMUnitTest){ batches[i].name, test_batch, NULL, NULL, (void *)&batches[i] };
  tests[n++] = (struct CMUnitTest){ "a co-process keeps cache and cookies", test_coprocess, NULL,
                                    NULL, NULL };
  return _cmocka_run_group_tests ("fetch", tests, n, start_server, NULL);
}
