/*
 * config - the operator's file as typed settings.
 *
 * Read with libconfuse; peerdeck.conf(5) documents every key.  Errors name
 * file, line, the value and what is allowed.  Files that group or others can
 * write are refused.  All strings are owned by the config; a config is
 * immutable once loaded and outlives every thread that reads it.
 */
#ifndef PEERDECK_MODEL_CONFIG_H
#define PEERDECK_MODEL_CONFIG_H

#include "core/base/err.h"
#include "core/base/mem.h"
#include "core/model/event.h"
#include "core/model/net.h"

#include <stdbool.h>
#include <stddef.h>

struct router_conf {
	const char *name;    /* [A-Za-z0-9._:-]+, no leading '-' */
	const char *os;      /* driver name or alias */
	const char *address; /* host name or literal */
	unsigned port;       /* 22 */
	const char *user;
	/* Credentials, tried in this order where given. */
	bool agent;                      /* use SSH_AUTH_SOCK */
	const char *key;                 /* private key file, "~/" expanded */
	const char *certificate;         /* file beside the key */
	const char *passphrase_command;  /* prints the key's passphrase; else the terminal is asked */
	const char *password_command;    /* prints the password (run without a shell: split on blanks) */
	const char *password_file;       /* mode 0600 */
	/* Another login for acting, opened only while an action is planned or carried out; NULL: the one that reads. */
	const char *act_user, *act_key, *act_certificate, *act_passphrase_command, *act_password_command, *act_password_file;
	const char *enable_command, *enable_file; /* the secret of privileged mode, likewise */
	const char *prefix;   /* put before commands: "sudo -n"; NULL none */
	const char *cli;      /* replaces the driver's CLI program: "birdc -s /run/bird/b.ctl"; NULL default */
	const char *hook_file; /* BIRD, OpenBGPD: the include file that we may edit for withdraw; NULL none */
	const char *config_file; /* OpenBGPD: checked with bgpd -n before a reload; NULL default */
	const char *vrf;      /* limit to one VRF; NULL all */
	unsigned interval_s;  /* 10 */
	unsigned timeout_s;   /* per step, 15 */
	const char *jump;     /* name of another router block or jump block, NULL direct */
	bool is_jump;         /* from a `jump` block: only a way in, never polled */
	/* Legacy algorithms, only where named: comma lists for libssh; NULL default. */
	const char *kex, *host_key_algorithms, *ciphers, *macs;
	bool read_only;       /* no action on this router */
	const char *exchange; /* local name for what the router's LAN is, when PeeringDB does not know */
	const char *facility; /* the building that the router stands in; NULL unknown */
	const char *exchange_lan; /* its prefixes, parted by blanks; NULL: every session with another AS is on it */
	unsigned line;        /* of the block's first key, for messages */
};

struct pdb_conf {
	bool enabled;
	const char *url;          /* "https://www.peeringdb.com/api" */
	const char *api_key_file; /* NULL anonymous */
	const char *ca_file;      /* NULL system store */
	unsigned refresh_s;       /* 86400 */
	const char *sync;         /* "seen": only networks that have sessions; "all": whole tables, kept up to date */
	unsigned timeout_ms;      /* of one query, whole; 0: 60000 */
	unsigned query_gap_ms;    /* pause between queries: 3000; a local server of a test may set it lower */
};

struct history_conf {
	unsigned keep_s; /* samples older than this are forgotten */
	unsigned fine_s; /* older than this they are kept in steps of five minutes */
};

/* What falls this close belongs together; everything back for so long, and it is over (core/judge/incident.h). */
struct incident_conf {
	unsigned window_s, quiet_s;
};

/* When a session that goes up and down is one line (core/judge/damp.h). */
struct flap_conf {
	unsigned changes;  /* so many changes ...; 0: every change is a line */
	unsigned within_s; /* ... within this */
	unsigned quiet_s;  /* none for so long: it flaps no more */
};

/* What the console asks the routers beyond the polls, and how seldom.  0: never by itself. */
struct evidence_conf {
	unsigned routes_s;      /* each session's prefixes are read again after this */
	unsigned routes_most;   /* sessions with more prefixes are read on demand only */
	unsigned routes_gap_s;  /* at least this between two such questions to one router */
	unsigned interface_s, ping_s;
	unsigned ping_count;    /* packets of one probe */
	unsigned small_gap_s;   /* at least this between two pings or interface questions to one router */
};

struct irr_conf {
	const char *host; /* NULL: no IRR is asked */
	unsigned port;
	const char *sources; /* "RADB,TC": where a macro names none; NULL: the server's own order */
	unsigned refresh_s, timeout_s;
};

