/*
 * Files and other programs on the router; see cli.h.
 *
 * There is no sftp here: the prefix ("sudo -n") works on commands only.  The
 * content travels on stdin, never in a command line, and its length is
 * compared on the far side before anything is replaced: a connection that
 * breaks in the middle leaves the old file.
 */
#include "backends/link/cli.h"
#include "core/base/scan.h"

#include <string.h>

enum { COMPLAINT_MAX = 1024, LINE_MAX_OCTETS = 8192, PATH_LENGTH_MAX = 1000 };

/* $f the file, $n its new length.  One line, because csh knows no quoted line ends.  ls and awk instead of stat,
 * whose options differ between Linux and BSD. */
static const char write_script[] =
    "set -e; w() { ls -ldn \"$1\" | awk \"{print \\$1,\\$3,\\$4}\"; }; "
    "[ -f \"$f\" ] || { echo \"$f: no such file\" >&2; exit 3; }; "
    "t=$f.peerdeck.$$; how=renamed; "
    "if [ -L \"$f\" ] || ! (umask 077; : >\"$t\") 2>/dev/null || ! cp -p \"$f\" \"$t\" 2>/dev/null "
    "|| [ \"$(w \"$f\")\" != \"$(w \"$t\")\" ]; "
    "then rm -f \"$t\" 2>/dev/null || :; t=$(mktemp); how=in-place; fi; "
    "trap \"rm -f \\\"$t\\\"\" EXIT; cat >\"$t\"; "
    "[ $(wc -c <\"$t\") -eq $n ] || { echo \"the content was cut on its way\" >&2; exit 3; }; "
    "if [ $how = renamed ]; then sync \"$t\"; mv -f \"$t\" \"$f\"; else cat \"$t\" >\"$f\"; fi; "
    "sync \"$f\"; echo $how";

static int check_path(const char *path, struct err *e)
{
	static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
				      "0123456789._/-";

	if (path[0] != '/' || strspn(path, allowed) != strlen(path) || strstr(path, "/..") != NULL ||
	    strlen(path) > PATH_LENGTH_MAX)
		return err_set(e, ERR_REFUSED,
		    "path \"%.200s\": it must begin with / and hold only letters, digits and . _ - /", path);
	return 0;
}

static void add_prefix(struct str *line, const struct router_conf *conf)
{
	if (conf->prefix != NULL && *conf->prefix != '\0')
		str_addf(line, "%s ", conf->prefix);
}

static int complain(const char *path, int status, const struct str *complaint, struct err *e)
{
	struct slice said = slice_trim(str_slice(complaint));

	if (said.len > 0)
		return err_set(e, ERR_DEVICE, "%.*s", (int)said.len, said.p);
	return err_set(e, ERR_DEVICE, "%s: the command ended with status %d", path, status);
}

int remote_read_file(struct link *l, const struct router_conf *conf, const char *path,
    int64_t deadline, struct str *out, struct err *e)
{
	struct str line, complaint;
	int status, rc = -1;

	if (check_path(path, e) < 0)
		return -1;
	str_init(&line, LINE_MAX_OCTETS);
	str_init(&complaint, COMPLAINT_MAX);
	add_prefix(&line, conf);
	str_addf(&line, "cat -- %s", path);
	if (link_run(l, line.p, deadline, out, &complaint, &status, e) < 0)
		goto out;
	rc = status == 0 ? 0 : complain(path, status, &complaint, e);
out:
	str_fini(&line);
	str_fini(&complaint);
	return rc;
}

static int feed(struct channel *c, const char *content, int64_t deadline, struct err *e)
{
	const struct link_ops *ops = c->link->ops;

	if (ops->write(c, content, strlen(content), deadline, e) < 0)
		return -1;
	return ops->end(c) < 0 ? err_set(e, ERR_NET, "connection lost while sending a file") : 0;
}

static int collect(struct channel *c, struct str *out, struct str *complaint, int64_t deadline,
    struct err *e)
{
	char buf[512];
	bool is_err;
	ssize_t n;

	while ((n = c->link->ops->read(c, buf, sizeof(buf), &is_err, deadline, e)) > 0)
		str_add(is_err ? complaint : out, buf, (size_t)n); /* what is beyond the ceiling is no news */
	return n < 0 ? -1 : 0;
}

int remote_write_file(struct link *l, const struct router_conf *conf, const char *path,
    const char *content, int64_t deadline, bool *in_place, struct err *e)
{
	struct str line, script, said, complaint;
	struct channel *c = NULL;
	int rc = -1;

	if (check_path(path, e) < 0)
		return -1;
	str_init(&line, LINE_MAX_OCTETS);
	str_init(&script, LINE_MAX_OCTETS);
	str_init(&said, COMPLAINT_MAX);
	str_init(&complaint, COMPLAINT_MAX);
	str_addf(&script, "f=%s; n=%zu; %s", path, strlen(content), write_script);
	add_prefix(&line, conf);
	str_puts(&line, "sh -c ");
	cli_quote(&line, script.p);
	if (l->ops->exec(l, line.p, deadline, &c, e) < 0)
		goto out;
	/* A far side that refuses at once may be gone before all is sent: its words matter more than that. */
	rc = feed(c, content, deadline, NULL);
	if (collect(c, &said, &complaint, deadline, e) < 0)
		rc = -1;
	else if (rc < 0 || l->ops->status(c) != 0)
		rc = complain(path, l->ops->status(c), &complaint, e);
	else
		*in_place = slice_eq(slice_trim(str_slice(&said)), "in-place");
out:
	if (c != NULL)
		l->ops->close(c);
	str_fini(&line);
	str_fini(&script);
	str_fini(&said);
	str_fini(&complaint);
	return rc;
}

/* "bgpd -n -f \"/etc/x y\"" -> words, each quoted. */
static int add_words(struct str *out, const char *line, struct err *e)
{
	struct str word;
	bool quoted = false, open = false;

	str_init(&word, LINE_MAX_OCTETS);
	for (const char *p = line;; p++) {
		if (*p == '"') {
			quoted = !quoted;
			open = true;
		} else if (*p != '\0' && (quoted || *p != ' ')) {
			open = true;
			str_putc(&word, *p);
		} else if (open) {
			cli_quote(out, word.p);
			str_putc(out, ' ');
			str_clear(&word);
			open = false;
		}
		if (*p == '\0')
			break;
	}
	str_fini(&word);
	return quoted ? err_set(e, ERR_USAGE, "a quote is left open: %.100s", line) : 0;
}

int remote_line(const struct router_conf *conf, const char *line, struct str *out, struct err *e)
{
	cli_prefix(conf, out);
	return add_words(out, line, e);
}

int remote_run(struct link *l, const struct router_conf *conf, const char *line, int64_t deadline,
    struct str *out, struct err *e)
{
	struct str command, complaint;
	int status, rc = -1;

	str_init(&command, LINE_MAX_OCTETS);
	str_init(&complaint, COMPLAINT_MAX);
	if (remote_line(conf, line, &command, e) < 0 ||
	    link_run(l, command.p, deadline, out, &complaint, &status, e) < 0)
		goto out;
	str_add(out, complaint.p, complaint.len);
	rc = status == 0 ? 0 : complain(line, status, &complaint, e);
out:
	str_fini(&command);
	str_fini(&complaint);
	return rc;
}
