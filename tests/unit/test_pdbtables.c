/* Whole tables of PeeringDB, what changed in them, and snapshots: against a server that behaves and misbehaves. */
#include "backends/sources/pdb_export.h"
#include "backends/sources/pdb_import.h"
#include "backends/sources/pdb_set.h"
#include "backends/sources/pdb_tables.h"
#include "core/base/clock.h"

#include <dirent.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <cmocka.h>

#include "tests/unit/pdb_server.h"

static struct pdb_server server;
static char dir[64], url[80], key_file[80];
static struct pdb_conf conf;
static struct store *store;
static struct pdb_tables_sum sum;

static void remove_tree(const char *path)
{
	DIR *d = opendir(path);
	struct dirent *entry;

	while (d != NULL && (entry = readdir(d)) != NULL) {
		char *inner = mem_printf("%s/%s", path, entry->d_name);

		if (entry->d_type == DT_DIR && strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
			remove_tree(inner);
		else if (entry->d_type != DT_DIR)
			unlink(inner);
		free(inner);
	}
	if (d != NULL)
		closedir(d);
	rmdir(path);
}

static int start(void **state)
{
	(void)state;
	return server_start(&server, NULL, "tests/data/pdb");
}

static int stop(void **state)
{
	(void)state;
	server_stop(&server);
	return 0;
}

/* The server's rows as they were, a fresh directory and cache. */
static int begin(void **state)
{
	(void)state;
	server_do(&server, "reset");
	snprintf(dir, sizeof(dir), "/tmp/peerdeck-tables-XXXXXX");
	if (mkdtemp(dir) == NULL)
		return -1;
	snprintf(url, sizeof(url), "%s/api", server.url);
	snprintf(key_file, sizeof(key_file), "%s/key", dir);
	conf = (struct pdb_conf){ .enabled = true, .url = url, .refresh_s = 86400, .query_gap_ms = 2, .timeout_ms = 30000 };
	store = store_open(NULL); /* on disk only where that is what is tested */
	return 0;
}

static int end(void **state)
{
	(void)state;
	store_close(store);
	remove_tree(dir);
	return 0;
}

static void use_key(const char *key)
{
	int fd = open(key_file, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	assert_int_equal(write(fd, key, strlen(key)), (ssize_t)strlen(key));
	close(fd);
	conf.api_key_file = key_file;
}

static char faults[4000];

static void note_fault(void *arg, const char *words)
{
	(void)arg;
	snprintf(faults + strlen(faults), sizeof(faults) - strlen(faults), "%s\n", words);
}

static int sync_from(bool whole, const char *from, struct err *e)
{
	const struct pdb_tables_ops ops = { .fault = note_fault };
	const struct pdb_tables_how how = { whole, from };
	struct pdb_ask *ask = pdb_ask_new(&conf, server.http);
	int rc;

	faults[0] = '\0';
	rc = pdb_tables(ask, store, dir, &how, &ops, &sum, e);
	pdb_ask_free(ask);
	return rc;
}

static void sync_well(void)
{
	struct err e = ERR_INIT;

	if (sync_from(false, NULL, &e) != 0)
		fail_msg("%s", e.text);
}

/* The same rows without asking anybody. */
static void fill(void)
{
	assert_int_equal(sync_from(false, "tests/data/pdb", NULL), 0);
}

static size_t rows(enum pdb_tag tag)
{
	size_t n = 0;

	assert_int_equal(store_count(store, tag, &n, NULL, NULL, NULL), 0);
	return n;
}

static struct peer_set *load(asn_t asn)
{
	return pdb_load_only(store, &asn, 1, ASN_UNKNOWN, NULL);
}

static char *last_url(int back)
{
	json_t *c = server_control(&server, server.url, "counters"), *urls = json_object_get(c, "urls");
	char *copy = mem_strdup(json_string_value(json_array_get(urls, json_array_size(urls) - (size_t)back)));

	json_decref(c);
	return copy;
}

/* --- the good way ---------------------------------------------------------------------- */

static void first_sync_reads_every_table(void **state)
{
	(void)state;
	sync_well();
	assert_int_equal(server_count(&server, "total"), PDB_TAGS);
	assert_int_equal(rows(PDB_NET), 7);
	assert_int_equal(rows(PDB_NETIXLAN), 5);
	assert_int_equal(rows(PDB_POC), 5);
	assert_true(sum.tag[PDB_NET].whole);
}

static void next_sync_reads_what_changed(void **state)
{
	struct peer_set *set;
	char *asked;

	(void)state;
	sync_well();
	server_do(&server, "put?tag=net&id=2&info_prefixes4=999");
	sync_well();
	assert_int_equal(sum.tag[PDB_NET].changed, 1);
	assert_false(sum.tag[PDB_NET].whole);
	set = load(64501);
	assert_int_equal(peer_set_find(set, 64501)->info_prefixes4, 999);
	peer_set_unref(set);
	sync_well();
	asked = last_url(PDB_TAGS - (int)PDB_NET);
	assert_non_null(strstr(asked, "/api/net?since="));
	assert_in_range(strtoll(strrchr(asked, '=') + 1, NULL, 10), clock_wall_ms() / 1000 - 60, clock_wall_ms() / 1000 - 1);
	free(asked);
}

static void row_of_the_same_second_is_not_lost(void **state)
{
	(void)state;
	server_do(&server, "put?tag=net&id=2&info_prefixes4=1");
	sync_well();
	server_do(&server, "put?tag=net&id=3&info_prefixes4=2");
	sync_well();
	server_do(&server, "put?tag=net&id=4&info_prefixes4=3");
	sync_well();
	for (asn_t i = 0; i < 3; i++) {
		struct peer_set *set = load(64501 + i);

		assert_int_equal(peer_set_find(set, 64501 + i)->info_prefixes4, i + 1);
		peer_set_unref(set);
	}
}

static void tombstones_take_rows_away(void **state)
{
	struct peer_set *set;

	(void)state;
	sync_well();
	server_do(&server, "drop?tag=netixlan&id=2");
	server_do(&server, "drop?tag=poc&id=3");
	sync_well();
	assert_int_equal(sum.tag[PDB_NETIXLAN].deleted, 1);
	set = load(64501);
	assert_int_equal(peer_set_find(set, 64501)->presence_count, 1);
	assert_int_equal(peer_set_find(set, 64501)->contact_count, 2);
	peer_set_unref(set);
}

static void whole_sync_takes_vanished_rows_away(void **state)
{
	struct pdb_row ghost = { .tag = PDB_NETFAC };

	(void)state;
	sync_well();
	ghost.v[PDB_AT_ID] = (struct pdb_value){ .is = PDB_IS_INT, .i = 4711 };
	ghost.v[pdb_field_find(PDB_NETFAC, slice_of("net_id"), -1)] = (struct pdb_value){ .is = PDB_IS_INT, .i = 2 };
	ghost.v[pdb_field_find(PDB_NETFAC, slice_of("fac_id"), -1)] = (struct pdb_value){ .is = PDB_IS_INT, .i = 1 };
	assert_int_equal(store_put(store, &ghost, 0, NULL, NULL), 0);
	assert_int_equal(rows(PDB_NETFAC), 2);
	assert_int_equal(sync_from(true, NULL, NULL), 0);
	assert_int_equal(rows(PDB_NETFAC), 1);
	assert_int_equal(sum.tag[PDB_NETFAC].deleted, 1);
}

static void key_has_a_watermark_of_its_own(void **state)
{
	struct peer_set *set;

	(void)state;
	sync_well();
	set = load(64501);
	assert_int_equal(peer_set_find(set, 64501)->contacts_seen, CONTACTS_PUBLIC_ONLY);
	peer_set_unref(set);
	use_key("good");
	sync_well(); /* contacts whole, the rest by their watermark */
	assert_true(sum.tag[PDB_POC].whole);
	assert_false(sum.tag[PDB_NET].whole);
	assert_int_equal(rows(PDB_POC), 8);
	set = load(64501);
	assert_int_equal(peer_set_find(set, 64501)->contacts_seen, CONTACTS_ALL);
	assert_int_equal(peer_set_find(set, 64501)->contact_count, 5);
	peer_set_unref(set);
	conf.api_key_file = NULL;
	assert_int_equal(sync_from(true, NULL, NULL), 0);
	assert_int_equal(rows(PDB_POC), 8); /* hidden ones are not to be seen without a key: that is no sign that they are gone */
}

static void whole_table_tells_who_is_absent(void **state)
{
	struct peer_set *set;

	(void)state;
	set = load(65000);
	assert_false(peer_set_absent(set, 65000));
	peer_set_unref(set);
	sync_well();
	set = load(65000);
	assert_true(peer_set_absent(set, 65000));
	peer_set_unref(set);
}

static void public_dump_by_url(void **state)
{
	char *asked;

	(void)state;
	use_key("good");
	assert_int_equal(sync_from(false, server.url, NULL), 0);
	assert_int_equal(server_count(&server, "keys"), 0); /* no key for a server that needs none */
	assert_int_equal(rows(PDB_NET), 7);
	assert_int_equal(rows(PDB_POC), 5);
	sync_well();
	asked = last_url(PDB_TAGS - (int)PDB_NET);
	assert_non_null(strstr(asked, "/api/net?since=")); /* the API goes on where the dump ended */
	free(asked);
	assert_true(sum.tag[PDB_POC].whole); /* a dump has public contacts only */
	assert_int_equal(rows(PDB_POC), 8);
}

static void dump_of_a_directory(void **state)
{
	(void)state;
	assert_int_equal(sync_from(false, "tests/data/pdb", NULL), 0);
	assert_int_equal(server_count(&server, "total"), 0);
	assert_int_equal(rows(PDB_NET), 7);
}

static void older_dump_brings_no_deleted_row_back(void **state)
{
	(void)state;
	sync_well();
	server_do(&server, "drop?tag=netixlan&id=2");
	sync_well();
	assert_int_equal(rows(PDB_NETIXLAN), 4);
	assert_int_equal(sync_from(false, "tests/data/pdb", NULL), 0);
	assert_int_equal(rows(PDB_NETIXLAN), 4);
}

/* --- breaking off ----------------------------------------------------------------------- */

/* A process that dies with a part of the tables stored. */
static void die_storing(void *arg, const char *words)
{
	(void)arg;
	if (strstr(words, "storing net") != NULL)
		raise(SIGKILL);
}

static int die_while_storing(void)
{
	pid_t child = fork();
	int status;

	if (child == 0) {
		const struct pdb_tables_ops ops = { .progress = die_storing };
		const struct pdb_tables_how how = { true, NULL };
		struct pdb_ask *ask = pdb_ask_new(&conf, http_start(NULL));

		pdb_tables(ask, store_open(dir), dir, &how, &ops, &sum, NULL);
		_exit(0);
	}
	return waitpid(child, &status, 0) == child && WIFSIGNALED(status) ? 0 : -1;
}

static void killed_while_storing_leaves_the_old_data_whole(void **state)
{
	struct peer_set *set;

	(void)state;
	store_close(store);
	store = store_open(dir);
	fill();
	store_close(store);
	store = NULL;
	server_do(&server, "put?tag=org&id=1&name=Changed");
	assert_int_equal(die_while_storing(), 0);
	store = store_open(dir);
	assert_string_equal(store_note(store), "");
	assert_int_equal(rows(PDB_NET), 7);
	set = load(64501);
	assert_int_equal(peer_set_find(set, 64501)->presence_count, 2);
	assert_string_not_equal(peer_set_find(set, 64501)->org_name.s, "Changed"); /* stored before net, and undone */
	peer_set_unref(set);
	sync_well();
}

static void broken_off_sync_asks_for_the_rest_only(void **state)
{
	struct err e = ERR_INIT;
	int asked;

	(void)state;
	server_do(&server, "fault?name=403&tag=netixlan&count=1");
	assert_int_equal(sync_from(false, NULL, &e), -1);
	assert_int_equal(rows(PDB_NET), 0); /* nothing is stored before all is there */
	asked = server_count(&server, "net");
	sync_well();
	assert_int_equal(server_count(&server, "net"), asked);
	assert_int_equal(server_count(&server, "netixlan"), 2);
	assert_int_equal(rows(PDB_NET), 7);
	sync_well();
	assert_int_equal(server_count(&server, "net"), asked + 1); /* what is stored is no longer taken from the disk */
}

static bool cancel(void *arg)
{
	(void)arg;
	return true;
}

static void cancelled_sync_changes_nothing(void **state)
{
	const struct pdb_tables_ops ops = { .cancelled = cancel };
	const struct pdb_tables_how how = { true, NULL };
	struct pdb_ask *ask = pdb_ask_new(&conf, server.http);
	struct err e = ERR_INIT;

	(void)state;
	sync_well();
	server_do(&server, "fault?name=huge&tag=org");
	assert_int_equal(pdb_tables(ask, store, dir, &how, &ops, &sum, &e), -1);
	assert_int_equal(e.code, ERR_CANCELLED);
	assert_int_equal(rows(PDB_ORG), 8);
	pdb_ask_cancel(ask);
	err_clear(&e);
	assert_int_equal(pdb_tables(ask, store, dir, &how, &ops, &sum, &e), -1);
	assert_int_equal(e.code, ERR_CANCELLED);
	pdb_ask_free(ask);
}

static void two_at_once_are_refused(void **state)
{
	char *folder = mem_printf("%s/sync", dir), *path = mem_printf("%s/lock", folder);
	struct err e = ERR_INIT;
	int fd;

	(void)state;
	mkdir(folder, 0700);
	fd = open(path, O_RDWR | O_CREAT, 0600);
	assert_int_equal(flock(fd, LOCK_EX | LOCK_NB), 0);
	assert_int_equal(sync_from(false, NULL, &e), -1);
	assert_int_equal(e.code, ERR_REFUSED);
	assert_non_null(strstr(e.text, "another peerdeck"));
	assert_int_equal(server_count(&server, "total"), 0);
	close(fd);
	free(path);
	free(folder);
	sync_well();
}

/* --- faults: the old data stays, the words say why ----------------------------------------- */

static void broken(const char *fault, const char *tag, const char *words)
{
	struct err e = ERR_INIT;
	char what[80];

	fill();
	snprintf(what, sizeof(what), "fault?name=%s&tag=%s", fault, tag);
	server_do(&server, what);
	if (strcmp(fault, "stall") == 0 || strcmp(fault, "drip") == 0)
		conf.timeout_ms = 900;
	assert_int_equal(sync_from(true, NULL, &e), -1);
	if (strstr(e.text, words) == NULL)
		fail_msg("%s: \"%s\" does not say \"%s\"", fault, e.text, words);
	assert_null(strchr(e.text, '\x1b'));
	assert_int_equal(rows(PDB_ORG), 8);
	assert_int_equal(rows(PDB_NET), 7);
	assert_int_equal(rows(PDB_NETIXLAN), 5);
	assert_int_equal(rows(PDB_POC), 8);
	if (strcmp(fault, "cut") == 0) { /* and it gets over it */
		server_do(&server, "reset");
		sync_well();
	}
}

#define FAULT(name, fault, tag, words) \
	static void name(void **state) \
	{ \
		(void)state; \
		broken(fault, tag, words); \
	}

FAULT(fault_stall, "stall", "net", "came to a standstill")
FAULT(fault_drip, "drip", "poc", "came to a standstill")
FAULT(fault_cut_in_a_row, "cut", "net", "the answer was cut")
FAULT(fault_cut_between_rows, "cut_between_rows", "netixlan", "netixlan cannot be read")
FAULT(fault_wrong_length, "length", "net", "not reached")
FAULT(fault_connection_lost, "reset", "poc", "not reached")
FAULT(fault_html_502, "html502", "net", "answers with an error (502)")
FAULT(fault_html_200, "html200", "net", "a web page instead of data")
FAULT(fault_empty_body, "empty", "poc", "empty answer")
FAULT(fault_60_mb_of_one_row, "huge", "net", "the same row comes 59999 times")
FAULT(fault_deep_nesting, "deep", "net", "nested too deep")
FAULT(fault_no_data, "no_data", "net", "no list \"data\"")
FAULT(fault_data_of_wrong_type, "data_object", "net", "no list \"data\"")
FAULT(fault_data_text, "data_text", "poc", "no list \"data\"")
FAULT(fault_truncated, "truncated", "poc", "a part only")
FAULT(fault_no_rows, "no_rows", "netixlan", "no row where 5 are known")
FAULT(fault_401, "401", "net", "refuses access (401: Invalid API key)")
FAULT(fault_403, "403", "poc", "refuses access (403: Forbidden)")
FAULT(fault_404_of_a_wrong_url, "404html", "net", "answers with an error (404)")
FAULT(fault_429, "429", "net", "asks us to wait")
FAULT(fault_500_with_escapes, "500", "net", "answers with an error (500")

/* Rows that are odd one by one: the good ones are stored, the rest is told. */
static void odd(const char *fault, const char *tag)
{
	char what[80];

	fill();
	snprintf(what, sizeof(what), "fault?name=%s&tag=%s", fault, tag);
	server_do(&server, what);
	assert_int_equal(sync_from(true, NULL, NULL), 0);
}

static void wrong_types_leave_fields_unknown(void **state)
{
	struct peer_set *set;
	const struct peer *p;

	(void)state;
	odd("wrong_types", "net");
	assert_int_equal(rows(PDB_NET), 7);
	assert_true(sum.dropped >= 5);
	assert_non_null(strstr(faults, "net: row 1: name is a list or an object"));
	set = load(64501);
	p = peer_set_find(set, 64501);
	assert_false(text_known(p->name));
	assert_int_equal(p->info_prefixes4, COUNT_UNKNOWN);
	peer_set_unref(set);
}

static void null_numbers_are_unknown_not_zero(void **state)
{
	struct peer_set *set;
	const struct peer *p;

	(void)state;
	odd("null_numbers", "netixlan");
	set = load(64501);
	p = peer_set_find(set, 64501);
	assert_int_equal(p->presence[0].speed_mbit, -1);
	assert_int_equal(p->presence[0].operational, TRI_UNKNOWN);
	assert_int_equal(p->presence[0].rs_peer, TRI_UNKNOWN);
	peer_set_unref(set);
	server_do(&server, "reset");
	odd("null_numbers", "net");
	set = load(64501);
	assert_int_equal(peer_set_find(set, 64501)->info_prefixes4, COUNT_UNKNOWN);
	peer_set_unref(set);
}

static void largest_asn_is_read_and_no_larger_one(void **state)
{
	struct peer_set *set;

	(void)state;
	odd("asn_max", "net");
	assert_int_equal(rows(PDB_NET), 8);
	set = load(4294967295u);
	assert_string_equal(peer_set_find(set, 4294967295u)->name.s, "Last of all");
	peer_set_unref(set);
	assert_non_null(strstr(faults, "net has no usable asn; row dropped"));
}

static void duplicate_rows_count_once(void **state)
{
	struct peer_set *set;

	(void)state;
	odd("duplicates", "net");
	assert_int_equal(rows(PDB_NET), 7);
	set = load(64501);
	assert_string_equal(peer_set_find(set, 64501)->name.s, "Northwind Transit"); /* the last of the two */
	peer_set_unref(set);
}

static void orphan_rows_do_no_harm(void **state)
{
	struct peer_set *set;

	(void)state;
	odd("orphans", "netixlan");
	assert_int_equal(rows(PDB_NETIXLAN), 6); /* one belongs to nobody yet, the other to nobody ever */
	set = load(64501);
	assert_int_equal(peer_set_find(set, 64501)->presence_count, 2);
	peer_set_unref(set);
}

static void rows_with_ipv6_only(void **state)
{
	struct peer_set *set;
	const struct presence *port;

	(void)state;
	fill();
	set = load(64506);
	port = &peer_set_find(set, 64506)->presence[0];
	assert_int_equal(port->ip4.family, ADDR_NONE);
	assert_int_equal(port->ip6.family, ADDR_IP6);
	peer_set_unref(set);
}

static void as_set_of_two_names_is_kept(void **state)
{
	struct peer_set *set;

	(void)state;
	fill();
	set = load(64501);
	assert_string_equal(peer_set_find(set, 64501)->irr_as_set.s, "RIPE::AS-NORTH AS-NORTH6");
	peer_set_unref(set);
}

static void invalid_utf8_is_made_visible(void **state)
{
	struct peer_set *set;
	const char *name;

	(void)state;
	odd("invalid_utf8", "net");
	set = load(64501);
	name = peer_set_find(set, 64501)->name.s;
	assert_non_null(strstr(name, "Broken"));
	assert_null(strchr(name, '\xff'));
	peer_set_unref(set);
}

static void escapes_and_bidi_controls_are_made_visible(void **state)
{
	struct peer_set *set;
	const struct peer *p;

	(void)state;
	fill();
	set = load(64504);
	p = peer_set_find(set, 64504);
	assert_null(strpbrk(p->name.s, "\x1b\x07"));
	assert_non_null(strstr(p->name.s, "<U+202E>"));
	assert_null(strchr(p->notes.s, '\x1b'));
	assert_null(strchr(p->contacts[0].name.s, '\x1b'));
	peer_set_unref(set);
}

static void redirect_leaks_no_key(void **state)
{
	struct err e = ERR_INIT;

	(void)state;
	use_key("good");
	snprintf(url, sizeof(url), "%s/api", server.redirect);
	assert_int_equal(sync_from(false, NULL, &e), -1);
	assert_non_null(strstr(e.text, "redirects to"));
	assert_int_equal(server_count(&server, "total"), 0);
}

static void throttle_that_ends_soon_is_sat_out(void **state)
{
	(void)state;
	server_do(&server, "set?retry_after=1");
	server_do(&server, "fault?name=429&tag=net&count=1");
	sync_well();
	assert_int_equal(server_count(&server, "net"), 2);
}

static int64_t contact_age_mark;

static int note_contact(void *arg, const struct pdb_row *row)
{
	contact_age_mark = row->read_wall_ms;
	*(size_t *)arg += row->v[PDB_AT_ID].i == 1;
	return 0;
}

/* Without a key a contact that its network hides is simply no longer sent.  What changed tells nothing of it: until all are
 * read again it keeps the age of the last reading of all, and then it is gone. */
static void contact_that_was_hidden_leaves(void **state)
{
	struct store_mark m;
	size_t there = 0;
	int64_t net = 1;

	(void)state;
	sync_well();
	assert_int_equal(store_mark_get(store, PDB_POC, false, &m, NULL), 1);
	m.whole_wall_ms -= INT64_C(20) * 3600000;
	assert_int_equal(store_mark_put(store, PDB_POC, false, &m, NULL), 0);
	server_do(&server, "put?tag=poc&id=1&visible=Users");
	sync_well();
	assert_int_equal(store_rows(store, PDB_POC, "id", &net, 1, note_contact, &there, NULL), 0);
	assert_int_equal(there, 1);
	assert_true(store_mark_get(store, PDB_POC, false, &m, NULL) == 1 && m.at_wall_ms > m.whole_wall_ms);
	m.whole_wall_ms -= INT64_C(5) * 3600000; /* more than a day ago: all of them again */
	assert_int_equal(store_mark_put(store, PDB_POC, false, &m, NULL), 0);
	sync_well();
	there = 0;
	assert_int_equal(store_rows(store, PDB_POC, "id", &net, 1, note_contact, &there, NULL), 0);
	assert_int_equal(there, 0);
	server_do(&server, "put?tag=poc&id=1&visible=Public"); /* and back */
	sync_well();
	assert_int_equal(store_rows(store, PDB_POC, "id", &net, 1, note_contact, &there, NULL), 0);
	assert_int_equal(there, 1);
	/* A sync of what changed does not make the others look fresh. */
	assert_int_equal(store_mark_get(store, PDB_POC, false, &m, NULL), 1);
	m.whole_wall_ms -= INT64_C(20) * 3600000;
	m.at_wall_ms = clock_wall_ms();
	assert_int_equal(store_mark_put(store, PDB_POC, false, &m, NULL), 0);
	net = 2;
	assert_int_equal(store_rows(store, PDB_POC, "id", &net, 1, note_contact, &there, NULL), 0);
	assert_true(contact_age_mark < m.at_wall_ms);
}

static void watermark_in_the_far_future_is_not_believed(void **state)
{
	char *asked;

	(void)state;
	server_do(&server, "put?tag=net&id=2&updated=2999-01-01T00:00:00Z");
	sync_well();
	server_do(&server, "put?tag=net&id=3&info_prefixes4=7");
	sync_well();
	asked = last_url(PDB_TAGS - (int)PDB_NET);
	assert_null(strstr(asked, "since=324"));
	free(asked);
	assert_true(sum.tag[PDB_NET].changed >= 1);
}

/* --- snapshots --------------------------------------------------------------------------- */

static char *read_all(const char *path)
{
	struct str s;
	char buf[4096];
	ssize_t n;
	int fd = open(path, O_RDONLY);

	assert_true(fd >= 0);
	str_init(&s, 16 << 20);
	while ((n = read(fd, buf, sizeof(buf))) > 0)
		str_add(&s, buf, (size_t)n);
	close(fd);
	return s.p;
}

static void export_and_import_make_a_round(void **state)
{
	char *one = mem_printf("%s/one.json", dir), *two = mem_printf("%s/two.json", dir), *files = mem_printf("%s/files", dir);
	const struct pdb_import_ops ops = { .fault = note_fault };
	struct pdb_import_sum got;
	struct store *other = store_open(NULL);
	struct peer_set *set;
	char *a, *b;

	(void)state;
	use_key("good");
	sync_well();
	assert_int_equal(pdb_export(store, one, NULL, NULL), 0);
	assert_int_equal(pdb_import(other, (const char *const *)&one, 1, &ops, &got, NULL), 0);
	assert_int_equal(got.faults, 0);
	assert_int_equal(pdb_export(other, two, NULL, NULL), 0);
	a = read_all(one);
	b = read_all(two);
	assert_string_equal(a, b);
	set = pdb_load_only(other, &(asn_t){ 64501 }, 1, ASN_UNKNOWN, NULL);
	assert_int_equal(peer_set_find(set, 64501)->contact_count, 5);
	assert_int_equal(peer_set_find(set, 64501)->contacts_seen, CONTACTS_ALL);
	peer_set_unref(set);
	store_close(other);
	other = store_open(NULL);
	assert_int_equal(pdb_export(store, files, NULL, NULL), 0);
	assert_int_equal(pdb_import(other, (const char *const *)&files, 1, &ops, &got, NULL), 0);
	assert_int_equal(pdb_export(other, two, NULL, NULL), 0);
	free(b);
	b = read_all(two);
	assert_string_equal(a, b);
	store_close(other);
	free(a);
	free(b);
	free(one);
	free(two);
	free(files);
}

static void import_is_no_place_to_go_on_from(void **state)
{
	const char *const paths[] = { "tests/data/pdb" };
	const struct pdb_import_ops ops = { 0 };
	struct pdb_import_sum got;

	(void)state;
	assert_int_equal(pdb_import(store, paths, 1, &ops, &got, NULL), 0);
	sync_well();
	assert_true(sum.tag[PDB_NET].whole); /* a snapshot may be a part */
	assert_int_equal(pdb_import(store, paths, 1, &ops, &got, NULL), 0);
	sync_well();
	assert_false(sum.tag[PDB_NET].whole);
}

#define FRESH(f) cmocka_unit_test_setup_teardown(f, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		FRESH(first_sync_reads_every_table), FRESH(next_sync_reads_what_changed), FRESH(row_of_the_same_second_is_not_lost),
		FRESH(tombstones_take_rows_away), FRESH(whole_sync_takes_vanished_rows_away), FRESH(key_has_a_watermark_of_its_own),
		FRESH(whole_table_tells_who_is_absent), FRESH(public_dump_by_url), FRESH(dump_of_a_directory),
		FRESH(older_dump_brings_no_deleted_row_back), FRESH(killed_while_storing_leaves_the_old_data_whole),
		FRESH(broken_off_sync_asks_for_the_rest_only), FRESH(cancelled_sync_changes_nothing), FRESH(two_at_once_are_refused),
		FRESH(fault_stall), FRESH(fault_drip), FRESH(fault_cut_in_a_row), FRESH(fault_cut_between_rows),
		FRESH(fault_wrong_length), FRESH(fault_connection_lost), FRESH(fault_html_502), FRESH(fault_html_200),
		FRESH(fault_empty_body), FRESH(fault_60_mb_of_one_row), FRESH(fault_deep_nesting), FRESH(fault_no_data),
		FRESH(fault_data_of_wrong_type), FRESH(fault_data_text), FRESH(fault_truncated), FRESH(fault_no_rows), FRESH(fault_401),
		FRESH(fault_403), FRESH(fault_404_of_a_wrong_url), FRESH(fault_429), FRESH(fault_500_with_escapes),
		FRESH(wrong_types_leave_fields_unknown), FRESH(null_numbers_are_unknown_not_zero),
		FRESH(largest_asn_is_read_and_no_larger_one), FRESH(duplicate_rows_count_once), FRESH(orphan_rows_do_no_harm),
		FRESH(rows_with_ipv6_only), FRESH(as_set_of_two_names_is_kept), FRESH(invalid_utf8_is_made_visible),
		FRESH(escapes_and_bidi_controls_are_made_visible), FRESH(redirect_leaks_no_key), FRESH(throttle_that_ends_soon_is_sat_out),
		FRESH(contact_that_was_hidden_leaves), FRESH(watermark_in_the_far_future_is_not_believed), FRESH(export_and_import_make_a_round),
		FRESH(import_is_no_place_to_go_on_from),
	};

	return cmocka_run_group_tests_name("pdbtables", tests, start, stop);
}
