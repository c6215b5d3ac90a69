/*
 * What the parts of the console share; see console.h.
 *
 * console.c is the loop, console_request.c carries out what the views ask
 * for, console_ask.c brings questions of workers to the terminal.
 */
#ifndef PEERDECK_APP_CONSOLE_PRIV_H
#define PEERDECK_APP_CONSOLE_PRIV_H

#include "app/archive.h"
#include "app/blast.h"
#include "app/child.h"
#include "app/collect.h"
#include "app/drain_plan.h"
#include "app/expiry.h"
#include "app/incident_book.h"
#include "app/judging.h"
#include "app/message.h"
#include "app/operation.h"
#include "app/options.h"
#include "app/outbox.h"
#include "app/people.h"
#include "app/present.h"
#include "app/records.h"
#include "app/settle.h"
#include "backends/sources/peeringdb.h"
#include "backends/sources/scrape.h"
#include "core/judge/alert.h"
#include "core/model/history.h"
#include "tui/compose.h"
#include "tui/ui.h"

#include <pthread.h>

/* A question that a worker asks while the screen is open. */
struct tty_question {
	pthread_mutex_t lock;
	pthread_cond_t answered;
	int wake_fd; /* readable while one waits */
	bool closed, waiting, done;
	bool nobody;   /* sits before it: a question is refused, not asked */
	bool declined; /* nobody is asked again by a reconnect in the night */
	const char *words;
	char *answer;
	size_t size;
	struct err *e;
	int rc;
};

/* The message that is being composed. */
struct message_work {
	struct draft draft;
	struct arena *arena; /* of what the draft was made from */
	asn_t asn;
	char router[80], vrf[80], neighbor[80]; /* "" all sessions of the network */
	char clause[48];     /* that is not met, and this is about; "" none */
	char incident[INCIDENT_ID_LEN]; /* that it is about; "" none */
	unsigned chosen;     /* rung chosen by the operator; 0: what fits */
	bool others_mail;    /* the exchange, the facility or the registry has an address */
	struct child child;  /* editor or mailer */
	enum { MESSAGE_IDLE, MESSAGE_EDITING, MESSAGE_SENDING } work;
	char *edit_path;
	struct draft *many;  /* of a maintenance, network by network; NULL: one message */
	size_t many_count;
};

/* Alerts that the terminal is to be told of. */
struct alert_news_kept {
	struct alert_notice worst;
	size_t count;
	unsigned outputs; /* enum alert_output */
	char lost[200];   /* what could not be logged, "" nothing */
};

struct replay;
struct work; /* app/collect_work.h */

struct console {
	/* of the whole run */
	struct config *config;
	struct ui *ui;
	struct tty_question question;
	int signal_fd;
	bool wallboard;   /* nobody sits before it */
	bool screen_gone; /* hung up: nothing is drawn any more */
	bool leaving;     /* the loop ends once no action is under way */
	bool is_replay;        /* no router is real, nobody is told of anything */
	struct replay *replay; /* its time, once it began; NULL else */
	struct recorder *recorder;
	bool read_only;   /* --read-only */
	/* from here on begun anew when a replay goes back to the beginning */
	struct present present;
	struct inbox *inbox;
	struct pool *pool;
	struct http *http;
	struct pdb *pdb;
	struct history *history;
	struct history_seen *history_seen; /* by router; console_history.c */
	bool history_noted, history_more; /* a snapshot is not put yet */
	size_t history_at;                 /* the router that is looked at next */
	struct archive *archive; /* NULL: its threads could not be had */
	bool past_waits;         /* the screen waits for something of it */
	uint64_t past_event;     /* newest event when it was looked at last */
	struct collect *collect;
	struct arena *collectors_arena; /* of the lines in the world */
	struct arena *registered_arena; /* of what RDAP says in the world */
	int64_t collectors_due;         /* boot ms */
	struct records records;
	struct operation op;
	struct settling *settling;
	struct judging judging;
	struct fact_writer *facts;
	asn_t guard_as; /* whose sessions a plan of the policy's own is being made for; ASN_UNKNOWN none */
	char guard_clause[48];
	char no_verdicts[300];
	struct people *people;
	struct message_work message;
	bool screen_lent;     /* the editor has the terminal */
	size_t calls_seen;    /* told as events so far */
	int64_t due_told_ms;  /* up to when due rungs were told */
	struct expiry *expiry;
	struct scribe *scribe;
	struct incident_book incidents;
	int64_t incidents_due; /* boot ms */
	struct alerts *alerts; /* NULL: no rules */
	int64_t alerts_due;    /* boot ms */
	struct alert_news_kept alerts_kept;
	struct outbox *outbox; /* NULL: no rules */
	struct output_line output_lines[OUTPUTS_MAX];
	char outputs_note[300];
	unsigned notices; /* made by this process */
	struct alert *saying; /* all that fired when this console began to lead, until it is posted; NULL none */
	size_t saying_at, saying_count;
	bool alerts_more; /* news or sayings wait for the next round of the loop */
	struct scrape *scrape; /* NULL: metrics are not served */
	uint64_t event_counts[EVENT_KINDS]; /* since the start */
	int64_t metrics_due;   /* boot ms */
	struct work *metrics_work; /* makes their text */
	bool metrics_under_way;
	struct draining *draining;
	struct blast *blast; /* of the plan that is shown; NULL not asked */
	struct drain_plan *drain; /* being planned or marked; NULL none */
	bool sessions_changed, snaps_came;
	int64_t records_due, peers_due; /* boot ms */
	int64_t drawn_steady_ms; /* the last frame */
	bool rows_wait;        /* a long table is not through its filter yet */
	size_t tick_at; /* of what is due, where a round was cut short; 0: at its beginning */
};

