/*
 * inbox - the one way from worker threads to the thread that shows and decides.
 *
 * A locked queue with an eventfd.  A message owns what it points to until
 * the receiver takes it over or calls msg_free.
 */
#ifndef PEERDECK_MODEL_INBOX_H
#define PEERDECK_MODEL_INBOX_H

#include "core/base/text.h"
#include "core/model/peer.h"
#include "core/model/snap.h"

enum link_state {
	LINK_IDLE,       /* not started */
	LINK_RESOLVING,
	LINK_QUEUED,     /* waits for one of the handshake places */
	LINK_CONNECTING,
	LINK_HANDSHAKE,  /* key exchange and host key */
	LINK_AUTH,
	LINK_LOGIN,      /* CLI starts, prompt is learnt */
	LINK_READY,
	LINK_POLLING,
	LINK_ACTING,
	LINK_WAITING,    /* failed; retries at retry_boot_ms */
	LINK_LOCKED,     /* unknown or changed host key: stays down until enrolled */
	LINK_STOPPED,
	LINK_STATES,
};
const char *link_state_word(enum link_state s);
bool link_state_up(enum link_state s); /* READY, POLLING, ACTING */

struct link_status {
	enum link_state state;
	enum err_code cause;      /* of the last failure; ERR_NONE if none */
	char words[200];          /* why, safe text: "host key changed: enrolled SHA256:..., offered SHA256:..." */
	int64_t since_wall_ms, since_boot_ms;
	int64_t retry_boot_ms;    /* LINK_WAITING */
	int64_t last_good_boot_ms; /* last complete snapshot; 0 never */
	unsigned attempts;        /* failures in a row */
	bool legacy;              /* old algorithms in use, as configured */
	char fingerprint[64];     /* of the key seen */
	char algorithms[120];     /* "curve25519-sha256, ssh-ed25519, chacha20..." */
	unsigned polls, poll_ms;  /* done so far; duration of the last */
	uint64_t octets_in;
};

enum msg_kind { MSG_LINK, MSG_SNAP, MSG_PEERS, MSG_ACT, MSG_ASKED, MSG_TEXT };

struct act_progress; /* core/act/run.h */
struct question;     /* backends/link/question.h */

struct msg {
	struct msg *next;
	enum msg_kind kind;
	const char *router; /* configuration's string; NULL when not about one */
	struct link_status link;   /* MSG_LINK */
	struct snap *snap;         /* MSG_SNAP: one reference */
	struct peer_set *peers;    /* MSG_PEERS: one reference */
	/* MSG_ACT: with the function that frees it, because this floor does not know what an action is. */
	struct act_progress *act;
	void (*act_free)(struct act_progress *act);
	struct question *asked;    /* MSG_ASKED: what was asked, its asker's again: who takes it over sets NULL here */
	void (*asked_free)(struct question *q); /* as act_free */
	char words[200];           /* MSG_TEXT: one line for the status bar */
};

struct inbox;
struct inbox *inbox_new(void);
void inbox_free(struct inbox *in);
int inbox_fd(const struct inbox *in); /* readable while messages wait */
void inbox_post(struct inbox *in, struct msg *m); /* takes m (allocated with MEM_NEW) over; any thread */
struct msg *inbox_take(struct inbox *in);         /* next or NULL; clears the eventfd when empty */
void msg_free(struct msg *m);

#endif
