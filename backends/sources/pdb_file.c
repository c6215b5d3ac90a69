/* Files of rows; see pdb_file.h. */
#include "backends/sources/pdb_file.h"
#include "core/base/mem.h"
#include "core/base/scan.h"

#include <stdlib.h>
#include <zlib.h>

enum { CHUNK = 256 << 10 };

const char *pdb_file_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash != NULL ? slash + 1 : path;
}

enum pdb_tag pdb_file_tag(const char *path)
{
	struct scan c = scan_of(slice_of(pdb_file_name(path)));
	struct slice stem, ending, tag = SLICE("");
	uint64_t part;

	if (!scan_until(&c, '.', &stem))
		return PDB_TAGS;
	ending = scan_rest(&c);
	if (!slice_eq(ending, ".json") && !slice_eq(ending, ".json.gz"))
		return PDB_TAGS;
	c = scan_of(stem);
	if (!scan_until(&c, '-', &tag))
		return pdb_tag_find(stem);
	return scan_lit(&c, "-") && scan_u64(&c, &part) && scan_done(&c) ? pdb_tag_find(tag) : PDB_TAGS;
}

int pdb_file_read(const char *path, enum pdb_tag tag, const struct pdb_read_ops *ops, struct pdb_read_end *end, struct err *e)
{
	gzFile f = gzopen(path, "rb");
	struct pdb_read *r;
	char *buf;
	int n = 0, code, rc = 0;

	if (f == NULL)
		return err_errno(e, ERR_IO, "cannot be opened");
	gzbuffer(f, CHUNK);
	r = pdb_read_new(tag, ops);
	buf = mem_calloc(CHUNK, 1);
	while (rc == 0 && (n = gzread(f, buf, CHUNK)) > 0)
		rc = pdb_read_feed(r, buf, (size_t)n, e);
	if (rc == 0 && n < 0)
		rc = err_set(e, ERR_IO, "%s", gzerror(f, &code));
	/* A compressed file that ends early is noticed only on closing; its JSON then is cut as well. */
	if (rc == 0)
		rc = pdb_read_finish(r, end, e);
	else
		pdb_read_free(r);
	free(buf);
	gzclose(f);
	return rc;
}