/* console.c */
/* All that is due at this moment of the clocks; false: something of it goes on with the next call. */
bool console_due(struct console *c);
void console_want_peers(struct console *c);
void console_take_messages(struct console *c);
/* All but the terminal ends, or begins anew with nothing known. */
int console_parts_start(struct console *c, struct err *e);
void console_parts_stop(struct console *c);

/* console_replay.c: the recording's time.  Ticks give what was heard until now, as long as a frame may take. */
struct replaying;
struct replay_start {
	int64_t at_ms; /* 0: the beginning */
	unsigned speed_permille;
	bool paused;
};
int console_replay_start(struct console *c, const struct replaying *source, const struct replay_start *s, struct err *e);
void console_replay_stop(struct console *c);
void console_replay_tick(struct console *c);
int console_replay_wait_ms(const struct console *c); /* until the next tick is wanted */
void console_replay(struct console *c, const struct request *rq);
/* True, and said, if the request would reach out of a replay. */
bool console_replay_refuses(struct console *c, const struct request *rq);
/* Lends the question to the router's worker, or asks the recording; false: there is no such worker. */
bool console_ask_router(struct console *c, const char *router, struct question *q);

/* console_record.c: what is heard is kept. */
void console_record_start(struct console *c);
void console_record_tick(struct console *c);
void console_record(struct console *c);

/* console_request.c; what becomes of actions: console_progress.c */
void console_request(struct console *c, const struct request *rq);
void console_progress(struct console *c, struct act_progress *p);
/* console_drain.c: a drain's two plans become one that is shown; its wait begins when the marking is proven. */
void console_drain_plan(struct console *c, const struct request *rq, const struct operation_target *targets, struct err *e);
/* After a plan came: true while the one to be shown is still being made. */
bool console_drain_plans(struct console *c);
void console_drain_tick(struct console *c);
bool console_drain_ended(struct console *c);
void console_drain_forget(struct console *c);

