/* The configuration file: every key, and every refusal with its file and line. */
#include "core/model/config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

static struct config *good(const char *text)
{
	struct err e = ERR_INIT;
	struct config *c = config_parse("/etc/peerdeck/test.conf", text, &e);

	if (c == NULL)
		fail_msg("%s", e.text);
	return c;
}

/* The text is refused, and the message holds all of these (NULL-terminated). */
static void refused(const char *text, ...)
{
	struct err e = ERR_INIT;
	struct config *c = config_parse("test.conf", text, &e);
	const char *part;
	va_list ap;

	assert_null(c);
	assert_int_equal(e.code, ERR_CONFIG);
	va_start(ap, text);
	while ((part = va_arg(ap, const char *)) != NULL)
		if (strstr(e.text, part) == NULL)
			fail_msg("\"%s\" is not in: %s", part, e.text);
	va_end(ap);
}

static void reads_the_published_shape(void **state)
{
	struct config *c = good("local-as = 64500\n"
				"policy   = \"as54600.policy\"\n"
				"router r1 {\n"
				"    os       = frr\n"
				"    address  = 192.0.2.1\n"
				"    port     = 22\n"
				"    user     = noc\n"
				"    key      = \"~/.ssh/id_ed25519\"\n"
				"    prefix   = \"sudo -n\"\n"
				"    interval = 10s\n"
				"}\n"
				"peeringdb { api-key-file = \"/k\"  url = \"https://www.peeringdb.com/api\" }\n");
	const struct router_conf *r = config_router(c, "r1");
	char *key = NULL;

	(void)state;
	assert_int_equal(c->local_as, 64500);
	assert_string_equal(c->policy, "/etc/peerdeck/as54600.policy");
	assert_int_equal(c->router_count, 1);
	assert_non_null(r);
	assert_string_equal(r->os, "frr");
	assert_string_equal(r->address, "192.0.2.1");
	assert_int_equal(r->port, 22);
	assert_string_equal(r->user, "noc");
	key = mem_printf("%s/.ssh/id_ed25519", config_home());
	assert_string_equal(r->key, key);
	assert_string_equal(r->prefix, "sudo -n");
	assert_int_equal(r->interval_s, 10);
	assert_int_equal(r->line, 4);
	assert_false(r->agent);
	assert_true(c->pdb.enabled);
	assert_string_equal(c->pdb.api_key_file, "/k");
	assert_string_equal(c->pdb.url, "https://www.peeringdb.com/api");
	free(key);
	config_free(c);
}

static void fills_in_defaults(void **state)
{
	struct config *c = good("local-as = 1.10\nrouter a { os = bird address = \"2001:db8::1\" }\n");
	const struct router_conf *r = config_router(c, "a");

	(void)state;
	assert_int_equal(c->local_as, 65546);
	assert_int_equal(r->port, 22);
	assert_int_equal(r->interval_s, 10);
	assert_int_equal(r->timeout_s, 15);
	assert_true(r->agent);
	assert_non_null(r->user);
	assert_false(r->read_only);
	assert_null(r->prefix);
	assert_string_equal(c->keymap, "default");
	assert_string_equal(c->theme, "auto");
	assert_int_equal(c->near_pct, 90);
	assert_int_equal(c->pdb.refresh_s, 86400);
	assert_int_equal(c->pdb.query_gap_ms, 3000);
	assert_string_equal(c->pdb.url, "https://www.peeringdb.com/api");
	assert_non_null(c->data_dir);
	config_free(c);
}

