/*
 * The operator's file -> struct config.
 *
 * libconfuse does the grammar only: every key is a string to it, and what a
 * string may hold is said in tables (config_keys.h, setting.h), so that each
 * refusal names file, line, value and what is allowed.  libconfuse has no
 * pointer for its callbacks' use, hence the one static pointer to the load
 * that is going on; files are read by one thread, before any other starts.
 */
#include "core/model/config.h"
#include "core/base/mem.h"
#include "core/base/scan.h"
#include "core/model/config_keys.h"
#include "core/model/setting.h"

#include <confuse.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { JUMPS_MAX = 8 };

struct seen {
	const cfg_t *in;
	unsigned lines[CONFIG_KEYS_MAX]; /* where each key was set; 0: not yet */
};
struct load {
	const char *name; /* of the file, for messages */
	struct err *e;
	struct config *config;
	struct setting_base base;
	struct str numbered; /* the value being handed to libconfuse */
	struct seen seen[2]; /* the keys of the file, and those of the block being read */
	unsigned ends;       /* how often END_KEY was read */
	cfg_opt_t opts[BLOCK_KINDS][CONFIG_KEYS_MAX + BLOCK_KINDS + 1];
};
static struct load *loading;

static int fail_at(const struct load *l, unsigned line, struct err *why)
{
	err_prefix(why, "%s:%u", l->name, line);
	return err_set(l->e, ERR_CONFIG, "%s", why->text);
}

/* The value of a key as it stands in the file, and its line; NULL when it is not written there. */
static const char *written(cfg_t *sec, const char *key, unsigned *line)
{
	const char *numbered = cfg_getstr(sec, key);
	struct scan c = scan_of(slice_of(numbered != NULL ? numbered : ""));
	uint64_t v = 0;

	if (numbered == NULL || !scan_u64(&c, &v) || !scan_lit(&c, " "))
		return NULL;
	*line = (unsigned)v;
	return scan_rest(&c).p;
}

/* The line where this key of this block was set before, 0 if it was not; from now on it was.  Blocks are read one after
 * another, so that only one needs to be remembered beside the file itself. */
static unsigned first_set(struct load *l, const cfg_t *cfg, const cfg_opt_t *opt)
{
	struct seen *seen = &l->seen[strcmp(cfg->name, "root") != 0];
	unsigned *line = &seen->lines[opt - cfg->opts], before;

	if (seen->in != cfg)
		*seen = (struct seen){ .in = cfg };
	before = *line;
	if (before == 0)
		*line = (unsigned)cfg->line;
	return before;
}

/* libconfuse read a value, and keeps a copy of what we make of it: the line in front of the value.  The second of a
 * kind is refused (libconfuse would let the last one win). */
static int on_value(cfg_t *cfg, cfg_opt_t *opt, const char *value, void *result)
{
	struct load *l = loading;

	if (first_set(l, cfg, opt) != 0)
		return err_set(l->e, ERR_CONFIG, "%s:%d: %s is set twice (first in line %u)", l->name, cfg->line,
		    opt->name, first_set(l, cfg, opt));
	str_clear(&l->numbered);
	if (str_addf(&l->numbered, "%d %s", cfg->line, value) != 0)
		return err_set(l->e, ERR_CONFIG, "%s:%d: the value of %s is too long", l->name, cfg->line, opt->name);
	*(const char **)result = l->numbered.p;
	return 0;
}

/* libconfuse takes the end of the file for the end of whatever is open.  So every text gets this key as its last line:
 * inside a block it is unknown, inside quotes or a comment it does not arrive. */
#define END_KEY "end-of-file"

static int on_end(cfg_t *cfg, cfg_opt_t *opt, const char *value, void *result)
{
	(void)cfg;
	(void)opt;
	loading->ends++;
	*(const char **)result = value;
	return 0;
}

static void add_known(struct str *out, const struct config_block *kind)
{
	for (size_t i = 0; i < kind->count; i++)
		str_addf(out, "%s%s", i ? " " : "", kind->keys[i].key);
	for (int k = BLOCK_ROUTER; kind->name == NULL && k < BLOCK_KINDS; k++)
		str_addf(out, " %s{}", config_blocks[k].name);
}

static const char *near_key(const char *word, const struct config_block *kind)
{
	const char *words[CONFIG_KEYS_MAX + BLOCK_KINDS];
	size_t n = 0;

	for (size_t i = 0; i < kind->count; i++)
		words[n++] = kind->keys[i].key;
	for (int k = BLOCK_ROUTER; kind->name == NULL && k < BLOCK_KINDS; k++)
		words[n++] = config_blocks[k].name;
	return setting_closest(word, words, n);
}