/* console_upkeep.c: what goes on by itself. */
void console_upkeep_start(struct console *c, const struct operation_way *way);
void console_upkeep_stop(struct console *c);
/* After each refresh of journal and ledger. */
void console_upkeep(struct console *c);
bool console_upkeep_take(struct console *c, struct act_progress *p);
/* Something of its own is under way on a router: the console must not end yet. */
bool console_upkeep_busy(const struct console *c);
void console_notice(struct console *c, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* console_people.c */
void console_people_start(struct console *c); /* after the records */
void console_people_tick(struct console *c);
void console_people_stop(struct console *c);
void console_call(struct console *c, const struct call *call);
void console_edit_book(struct console *c, const struct book_edit *edits, size_t n);

/* console_policy.c: after the records, before the workers end. */
void console_policy_start(struct console *c);
void console_policy_tick(struct console *c);
void console_policy_records(struct console *c); /* the journal may have grown */
void console_policy_stop(struct console *c);
/* console_guard.c: what the policy file lets happen by itself. */
void console_guard_start(struct console *c); /* after the policy was opened */
void console_guard_say_held(struct console *c, asn_t asn, const char *clause);
void console_guard_tick(struct console *c);
void console_guard_forget(struct console *c); /* the operator plans something else */
bool console_guard_plans(const struct console *c);
bool console_guard_planned(struct console *c); /* the plan is there: true if it was the guard's */
void console_rule(struct console *c, const struct ruling_request *rq);

/* console_message.c */
void console_message_start(struct console *c);
void console_message_stop(struct console *c);
void console_message(struct console *c, const struct request *rq);
void console_maintenance(struct console *c, const struct maintenance_ask *ask);
void console_message_step(struct console *c, const struct request *rq);
void console_message_tick(struct console *c); /* what became of editor or mailer */

/* console_incidents.c */
void console_incidents_start(struct console *c);
void console_incidents_tick(struct console *c);
void console_incidents_stop(struct console *c); /* before records and history end */
/* Somebody works on it: it settles, and the journal is told. */
void console_incident_share(struct console *c, const char *id);
void console_incident(struct console *c, const struct request *rq);
void console_handover_ack(struct console *c);
void console_note(struct console *c, const char *words);

/* console_alerts.c */
void console_alerts_start(struct console *c);
void console_alerts_tick(struct console *c);
void console_alerts_stop(struct console *c);
void console_alert_ack(struct console *c, const char *keys); /* a line each */
void console_alert_silence(struct console *c, const char *keys, int64_t until_wall_ms, const char *why);

/* console_outbox.c: after http; ends before it. */
void console_outbox_start(struct console *c);
/* False: what was there when this console began to lead is not all said, and news wait. */
bool console_outbox_said(struct console *c);
void console_outbox_tick(struct console *c);
void console_outbox_stop(struct console *c);
void console_outbox_post(struct console *c, const struct alert_notice *n);
void console_alert_test(struct console *c, const char *output);
bool console_wants_http(const struct config *c);

/* console_metrics.c */
void console_metrics_start(struct console *c);
void console_metrics_event(struct console *c, const struct event *ev);
void console_metrics_tick(struct console *c);
void console_metrics_stop(struct console *c);

/* console_history.c */
void console_history_start(struct console *c);
void console_history_tick(struct console *c); /* puts what new snapshots show; cheap when there are none */
void console_history_stop(struct console *c); /* before the present ends */
/* The series of a session's "received", "accepted", "advertised" or "state" (enum bgp_state). */
void console_history_series(char out[HISTORY_NAME_MAX + 1], const char *router, const struct session *s, const char *what);

/* console_past.c: after records and history. */
void console_past_start(struct console *c);
void console_past_tick(struct console *c);
void console_past_stop(struct console *c);

/* console_evidence.c */
void console_evidence_start(struct console *c); /* after policy, history and http */
void console_evidence_tick(struct console *c);
void console_collect_now(struct console *c, asn_t asn);
void console_evidence_quit(struct console *c); /* before http ends: nothing more is asked of slow sources */
void console_evidence_stop(struct console *c); /* after the workers have ended */
/* console_approve.c */
void console_tell_approval(struct console *c);
void console_propose(struct console *c, const char *digest);
void console_read_proposal(struct console *c, const char *digest);
void console_approve(struct console *c, const char *digest);

/* console_blast.c: begins asking about the plan that is shown, or ends it when it is under way. */
void console_blast(struct console *c);
void console_blast_forget(struct console *c);

/* console_ask.c */
void tty_question_open(struct tty_question *q);
/* No question is asked any more, and one that waits gets no answer.  Before the workers are stopped. */
void tty_question_close(struct tty_question *q);
void tty_question_fini(struct tty_question *q);
/* The operator asked for a new try: questions that were declined may be asked again. */
void tty_question_again(struct tty_question *q);
/* Main thread: asks what waits, at the terminal that the ui lends. */
void tty_question_serve(struct tty_question *q, struct ui *ui);

#endif
