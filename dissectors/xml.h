/* xml.h: an XML document as a list of elements, read safely */
#ifndef LYNCSCOPE_DISSECTORS_XML_H
#define LYNCSCOPE_DISSECTORS_XML_H

#include "lyncscope/memory.h"

struct xml_attribute {
    struct slice name, value; /* local name; references resolved */
};

struct xml_element {    /* in document order; the root is the first */
    struct slice name;  /* local name */
    struct slice space; /* namespace URI, empty when none */
    struct slice text;  /* of the element itself, its pieces joined */
    const struct xml_attribute *attributes;
    size_t attribute_count;
    size_t parent; /* index; the root's is its own */
};

struct xml_document {
    struct xml_element *elements;
    size_t count;
};

/* False: not well-formed, too deep, too large, or with a document type (entities are never read).
 * What came before the fault is in the document. */
bool xml_read(struct arena *arena, struct slice body, struct xml_document *document);

/* The first element of that local name at or behind index `from`; count when there is none. */
size_t xml_find(const struct xml_document *document, const char *name, size_t from);
/* The same, but only below `ancestor`. */
size_t xml_find_below(const struct xml_document *document, const char *name, size_t ancestor);
bool xml_is_below(const struct xml_document *document, size_t element, size_t ancestor);
struct slice xml_text_below(const struct xml_document *document, const char *name, size_t ancestor);
struct slice xml_attribute(const struct xml_element *element,
                           const char *name); /* case-insensitive */

#endif
