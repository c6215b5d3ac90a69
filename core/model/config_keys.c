/*
 * The blocks of the configuration file and their keys, as data.
 *
 * A new key is a row; a new block is a table of rows, a row in `config_blocks`
 * and a field in struct config.  peerdeck.conf(5) describes them in the same order.
 */
#include "core/model/config_keys.h"
#include "core/base/mem.h"

static const char *const keymaps[] = { "default", "vi", "emacs", NULL };
static const char *const plots[] = { "auto", "braille", "blocks", "ascii", NULL };
static const char *const themes[] = { "auto", "dark", "light", "colour-blind", "mono", NULL };

#define TOP(field) offsetof(struct config, field)
static const struct setting top_keys[] = {
	{ "local-as", SETTING_ASN, TOP(local_as), .required = true },
	{ "policy", SETTING_PATH, TOP(policy), .fallback = NULL },
	{ "data-dir", SETTING_PATH, TOP(data_dir), .fallback = NULL },
	{ "data-group", SETTING_NAME, TOP(data_group), .fallback = NULL },
	{ "operator", SETTING_TEXT, TOP(operator_name), .fallback = NULL },
	{ "read-only", SETTING_BOOL, TOP(read_only), .fallback = "no" },
	{ "keymap", SETTING_CHOICE, TOP(keymap), .fallback = "default", .max = 1, .choices = keymaps },
	{ "layout", SETTING_TEXT, TOP(layout), .fallback = NULL },
	{ "theme", SETTING_CHOICE, TOP(theme), .fallback = "auto", .choices = themes },
	{ "ascii", SETTING_BOOL, TOP(ascii), .fallback = "no" },
	{ "plot", SETTING_CHOICE, TOP(plot), .fallback = "auto", .choices = plots },
	{ "contacts", SETTING_PATH, TOP(contacts), .fallback = NULL },
	{ "record", SETTING_BOOL, TOP(record), .fallback = "no" },
	{ "record-folder", SETTING_PATH, TOP(record_folder), .fallback = NULL },
	{ "record-most", SETTING_NUMBER, TOP(record_most_mib), .fallback = "256", .min = 8, .max = 1048576 },
	{ "near-limit", SETTING_NUMBER, TOP(near_pct), .fallback = "90", .min = 1, .max = 100 },
};

