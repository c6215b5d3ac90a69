/* Advertised routes against chosen prefixes; see announced.h. */
#include "core/act/announced.h"

#include <string.h>

struct tally {
	struct chosen c;
	struct announced *out;
};

static void take(void *ctx, struct slice word)
{
	struct tally *t = ctx;
	struct prefix p;
	bool ours = false;

	if (!chosen_read_route(word, &p))
		return;
	for (size_t i = 0; i < t->c.count; i++) {
		const struct prefix *want = &t->c.p[i];

		if (want->len == p.len && addr_equal(&want->net, &p.net)) {
			t->out->of[i] = ours = true;
		} else if (p.len < want->len && prefix_holds(&p, &want->net)) {
			if (t->out->holds[i].net.family == ADDR_NONE || p.len > t->out->holds[i].len)
				t->out->holds[i] = p;
		} else if (p.len > want->len && prefix_holds(want, &p.net)) {
			t->out->inside[i]++;
		}
	}
	if (!ours)
		t->out->others++;
}

static bool concerns(struct chosen c, const struct session *s)
{
	for (size_t i = 0; i < c.count; i++)
		if (c.p[i].net.family == afi_version(s->family))
			return true;
	return false;
}

int announced_read(const struct act_io *io, const struct session *const *sessions, size_t count, struct chosen c,
    struct announced *out, struct err *e)
{
	struct tally t = { c, out };

	*out = (struct announced){ .known = true };
	for (size_t i = 0; i < count && out->known; i++) {
		struct err why = ERR_INIT;

		if (!concerns(c, sessions[i]))
			continue;
		if (io->advertised == NULL)
			err_set(&why, ERR_REFUSED, "advertised routes cannot be asked for");
		else if (io->advertised(io->ctx, sessions[i], take, &t, &why) == 0)
			continue;
		if (why.code != ERR_REFUSED && why.code != ERR_DEVICE)
			return err_set(e, why.code, "%s", why.text);
		out->known = false;
		out->why = why;
	}
	for (size_t i = 0; i < c.count; i++)
		out->missing += !out->of[i];
	if (!out->known)
		out->others = COUNT_UNKNOWN;
	return 0;
}

bool announced_lost_others(count_t before, count_t now)
{
	if (before == COUNT_UNKNOWN || now == COUNT_UNKNOWN || now >= before)
		return false;
	return before <= 100 || (before - now) * 10 > before;
}

static void name_some(struct str *words, struct chosen c, const struct announced *now, bool advertised)
{
	char text[PREFIX_STRLEN];
	size_t n = 0;

	for (size_t i = 0; i < c.count; i++) {
		if (now->of[i] != advertised)
			continue;
		if (n < 3)
			str_addf(words, "%s%s", n > 0 ? ", " : "", prefix_print(&c.p[i], text));
		n++;
	}
	if (n > 3)
		str_addf(words, " and %zu more", n - 3);
}

enum proof_finding announced_judge(const struct plan_item *item, const struct announced *now, struct str *words)
{
	struct chosen c = item->prefixes;
	bool gone = item->proof == PROOF_PREFIXES_GONE;
	size_t wrong = gone ? c.count - now->missing : now->missing;

	str_clear(words);
	if (!now->known) {
		str_addf(words, "the router does not tell what it advertises: %s", now->why.text);
		return PROOF_MISSING;
	}
	if (wrong > 0) {
		name_some(words, c, now, gone);
		str_puts(words, gone ? " still advertised" : " not yet advertised");
		return PROOF_NOT_YET;
	}
	if (gone && announced_lost_others(item->others, now->others)) {
		str_addf(words, "of %lld other prefixes only %lld are advertised", (long long)item->others,
		    (long long)now->others);
		return PROOF_NOT_YET;
	}
	str_puts(words, "Established all the time, ");
	name_some(words, c, now, !gone);
	str_addf(words, " %s, %lld others advertised", gone ? "no longer advertised" : "advertised again",
	    (long long)now->others);
	if (item->others != COUNT_UNKNOWN && item->others != now->others)
		str_addf(words, " (before: %lld)", (long long)item->others);
	return PROOF_HOLDS;
}
