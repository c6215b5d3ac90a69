/* What a scraper asks for, out of the octets it has sent so far; see scrape.h. */
#include "backends/sources/scrape.h"
#include "core/base/scan.h"

static bool header_ended(struct slice sent)
{
	return slice_find(sent, "\r\n\r\n") >= 0 || slice_find(sent, "\n\n") >= 0;
}

/* "/metrics", also with a query, which says nothing to us. */
static bool our_path(struct slice target)
{
	static const char path[] = "/metrics";

	return slice_eq(target, path) || (slice_starts(target, path) && target.p[sizeof(path) - 1] == '?');
}

static enum scrape_ask read_line(struct slice line)
{
	struct scan c = scan_of(line);
	struct slice method, target, version;

	if (!scan_until(&c, ' ', &method) || !scan_lit(&c, " ") || !scan_until(&c, ' ', &target) || !scan_lit(&c, " "))
		return SCRAPE_BAD;
	version = scan_rest(&c);
	if (method.len == 0 || target.len == 0 || target.p[0] != '/' || (!slice_eq(version, "HTTP/1.1") && !slice_eq(version, "HTTP/1.0")))
		return SCRAPE_BAD;
	if (!our_path(target))
		return SCRAPE_UNKNOWN;
	if (slice_eq(method, "GET"))
		return SCRAPE_GET;
	return slice_eq(method, "HEAD") ? SCRAPE_HEAD : SCRAPE_METHOD;
}

enum scrape_ask scrape_read(struct slice sent)
{
	struct scan c = scan_of(sent);
	struct slice line;

	if (sent.len > SCRAPE_REQUEST_MAX)
		return SCRAPE_LONG;
	if (memchr(sent.p, '\0', sent.len) != NULL)
		return SCRAPE_BAD;
	if (!header_ended(sent))
		return sent.len == SCRAPE_REQUEST_MAX ? SCRAPE_LONG : SCRAPE_MORE;
	return scan_line(&c, &line) ? read_line(line) : SCRAPE_BAD;
}
