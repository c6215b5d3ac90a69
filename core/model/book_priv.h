/*
 * What the parts of the contact book share: book.c keeps it, book_parse.c reads lines, book_value.c reads values,
 * book_file.c finds the files.
 */
#ifndef PEERDECK_MODEL_BOOK_PRIV_H
#define PEERDECK_MODEL_BOOK_PRIV_H

#include "core/model/book.h"

int book_port_put(struct book *b, struct book_port *p, struct slice key, struct slice value, struct err *e);
int book_network_put(struct book *b, struct book_network *n, struct slice key, struct slice value, struct err *e);

#endif
