/*
 * xml - XML answers as the tree of jget.h, over expat (which only xml.c includes).
 *
 * Elements become nodes, namespaces' prefixes are taken off ("junos:name" is "name"), attributes become
 * children named "@name".  Entities of our own making are not expanded: a document type is refused.
 */
#ifndef PEERDECK_PARSE_XML_H
#define PEERDECK_PARSE_XML_H

#include "backends/parse/jget.h"
#include "backends/parse/jstream.h"

/* As jget_json: what stands before the first element is passed over, what stands behind the last too. */
int xml_tree(struct arena *a, struct slice out, struct jnode **root, struct err *e);

/* As jstream_intake, for answers too large to hold: an element begins and ends as an object does, its text is a string
 * (JSTRING) told before its end, attributes are left out.  What stands around the outermost element is passed over. */
struct intake xml_intake(const struct jstream_ops *ops, void *ctx);

#endif
