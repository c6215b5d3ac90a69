/* Listening and keys; see server.h. */
#include "core/base/mem.h"
#include "tests/sim/server_priv.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static int listen_loopback(uint16_t *port)
{
	struct sockaddr_in a = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t n = sizeof(a);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0 || bind(fd, (struct sockaddr *)&a, sizeof(a)) < 0 || listen(fd, 64) < 0 ||
	    getsockname(fd, (struct sockaddr *)&a, &n) < 0) {
		perror("simrouter: listen");
		return -1;
	}
	*port = ntohs(a.sin_port);
	return fd;
}

/* What IOS 12 and VRP 5 offer. */
static void set_legacy(ssh_bind b)
{
	ssh_bind_options_set(b, SSH_BIND_OPTIONS_KEY_EXCHANGE, "diffie-hellman-group14-sha1,diffie-hellman-group1-sha1");
	ssh_bind_options_set(b, SSH_BIND_OPTIONS_CIPHERS_C_S, "aes256-cbc,aes128-cbc");
	ssh_bind_options_set(b, SSH_BIND_OPTIONS_CIPHERS_S_C, "aes256-cbc,aes128-cbc");
	ssh_bind_options_set(b, SSH_BIND_OPTIONS_HMAC_C_S, "hmac-sha1");
	ssh_bind_options_set(b, SSH_BIND_OPTIONS_HMAC_S_C, "hmac-sha1");
	ssh_bind_options_set(b, SSH_BIND_OPTIONS_HOSTKEY_ALGORITHMS, "ssh-rsa");
}

static int load_key(ssh_bind b, const struct server_conf *conf)
{
	unsigned char *hash = NULL;
	char *fingerprint = NULL, *base64 = NULL;
	ssh_key key = NULL;
	size_t n;
	int rc = -1;

	if (conf->hostkey != NULL)
		ssh_pki_import_privkey_file(conf->hostkey, NULL, NULL, NULL, &key);
	else
		ssh_pki_generate(conf->legacy ? SSH_KEYTYPE_RSA : SSH_KEYTYPE_ED25519, 2048, &key);
	if (key == NULL || ssh_pki_export_pubkey_base64(key, &base64) != SSH_OK ||
	    ssh_get_publickey_hash(key, SSH_PUBLICKEY_HASH_SHA256, &hash, &n) != 0) {
		fprintf(stderr, "simrouter: no host key\n");
		goto out;
	}
	fingerprint = ssh_get_fingerprint_hash(SSH_PUBLICKEY_HASH_SHA256, hash, n);
	printf("hostkey %s %s\nkey %s %s\n", ssh_key_type_to_char(ssh_key_type(key)), fingerprint,
	    ssh_key_type_to_char(ssh_key_type(key)), base64);
	rc = ssh_bind_options_set(b, SSH_BIND_OPTIONS_IMPORT_KEY, key); /* takes the key over */
out:
	ssh_clean_pubkey_hash(&hash);
	ssh_string_free_char(fingerprint);
	ssh_string_free_char(base64);
	return rc;
}

static void serve(ssh_bind b, int fd, struct router *r, const struct server_conf *conf)
{
	struct connection *c = MEM_NEW(struct connection);
	pthread_t thread;
	int on = 1;

	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	*c = (struct connection){ .router = r, .conf = conf, .session = ssh_new() };
	if (ssh_bind_accept_fd(b, c->session, fd) != SSH_OK || pthread_create(&thread, NULL, connection_run, c) != 0) {
		fprintf(stderr, "simrouter: %s\n", ssh_get_error(b));
		ssh_free(c->session);
		free(c);
		return;
	}
	pthread_detach(thread);
}

int server_run(struct router *r, const struct server_conf *conf)
{
	ssh_bind b = ssh_bind_new();
	bool no = false;
	uint16_t port = 0;
	int fd = listen_loopback(&port);

	ssh_bind_options_set(b, SSH_BIND_OPTIONS_PROCESS_CONFIG, &no);
	if (conf->legacy)
		set_legacy(b);
	if (fd < 0 || load_key(b, conf) != 0)
		return -1;
	printf("port %u\n", port);
	fflush(stdout);
	for (;;) {
		int client = accept4(fd, NULL, NULL, SOCK_CLOEXEC);

		if (client < 0) {
			perror("simrouter: accept");
			return -1;
		}
		serve(b, client, r, conf);
	}
}
