/* Releases; see version.h. */
#include "backends/drivers/version.h"
#include "core/base/scan.h"

static bool digit(char c)
{
	return c >= '0' && c <= '9';
}

bool version_read(const char *words, unsigned *major, unsigned *minor)
{
	for (const char *p = words; *p != '\0'; p++) {
		struct scan c = scan_of(slice_of(p));
		uint64_t a, b;

		if (!digit(*p) || (p > words && (digit(p[-1]) || p[-1] == '.')))
			continue;
		if (scan_u64(&c, &a) && scan_lit(&c, ".") && scan_u64(&c, &b) && a < 1000 && b < 100000) {
			*major = (unsigned)a;
			*minor = (unsigned)b;
			return true;
		}
	}
	return false;
}

bool version_least(const char *words, unsigned major, unsigned minor)
{
	unsigned a, b;

	return version_read(words, &a, &b) && (a > major || (a == major && b >= minor));
}
