/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The command lines that we write, through sh and curl: the bytes of the request that arrives are
 * those of the request that was exported. Over loopback. */
#include "rt-test-record.h"

#include "rt-curl.h"
#include "rt-import.h"

#include <sys/wait.h>

typedef struct
{
  const char *name, *request;
  gsize length;
} Row;

#define REQUEST(literal) literal, sizeof literal - 1

/* clang-format off */
static const Row rows[] = {
  { "a plain GET",
    REQUEST ("GET /x?y=1&z=%20+ HTTP/1.1\r\nHost: a.test\r\nUser-Agent: me\r\nAccept: */*\r\n\r\n") },
  { "a GET without the fields that curl would add",
    REQUEST ("GET / HTTP/1.1\r\nHost: a.test\r\n\r\n") },
  { "fields in their order and case, some twice",
    REQUEST ("GET / HTTP/1.1\r\nHost: a.test\r\nX-B: 1\r\naccept: a, b\r\nX-a: 2\r\nX-B: 3\r\n"
             "USER-AGENT: \"q\" 'r' $(id) `id` \\ ! #\r\n\r\n") },
  { "a target with everything that a shell minds",
    REQUEST ("GET /'$(id)';[1-3]{a,b}/../*?&|<>\"~ HTTP/1.1\r\nHost: a.test\r\n\r\n") },
  { "a PUT of text with quotes and line breaks",
    REQUEST ("PUT /doc HTTP/1.1\r\nHost: a.test\r\nIf-Match: \"1\"\r\nContent-Type: text/plain\r\n"
             "Content-Length: 11\r\n\r\nit's\r\n\"a\\\n$") },
  { "a POST that begins like a file's name",
    REQUEST ("POST /p HTTP/1.1\r\nHost: a.test\r\nContent-Length: 6\r\n\r\n@/etc/") },
  { "a POST of bytes that are no text",
    REQUEST ("POST /p HTTP/1.1\r\nHost: a.test\r\nContent-Type: a/b\r\nContent-Length: 5\r\n\r\n\0\xff\r\n\x80") },
  { "a DELETE with content",
    REQUEST ("DELETE /p HTTP/1.1\r\nHost: a.test\r\nContent-Length: 2\r\n\r\nhi") },
  { "a HEAD", REQUEST ("HEAD /p HTTP/1.1\r\nHost: a.test\r\nRange: bytes=0-3\r\n\r\n") },
  { "OPTIONS of the server", REQUEST ("OPTIONS * HTTP/1.1\r\nHost: a.test\r\n\r\n") },
  { "HTTP/1.0", REQUEST ("GET /old HTTP/1.0\r\nHost: a.test\r\n\r\n") },
  { "a field without a value",
    REQUEST ("GET / HTTP/1.1\r\nHost: a.test\r\nX-Empty:\r\nAccept: a\r\n\r\n") },
  { "Accept-Encoding, Cookie and Authorization",
    REQUEST ("GET / HTTP/1.1\r\nHost: a.test\r\nAccept-Encoding: gzip, br\r\nCookie: a=b; c=\"d\"\r\n"
             "Authorization: Basic dTpw\r\nConnection: close\r\n\r\n") },
};
/* clang-format on */

/* Takes one connection, reads @wanted bytes and answers. */
typedef struct
{
  GSocketListener *listener;
  gsize wanted;
  GByteArray *got;
} Server;

static gpointer
serve (gpointer data)
{
  static const char answer[] = "HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n";
  Server *server = data;
  g_autoptr (GSocketConnection) connection
      = g_socket_listener_accept (server->listener, NULL, NULL, NULL);
  GInputStream *in = g_io_stream_get_input_stream (G_IO_STREAM (connection));
  GOutputStream *out = g_io_stream_get_output_stream (G_IO_STREAM (connection));
  guint8 piece[4096];

  g_socket_set_timeout (g_socket_connection_get_socket (connection), 20);
  while (server->got->len < server->wanted)
    {
      gssize n = g_input_stream_read (in, piece, sizeof piece, NULL, NULL);

      if (n <= 0)
        break;
      g_byte_array_append (server->got, piece, (guint)n);
    }
  g_output_stream_write_all (out, answer, sizeof answer - 1, NULL, NULL, NULL);
  return NULL;
}

