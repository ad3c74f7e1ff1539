/* message.h: one step decoded, in full, as a page to read */
#ifndef UI_MESSAGE_H
#define UI_MESSAGE_H

#include "ui/page.h"
#include "ui/view.h"

/* Where a message is written to, and what may be shown of it. */
struct message_writer {
    struct page *page;
    const struct report *report;
    bool show_secrets;
    bool ascii;
};

void message_add(const struct message_writer *writer, const struct step *step);

/* message_tls.c */
void message_add_tls(const struct message_writer *writer, const struct tls_session *tls);
/* message_http.c */
void message_add_http(const struct message_writer *writer, const struct http_exchange *http);
void message_add_relay(const struct message_writer *writer, const struct relay *relay);
/* message_facts.c: what the exchange says about a sign-in, in words; in front of its text. */
void message_add_facts(const struct message_writer *writer, const struct lync_exchange *lync);

/* A heading with an empty line in front. */
void message_add_heading(const struct message_writer *writer, const char *heading);
/* "label  value"; nothing when there is no value. */
void message_add_field(const struct message_writer *writer, const char *label, struct slice value);
void message_add_packet(const struct message_writer *writer, const char *label,
                        const struct evidence *evidence);
void message_print_field(const struct message_writer *writer, const char *label, const char *format,
                         ...) __attribute__((format(printf, 3, 4)));

#endif
