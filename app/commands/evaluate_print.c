/* An evaluation in words and as JSON; see evaluate.h. */
#include "app/commands/evaluate.h"
#include "app/output_verdicts.h"
#include "core/base/clock.h"
#include "core/judge/request.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void print_head(const struct evaluation *v)
{
	const struct peer *p = v->them;
	char when[CLOCK_ISO_LEN], sum_words[120];
	struct verdict_sum sum = verdict_sum_of(v->verdicts, v->policy->clause_count);

	verdict_sum_words(&sum, sum_words, sizeof(sum_words));
	if (v->mirror)
		printf("Do we, AS%u, meet the policy of AS%u %s?\n", v->seen->asn, v->policy->asn, v->policy->name);
	else
		printf("AS%u %s against the peering policy of AS%u %s\n", v->asn, p != NULL ? text_or(p->name, "") : "", v->policy->asn, v->policy->name);
	printf("%s\n", sum_words);
	if (p == NULL) {
		printf("\nPeeringDB: %s\n", v->ev->peer_absent ? "it has no such network" : text_or(v->ev->peer_basis.missing, "not read"));
		return;
	}
	printf("\nPeeringDB (read %s): policy %s, type %s, as-set %s\n", clock_iso(p->fetched_wall_ms, when), text_or(p->policy_general, "-"),
	    text_or(p->info_type, "-"), text_or(p->irr_as_set, "-"));
	if (!text_empty(p->info_traffic) || !text_empty(p->info_ratio))
		printf("It claims, which proves nothing: traffic %s, ratio %s\n", text_or(p->info_traffic, "-"), text_or(p->info_ratio, "-"));
}

static void print_group(const struct verdict *v, size_t n, const char *title, enum verdict_value value, bool waived)
{
	bool any = false;

	for (size_t i = 0; i < n; i++) {
		if (v[i].value != value || verdict_waived(&v[i]) != waived)
			continue;
		if (!any)
			printf("\n%s\n", title);
		any = true;
		printf("  %-20s %s\n", v[i].clause->id, v[i].clause->text);
		printf("  %-20s -> %s\n", "", v[i].words.s);
		if (value == VERDICT_UNKNOWN)
			printf("  %-20s    to know it: %s\n", "", text_or(v[i].missing, "?"));
		if (value == VERDICT_FAIL)
			printf("  %-20s    to fix it: %s\n", "", v[i].clause->check->remedy);
	}
}

static const char *speed_words(int64_t mbit, char out[32])
{
	if (mbit < 0)
		return "?";
	snprintf(out, 32, mbit % 1000 == 0 ? "%lldG" : "%lldM", (long long)(mbit % 1000 == 0 ? mbit / 1000 : mbit));
	return out;
}

static void print_places(const struct evaluation *v)
{
	const struct suggested_session *s;
	const struct common_site *sites;
	char ours[ADDR_STRLEN], theirs[ADDR_STRLEN], a[32], b[32];
	bool known;
	size_t n = request_sessions(v->ev, v->arena, &s);

	printf("\nCommon exchanges, and sessions that could be set up\n");
	if (n == 0)
		printf("  %s\n", v->ev->meetings_basis.known ? "none: no exchange is common to both" : v->ev->meetings_basis.missing.s);
	for (size_t i = 0; i < n; i++)
		printf("  %-24s IPv%d  ours %s (%s)  theirs %s (%s)%s%s\n", text_or(s[i].exchange, "?"), s[i].ip, addr_print(&s[i].ours, ours),
		    speed_words(s[i].our_speed_mbit, a), addr_print(&s[i].theirs, theirs), speed_words(s[i].their_speed_mbit, b),
		    s[i].operational == TRI_NO ? "  not operational" : "", s[i].is_there ? "  there is one" : "");
	n = request_sites(v->ev->us, v->them, v->arena, &sites, &known);
	printf("\nCommon facilities\n");
	if (n == 0)
		printf("  %s\n", known ? "none" : "not known: the facilities of both must be read from PeeringDB");
	for (size_t i = 0; i < n; i++)
		printf("  %s, %s %s\n", text_or(sites[i].name, "?"), text_or(sites[i].city, ""), text_or(sites[i].country, ""));
}

static count_t registered_count(const struct evaluation *v, enum afi_safi family)
{
	return !v->ev->irr.basis.known ? COUNT_UNKNOWN : afi_version(family) == 6 ? v->ev->irr.prefixes6 : v->ev->irr.prefixes4;
}

static void print_limits(const struct evaluation *v)
{
	static const enum afi_safi families[] = { AF_IPV4_UNICAST, AF_IPV6_UNICAST };

	printf("\nPrefix limits to set\n");
	for (size_t i = 0; i < ARRAY_LEN(families); i++) {
		struct limit_advice a = request_limit(v->policy, v->them, families[i], registered_count(v, families[i]));

		if (a.suggested == COUNT_UNKNOWN)
			printf("  %s: nothing to go by: neither the policy nor the network says a number\n", i ? "IPv6" : "IPv4");
		else
			printf("  %s: %lld (%s)\n", i ? "IPv6" : "IPv4", (long long)a.suggested, a.why);
	}
}

