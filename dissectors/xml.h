/* xml.h: a safe reader of XML documents, element by element */
#ifndef LYNCSCOPE_DISSECTORS_XML_H
#define LYNCSCOPE_DISSECTORS_XML_H

#include "lyncscope/memory.h"

struct xml_name {
    struct slice local, space; /* name without prefix, namespace URI */
};

/* Where the reader is: names[0] is the root, names[depth - 1] the element itself. */
struct xml_path {
    const struct xml_name *names;
    size_t depth;
};

struct xml_attributes; /* of a start tag, valid while `start` runs */

struct xml_handler {
    void *context;
    void (*start)(void *context, const struct xml_path *path,
                  const struct xml_attributes *attributes);
    /* `text`: the element's own since its last child, trimmed; valid while `end` runs. */
    void (*end)(void *context, const struct xml_path *path, struct slice text);
};

/* False when the document is not well-formed, is cut, has a DOCTYPE or goes beyond a limit:
 * what the handler was told is then not to be trusted.  The document is UTF-8. */
bool xml_read(struct slice document, const struct xml_handler *handler);
/* By local name, case-insensitive; empty when absent. */
struct slice xml_attribute(const struct xml_attributes *attributes, const char *name,
                           struct arena *arena);

/* Local names: that of the element itself, of its parent, and of any element around it. */
bool xml_is(const struct xml_path *path, const char *name);
bool xml_parent_is(const struct xml_path *path, const char *name);
bool xml_is_inside(const struct xml_path *path, const char *name);

#endif
