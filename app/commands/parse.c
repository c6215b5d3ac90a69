/*
 * peerdeck parse - what a driver reads in one printed output, as JSON.
 *
 * For those who write drivers and for bug reports.  Every key is always
 * there; null is unknown.  Nothing is connected to and no configuration read.
 */
#include "app/commands/commands.h"
#include "app/exit.h"
#include "core/base/str.h"
#include "core/model/driver.h"

#include <errno.h>
#include <getopt.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* An output larger than this is not what one pastes into a report. */
enum { INPUT_MAX = 512 << 20 };

static json_t *j_text(struct text t)
{
	return text_known(t) ? json_string(t.s) : json_null();
}

static json_t *j_count(count_t n)
{
	return n >= 0 ? json_integer(n) : json_null();
}

static json_t *j_tri(enum tri t)
{
	return t == TRI_UNKNOWN ? json_null() : json_boolean(t == TRI_YES);
}

static json_t *j_word(const char *word)
{
	return word != NULL ? json_string(word) : json_null();
}

static json_t *j_asn(asn_t asn)
{
	return asn != ASN_UNKNOWN ? json_integer(asn) : json_null();
}

static json_t *j_addr(const struct addr *a)
{
	char buf[ADDR_STRLEN];

	return a->family != ADDR_NONE ? json_string(addr_print(a, buf)) : json_null();
}

static json_t *j_ms(double ms)
{
	return ms >= 0 ? json_real(ms) : json_null();
}

static void put(json_t *o, const char *key, json_t *value)
{
	json_object_set_new(o, key, value);
}

static json_t *j_neighbor(const struct report *r, const struct session *s)
{
	if (r->handle_first && !text_empty(s->handle) && !text_same(s->handle, s->neighbor))
		return json_sprintf("%s %s", s->handle.s, text_or(s->neighbor, ""));
	return j_text(s->neighbor);
}

static json_t *j_last_error(const struct session *s)
{
	const struct last_error *le = &s->last_error;
	json_t *o;

	if (le->code < 0 && text_empty(le->words))
		return json_null();
	o = json_object();
	put(o, "code", j_count(le->code));
	put(o, "subcode", j_count(le->subcode));
	put(o, "direction",
	    j_word(le->dir == DIR_SENT ? "sent" : le->dir == DIR_RECEIVED ? "received" : NULL));
	put(o, "words", j_text(le->words));
	put(o, "ago_s", j_count(le->ago_s));
	return o;
}

/* What the corpora state, under the keys they use. */
static json_t *j_session(const struct report *r, const struct session *s)
{
	json_t *o = json_object();

	put(o, "neighbor", j_neighbor(r, s));
	put(o, "remote_as", s->remote_as_zero ? json_integer(0) : j_asn(s->remote_as));
	put(o, "state", j_word(bgp_state_word(s->state)));
	put(o, "admin_down", j_tri(s->admin_down));
	put(o, "vrf", json_string(text_or(s->vrf, "default")));
	put(o, "afi_safi", j_word(afi_safi_word(s->family)));
	put(o, "prefixes_received", j_count(s->received));
	put(o, "prefixes_accepted", j_count(s->accepted));
	put(o, "prefixes_advertised", j_count(s->advertised));
	put(o, "prefixes_active", j_count(s->active));
	put(o, "max_prefixes", j_count(s->max_prefixes));
	put(o, "uptime_s", j_count(s->since_s));
	put(o, "description", j_text(s->description));
	return o;
}

/* What else a driver reads. */
static void add_more(json_t *o, const struct session *s)
{
	put(o, "local_as", j_asn(s->local_as));
	put(o, "local_address", j_addr(&s->local));
	put(o, "handle", j_text(s->handle));
	put(o, "group", j_text(s->group));
	put(o, "dynamic", j_tri(s->dynamic));
	put(o, "limit_action", j_word(limit_action_word(s->limit_action)));
	put(o, "limit_warn_pct", j_count(s->limit_warn_pct));
	put(o, "limit_restart_s", j_count(s->limit_restart_s));
	put(o, "limit_tripped", j_tri(s->limit_tripped));
	put(o, "soft_reconfiguration", j_tri(s->soft_reconfig));
	put(o, "import_policy", j_text(s->import_policy));
	put(o, "export_policy", j_text(s->export_policy));
	put(o, "authentication", j_word(auth_word(s->auth)));
	put(o, "hold_time_s", j_count(s->hold_time_s));
	put(o, "messages_in", j_count(s->messages_in));
	put(o, "messages_out", j_count(s->messages_out));
	put(o, "flaps", j_count(s->flaps));
	put(o, "last_error", j_last_error(s));
	put(o, "shutdown_message", j_text(s->shutdown_message));
	put(o, "own_message", j_text(s->own_message));
}

