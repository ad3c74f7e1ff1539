/* http1_exchange.h: the requests of a connection that are waiting for their answers */
#ifndef LYNCSCOPE_DISSECTORS_HTTP1_EXCHANGE_H
#define LYNCSCOPE_DISSECTORS_HTTP1_EXCHANGE_H

#include "dissectors/http1_head.h"
#include "dissectors/http_body.h"
#include "lyncscope/dissector.h"

enum { INTERIM_MAX = 8 };

struct exchange {
    struct exchange *next;
    struct arena *arena;
    struct http_exchange *http; /* in the arena; NULL: foreign, or told already */
    struct buffer request_body, response_body;
    bool ours;
    bool has_request, is_head, is_connect, awaits_continue;
    bool request_done, answered, response_done; /* answered: its final response has begun */
    bool suspect; /* after it was sent bytes of the server were lost: perhaps its answer */
    int64_t asked_ns;
    unsigned interim[INTERIM_MAX];
    size_t interim_count;
};

struct exchange_queue {
    struct exchange *first, *last; /* in the order of the requests */
    size_t count;
    unsigned index; /* of the newest */
};

/* A new request; `head` is read, not kept. NULL: over budget. */
struct exchange *exchange_ask(struct channel_view *view, struct exchange_queue *queue,
                              const struct http_head *head, struct evidence evidence);
/* A response whose request nobody saw. */
struct exchange *exchange_orphan(struct channel_view *view, struct exchange_queue *queue,
                                 const struct http_head *head, struct evidence evidence);
/* The head of its final response. */
void exchange_answer(struct channel_view *view, struct exchange *exchange,
                     const struct http_head *head, struct evidence evidence);
/* The first request without an answer, NULL when there is none. */
struct exchange *exchange_waiting(const struct exchange_queue *queue);

struct body_wish exchange_wish(const struct channel_view *view, const struct exchange *exchange);

/* Tells the exchange as it stands, and frees what was only kept for telling. */
void exchange_tell(struct channel_view *view, struct exchange *exchange, enum http_ending ending,
                   bool capture_ended);
void exchange_remove(struct channel_view *view, struct exchange_queue *queue,
                     struct exchange *exchange);

#endif
