/* json.c: JSON documents as a tree of values
 *
 * jansson parses; bytes that are not UTF-8 are replaced first, so that one bad
 * byte does not lose a document.  Numbers are read as real ones: an integer
 * too big for 64 bits is no reason to refuse a document either.  jansson's
 * memory is not charged to a budget; a document of at most 1 MiB and a depth
 * of at most 2048 bound it.
 * Follows RFC 8259.
 */
#include "json.h"

#include "charset.h"

#include <jansson.h>

enum { DOCUMENT_MAX = 1 << 20 };

struct json_value json_value_parse(struct slice document, struct arena *arena)
{
    size_t flags = JSON_DECODE_INT_AS_REAL | JSON_DECODE_ANY | JSON_ALLOW_NUL;
    struct slice text =
        document.length <= DOCUMENT_MAX ? charset_repaired(document, arena) : SLICE_EMPTY;

    if (text.length == 0)
        return (struct json_value){ NULL };
    return (struct json_value){ json_loadb((const char *)text.data, text.length, flags, NULL) };
}

/* A tree is only read between parse and release, hence const in between. */
static json_t *node_of(struct json_value value)
{
    union {
        const void *seen;
        json_t *owned;
    } node = { .seen = value.node };

    return node.owned;
}

void json_value_release(struct json_value root)
{
    json_decref(node_of(root));
}

bool json_value_is_object(struct json_value value)
{
    return json_is_object((const json_t *)value.node);
}

bool json_value_is_text(struct json_value value)
{
    return json_is_string((const json_t *)value.node);
}

struct json_value json_value_member(struct json_value object, const char *key)
{
    const char *name;
    json_t *member;

    json_object_foreach(node_of(object), name, member)
    {
        if (slice_is_text_nocase(slice_of_text(name), key))
            return (struct json_value){ member };
    }
    return (struct json_value){ NULL };
}

struct slice json_value_text(struct json_value value, struct arena *arena)
{
    const json_t *node = value.node;

    if (json_is_string(node))
        return arena_copy(arena, slice_of(json_string_value(node), json_string_length(node)));
    if (json_is_number(node))
        return slice_of_text(arena_print(arena, "%.0f", json_number_value(node)));
    return SLICE_EMPTY;
}

struct slice json_value_member_text(struct json_value object, const char *key, struct arena *arena)
{
    return json_value_text(json_value_member(object, key), arena);
}

void json_value_each(struct json_value value, void *context,
                     void (*visit)(void *context, struct slice key, struct json_value member))
{
    const char *name;
    json_t *member;
    size_t i;

    json_object_foreach(node_of(value), name, member)
    {
        visit(context, slice_of_text(name), (struct json_value){ member });
    }
    json_array_foreach(node_of(value), i, member)
    {
        visit(context, SLICE_EMPTY, (struct json_value){ member });
    }
}

void json_value_each_item(struct json_value value, void *context,
                          void (*visit)(void *context, struct slice key, struct json_value item))
{
    if (json_is_array((const json_t *)value.node))
        json_value_each(value, context, visit);
    else if (value.node)
        visit(context, SLICE_EMPTY, value);
}