static void put_sessions(json_t *top, struct report *r)
{
	struct snap *snap = snap_builder_freeze(r->sessions, 0);
	json_t *rows = json_array();

	r->sessions = NULL;
	put(top, "router_id", j_addr(&snap->router_id));
	put(top, "local_as", j_asn(snap->local_as));
	put(top, "version", text_empty(snap->version) ? json_null() : j_text(snap->version));
	put(top, "rows_seen", json_integer(snap->rows_seen));
	put(top, "rows_parsed", json_integer(snap->rows_parsed));
	put(top, "note", text_empty(snap->note) ? json_null() : j_text(snap->note));
	for (size_t i = 0; i < snap->count; i++) {
		json_t *o = j_session(r, &snap->sessions[i]);

		add_more(o, &snap->sessions[i]);
		json_array_append_new(rows, o);
	}
	put(top, "sessions", rows);
	snap_unref(snap);
}

static void put_rows(json_t *top, const struct report *r)
{
	put(top, "rows_seen", json_integer(r->rows_seen));
	put(top, "rows_parsed", json_integer(r->rows_parsed));
}

static void put_routes(json_t *top, struct report *r)
{
	json_t *rows = json_array();

	put_rows(top, r);
	for (size_t i = 0; i < r->route_count; i++) {
		json_t *o = json_object();

		put(o, "prefix", j_text(r->routes[i].prefix));
		put(o, "next_hop", j_text(r->routes[i].next_hop));
		put(o, "as_path", text_empty(r->routes[i].as_path) ? json_null() :
		    j_text(r->routes[i].as_path));
		json_array_append_new(rows, o);
	}
	put(top, "prefixes", rows);
}

static void put_ping(json_t *top, struct report *r)
{
	json_t *rtt = json_object();

	put(top, "destination", j_text(r->ping.destination));
	put(top, "sent", j_count(r->ping.sent));
	put(top, "received", j_count(r->ping.received));
	put(rtt, "min", j_ms(r->ping.min_ms));
	put(rtt, "avg", j_ms(r->ping.avg_ms));
	put(rtt, "max", j_ms(r->ping.max_ms));
	put(rtt, "mdev", j_ms(r->ping.mdev_ms));
	put(top, "rtt_ms", rtt);
}

static void put_interfaces(json_t *top, struct report *r)
{
	json_t *rows = json_array();

	put_rows(top, r);
	for (size_t i = 0; i < r->iface_count; i++) {
		const struct iface *f = &r->ifaces[i];
		json_t *o = json_object();

		put(o, "name", j_text(f->name));
		put(o, "description", j_text(f->description));
		put(o, "link", j_text(f->link));
		put(o, "protocol", j_text(f->protocol));
		put(o, "input_errors", j_count(f->input_errors));
		put(o, "output_errors", j_count(f->output_errors));
		put(o, "crc_errors", j_count(f->crc_errors));
		put(o, "input_bps", j_count(f->input_bps));
		put(o, "output_bps", j_count(f->output_bps));
		put(o, "input_octets", j_count(f->input_octets));
		put(o, "output_octets", j_count(f->output_octets));
		put(o, "speed_bps", j_count(f->speed_bps));
		json_array_append_new(rows, o);
	}
	put(top, "interfaces", rows);
}

static void put_status(json_t *top, struct report *r)
{
	json_t *o = json_object();

	for (size_t i = 0; i < r->status_count; i++)
		put(o, r->status[i].key, j_text(r->status[i].value));
	put(top, "status", o);
}

static const struct {
	const char *word;
	void (*put)(json_t *top, struct report *r);
} kinds[] = {
	[REPORT_SESSIONS] = { "sessions", put_sessions },
	[REPORT_ROUTES] = { "routes", put_routes },
	[REPORT_PING] = { "ping", put_ping },
	[REPORT_INTERFACES] = { "interfaces", put_interfaces },
	[REPORT_STATUS] = { "status", put_status },
};

