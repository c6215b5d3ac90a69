/* Which prefixes make an exchange; see exchange_note.h. */
#include "app/exchange_note.h"
#include "core/model/scope.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

enum { NAMED = 4 };

static void of_peeringdb(const struct exchange *x, struct str *out)
{
	char text[PREFIX_STRLEN];

	if (x->prefix_count == 0) {
		str_addf(out, "PeeringDB tells no LAN of %s: no neighbor can be known to be on it\n", text_or(x->name, "it"));
		return;
	}
	str_puts(out, "takes neighbors inside ");
	for (size_t i = 0; i < x->prefix_count; i++)
		str_addf(out, "%s%s", i > 0 ? ", " : "", prefix_print(&x->prefixes[i], text));
	str_puts(out, " (PeeringDB)\n");
}

static void of_block(const struct router_conf *r, struct str *out)
{
	if (r->exchange_lan != NULL)
		str_addf(out, "takes on %s neighbors inside %s (its block)\n", r->name, r->exchange_lan);
	else
		str_addf(out, "takes on %s EVERY session with another AS: its block names no exchange-lan\n", r->name);
}

/* Neighbors of other networks that are on no LAN we know: if one is on this exchange, nothing tells so. */
static void of_outside(const struct world_session *rows, size_t count, struct str *out)
{
	const struct world_session *last = NULL;
	struct str names;
	size_t n = 0;

	str_init(&names, 0);
	for (size_t i = 0; i < count; i++) {
		const struct world_session *row = &rows[i];
		asn_t own = row->s->local_as != ASN_UNKNOWN ? row->s->local_as : row->router->snap != NULL ? row->router->snap->local_as
		                                                                                            : ASN_UNKNOWN;

		if (row->exchange != NULL || scope_local_exchange(row) != NULL || (own != ASN_UNKNOWN && own == row->s->remote_as))
			continue;
		if (last != NULL && last->router == row->router && strcmp(text_or(last->s->neighbor, ""), text_or(row->s->neighbor, "")) == 0)
			continue; /* another family of it */
		last = row;
		if (n++ < NAMED)
			str_addf(&names, "%s%s %s", names.len > 0 ? ", " : "", row->router->conf->name, text_or(row->s->neighbor, "?"));
	}
	if (n > 0)
		str_addf(out, "not in it: %zu neighbor%s on no LAN that is known (%s%s)\n", n, n == 1 ? "" : "s", names.p,
		    n > NAMED ? " ..." : "");
	str_fini(&names);
}

void exchange_note(const struct world *w, const char *name, const struct world_session *rows, size_t count, struct str *out)
{
	const struct exchange *x = peer_set_exchange_named(w->peers, name);

	if (x != NULL)
		of_peeringdb(x, out);
	for (size_t i = 0; i < w->router_count; i++)
		if (w->routers[i].conf->exchange != NULL && strcasecmp(w->routers[i].conf->exchange, name) == 0)
			of_block(w->routers[i].conf, out);
	of_outside(rows, count, out);
}
