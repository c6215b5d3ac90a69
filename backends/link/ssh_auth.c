/*
 * Proving who we are; see ssh.h.
 *
 * Order: agent, key (its certificate first), password.  A rejected method is
 * remembered for the words of the failure and the next one is tried; a
 * partial success goes on with what the server still wants.
 */
#include "backends/link/agent_relay.h"
#include "backends/link/secret.h"
#include "backends/link/ssh_priv.h"
#include "core/base/clock.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { KBDINT_ROUNDS = 3, KBDINT_PROMPTS = 8, LOCK_STEP_MS = 50, ASK_MS = 120000 };

/* Private keys that were unlocked with a passphrase, by path. */
struct unlocked {
	struct unlocked *next;
	char *path;
	ssh_key key;
};
static pthread_mutex_t unlocked_lock = PTHREAD_MUTEX_INITIALIZER;
static struct unlocked *unlocked_keys;

/* One log-in on its way. */
struct attempt {
	struct ssh_link *l;
	struct hop *h;
	int64_t deadline;
	struct str tried; /* "key refused, password refused" */
	bool partial;
};

void ssh_keys_forget(void)
{
	struct unlocked *u;

	pthread_mutex_lock(&unlocked_lock);
	while ((u = unlocked_keys) != NULL) {
		unlocked_keys = u->next;
		ssh_key_free(u->key);
		free(u->path);
		free(u);
	}
	pthread_mutex_unlock(&unlocked_lock);
}

/* What the passphrase callback needs, and whether it was called: the key is then worth remembering. */
struct unlocking {
	const struct router_conf *conf;
	int cancel_fd;
	bool asked;
	struct err *e;
};

static int give_passphrase(const char *prompt, char *buf, size_t len, int echo, int verify, void *userdata)
{
	struct unlocking *u = userdata;
	const struct router_conf *c = u->conf;
	struct secret s;
	char question[256];
	int rc;

	(void)prompt;
	(void)echo;
	(void)verify;
	u->asked = true;
	snprintf(question, sizeof(question), "Passphrase for %s", c->key);
	if (c->passphrase_command != NULL)
		rc = secret_from_command(c->passphrase_command, u->cancel_fd, ssh_step_deadline(c), &s, u->e);
	else
		rc = secret_ask(question, &s, u->e);
	if (rc == 0)
		snprintf(buf, len, "%s", s.text);
	secret_wipe(&s);
	return rc;
}

static ssh_key find_unlocked(const char *path)
{
	for (struct unlocked *u = unlocked_keys; u != NULL; u = u->next)
		if (strcmp(u->path, path) == 0)
			return ssh_key_dup(u->key);
	return NULL;
}

static void remember(const char *path, ssh_key key)
{
	struct unlocked *u = MEM_NEW(struct unlocked);

	u->path = mem_strdup(path);
	u->key = ssh_key_dup(key);
	u->next = unlocked_keys;
	unlocked_keys = u;
}

/* A hundred routers with one key ask once: the first holds the lock while it asks, the others wait, cancellably. */
static int lock_unlocked(int cancel_fd, struct err *e)
{
	struct err waited = ERR_INIT;

	while (pthread_mutex_trylock(&unlocked_lock) != 0) {
		struct pollfd none = { .fd = -1 };

		err_clear(&waited);
		if (link_wait(&none, 1, cancel_fd, clock_boot_ms() + LOCK_STEP_MS, "", &waited) < 0 &&
		    waited.code != ERR_TIMEOUT)
			return err_set(e, waited.code, "%s", waited.text);
	}
	return 0;
}

static int load_key(ssh_key *out, const struct router_conf *conf, int cancel_fd, struct err *e)
{
	struct unlocking u = { .conf = conf, .cancel_fd = cancel_fd, .e = e };
	struct stat st;
	int rc = 0;

	if (stat(conf->key, &st) < 0)
		return err_errno(e, ERR_AUTH, "key %s", conf->key);
	if ((st.st_mode & 077) != 0)
		return err_set(e, ERR_AUTH, "key %s can be read by others: chmod 600 it", conf->key);
	if (lock_unlocked(cancel_fd, e) < 0)
		return -1;
	*out = find_unlocked(conf->key);
	if (*out == NULL) {
		if (ssh_pki_import_privkey_file(conf->key, NULL, give_passphrase, &u, out) != SSH_OK)
			rc = err_set(e, ERR_AUTH, "key %s: %s", conf->key,
			    u.asked ? "the passphrase does not open it" : "not a private key that can be read");
		else if (u.asked)
			remember(conf->key, *out);
	}
	pthread_mutex_unlock(&unlocked_lock);
	return rc;
}

