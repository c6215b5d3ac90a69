/*
 * alert_mail - notices of alerts as one mail.
 */
#ifndef PEERDECK_JUDGE_ALERT_MAIL_H
#define PEERDECK_JUDGE_ALERT_MAIL_H

#include "core/base/str.h"
#include "core/model/notice.h"

enum { ALERT_MAIL_MOST = 100 }; /* notices in one mail */

/* Appends the whole message (RFC 5322) as a mailer's stdin takes it.  name: of our network, NULL none. */
int alert_mail(struct str *out, const struct output_conf *o, const char *name, const struct notice_batch *b, struct err *e);

#endif
