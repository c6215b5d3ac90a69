/* Asking one neighbor's routes, ping and interface; see question.h. */
#include "backends/link/question.h"
#include "backends/link/cli.h"
#include "backends/parse/linux_link.h"
#include "core/act/tmpl.h"
#include "core/base/clock.h"
#include "core/base/scan.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	ROUTES_S = 600,           /* a full table over a slow control plane */
	SMALL_S = 60,
	SMALL_MAX = 4 << 20,
	COMMAND_LEN = 1024,
	RATE_MS = 2000,           /* between two looks at counters */
};
static const size_t ROUTES_MAX = (size_t)4 << 30; /* octets: they pass, none is held */

struct question *question_new(enum question_kind kind, const struct session *about)
{
	struct question *q = MEM_NEW(struct question);

	q->kind = kind;
	q->peer = about->peer;
	q->local = about->local;
	q->family = about->family;
	snprintf(q->vrf, sizeof(q->vrf), "%s", text_or(about->vrf, ""));
	snprintf(q->handle, sizeof(q->handle), "%s", text_or(about->handle, ""));
	q->count = 10;
	str_init(&q->asked, COMMAND_LEN);
	tally_init(&q->tally);
	return q;
}

void question_free(struct question *q)
{
	if (q == NULL)
		return;
	if (q->gone != NULL)
		q->gone(q->answered_ctx);
	str_fini(&q->asked);
	report_free(q->report);
	free(q);
}

/* ---- commands ---- */

static int ip_version(const struct question *q)
{
	int v = afi_version(q->family);

	return v != 0 ? v : q->peer.family == ADDR_IP6 ? 6 : 4;
}

static bool interface_is_safe(const char *name)
{
	static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._:/@-";

	return name != NULL && name[0] != '-' && name[0] != '\0' && strlen(name) < 64 &&
	       strspn(name, allowed) == strlen(name);
}

/* One place that tmpl does not know; 1 filled, 0 not known, -1 not ours. */
static int put_own(const struct question *q, struct slice place, const char *interface, struct str *out)
{
	char text[ADDR_STRLEN];

	if (slice_eq(place, "count")) {
		str_addf(out, "%u", q->count);
		return 1;
	}
	if (slice_eq(place, "local")) {
		str_puts(out, addr_print(&q->local, text));
		return q->local.family != ADDR_NONE;
	}
	if (slice_eq(place, "interface")) {
		if (!interface_is_safe(interface))
			return 0;
		str_puts(out, interface);
		return 1;
	}
	return -1;
}

/* Fills our own places, drops brackets whose place is unknown, leaves the rest to tmpl. */
static int fill_own(const struct question *q, const char *tmpl, const char *interface, struct str *out, struct err *e)
{
	size_t bracket = 0, known = 1;

	for (const char *p = tmpl; *p != '\0'; p++) {
		const char *end = strchr(p, '}');
		struct slice place = { p + 1, *p == '{' && end != NULL ? (size_t)(end - p - 1) : 0 };
		int rc = *p == '{' && end != NULL ? put_own(q, place, interface, out) : -1;

		if (*p == '[') {
			bracket = out->len + 1;
			known = 1;
		} else if (*p == ']' && bracket > 0) {
			if (!known) {
				out->len = bracket - 1;
				out->p[out->len] = '\0';
			}
			bracket = 0;
		} else if (rc >= 0) {
			if (rc == 0 && bracket == 0)
				return err_set(e, ERR_REFUSED, "the %.*s is not known", (int)place.len, place.p);
			known = known && rc == 1;
			p = end;
		} else {
			str_putc(out, *p);
		}
	}
	return 0;
}

