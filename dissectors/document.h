/* document.h: bodies of a sign-in, and what their readers share */
#ifndef LYNCSCOPE_DISSECTORS_DOCUMENT_H
#define LYNCSCOPE_DISSECTORS_DOCUMENT_H

#include "json.h"
#include "lyncscope/event.h"
#include "lyncscope/memory.h"
#include "xml.h"

struct document_source {
    const struct http_body *body;
    struct slice content_type;
    unsigned status; /* 0: the body of a request */
    enum service service;
    enum resource resource;
};

struct document document_read(const struct document_source *source, struct arena *arena);

/* ---- for the readers ---- */

struct document_reading {
    struct document document;
    struct arena *arena;
    struct link *links;    /* LINKS_MAX of them, taken with the first */
    bool claim_is_address; /* soap.c: the claim being read names the user */
    bool user_is_claimed;  /* soap.c: document.user is from a claim */
};

/* A reader of XML documents, chosen by the root element. */
struct xml_reader {
    const char *root;
    const char *space;       /* of the root; "" none */
    enum document_kind kind; /* a reader may change it as it reads on */
    void (*start)(struct document_reading *reading, const struct xml_path *path,
                  const struct xml_attributes *attributes);
    void (*end)(struct document_reading *reading, const struct xml_path *path, struct slice text);
};
extern const struct xml_reader autodiscover_xml, ucwa_resource_xml, ucwa_reason_xml, soap11_xml,
    soap12_xml, wsdl_xml;

/* Readers of JSON documents: false when the root is another's. */
bool autodiscover_read_json(struct document_reading *reading, struct json_value root);
bool ucwa_read_json(struct document_reading *reading, struct json_value root);
bool oauth_read_json(struct document_reading *reading, struct json_value root);
bool oauth_read_form(struct document_reading *reading, struct slice form);

/* Both texts live as long as the arena; a link without a token is none. */
void document_add_link(struct document_reading *reading, struct slice token, struct slice href);
/* An xs:dateTime as nanoseconds since 1970 in UTC, 0 when it is none. */
int64_t document_time_ns(struct slice text);

#define UCWA_SPACE "http://schemas.microsoft.com/rtc/2012/03/ucwa"

#endif
