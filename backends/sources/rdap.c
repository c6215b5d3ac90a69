/* Abuse contacts of a registry; see rdap.h. */
#include "backends/sources/rdap.h"
#include "backends/sources/fetch.h"
#include "core/base/clock.h"
#include "core/base/mem.h"
#include "core/base/scan.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { BODY_MAX = 4 << 20, DEPTH_MAX = 12, CONTACTS_MAX = 32, HOPS_MAX = 3 };

void rdap_answer_free(struct rdap_answer *x)
{
	if (x == NULL)
		return;
	arena_free(x->arena);
	free(x);
}

/* --- reading ------------------------------------------------------------------------- */

struct reading {
	struct rdap_answer *x;
	struct contact *contacts;
	int64_t at_wall_ms;
};

static struct text text_of(struct arena *a, const json_t *j)
{
	const char *s = json_string_value(j);

	return s != NULL ? text_safe(a, (struct slice){ s, json_string_length(j) }) : (struct text){ NULL };
}

static bool has_role(const json_t *entity, const char *role)
{
	const json_t *roles = json_object_get(entity, "roles"), *r;
	size_t i;

	json_array_foreach(roles, i, r)
		if (json_string_value(r) != NULL && strcasecmp(json_string_value(r), role) == 0)
			return true;
	return false;
}

/* ["email", {}, "text", "abuse@example.net"]; a phone may be a URI "tel:+1-202-555-0100;ext=7". */
static void take_property(struct reading *r, struct contact *c, const json_t *property)
{
	const char *name = json_string_value(json_array_get(property, 0));
	const json_t *value = json_array_get(property, 3);
	struct text t = text_of(r->x->arena, value);

	if (name == NULL || text_empty(t))
		return;
	if (strcasecmp(name, "email") == 0 && text_empty(c->email))
		c->email = t;
	else if (strcasecmp(name, "tel") == 0 && text_empty(c->phone))
		c->phone = strncasecmp(t.s, "tel:", 4) == 0 ? (struct text){ t.s + 4 } : t;
	else if (strcasecmp(name, "fn") == 0 && text_empty(c->name))
		c->name = t;
	else if (strcasecmp(name, "url") == 0 && text_empty(c->url))
		c->url = t;
}

static void take_contact(struct reading *r, const json_t *entity)
{
	const json_t *card = json_array_get(json_object_get(entity, "vcardArray"), 1), *property;
	struct contact c = { .role = TEXT_LIT("Abuse"), .visible = TEXT_LIT("Public"), .read_wall_ms = r->at_wall_ms,
		.updated_wall_ms = -1 };
	size_t i;

	json_array_foreach(card, i, property)
		take_property(r, &c, property);
	if ((text_empty(c.email) && text_empty(c.phone)) || r->x->r.count == CONTACTS_MAX)
		return;
	for (i = 0; i < r->x->r.count; i++)
		if (text_same(r->contacts[i].email, c.email) && text_same(r->contacts[i].phone, c.phone))
			return;
	r->contacts[r->x->r.count++] = c;
}

static void search(struct reading *r, const json_t *object, int depth)
{
	const json_t *entities = json_object_get(object, "entities"), *entity;
	size_t i;

	if (depth == DEPTH_MAX)
		return;
	json_array_foreach(entities, i, entity) {
		if (has_role(entity, "abuse"))
			take_contact(r, entity);
		search(r, entity, depth + 1);
	}
}

static bool is_about(const json_t *top, asn_t asn)
{
	const char *class = json_string_value(json_object_get(top, "objectClassName"));
	const json_t *first = json_object_get(top, "startAutnum"), *last = json_object_get(top, "endAutnum");

	if (class == NULL || strcasecmp(class, "autnum") != 0)
		return false;
	/* Both are optional (RFC 9083, 5.5). */
	return !json_is_integer(first) || !json_is_integer(last) ||
	       (json_integer_value(first) <= (json_int_t)asn && json_integer_value(last) >= (json_int_t)asn);
}

struct rdap_answer *rdap_parse(asn_t asn, struct slice body, int64_t at_wall_ms, struct err *e)
{
	struct rdap_answer *x = MEM_NEW(struct rdap_answer);
	struct reading r = { .x = x, .at_wall_ms = at_wall_ms };
	json_error_t why;
	json_t *top;

	x->arena = arena_new();
	x->r = (struct registered){ .asn = asn, .asked_wall_ms = at_wall_ms };
	if (body.len == 0)
		return x;
	r.contacts = arena_alloc(x->arena, CONTACTS_MAX * sizeof(*r.contacts));
	top = json_loadb(body.p, body.len, 0, &why);
	x->r.found = is_about(top, asn);
	x->r.contacts = r.contacts;
	if (x->r.found)
		search(&r, top, 0);
	else if (top == NULL)
		err_set(e, ERR_PARSE, "RDAP: the answer about AS%u is unreadable: %.120s", asn, why.text);
	else
		err_set(e, ERR_PARSE, "RDAP: the answer is not about AS%u", asn);
	json_decref(top);
	if (x->r.found)
		return x;
	rdap_answer_free(x);
	return NULL;
}

/* --- asking --------------------------------------------------------------------------- */

/* An address that did not fit was cut. */
static bool may_go_to(const char *from, const struct http_reply *r)
{
	const char *to = r->location;

	if (strlen(to) + 1 >= sizeof(r->location))
		return false;
	if (slice_starts(slice_of(to), "https://"))
		return true;
	return slice_starts(slice_of(from), "http://") && slice_starts(slice_of(to), "http://");
}

static int judge(const struct http_reply *r, const char *url, struct str *body, struct err *e)
{
	if (r->status == 404)
		return 0;
	if (r->status == 429)
		return err_set(e, ERR_REFUSED, "RDAP: %.150s asks us to wait", url);
	if (r->status != 200)
		return err_set(e, ERR_NET, "RDAP: %.150s answers with status %d", url, r->status);
	str_add(body, r->body.p, r->body.len);
	return 0;
}

/* 1: onward, *url is the next address. */
static int hop(const struct rdap_conf *conf, struct http *http, char **url, bool last, int cancel_fd, struct str *body, struct err *e)
{
	const struct http_request rq = { .url = *url, .ca_file = conf->ca_file, .accept = "application/rdap+json",
		.timeout_ms = conf->timeout_s * 1000, .ceiling = BODY_MAX };
	struct http_reply reply;
	int rc = 1;

	if (fetch(http, &rq, cancel_fd, &reply, e) < 0)
		return err_prefix(e, "RDAP: %.150s", *url);
	if (reply.status < 300 || reply.status >= 400 || reply.location[0] == '\0') {
		rc = judge(&reply, *url, body, e);
	} else if (last || !may_go_to(*url, &reply)) {
		rc = err_set(e, ERR_REFUSED, "RDAP: %.120s redirects to %.120s: not followed", *url, reply.location);
	} else {
		free(*url);
		*url = mem_strdup(reply.location);
	}
	http_reply_fini(&reply);
	return rc;
}

struct rdap_answer *rdap_ask(const struct rdap_conf *conf, struct http *http, asn_t asn, int cancel_fd, struct str *body,
    struct err *e)
{
	char *url = mem_printf("%s/autnum/%u", conf->url, asn);
	int rc = 1;

	for (int hops = 0; rc == 1; hops++)
		rc = hop(conf, http, &url, hops == HOPS_MAX, cancel_fd, body, e);
	free(url);
	return rc == 0 ? rdap_parse(asn, str_slice(body), clock_wall_ms(), e) : NULL;
}