int question_fill(const struct question *q, const char *tmpl, const char *interface, struct str *out, struct err *e)
{
	int ip = ip_version(q);
	const struct tmpl_args args = { .neighbor = &q->peer, .vrf = q->vrf, .name = ip == 6 ? "ipv6" : "ipv4",
		.protocol = q->handle, .handle = q->handle, .number = (unsigned)ip,
		.family = ip == 6 ? "ipv6 unicast" : "ipv4 unicast" };
	struct arena *a = arena_new();
	const char *line = NULL;
	struct str own;

	str_init(&own, COMMAND_LEN);
	if (fill_own(q, tmpl, interface, &own, e) == 0)
		line = tmpl_line(a, own.p, &args, e);
	str_clear(out);
	if (line != NULL)
		str_puts(out, line);
	str_fini(&own);
	arena_free(a);
	return line != NULL ? 0 : -1;
}

/* The command of the session's VRF. */
static int command_about(struct question *q, const char *command, const char *vrf_command, const char *interface,
    struct err *e)
{
	if (q->vrf[0] != '\0' && vrf_command == NULL)
		return err_set(e, ERR_REFUSED, "how to ask this in a VRF is not known on this router OS");
	return question_fill(q, q->vrf[0] != '\0' ? vrf_command : command, interface, &q->asked, e);
}

static int command_of(struct question *q, const char *command, const char *vrf_command, struct err *e)
{
	return command_about(q, command, vrf_command, NULL, e);
}

/* ---- routes ---- */

/* An intake behind a sink; what comes after it gave up is read and dropped, so that the dialogue stays in step. */
struct stream {
	struct intake in;
	struct err rejected;
	bool open;
};

static int take_stream(void *ctx, const char *p, size_t n, struct err *e)
{
	struct stream *s = ctx;

	(void)e;
	if (s->open && s->in.feed(s->in.state, p, n, &s->rejected) < 0) {
		s->in.drop(s->in.state);
		s->open = false;
	}
	return 0;
}

/* Some commands show all families of a neighbor. */
static void take_route(void *ctx, struct slice prefix, struct slice next_hop, struct slice as_path)
{
	struct question *q = ctx;
	struct prefix p;

	if (afi_version(q->family) != 0 && prefix_parse(prefix, &p) && p.net.family != ip_version(q))
		return;
	tally_route(&q->tally, prefix, next_hop);
	if (q->each != NULL)
		q->each(q->each_ctx, prefix, next_hop, as_path);
}

/* The first row for these routes from `from` on. */
static const struct route_query *routes_of(const struct question *q, const struct driver *d, size_t from)
{
	for (size_t i = from; i < d->route_count; i++)
		if (d->routes[i].side == q->side && (d->routes[i].ip == 0 || d->routes[i].ip == ip_version(q)))
			return &d->routes[i];
	return NULL;
}

/* A refusal says what the router lacks. */
static void say_missing(const struct question *q, const struct route_query *rq, struct err *e)
{
	const struct err said = *e;
	struct err own = ERR_INIT;
	struct str words;

	if (rq->missing == NULL || (e->code != ERR_DEVICE && e->code != ERR_PARSE))
		return;
	str_init(&words, COMMAND_LEN);
	if (question_fill(q, rq->missing, NULL, &words, &own) == 0) {
		err_clear(e);
		err_set(e, said.code, "%s; %s", said.text, words.p);
	}
	str_fini(&words);
}

static int ask_row(struct question *q, struct cli *cli, const struct route_query *rq, struct err *e)
{
	struct stream s = { .open = true };
	struct link_sink sink = { take_stream, &s };
	int rc;

	if (command_of(q, rq->command, rq->vrf_command, e) < 0)
		return -1;
	q->note = rq->note;
	q->out = (struct route_out){ .take = take_route, .ctx = q };
	s.in = rq->open(&q->out);
	rc = cli_run(cli, q->asked.p, &sink, ROUTES_MAX, clock_boot_ms() + ROUTES_S * 1000, e);
	if (rc < 0 && s.open)
		s.in.drop(s.in.state);
	else if (rc == 0 && (!s.open || s.in.finish(s.in.state, &s.rejected) < 0))
		rc = err_set(e, s.rejected.code ? s.rejected.code : ERR_PARSE, "%s",
		    s.rejected.code ? s.rejected.text : "the answer cannot be read");
	return rc;
}