static void unknown_key(struct load *l, const cfg_t *cfg, const char *key)
{
	const struct config_block *kind = &config_blocks[BLOCK_TOP];
	const char *near;
	struct str known;

	for (int k = BLOCK_ROUTER; k < BLOCK_KINDS; k++)
		if (strcmp(cfg->name, config_blocks[k].name) == 0)
			kind = &config_blocks[k];
	if (strcmp(key, END_KEY) == 0) {
		err_set(l->e, ERR_CONFIG, "%s: the last %s block is not closed: } is missing", l->name, kind->name);
		return;
	}
	near = near_key(key, kind);
	str_init(&known, 480);
	add_known(&known, kind);
	err_set(l->e, ERR_CONFIG, "%s:%d: \"%.40s\" is no key of %s%s%s%s; known are: %s", l->name, cfg->line, key,
	    kind->name != NULL ? kind->name : "the file", near ? " (is \"" : "", near ? near : "",
	    near ? "\" meant?)" : "", known.p);
	str_fini(&known);
}

/* libconfuse's complaint in its own words: the unknown key is taken out of it, the rest gets our file name. */
static void __attribute__((format(printf, 2, 0)))
on_error(cfg_t *cfg, const char *fmt, va_list ap)
{
	static const char unknown[] = "no such option '";
	struct load *l = loading;
	char words[256];
	size_t len;

	vsnprintf(words, sizeof(words), fmt, ap);
	len = strlen(words);
	if (strncmp(words, unknown, sizeof(unknown) - 1) == 0 && words[len - 1] == '\'') {
		words[len - 1] = '\0';
		unknown_key(l, cfg, words + sizeof(unknown) - 1);
	} else {
		err_set(l->e, ERR_CONFIG, "%s:%d: %s", l->name, cfg->line, words);
	}
}

static void build_opts(struct load *l)
{
	const cfg_opt_t end = CFG_END(), end_key = CFG_STR_CB(END_KEY, NULL, CFGF_NONE, on_end);

	for (int k = BLOCK_KINDS - 1; k >= BLOCK_TOP; k--) {
		size_t n = 0;

		for (size_t i = 0; i < config_blocks[k].count; i++) {
			const cfg_opt_t opt = CFG_STR_CB("", NULL, CFGF_NONE, on_value);

			l->opts[k][n] = opt;
			l->opts[k][n++].name = config_blocks[k].keys[i].key;
		}
		for (int sub = BLOCK_ROUTER; k == BLOCK_TOP && sub < BLOCK_KINDS; sub++) {
			cfg_opt_t opt = CFG_SEC("", l->opts[sub], CFGF_NONE);

			opt.name = config_blocks[sub].name;
			opt.flags = config_blocks[sub].titled ? CFGF_MULTI | CFGF_TITLE | CFGF_NO_TITLE_DUPES : CFGF_MULTI;
			l->opts[k][n++] = opt;
		}
		if (k == BLOCK_TOP)
			l->opts[k][n++] = end_key;
		l->opts[k][n] = end;
	}
}

/* Reads every key of a block into its struct; what is not written gets its fallback. */
static int read_block(struct load *l, cfg_t *sec, const struct config_block *kind, unsigned line, void *out)
{
	for (size_t i = 0; i < kind->count; i++) {
		const struct setting *def = &kind->keys[i];
		struct err why = ERR_INIT;
		unsigned at = line;
		const char *value = written(sec, def->key, &at);

		if (value == NULL)
			value = def->fallback;
		if (value == NULL && def->required)
			return err_set(l->e, ERR_CONFIG, "%s:%u: %s%s%s needs %s", l->name, line,
			    kind->name ? kind->name : "the file", kind->titled ? " " : "",
			    kind->titled ? cfg_title(sec) : "", def->key);
		if (value != NULL && setting_read(def, value, &l->base, out, &why) != 0)
			return fail_at(l, at, &why);
	}
	return 0;
}

static const char *login_name(void)
{
	const struct passwd *pw = getpwuid(getuid());

	return pw != NULL ? pw->pw_name : "root";
}

/* libconfuse counts a section's line on to its end: the first key that is written in it stands for its beginning. */
static unsigned first_line(cfg_t *sec, const struct config_block *kind)
{
	unsigned first = (unsigned)sec->line, line;

	for (size_t i = 0; i < kind->count; i++)
		if (written(sec, kind->keys[i].key, &line) != NULL && line < first)
			first = line;
	return first;
}

