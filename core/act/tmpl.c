/*
 * Filling templates, and the last gate; see tmpl.h.
 *
 * Why so strict: on a CLI `?` and TAB act at once, `|` is a pipe that FRR answers with exit 0 and nothing done, a
 * quote ends BIRD's string, and everything behind an exec channel passes a shell.  So no such byte gets in at all.
 */
#include "core/act/tmpl.h"
#include "core/base/scan.h"

#include <stdio.h>
#include <string.h>

enum { NAME_MAX_LEN = 63, PATH_MAX_LEN = 255, LINE_MAX_LEN = 1024 };

static const char message_refused[] = "\"';|\\?!{}<>&$`";

static int message_bad(const char *text, size_t at, struct err *e)
{
	unsigned char c = (unsigned char)text[at];

	if (c < 0x20 || c == 0x7f)
		return err_set(e, ERR_USAGE, "the message has a control character (0x%02x) at position %zu", c,
		    at + 1);
	if (c >= 0x80)
		return err_set(e, ERR_USAGE,
		    "the message has a character outside ASCII at octet %zu: many displays garble it", at + 1);
	return err_set(e, ERR_USAGE,
	    "the message has %c at position %zu: not one of \" ' ; | \\ ? ! { } < > & $ ` may be sent to a router",
	    c, at + 1);
}

int tmpl_message_check(const char *text, size_t max, struct err *e)
{
	size_t n = strlen(text);

	for (size_t i = 0; i < n; i++) {
		unsigned char c = (unsigned char)text[i];

		if (c < 0x20 || c > 0x7e || strchr(message_refused, c) != NULL)
			return message_bad(text, i, e);
	}
	if (n == 0)
		return err_set(e, ERR_USAGE, "the message is empty");
	if (text[0] == ' ' || text[n - 1] == ' ')
		return err_set(e, ERR_USAGE, "the message begins or ends with a blank");
	if (max == 0)
		return err_set(e, ERR_USAGE, "this router cannot send a message");
	if (n > max)
		return err_set(e, ERR_USAGE, "the message has %zu octets, %zu more than the %zu that can be sent",
		    n, n - max, max);
	return 0;
}

