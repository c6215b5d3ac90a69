/* Clause: one verdict explained, with all that it is made of, and the words for a mail to the peer. */
#include "core/base/scan.h"
#include "core/judge/verdict_book.h"
#include "tui/view.h"

#include <string.h>

static enum role line_role(struct slice line)
{
	if (slice_starts(line, "NOT MET"))
		return ROLE_BAD;
	if (slice_find(line, "   unknown  ") == 0 || slice_starts(line, "            to know it"))
		return ROLE_WARN;
	return ROLE_NORMAL;
}

static void add_text(struct page *p, const char *text)
{
	struct scan c = scan_of(slice_of(text));
	struct slice line;

	while (scan_line(&c, &line)) {
		if (line.len == 0)
			page_blank(p);
		else
			page_line(p, line_role(line), "%.*s", (int)line.len, line.p);
	}
}

/* Whom a mail about the policy goes to: the one who answers for it, else the first with an address. */
static struct text mail_to(const struct peer *p)
{
	static const char *const roles[] = { "Policy", "NOC", "" };

	for (size_t r = 0; p != NULL && r < ARRAY_LEN(roles); r++)
		for (size_t i = 0; i < p->contact_count; i++)
			if (!text_empty(p->contacts[i].email) && (*roles[r] == '\0' || strcmp(text_or(p->contacts[i].role, ""), roles[r]) == 0))
				return p->contacts[i].email;
	return (struct text){ NULL };
}

static void add_mail(const struct view_ctx *cx, const struct verdict *v, asn_t asn, const struct policy *policy, struct page *p)
{
	struct text to = mail_to(peer_set_find(cx->w->peers, asn));
	struct str out;

	char key[KEY_NAME_LEN];

	page_head(p, "For a mail to the peer");
	page_field(p, "compose", ROLE_NORMAL, "%s", keymap_key(cx->keys, CMD_MESSAGE, "clause", key)[0] ? key : ":message");
	page_field(p, "to", ROLE_NORMAL, "%s", text_or(to, "no address is known: see the ladder (c)"));
	page_field(p, "subject", ROLE_NORMAL, "AS%u - AS%u: peering policy, %s", policy->asn, asn, v->clause->id);
	str_init(&out, 256 * 1024);
	verdict_explain(v, policy, asn, true, &out);
	add_text(p, out.p);
	str_fini(&out);
}

static void page_of_clause(const struct view_ctx *cx, struct page *p)
{
	const struct network_verdicts *n = verdict_book_find(cx->w->verdicts, cx->focus->asn);
	const struct policy *policy = cx->w->verdicts != NULL ? verdict_book_policy(cx->w->verdicts) : NULL;
	const struct clause *c = policy != NULL ? policy_clause(policy, cx->focus->clause) : NULL;
	struct str out;

	if (n == NULL || c == NULL) {
		page_line(p, ROLE_DIM, "no verdict is selected: open one in the policy view");
		return;
	}
	str_init(&out, 256 * 1024);
	verdict_explain(&n->verdicts[c - policy->clauses], policy, n->asn, false, &out);
	add_text(p, out.p);
	str_fini(&out);
	if (n->verdicts[c - policy->clauses].value == VERDICT_FAIL)
		add_mail(cx, &n->verdicts[c - policy->clauses], n->asn, policy, p);
}

const struct view view_clause = {
	.name = "clause", .title = "Clause", .about = "one verdict explained: rule, values, evidence, how to fix it, words for the peer",
	.page = page_of_clause,
};