struct rpki_conf {
	const char *vrp_file;  /* JSON export of routinator, rpki-client and their like; NULL none */
	const char *rtr_host;  /* RTR cache (RFC 8210); NULL none */
	unsigned rtr_port;
	unsigned stale_s;      /* data older than this decide nothing */
};

/* Queries are templates: {asn} {router} {neighbor} {interface} {description} are filled in. */
struct prometheus_conf {
	const char *url;        /* NULL: not asked */
	const char *token_file; /* bearer token; NULL none */
	const char *ca_file;
	unsigned every_s, window_s, step_s, timeout_s;
	const char *network_in_bps, *network_out_bps; /* traffic of a network, wherever it runs; else as below */
	const char *in_bps, *out_bps, *speed_bps, *loss_pct, *latency_ms, *jitter_ms, *stray_bps; /* NULL: not asked */
};

struct ripestat_conf {
	bool enabled;
	const char *url; /* "https://stat.ripe.net/data" */
	const char *ca_file;
	unsigned refresh_s, timeout_s;
};

/* A registry's abuse contacts (RFC 9083). */
struct rdap_conf {
	bool enabled;
	const char *url; /* "https://rdap.org": it knows who is responsible and redirects there */
	const char *ca_file;
	unsigned refresh_s, timeout_s;
};

/* Whom to call, and when the next one. */
struct ladder_conf {
	unsigned step_s; /* without an answer the next rung is proposed after this: 900 */
};

/* Mail that is written for the operator; nothing is sent by itself. */
struct mail_conf {
	const char *from;      /* address of our NOC; NULL: a message can be shown and copied, but has no sender */
	const char *name;      /* of our network or NOC, in the signature and before the address; NULL none */
	const char *command;   /* mailer that reads the message on stdin: "/usr/sbin/sendmail -t -i"; NULL none; no shell */
	const char *templates; /* folder of the operator's own templates, NULL: those shipped */
	const char *folder;    /* where .eml files go; NULL: DATA_DIR/mail */
	bool links;            /* phone numbers and mail addresses as links on terminals that know OSC 8 */
};

/* OpenMetrics for a Prometheus on this host. */
struct metrics_conf {
	const char *listen; /* loopback address and port; NULL: nothing is served */
};

/* What an alert watches. */
enum alert_on {
	ALERT_STATE,          /* a session is not Established */
	ALERT_HEADROOM,       /* received prefixes near the limit, or over it */
	ALERT_VERDICT,        /* a network does not meet the policy */
	ALERT_ROUTER_LOST,    /* a router cannot be read */
	ALERT_LEDGER_OVERDUE, /* we hold something longer than was said */
	ALERT_STALE,          /* a router is reached, but its data are old */
	ALERT_PREFIXES,       /* a session is up and has lost its prefixes, and they are not back */
	ALERT_INCIDENT,       /* an incident is open and nobody acknowledged it */
	ALERT_ONS,
};
extern const char *const alert_on_words[ALERT_ONS + 1]; /* "state" ...; NULL-terminated */

/* Where an alert is told.  Outputs of the configuration are bits above these: ALERT_TO_OUTPUT(0) the first. */
enum alert_output { ALERT_TO_SCREEN = 1, ALERT_TO_BELL = 2, ALERT_TO_TERMINAL = 4, ALERT_TO_SYSLOG = 8 };
enum { OUTPUTS_MAX = 16 };
#define ALERT_TO_OUTPUT(i) (256u << (i))
#define ALERT_TO_FAR (~255u) /* all of them */

/* Minutes of the UTC day, over midnight where from is later than to; both -1: none. */
struct quiet_hours {
	int from, to;
};
bool quiet_now(const struct quiet_hours *q, int64_t wall_ms);

enum output_kind { OUTPUT_MAIL, OUTPUT_WEBHOOK };
enum output_template { TEMPLATE_JSON, TEMPLATE_SLACK, TEMPLATE_PAGERDUTY, TEMPLATE_ALERTMANAGER, TEMPLATES };
extern const char *const output_template_words[TEMPLATES + 1]; /* "json" ...; NULL-terminated */

/* Somebody beyond this terminal who is told of alerts. */
struct output_conf {
	const char *name;
	const char *kind_word, *template_word, *severity_word, *quiet_words, *quiet_severity_word; /* as written */
	enum output_kind kind;
	enum output_template template; /* webhook */
	const char *url, *url_file;    /* webhook: one of both; the file where the address is a secret */
	const char *token_file;        /* bearer token; of PagerDuty the routing key; NULL none */
	const char *header_file;       /* more header lines; NULL none */
	const char *ca_file;
	const char *command;           /* mail: reads the message on stdin, no shell; mail.command where not given */
	const char *to, *from;         /* mail; from: mail.from where not given */
	enum severity severity;        /* what is less is not told */
	struct quiet_hours quiet;      /* what comes then waits for their end ... */
	enum severity quiet_severity;  /* ... unless it is at least so severe */
	unsigned timeout_s;            /* of one attempt */
	unsigned line;
};

