/* ucwa.h: documents of the Unified Communications Web API 2.0 */
#ifndef LYNCSCOPE_DISSECTORS_UCWA_H
#define LYNCSCOPE_DISSECTORS_UCWA_H

#include "autodiscover.h"

bool ucwa_read_xml(const struct xml_document *xml, struct arena *arena, struct document *document);
bool ucwa_read_json(const struct json_document *json, struct arena *arena,
                    struct document *document);

#endif
