/* The cache of PeeringDB for a replay: a copy, so that nothing is written into the real one. */
#include "backends/store/sqlite_store.h"
#include "core/base/mem.h"

#include <stdlib.h>

int store_copy(const char *from_dir, const char *to_dir, struct err *e)
{
	char *from_path = mem_printf("%s/cache.db", from_dir), *to_path = mem_printf("%s/cache.db", to_dir);
	sqlite3 *from = db_open_readonly(from_path, &db_cache_schema), *to = NULL;
	enum db_fault fault = DB_FINE;
	int rc = 0;

	if (from != NULL) {
		to = db_open(to_path, &db_cache_schema, &fault, e);
		rc = to == NULL ? -1 : db_copy(to, from) == 0 ? 0 : err_set(e, ERR_IO, "%s could not be copied", from_path);
	}
	sqlite3_close(to);
	sqlite3_close(from);
	free(from_path);
	free(to_path);
	return rc;
}