static RtAnalysis *
analyse (const Row *row, guint16 port)
{
  RtImport *import = rt_import_new (NULL, "x", "test", NULL);
  g_autoptr (GBytes) there = g_bytes_new (row->request, row->length);
  g_autoptr (RtImportReport) report = NULL;
  RtAnalysis *analysis = rt_analysis_new ();
  RtConnection connection;

  rt_import_advance (import, 1000, NULL);
  connection = rt_import_connect (import, 1000, rt_import_party (import, "a", "client"),
                                  rt_import_party (import, "b", "origin"), "127.0.0.1", port,
                                  RT_BYTES_CROSSED);
  rt_import_bytes (import, connection, RT_FORWARD, 1000, there);
  report = rt_import_finish (import, NULL);
  assert_true (rt_analysis_feed_reader (analysis, rt_log_get_reader (rt_import_get_log (import)),
                                        G_MAXUINT64, NULL));
  rt_import_free (import);
  return analysis;
}

static void
call (const char *folder, const char *command)
{
  const char *const argv[] = { "/bin/sh", "-c", command, NULL };
  g_autofree char *err = NULL;
  int status = 0;

  if (!g_spawn_sync (folder, (char **)argv, NULL, G_SPAWN_STDOUT_TO_DEV_NULL, NULL, NULL, NULL,
                     &err, &status, NULL))
    fail_msg ("sh cannot be called");
  if (!WIFEXITED (status) || WEXITSTATUS (status) != 0)
    fail_msg ("%s\n%s", command, err);
}

static void
test_row (void **state)
{
  const Row *row = *state;
  void *folder = NULL;
  Server server = { g_socket_listener_new (), row->length, g_byte_array_new () };
  guint16 port = 0;
  GThread *thread;
  g_autoptr (GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GSocketAddress) any = g_inet_socket_address_new (loopback, 0);
  g_autoptr (GSocketAddress) bound = NULL;
  g_autoptr (RtAnalysis) analysis = NULL;
  g_autoptr (GBytes) body = NULL;
  g_autofree char *command = NULL;

  rt_test_setup (&folder);
  assert_true (g_socket_listener_add_address (server.listener, any, G_SOCKET_TYPE_STREAM,
                                              G_SOCKET_PROTOCOL_TCP, NULL, &bound, NULL));
  port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (bound));
  analysis = analyse (row, port);
  command = rt_curl_dup_command (analysis, rt_analysis_get_exchange (analysis, 1), &body);
  if (body != NULL)
    {
      g_autofree char *path = rt_test_path (&folder, RT_CURL_BODY_FILE);

      rt_test_write_file (path, g_bytes_get_data (body, NULL), g_bytes_get_size (body));
    }
  thread = g_thread_new ("server", serve, &server);
  call (folder, command);
  g_thread_join (thread);
  if (server.got->len != row->length || memcmp (server.got->data, row->request, row->length) != 0)
    fail_msg ("%s\nsent\n%.*s", command, (int)server.got->len, (const char *)server.got->data);
  g_byte_array_unref (server.got);
  g_object_unref (server.listener);
  rt_test_teardown (&folder);
}

int
main (void)
{
  struct CMUnitTest tests[G_N_ELEMENTS (rows)];
  g_autofree char *curl = g_find_program_in_path ("curl");

  if (curl == NULL)
    {
      print_message ("1..0 # SKIP there is no curl\n");
      return 0;
    }
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    tests[i] = (struct CMUnitTest){ .name = rows[i].name,
                                    .test_func = test_row,
                                    .initial_state = (void *)&rows[i] };
  return _cmocka_run_group_tests ("curl", tests, G_N_ELEMENTS (tests), NULL, NULL);
}