static int read_router(struct load *l, cfg_t *sec, int kind, struct router_conf *r)
{
	r->line = first_line(sec, &config_blocks[kind]);
	r->is_jump = kind == BLOCK_JUMP;
	r->name = arena_strdup(l->config->arena, cfg_title(sec));
	if (!setting_name_valid(r->name))
		return err_set(l->e, ERR_CONFIG, "%s:%u: %s \"%.80s\": allowed in a name are letters, digits and "
		    "._:- (at most 63, not starting with '-')", l->name, r->line, config_blocks[kind].name, r->name);
	if (read_block(l, sec, &config_blocks[kind], r->line, r) != 0)
		return -1;
	if (r->user == NULL)
		r->user = arena_strdup(l->config->arena, login_name());
	if (cfg_getstr(sec, "agent") == NULL)
		r->agent = r->key == NULL && r->password_command == NULL && r->password_file == NULL;
	if (r->certificate != NULL && r->key == NULL)
		return err_set(l->e, ERR_CONFIG, "%s:%u: %s %s has a certificate but no key", l->name, r->line,
		    config_blocks[kind].name, r->name);
	return 0;
}

static int read_routers(struct load *l, cfg_t *root)
{
	size_t n = 0, want = cfg_size(root, "router") + cfg_size(root, "jump");
	struct router_conf *all = arena_alloc(l->config->arena, want * sizeof(*all));

	for (int kind = BLOCK_ROUTER; kind <= BLOCK_JUMP; kind++)
		for (unsigned i = 0; i < cfg_size(root, config_blocks[kind].name); i++, n++) {
			if (read_router(l, cfg_getnsec(root, config_blocks[kind].name, i), kind, &all[n]) != 0)
				return -1;
			for (size_t j = 0; j < n; j++)
				if (strcmp(all[j].name, all[n].name) == 0)
					return err_set(l->e, ERR_CONFIG, "%s:%u: the name %s is taken already "
					    "(line %u)", l->name, all[n].line, all[n].name, all[j].line);
		}
	l->config->routers = all;
	l->config->router_count = n;
	return 0;
}

/* Every jump leads somewhere and none in a circle. */
static int check_jumps(const struct load *l)
{
	const struct config *c = l->config;

	for (size_t i = 0; i < c->router_count; i++) {
		const struct router_conf *r = &c->routers[i], *at = r;

		for (int hops = 0; at->jump != NULL; hops++) {
			const struct router_conf *next = config_router(c, at->jump);

			if (next == NULL)
				return err_set(l->e, ERR_CONFIG, "%s:%u: jump = \"%s\": there is no router or jump "
				    "of that name", l->name, at->line, at->jump);
			if (hops >= JUMPS_MAX || next == r)
				return err_set(l->e, ERR_CONFIG, "%s:%u: the jumps of %s go in a circle or over more "
				    "than %d hosts", l->name, r->line, r->name, JUMPS_MAX);
			at = next;
		}
	}
	return 0;
}

/* What stands in no block still gets its fallbacks. */
static int check_networks(const struct load *l)
{
	const struct config *c = l->config;
	asn_t asn;

	for (size_t i = 0; i < c->network_count; i++)
		if (!asn_parse(slice_of(c->networks[i].name), &asn) || asn == ASN_UNKNOWN)
			return err_set(l->e, ERR_CONFIG, "%s:%u: network %s: allowed is an AS number, as in network AS64501 {", l->name,
			    c->networks[i].line, c->networks[i].name);
	return 0;
}

static int read_fallbacks(struct load *l, const struct config_block *kind, void *out)
{
	for (size_t i = 0; i < kind->count; i++)
		if (kind->keys[i].fallback != NULL &&
		    setting_read(&kind->keys[i], kind->keys[i].fallback, &l->base, out, l->e) != 0)
			return -1;
	return 0;
}

static int read_single(struct load *l, cfg_t *root, const struct config_block *kind)
{
	void *out = (char *)l->config + kind->at;
	unsigned n = cfg_size(root, kind->name);

	if (n > 1)
		return err_set(l->e, ERR_CONFIG, "%s:%d: there is more than one %s block", l->name,
		    cfg_getnsec(root, kind->name, 1)->line, kind->name);
	if (n == 0)
		return read_fallbacks(l, kind, out);
	return read_block(l, cfg_getnsec(root, kind->name, 0), kind, (unsigned)cfg_getnsec(root, kind->name, 0)->line,
	    out);
}

