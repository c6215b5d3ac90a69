/* PeeringDB answers: any bytes, cut anywhere; the first octet chooses the tag and the size of the pieces. */
#include "backends/sources/pdb_read.h"
#include "core/base/mem.h"
#include "core/model/store.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Whatever is handed over must satisfy what the store and the views count on. */
static int on_row(void *arg, const struct pdb_row *row, struct err *e)
{
	const struct pdb_kind *k = &pdb_kinds[row->tag];
	volatile char sum = 0;

	(void)arg, (void)e;
	for (size_t i = 0; i < k->field_count; i++) {
		const struct pdb_value *v = &row->v[i];

		if (k->fields[i].flags & PDB_NEEDED && v->is == PDB_NULL)
			abort();
		if (k->fields[i].type == PDB_ASN && v->is == PDB_IS_INT && (v->i < 0 || v->i > UINT32_MAX))
			abort();
		for (size_t n = 0; v->is == PDB_IS_TEXT && n < v->s.len; n++)
			sum = (char)(sum + v->s.p[n]);
	}
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct pdb_read_ops ops = { .row = on_row };
	size_t step = size > 0 ? (size_t)(data[0] >> 4) * 7 + 1 : 1;
	struct pdb_read *r;

	if (size == 0)
		return 0;
	r = pdb_read_new((enum pdb_tag)(data[0] % (PDB_TAGS + 1)), &ops);
	for (size_t at = 1; at < size; at += step)
		if (pdb_read_feed(r, (const char *)data + at, size - at < step ? size - at : step, NULL) < 0) {
			pdb_read_free(r);
			return 0;
		}
	pdb_read_finish(r, NULL, NULL);
	return 0;
}
