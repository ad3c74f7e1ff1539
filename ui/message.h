/* message.h: one step decoded, in full, as a page to read */
#ifndef UI_MESSAGE_H
#define UI_MESSAGE_H

#include "ui/packets.h"
#include "ui/page.h"
#include "ui/view.h"

/* Where a message is written to, and what may be shown of it. */
struct message_writer {
    struct page *page;
    const struct report *report;
    const struct signin *signin; /* whose step it is; NULL: its findings are not told */
    bool show_secrets;
    bool ascii;
    bool compared; /* beside another message: what is never the same in two is left out */
};

void message_add(const struct message_writer *writer, const struct step *step);

/* message_tls.c */
void message_add_tls(const struct message_writer *writer, const struct tls_session *tls);
/* message_http.c */
void message_add_http(const struct message_writer *writer, const struct http_exchange *http);
void message_add_relay(const struct message_writer *writer, const struct relay *relay);
/* message_ticket.c */
void message_add_ticket(const struct message_writer *writer, const struct http_request *request);
/* message_facts.c: what the exchange says about a sign-in, in words; in front of its text. */
void message_add_facts(const struct message_writer *writer, const struct lync_exchange *lync);

/* message_expect.c: what differs from what should be there; nothing where nothing does. */
void message_add_expectations(const struct message_writer *writer, const struct step *step);
/* message_raw.c: the text as it was sent. */
void message_add_raw(const struct message_writer *writer, const struct step *step);
/* The packets that a step knows of, and their bytes. */
void message_want_packets(struct packets *packets, const struct step *step);
void message_add_packets(const struct message_writer *writer, const struct step *step,
                         const struct packets *packets, int columns);

/* A heading with an empty line in front. */
void message_add_heading(const struct message_writer *writer, const char *heading);
/* "label  value"; nothing when there is no value. */
void message_add_field(const struct message_writer *writer, const char *label, struct slice value);
void message_add_packet(const struct message_writer *writer, const char *label,
                        const struct evidence *evidence);
void message_print_field(const struct message_writer *writer, const char *label, const char *format,
                         ...) __attribute__((format(printf, 3, 4)));

#endif