static void reads_every_key(void **state)
{
	struct config *c = good(
	    "local-as = AS64500\ndata-dir = data\noperator = \"Zoë\"\nread-only = yes\nkeymap = ./my.keys\n"
	    "theme = colour-blind\nascii = on\nnear-limit = 80\n"
	    "jump bastion { address = b.example port = 2222 user = j agent = yes }\n"
	    "router r { os = openbgpd address = r.example agent = true key = k certificate = k-cert.pub\n"
	    " passphrase-command = \"pass show 'k'\" password-command = \"pass r\" password-file = pw\n"
	    " enable-command = \"pass e\" enable-file = en cli = \"bgpctl -s /run/b.sock\" hook-file = /etc/h.conf\n"
	    " config-file = /etc/bgpd.conf vrf = blue interval = 2m timeout = 30 jump = bastion\n"
	    " kex = diffie-hellman-group14-sha1 host-key-algorithms = \"ssh-rsa,ssh-ed25519\" ciphers = aes128-cbc\n"
	    " macs = hmac-sha1 read-only = yes exchange = \"Local IX\" }\n"
	    "peeringdb { enabled = no ca-file = ca.pem refresh = 1h query-gap = 20ms }\n");
	const struct router_conf *r = config_router(c, "r"), *j = config_router(c, "bastion");

	(void)state;
	assert_string_equal(c->data_dir, "/etc/peerdeck/data");
	assert_string_equal(c->operator_name, "Zoë");
	assert_true(c->read_only);
	assert_string_equal(c->keymap, "/etc/peerdeck/./my.keys");
	assert_string_equal(c->theme, "colour-blind");
	assert_true(c->ascii);
	assert_int_equal(c->near_pct, 80);
	assert_true(j->is_jump);
	assert_ptr_equal(j, &c->routers[1]); /* jump blocks stand last */
	assert_int_equal(j->port, 2222);
	assert_true(r->agent);
	assert_string_equal(r->certificate, "/etc/peerdeck/k-cert.pub");
	assert_string_equal(r->passphrase_command, "pass show 'k'");
	assert_string_equal(r->password_command, "pass r");
	assert_string_equal(r->password_file, "/etc/peerdeck/pw");
	assert_string_equal(r->enable_command, "pass e");
	assert_string_equal(r->enable_file, "/etc/peerdeck/en");
	assert_string_equal(r->cli, "bgpctl -s /run/b.sock");
	assert_string_equal(r->hook_file, "/etc/h.conf");
	assert_string_equal(r->config_file, "/etc/bgpd.conf");
	assert_string_equal(r->vrf, "blue");
	assert_int_equal(r->interval_s, 120);
	assert_int_equal(r->timeout_s, 30);
	assert_string_equal(r->jump, "bastion");
	assert_string_equal(r->kex, "diffie-hellman-group14-sha1");
	assert_string_equal(r->host_key_algorithms, "ssh-rsa,ssh-ed25519");
	assert_string_equal(r->ciphers, "aes128-cbc");
	assert_string_equal(r->macs, "hmac-sha1");
	assert_true(r->read_only);
	assert_string_equal(r->exchange, "Local IX");
	assert_false(c->pdb.enabled);
	assert_string_equal(c->pdb.ca_file, "/etc/peerdeck/ca.pem");
	assert_int_equal(c->pdb.refresh_s, 3600);
	assert_int_equal(c->pdb.query_gap_ms, 20);
	config_free(c);
}

#define HEAD "local-as = 64500\n"
#define R(keys) HEAD "router r1 {\n os = frr\n address = 192.0.2.1\n " keys "\n}\n"

static void refuses_unknown_keys(void **state)
{
	(void)state;
	refused(HEAD "routr r1 { }\n", "test.conf:2", "\"routr\" is no key of the file", "is \"router\" meant?",
	    "local-as", NULL);
	refused(R("adress = 1"), "test.conf:5", "\"adress\" is no key of router", "is \"address\" meant?", "interval",
	    NULL);
	refused(HEAD "\npeeringdb { key = x }\n", "test.conf:3", "no key of peeringdb", "api-key-file", NULL);
	refused(HEAD "jump j { address = a\n os = frr }\n", "test.conf:3", "\"os\" is no key of jump", NULL);
}

