/* certificates.c: reads a capture without keys and tells whether a certificate was parsed twice
 *
 * Nearly all TLS of a large capture is foreign and brings the same few
 * certificates again and again.  Prints the connections that showed a chain,
 * the certificates that differ and those that were parsed; fails when the last
 * are more.
 */
#include <stdio.h>

#include "lyncscope/capture.h"
#include "lyncscope/flow.h"
#include "lyncscope/memory.h"
#include "lyncscope/table.h"

enum { BUDGET = 160 << 20 };

struct seen {
    uint8_t sha256[32];
    UT_hash_handle hh;
};

struct count {
    struct seen *certificates;
    uint64_t connections;
};

static void note_certificate(struct count *count, const uint8_t sha256[32])
{
    struct seen *seen;

    HASH_FIND(hh, count->certificates, sha256, sizeof seen->sha256, seen);
    seen = seen ? NULL : memory_take(NULL, sizeof *seen);
    if (!seen)
        return;
    for (size_t i = 0; i < sizeof seen->sha256; i++)
        seen->sha256[i] = sha256[i];
    HASH_ADD(hh, count->certificates, sha256, sizeof seen->sha256, seen);
}

static void receive(void *context, const struct event *event)
{
    struct count *count = context;

    if (event->kind != EVENT_TLS || !event->tls.chain)
        return;
    count->connections++;
    for (size_t i = 0; i < event->tls.chain->count; i++)
        note_certificate(count, event->tls.chain->certificates[i]->sha256);
}

static void read_all(struct capture *capture, const struct flow_config *config)
{
    struct flow_engine *engine = flow_engine_create(config);
    struct packet packet;

    while (engine && capture_next(capture, &packet) == STATUS_OK)
        flow_engine_packet(engine, &packet);
    if (engine)
        flow_engine_finish(engine);
    flow_engine_free(engine);
}

static bool compare(struct count *count, size_t parsed)
{
    size_t different = HASH_COUNT(count->certificates);

    printf("%llu connections with certificates, %zu different ones, %zu parsed\n",
           (unsigned long long)count->connections, different, parsed);
    while (count->certificates) {
        struct seen *seen = count->certificates;

        HASH_DEL(count->certificates, seen);
        memory_give(NULL, seen, sizeof *seen);
    }
    return parsed <= different;
}

int main(int argc, char **argv)
{
    struct capture_options options = { 0 };
    struct capture *capture = capture_create(&options);
    struct complaint complaint = { 0 };
    struct count count = { 0 };
    struct budget budget;
    struct flow_config config = { .dissectors = dissectors,
                                  .sink = { receive, &count },
                                  .budget = &budget };
    bool fine = false;

    budget_init(&budget, BUDGET, NULL);
    config.dissection.certificates = certificate_store_create(&budget, NULL, &complaint);
    if (argc != 2 || !capture || !config.dissection.certificates) {
        fprintf(stderr, "usage: certificates FILE\n");
    } else if (capture_add_file(capture, argv[1], &complaint) != STATUS_OK) {
        fprintf(stderr, "%s\n", complaint.line);
    } else {
        read_all(capture, &config);
        fine = compare(&count, certificate_store_parsed(config.dissection.certificates));
    }
    certificate_store_free(config.dissection.certificates);
    capture_free(capture);
    return fine ? 0 : 1;
}
