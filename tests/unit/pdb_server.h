/*
 * pdb_server - tests/data/pdb_server.py for a test: started on ports of its own, gone with the test.
 */
#ifndef PEERDECK_TESTS_PDB_SERVER_H
#define PEERDECK_TESTS_PDB_SERVER_H

#include "backends/sources/http.h"
#include "core/base/mem.h"

#include <jansson.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

struct pdb_server {
	pid_t pid;
	int keep; /* its standard input: closed, it ends */
	char url[64], redirect[64], ca[128];
	struct http *http;
};

static void server_exec(int in, int out, const char *option, const char *dir)
{
	dup2(in, 0);
	dup2(out, 1);
	closefrom(3);
	if (option != NULL)
		execl("tests/data/pdb_server.py", "pdb_server.py", option, dir, (char *)NULL);
	else
		execl("tests/data/pdb_server.py", "pdb_server.py", dir, (char *)NULL);
	_exit(127);
}

static void server_copy(const json_t *said, const char *key, char *out, size_t size)
{
	const char *s = json_string_value(json_object_get(said, key));

	snprintf(out, size, "%s", s != NULL ? s : "");
}

/* option: "--tls", "--throttle" or NULL.  -1 if it does not start. */
static inline int server_start(struct pdb_server *s, const char *option, const char *dir)
{
	int in[2], out[2];
	char line[1024];
	json_t *said;
	FILE *f;

	*s = (struct pdb_server){ 0 };
	if (pipe(in) < 0 || pipe(out) < 0)
		return -1;
	s->pid = fork();
	if (s->pid == 0)
		server_exec(in[0], out[1], option, dir);
	close(in[0]);
	close(out[1]);
	s->keep = in[1];
	f = fdopen(out[0], "r");
	said = f != NULL && fgets(line, sizeof(line), f) != NULL ? json_loads(line, 0, NULL) : NULL;
	fclose(f);
	if (said == NULL)
		return -1;
	server_copy(said, "url", s->url, sizeof(s->url));
	server_copy(said, "redirect", s->redirect, sizeof(s->redirect));
	server_copy(said, "ca", s->ca, sizeof(s->ca));
	json_decref(said);
	s->http = http_start(NULL);
	return 0;
}

static inline void server_stop(struct pdb_server *s)
{
	http_stop(s->http);
	close(s->keep);
	waitpid(s->pid, NULL, 0);
}

/* GET of any address; the reply's status, or minus the error's code. */
static inline int server_get(struct pdb_server *s, const struct http_request *rq, struct http_reply *reply, struct err *e)
{
	struct http_call *c = http_send(s->http, rq);
	struct err mine = ERR_INIT;
	int rc = http_wait(c, reply, &mine);

	http_end(c);
	if (e != NULL)
		*e = mine;
	return rc == 0 ? reply->status : -(int)mine.code;
}

/* "fault?name=stall", "reset" ...; the counters as they stand then, to be freed. */
static inline json_t *server_control(struct pdb_server *s, const char *base, const char *what)
{
	char url[200];
	struct http_request rq = { .url = url, .ca_file = s->ca[0] ? s->ca : NULL };
	struct http_reply reply;
	json_t *counters = NULL;

	snprintf(url, sizeof(url), "%s/control/%s", base, what);
	if (server_get(s, &rq, &reply, NULL) == 200) {
		counters = json_loads(reply.body.p, 0, NULL);
		http_reply_fini(&reply);
	}
	return counters;
}

static inline void server_do(struct pdb_server *s, const char *what)
{
	json_decref(server_control(s, s->url, what));
}

/* A counter of the server: "total", "keys", or of a tag: "net". */
static inline int server_count(struct pdb_server *s, const char *what)
{
	json_t *counters = server_control(s, s->url, "counters");
	const json_t *v = json_object_get(counters, what);
	int n;

	if (v == NULL)
		v = json_object_get(json_object_get(counters, "tags"), what);
	n = (int)json_integer_value(v);
	json_decref(counters);
	return n;
}

#endif
