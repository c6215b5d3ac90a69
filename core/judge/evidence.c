/*
 * Evidence begins with nothing known.
 *
 * The general words here are what an operator reads where no collector has said anything better: they name the part
 * of the configuration, or of the router's, without which the value cannot be had.
 */
#include "core/judge/evidence.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { BASIS_WORDS = 400 };

static struct text words_of(struct evidence *ev, const char *fmt, va_list ap) __attribute__((format(printf, 2, 0)));
static struct text words_of(struct evidence *ev, const char *fmt, va_list ap)
{
	char words[BASIS_WORDS];

	vsnprintf(words, sizeof(words), fmt, ap);
	return text_safez(ev->arena, words);
}

struct basis basis_known(struct evidence *ev, int64_t wall_ms, const char *fmt, ...)
{
	struct basis b = { .known = true, .wall_ms = wall_ms };
	va_list ap;

	va_start(ap, fmt);
	b.source = words_of(ev, fmt, ap);
	va_end(ap);
	return b;
}

struct basis basis_missing(struct evidence *ev, const char *fmt, ...)
{
	struct basis b = { .known = false, .wall_ms = -1 };
	va_list ap;

	va_start(ap, fmt);
	b.missing = words_of(ev, fmt, ap);
	va_end(ap);
	return b;
}

#define MISSING(lit) ((struct basis){ .known = false, .wall_ms = -1, .missing = TEXT_LIT(lit) })

static void tally_nothing(struct tally *t, struct basis b)
{
	*t = (struct tally){ .basis = b, .good = COUNT_UNKNOWN, .bad = COUNT_UNKNOWN, .open = COUNT_UNKNOWN };
}

static void prefixes_nothing(struct prefix_facts *p, struct basis b)
{
	*p = (struct prefix_facts){ .basis = b, .count = COUNT_UNKNOWN, .longest = -1,
		.added = COUNT_UNKNOWN, .removed = COUNT_UNKNOWN };
	tally_nothing(&p->registered, MISSING("name an IRR server in an irr block of the configuration"));
	tally_nothing(&p->rpki, MISSING("name a VRP file or an RTR server in an rpki block of the configuration"));
	tally_nothing(&p->seen_elsewhere, MISSING("read a table that holds other paths to these prefixes"));
	tally_nothing(&p->next_hops, MISSING("read the received routes of this session"));
	tally_nothing(&p->filter, MISSING("read the accepted routes of this session, and name an IRR server"));
	tally_nothing(&p->own_macro, MISSING("name an IRR server in an irr block of the configuration"));
}

void evidence_session_init(struct evidence_session *s)
{
	*s = (struct evidence_session){ .port = -1 };
	s->basis = MISSING("read this router");
	prefixes_nothing(&s->received, MISSING("read the received routes of this session"));
	prefixes_nothing(&s->advertised, MISSING("read the advertised routes of this session"));
	s->quality.basis = MISSING("let the router probe this neighbor (a probe block of the configuration)");
	s->quality.baseline_ms = -1;
	s->slope_basis = MISSING("history of the received prefixes over some days");
}

void evidence_sessions(struct evidence *ev, size_t n)
{
	ev->sessions = arena_alloc(ev->arena, n * sizeof(*ev->sessions));
	ev->session_count = n;
	for (size_t i = 0; i < n; i++)
		evidence_session_init(&ev->sessions[i]);
}

void evidence_init(struct evidence *ev, struct arena *a, asn_t asn, asn_t local_as, int64_t now_wall_ms)
{
	static const char traffic[] = "count the network's private ports, or name a Prometheus query for its traffic";

	*ev = (struct evidence){ .asn = asn, .local_as = local_as, .now_wall_ms = now_wall_ms, .arena = a };
	ev->routers = MISSING("read every router of the configuration");
	ev->peer_basis = MISSING("read this network from PeeringDB (peerdeck pdb refresh)");
	ev->us_basis = MISSING("read our own network from PeeringDB (peerdeck pdb refresh)");
	ev->meetings_basis = MISSING("read both networks from PeeringDB (peerdeck pdb refresh)");
	ev->registry.basis = MISSING("read the registry's status from PeeringDB or RDAP");
	ev->rdap = MISSING("ask RDAP for this network's abuse contact");
	ev->visible.basis = MISSING("read a table with paths to this network by others, or allow RIPEstat");
	ev->announced.basis = MISSING("a session that is up, or RIPEstat");
	ev->announced.prefixes4 = ev->announced.prefixes6 = COUNT_UNKNOWN;
	tally_nothing(&ev->announced.registered, MISSING("name an IRR server in an irr block of the configuration"));
	tally_nothing(&ev->announced.rpki, MISSING("name ROA payloads in an rpki block of the configuration"));
	ev->irr.basis = MISSING("name an IRR server in an irr block of the configuration");
	ev->irr.prefixes4 = ev->irr.prefixes6 = ev->irr.origins = COUNT_UNKNOWN;
	ev->vrps.basis = MISSING("name a VRP file or an RTR server in an rpki block of the configuration");
	ev->vrps.vrps = COUNT_UNKNOWN;
	ev->own_irr.basis = MISSING("name an IRR server in an irr block of the configuration");
	ev->own_irr.prefixes4 = ev->own_irr.prefixes6 = COUNT_UNKNOWN;
	for (size_t i = 0; i < ARRAY_LEN(ev->consistent); i++) {
		ev->consistent[i] = (struct consistency){ .total = COUNT_UNKNOWN, .in_all = COUNT_UNKNOWN,
			.basis = MISSING("read the received routes of every session with this network") };
		ev->sent[i] = (struct consistency){ .total = COUNT_UNKNOWN, .in_all = COUNT_UNKNOWN,
			.basis = MISSING("read the advertised routes of every session with this network") };
	}
	ev->own_visible.basis = MISSING("allow RIPEstat: no neighbor sends us our own AS number");
	ev->traffic = (struct traffic_facts){ .basis = { .wall_ms = -1, .missing = { traffic } }, .in_avg_bps = -1,
		.out_avg_bps = -1, .in_p95_bps = -1, .out_p95_bps = -1, .samples = COUNT_UNKNOWN };
	ev->flow = (struct flow_facts){ .unannounced_bps = -1, .total_bps = -1,
		.basis = MISSING("name a flow query in the configuration, or let a person attest it") };
	ev->agreed_auth.basis = MISSING("note what was agreed with this network in the inventory");
}
