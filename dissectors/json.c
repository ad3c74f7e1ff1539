/* json.c: a JSON document as a list of values
 *
 * The only reader that knows jansson.  Its tree is copied into the caller's
 * arena breadth first, without recursion, and freed here.
 */
#include "json.h"

#include "lyncscope/text.h"

#include <jansson.h>

enum { VALUES_FIRST = 32, VALUES_MAX = 4096, BODY_MAX = 1 << 20 };

struct tree {
    struct arena *arena;
    struct json_value *values;
    json_t **sources; /* of each value */
    size_t count, capacity;
};

/* Room for one value more; the old places stay behind in the arena. */
static bool make_room(struct tree *tree)
{
    size_t capacity = tree->capacity ? tree->capacity * 2 : VALUES_FIRST;
    struct json_value *values;
    json_t **sources;

    if (tree->count < tree->capacity)
        return true;
    if (tree->count == VALUES_MAX)
        return false;
    values = arena_take(tree->arena, capacity * sizeof *values);
    sources = arena_take(tree->arena, capacity * sizeof *sources);
    if (!values || !sources)
        return false;
    for (size_t i = 0; i < tree->count; i++) {
        values[i] = tree->values[i];
        sources[i] = tree->sources[i];
    }
    tree->values = values;
    tree->sources = sources;
    tree->capacity = capacity;
    return true;
}

static void add_value(struct tree *tree, const char *key, json_t *source)
{
    struct json_value *value;

    if (!make_room(tree))
        return;
    value = &tree->values[tree->count];
    *value = (struct json_value){ .kind = VALUE_OTHER,
                                  .key = arena_copy(tree->arena, slice_of_text(key)) };
    if (json_is_string(source)) {
        value->kind = VALUE_TEXT;
        value->text = arena_copy(tree->arena,
                                 slice_of(json_string_value(source), json_string_length(source)));
    } else if (json_is_object(source)) {
        value->kind = VALUE_OBJECT;
    } else if (json_is_array(source)) {
        value->kind = VALUE_ARRAY;
    } else if (json_is_integer(source)) {
        value->kind = VALUE_NUMBER;
        value->number = json_integer_value(source);
    } else if (json_is_real(source) && json_real_value(source) < 9e18 &&
               json_real_value(source) > -9e18) {
        value->kind = VALUE_NUMBER;
        value->number = (int64_t)json_real_value(source);
    }
    tree->sources[tree->count++] = source;
}

static void add_children(struct tree *tree, size_t index)
{
    json_t *source = tree->sources[index];
    size_t first = tree->count;

    if (json_is_object(source)) {
        for (void *at = json_object_iter(source); at; at = json_object_iter_next(source, at))
            add_value(tree, json_object_iter_key(at), json_object_iter_value(at));
    } else {
        for (size_t i = 0; i < json_array_size(source); i++)
            add_value(tree, NULL, json_array_get(source, i));
    }
    tree->values[index].first = first;
    tree->values[index].count = tree->count - first;
}

/* jansson refuses bytes that are no UTF-8, and a byte order mark. */
static struct slice repair(struct slice body, struct text *repaired)
{
    uint32_t character;

    if (slice_starts_with(body, "\xef\xbb\xbf"))
        body = slice_after(body, 3);
    while (body.length > 0) {
        size_t length = utf8_decode(body, &character);

        if (length)
            text_add_slice(repaired, slice_part(body, 0, length));
        else
            text_add(repaired, "\xef\xbf\xbd");
        body = slice_after(body, length ? length : 1);
    }
    return slice_of(text_string(repaired), text_length(repaired));
}

bool json_read(struct arena *arena, struct slice body, struct json_document *document)
{
    struct tree tree = { .arena = arena };
    struct text repaired = { 0 };
    json_error_t error;
    json_t *root;

    *document = (struct json_document){ 0 };
    if (body.length == 0 || body.length > BODY_MAX)
        return false;
    body = repair(body, &repaired);
    tree.values = arena_take(arena, VALUES_MAX * sizeof *tree.values);
    tree.sources = arena_take(arena, VALUES_MAX * sizeof *tree.sources);
    if (tree.values && tree.sources)
        root = json_loadb((const char *)body.data, body.length, JSON_DECODE_ANY | JSON_ALLOW_NUL,
                          &error);
    text_release(&repaired);
    if (!root)
        return false;
    add_value(&tree, NULL, root);
    for (size_t i = 0; i < tree.count; i++)
        add_children(&tree, i);
    json_decref(root);
    document->values = tree.values;
    document->count = tree.count;
    return tree.count > 0;
}

const struct json_value *json_member(const struct json_document *document,
                                     const struct json_value *object, const char *name)
{
    for (size_t i = 0; object && object->kind == VALUE_OBJECT && i < object->count; i++)
        if (slice_is_text_nocase(document->values[object->first + i].key, name))
            return &document->values[object->first + i];
    return NULL;
}

struct slice json_member_text(const struct json_document *document, const struct json_value *object,
                              const char *name)
{
    const struct json_value *member = json_member(document, object, name);

    return member && member->kind == VALUE_TEXT ? member->text : SLICE_EMPTY;
}
