/* autodiscover.h: the AutodiscoverResponse, version 1 (MS-OCDISCWS 2.2, 3.1.5) */
#ifndef LYNCSCOPE_DISSECTORS_AUTODISCOVER_H
#define LYNCSCOPE_DISSECTORS_AUTODISCOVER_H

#include "lyncscope/lync.h"

#include "json.h"
#include "xml.h"

/* False: the document is something else. */
bool autodiscover_read_xml(const struct xml_document *xml, struct arena *arena,
                           struct document *document);
bool autodiscover_read_json(const struct json_document *json, struct arena *arena,
                            struct document *document);

/* Shared with the UCWA documents: appends to a table of LINKS_MAX, counts what does not fit. */
void document_add_link(struct document *document, struct link *links, struct slice token,
                       struct slice href);

#endif
