/*
 * The blocks of the configuration file and their keys, as data.
 *
 * A new key is a row; a new block is a table of rows, a row in `config_blocks`
 * and a field in struct config.  peerdeck.conf(5) describes them in the same order.
 */
#include "core/model/config_keys.h"
#include "core/base/mem.h"

static const char *const keymaps[] = { "default", "vi", "emacs", NULL };
static const char *const themes[] = { "auto", "dark", "light", "colour-blind", "mono", NULL };

#define TOP(field) offsetof(struct config, field)
static const struct setting top_keys[] = {
	{ "local-as", SETTING_ASN, TOP(local_as), .required = true },
	{ "policy", SETTING_PATH, TOP(policy), .fallback = NULL },
	{ "data-dir", SETTING_PATH, TOP(data_dir), .fallback = NULL },
	{ "operator", SETTING_TEXT, TOP(operator_name), .fallback = NULL },
	{ "read-only", SETTING_BOOL, TOP(read_only), .fallback = "no" },
	{ "keymap", SETTING_CHOICE, TOP(keymap), .fallback = "default", .max = 1, .choices = keymaps },
	{ "theme", SETTING_CHOICE, TOP(theme), .fallback = "auto", .choices = themes },
	{ "ascii", SETTING_BOOL, TOP(ascii), .fallback = "no" },
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

#define PDB(field) offsetof(struct pdb_conf, field)
static const struct setting pdb_keys[] = {
	{ "enabled", SETTING_BOOL, PDB(enabled), .fallback = "yes" },
	{ "url", SETTING_URL, PDB(url), .fallback = "https://www.peeringdb.com/api" },
	{ "api-key-file", SETTING_PATH, PDB(api_key_file), .fallback = NULL },
	{ "ca-file", SETTING_PATH, PDB(ca_file), .fallback = NULL },
	{ "refresh", SETTING_SPAN, PDB(refresh_s), .fallback = "1d", .min = 60, .max = 31536000 },
	{ "query-gap", SETTING_SPAN_MS, PDB(query_gap_ms), .fallback = "3s", .min = 0, .max = 600000 },
};

#define KEYS(table) .keys = (table), .count = ARRAY_LEN(table)
const struct config_block config_blocks[BLOCK_KINDS] = {
	[BLOCK_TOP] = { .name = NULL, KEYS(top_keys) },
	[BLOCK_ROUTER] = { .name = "router", .titled = true, KEYS(router_keys) },
	[BLOCK_JUMP] = { .name = "jump", .titled = true, KEYS(jump_keys) },
	[BLOCK_PDB] = { .name = "peeringdb", KEYS(pdb_keys), .at = offsetof(struct config, pdb) },
};
