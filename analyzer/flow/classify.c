/* classify.c: asks nDPI about connections that our own signatures cannot name
 *
 * The only file that knows nDPI.  It is asked once per connection, with the
 * packet at hand, and answers with the name of a dissector to try or with
 * nothing.  Its module is made at the first question (13 ms, 10 MB).
 */
#include "engine.h"

#include <ndpi/ndpi_api.h>

struct classifier {
    struct ndpi_detection_module_struct *module;
    struct ndpi_flow_struct *flow;
    size_t flow_size;
};

static struct classifier *classifier_of(struct flow_engine *engine)
{
    struct classifier *classifier = engine->classifier;
    NDPI_PROTOCOL_BITMASK all;

    if (classifier)
        return classifier;
    classifier = memory_take(engine->config.budget, sizeof *classifier);
    if (!classifier)
        return NULL;
    engine->classifier = classifier;
    classifier->module = ndpi_init_detection_module(ndpi_no_prefs);
    if (!classifier->module)
        return classifier;
    NDPI_BITMASK_SET_ALL(all);
    ndpi_set_protocol_detection_bitmask2(classifier->module, &all);
    ndpi_finalize_initialization(classifier->module);
    classifier->flow_size = ndpi_detection_get_sizeof_ndpi_flow_struct();
    return classifier;
}

static ndpi_protocol ask(struct classifier *classifier, struct slice ip, uint64_t time_ms)
{
    unsigned short length = (unsigned short)(ip.length < 65535 ? ip.length : 65535);

#if NDPI_MAJOR > 4 || (NDPI_MAJOR == 4 && NDPI_MINOR >= 4)
    return ndpi_detection_process_packet(classifier->module, classifier->flow, ip.data, length,
                                         time_ms, NULL);
#else
    return ndpi_detection_process_packet(classifier->module, classifier->flow, ip.data, length,
                                         time_ms);
#endif
}

static const char *dissector_for(uint16_t master, uint16_t application)
{
    static const struct {
        uint16_t protocol;
        const char *dissector;
    } known[] = { { NDPI_PROTOCOL_HTTP, "http" },
                  { NDPI_PROTOCOL_TLS, "tls" },
                  { NDPI_PROTOCOL_DNS, "dns" } };

    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (master == known[i].protocol || application == known[i].protocol)
            return known[i].dissector;
    return NULL;
}

const char *classify_ask(void *context)
{
    struct flow_engine *engine = context;
    struct classifier *classifier = classifier_of(engine);
    const char *name;
    ndpi_protocol answer;

    if (!classifier || !classifier->module || engine->current_ip.length == 0)
        return NULL;
    classifier->flow = memory_take(engine->config.budget, classifier->flow_size);
    if (!classifier->flow)
        return NULL;
    answer = ask(classifier, engine->current_ip, (uint64_t)(engine->now_ns / 1000000));
    name = dissector_for(answer.master_protocol, answer.app_protocol);
    ndpi_free_flow_data(classifier->flow);
    memory_give(engine->config.budget, classifier->flow, classifier->flow_size);
    classifier->flow = NULL;
    return name;
}

void classify_free(struct flow_engine *engine)
{
    if (!engine->classifier)
        return;
    if (engine->classifier->module)
        ndpi_exit_detection_module(engine->classifier->module);
    memory_give(engine->config.budget, engine->classifier, sizeof *engine->classifier);
    engine->classifier = NULL;
}
