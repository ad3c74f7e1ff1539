/* http_exchange.h: the requests of a connection that are waiting for their answers */
#ifndef LYNCSCOPE_DISSECTORS_HTTP_EXCHANGE_H
#define LYNCSCOPE_DISSECTORS_HTTP_EXCHANGE_H

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
    uint32_t stream;     /* HTTP/2, else 0 */
    uint32_t reset_code; /* of the RST_STREAM or GOAWAY that ended it */
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

void exchange_note_interim(struct exchange *exchange, unsigned status);
/* The last byte of its response so far is the one at `offset` of those at hand. */
void exchange_note_end(struct channel_view *view, struct exchange *exchange, size_t offset);
/* The message of that direction is over, whole or not; `body` is used up. Once counts. */
void exchange_end_message(struct exchange *exchange, enum direction direction,
                          struct body_reader *body);
/* Bytes of the server were lost: what is not answered may have been. */
void exchange_suspect_all(struct exchange_queue *queue);
/* How it ended, given that no more will come. */
enum http_ending exchange_ending(const struct exchange *exchange, enum stream_end end,
                                 bool client_ended_first);

struct body_wish exchange_wish(const struct channel_view *view, const struct exchange *exchange);

/* Tells the exchange as it stands, and frees what was only kept for telling. */
void exchange_tell(struct channel_view *view, struct exchange *exchange, enum http_ending ending,
                   bool capture_ended);
/* It was asked long ago. */
bool exchange_is_old(const struct channel_view *view, const struct exchange *exchange);
/* Those that have waited for long are told, and stay until they are answered. */
void exchange_tell_silent(struct channel_view *view, const struct exchange_queue *queue);
/* Tells and removes it when both its messages are over. */
bool exchange_close_if_done(struct channel_view *view, struct exchange_queue *queue,
                            struct exchange *exchange);
void exchange_remove(struct channel_view *view, struct exchange_queue *queue,
                     struct exchange *exchange);
/* It goes on in another queue, of the same connection. */
void exchange_move(struct exchange_queue *from, struct exchange_queue *to,
                   struct exchange *exchange);

#endif
