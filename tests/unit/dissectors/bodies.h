/* bodies.h: what the tests of documents share */
#ifndef LYNCSCOPE_TESTS_BODIES_H
#define LYNCSCOPE_TESTS_BODIES_H

#include <stdlib.h>
#include <string.h>

#include "dissectors/document.h"

#define XML_HEAD "<?xml version=\"1.0\" encoding=\"utf-8\"?>"
#define RTC_XML "application/vnd.microsoft.rtc.autodiscover+xml; v=1"

#define assert_slice(slice, text) assert_true(slice_is_text((slice), (text)))

/* A block of exactly its size, so that one byte too far is seen. */
static inline uint8_t *exact_block(const void *data, size_t length)
{
    uint8_t *block = malloc(length ? length : 1);

    memcpy(block, data, length);
    return block;
}

static inline struct document read_bytes(struct arena *arena, struct document_source source,
                                         const void *data, size_t length)
{
    uint8_t *block = exact_block(data, length);
    struct http_body body = { .kept = slice_of(block, length), .bytes = length, .complete = true };
    struct document document;

    source.body = &body;
    document = document_read(&source, arena);
    free(block); /* the facts must not point into the body */
    return document;
}

static inline struct document read_answer(struct arena *arena, enum resource resource,
                                          const char *type, const char *body)
{
    struct document_source source = { .content_type = slice_of_text(type),
                                      .status = 200,
                                      .service = SERVICE_AUTODISCOVER,
                                      .resource = resource };

    return read_bytes(arena, source, body, strlen(body));
}

static inline struct document read_question(struct arena *arena, enum resource resource,
                                            const char *type, const char *body)
{
    struct document_source source = { .content_type = slice_of_text(type),
                                      .service = SERVICE_WEBTICKET,
                                      .resource = resource };

    return read_bytes(arena, source, body, strlen(body));
}

/* Every prefix and every single-byte change must be survived. */
static inline void hurt_body(enum resource resource, const char *type, const char *body)
{
    size_t length = strlen(body);
    struct document_source source = { .content_type = slice_of_text(type),
                                      .status = 200,
                                      .service = SERVICE_AUTODISCOVER,
                                      .resource = resource };
    struct arena *arena = arena_create(NULL, 0);
    uint8_t *changed = exact_block(body, length);

    for (size_t i = 0; i < length; i++) {
        static const uint8_t changes[] = { 0x00, 0xff, '<', '"', '&', '{' };

        read_bytes(arena, source, body, i);
        for (size_t c = 0; c < sizeof changes; c++) {
            changed[i] = changes[c];
            read_bytes(arena, source, changed, length);
        }
        changed[i] = (uint8_t)body[i];
        arena_reset(arena);
    }
    free(changed);
    arena_free(arena);
}

static inline int set_up_arena(void **state)
{
    *state = arena_create(NULL, 0);
    return 0;
}

static inline int tear_down_arena(void **state)
{
    arena_free(*state);
    return 0;
}

#endif
