/* One SSH connection: login, then terminals; see server.h. */
#include "core/base/mem.h"
#include "tests/sim/fault.h"
#include "tests/sim/server_priv.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { TICK_MS = 20, WRITE_TRIES = 200 };

/* ---- login ---- */

static bool offers(const struct connection *c, const char *method)
{
	return strstr(c->conf->methods, method) != NULL;
}

static bool right(const struct connection *c, const char *user, const char *password)
{
	return user != NULL && password != NULL && strcmp(user, c->conf->user) == 0 &&
	       strcmp(password, c->conf->password) == 0;
}

static void let_in(struct connection *c)
{
	if (faults[FAULT_SLOW_AAA].on)
		sleep((unsigned)faults[FAULT_SLOW_AAA].arg);
	c->known = true;
}

static int on_password(ssh_session s, const char *user, const char *password, void *ctx)
{
	struct connection *c = ctx;

	(void)s;
	if (!offers(c, "password") || !right(c, user, password))
		return SSH_AUTH_DENIED;
	let_in(c);
	return SSH_AUTH_SUCCESS;
}

static int on_key(ssh_session s, const char *user, ssh_key offered, char state, void *ctx)
{
	struct connection *c = ctx;
	ssh_key known = NULL;
	bool same;

	(void)s;
	if (!offers(c, "publickey") || c->conf->key == NULL || strcmp(user, c->conf->user) != 0 ||
	    ssh_pki_import_pubkey_file(c->conf->key, &known) != SSH_OK)
		return SSH_AUTH_DENIED;
	same = ssh_key_cmp(known, offered, SSH_KEY_CMP_PUBLIC) == 0;
	ssh_key_free(known);
	if (!same || (state != SSH_PUBLICKEY_STATE_NONE && state != SSH_PUBLICKEY_STATE_VALID))
		return SSH_AUTH_DENIED;
	if (state == SSH_PUBLICKEY_STATE_VALID)
		let_in(c);
	return SSH_AUTH_SUCCESS;
}

/* Keyboard-interactive has no callback of its own in this libssh; 1: the library's own answer, a refusal. */
static int on_message(ssh_session s, ssh_message m, void *ctx)
{
	struct connection *c = ctx;
	const char *prompts[] = { "Password: " };
	char echo[] = { 0 };

	if (ssh_message_type(m) != SSH_REQUEST_AUTH || ssh_message_subtype(m) != SSH_AUTH_METHOD_INTERACTIVE ||
	    !offers(c, "kbdint"))
		return 1;
	if (!ssh_message_auth_kbdint_is_response(m)) {
		c->right_user = strcmp(ssh_message_auth_user(m), c->conf->user) == 0;
		return ssh_message_auth_interactive_request(m, "", "", 1, prompts, echo) == SSH_OK ? 0 : 1;
	}
	if (!c->right_user || ssh_userauth_kbdint_getnanswers(s) != 1 ||
	    !right(c, c->conf->user, ssh_userauth_kbdint_getanswer(s, 0)))
		return 1;
	let_in(c);
	ssh_message_auth_reply_success(m, 0);
	return 0;
}

static int methods(const struct connection *c)
{
	return (offers(c, "password") ? SSH_AUTH_METHOD_PASSWORD : 0) |
	       (offers(c, "kbdint") ? SSH_AUTH_METHOD_INTERACTIVE : 0) |
	       (offers(c, "publickey") ? SSH_AUTH_METHOD_PUBLICKEY : 0);
}

/* ---- channels ---- */

static int send_octets(void *ctx, const char *p, size_t n)
{
	struct room *r = ctx;

	if (ssh_channel_is_closed(r->channel) || ssh_channel_is_eof(r->channel)) {
		r->terminal.left = true; /* the far side closed this one; its others go on */
		return -1;
	}
	for (int tries = 0; n > 0 && tries < WRITE_TRIES; tries++) {
		int wrote = ssh_channel_write(r->channel, p, (uint32_t)n);

		if (ssh_channel_is_closed(r->channel)) {
			r->terminal.left = true;
			return -1;
		}
		if (wrote < 0)
			return -1;
		p += wrote;
		n -= (size_t)wrote;
	}
	return n == 0 ? 0 : -1;
}

static int on_pty(ssh_session s, ssh_channel ch, const char *term, int w, int h, int pw, int ph, void *ctx)
{
	struct room *r = ctx;

	(void)s, (void)ch, (void)term, (void)w, (void)h, (void)pw, (void)ph;
	r->pty = true;
	return 0;
}

static int on_shell(ssh_session s, ssh_channel ch, void *ctx)
{
	struct room *r = ctx;

	(void)s, (void)ch;
	if (fault_take(FAULT_VTY_FULL))
		return 1;
	r->started = true;
	return 0;
}

