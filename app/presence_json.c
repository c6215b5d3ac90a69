/* Where two networks meet, as JSON; see presence_json.h. */
#include "app/presence_json.h"

static json_t *json_of_port(const struct presence *row, const struct addr *four, const struct addr *six)
{
	json_t *o = json_object();

	json_put(o, "id", row != NULL ? json_integer(row->id) : json_null());
	json_put(o, "asn", row != NULL ? json_of_asn(row->asn) : json_null());
	json_put(o, "ipaddr4", json_of_addr(four));
	json_put(o, "ipaddr6", json_of_addr(six));
	json_put(o, "speed_mbit", row != NULL ? json_of_count(row->speed_mbit) : json_null());
	json_put(o, "rs_peer", row != NULL ? json_of_tri(row->rs_peer) : json_null());
	json_put(o, "operational", row != NULL ? json_of_tri(row->operational) : json_null());
	json_put(o, "bfd", row != NULL ? json_of_tri(row->bfd) : json_null());
	json_put(o, "source", json_string(row != NULL ? "peeringdb" : "router"));
	json_put(o, "read", row != NULL ? json_of_time(row->read_wall_ms) : json_null());
	return o;
}

static json_t *json_of_meeting(const struct meeting *m)
{
	json_t *o = json_object();

	json_put(o, "family", json_string(m->version == 4 ? "ipv4" : "ipv6"));
	json_put(o, "ours", json_of_addr(m->version == 4 ? &m->ours->ip4 : &m->ours->ip6));
	json_put(o, "theirs", json_of_addr(m->version == 4 ? &m->theirs->ip4 : &m->theirs->ip6));
	json_put(o, "port_id", json_integer(m->theirs->id));
	if (m->seen != NULL) {
		json_put(o, "router", json_of_words(m->seen->router));
		json_put(o, "state", json_of_words(bgp_state_word(m->seen->state)));
		json_put(o, "remote_as", json_of_asn(m->seen->remote_as));
	}
	return o;
}

static void put_meetings(json_t *o, const struct common_exchange *x)
{
	json_t *sessions = json_array(), *missing = json_array(), *elsewhere = json_array();

	for (size_t i = 0; i < x->meeting_count; i++) {
		const struct meeting *m = &x->meetings[i];

		json_array_append_new(m->seen != NULL ? sessions : m->elsewhere ? elsewhere : missing, json_of_meeting(m));
	}
	json_put(o, "sessions", sessions);
	json_put(o, "missing", missing);
	json_put(o, "only_from_another_port", elsewhere);
}

json_t *presence_json_exchange(const struct exchange *x, uint32_t ix_id)
{
	json_t *o = json_object();

	json_put(o, "ix_id", json_integer(ix_id));
	if (x == NULL)
		return o;
	json_put(o, "name", json_of_text(x->name));
	json_put(o, "city", json_of_nonempty(text_or(x->city, NULL)));
	json_put(o, "country", json_of_nonempty(text_or(x->country, NULL)));
	json_put(o, "status_dashboard", json_of_nonempty(text_or(x->status_dashboard, NULL)));
	json_put(o, "tech_email", json_of_nonempty(text_or(x->tech_email, NULL)));
	json_put(o, "tech_phone", json_of_nonempty(text_or(x->tech_phone, NULL)));
	json_put(o, "policy_email", json_of_nonempty(text_or(x->policy_email, NULL)));
	json_put(o, "policy_phone", json_of_nonempty(text_or(x->policy_phone, NULL)));
	json_put(o, "rs_asn", json_of_asn(x->rs_asn));
	json_put(o, "read", json_of_time(x->read_wall_ms));
	return o;
}

static json_t *json_of_common(const struct common_exchange *x, bool online)
{
	json_t *o = presence_json_exchange(x->exchange, x->ix_id), *ours = json_array(), *theirs = json_array();

	json_put(o, "ixlan_id", json_integer(x->ixlan_id));
	json_put(o, "name", json_of_text(x->name));
	for (size_t i = 0; i < x->our_count; i++)
		json_array_append_new(ours, json_of_port(x->ours[i].row, &x->ours[i].ip4, &x->ours[i].ip6));
	for (size_t i = 0; i < x->their_count; i++)
		json_array_append_new(theirs, json_of_port(x->theirs[i], &x->theirs[i]->ip4, &x->theirs[i]->ip6));
	json_put(o, "ours", ours);
	json_put(o, "theirs", theirs);
	if (online) {
		put_meetings(o, x);
	} else {
		json_put(o, "sessions", json_null());
		json_put(o, "missing", json_null());
	}
	return o;
}

