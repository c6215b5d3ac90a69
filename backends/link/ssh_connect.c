/*
 * Getting to a router: chain of hops, key exchange, host key, log-in; see ssh.h.
 *
 * The algorithms offered are named here and not left to libssh's defaults,
 * so that "legacy" has a meaning: whatever was negotiated and is not in these
 * lists came from the router's entry in the configuration.
 */
#include "backends/link/resolve.h"
#include "backends/link/ssh_priv.h"
#include "backends/link/tcp.h"
#include "core/base/clock.h"
#include "core/base/scan.h"

#include <ctype.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static const char modern_kex[] =
    "curve25519-sha256,curve25519-sha256@libssh.org,ecdh-sha2-nistp256,ecdh-sha2-nistp384,"
    "ecdh-sha2-nistp521,diffie-hellman-group18-sha512,diffie-hellman-group16-sha512,"
    "diffie-hellman-group-exchange-sha256,diffie-hellman-group14-sha256";
static const char modern_host_keys[] = "ssh-ed25519,ecdsa-sha2-nistp256,ecdsa-sha2-nistp384,"
				       "ecdsa-sha2-nistp521,rsa-sha2-512,rsa-sha2-256";
/* AES-GCM first: with the processor's AES it costs the least of the good ones. */
static const char modern_ciphers[] =
    "aes128-gcm@openssh.com,aes256-gcm@openssh.com,chacha20-poly1305@openssh.com,"
    "aes256-ctr,aes192-ctr,aes128-ctr";
static const char modern_macs[] = "hmac-sha2-256-etm@openssh.com,hmac-sha2-512-etm@openssh.com,"
				  "hmac-sha2-256,hmac-sha2-512";

bool ssh_name_ok(const char *name)
{
	if (name == NULL || *name == '\0' || *name == '-')
		return false;
	for (; *name != '\0'; name++)
		if (!isalnum((unsigned char)*name) && strchr("._:-", *name) == NULL)
			return false;
	return true;
}

void ssh_seen_fini(struct ssh_seen *seen)
{
	free(seen->base64);
	memset(seen, 0, sizeof(*seen));
}

/* Whether `word` stands in the comma list. */
static bool listed(const char *list, const char *word)
{
	struct scan c = scan_of(slice_of(list));
	struct slice item;
	bool more = true;

	while (more && !scan_done(&c)) {
		more = scan_until(&c, ',', &item);
		if (more)
			scan_lit(&c, ",");
		if (slice_eq(slice_trim(item), word))
			return true;
	}
	return false;
}

/* The modern list with the router's own words after it. */
static int set_list(ssh_session s, enum ssh_options_e option, const char *modern, const char *legacy,
    const char *key_name, struct err *e)
{
	struct str list;
	int rc = -1;

	str_init(&list, 4096);
	/* Alone first: libssh drops words that it does not know, and a typing error must not pass in silence. */
	if (legacy != NULL && ssh_options_set(s, option, legacy) < 0) {
		err_set(e, ERR_CONFIG, "%s = \"%s\": libssh knows none of these", key_name, legacy);
		goto out;
	}
	str_puts(&list, modern);
	if (legacy != NULL)
		str_addf(&list, ",%s", legacy);
	if (ssh_options_set(s, option, list.p) < 0)
		err_set(e, ERR_CONFIG, "%s: %s", key_name, ssh_get_error(s));
	else
		rc = 0;
out:
	str_fini(&list);
	return rc;
}

/* The enrolled key's type first, else a server with several keys would show one that we never saw. */
static void host_key_order(struct str *out, const struct hostkeys *known)
{
	for (size_t i = 0; i < known->count; i++) {
		if (strcmp(known->keys[i].type, "ssh-rsa") == 0)
			str_puts(out, "rsa-sha2-512,rsa-sha2-256,");
		else
			str_addf(out, "%s,", known->keys[i].type);
	}
	str_puts(out, modern_host_keys);
}