static void refuses_bad_values(void **state)
{
	(void)state;
	refused("local-as = 4294967296\n", "test.conf:1", "local-as = \"4294967296\"", "1 to 4294967295", NULL);
	refused("local-as = 0\n", "test.conf:1", NULL);
	refused(R("port = 65536"), "test.conf:5", "port = \"65536\"", "from 1 to 65535", NULL);
	refused(R("port = -1"), "test.conf:5", "from 1 to 65535", NULL);
	refused(R("interval = 0"), "test.conf:5", "interval", "from 1s to 3600s", NULL);
	refused(R("interval = 10x"), "test.conf:5", "interval = \"10x\"", NULL);
	refused(R("interval = 2d"), "test.conf:5", "interval", NULL);
	refused(R("read-only = maybe"), "test.conf:5", "yes or no", NULL);
	refused(R("user = \"-oProxyCommand=x\""), "test.conf:5", "user", "not starting with '-'", NULL);
	refused(R("user = \"a b\""), "test.conf:5", "user", NULL);
	refused(R("prefix = \"sudo -n; reboot\""), "test.conf:5", "prefix", NULL);
	refused(R("cli = \"birdc $(x)\""), "test.conf:5", "cli", NULL);
	refused(R("hook-file = relative.conf"), "test.conf:5", "hook-file", "absolute path", NULL);
	refused(R("hook-file = \"/etc/a b\""), "test.conf:5", "hook-file", NULL);
	refused(R("exchange = \"a\\x1b[31m\""), "test.conf:5", "exchange", "control characters", NULL);
	refused(HEAD "theme = pink\n", "test.conf:2", "theme = \"pink\"", "auto, dark, light, colour-blind, mono", NULL);
	refused(HEAD "keymap = nano\n", "test.conf:2", "default, vi, emacs, or the path", NULL);
	refused(HEAD "near-limit = 101\n", "test.conf:2", "from 1 to 100", NULL);
	refused(HEAD "peeringdb {\n url = \"ftp://x\" }\n", "test.conf:3", "https://", NULL);
	refused(HEAD "peeringdb {\n query-gap = 700000ms }\n", "test.conf:3", "from 0ms to 600000ms", NULL);
}

static void metrics_are_served_on_the_loopback_only(void **state)
{
	static const char *const bad[] = { "0.0.0.0:9716", "192.0.2.1:9716", "[::]:9716", "127.0.0.1", "127.0.0.1:0", "127.0.0.1:70000",
		"localhost:9716", ":9716", "::1:9716" };
	struct config *c = good("local-as = 64500\nmetrics { listen = \"[::1]:9716\" }\n");

	(void)state;
	assert_string_equal(c->metrics.listen, "[::1]:9716");
	config_free(c);
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		char *text = mem_printf("local-as = 64500\nmetrics { listen = \"%s\" }\n", bad[i]);

		refused(text, "test.conf:2", "listen", bad[i], "loopback", NULL);
		free(text);
	}
}

static void refuses_what_is_twice_or_missing(void **state)
{
	(void)state;
	refused(R("port = 22\n port = 23"), "test.conf:6", "port is set twice", "line 5", NULL);
	refused(HEAD HEAD, "test.conf:2", "local-as is set twice", "line 1", NULL);
	refused(R("") "router r1 { os = frr address = a }\n", "test.conf:7", "duplicate title 'r1'", NULL);
	refused(R("") "jump r1 { address = a }\n", "test.conf:7", "r1 is taken already (line 3)", NULL);
	refused(HEAD "peeringdb { }\npeeringdb { }\n", "test.conf:3", "more than one peeringdb", NULL);
	refused("ascii = yes\n", "test.conf:1", "needs local-as", NULL);
	refused(HEAD "router r1 {\n os = frr\n}\n", "test.conf:3", "router r1 needs address", NULL);
	refused(HEAD "router r1 {\n address = a\n}\n", "test.conf:3", "router r1 needs os", NULL);
	refused(R("certificate = c"), "test.conf:3", "certificate but no key", NULL);
	refused(HEAD "router \"a b\" { os = frr address = a }\n", "test.conf:2", "\"a b\"", NULL);
}