struct alert_conf {
	const char *name;
	const char *on_word, *severity_word, *quiet_words, *to_words; /* as written */
	enum alert_on on;
	enum severity severity;
	asn_t asn;               /* ASN_UNKNOWN: any; likewise NULL: */
	const char *exchange, *router;
	unsigned threshold;      /* headroom: percent of the limit; stale: seconds; 0: near-limit, twice the interval */
	unsigned for_s;          /* fires when it held so long, ends when it is over so long */
	unsigned repeat_s;       /* told again while it fires; 0 never */
	struct quiet_hours quiet;
	unsigned outputs;        /* enum alert_output, ALERT_TO_OUTPUT */
	unsigned line;
};

/* While it lasts nothing of this network, exchange or router alarms. */
struct window_conf {
	const char *name, *from_words, *until_words;
	asn_t asn;
	const char *exchange, *router;
	int64_t from_wall_ms, until_wall_ms;
	unsigned line;
};

/* What is special about one network. */
struct network_conf {
	const char *name;   /* "AS64501": title of the block */
	const char *policy; /* that network's own policy, which we want to meet; NULL none */
	unsigned line;
};

/* What the members of a Unix group may do.  Without any role everybody who can write the journal may act. */
struct role_conf {
	const char *name;
	const char *group;   /* Unix group */
	const char *routers; /* names parted by blanks; NULL or "*": all */
	const char *verbs;   /* likewise: "suspend resume terminate" */
	unsigned line;
};

/* When a second person must approve a plan. */
struct approval_conf {
	unsigned sessions;   /* plans of more than so many; 0: whatever their number none does */
	const char *routers; /* plans that act on one of these; NULL none, "*" any */
};

struct config {
	const char *path; /* of the file read */
	asn_t local_as;
	const char *policy; /* path, or NULL */
	const char *data_dir;  /* journal, ledger, cache, host keys; XDG_DATA_HOME/peerdeck */
	const char *data_group; /* Unix group that shares the data directory; NULL: its owner alone */
	const char *operator_name; /* shown and journalled beside the login */
	bool read_only;
	const char *keymap; /* default, vi, emacs or a path */
	const char *layout; /* views to begin with, as words; NULL: sessions */
	const char *theme;  /* dark, light, colour-blind, mono, auto */
	bool ascii;
	const char *plot;   /* auto, braille, blocks, ascii */
	unsigned near_pct;  /* max-prefix counts as near: 90 */
	bool record;        /* the console keeps what it hears from the routers */
	const char *record_folder; /* NULL: DATA_DIR/recordings */
	unsigned record_most_mib;  /* of all files in it: 256 */
	const struct router_conf *routers; /* in file order; jump blocks last */
	size_t router_count;
	const struct network_conf *networks;
	size_t network_count;
	const struct role_conf *roles;
	size_t role_count;
	struct approval_conf approval;
	struct pdb_conf pdb;
	const char *contacts; /* file or folder of the contact book, peerdeck-contacts(5); NULL none */
	struct ladder_conf ladder;
	struct mail_conf mail;
	struct metrics_conf metrics;
	struct alert_conf *alerts;
	size_t alert_count;
	struct output_conf *outputs;
	size_t output_count;
	struct window_conf *windows;
	size_t window_count;
	struct history_conf history;
	struct flap_conf flap;
	struct incident_conf incident;
	struct evidence_conf evidence;
	struct irr_conf irr;
	struct rpki_conf rpki;
	struct prometheus_conf prometheus;
	struct ripestat_conf ripestat;
	struct rdap_conf rdap;
	struct arena *arena;
};

/* path NULL: $PEERDECK_CONF, $XDG_CONFIG_HOME/peerdeck/peerdeck.conf, ~/.config/..., /etc/peerdeck/peerdeck.conf. */
struct config *config_load(const char *path, struct err *e);
/* From text, as if read from `name` (tests, fuzzing): no permission checks. */
struct config *config_parse(const char *name, const char *text, struct err *e);
void config_free(struct config *c);
/* The home directory, NULL if there is none. */
const char *config_home(void);
/* $VARIABLE/peerdeck, else ~/fallback/peerdeck ("XDG_CONFIG_HOME", ".config"); NULL without a home. */
const char *config_xdg(struct arena *a, const char *variable, const char *fallback);
const struct router_conf *config_router(const struct config *c, const char *name);
/* NULL if there is none. */
const struct output_conf *config_output(const struct config *c, const char *name);
/* The block `network AS<n>`; NULL if there is none. */
const struct network_conf *config_network(const struct config *c, asn_t asn);

#endif