#define ROUTER(field) offsetof(struct router_conf, field)
static const struct setting router_keys[] = {
	{ "os", SETTING_NAME, ROUTER(os), .required = true },
	{ "address", SETTING_NAME, ROUTER(address), .required = true },
	{ "port", SETTING_NUMBER, ROUTER(port), .fallback = "22", .min = 1, .max = 65535 },
	{ "user", SETTING_NAME, ROUTER(user), .fallback = NULL },
	{ "agent", SETTING_BOOL, ROUTER(agent), .fallback = NULL },
	{ "key", SETTING_PATH, ROUTER(key), .fallback = NULL },
	{ "certificate", SETTING_PATH, ROUTER(certificate), .fallback = NULL },
	{ "passphrase-command", SETTING_TEXT, ROUTER(passphrase_command), .fallback = NULL },
	{ "password-command", SETTING_TEXT, ROUTER(password_command), .fallback = NULL },
	{ "password-file", SETTING_PATH, ROUTER(password_file), .fallback = NULL },
	{ "act-user", SETTING_NAME, ROUTER(act_user), .fallback = NULL },
	{ "act-key", SETTING_PATH, ROUTER(act_key), .fallback = NULL },
	{ "act-certificate", SETTING_PATH, ROUTER(act_certificate), .fallback = NULL },
	{ "act-passphrase-command", SETTING_TEXT, ROUTER(act_passphrase_command), .fallback = NULL },
	{ "act-password-command", SETTING_TEXT, ROUTER(act_password_command), .fallback = NULL },
	{ "act-password-file", SETTING_PATH, ROUTER(act_password_file), .fallback = NULL },
	{ "enable-command", SETTING_TEXT, ROUTER(enable_command), .fallback = NULL },
	{ "enable-file", SETTING_PATH, ROUTER(enable_file), .fallback = NULL },
	{ "prefix", SETTING_WORDS, ROUTER(prefix), .fallback = NULL },
	{ "cli", SETTING_WORDS, ROUTER(cli), .fallback = NULL },
	{ "hook-file", SETTING_FAR_PATH, ROUTER(hook_file), .fallback = NULL },
	{ "config-file", SETTING_FAR_PATH, ROUTER(config_file), .fallback = NULL },
	{ "vrf", SETTING_NAME, ROUTER(vrf), .fallback = NULL },
	{ "interval", SETTING_SPAN, ROUTER(interval_s), .fallback = "10s", .min = 1, .max = 3600 },
	{ "timeout", SETTING_SPAN, ROUTER(timeout_s), .fallback = "15s", .min = 1, .max = 600 },
	{ "jump", SETTING_NAME, ROUTER(jump), .fallback = NULL },
	{ "kex", SETTING_LIST, ROUTER(kex), .fallback = NULL },
	{ "host-key-algorithms", SETTING_LIST, ROUTER(host_key_algorithms), .fallback = NULL },
	{ "ciphers", SETTING_LIST, ROUTER(ciphers), .fallback = NULL },
	{ "macs", SETTING_LIST, ROUTER(macs), .fallback = NULL },
	{ "read-only", SETTING_BOOL, ROUTER(read_only), .fallback = "no" },
	{ "exchange", SETTING_TEXT, ROUTER(exchange), .fallback = NULL },
	{ "facility", SETTING_TEXT, ROUTER(facility), .fallback = NULL },
	{ "exchange-lan", SETTING_PREFIXES, ROUTER(exchange_lan), .fallback = NULL },
};
/* What a host that is only a way in can need. */
static const struct setting jump_keys[] = {
	{ "address", SETTING_NAME, ROUTER(address), .required = true },
	{ "port", SETTING_NUMBER, ROUTER(port), .fallback = "22", .min = 1, .max = 65535 },
	{ "user", SETTING_NAME, ROUTER(user), .fallback = NULL },
	{ "agent", SETTING_BOOL, ROUTER(agent), .fallback = NULL },
	{ "key", SETTING_PATH, ROUTER(key), .fallback = NULL },
	{ "certificate", SETTING_PATH, ROUTER(certificate), .fallback = NULL },
	{ "passphrase-command", SETTING_TEXT, ROUTER(passphrase_command), .fallback = NULL },
	{ "password-command", SETTING_TEXT, ROUTER(password_command), .fallback = NULL },
	{ "password-file", SETTING_PATH, ROUTER(password_file), .fallback = NULL },
	{ "timeout", SETTING_SPAN, ROUTER(timeout_s), .fallback = "15s", .min = 1, .max = 600 },
	{ "jump", SETTING_NAME, ROUTER(jump), .fallback = NULL },
	{ "kex", SETTING_LIST, ROUTER(kex), .fallback = NULL },
	{ "host-key-algorithms", SETTING_LIST, ROUTER(host_key_algorithms), .fallback = NULL },
	{ "ciphers", SETTING_LIST, ROUTER(ciphers), .fallback = NULL },
	{ "macs", SETTING_LIST, ROUTER(macs), .fallback = NULL },
};

static const char *const sync_ways[] = { "seen", "all", NULL };
#define PDB(field) offsetof(struct pdb_conf, field)
static const struct setting pdb_keys[] = {
	{ "enabled", SETTING_BOOL, PDB(enabled), .fallback = "yes" },
	{ "url", SETTING_URL, PDB(url), .fallback = "https://www.peeringdb.com/api" },
	{ "api-key-file", SETTING_PATH, PDB(api_key_file), .fallback = NULL },
	{ "ca-file", SETTING_PATH, PDB(ca_file), .fallback = NULL },
	{ "sync", SETTING_CHOICE, PDB(sync), .fallback = "seen", .choices = sync_ways },
	{ "refresh", SETTING_SPAN, PDB(refresh_s), .fallback = "1d", .min = 60, .max = 31536000 },
	{ "query-gap", SETTING_SPAN_MS, PDB(query_gap_ms), .fallback = "3s", .min = 0, .max = 600000 },
};