static void refuses_what_does_not_end(void **state)
{
	(void)state;
	refused(HEAD "router r1 { os = frr address = a\n", "test.conf", "router block is not closed", NULL);
	refused(HEAD "operator = \"a\n", "test.conf", NULL);
	refused(HEAD "\"\n", "test.conf", "not closed", NULL);
	refused(HEAD "/* \n", "test.conf", "not closed", NULL);
	refused(HEAD "}\n", "test.conf:2", "closing brace", NULL);
	refused(HEAD "end-of-file = 1\n", "test.conf", NULL);
	refused(HEAD "ascii\n", "test.conf", NULL);
	refused(HEAD "ascii =\n", "test.conf", NULL);
}

static void follows_jumps(void **state)
{
	(void)state;
	refused(R("jump = nowhere"), "test.conf:3", "jump = \"nowhere\"", "no router or jump", NULL);
	refused(R("jump = r1"), "test.conf:3", "circle", NULL);
	refused(R("jump = a") "jump a { address = x jump = b }\njump b { address = y jump = a }\n", "circle", NULL);
	config_free(good(R("jump = a") "jump a { address = x jump = b }\njump b { address = y }\n"));
}

static void write_file(const char *path, const char *text, mode_t mode)
{
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	fputs(text, f);
	assert_int_equal(fclose(f), 0);
	assert_int_equal(chmod(path, mode), 0);
}

static void load_refused(const char *path, const char *part)
{
	struct err e = ERR_INIT;

	assert_null(config_load(path, &e));
	if (strstr(e.text, part) == NULL)
		fail_msg("\"%s\" is not in: %s", part, e.text);
}

static void refuses_files_that_others_can_write(void **state)
{
	char dir[] = "/tmp/peerdeck-test.XXXXXX", *path;
	struct err e = ERR_INIT;
	struct config *c;

	(void)state;
	assert_non_null(mkdtemp(dir));
	path = mem_printf("%s/p.conf", dir);
	write_file(path, HEAD "policy = p\n", 0600);
	c = config_load(path, &e);
	assert_non_null(c);
	assert_true(strncmp(c->policy, dir, strlen(dir)) == 0);
	config_free(c);
	write_file(path, HEAD, 0620);
	load_refused(path, "others can write it (mode 0620)");
	write_file(path, HEAD, 0602);
	load_refused(path, "others can write it (mode 0602)");
	unlink(path);
	load_refused(path, "No such file");
	assert_int_equal(mkfifo(path, 0600), 0);
	load_refused(path, "not a regular file");
	unlink(path);
	rmdir(dir);
	free(path);
}

static void finds_the_file(void **state)
{
	char dir[] = "/tmp/peerdeck-test.XXXXXX", *sub, *path;
	struct err e = ERR_INIT;
	struct config *c;

	(void)state;
	assert_non_null(mkdtemp(dir));
	sub = mem_printf("%s/peerdeck", dir);
	path = mem_printf("%s/peerdeck.conf", sub);
	assert_int_equal(mkdir(sub, 0700), 0);
	write_file(path, HEAD, 0600);
	unsetenv("PEERDECK_CONF");
	setenv("XDG_CONFIG_HOME", dir, 1);
	c = config_load(NULL, &e);
	assert_non_null(c);
	assert_string_equal(c->path, path);
	config_free(c);
	setenv("PEERDECK_CONF", "/nonexistent/x.conf", 1);
	load_refused(NULL, "/nonexistent/x.conf");
	unsetenv("PEERDECK_CONF");
	unsetenv("XDG_CONFIG_HOME");
	unlink(path);
	rmdir(sub);
	rmdir(dir);
	free(path);
	free(sub);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_the_published_shape),
		cmocka_unit_test(fills_in_defaults),
		cmocka_unit_test(reads_every_key),
		cmocka_unit_test(refuses_unknown_keys),
		cmocka_unit_test(refuses_bad_values),
		cmocka_unit_test(metrics_are_served_on_the_loopback_only),
		cmocka_unit_test(refuses_what_is_twice_or_missing),
		cmocka_unit_test(refuses_what_does_not_end),
		cmocka_unit_test(follows_jumps),
		cmocka_unit_test(refuses_files_that_others_can_write),
		cmocka_unit_test(finds_the_file),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