static int set_algorithms(struct hop *h, const struct hostkeys *known, struct err *e)
{
	const struct router_conf *c = h->conf;
	ssh_session s = h->session;
	struct str host_keys;
	int rc = -1;

	str_init(&host_keys, 8192);
	host_key_order(&host_keys, known);
	if (set_list(s, SSH_OPTIONS_KEY_EXCHANGE, modern_kex, c->kex, "kex", e) == 0 &&
	    set_list(s, SSH_OPTIONS_HOSTKEYS, host_keys.p, c->host_key_algorithms, "host-key-algorithms", e) == 0 &&
	    set_list(s, SSH_OPTIONS_CIPHERS_C_S, modern_ciphers, c->ciphers, "ciphers", e) == 0 &&
	    set_list(s, SSH_OPTIONS_CIPHERS_S_C, modern_ciphers, c->ciphers, "ciphers", e) == 0 &&
	    set_list(s, SSH_OPTIONS_HMAC_C_S, modern_macs, c->macs, "macs", e) == 0 &&
	    set_list(s, SSH_OPTIONS_HMAC_S_C, modern_macs, c->macs, "macs", e) == 0)
		rc = 0;
	if (rc == 0 && c->host_key_algorithms != NULL)
		rc = set_list(s, SSH_OPTIONS_PUBLICKEY_ACCEPTED_TYPES, modern_host_keys,
		    c->host_key_algorithms, "host-key-algorithms", e);
	str_fini(&host_keys);
	return rc;
}

static int set_options(struct hop *h, const struct hostkeys *known, struct err *e)
{
	ssh_session s = h->session;
	unsigned port = h->conf->port ? h->conf->port : 22;
	int no = 0, yes = 1;

	/* No file of the user's is read: his known_hosts would otherwise choose the host key's type. */
	if (ssh_options_set(s, SSH_OPTIONS_PROCESS_CONFIG, &no) < 0 ||
	    ssh_options_set(s, SSH_OPTIONS_KNOWNHOSTS, "/dev/null") < 0 ||
	    ssh_options_set(s, SSH_OPTIONS_GLOBAL_KNOWNHOSTS, "/dev/null") < 0 ||
	    ssh_options_set(s, SSH_OPTIONS_STRICTHOSTKEYCHECK, &yes) < 0 ||
	    ssh_options_set(s, SSH_OPTIONS_HOST, h->conf->address) < 0 ||
	    ssh_options_set(s, SSH_OPTIONS_PORT, &port) < 0 ||
	    ssh_options_set(s, SSH_OPTIONS_USER, h->conf->user) < 0 ||
	    ssh_options_set(s, SSH_OPTIONS_FD, &h->fd) < 0)
		return err_set(e, ERR_CONFIG, "%s", ssh_get_error(s));
	if (set_algorithms(h, known, e) < 0)
		return -1;
	ssh_set_blocking(s, 0);
	return 0;
}

static const char *or_implied(const char *mac)
{
	return mac == NULL || strncmp(mac, "aead", 4) == 0 ? "" : mac;
}

static void note_algorithms(struct ssh_link *l, const struct hop *h, const char *key_type,
    struct ssh_seen *seen)
{
	const char *kex = ssh_get_kex_algo(h->session), *cipher = ssh_get_cipher_in(h->session);
	const char *mac = or_implied(ssh_get_hmac_in(h->session));
	bool rsa = strcmp(key_type, "ssh-rsa") == 0;
	/* libssh does not tell whether an RSA key signed with SHA-1; where it may, say so. */
	bool sha1 = rsa && h->conf->host_key_algorithms != NULL && listed(h->conf->host_key_algorithms, "ssh-rsa");

	kex = kex ? kex : "?";
	cipher = cipher ? cipher : "?";
	snprintf(seen->algorithms, sizeof(seen->algorithms), "%s, %s%s, %s%s%s", kex, key_type,
	    sha1 ? " (SHA-1 allowed)" : "", cipher, *mac ? ", " : "", mac);
	if (!listed(modern_kex, kex) || !listed(modern_ciphers, cipher) ||
	    (*mac && !listed(modern_macs, mac)) || sha1 || (!rsa && !listed(modern_host_keys, key_type)))
		l->legacy = true;
}

static void note_banner(const struct hop *h, struct ssh_seen *seen)
{
	const char *banner = ssh_get_serverbanner(h->session);

	snprintf(seen->banner, sizeof(seen->banner), "%s", banner ? banner : "");
	for (char *p = seen->banner; *p != '\0'; p++)
		if (*p < 0x20 || *p > 0x7e)
			*p = '?';
}

/* Takes the key that the server proved to hold. */
static int take_key(struct ssh_link *l, struct hop *h, struct ssh_seen *seen, struct err *e)
{
	const char *type;
	char *base64 = NULL;
	ssh_key key = NULL;
	int rc = -1;

	ssh_seen_fini(seen);
	if (ssh_get_server_publickey(h->session, &key) != SSH_OK ||
	    ssh_pki_export_pubkey_base64(key, &base64) != SSH_OK) {
		err_set(e, ERR_HOSTKEY, "the server's host key cannot be read");
		goto out;
	}
	type = ssh_key_type_to_char(ssh_key_type(key));
	seen->base64 = mem_strdup(base64);
	snprintf(seen->type, sizeof(seen->type), "%s", type);
	if (!hostkey_fingerprint(base64, seen->fingerprint)) {
		err_set(e, ERR_HOSTKEY, "the server's host key cannot be read");
		goto out;
	}
	note_algorithms(l, h, type, seen);
	note_banner(h, seen);
	memcpy(l->fingerprint, seen->fingerprint, sizeof(l->fingerprint));
	memcpy(l->algorithms, seen->algorithms, sizeof(l->algorithms));
	rc = 0;
out:
	ssh_string_free_char(base64);
	ssh_key_free(key);
	return rc;
}

