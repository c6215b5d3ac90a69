/* PeeringDB's data from question to peer_set, against a server that behaves and misbehaves as the real one. */
#include "backends/sources/pdb_ask.h"
#include "backends/sources/pdb_set.h"
#include "backends/sources/pdb_sync.h"
#include "backends/sources/pdb_turn.h"
#include "backends/sources/peeringdb.h"
#include "core/base/clock.h"

#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <sys/stat.h>
#include <cmocka.h>

#include "tests/unit/pdb_server.h"

static struct pdb_server server;
static char dir[64], url[80], key_file[80];
static struct pdb_conf conf;
static struct store *store;

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

/* A fresh directory and cache, a server without faults, no key. */
static int begin(void **state)
{
	(void)state;
	server_do(&server, "reset");
	snprintf(dir, sizeof(dir), "/tmp/peerdeck-pdb-XXXXXX");
	if (mkdtemp(dir) == NULL)
		return -1;
	snprintf(url, sizeof(url), "%s/api", server.url);
	snprintf(key_file, sizeof(key_file), "%s/key", dir);
	conf = (struct pdb_conf){ .enabled = true, .url = url, .refresh_s = 86400, .query_gap_ms = 2, .timeout_ms = 30000 };
	store = store_open(dir);
	return 0;
}

static int end(void **state)
{
	DIR *d;
	struct dirent *entry;

	(void)state;
	store_close(store);
	store = NULL;
	d = opendir(dir);
	while (d != NULL && (entry = readdir(d)) != NULL)
		unlinkat(dirfd(d), entry->d_name, 0);
	if (d != NULL)
		closedir(d);
	return rmdir(dir);
}

