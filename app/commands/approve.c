/* peerdeck approve - the second person's word for a plan that somebody else proposed. */
#include "app/ask.h"
#include "app/commands/commands.h"
#include "app/exit.h"
#include "app/output.h"
#include "app/output_json.h"
#include "core/act/approval.h"
#include "core/base/clock.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

enum { OPT_YES = 1, OPT_JSON, OPT_HELP };
static const struct option_def options[] = {
	{ "yes", NULL, "do not ask (the plan is printed all the same)", OPT_YES },
	{ "json", NULL, "without DIGEST: the plans that wait, as objects", OPT_JSON },
	{ "help", NULL, "this text", OPT_HELP },
	{ NULL, NULL, NULL, 0 },
};

static json_t *json_of_proposal(const struct approval *p)
{
	json_t *o = json_object();

	json_put(o, "digest", json_of_words(p->digest));
	json_put(o, "login", json_of_words(p->login));
	json_put(o, "words", json_of_words(p->words));
	json_put(o, "scope", json_of_nonempty(p->scope));
	json_put(o, "reason", json_of_nonempty(p->reason));
	json_put(o, "proposed", json_of_time(p->wall_ms));
	json_put(o, "lapses", json_of_time(p->expires_wall_ms));
	json_put(o, "state", json_of_words(approval_state_word(approval_state(p, clock_wall_ms()))));
	json_put(o, "approver", json_of_nonempty(p->approver));
	return o;
}

static int list(const struct approvals *a, bool json, struct err *e)
{
	static const char *const titles[] = { "DIGEST", "WHO", "STATE", "LAPSES", "PLAN", "REASON", NULL };
	json_t *array = json ? json_array() : NULL;
	struct out_table *t = json ? NULL : out_table_new(titles);
	int64_t now = clock_wall_ms();
	size_t n = 0;

	for (size_t i = 0; i < approvals_count(a); i++) {
		const struct approval *p = approvals_at(a, i);
		enum approval_state state = approval_state(p, now);
		char short_digest[13], iso[CLOCK_ISO_LEN];

		if (json)
			json_array_append_new(array, json_of_proposal(p));
		if (json || state == APPROVAL_USED || state == APPROVAL_LAPSED)
			continue;
		n++;
		snprintf(short_digest, sizeof(short_digest), "%.12s", p->digest);
		out_table_cell(t, short_digest);
		out_table_cell(t, p->login);
		out_table_cell(t, approval_state_word(state));
		out_table_cell(t, clock_iso(p->expires_wall_ms, iso));
		out_table_cell(t, p->words);
		out_table_cell(t, p->reason);
	}
	if (json)
		return json_print(array, e);
	out_table_print(t, stdout);
	if (n == 0)
		puts("No plan waits for a second person.");
	return 0;
}

static int confirm(bool yes, struct err *e)
{
	char answer[32];

	if (yes)
		return 0;
	if (!ask_possible())
		return err_set(e, ERR_REFUSED, "not approved: there is no terminal to ask at (--yes approves without asking)");
	if (ask_line("Type approve to let this happen: ", answer, sizeof(answer), e) != 0)
		return err_prefix(e, "nothing was approved");
	return strcasecmp(answer, "approve") == 0 ? 0 : err_set(e, ERR_REFUSED, "nothing was approved");
}

static int approve(const struct config *c, const struct approvals *a, const char *path, const char *digest, bool yes,
    struct err *e)
{
	const struct approval *p = approvals_find(a, digest);
	struct journal *j;
	char person[APPROVAL_PERSON_LEN];
	struct str text;
	int rc = -1;

	approval_person(person);
	if (p == NULL)
		return err_set(e, ERR_USAGE, "%.70s: no plan of that digest is proposed, or more than one; peerdeck approve "
		    "lists them", digest);
	if (approval_check(p, person, clock_wall_ms(), e) != 0)
		return -1;
	str_init(&text, 8 << 20);
	j = journal_open(path, c->operator_name);
	if (approval_text(p, c->data_dir, &text, e) == 0 && journal_writable(j, e) == 0) {
		fputs(text.p, stdout);
		printf("\nproposed by %s\n", p->login);
		fflush(stdout);
		rc = confirm(yes, e) == 0 ? approval_give(j, p, c->data_dir, e) : -1;
	}
	if (rc == 0)
		puts("approved: the one who proposed it may carry it out now");
	str_fini(&text);
	journal_free(j);
	return rc;
}

static int run(const struct options *o, const char *digest, bool yes, bool json, struct err *e)
{
	struct config *c = options_config(o, e);
	struct approvals *a = NULL;
	char *path = NULL;
	int rc = -1;

	if (c == NULL)
		return -1;
	path = options_path(c, DATA_JOURNAL);
	a = approvals_new(path);
	if (digest != NULL && (c->read_only || o->read_only))
		err_set(e, ERR_REFUSED, "read-only: nothing can be approved");
	else if (access(path, F_OK) != 0)
		err_set(e, ERR_IO, "%s: there is no journal: nothing was proposed yet", path);
	else if (options_data_dir(c, e) == 0 && approvals_refresh(a, e) == 0)
		rc = digest != NULL ? approve(c, a, path, digest, yes, e) : list(a, json, e);
	approvals_free(a);
	free(path);
	config_free(c);
	return rc;
}

int cmd_approve(const struct options *o, int argc, char **argv)
{
	bool yes = false, json = false;
	struct option_walk w;
	struct err e = ERR_INIT;
	const char *value;
	int id;

	option_begin(&w, options, argc, argv);
	while ((id = option_next(&w, &value, &e)) > 0) {
		if (id == OPT_HELP)
			return option_help("approve [DIGEST]", "Shows a plan that somebody else proposed, whole and checked, and "
			    "approves it;\nwithout DIGEST the plans that wait.\n", options);
		yes = yes || id == OPT_YES;
		json = json || id == OPT_JSON;
	}
	if (id == 0 && w.operands > 1)
		id = err_set(&e, ERR_USAGE, "approve takes one digest, or its first 8 characters or more");
	if (id < 0 || run(o, w.operands > 0 ? argv[1] : NULL, yes, json, &e) != 0)
		return exit_say(&e);
	return STATUS_DONE;
}