static int on_exec(ssh_session s, ssh_channel ch, const char *command, void *ctx)
{
	struct room *r = ctx;

	(void)s, (void)ch;
	r->command = mem_strdup(command);
	r->started = true;
	return 0;
}

static int on_data(ssh_session s, ssh_channel ch, void *data, uint32_t n, int is_err, void *ctx)
{
	struct room *r = ctx;

	(void)s, (void)ch, (void)is_err;
	if (r->started && r->greeted)
		str_add(&r->terminal.in, data, n);
	else
		return 0; /* kept by the library until there is a terminal */
	return (int)n;
}

/* The room of a channel that has ended is used again. */
static struct room *free_room(struct connection *c)
{
	for (size_t i = 0; i < c->count; i++)
		if (c->rooms[i].ended) {
			free(c->rooms[i].command);
			return &c->rooms[i];
		}
	return c->count < CHANNELS_MAX ? &c->rooms[c->count++] : NULL;
}

static ssh_channel on_open(ssh_session s, void *ctx)
{
	struct connection *c = ctx;
	struct room *r = c->known ? free_room(c) : NULL;

	if (r == NULL)
		return NULL;
	*r = (struct room){ .connection = c, .channel = ssh_channel_new(s) };
	r->callbacks = (struct ssh_channel_callbacks_struct){ .userdata = r, .channel_pty_request_function = on_pty,
		.channel_shell_request_function = on_shell, .channel_exec_request_function = on_exec,
		.channel_data_function = on_data };
	ssh_callbacks_init(&r->callbacks);
	ssh_set_channel_callbacks(r->channel, &r->callbacks);
	return r->channel;
}

static void room_end(struct room *r, int status)
{
	r->ended = true;
	ssh_channel_request_send_exit_status(r->channel, status);
	ssh_channel_send_eof(r->channel);
	ssh_channel_close(r->channel);
	terminal_fini(&r->terminal);
}

/* A command that opens a mode (vtysh) makes the channel a terminal; any other is answered, and the channel ends. */
static void room_begin(struct room *r)
{
	const struct mode *before;

	terminal_init(&r->terminal, r->connection->router, r->pty, r->command != NULL);
	r->terminal.send = send_octets;
	r->terminal.ctx = r;
	r->greeted = true;
	if (r->command == NULL) {
		terminal_greet(&r->terminal);
		return;
	}
	before = r->terminal.shell.mode;
	terminal_exec(&r->terminal, r->command);
	if (r->terminal.shell.mode != before && !r->terminal.shell.closed) {
		r->terminal.pty = true; /* readline echoes, terminal or not */
		terminal_greet(&r->terminal);
	} else if (!r->terminal.stuck && (!r->terminal.cut || r->terminal.left)) {
		room_end(r, 0);
	}
}

/* False: the connection ends here. */
static bool room_work(struct room *r)
{
	if (!r->started || r->ended)
		return true;
	if (!r->greeted)
		room_begin(r);
	else if (ssh_channel_is_closed(r->channel))
		room_end(r, 0);
	else
		terminal_type(&r->terminal);
	if (r->ended)
		return true;
	if (r->terminal.stuck)
		for (;;)
			pause();
	if (r->terminal.cut && !r->terminal.left)
		return false;
	if (r->terminal.shell.closed || r->terminal.left)
		room_end(r, 0);
	return true;
}

static void talk(struct connection *c)
{
	ssh_event event = ssh_event_new();
	bool on = true;

	ssh_event_add_session(event, c->session);
	while (on && ssh_event_dopoll(event, TICK_MS) != SSH_ERROR && ssh_is_connected(c->session))
		for (size_t i = 0; i < c->count && on; i++)
			on = room_work(&c->rooms[i]);
	ssh_event_remove_session(event, c->session);
	ssh_event_free(event);
}

void *connection_run(void *connection)
{
	struct connection *c = connection;

	c->callbacks = (struct ssh_server_callbacks_struct){ .userdata = c, .auth_password_function = on_password,
		.auth_pubkey_function = on_key, .channel_open_request_session_function = on_open };
	ssh_callbacks_init(&c->callbacks);
	ssh_set_server_callbacks(c->session, &c->callbacks);
	ssh_set_message_callback(c->session, on_message, c);
	ssh_set_auth_methods(c->session, methods(c));
	if (ssh_handle_key_exchange(c->session) == SSH_OK)
		talk(c);
	for (size_t i = 0; i < c->count; i++) {
		if (c->rooms[i].greeted && !c->rooms[i].ended)
			terminal_fini(&c->rooms[i].terminal);
		free(c->rooms[i].command);
	}
	ssh_disconnect(c->session);
	ssh_free(c->session);
	free(c);
	return NULL;
}
