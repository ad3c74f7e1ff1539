/* json.h: JSON documents as a tree of values */
#ifndef LYNCSCOPE_DISSECTORS_JSON_H
#define LYNCSCOPE_DISSECTORS_JSON_H

#include "lyncscope/memory.h"

/* A value in a tree; node is NULL where there is none, and every question to
 * such a value has an empty answer. */
struct json_value {
    const void *node;
};

/* The root, to be given back with json_value_release; node NULL when it does not parse. */
struct json_value json_value_parse(struct slice document, struct arena *arena);
void json_value_release(struct json_value root);

bool json_value_is_object(struct json_value value);
bool json_value_is_text(struct json_value value);
/* Keys are compared case-insensitively.  The first of several that differ in case wins; of
 * equal keys the last one, as with every client's parser. */
struct json_value json_value_member(struct json_value object, const char *key);
/* A string, or a number as text; copied. */
struct slice json_value_text(struct json_value value, struct arena *arena);
struct slice json_value_member_text(struct json_value object, const char *key, struct arena *arena);

/* Each member of an object with its key, each element of an array with an empty one. */
void json_value_each(struct json_value value, void *context,
                     void (*visit)(void *context, struct slice key, struct json_value member));
/* The elements of an array; anything but an array is one element. */
void json_value_each_item(struct json_value value, void *context,
                          void (*visit)(void *context, struct slice key, struct json_value item));

#endif
