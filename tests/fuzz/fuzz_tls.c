/* fuzz_tls.c: TLS connections with keys: records of both sides in pieces, with gaps and endings
 *
 * Two bytes of length and so much of a key log, then as fuzz_channel.h says.  The memory must all
 * come back.  Once TLS is recognised, what is told must not depend on how the bytes were cut; what
 * is recognised only later may: each segment is looked at then.
 */
#include "tests/fuzz/fuzz_channel.h"

#include "lyncscope/cursor.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { TOLD_MAX = 64 };

/* What both plays must agree on. */
struct told {
    size_t events;
    struct {
        enum event_kind kind;
        uint16_t version, cipher;
        uint8_t alert;
        enum tls_decrypted decrypted;
        uint64_t client_bytes, server_bytes;
        size_t alerts, names;
        unsigned status;
    } list[TOLD_MAX];
};

static void tell(void *context, const struct event *event)
{
    struct told *told = context;
    size_t at = told->events++;

    if (at >= TOLD_MAX)
        return;
    told->list[at].kind = event->kind;
    if (event->kind == EVENT_HTTP)
        told->list[at].status = event->http.response.status;
    if (event->kind != EVENT_TLS)
        return;
    told->list[at].version = event->tls.version;
    told->list[at].cipher = event->tls.cipher;
    told->list[at].alert = event->tls.alert;
    told->list[at].decrypted = event->tls.decrypted;
    told->list[at].client_bytes = event->tls.client_bytes;
    told->list[at].server_bytes = event->tls.server_bytes;
    told->list[at].alerts = event->tls.alert_count;
    told->list[at].names = event->tls.chain ? event->tls.chain->count : 0;
}

/* What is reused lies in blocks of exactly its size. */
static void add_keys(struct tls_secrets *secrets, struct slice text)
{
    uint8_t *copy = malloc(text.length ? text.length : 1);

    if (!copy)
        abort();
    if (text.length > 0)
        memcpy(copy, text.data, text.length);
    tls_secrets_add_keylog(secrets, slice_of(copy, text.length));
    free(copy);
}

static void play(struct slice keys, struct slice input, bool halves, struct told *told)
{
    struct tls_secrets *secrets = tls_secrets_create();
    struct dissection_options options = { .everything = input.length > 0 && input.data[0] & 1 };
    struct budget budget;
    struct channel_config config = {
        .dissectors = dissectors,
        .options = &options,
        .sink = { tell, told },
        .budget = &budget,
        .transport = TRANSPORT_TCP,
        .client = { .port = 49152 },
        .server = { .port = 443 },
        .from_start = !(input.length > 0 && input.data[0] & 2),
    };
    struct complaint complaint;

    budget_init(&budget, FUZZ_FLOW_LIMIT, NULL);
    options.certificates = certificate_store_create(&budget, NULL, &complaint);
    if (!secrets || !options.certificates)
        abort();
    add_keys(secrets, keys);
    options.tls = tls_context_create(secrets);
    fuzz_play(&config, slice_after(input, 1), halves);
    tls_context_free(options.tls);
    tls_secrets_free(secrets);
    certificate_store_free(options.certificates);
    if (budget.used != 0)
        abort();
}

static bool begins_with_tls(struct slice input)
{
    size_t length = input.length > 2 ? input.data[2] * (input.data[1] & 8 ? 4u : 1u) : 0;

    return length > 0 && !(input.data[0] & 2) && !(input.data[1] & 7) &&
           tls_dissector.recognizes(TRANSPORT_TCP, FROM_CLIENT,
                                    slice_part(slice_after(input, 3), 0, length)) == RECOGNIZE_YES;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct told whole, halves;
    struct reading reading;
    struct cursor in = cursor_over_message(slice_of(data, size), &reading);
    struct slice keys = cursor_bytes(&in, cursor_u16(&in));
    struct slice input = cursor_rest(&in);

    /* No store of the system's is looked into. */
    setenv("SSL_CERT_DIR", "/nonexistent", 1);
    setenv("SSL_CERT_FILE", "/nonexistent", 1);
    memset(&whole, 0, sizeof whole);
    memset(&halves, 0, sizeof halves);
    play(keys, input, false, &whole);
    play(keys, input, true, &halves);
    if (begins_with_tls(input) && memcmp(&whole, &halves, sizeof whole) != 0)
        abort();
    return 0;
}