/* h->fd is connected. Ends with the host key taken but not yet judged. */
static int exchange_keys(struct ssh_link *l, struct hop *h, const struct hostkeys *known,
    struct ssh_seen *seen, struct err *e)
{
	int64_t deadline = ssh_step_deadline(h->conf);
	char what[160];
	int rc;

	snprintf(what, sizeof(what), "SSH greeting and key exchange from %s port %u", h->conf->address,
	    h->conf->port ? h->conf->port : 22);
	h->session = ssh_new();
	if (h->session == NULL)
		abort();
	if (set_options(h, known, e) < 0)
		return -1;
	while ((rc = ssh_connect(h->session)) == SSH_AGAIN)
		if (ssh_breathe(l, deadline, what, e) < 0)
			return -1;
	if (rc != SSH_OK)
		return err_set(e, ERR_NET, "key exchange with %s: %s", h->conf->address,
		    ssh_get_error(h->session));
	return take_key(l, h, seen, e);
}

static void say(const struct ssh_way *way, enum link_state state, const struct hop *h)
{
	char words[120] = "";

	if (way->step == NULL)
		return;
	if (h->conf != way->router)
		snprintf(words, sizeof(words), "jump host %s", h->conf->name);
	way->step(way->ctx, state, words);
}

static int judge_key(const struct hop *h, const struct hostkeys *known, const struct ssh_seen *seen,
    struct err *e)
{
	struct hostkey offered = { .type = seen->type, .base64 = seen->base64 };

	return hostkey_check(known, h->conf->name, &offered, e);
}

/* enrolling: the last hop's key is taken, not judged, and nobody logs in there. */
static int enter_hop(struct ssh_link *l, struct hop *h, struct ssh_seen *seen, bool enrolling,
    struct err *e)
{
	struct ssh_creds creds = { 0 };
	struct hostkeys known;
	int rc = -1;

	if (hostkey_store_find(l->way->hostkey_dir, h->conf->name, &known, e) < 0)
		return -1;
	say(l->way, LINK_HANDSHAKE, h);
	if (exchange_keys(l, h, &known, seen, e) < 0)
		goto out;
	if (enrolling && h->conf == l->way->router) {
		rc = 0;
		goto out;
	}
	if (judge_key(h, &known, seen, e) < 0)
		goto out;
	say(l->way, LINK_AUTH, h);
	if (ssh_creds_load(&creds, h->conf, l->link.cancel_fd, e) == 0)
		rc = ssh_log_in(l, h, &creds, e);
	ssh_creds_fini(&creds);
out:
	hostkey_store_free(&known);
	return rc;
}

/* Opens the way from h to the next hop; gives the descriptor for the next session. */
static int open_tunnel(struct ssh_link *l, struct hop *h, const struct router_conf *next, struct err *e)
{
	int64_t deadline = ssh_step_deadline(h->conf);
	int port = (int)(next->port ? next->port : 22), fds[2], rc;

	h->tunnel = ssh_channel_new(h->session);
	if (h->tunnel == NULL)
		abort();
	ssh_channel_set_blocking(h->tunnel, 0);
	while ((rc = ssh_channel_open_forward(h->tunnel, next->address, port, "127.0.0.1", 0)) == SSH_AGAIN)
		if (ssh_breathe(l, deadline, "way through the jump host", e) < 0)
			return -1;
	if (rc != SSH_OK)
		return err_set(e, ERR_NET, "%s port %d cannot be reached from there: %s", next->address,
		    port, ssh_get_error(h->session));
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, fds) < 0)
		return err_errno(e, ERR_IO, "socketpair");
	h->down.p = mem_calloc(TUNNEL_BUFFER, 1);
	h->up.p = mem_calloc(TUNNEL_BUFFER, 1);
	h->pipe_fd = fds[0];
	return fds[1];
}

