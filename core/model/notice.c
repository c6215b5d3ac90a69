/* See notice.h. */
#include "core/model/notice.h"
#include "core/base/sha256.h"

#include <stdio.h>
#include <string.h>

const char *alert_news_word(enum alert_news n)
{
	static const char *const words[] = {
		[ALERT_NEWS_FIRING] = "firing", [ALERT_NEWS_REPEATED] = "still firing", [ALERT_NEWS_RESOLVED] = "resolved",
	};

	return words[n];
}

void notice_short_key(const struct notice *n, asn_t local_as, char out[NOTICE_ID_LEN])
{
	struct sha256 *h = sha256_new();
	char hex[SHA256_HEX_LEN], as[16];

	snprintf(as, sizeof(as), "%u", local_as);
	sha256_add_field(h, as);
	sha256_add_field(h, n->key);
	sha256_end(h, hex);
	memcpy(out, hex, NOTICE_ID_LEN - 1);
	out[NOTICE_ID_LEN - 1] = '\0';
}

void notice_test(struct notice *n, const char *output, const char *who, int64_t wall_ms)
{
	*n = (struct notice){ .news = ALERT_NEWS_FIRING, .test = true, .on = ALERT_STATE, .severity = SEV_INFO, .asn = ASN_UNKNOWN,
		.since_wall_ms = wall_ms, .at_wall_ms = wall_ms };
	snprintf(n->rule, sizeof(n->rule), "test");
	snprintf(n->key, sizeof(n->key), "test|%s", output);
	snprintf(n->id, sizeof(n->id), "test-%llx", (unsigned long long)wall_ms);
	snprintf(n->words, sizeof(n->words), "TEST of the output %.60s%s%.60s: nothing is wrong", output, *who != '\0' ? " by " : "", who);
}