static bool alnum(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/* Only letters, digits and those in `more`. */
static bool made_of(const char *s, const char *more)
{
	for (; *s != '\0'; s++)
		if (!alnum(*s) && strchr(more, *s) == NULL)
			return false;
	return true;
}

int tmpl_name_check(const char *what, const char *name, struct err *e)
{
	if (name == NULL || name[0] == '\0')
		return err_set(e, ERR_REFUSED, "%s is not known", what);
	if (strlen(name) > NAME_MAX_LEN || name[0] == '-' || !made_of(name, "_.:-"))
		return err_set(e, ERR_REFUSED,
		    "%s \"%.80s\" cannot be sent: only letters, digits and _ . : - are, at most %d", what, name,
		    NAME_MAX_LEN);
	return 0;
}

static int path_check(const char *what, const char *path, struct err *e)
{
	if (path == NULL || path[0] != '/' || strlen(path) > PATH_MAX_LEN || !made_of(path, "/._-") ||
	    strstr(path, "/../") != NULL)
		return err_set(e, ERR_REFUSED,
		    "%s \"%.120s\" cannot be used: an absolute path of letters, digits and / . _ - is", what,
		    path == NULL ? "" : path);
	return 0;
}

/* A link-local address names a neighbor only together with its interface (RFC 4007), which each system writes in its own way:
 * without it the line may mean another neighbor. */
static int put_neighbor(struct str *out, const struct tmpl_args *args, struct err *e)
{
	char text[ADDR_STRLEN];

	if (args->neighbor != NULL && args->neighbor->family != ADDR_NONE && args->interface != NULL && strchr(args->interface, '%') != NULL)
		return err_set(e, ERR_REFUSED, "neighbor %.100s: a link-local address with its interface cannot be named safely in this "
		    "system's commands; act on it at the router", args->interface);
	if (args->neighbor != NULL && args->neighbor->family != ADDR_NONE)
		return str_puts(out, addr_print(args->neighbor, text));
	if (tmpl_name_check("the neighbor's interface", args->interface, e) < 0)
		return -1;
	return str_puts(out, args->interface);
}

/* BIRD takes a symbol with . : - only inside apostrophes. */
static int put_protocol(struct str *out, const char *name, struct err *e)
{
	if (tmpl_name_check("the protocol", name, e) < 0)
		return -1;
	if (made_of(name, "_") && !(name[0] >= '0' && name[0] <= '9'))
		return str_puts(out, name);
	return str_addf(out, "'%s'", name);
}

static int put_family(struct str *out, const char *family, struct err *e)
{
	for (const char *p = family; p != NULL && *p != '\0'; p++)
		if (!alnum(*p) && *p != ' ' && *p != '-')
			return err_set(e, ERR_REFUSED, "address family \"%.40s\" cannot be sent", family);
	return family == NULL ? err_set(e, ERR_REFUSED, "the address family is not known")
	                      : str_puts(out, family);
}

static int put_prefix(struct str *out, struct slice place, const struct prefix *p, struct err *e)
{
	char text[PREFIX_STRLEN];

	if (p == NULL || p->net.family == ADDR_NONE)
		return err_set(e, ERR_REFUSED, "the prefix is not known");
	if (slice_eq(place, "prefix_net"))
		return str_puts(out, addr_print(&p->net, text));
	if (slice_eq(place, "prefix_len"))
		return str_addf(out, "%u", p->len);
	if (slice_eq(place, "reject_rule"))
		return str_addf(out, "if (dst==%s) {reject}", prefix_print(p, text));
	return str_puts(out, prefix_print(p, text));
}

/* Each of them is a name. */
static int put_names(struct str *out, const char *names, struct err *e)
{
	struct scan c = scan_of(slice_of(names == NULL ? "" : names));
	char one[NAME_MAX_LEN + 2];
	struct slice w;
	size_t n = 0;

	while (scan_word(&c, &w)) {
		snprintf(one, sizeof(one), "%.*s", (int)(w.len < sizeof(one) ? w.len : sizeof(one) - 1), w.p);
		if (tmpl_name_check("the name", one, e) < 0)
			return -1;
		str_addf(out, "%s%s", n++ > 0 ? " " : "", one);
	}
	return n > 0 ? 0 : err_set(e, ERR_REFUSED, "the names are not known");
}

static int put_place(struct str *out, struct slice place, const struct tmpl_args *args, struct err *e)
{
	if (slice_eq(place, "neighbor"))
		return put_neighbor(out, args, e);
	if (slice_eq(place, "asn"))
		return args->asn == ASN_UNKNOWN ? err_set(e, ERR_REFUSED, "our AS number is not known")
		                                : str_addf(out, "%u", args->asn);
	if (slice_eq(place, "vrf"))
		return tmpl_name_check("the VRF", args->vrf, e) < 0 ? -1 : str_puts(out, args->vrf);
	if (slice_eq(place, "instance") && (args->vrf == NULL || args->vrf[0] == '\0'))
		return str_puts(out, "default");
	if (slice_eq(place, "instance"))
		return tmpl_name_check("the network instance", args->vrf, e) < 0 ? -1 : str_puts(out, args->vrf);
	if (slice_eq(place, "name"))
		return tmpl_name_check("the name", args->name, e) < 0 ? -1 : str_puts(out, args->name);
	if (slice_eq(place, "names"))
		return put_names(out, args->names, e);
	if (slice_eq(place, "handle"))
		return tmpl_name_check("the router's name of the session", args->handle, e) < 0 ? -1
		    : str_puts(out, args->handle);
	if (slice_eq(place, "protocol"))
		return put_protocol(out, args->protocol, e);
	if (slice_eq(place, "family"))
		return put_family(out, args->family, e);
	if (slice_eq(place, "path"))
		return path_check("the file", args->path, e) < 0 ? -1 : str_puts(out, args->path);
	if (slice_eq(place, "hook_file"))
		return path_check("hook-file", args->hook_file, e) < 0 ? -1 : str_puts(out, args->hook_file);
	if (slice_eq(place, "session"))
		return tmpl_name_check("the configuration session", args->session, e) < 0 ? -1
		    : str_puts(out, args->session);
	if (slice_eq(place, "prefix") || slice_eq(place, "prefix_net") || slice_eq(place, "prefix_len") ||
	    slice_eq(place, "reject_rule"))
		return put_prefix(out, place, args->prefix, e);
	if (slice_eq(place, "number"))
		return str_addf(out, "%u", args->number);
	if (slice_eq(place, "message")) {
		if (args->message == NULL)
			return err_set(e, ERR_REFUSED, "there is no message");
		return tmpl_message_check(args->message, args->message_max, e) < 0 ? -1
		                                                                   : str_puts(out, args->message);
	}
	return err_set(e, ERR_REFUSED, "the template names {%.*s}, which does not exist", (int)place.len,
	    place.p);
}

const char *tmpl_line(struct arena *a, const char *tmpl, const struct tmpl_args *args, struct err *e)
{
	struct scan c = scan_of(slice_of(tmpl));
	const char *line = NULL;
	struct slice lit, place;
	struct str out;

	str_init(&out, LINE_MAX_LEN);
	while (scan_until(&c, '{', &lit)) {
		str_add(&out, lit.p, lit.len);
		c.p++;
		if (!scan_until(&c, '}', &place)) {
			err_set(e, ERR_REFUSED, "the template \"%s\" is not closed", tmpl);
			goto done;
		}
		c.p++;
		if (put_place(&out, place, args, e) < 0)
			goto done;
	}
	if (str_add(&out, lit.p, lit.len) < 0) {
		err_set(e, ERR_REFUSED, "the line is longer than %d octets", LINE_MAX_LEN);
		goto done;
	}
	line = arena_strndup(a, out.p, out.len);
done:
	str_fini(&out);
	return line;
}

/* ---- the last gate ---- */

/* Never, anywhere in the command part of a line.  Words are matched whole. */
static const char *const never_part[] = {
    "commit replace", "commit force", "commit best-effort", "rollback clean-config", "clear bgp *",
    "no router bgp", "no router", "no bgp", "no neighbor group", "neighbor group", "disable all",
    "enable all", "restart all", "restart", "write erase", "write memory", "write", "copy",
    "erase", "isolate", "bgp shutdown", "reboot", "shutdown all", "neighbor all", "terminate",
    "format", "rm", "save", "commit-confirm", "configure replace", "configure revert", "rollback configuration",
    "rollback running-config", "default neighbor", "default router", "maintenance unit",
};
/* Never as the whole line (on BIRD `down` stops the daemon). */
static const char *const never_whole[] = { "down", "configure", "configure soft", "undo", "exit all", "reload all" };

static bool word_end(const char *p, const char *end)
{
	return p == end || !(alnum(*p) || *p == '-' || *p == '_' || *p == '.' || *p == ':');
}

static bool holds_words(struct slice s, const char *words)
{
	size_t n = strlen(words);

	for (size_t i = 0; i + n <= s.len; i++) {
		bool starts = i == 0 || word_end(s.p + i - 1, s.p + s.len);

		if (starts && strncmp(s.p + i, words, n) == 0 && word_end(s.p + i + n, s.p + s.len))
			return true;
	}
	return false;
}

/* "delete policy prefix-list PEERDECK-...", and on SR OS of policy-options, takes away what we defined, and "delete policy-options prefix-list NAME PREFIX"
 * one member: nothing else of a policy. */
static bool deletes_of_policy(struct slice head)
{
	struct scan c = scan_of(head);
	struct slice w[6];
	struct prefix p;
	size_t n = 0;

	while (n < ARRAY_LEN(w) && scan_word(&c, &w[n]))
		n++;
	if (n == 5 && slice_eq(w[1], "/configure") && slice_eq(w[2], "policy-options") &&
	    (slice_eq(w[3], "policy-statement") || slice_eq(w[3], "prefix-list")))
		return slice_starts(w[4], "PEERDECK-WD-");
	if (n == 4 && slice_eq(w[1], "policy") && (slice_eq(w[2], "prefix-list") || slice_eq(w[2], "prefix-list6")))
		return slice_starts(w[3], "PEERDECK-WD-");
	return n == 5 && slice_eq(w[1], "policy-options") && slice_eq(w[2], "prefix-list") && prefix_parse(w[4], &p);
}

/* Something below one neighbor may be deleted from a configuration; a neighbor, a group, a file never. */
static bool deletes_too_much(struct slice head)
{
	struct scan c = scan_of(head);
	struct slice w;
	size_t below = 0;

	if (!holds_words(head, "delete"))
		return false;
	if (!scan_word(&c, &w) || !slice_eq(w, "delete") || holds_words(slice_from(head, w.len), "delete"))
		return true;
	if (deletes_of_policy(head))
		return false;
	while (scan_word(&c, &w) && !slice_eq(w, "neighbor"))
		;
	while (scan_word(&c, &w))
		below++;
	return below < 2; /* its address, and what is deleted */
}

/* "no neighbor X" takes the neighbor away; "clear" or "reset" without "soft" resets its session. */
static bool ends_a_session(struct slice head)
{
	struct scan c = scan_of(head);
	struct slice w;
	size_t behind = 0;

	if (!scan_word(&c, &w))
		return false;
	if (slice_eq(w, "clear") || slice_eq(w, "reset"))
		return !holds_words(head, "soft") && !holds_words(head, "soft-inbound") &&
		    !slice_eq(slice_trim(head), "clear configuration candidate"); /* VRP: our own edits */
	if (!slice_eq(w, "no") || !scan_word(&c, &w) || !slice_eq(w, "neighbor"))
		return false;
	while (scan_word(&c, &w))
		behind++;
	return behind < 2;
}

/* `name="word"`, as RouterOS wants it: the quoted word belongs to the command.  Gives what follows, or NULL. */
static const char *past_value(const char *line, const char *quote)
{
	const char *end = strchr(quote + 1, '"');

	if (end == NULL || quote == line || quote[-1] != '=')
		return NULL;
	for (const char *p = quote + 1; p < end; p++)
		if (!alnum(*p) && strchr("_.:-", *p) == NULL)
			return NULL;
	return end + 1;
}

static const char *first_text_quote(const char *line)
{
	const char *quote = strchr(line, '"'), *past;

	while (quote != NULL && (past = past_value(line, quote)) != NULL)
		quote = strchr(past, '"');
	return quote;
}

/* The blank before the text. */
static const char *text_behind(const char *line, const char *words)
{
	const char *at = strstr(line, words);

	return at == NULL ? NULL : at + strlen(words) - 1;
}

/* Where the command ends and a free text begins, if one does: after "message " or "reason ", or at the first double quote. */
static size_t command_length(const char *line)
{
	const char *quote = first_text_quote(line), *text = text_behind(line, " shutdown message ");

	if (text == NULL)
		text = text_behind(line, " shutdown reason ");
	if (text != NULL && (quote == NULL || text < quote))
		return (size_t)(text - line);
	return quote != NULL ? (size_t)(quote - line) : strlen(line);
}

/* The free text with its quotes off: it passes the same check as when it was filled in. */
static int gate_text(const char *text, struct err *e)
{
	size_t n = strlen(text);
	struct str bare;
	int rc;

	str_init(&bare, LINE_MAX_LEN);
	if (text[0] == '"') {
		if (n < 2 || text[n - 1] != '"') {
			str_fini(&bare);
			return err_set(e, ERR_REFUSED, "never sent: a quote that does not close");
		}
		str_add(&bare, text + 1, n - 2);
	} else {
		str_puts(&bare, text[0] == ' ' ? text + 1 : text);
	}
	rc = tmpl_message_check(bare.p, 255, e);
	str_fini(&bare);
	return rc;
}

/* The two rules of a filter chain that RouterOS 7 is ever to get: `jump CHAIN` and `if (dst==PREFIX) {reject}`. */
static bool is_rule(struct slice v)
{
	static const char begin[] = "if (dst==", end[] = ") {reject}", jump[] = "jump ";
	size_t around = strlen(begin) + strlen(end);
	struct err ignored = ERR_INIT;
	char name[NAME_MAX_LEN + 2];
	struct prefix p;

	if (slice_starts(v, jump)) {
		v = slice_from(v, strlen(jump));
		snprintf(name, sizeof(name), "%.*s", (int)(v.len < sizeof(name) ? v.len : sizeof(name) - 1), v.p);
		return tmpl_name_check("the chain", name, &ignored) == 0;
	}
	return v.len > around && slice_starts(v, begin) && slice_ends(v, end) &&
	    prefix_parse(slice_upto(slice_from(v, strlen(begin)), v.len - around), &p);
}

/* Where the quote of such a rule stands, if the line ends with one; 0 not. */
static size_t rule_at(const char *line)
{
	const char *quote = strstr(line, " rule=\"");
	size_t n = strlen(line);

	if (!slice_starts(slice_of(line), "/routing/filter/rule/add chain=") || quote == NULL || line[n - 1] != '"')
		return 0;
	quote += strlen(" rule=\"");
	return is_rule((struct slice){ quote, (size_t)(line + n - 1 - quote) }) ? (size_t)(quote - 1 - line) : 0;
}

static int gate_command(const struct step *step, struct err *e)
{
	const char *line = step->line;
	size_t rule = rule_at(line);
	struct slice head = { line, rule > 0 ? rule : command_length(line) };

	if (head.len == 0 || strlen(line) > LINE_MAX_LEN)
		return err_set(e, ERR_REFUSED, "never sent: a line that is empty or too long");
	for (size_t i = 0; i < head.len; i++)
		if (head.p[i] < 0x20 || head.p[i] > 0x7e || strchr(";|?\\!{}<>&$`*", head.p[i]) != NULL)
			return err_set(e, ERR_REFUSED, "never sent: octet 0x%02x at position %zu of \"%s\"",
			    (unsigned char)head.p[i], i + 1, line);
	for (size_t i = 0; i < ARRAY_LEN(never_part); i++)
		if (holds_words(head, never_part[i]))
			return err_set(e, ERR_REFUSED, "never sent: \"%s\", in \"%s\"", never_part[i], line);
	if (ends_a_session(head))
		return err_set(e, ERR_REFUSED, "never sent: it ends a session: \"%s\"", line);
	if (deletes_too_much(head))
		return err_set(e, ERR_REFUSED, "never sent: \"delete\", in \"%s\"", line);
	for (size_t i = 0; i < ARRAY_LEN(never_whole); i++)
		if (slice_eq(slice_trim(head), never_whole[i]) && head.len == strlen(line) &&
		    !(step->enters && strcmp(line, "configure") == 0))
			return err_set(e, ERR_REFUSED, "never sent: \"%s\"", line);
	if (slice_starts(head, "clear ") && holds_words(head, "all"))
		return err_set(e, ERR_REFUSED, "never sent: \"%s\"", line);
	if (line[head.len] == '\0' || rule > 0)
		return 0;
	if (memchr(slice_trim(head).p, ' ', slice_trim(head).len) == NULL)
		return err_set(e, ERR_REFUSED, "never sent: a quoted pattern, in \"%s\"", line); /* disable "as*" */
	return gate_text(line + head.len, e);
}

static int gate_file(const struct step *step, struct err *e)
{
	if (path_check("the file", step->path, e) < 0)
		return -1;
	for (const unsigned char *p = (const unsigned char *)step->line; *p != '\0'; p++)
		if ((*p < 0x20 && *p != '\n' && *p != '\t') || *p == 0x7f)
			return err_set(e, ERR_REFUSED, "never written: control character 0x%02x into %s", *p,
			    step->path);
	return 0;
}

int tmpl_gate(const struct step *step, struct err *e)
{
	switch (step->kind) {
	case STEP_CLI:
	case STEP_RUN:
		return gate_command(step, e);
	case STEP_FILE:
		return gate_file(step, e);
	case STEP_PAUSE:
		return step->ms <= 10000 ? 0 : err_set(e, ERR_REFUSED, "a pause of %u ms is too long", step->ms);
	}
	return err_set(e, ERR_REFUSED, "never sent: a step of no known kind");
}