static void print_contacts(const struct evaluation *v)
{
	printf("\nContacts, in the order to try\n");
	for (size_t i = 0; v->ladder != NULL && i < v->ladder->count; i++) {
		const struct rung *r = &v->ladder->rungs[i];

		printf("  %zu. %-12s %s%s%s%s%s (%s)\n", i + 1, text_or(r->role, "contact"), text_or(r->name, ""), text_empty(r->name) ? "" : "  ",
		    text_or(r->phone, ""), text_empty(r->phone) ? "" : "  ", text_or(r->email, ""), rung_source_word(r->source));
	}
	if (v->ladder != NULL && *ladder_words(v->ladder) != '\0')
		printf("  %s\n", ladder_words(v->ladder));
}

int evaluation_print(const struct evaluation *v)
{
	size_t n = v->policy->clause_count;
	struct verdict *sorted = verdicts_sorted(v->verdicts, n);

	print_head(v);
	print_group(sorted, n, "Not met", VERDICT_FAIL, false);
	print_group(sorted, n, "Not met, and waived", VERDICT_FAIL, true);
	print_group(sorted, n, "Not known", VERDICT_UNKNOWN, false);
	print_group(sorted, n, "Met", VERDICT_PASS, false);
	print_places(v);
	if (!v->mirror) {
		print_limits(v);
		print_contacts(v);
	}
	free(sorted);
	return 0;
}

/* --- JSON --- */

static json_t *json_sessions(const struct evaluation *v)
{
	const struct suggested_session *s;
	json_t *all = json_array();
	size_t n = request_sessions(v->ev, v->arena, &s);

	for (size_t i = 0; i < n; i++) {
		json_t *o = json_object();

		json_put(o, "exchange", json_of_text(s[i].exchange));
		json_put(o, "ip", json_integer(s[i].ip));
		json_put(o, "ours", json_of_addr(&s[i].ours));
		json_put(o, "theirs", json_of_addr(&s[i].theirs));
		json_put(o, "our_speed_mbit", json_of_count(s[i].our_speed_mbit));
		json_put(o, "their_speed_mbit", json_of_count(s[i].their_speed_mbit));
		json_put(o, "operational", json_of_tri(s[i].operational));
		json_array_append_new(all, o);
	}
	return v->ev->meetings_basis.known ? all : (json_decref(all), json_null());
}

static json_t *json_sites(const struct evaluation *v)
{
	const struct common_site *s;
	json_t *all = json_array();
	bool known;
	size_t n = request_sites(v->ev->us, v->them, v->arena, &s, &known);

	for (size_t i = 0; i < n; i++) {
		json_t *o = json_object();

		json_put(o, "id", json_integer(s[i].fac_id));
		json_put(o, "name", json_of_text(s[i].name));
		json_put(o, "city", json_of_text(s[i].city));
		json_put(o, "country", json_of_text(s[i].country));
		json_array_append_new(all, o);
	}
	return known ? all : (json_decref(all), json_null());
}

static json_t *json_limit(const struct evaluation *v, enum afi_safi family)
{
	count_t registered = registered_count(v, family);
	struct limit_advice a = request_limit(v->policy, v->them, family, registered);
	json_t *o = json_object();

	json_put(o, "policy", json_of_count(a.policy));
	json_put(o, "published", json_of_count(a.published));
	json_put(o, "registered", json_of_count(registered));
	json_put(o, "suggested", json_of_count(a.suggested));
	json_put(o, "why", json_of_nonempty(a.why));
	return o;
}

static json_t *json_contacts(const struct evaluation *v)
{
	json_t *all = json_array();

	for (size_t i = 0; v->ladder != NULL && i < v->ladder->count; i++) {
		const struct rung *r = &v->ladder->rungs[i];
		json_t *o = json_object();

		json_put(o, "role", json_of_text(r->role));
		json_put(o, "name", json_of_text(r->name));
		json_put(o, "phone", json_of_text(r->phone));
		json_put(o, "email", json_of_text(r->email));
		json_put(o, "source", json_of_words(rung_source_word(r->source)));
		json_array_append_new(all, o);
	}
	return all;
}

int evaluation_json(const struct evaluation *v, struct err *e)
{
	size_t n = v->policy->clause_count;
	struct verdict_sum sum = verdict_sum_of(v->verdicts, n);
	json_t *o = json_object(), *verdicts = json_array(), *limits = json_object();

	for (size_t i = 0; i < n; i++)
		json_array_append_new(verdicts, json_of_verdict(&v->verdicts[i], NULL));
	json_put(limits, "ipv4", json_limit(v, AF_IPV4_UNICAST));
	json_put(limits, "ipv6", json_limit(v, AF_IPV6_UNICAST));
	json_put(o, "asn", json_of_asn(v->seen->asn));
	json_put(o, "name", v->seen->peer != NULL ? json_of_text(v->seen->peer->name) : json_null());
	json_put(o, "policy_of", json_of_asn(v->policy->asn));
	json_put(o, "mirror", json_boolean(v->mirror));
	json_put(o, "failed", json_integer((json_int_t)sum.failed));
	json_put(o, "unknown", json_integer((json_int_t)sum.unknown));
	json_put(o, "waived", json_integer((json_int_t)sum.waived));
	json_put(o, "passed", json_integer((json_int_t)sum.passed));
	json_put(o, "verdicts", verdicts);
	json_put(o, "sessions", json_sessions(v));
	json_put(o, "facilities", json_sites(v));
	json_put(o, "limits", limits);
	json_put(o, "contacts", json_contacts(v));
	json_put(o, "contacts_note", v->ladder != NULL ? json_of_nonempty(ladder_words(v->ladder)) : json_null());
	return json_print(o, e);
}
