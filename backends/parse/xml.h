/*
 * xml - XML answers as the tree of jget.h, over expat (which only xml.c includes).
 *
 * Elements become nodes, namespaces' prefixes are taken off ("junos:name" is "name"), attributes become
 * children named "@name".  Entities of our own making are not expanded: a document type is refused.
 */
#ifndef PEERDECK_PARSE_XML_H
#define PEERDECK_PARSE_XML_H

#include "backends/parse/jget.h"

/* As jget_json: what stands before the first element is passed over, what stands behind the last too. */
int xml_tree(struct arena *a, struct slice out, struct jnode **root, struct err *e);

#endif
