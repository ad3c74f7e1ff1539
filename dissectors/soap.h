/* soap.h: the web ticket service's envelopes (WS-Trust 1.3, MS-OCAUTHWS, SOAP 1.1 and 1.2) */
#ifndef LYNCSCOPE_DISSECTORS_SOAP_H
#define LYNCSCOPE_DISSECTORS_SOAP_H

#include "lyncscope/lync.h"

#include "xml.h"

/* False: neither an envelope nor a WSDL document. */
bool soap_read(const struct xml_document *xml, struct arena *arena, struct document *document);

#endif