#define FLAP(field) offsetof(struct flap_conf, field)
static const struct setting flap_keys[] = {
	{ "changes", SETTING_NUMBER, FLAP(changes), .fallback = "4", .min = 0, .max = 1000 },
	{ "within", SETTING_SPAN, FLAP(within_s), .fallback = "10m", .min = 1, .max = 86400 },
	{ "quiet", SETTING_SPAN, FLAP(quiet_s), .fallback = "10m", .min = 1, .max = 86400 },
};

#define INCIDENT(field) offsetof(struct incident_conf, field)
static const struct setting incident_keys[] = {
	{ "window", SETTING_SPAN, INCIDENT(window_s), .fallback = "2m", .min = 1, .max = 3600 },
	{ "quiet", SETTING_SPAN, INCIDENT(quiet_s), .fallback = "10m", .min = 1, .max = 86400 },
};

#define HISTORY(field) offsetof(struct history_conf, field)
static const struct setting history_keys[] = {
	{ "keep", SETTING_SPAN, HISTORY(keep_s), .fallback = "30d", .min = 3600, .max = 157680000 },
	{ "fine", SETTING_SPAN, HISTORY(fine_s), .fallback = "2d", .min = 600, .max = 31536000 },
};

#define EVIDENCE(field) offsetof(struct evidence_conf, field)
static const struct setting evidence_keys[] = {
	{ "routes-every", SETTING_SPAN, EVIDENCE(routes_s), .fallback = "6h", .min = 0, .max = 2592000 },
	{ "routes-most", SETTING_NUMBER, EVIDENCE(routes_most), .fallback = "300000", .min = 0, .max = 4000000 },
	{ "routes-gap", SETTING_SPAN, EVIDENCE(routes_gap_s), .fallback = "30s", .min = 0, .max = 86400 },
	{ "interface-every", SETTING_SPAN, EVIDENCE(interface_s), .fallback = "5m", .min = 0, .max = 86400 },
	{ "ping-every", SETTING_SPAN, EVIDENCE(ping_s), .fallback = "5m", .min = 0, .max = 86400 },
	{ "ping-count", SETTING_NUMBER, EVIDENCE(ping_count), .fallback = "10", .min = 1, .max = 100 },
	{ "probe-gap", SETTING_SPAN, EVIDENCE(small_gap_s), .fallback = "5s", .min = 0, .max = 3600 },
};

#define IRR(field) offsetof(struct irr_conf, field)
static const struct setting irr_keys[] = {
	{ "host", SETTING_NAME, IRR(host), .fallback = NULL },
	{ "port", SETTING_NUMBER, IRR(port), .fallback = "43", .min = 1, .max = 65535 },
	{ "sources", SETTING_LIST, IRR(sources), .fallback = NULL },
	{ "refresh", SETTING_SPAN, IRR(refresh_s), .fallback = "1d", .min = 60, .max = 31536000 },
	{ "timeout", SETTING_SPAN, IRR(timeout_s), .fallback = "30s", .min = 1, .max = 3600 },
};

#define RPKI(field) offsetof(struct rpki_conf, field)
static const struct setting rpki_keys[] = {
	{ "vrp-file", SETTING_PATH, RPKI(vrp_file), .fallback = NULL },
	{ "rtr-host", SETTING_NAME, RPKI(rtr_host), .fallback = NULL },
	{ "rtr-port", SETTING_NUMBER, RPKI(rtr_port), .fallback = "323", .min = 1, .max = 65535 },
	{ "stale", SETTING_SPAN, RPKI(stale_s), .fallback = "1d", .min = 60, .max = 31536000 },
};