static int read_titled(struct load *l, cfg_t *root, const struct config_block *kind)
{
	unsigned n = cfg_size(root, kind->name);
	char *all = arena_alloc(l->config->arena, n * kind->size);

	memset(all, 0, n * kind->size);
	for (unsigned i = 0; i < n; i++) {
		cfg_t *sec = cfg_getnsec(root, kind->name, i);
		char *one = all + i * kind->size;
		unsigned line = first_line(sec, kind);
		const char *title = arena_strdup(l->config->arena, cfg_title(sec));

		memcpy(one + kind->name_at, &title, sizeof(title));
		memcpy(one + kind->line_at, &line, sizeof(line));
		if (read_block(l, sec, kind, line, one) != 0)
			return -1;
	}
	memcpy((char *)l->config + kind->at, &all, sizeof(all));
	memcpy((char *)l->config + kind->count_at, &(size_t){ n }, sizeof(size_t));
	return 0;
}

static int read_others(struct load *l, cfg_t *root)
{
	for (int k = BLOCK_JUMP + 1; k < BLOCK_KINDS; k++) {
		const struct config_block *kind = &config_blocks[k];

		if ((kind->titled ? read_titled(l, root, kind) : read_single(l, root, kind)) != 0)
			return -1;
	}
	return 0;
}

static int read_file(struct load *l, cfg_t *root, const char *text)
{
	struct config *c = l->config;
	char *ended = mem_printf("%s\n" END_KEY " = 1\n", text);
	int rc = cfg_parse_buf(root, ended);

	free(ended);
	if (rc != CFG_SUCCESS)
		return err_set(l->e, ERR_CONFIG, "%s: cannot be read", l->name);
	if (l->ends != 1)
		return err_set(l->e, ERR_CONFIG, "%s: a quote or a comment is not closed", l->name);
	if (read_block(l, root, &config_blocks[BLOCK_TOP], 1, c) != 0 || read_routers(l, root) != 0 || read_others(l, root) != 0)
		return -1;
	if (c->operator_name == NULL)
		c->operator_name = "";
	if (check_jumps(l) != 0 || check_networks(l) != 0 || config_check_outputs(c, l->e) != 0)
		return -1;
	return config_check_alerts(c, l->e);
}

const char *config_home(void)
{
	const char *home = getenv("HOME");
	const struct passwd *pw;

	if (home != NULL && *home == '/')
		return home;
	pw = getpwuid(getuid());
	return pw != NULL ? pw->pw_dir : NULL;
}

const char *config_xdg(struct arena *a, const char *name, const char *fallback)
{
	const char *dir = getenv(name), *home = config_home();

	if (dir != NULL && *dir == '/')
		return arena_printf(a, "%s/peerdeck", dir);
	return home == NULL ? NULL : arena_printf(a, "%s/%s/peerdeck", home, fallback);
}

struct config *config_parse(const char *name, const char *text, struct err *e)
{
	struct load *l = MEM_NEW(struct load);
	struct config *c = MEM_NEW(struct config);
	const char *slash = strrchr(name, '/');
	cfg_t *root = NULL;
	int rc = -1;

	c->arena = arena_new();
	c->path = arena_strdup(c->arena, name);
	l->name = c->path;
	l->e = e;
	l->config = c;
	l->base.arena = c->arena;
	l->base.home = config_home();
	l->base.dir = slash == NULL ? "" : arena_strndup(c->arena, name, (size_t)(slash - name) + (slash == name));
	loading = l;
	str_init(&l->numbered, 0);
	build_opts(l);
	root = cfg_init(l->opts[BLOCK_TOP], CFGF_NONE);
	if (root == NULL) {
		err_set(e, ERR_CONFIG, "%s: cannot be read", name);
		goto out;
	}
	cfg_set_error_function(root, on_error);
	rc = read_file(l, root, text);
	if (rc == 0 && c->data_dir == NULL)
		c->data_dir = config_xdg(c->arena, "XDG_DATA_HOME", ".local/share");
	if (rc == 0 && c->data_dir == NULL)
		rc = err_set(e, ERR_CONFIG, "%s: there is no home directory: set data-dir", name);
out:
	loading = NULL;
	if (root != NULL)
		cfg_free(root);
	str_fini(&l->numbered);
	free(l);
	if (rc == 0)
		return c;
	config_free(c);
	return NULL;
}

void config_free(struct config *c)
{
	if (c == NULL)
		return;
	arena_free(c->arena);
	free(c);
}

const struct network_conf *config_network(const struct config *c, asn_t asn)
{
	asn_t named;

	for (size_t i = 0; i < c->network_count; i++)
		if (asn_parse(slice_of(c->networks[i].name), &named) && named == asn)
			return &c->networks[i];
	return NULL;
}

const struct router_conf *config_router(const struct config *c, const char *name)
{
	for (size_t i = 0; i < c->router_count; i++)
		if (strcmp(c->routers[i].name, name) == 0)
			return &c->routers[i];
	return NULL;
}