static void write_key(const char *key, mode_t mode)
{
	int fd = open(key_file, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	assert_int_equal(write(fd, key, strlen(key)), (ssize_t)strlen(key));
	fchmod(fd, mode);
	close(fd);
	conf.api_key_file = key_file;
}

static const asn_t seen[] = { 64501, 64502, 64503, 64504, 4294967294u, 64511 };

/* One sync of the seen networks and these addresses ("" ends the list); state gets the line. */
static int sync_with(const char *const *addrs, char state[400], struct err *e)
{
	const struct pdb_sync_ops ops = { 0 };
	struct pdb_ask *ask = pdb_ask_new(&conf, server.http);
	struct addr parsed[8];
	struct pdb_wanted w = { .asns = seen, .asn_count = ARRAY_LEN(seen), .addrs = parsed, .local_as = 64500,
		.refresh_s = conf.refresh_s };
	int rc;

	for (; addrs != NULL && *addrs[w.addr_count] != '\0'; w.addr_count++)
		assert_true(addr_parse(slice_of(addrs[w.addr_count]), &parsed[w.addr_count]));
	rc = pdb_sync(ask, store, &w, &ops, e);
	snprintf(state, 400, "%s", pdb_ask_state(ask));
	pdb_ask_free(ask);
	return rc;
}

static int sync_seen(char state[400])
{
	return sync_with(NULL, state, NULL);
}

static struct peer_set *load(void)
{
	return pdb_load(store, seen, ARRAY_LEN(seen), 64500, NULL);
}

/* --- the good way -------------------------------------------------------------------- */

static void networks_are_read_in_one_batch(void **state)
{
	char line[400];
	struct peer_set *set;
	const struct peer *p;

	(void)state;
	assert_int_equal(sync_seen(line), 0);
	assert_string_equal(line, "");
	assert_int_equal(server_count(&server, "net"), 1);
	assert_int_equal(server_count(&server, "poc"), 1);
	assert_int_equal(server_count(&server, "netixlan"), 1);
	set = load();
	assert_int_equal(set->peer_count, 6); /* five seen and our own */
	p = peer_set_find(set, 64501);
	assert_string_equal(p->name.s, "Northwind Transit");
	assert_string_equal(p->irr_as_set.s, "RIPE::AS-NORTH AS-NORTH6");
	assert_int_equal(p->info_prefixes4, 250);
	assert_int_equal(p->info_prefixes6, COUNT_UNKNOWN); /* null is not zero */
	assert_int_equal(p->presence_count, 2);
	assert_int_equal(p->presence[0].rs_peer, TRI_YES);
	assert_int_equal(p->presence[1].operational, TRI_NO);
	assert_int_equal(p->presence[1].ip6.family, ADDR_NONE);
	assert_int_equal(p->presence[0].speed_mbit, 100000);
	assert_in_range(clock_wall_ms() - p->fetched_wall_ms, 0, 60000);
	assert_int_equal(p->updated_wall_ms, 1793527200000);
	assert_string_equal(peer_set_find(set, 4294967294u)->name.s, "Four Octets");
	peer_set_unref(set);
}

static void facilities_and_our_own_network_come_along(void **state)
{
	char line[400];
	struct peer_set *set;
	const struct peer *p;

	(void)state;
	assert_int_equal(sync_seen(line), 0);
	set = load();
	p = peer_set_find(set, 64501);
	assert_int_equal(p->site_count, 1);
	assert_string_equal(p->sites[0].name.s, "Example DC");
	assert_true(p->sites_known);
	p = peer_set_find(set, 64503);
	assert_int_equal(p->site_count, 0);
	assert_true(p->sites_known); /* asked: there is none */
	assert_ptr_equal(peer_set_own(set), peer_set_find(set, 64500));
	assert_true(peer_set_own(set)->presence_count > 0);
	assert_non_null(peer_set_exchange(set, peer_set_own(set)->presence[0].ix_id, 0));
	peer_set_unref(set);
}

static void second_look_asks_nothing(void **state)
{
	char line[400];
	int before;

	(void)state;
	assert_int_equal(sync_seen(line), 0);
	before = server_count(&server, "total");
	assert_int_equal(sync_seen(line), 0);
	assert_int_equal(server_count(&server, "total"), before);
}

static void unknown_network_is_remembered_as_absent(void **state)
{
	char line[400];
	struct peer_set *set;

	(void)state;
	set = load();
	assert_false(peer_set_absent(set, 64511)); /* never asked */
	peer_set_unref(set);
	assert_int_equal(sync_seen(line), 0);
	set = load();
	assert_null(peer_set_find(set, 64511));
	assert_true(peer_set_absent(set, 64511));
	assert_false(peer_set_absent(set, 64501));
	peer_set_unref(set);
}

static void old_data_is_asked_again(void **state)
{
	char line[400];

	(void)state;
	assert_int_equal(sync_seen(line), 0);
	conf.refresh_s = 0;
	assert_int_equal(sync_seen(line), 0);
	assert_int_equal(server_count(&server, "net"), 2);
}

static void many_networks_go_in_batches_of_150(void **state)
{
	const struct pdb_sync_ops ops = { 0 };
	struct pdb_ask *ask = pdb_ask_new(&conf, server.http);
	asn_t asns[400];
	struct pdb_wanted w = { .asns = asns, .asn_count = 400, .refresh_s = 86400 };

	(void)state;
	for (asn_t i = 0; i < 400; i++)
		asns[i] = 65000 + i; /* none of them is there; the server refuses more than 150 */
	assert_int_equal(pdb_sync(ask, store, &w, &ops, NULL), 0);
	assert_int_equal(server_count(&server, "net"), 3);
	assert_int_equal(server_count(&server, "poc"), 0); /* nobody found: nothing more to ask */
	pdb_ask_free(ask);
}

static void questions_keep_their_distance(void **state)
{
	char line[400];
	json_t *c, *gaps;
	size_t i;
	const json_t *gap;

	(void)state;
	conf.query_gap_ms = 60;
	assert_int_equal(sync_seen(line), 0);
	c = server_control(&server, server.url, "counters");
	gaps = json_object_get(c, "gaps_ms");
	assert_true(json_array_size(gaps) >= 2);
	json_array_foreach(gaps, i, gap)
		assert_true(json_integer_value(gap) >= 55);
	json_decref(c);
}

/* --- contacts -------------------------------------------------------------------------- */

static void without_key_only_public_contacts(void **state)
{
	char line[400];
	struct peer_set *set;
	const struct peer *p;

	(void)state;
	assert_int_equal(sync_seen(line), 0);
	set = load();
	p = peer_set_find(set, 64501);
	assert_int_equal(p->contacts_seen, CONTACTS_PUBLIC_ONLY);
	assert_int_equal(p->contact_count, 3);
	assert_string_equal(p->contacts[0].role.s, "NOC");
	assert_string_equal(p->contacts[0].phone.s, "+12025550101");
	assert_string_equal(p->contacts[1].role.s, "Abuse");
	assert_string_equal(p->contacts[2].role.s, "Sales");
	assert_int_equal(peer_set_find(set, 64502)->contact_count, 1); /* a deleted one is not shown */
	assert_int_equal(server_count(&server, "keys"), 0);
	peer_set_unref(set);
}

static void with_key_all_contacts(void **state)
{
	char line[400];
	struct peer_set *set;
	const struct peer *p;

	(void)state;
	write_key("good\n", 0600);
	assert_int_equal(sync_seen(line), 0);
	assert_string_equal(line, "");
	set = load();
	p = peer_set_find(set, 64501);
	assert_int_equal(p->contacts_seen, CONTACTS_ALL);
	assert_int_equal(p->contact_count, 5);
	assert_string_equal(p->contacts[1].role.s, "Technical");
	assert_int_equal(peer_set_find(set, 64503)->contact_count, 0);
	assert_int_equal(peer_set_find(set, 64503)->contacts_seen, CONTACTS_ALL); /* so there is none */
	peer_set_unref(set);
}

static void key_that_comes_later_reads_again(void **state)
{
	char line[400];
	struct peer_set *set;

	(void)state;
	assert_int_equal(sync_seen(line), 0);
	write_key("good", 0600);
	assert_int_equal(sync_seen(line), 0);
	set = load();
	assert_int_equal(peer_set_find(set, 64501)->contact_count, 5);
	peer_set_unref(set);
}

static void key_that_goes_keeps_hidden_contacts(void **state)
{
	char line[400];
	struct peer_set *set;

	(void)state;
	write_key("good", 0600);
	assert_int_equal(sync_seen(line), 0);
	conf.api_key_file = NULL;
	conf.refresh_s = 0;
	assert_int_equal(sync_seen(line), 0);
	set = load();
	assert_int_equal(peer_set_find(set, 64501)->contact_count, 5);
	assert_int_equal(peer_set_find(set, 64501)->contacts_seen, CONTACTS_ALL);
	peer_set_unref(set);
}

static void contact_that_goes_is_dropped(void **state)
{
	char line[400];
	struct peer_set *set;
	struct pdb_server own;

	(void)state;
	assert_int_equal(server_start(&own, NULL, "tests/data/pdb"), 0);
	snprintf(url, sizeof(url), "%s/api", own.url);
	assert_int_equal(sync_seen(line), 0);
	server_do(&own, "drop?tag=poc&id=3");
	conf.refresh_s = 0;
	assert_int_equal(sync_seen(line), 0);
	set = load();
	assert_int_equal(peer_set_find(set, 64501)->contact_count, 2);
	assert_string_equal(peer_set_find(set, 64501)->contacts[0].role.s, "Abuse");
	peer_set_unref(set);
	server_stop(&own);
}

static void key_that_others_can_read_is_refused(void **state)
{
	char line[400];

	(void)state;
	write_key("good", 0640);
	assert_int_equal(sync_seen(line), 0);
	assert_non_null(strstr(line, "can be read by others"));
	assert_non_null(strstr(line, "chmod 600"));
	assert_int_equal(server_count(&server, "keys"), 0);
}

static void key_of_several_lines_is_refused(void **state)
{
	struct err e = ERR_INIT;

	(void)state;
	write_key("good\r\nX-Injected: yes\r\n", 0600);
	assert_null(pdb_key_read(key_file, &e));
	assert_int_equal(e.code, ERR_CONFIG);
}

static void wrong_and_inactive_keys_are_told(void **state)
{
	char line[400];
	int asked;

	(void)state;
	write_key("wrong", 0600);
	assert_int_equal(sync_seen(line), -1);
	assert_non_null(strstr(line, "refuses our API key (401: Invalid API key)"));
	asked = server_count(&server, "total");
	assert_int_equal(asked, 1); /* one refusal is enough: ten a minute bring a throttle */
	write_key("inactive", 0600);
	assert_int_equal(sync_seen(line), -1);
	assert_non_null(strstr(line, "Inactive API key"));
}

static void redirect_leaks_no_key(void **state)
{
	char line[400];

	(void)state;
	write_key("good", 0600);
	snprintf(url, sizeof(url), "%s/api", server.redirect);
	assert_int_equal(sync_seen(line), -1);
	assert_non_null(strstr(line, "redirects to"));
	assert_int_equal(server_count(&server, "total"), 0);
}

/* --- exchanges ------------------------------------------------------------------------- */

static const struct exchange *exchange_of(const struct peer_set *set, const char *address)
{
	struct addr a;

	assert_true(addr_parse(slice_of(address), &a));
	return peer_set_exchange_of(set, &a);
}

static void own_exchange_is_known(void **state)
{
	static const char *const addrs[] = { "203.0.113.2", "203.0.113.77", "10.0.0.1", "" };
	char line[400];
	struct peer_set *set;

	(void)state;
	assert_int_equal(sync_with(addrs, line, NULL), 0);
	set = load();
	/* .77 belongs to a network that names no port: our own port told the LAN, no list of all was needed. */
	assert_string_equal(exchange_of(set, "203.0.113.77")->name.s, "Example-IX");
	assert_string_equal(exchange_of(set, "203.0.113.77")->tech_email.s, "tech@ix1.example");
	assert_null(exchange_of(set, "10.0.0.1"));
	assert_null(peer_set_exchange_named(set, "Sample-IX")); /* nobody of ours is there */
	assert_int_equal(server_count(&server, "ixpfx"), 1);
	peer_set_unref(set);
}

static void lan_that_nobody_names_is_found_by_prefix(void **state)
{
	static const char *const addrs[] = { "198.51.100.200", "192.0.2.9", "" };
	char line[400];
	struct peer_set *set;
	int asked;

	(void)state;
	assert_int_equal(sync_with(addrs, line, NULL), 0);
	set = load();
	assert_string_equal(exchange_of(set, "198.51.100.200")->name.s, "Lonely-IX");
	assert_null(exchange_of(set, "192.0.2.9"));
	peer_set_unref(set);
	asked = server_count(&server, "total");
	assert_int_equal(sync_with(addrs, line, NULL), 0);
	assert_int_equal(server_count(&server, "total"), asked); /* on no exchange: not asked again either */
}

/* --- faults: the cache stays, one line says why ---------------------------------------- */

/* Fills the cache, breaks `tag`, looks again: old data there, words in the state. */
static void broken(const char *fault, const char *tag, const char *words)
{
	char line[400], what[80];
	struct peer_set *set;

	assert_int_equal(sync_seen(line), 0);
	snprintf(what, sizeof(what), "fault?name=%s&tag=%s", fault, tag);
	server_do(&server, what);
	conf.refresh_s = 0;
	if (strcmp(fault, "stall") == 0 || strcmp(fault, "drip") == 0)
		conf.timeout_ms = 400;
	assert_int_equal(sync_seen(line), -1);
	if (strstr(line, words) == NULL)
		fail_msg("%s: \"%s\" does not say \"%s\"", fault, line, words);
	assert_non_null(strstr(line, "showing the cache, next try 20"));
	assert_null(strchr(line, '\x1b'));
	set = load();
	assert_int_equal(set->peer_count, 6); /* five seen and our own */
	assert_int_equal(peer_set_find(set, 64501)->contact_count, 3);
	assert_int_equal(peer_set_find(set, 64501)->presence_count, 2);
	peer_set_unref(set);
}

#define FAULT(name, fault, tag, words) \
	static void name(void **state) \
	{ \
		(void)state; \
		broken(fault, tag, words); \
	}

FAULT(fault_stall, "stall", "net", "not reached (no complete answer")
FAULT(fault_drip, "drip", "poc", "not reached (no complete answer")
FAULT(fault_cut_in_a_row, "cut", "net", "about net cannot be read")
FAULT(fault_cut_between_rows, "cut_between_rows", "netixlan", "about netixlan cannot be read")
FAULT(fault_wrong_length, "length", "net", "not reached")
FAULT(fault_connection_lost, "reset", "poc", "not reached")
FAULT(fault_html_502, "html502", "net", "answers with an error (502)")
FAULT(fault_html_200, "html200", "net", "a web page instead of data")
FAULT(fault_empty_body, "empty", "poc", "empty answer")
FAULT(fault_60_mb, "huge", "net", "not taken (the answer is longer than 33554432 octets)")
FAULT(fault_deep_nesting, "deep", "net", "nested too deep")
FAULT(fault_no_data, "no_data", "net", "no list \"data\"")
FAULT(fault_data_of_wrong_type, "data_object", "net", "no list \"data\"")
FAULT(fault_data_text, "data_text", "poc", "no list \"data\"")
FAULT(fault_truncated, "truncated", "poc", "a part only")
FAULT(fault_401, "401", "net", "refuses access (401: Invalid API key)")
FAULT(fault_403, "403", "poc", "refuses access (403: Forbidden)")
FAULT(fault_404_of_a_wrong_url, "404html", "net", "answers with an error (404)")
FAULT(fault_429, "429", "net", "asks us to wait")
FAULT(fault_500_with_escapes, "500", "net", "answers with an error (500")

static void away_from_the_start_serves_the_cache(void **state)
{
	char line[400];
	struct peer_set *set;

	(void)state;
	assert_int_equal(sync_seen(line), 0);
	snprintf(url, sizeof(url), "http://127.0.0.1:1/api");
	conf.refresh_s = 0;
	assert_int_equal(sync_seen(line), -1);
	assert_non_null(strstr(line, "not reached"));
	set = load();
	assert_int_equal(set->peer_count, 6); /* five seen and our own */
	peer_set_unref(set);
}

static void ignored_filter_brings_no_strangers(void **state)
{
	char line[400];
	size_t nets = 0;

	(void)state;
	server_do(&server, "fault?name=unfiltered");
	assert_int_equal(sync_seen(line), 0);
	assert_int_equal(store_count(store, PDB_NET, &nets, NULL, NULL, NULL), 0);
	assert_int_equal(nets, 6); /* five seen and our own; not AS64506 */
}

static void wait_of_the_server_is_obeyed(void **state)
{
	const struct pdb_sync_ops ops = { 0 };
	struct pdb_ask *ask = pdb_ask_new(&conf, server.http);
	struct pdb_wanted w = { .asns = seen, .asn_count = 1, .refresh_s = 86400 };

	(void)state;
	server_do(&server, "set?retry_after=600");
	server_do(&server, "fault?name=429&count=1");
	assert_int_equal(pdb_sync(ask, store, &w, &ops, NULL), -1);
	assert_in_range(pdb_ask_pause_ms(ask), 590000, 600000);
	assert_int_equal(pdb_sync(ask, store, &w, &ops, NULL), -1);
	pdb_ask_retry(ask); /* the operator's wish does not lift it */
	assert_int_equal(pdb_sync(ask, store, &w, &ops, NULL), -1);
	assert_int_equal(server_count(&server, "total"), 1);
	pdb_ask_free(ask);
}

/* Two of one data directory ask as one. */
static void pace_and_pauses_are_shared(void **state)
{
	enum { GAP = 150 };
	struct pdb_ask *a[2];
	struct str body;
	int64_t begin;

	(void)state;
	conf.query_gap_ms = GAP;
	for (int i = 0; i < 2; i++) {
		a[i] = pdb_ask_new(&conf, server.http);
		pdb_ask_share(a[i], dir);
	}
	begin = clock_boot_ms();
	for (int i = 0; i < 4; i++) {
		str_init(&body, 0);
		assert_int_equal(pdb_ask_get(a[i % 2], PDB_FAC, NULL, NULL, 0, &body, NULL), 0);
		str_fini(&body);
	}
	assert_true(clock_boot_ms() - begin >= 3 * GAP);
	server_do(&server, "set?retry_after=600");
	server_do(&server, "fault?name=429&count=1");
	str_init(&body, 0);
	assert_int_equal(pdb_ask_get(a[0], PDB_FAC, NULL, NULL, 0, &body, NULL), -1);
	assert_int_equal(server_count(&server, "total"), 5);
	assert_int_equal(pdb_ask_get(a[1], PDB_FAC, NULL, NULL, 0, &body, NULL), -1);
	assert_int_equal(server_count(&server, "total"), 5); /* not asked */
	assert_in_range(pdb_ask_pause_ms(a[1]), 590000, 600000);
	assert_non_null(strstr(pdb_ask_state(a[1]), "PeeringDB asks us to wait"));
	str_fini(&body);
	pdb_ask_free(a[0]);
	pdb_ask_free(a[1]);
}

static pid_t sync_in_a_process(void)
{
	const struct pdb_sync_ops ops = { 0 };
	const struct pdb_wanted w = { .asns = seen, .asn_count = ARRAY_LEN(seen), .local_as = 64500, .refresh_s = 86400 };
	pid_t pid = fork();
	struct pdb_ask *ask;
	struct store *own;
	int rc;

	if (pid != 0)
		return pid;
	own = store_open(dir);
	ask = pdb_ask_new(&conf, http_start(NULL));
	pdb_ask_share(ask, dir);
	rc = pdb_sync(ask, own, &w, &ops, NULL);
	pdb_ask_free(ask);
	store_close(own);
	_exit(rc == 0 ? 0 : 1);
}

static void two_processes_ask_for_the_same_once(void **state)
{
	pid_t pids[3];

	(void)state;
	conf.query_gap_ms = 60;
	for (size_t i = 0; i < ARRAY_LEN(pids); i++)
		pids[i] = sync_in_a_process();
	for (size_t i = 0; i < ARRAY_LEN(pids); i++) {
		int status;

		assert_int_equal(waitpid(pids[i], &status, 0), pids[i]);
		assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	}
	assert_int_equal(server_count(&server, "net"), 1);
	assert_int_equal(server_count(&server, "poc"), 1);
}

/* A lock or a file that cannot be had stops nobody; nor does a time far ahead, of a clock that was set back. */
static void turns_that_cannot_be_kept_stop_nobody(void **state)
{
	struct pdb_turn *t = pdb_turn_new("/nonexistent/folder", false), *ours;
	char path[200];
	FILE *f;

	(void)state;
	assert_int_equal(pdb_turn_take(t, 1000), 0);
	assert_int_equal(pdb_turn_take(t, 1000), 0);
	assert_true(pdb_turn_hold(t));
	pdb_turn_free(t);
	snprintf(path, sizeof(path), "%s/peeringdb.turn", dir);
	ours = pdb_turn_new(dir, false);
	f = fopen(path, "we");
	fprintf(f, "%lld %lld\n", (long long)clock_wall_ms() + INT64_C(3) * 86400000, (long long)INT64_MAX);
	fclose(f);
	assert_int_equal(pdb_turn_take(ours, 1000), 0);
	assert_in_range(pdb_turn_take(ours, 1000), 1, 1000);
	f = fopen(path, "we");
	fputs("no times at all", f);
	fclose(f);
	assert_int_equal(pdb_turn_take(ours, 1000), 0);
	pdb_turn_free(ours);
}

static void failures_wait_longer_each_time(void **state)
{
	struct pdb_ask *ask;
	struct str body;
	int64_t first;

	(void)state;
	conf.query_gap_ms = 3000;
	ask = pdb_ask_new(&conf, server.http);
	str_init(&body, 0);
	server_do(&server, "set?retry_after=0");
	server_do(&server, "fault?name=429");
	assert_int_equal(pdb_ask_get(ask, PDB_NET, NULL, NULL, 0, &body, NULL), -1);
	first = pdb_ask_pause_ms(ask);
	assert_in_range(first, 9000, 10000); /* no Retry-After: the negative cache of the server lasts 10 s */
	str_fini(&body);
	pdb_ask_free(ask);
}

static void texts_are_made_safe(void **state)
{
	char line[400];
	struct peer_set *set;
	const struct peer *p;

	(void)state;
	assert_int_equal(sync_seen(line), 0);
	set = load();
	p = peer_set_find(set, 64504);
	assert_null(strpbrk(p->name.s, "\x1b\x07"));
	assert_non_null(strstr(p->name.s, "<U+202E>"));
	assert_null(strchr(p->notes.s, '\x1b'));
	assert_null(strchr(p->contacts[0].name.s, '\x1b'));
	peer_set_unref(set);
}

/* --- the thread ------------------------------------------------------------------------ */

/* The next MSG_PEERS within ten seconds. */
static struct peer_set *next_set(struct inbox *in)
{
	int64_t until = clock_boot_ms() + 10000;

	while (clock_boot_ms() < until) {
		struct pollfd fd = { .fd = inbox_fd(in), .events = POLLIN };
		struct msg *m = inbox_take(in);

		if (m != NULL) {
			struct peer_set *set = m->kind == MSG_PEERS ? peer_set_ref(m->peers) : NULL;

			msg_free(m);
			if (set != NULL)
				return set;
		}
		poll(&fd, 1, 100);
	}
	return NULL;
}

/* The first set that has this network or says something. */
static struct peer_set *set_with(struct inbox *in, asn_t asn)
{
	for (;;) {
		struct peer_set *set = next_set(in);

		if (set == NULL || peer_set_find(set, asn) != NULL)
			return set;
		peer_set_unref(set);
	}
}

static void thread_posts_what_it_learns(void **state)
{
	struct config c = { .local_as = 64500, .data_dir = dir, .pdb = conf };
	struct addr neighbor = { 0 };
	struct inbox *in = inbox_new();
	struct pdb *pdb = pdb_start(&c, in, server.http, NULL);
	struct peer_set *set = next_set(in);

	(void)state;
	assert_non_null(set);
	assert_int_equal(set->peer_count, 0);
	peer_set_unref(set);
	addr_parse(SLICE("203.0.113.2"), &neighbor);
	pdb_want(pdb, seen, ARRAY_LEN(seen), &neighbor, 1);
	pdb_want(pdb, seen, ARRAY_LEN(seen), &neighbor, 1);
	set = set_with(in, 64501);
	assert_non_null(set);
	assert_string_equal(set->state.s, "");
	peer_set_unref(set);
	pdb_stop(pdb);
	inbox_free(in);
	assert_int_equal(server_count(&server, "net"), 1);
}

static void thread_serves_the_cache_without_server(void **state)
{
	struct config c = { .local_as = 64500, .data_dir = dir, .pdb = conf };
	struct inbox *in = inbox_new();
	char line[400];
	struct peer_set *set;
	struct pdb *pdb;

	(void)state;
	assert_int_equal(sync_seen(line), 0);
	c.pdb.url = "http://127.0.0.1:1/api";
	c.pdb.refresh_s = 0;
	pdb = pdb_start(&c, in, server.http, NULL);
	pdb_want(pdb, seen, 1, NULL, 0);
	set = set_with(in, 64501);
	while (set != NULL && *set->state.s == '\0') {
		peer_set_unref(set);
		set = next_set(in);
	}
	assert_non_null(set);
	assert_non_null(strstr(set->state.s, "not reached"));
	assert_non_null(peer_set_find(set, 64501));
	peer_set_unref(set);
	pdb_stop(pdb);
	inbox_free(in);
}

static void thread_stops_in_the_middle_of_a_stall(void **state)
{
	struct config c = { .local_as = 64500, .data_dir = dir, .pdb = conf };
	struct inbox *in = inbox_new();
	int64_t begun, until = clock_boot_ms() + 10000;
	struct pdb *pdb;

	(void)state;
	c.pdb.timeout_ms = 60000;
	server_do(&server, "fault?name=stall");
	pdb = pdb_start(&c, in, server.http, NULL);
	pdb_want(pdb, seen, 1, NULL, 0);
	while (server_count(&server, "net") == 0 && clock_boot_ms() < until)
		continue; /* each look is a question of its own to the server */
	begun = clock_boot_ms();
	pdb_stop(pdb);
	assert_in_range(clock_boot_ms() - begun, 0, 5000);
	inbox_free(in);
}

static void disabled_source_asks_nobody(void **state)
{
	struct config c = { .local_as = 64500, .data_dir = dir, .pdb = conf };
	struct inbox *in = inbox_new();
	char line[400];
	struct peer_set *set;
	struct pdb *pdb;
	int before;

	(void)state;
	assert_int_equal(sync_seen(line), 0);
	before = server_count(&server, "total");
	c.pdb.enabled = false;
	c.pdb.refresh_s = 0;
	pdb = pdb_start(&c, in, NULL, NULL);
	pdb_want(pdb, seen, ARRAY_LEN(seen), NULL, 0);
	set = set_with(in, 64501);
	assert_non_null(set);
	peer_set_unref(set);
	pdb_refresh(pdb);
	pdb_stop(pdb);
	inbox_free(in);
	assert_int_equal(server_count(&server, "total"), before);
}

#define FRESH(f) cmocka_unit_test_setup_teardown(f, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		FRESH(networks_are_read_in_one_batch),
		FRESH(facilities_and_our_own_network_come_along),
		FRESH(second_look_asks_nothing),
		FRESH(unknown_network_is_remembered_as_absent),
		FRESH(old_data_is_asked_again),
		FRESH(many_networks_go_in_batches_of_150),
		FRESH(questions_keep_their_distance),
		FRESH(without_key_only_public_contacts),
		FRESH(with_key_all_contacts),
		FRESH(key_that_comes_later_reads_again),
		FRESH(key_that_goes_keeps_hidden_contacts),
		FRESH(contact_that_goes_is_dropped),
		FRESH(key_that_others_can_read_is_refused),
		FRESH(key_of_several_lines_is_refused),
		FRESH(wrong_and_inactive_keys_are_told),
		FRESH(redirect_leaks_no_key),
		FRESH(own_exchange_is_known),
		FRESH(lan_that_nobody_names_is_found_by_prefix),
		FRESH(fault_stall),
		FRESH(fault_drip),
		FRESH(fault_cut_in_a_row),
		FRESH(fault_cut_between_rows),
		FRESH(fault_wrong_length),
		FRESH(fault_connection_lost),
		FRESH(fault_html_502),
		FRESH(fault_html_200),
		FRESH(fault_empty_body),
		FRESH(fault_60_mb),
		FRESH(fault_deep_nesting),
		FRESH(fault_no_data),
		FRESH(fault_data_of_wrong_type),
		FRESH(fault_data_text),
		FRESH(fault_truncated),
		FRESH(fault_401),
		FRESH(fault_403),
		FRESH(fault_404_of_a_wrong_url),
		FRESH(fault_429),
		FRESH(fault_500_with_escapes),
		FRESH(away_from_the_start_serves_the_cache),
		FRESH(ignored_filter_brings_no_strangers),
		FRESH(wait_of_the_server_is_obeyed),
		FRESH(pace_and_pauses_are_shared), FRESH(two_processes_ask_for_the_same_once),
		FRESH(turns_that_cannot_be_kept_stop_nobody), FRESH(failures_wait_longer_each_time),
		FRESH(texts_are_made_safe),
		FRESH(thread_posts_what_it_learns),
		FRESH(thread_serves_the_cache_without_server),
		FRESH(thread_stops_in_the_middle_of_a_stall),
		FRESH(disabled_source_asks_nobody),
	};

	return cmocka_run_group_tests_name("peeringdb", tests, start, stop);
}