#define PROMETHEUS(field) offsetof(struct prometheus_conf, field)
static const struct setting prometheus_keys[] = {
	{ "url", SETTING_URL, PROMETHEUS(url), .fallback = NULL },
	{ "token-file", SETTING_PATH, PROMETHEUS(token_file), .fallback = NULL },
	{ "ca-file", SETTING_PATH, PROMETHEUS(ca_file), .fallback = NULL },
	{ "every", SETTING_SPAN, PROMETHEUS(every_s), .fallback = "5m", .min = 10, .max = 86400 },
	{ "window", SETTING_SPAN, PROMETHEUS(window_s), .fallback = "30d", .min = 300, .max = 31536000 },
	{ "step", SETTING_SPAN, PROMETHEUS(step_s), .fallback = "5m", .min = 1, .max = 86400 },
	{ "timeout", SETTING_SPAN, PROMETHEUS(timeout_s), .fallback = "20s", .min = 1, .max = 600 },
	{ "network-in-bps", SETTING_TEXT, PROMETHEUS(network_in_bps), .fallback = NULL },
	{ "network-out-bps", SETTING_TEXT, PROMETHEUS(network_out_bps), .fallback = NULL },
	{ "in-bps", SETTING_TEXT, PROMETHEUS(in_bps), .fallback = NULL },
	{ "out-bps", SETTING_TEXT, PROMETHEUS(out_bps), .fallback = NULL },
	{ "speed-bps", SETTING_TEXT, PROMETHEUS(speed_bps), .fallback = NULL },
	{ "loss-percent", SETTING_TEXT, PROMETHEUS(loss_pct), .fallback = NULL },
	{ "latency-ms", SETTING_TEXT, PROMETHEUS(latency_ms), .fallback = NULL },
	{ "jitter-ms", SETTING_TEXT, PROMETHEUS(jitter_ms), .fallback = NULL },
	{ "stray-bps", SETTING_TEXT, PROMETHEUS(stray_bps), .fallback = NULL },
};

#define RIPESTAT(field) offsetof(struct ripestat_conf, field)
static const struct setting ripestat_keys[] = {
	{ "enabled", SETTING_BOOL, RIPESTAT(enabled), .fallback = "no" },
	{ "url", SETTING_URL, RIPESTAT(url), .fallback = "https://stat.ripe.net/data" },
	{ "ca-file", SETTING_PATH, RIPESTAT(ca_file), .fallback = NULL },
	{ "refresh", SETTING_SPAN, RIPESTAT(refresh_s), .fallback = "1d", .min = 60, .max = 31536000 },
	{ "timeout", SETTING_SPAN, RIPESTAT(timeout_s), .fallback = "30s", .min = 1, .max = 600 },
};

#define RDAP(field) offsetof(struct rdap_conf, field)
static const struct setting rdap_keys[] = {
	{ "enabled", SETTING_BOOL, RDAP(enabled), .fallback = "no" },
	{ "url", SETTING_URL, RDAP(url), .fallback = "https://rdap.org" },
	{ "ca-file", SETTING_PATH, RDAP(ca_file), .fallback = NULL },
	{ "refresh", SETTING_SPAN, RDAP(refresh_s), .fallback = "7d", .min = 60, .max = 31536000 },
	{ "timeout", SETTING_SPAN, RDAP(timeout_s), .fallback = "15s", .min = 1, .max = 600 },
};

#define LADDER(field) offsetof(struct ladder_conf, field)
static const struct setting ladder_keys[] = {
	{ "step", SETTING_SPAN, LADDER(step_s), .fallback = "15m", .min = 60, .max = 86400 },
};

#define MAIL(field) offsetof(struct mail_conf, field)
static const struct setting mail_keys[] = {
	{ "from", SETTING_TEXT, MAIL(from), .fallback = NULL },
	{ "name", SETTING_TEXT, MAIL(name), .fallback = NULL },
	{ "command", SETTING_WORDS, MAIL(command), .fallback = NULL },
	{ "templates", SETTING_PATH, MAIL(templates), .fallback = NULL },
	{ "folder", SETTING_PATH, MAIL(folder), .fallback = NULL },
	{ "links", SETTING_BOOL, MAIL(links), .fallback = "yes" },
};

#define METRICS(field) offsetof(struct metrics_conf, field)
static const struct setting metrics_keys[] = {
	{ "listen", SETTING_LOOPBACK, METRICS(listen), .fallback = NULL },
};