int ssh_creds_load(struct ssh_creds *c, const struct router_conf *conf, int cancel_fd, struct err *e)
{
	*c = (struct ssh_creds){ 0 };
	if (conf->key == NULL)
		return 0;
	if (load_key(&c->key, conf, cancel_fd, e) < 0)
		return -1;
	if (conf->certificate == NULL)
		return 0;
	if (ssh_pki_import_cert_file(conf->certificate, &c->certificate) != SSH_OK)
		return err_set(e, ERR_AUTH, "certificate %s cannot be read", conf->certificate);
	if (ssh_pki_copy_cert_to_privkey(c->certificate, c->key) != SSH_OK)
		return err_set(e, ERR_AUTH, "certificate %s does not belong to key %s", conf->certificate,
		    conf->key);
	return 0;
}

void ssh_creds_fini(struct ssh_creds *c)
{
	ssh_key_free(c->key);
	ssh_key_free(c->certificate);
	*c = (struct ssh_creds){ 0 };
}

static int breathe(struct attempt *a, struct err *e)
{
	return ssh_breathe(a->l, a->deadline, "answer to the log-in", e);
}

/* What the server would take next. */
static unsigned open_methods(struct attempt *a)
{
	return (unsigned)ssh_userauth_list(a->h->session, NULL);
}

/* 1 logged in, 0 go on with the next method, -1 give up. */
static int judged(struct attempt *a, int rc, const char *method, struct err *e)
{
	switch (rc) {
	case SSH_AUTH_SUCCESS:
		return 1;
	case SSH_AUTH_PARTIAL:
		a->partial = true;
		str_addf(&a->tried, "%s%s accepted, more wanted", a->tried.len ? ", " : "", method);
		return 0;
	case SSH_AUTH_DENIED:
		str_addf(&a->tried, "%s%s refused", a->tried.len ? ", " : "", method);
		return 0;
	default:
		if (!ssh_is_connected(a->h->session))
			return err_set(e, ERR_AUTH, "%s closed the connection during log-in%s%s%s",
			    a->h->conf->address, a->tried.len ? " (" : "", a->tried.p, a->tried.len ? ")" : "");
		str_addf(&a->tried, "%s%s failed (%s)", a->tried.len ? ", " : "", method,
		    ssh_get_error(a->h->session));
		return 0;
	}
}

/* The agent speaks over a relay that ends with our deadline, because libssh waits for an agent without one. */
static int try_agent(struct attempt *a, struct err *e)
{
	struct agent_relay *relay = agent_relay_start(getenv("SSH_AUTH_SOCK"), a->l->link.cancel_fd,
	    a->deadline);
	int rc;

	if (relay == NULL) {
		str_addf(&a->tried, "%sagent not reachable", a->tried.len ? ", " : "");
		return 0;
	}
	ssh_set_agent_socket(a->h->session, agent_relay_fd(relay));
	while ((rc = ssh_userauth_agent(a->h->session, NULL)) == SSH_AUTH_AGAIN)
		if (breathe(a, e) < 0)
			break;
	agent_relay_stop(relay);
	return rc == SSH_AUTH_AGAIN ? -1 : judged(a, rc, "agent's keys", e);
}

static int try_key(struct attempt *a, const struct ssh_creds *c, struct err *e)
{
	int rc;

	while ((rc = ssh_userauth_publickey(a->h->session, NULL, c->key)) == SSH_AUTH_AGAIN)
		if (breathe(a, e) < 0)
			return -1;
	return judged(a, rc, c->certificate ? "certificate" : "key", e);
}

/* The secret goes to one prompt that does not echo; any other prompt ends it. */
static int answer_round(struct attempt *a, const struct secret *s, bool *given, struct err *e)
{
	ssh_session session = a->h->session;
	int n = ssh_userauth_kbdint_getnprompts(session);
	char echo;

	if (n > KBDINT_PROMPTS)
		return err_set(e, ERR_AUTH, "the server asks %d things at once", n);
	for (int i = 0; i < n; i++) {
		const char *prompt = ssh_userauth_kbdint_getprompt(session, (unsigned)i, &echo);

		if (echo || *given)
			return err_set(e, ERR_AUTH, "the server asks \"%.60s\": nothing is configured for that",
			    prompt ? prompt : "");
		*given = true;
		if (ssh_userauth_kbdint_setanswer(session, (unsigned)i, s->text) < 0)
			return err_set(e, ERR_AUTH, "%s", ssh_get_error(session));
	}
	return 0;
}

