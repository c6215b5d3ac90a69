/*
 * notice - what an output is told of an alert: that it fires, still fires, or is over.
 *
 * Words are safe text already.  `id` is the same when a notice is sent again, so that who gets it twice can tell;
 * `key` is the same for all notices of one thing.
 */
#ifndef PEERDECK_MODEL_NOTICE_H
#define PEERDECK_MODEL_NOTICE_H

#include "core/model/config.h"

enum alert_news { ALERT_NEWS_FIRING, ALERT_NEWS_REPEATED, ALERT_NEWS_RESOLVED };
const char *alert_news_word(enum alert_news n); /* "firing", "still firing", "resolved" */

enum { NOTICE_ID_LEN = 41, NOTICE_KEY_LEN = 320 };

struct notice {
	enum alert_news news;
	bool test;                 /* sent by somebody who tries the output: nothing is wrong */
	char id[NOTICE_ID_LEN];
	char key[NOTICE_KEY_LEN];
	char rule[64];
	enum alert_on on;
	enum severity severity;
	char router[64], vrf[64], neighbor[64], exchange[64]; /* "" not about one */
	asn_t asn;                 /* ASN_UNKNOWN: likewise */
	char words[192];
	unsigned repeat_s;         /* of its rule; 0 never told again */
	int64_t since_wall_ms;     /* it holds since */
	int64_t at_wall_ms;        /* of this news */
};

/* What goes out in one request or one mail. */
struct notice_batch {
	const struct notice *const *notices;
	size_t count;              /* one at least */
	uint64_t dropped;          /* notices for this output that did not fit into its queue, since the last that went out */
	const char *host;          /* that we run on */
	asn_t local_as;
	int64_t now_wall_ms;
};

enum delivery_fate {
	DELIVERY_DONE,    /* the other side took it */
	DELIVERY_LATER,   /* not now: to be tried again */
	DELIVERY_REFUSED, /* the other side will never take these words */
};

/* What became of one attempt. */
struct delivery {
	enum delivery_fate fate;
	int64_t retry_after_s; /* as the other side asked; -1 it did not */
	char words[300];       /* safe text: what the other side answered, or why there is no answer */
};

/* A dedup key for systems that want a short one: 40 hexadecimal digits, of the key and of our AS. */
void notice_short_key(const struct notice *n, asn_t local_as, char out[NOTICE_ID_LEN]);
/* The notice that tries an output. */
void notice_test(struct notice *n, const char *output, const char *who, int64_t wall_ms);

#endif