static const char *const severities[] = { "info", "notice", "warning", "alarm", NULL };
#define ALERT(field) offsetof(struct alert_conf, field)
static const struct setting alert_keys[] = {
	{ "on", SETTING_CHOICE, ALERT(on_word), .required = true, .choices = alert_on_words },
	{ "severity", SETTING_CHOICE, ALERT(severity_word), .fallback = "warning", .choices = severities },
	{ "asn", SETTING_ASN, ALERT(asn), .fallback = NULL },
	{ "exchange", SETTING_TEXT, ALERT(exchange), .fallback = NULL },
	{ "router", SETTING_NAME, ALERT(router), .fallback = NULL },
	{ "threshold", SETTING_NUMBER, ALERT(threshold), .fallback = NULL, .min = 1, .max = 86400 },
	{ "for", SETTING_SPAN, ALERT(for_s), .fallback = "60s", .min = 0, .max = 86400 },
	{ "repeat", SETTING_SPAN, ALERT(repeat_s), .fallback = "1h", .min = 0, .max = 604800 },
	{ "quiet", SETTING_TEXT, ALERT(quiet_words), .fallback = NULL },
	{ "to", SETTING_TEXT, ALERT(to_words), .fallback = "screen" },
};

static const char *const output_kinds[] = { "mail", "webhook", NULL };
#define OUTPUT(field) offsetof(struct output_conf, field)
static const struct setting output_keys[] = {
	{ "kind", SETTING_CHOICE, OUTPUT(kind_word), .required = true, .choices = output_kinds },
	{ "template", SETTING_CHOICE, OUTPUT(template_word), .fallback = NULL, .choices = output_template_words },
	{ "url", SETTING_URL, OUTPUT(url), .fallback = NULL },
	{ "url-file", SETTING_PATH, OUTPUT(url_file), .fallback = NULL },
	{ "token-file", SETTING_PATH, OUTPUT(token_file), .fallback = NULL },
	{ "header-file", SETTING_PATH, OUTPUT(header_file), .fallback = NULL },
	{ "ca-file", SETTING_PATH, OUTPUT(ca_file), .fallback = NULL },
	{ "command", SETTING_WORDS, OUTPUT(command), .fallback = NULL },
	{ "to", SETTING_TEXT, OUTPUT(to), .fallback = NULL },
	{ "from", SETTING_TEXT, OUTPUT(from), .fallback = NULL },
	{ "severity", SETTING_CHOICE, OUTPUT(severity_word), .fallback = "info", .choices = severities },
	{ "quiet", SETTING_TEXT, OUTPUT(quiet_words), .fallback = NULL },
	{ "quiet-severity", SETTING_CHOICE, OUTPUT(quiet_severity_word), .fallback = "alarm", .choices = severities },
	{ "timeout", SETTING_SPAN, OUTPUT(timeout_s), .fallback = "10s", .min = 1, .max = 120 },
};

#define WINDOW(field) offsetof(struct window_conf, field)
static const struct setting window_keys[] = {
	{ "asn", SETTING_ASN, WINDOW(asn), .fallback = NULL },
	{ "exchange", SETTING_TEXT, WINDOW(exchange), .fallback = NULL },
	{ "router", SETTING_NAME, WINDOW(router), .fallback = NULL },
	{ "from", SETTING_TEXT, WINDOW(from_words), .required = true },
	{ "until", SETTING_TEXT, WINDOW(until_words), .required = true },
};

#define NETWORK(field) offsetof(struct network_conf, field)
static const struct setting network_keys[] = {
	{ "policy", SETTING_PATH, NETWORK(policy), .fallback = NULL },
};

#define ROLE(field) offsetof(struct role_conf, field)
static const struct setting role_keys[] = {
	{ "group", SETTING_NAME, ROLE(group), .required = true },
	{ "routers", SETTING_TEXT, ROLE(routers), .fallback = NULL },
	{ "verbs", SETTING_TEXT, ROLE(verbs), .fallback = NULL },
};