static int try_kbdint(struct attempt *a, const struct secret *s, struct err *e)
{
	bool given = false;
	int rc = SSH_AUTH_INFO;

	for (int round = 0; rc == SSH_AUTH_INFO; round++) {
		while ((rc = ssh_userauth_kbdint(a->h->session, NULL, NULL)) == SSH_AUTH_AGAIN)
			if (breathe(a, e) < 0)
				return -1;
		if (rc != SSH_AUTH_INFO)
			break;
		if (round == KBDINT_ROUNDS)
			return err_set(e, ERR_AUTH, "the server asks for more than %d rounds", KBDINT_ROUNDS);
		if (answer_round(a, s, &given, e) < 0)
			return -1;
	}
	return judged(a, rc, "keyboard-interactive", e);
}

/* One method gets the password, not both: two wrong ones in a row may lock an account. */
static int try_password(struct attempt *a, unsigned methods, struct err *e)
{
	const struct router_conf *c = a->h->conf;
	struct secret s;
	int rc = -1;

	if (secret_from("password", c->password_command, c->password_file, a->l->link.cancel_fd, a->deadline,
		&s, e) < 0)
		return -1;
	if ((methods & SSH_AUTH_METHOD_PASSWORD) == 0) {
		rc = try_kbdint(a, &s, e);
		goto out;
	}
	while ((rc = ssh_userauth_password(a->h->session, NULL, s.text)) == SSH_AUTH_AGAIN)
		if (breathe(a, e) < 0) {
			rc = -1;
			goto out;
		}
	rc = judged(a, rc, "password", e);
out:
	secret_wipe(&s);
	return rc;
}

static int try_methods(struct attempt *a, const struct ssh_creds *c, struct err *e)
{
	const struct router_conf *conf = a->h->conf;
	bool password = conf->password_command != NULL || conf->password_file != NULL;
	unsigned methods = open_methods(a);
	int rc = 0;

	if ((methods & SSH_AUTH_METHOD_PUBLICKEY) != 0) {
		if (conf->agent)
			rc = try_agent(a, e);
		if (rc == 0 && c->key != NULL)
			rc = try_key(a, c, e);
	}
	if (rc != 0)
		return rc;
	if (a->partial)
		methods = open_methods(a);
	if (password && (methods & (SSH_AUTH_METHOD_PASSWORD | SSH_AUTH_METHOD_INTERACTIVE)) != 0)
		rc = try_password(a, methods, e);
	return rc;
}

static void method_words(struct str *out, unsigned methods)
{
	static const struct {
		unsigned bit;
		const char *word;
	} names[] = { { SSH_AUTH_METHOD_PUBLICKEY, "publickey" }, { SSH_AUTH_METHOD_PASSWORD, "password" },
		{ SSH_AUTH_METHOD_INTERACTIVE, "keyboard-interactive" },
		{ SSH_AUTH_METHOD_HOSTBASED, "hostbased" }, { SSH_AUTH_METHOD_GSSAPI_MIC, "gssapi" } };

	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if ((methods & names[i].bit) != 0)
			str_addf(out, "%s%s", out->len ? ", " : "", names[i].word);
}

static int refuse(struct attempt *a, struct err *e)
{
	struct str wanted;

	str_init(&wanted, 200);
	method_words(&wanted, open_methods(a));
	err_set(e, ERR_AUTH, "%s does not let %s in: %s (it takes %s)", a->h->conf->address, a->h->conf->user,
	    a->tried.len ? a->tried.p : "no credential is configured that it takes", wanted.p);
	str_fini(&wanted);
	return -1;
}

int ssh_log_in(struct ssh_link *l, struct hop *h, const struct ssh_creds *c, struct err *e)
{
	struct attempt a = { .l = l, .h = h, .deadline = ssh_step_deadline(h->conf) };
	int rc;

	str_init(&a.tried, 300);
	while ((rc = ssh_userauth_none(h->session, NULL)) == SSH_AUTH_AGAIN)
		if (breathe(&a, e) < 0)
			goto out;
	rc = judged(&a, rc, "none", e);
	str_clear(&a.tried);
	if (rc == 0)
		rc = try_methods(&a, c, e);
	if (rc == 0)
		rc = refuse(&a, e);
	rc = rc > 0 ? 0 : -1;
	str_fini(&a.tried);
	return rc;
out:
	str_fini(&a.tried);
	return -1;
}
