/* Any octets as the request of a scraper, as they come: what was decided once is not changed by more of them. */
#include "backends/sources/scrape.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice sent = { (const char *)data, 0 };
	enum scrape_ask ask = SCRAPE_MORE;

	for (; sent.len <= size && ask == SCRAPE_MORE; sent.len++)
		ask = scrape_read(sent);
	if (ask == SCRAPE_MORE && size >= SCRAPE_REQUEST_MAX)
		abort();
	if (ask < SCRAPE_MORE || ask > SCRAPE_LONG)
		abort();
	return 0;
}
