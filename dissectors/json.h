/* json.h: a JSON document as a list of values, children of one value side by side */
#ifndef LYNCSCOPE_DISSECTORS_JSON_H
#define LYNCSCOPE_DISSECTORS_JSON_H

#include "lyncscope/memory.h"

enum json_kind { VALUE_OBJECT, VALUE_ARRAY, VALUE_TEXT, VALUE_NUMBER, VALUE_OTHER };

struct json_value {
    enum json_kind kind;
    struct slice key;    /* of a member, empty otherwise */
    struct slice text;   /* VALUE_TEXT */
    int64_t number;      /* VALUE_NUMBER, truncated to an integer */
    size_t first, count; /* children */
};

struct json_document {
    const struct json_value *values; /* the root is the first */
    size_t count;
};

/* Invalid UTF-8 is repaired first, so that one bad byte does not lose a document. */
bool json_read(struct arena *arena, struct slice body, struct json_document *document);
/* The first member of that name, ASCII case folded; NULL when `object` is NULL or has none. */
const struct json_value *json_member(const struct json_document *document,
                                     const struct json_value *object, const char *name);
/* The text of a member, or of a number none; empty when there is none. */
struct slice json_member_text(const struct json_document *document, const struct json_value *object,
                              const char *name);

#endif
