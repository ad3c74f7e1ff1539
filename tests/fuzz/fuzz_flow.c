/* fuzz_flow.c: packets of any content, one after the other, through reassembly and the dissectors
 *
 * Each packet stands behind two bytes: its length, and how far the clock moves (units of 100 ms).
 */
#include "lyncscope/cursor.h"
#include "lyncscope/flow.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { LINK_RAW = 101, CUT_EVERY = 7, CUT_AT = 60 };

static void ignore(void *context, const struct event *event)
{
    (void)context, (void)event;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct budget budget;
    struct flow_config config = { .dissectors = dissectors,
                                  .dissection = { .everything = size % 2 },
                                  .sink = { ignore, NULL },
                                  .budget = &budget,
                                  .flows_max = 8 };
    struct reading reading;
    struct cursor in = cursor_over_message(slice_of(data, size), &reading);
    struct packet packet = { .link_type = LINK_RAW, .time_ns = 1 };
    struct flow_engine *engine;

    budget_init(&budget, 8 << 20, NULL);
    engine = flow_engine_create(&config);
    while (engine && cursor_has_more(&in)) {
        size_t length = cursor_u8(&in);

        packet.time_ns += cursor_u8(&in) * (int64_t)100000000;
        packet.bytes = cursor_bytes(&in, length < in.rest.length ? length : in.rest.length);
        packet.wire_length = (uint32_t)packet.bytes.length;
        if (++packet.number % CUT_EVERY == 0)
            packet.bytes = slice_part(packet.bytes, 0, CUT_AT);
        flow_engine_packet(engine, &packet);
    }
    if (engine)
        flow_engine_finish(engine);
    flow_engine_free(engine);
    return 0;
}