static json_t *json_of_facility(const struct common_facility *f)
{
	json_t *o = json_object();

	json_put(o, "fac_id", json_integer(f->theirs->fac_id));
	json_put(o, "name", json_of_text(f->theirs->name));
	json_put(o, "city", json_of_text(f->theirs->city));
	json_put(o, "country", json_of_text(f->theirs->country));
	json_put(o, "tech_email", f->facility != NULL ? json_of_nonempty(text_or(f->facility->tech_email, NULL)) : json_null());
	json_put(o, "tech_phone", f->facility != NULL ? json_of_nonempty(text_or(f->facility->tech_phone, NULL)) : json_null());
	json_put(o, "read", json_of_time(f->theirs->read_wall_ms));
	return o;
}

static json_t *json_of_drift(const struct drift *d)
{
	json_t *o = json_object();

	json_put(o, "kind", json_string(drift_word(d->kind)));
	json_put(o, "words", json_of_text(d->words));
	json_put(o, "router", d->seen != NULL ? json_of_words(d->seen->router) : json_null());
	json_put(o, "address", d->seen != NULL ? json_of_addr(&d->seen->peer) : json_null());
	json_put(o, "port_id", d->port != NULL ? json_integer(d->port->id) : json_null());
	json_put(o, "ix_id", d->exchange != NULL ? json_integer(d->exchange->ix_id) : json_null());
	json_put(o, "other_asn", json_of_asn(d->other));
	json_put(o, "received", d->seen != NULL ? json_of_count(d->seen->received) : json_null());
	json_put(o, "limit", d->limit > 0 ? json_of_count(d->limit) : json_null());
	return o;
}

static json_t *json_of_private(const struct private_peering *x, bool online)
{
	json_t *o = json_object();
	char address[ADDR_STRLEN];

	json_put(o, "where", json_of_text(x->port->where));
	json_put(o, "router", json_of_text(x->port->router));
	json_put(o, "address", json_of_nonempty(addr_print(&x->port->address, address)));
	json_put(o, "speed_mbit", json_of_count(x->port->speed_mbit));
	json_put(o, "note", json_of_text(x->port->note));
	json_put(o, "state", online && x->seen != NULL ? json_of_words(bgp_state_word(x->seen->state)) : json_null());
	return o;
}

json_t *presence_json(const struct presence_view *v, bool online)
{
	json_t *o = json_object(), *exchanges = json_array(), *facilities = json_array(), *drifts = json_array(), *privates = json_array();

	json_put(o, "asn", json_of_asn(v->asn));
	json_put(o, "name", v->theirs != NULL ? json_of_text(v->theirs->name) : json_null());
	json_put(o, "known", json_boolean(v->theirs != NULL));
	json_put(o, "own_network_known", json_boolean(v->ours != NULL));
	json_put(o, "all_routers_read", online ? json_boolean(v->all_read) : json_null());
	json_put(o, "read", v->theirs != NULL ? json_of_time(v->theirs->fetched_wall_ms) : json_null());
	for (size_t i = 0; i < v->exchange_count; i++)
		json_array_append_new(exchanges, json_of_common(&v->exchanges[i], online));
	for (size_t i = 0; i < v->facility_count; i++)
		json_array_append_new(facilities, json_of_facility(&v->facilities[i]));
	for (size_t i = 0; i < v->drift_count; i++)
		json_array_append_new(drifts, json_of_drift(&v->drifts[i]));
	for (size_t i = 0; i < v->private_count; i++)
		json_array_append_new(privates, json_of_private(&v->privates[i], online));
	json_put(o, "exchanges", exchanges);
	json_put(o, "private", privates);
	json_put(o, "facilities", v->facilities_known ? facilities : json_null());
	if (!v->facilities_known)
		json_decref(facilities);
	json_put(o, "drift", drifts);
	json_put(o, "missing", online ? json_integer((json_int_t)v->missing) : json_null());
	return o;
}