#define APPROVAL(field) offsetof(struct approval_conf, field)
static const struct setting approval_keys[] = {
	{ "sessions", SETTING_NUMBER, APPROVAL(sessions), .fallback = NULL, .min = 1, .max = 100000 },
	{ "routers", SETTING_TEXT, APPROVAL(routers), .fallback = NULL },
};

#define KEYS(table) .keys = (table), .count = ARRAY_LEN(table)
const struct config_block config_blocks[BLOCK_KINDS] = {
	[BLOCK_TOP] = { .name = NULL, KEYS(top_keys) },
	[BLOCK_ROUTER] = { .name = "router", .titled = true, KEYS(router_keys) },
	[BLOCK_JUMP] = { .name = "jump", .titled = true, KEYS(jump_keys) },
	[BLOCK_PDB] = { .name = "peeringdb", KEYS(pdb_keys), .at = offsetof(struct config, pdb) },
	[BLOCK_ROLE] = { .name = "role", .titled = true, KEYS(role_keys), .at = offsetof(struct config, roles),
	    .size = sizeof(struct role_conf), .count_at = offsetof(struct config, role_count), .name_at = ROLE(name),
	    .line_at = ROLE(line) },
	[BLOCK_APPROVAL] = { .name = "approval", KEYS(approval_keys), .at = offsetof(struct config, approval) },
	[BLOCK_INCIDENT] = { .name = "incident", KEYS(incident_keys), .at = offsetof(struct config, incident) },
	[BLOCK_FLAP] = { .name = "flap", KEYS(flap_keys), .at = offsetof(struct config, flap) },
	[BLOCK_HISTORY] = { .name = "history", KEYS(history_keys), .at = offsetof(struct config, history) },
	[BLOCK_EVIDENCE] = { .name = "evidence", KEYS(evidence_keys), .at = offsetof(struct config, evidence) },
	[BLOCK_IRR] = { .name = "irr", KEYS(irr_keys), .at = offsetof(struct config, irr) },
	[BLOCK_RPKI] = { .name = "rpki", KEYS(rpki_keys), .at = offsetof(struct config, rpki) },
	[BLOCK_PROMETHEUS] = { .name = "prometheus", KEYS(prometheus_keys), .at = offsetof(struct config, prometheus) },
	[BLOCK_RIPESTAT] = { .name = "ripestat", KEYS(ripestat_keys), .at = offsetof(struct config, ripestat) },
	[BLOCK_RDAP] = { .name = "rdap", KEYS(rdap_keys), .at = offsetof(struct config, rdap) },
	[BLOCK_LADDER] = { .name = "ladder", KEYS(ladder_keys), .at = offsetof(struct config, ladder) },
	[BLOCK_NETWORK] = { .name = "network", .titled = true, KEYS(network_keys), .at = offsetof(struct config, networks),
	    .size = sizeof(struct network_conf), .count_at = offsetof(struct config, network_count), .name_at = NETWORK(name), .line_at = NETWORK(line) },
	[BLOCK_MAIL] = { .name = "mail", KEYS(mail_keys), .at = offsetof(struct config, mail) },
	[BLOCK_METRICS] = { .name = "metrics", KEYS(metrics_keys), .at = offsetof(struct config, metrics) },
	[BLOCK_ALERT] = { .name = "alert", .titled = true, KEYS(alert_keys), .at = offsetof(struct config, alerts),
	    .size = sizeof(struct alert_conf), .count_at = offsetof(struct config, alert_count), .name_at = ALERT(name), .line_at = ALERT(line) },
	[BLOCK_OUTPUT] = { .name = "output", .titled = true, KEYS(output_keys), .at = offsetof(struct config, outputs),
	    .size = sizeof(struct output_conf), .count_at = offsetof(struct config, output_count), .name_at = OUTPUT(name), .line_at = OUTPUT(line) },
	[BLOCK_MAINTENANCE] = { .name = "maintenance", .titled = true, KEYS(window_keys), .at = offsetof(struct config, windows),
	    .size = sizeof(struct window_conf), .count_at = offsetof(struct config, window_count), .name_at = WINDOW(name), .line_at = WINDOW(line) },
};