static int print_report(struct report *r, const char *os, const char *command)
{
	json_t *top = json_object();
	int rc;

	put(top, "kind", json_string(kinds[r->kind].word));
	put(top, "os", json_string(os));
	put(top, "command", json_string(command));
	kinds[r->kind].put(top, r);
	rc = json_dumpf(top, stdout, JSON_INDENT(2) | JSON_REAL_PRECISION(12));
	json_decref(top);
	return rc != 0 || putchar('\n') == EOF || fflush(stdout) != 0 ? -1 : 0;
}

static int read_all(const char *path, struct str *in, struct err *e)
{
	FILE *f = path == NULL || strcmp(path, "-") == 0 ? stdin : fopen(path, "re");
	char buf[65536];
	size_t n;
	int rc = 0;

	if (f == NULL)
		return err_errno(e, ERR_IO, "%s", path);
	while (rc == 0 && (n = fread(buf, 1, sizeof(buf), f)) > 0)
		rc = str_add(in, buf, n);
	if (rc != 0)
		err_set(e, ERR_LIMIT, "%s: more than %d octets", path ? path : "stdin", INPUT_MAX);
	else if (ferror(f))
		rc = err_errno(e, ERR_IO, "%s", path ? path : "stdin");
	if (f != stdin)
		fclose(f);
	return rc;
}

struct args {
	const char *os, *command, *path;
};

static int parse_output(const struct driver *d, const struct reading *reading,
    const struct args *a, struct err *e)
{
	struct report *r = report_new();
	struct str in, words;
	int rc;

	str_init(&in, INPUT_MAX);
	str_init(&words, 4096);
	driver_command_words(d, a->command, &words);
	r->command = words.p;
	rc = read_all(a->path, &in, e);
	if (rc == 0)
		rc = reading->parse(r, str_slice(&in), e);
	if (rc == 0 && print_report(r, d->name, a->command) != 0)
		rc = err_errno(e, ERR_IO, "stdout");
	str_fini(&in);
	str_fini(&words);
	report_free(r);
	return rc;
}

static int usage(FILE *to, int status)
{
	fputs("usage: peerdeck parse --os OS --command COMMAND [FILE]\n"
	      "Prints what the driver of OS reads in the output of COMMAND (FILE or standard input), as JSON.\n"
	      "peerdeck drivers lists the OSes and the commands.\n",
	    to);
	return status;
}

static int get_args(int argc, char **argv, struct args *a)
{
	static const struct option options[] = {
		{ "os", required_argument, NULL, 'o' },
		{ "command", required_argument, NULL, 'c' },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	int opt;

	optind = 1;
	while ((opt = getopt_long(argc, argv, "o:c:h", options, NULL)) != -1)
		switch (opt) {
		case 'o':
			a->os = optarg;
			break;
		case 'c':
			a->command = optarg;
			break;
		case 'h':
			return usage(stdout, STATUS_DONE);
		default:
			return usage(stderr, STATUS_USAGE);
		}
	if (a->os == NULL || a->command == NULL || argc - optind > 1)
		return usage(stderr, STATUS_USAGE);
	a->path = argv[optind];
	return -1;
}

int cmd_parse(const struct options *o, int argc, char **argv)
{
	struct args a = { 0 };
	const struct reading *reading;
	const struct driver *d;
	struct err e = ERR_INIT;
	int status = get_args(argc, argv, &a);

	(void)o;
	if (status >= 0)
		return status;
	d = driver_find(a.os);
	if (d == NULL) {
		fprintf(stderr, "peerdeck: %s: no such OS; peerdeck drivers lists them\n", a.os);
		return STATUS_USAGE;
	}
	reading = driver_reading(d, a.command);
	if (reading == NULL) {
		fprintf(stderr, "peerdeck: %s has no reader for the output of \"%s\"\n", d->name,
		    a.command);
		return STATUS_USAGE;
	}
	if (parse_output(d, reading, &a, &e) != 0) {
		fprintf(stderr, "peerdeck: %s\n", e.text);
		return STATUS_FAILED;
	}
	return STATUS_DONE;
}