static int ask_routes(struct question *q, struct cli *cli, const struct driver *d, struct err *e)
{
	const struct route_query *rq = routes_of(q, d, 0), *next;
	int rc;

	if (rq == NULL)
		return err_set(e, ERR_REFUSED, "%s routes of one neighbor cannot be asked for on %s", route_side_word(q->side),
		    d->title);
	while ((rc = ask_row(q, cli, rq, e)) < 0 && e->code == ERR_DEVICE && q->out.seen == 0 &&
	       (next = routes_of(q, d, (size_t)(rq - d->routes) + 1)) != NULL) {
		err_clear(e);
		rq = next;
	}
	q->rows_seen = q->out.seen;
	q->rows_parsed = q->out.parsed;
	if (rc < 0)
		say_missing(q, rq, e);
	tally_sort(&q->tally);
	return rc;
}

/* ---- small answers ---- */

/* Programs of the host run as the login: who may read counters and ping needs no sudo. */
static int run(struct question *q, struct link *l, struct cli *cli, const struct router_conf *conf, bool shell,
    const char *command, struct str *out, struct err *e)
{
	struct router_conf plain = *conf;
	struct link_sink sink = link_sink_str(out);
	int64_t deadline = clock_boot_ms() + SMALL_S * 1000;

	str_clear(out);
	plain.prefix = NULL;
	if (shell)
		return cli_host(cli, l, &plain, command, deadline, out, e);
	(void)q;
	return cli_run(cli, command, &sink, out->max, deadline, e);
}

static int ask_ping(struct question *q, struct link *l, struct cli *cli, const struct router_conf *conf,
    const struct driver *d, struct err *e)
{
	const struct ping_query *pq = NULL;
	struct err ran = ERR_INIT;
	struct str out;
	int rc;

	for (size_t i = 0; i < d->ping_count && pq == NULL; i++)
		if (d->ping[i].ip == 0 || d->ping[i].ip == (q->peer.family == ADDR_IP6 ? 6 : 4))
			pq = &d->ping[i];
	if (pq == NULL)
		return err_set(e, ERR_REFUSED, "how to ping is not known on %s", d->title);
	if (command_of(q, pq->command, pq->vrf_command, e) < 0)
		return -1;
	str_init(&out, SMALL_MAX);
	q->report = report_new();
	q->report->command = q->asked.p;
	/* Programs end with a failure when nothing came back: what they printed counts. */
	rc = run(q, l, cli, conf, pq->shell, q->asked.p, &out, &ran);
	if (rc == 0 || (ran.code == ERR_DEVICE && out.len > 0)) {
		rc = pq->parse(q->report, str_slice(&out), e);
		if (rc < 0 && ran.code != ERR_NONE)
			err_clear(e);
	}
	if (rc < 0 && ran.code != ERR_NONE)
		err_set(e, ran.code, "%s", ran.text);
	str_fini(&out);
	return rc;
}

static int show_interface(struct question *q, struct link *l, struct cli *cli, const struct router_conf *conf,
    const struct iface_query *iq, const char *name, struct report **report, struct str *out, struct err *e)
{
	if (question_fill(q, iq->show, name, &q->asked, e) < 0 ||
	    run(q, l, cli, conf, iq->shell, q->asked.p, out, e) < 0)
		return -1;
	report_free(*report);
	*report = report_new();
	(*report)->command = q->asked.p;
	return iq->parse(*report, str_slice(out), e);
}

static count_t rate(count_t before, count_t after, int64_t ms)
{
	return before < 0 || after < before || ms <= 0 ? COUNT_UNKNOWN : (after - before) * 8 * 1000 / ms;
}