/* The routers to pass, first one first; 0 on a circle or a name that is not there. */
static size_t find_chain(const struct ssh_way *way, const struct router_conf **chain, struct err *e)
{
	const struct router_conf *c = way->router, *back[HOPS_MAX];
	size_t n = 0;

	for (;;) {
		if (!ssh_name_ok(c->address) || !ssh_name_ok(c->user)) {
			err_set(e, ERR_CONFIG, "%s: address and user may hold only letters, digits and . _ : -",
			    c->name);
			return 0;
		}
		back[n++] = c;
		if (c->jump == NULL)
			break;
		if (n == HOPS_MAX) {
			err_set(e, ERR_CONFIG, "%s: more than %d jump hosts in a row, or a circle",
			    way->router->name, HOPS_MAX - 1);
			return 0;
		}
		const struct router_conf *next = way->config ? config_router(way->config, c->jump) : NULL;

		if (next == NULL) {
			err_set(e, ERR_CONFIG, "%s: there is no jump host \"%s\"", c->name, c->jump);
			return 0;
		}
		c = next;
	}
	for (size_t i = 0; i < n; i++)
		chain[i] = back[n - 1 - i];
	return n;
}

/* Unlocks every key of the chain while nothing is connected yet. */
static int unlock_keys(const struct ssh_way *way, const struct router_conf **chain, size_t n,
    struct err *e)
{
	struct ssh_creds c = { 0 };

	for (size_t i = 0; i < n; i++) {
		int rc = ssh_creds_load(&c, chain[i], way->cancel_fd, e);

		ssh_creds_fini(&c);
		if (rc < 0)
			return -1;
	}
	return 0;
}

static int connect_first(const struct ssh_way *way, const struct router_conf *first, struct err *e)
{
	struct hop h = { .conf = first };
	unsigned port = first->port ? first->port : 22;
	struct addrinfo *to = NULL;
	int fd;

	say(way, LINK_RESOLVING, &h);
	if (resolve_name(first->address, port, way->cancel_fd, ssh_step_deadline(first), &to, e) < 0)
		return -1;
	if (way->turn != NULL && way->turn(way->ctx, e) < 0) {
		freeaddrinfo(to);
		return -1;
	}
	say(way, LINK_CONNECTING, &h);
	fd = tcp_connect(to, way->cancel_fd, ssh_step_deadline(first), e);
	freeaddrinfo(to);
	return fd;
}

static int walk_chain(struct ssh_link *l, const struct router_conf **chain, size_t n,
    struct ssh_seen *seen, bool enrolling, struct err *e)
{
	int fd = connect_first(l->way, chain[0], e);

	for (size_t i = 0; i < n; i++) {
		struct hop *h = &l->hops[i];

		if (i > 0 && fd >= 0)
			fd = open_tunnel(l, h - 1, chain[i], e);
		if (fd < 0) {
			if (i > 0)
				err_prefix(e, "jump host %s", chain[i - 1]->name);
			return -1;
		}
		*h = (struct hop){ .conf = chain[i], .fd = fd, .pipe_fd = -1 };
		l->count = i + 1;
		if (enter_hop(l, h, seen, enrolling, e) < 0)
			return i + 1 < n ? err_prefix(e, "jump host %s", chain[i]->name) : -1;
	}
	return 0;
}

static int reach(const struct ssh_way *way, struct ssh_seen *seen, bool enrolling,
    struct ssh_link **out, struct err *e)
{
	const struct router_conf *chain[HOPS_MAX];
	struct ssh_link *l = MEM_NEW(struct ssh_link);
	size_t n = find_chain(way, chain, e);
	int rc = -1;

	l->link = (struct link){ .ops = &ssh_link_ops, .cancel_fd = way->cancel_fd };
	l->way = way;
	if (n > 0 && unlock_keys(way, chain, enrolling ? n - 1 : n, e) == 0)
		rc = walk_chain(l, chain, n, seen, enrolling, e);
	if (rc < 0)
		ssh_link_free(&l->link);
	else
		*out = l;
	return rc;
}

int ssh_link_open(const struct ssh_way *way, struct ssh_seen *seen, struct link **out, struct err *e)
{
	struct ssh_seen own = { 0 };
	struct ssh_link *l;
	int rc = reach(way, seen ? seen : &own, false, &l, e);

	ssh_seen_fini(&own);
	if (rc < 0)
		return -1;
	l->event = ssh_event_new();
	if (l->event == NULL || ssh_event_add_session(l->event, l->hops[l->count - 1].session) != SSH_OK)
		abort();
	l->heard_boot_ms = l->spoke_boot_ms = clock_boot_ms();
	*out = &l->link;
	return 0;
}

int hostkey_fetch(const struct ssh_way *way, struct ssh_seen *seen, struct err *e)
{
	struct ssh_link *l;

	if (reach(way, seen, true, &l, e) < 0)
		return -1;
	ssh_link_free(&l->link);
	return 0;
}