/* Some count octets, not rates: two looks, and of a host the speed from where the kernel keeps it. */
static int add_rates(struct question *q, struct link *l, struct cli *cli, const struct router_conf *conf,
    const struct iface_query *iq, const char *name, struct str *out, struct err *e)
{
	struct pollfd none = { .fd = -1 };
	int64_t first = cli_answered_ms(cli);
	const struct iface before = q->report->ifaces[0];
	struct err own = ERR_INIT;
	struct report *old = q->report;
	struct iface *now;
	int rc;

	if (!cli_remembers(cli))
		link_wait(&none, 1, l->cancel_fd, first + RATE_MS, "", NULL);
	q->report = NULL;
	rc = show_interface(q, l, cli, conf, iq, name, &q->report, out, e);
	report_free(old);
	if (rc < 0 || q->report->iface_count == 0)
		return rc;
	now = &q->report->ifaces[0];
	now->input_bps = rate(before.input_octets, now->input_octets, cli_answered_ms(cli) - first);
	now->output_bps = rate(before.output_octets, now->output_octets, cli_answered_ms(cli) - first);
	if (iq->shell && question_fill(q, "cat /sys/class/net/{interface}/speed", name, &q->asked, &own) == 0 &&
	    run(q, l, cli, conf, true, q->asked.p, out, &own) == 0)
		now->speed_bps = linux_speed(str_slice(out));
	return question_fill(q, iq->show, name, &q->asked, e);
}

static int ask_interface(struct question *q, struct link *l, struct cli *cli, const struct router_conf *conf,
    const struct driver *d, struct err *e)
{
	const struct iface_query *iq = NULL;
	struct str out, name;
	int rc = -1;

	for (size_t i = 0; i < d->iface_count && iq == NULL; i++)
		if (d->iface[i].ip == 0 || d->iface[i].ip == (q->peer.family == ADDR_IP6 ? 6 : 4))
			iq = &d->iface[i];
	if (iq == NULL)
		return err_set(e, ERR_REFUSED, "how to find the interface is not known on %s", d->title);
	if (command_of(q, iq->find, iq->find_vrf, e) < 0)
		return -1;
	str_init(&out, SMALL_MAX);
	str_init(&name, 128);
	if (run(q, l, cli, conf, iq->shell, q->asked.p, &out, e) < 0 || iq->name(str_slice(&out), &name, e) < 0)
		goto done;
	if (iq->port != NULL) {
		if (command_about(q, iq->port, iq->port_vrf, name.p, e) < 0 ||
		    run(q, l, cli, conf, false, q->asked.p, &out, e) < 0)
			goto done;
		str_clear(&name);
		if (iq->port_name(str_slice(&out), &name, e) < 0)
			goto done;
	}
	if (iq->whole_port && strchr(name.p, '.') != NULL)
		*strchr(name.p, '.') = '\0';
	rc = show_interface(q, l, cli, conf, iq, name.p, &q->report, &out, e);
	if (rc == 0 && q->report->iface_count == 0)
		rc = err_set(e, ERR_PARSE, "no interface in the answer to \"%s\"", q->asked.p);
	if (rc == 0 && (iq->shell || iq->counted))
		rc = add_rates(q, l, cli, conf, iq, name.p, &out, e);
done:
	str_fini(&out);
	str_fini(&name);
	return rc;
}

int question_ask(struct question *q, struct link *link, struct cli *cli, const struct router_conf *conf,
    const struct driver *driver)
{
	if (q->peer.family == ADDR_NONE) /* unnumbered: an interface, no address */
		return err_set(&q->err, ERR_REFUSED, "this neighbor has no address");
	switch (q->kind) {
	case ASK_ROUTES:
		return ask_routes(q, cli, driver, &q->err);
	case ASK_PING:
		return ask_ping(q, link, cli, conf, driver, &q->err);
	case ASK_INTERFACE:
		return ask_interface(q, link, cli, conf, driver, &q->err);
	}
	return -1;
}
