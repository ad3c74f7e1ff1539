/* fuzz_certificate.c: a chain as a server sends it, and a stapled response
 *
 * Byte 0: how many certificates.  Each: two bytes of length, the bytes.  The
 * rest is the OCSP response.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "lyncscope/certificate.h"
#include "lyncscope/cursor.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { MOST = 20 };

/* The root of the seeds. */
static const char root[] = "-----BEGIN CERTIFICATE-----\n"
                           "MIIBuDCCAV2gAwIBAgIUYaSe3Vm/lxJreeIKlN1XOVUJ0EswCgYIKoZIzj0EAwIw\n"
                           "HjEQMA4GA1UECgwHQ29udG9zbzEKMAgGA1UEAwwBUjAgFw0yNjExMjEwNzUwMTZa\n"
                           "GA8yMDUxMDcxMzA3NTAxNlowHjEQMA4GA1UECgwHQ29udG9zbzEKMAgGA1UEAwwB\n"
                           "UjBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABCL8QLC3Rc8QDuq3jtBGpkIuSJDy\n"
                           "KdtXa6MrvnjguYj23NgyTLgmWdhCrjmysvbcBaozKAUDeohEQvgaTZSv97yjdzB1\n"
                           "MA8GA1UdEwEB/wQFMAMBAf8wHQYDVR0OBBYEFDf5rj/AYzPYB0eoxMUePddbxXXl\n"
                           "MEMGA1UdIwQ8MDqhIqQgMB4xEDAOBgNVBAoMB0NvbnRvc28xCjAIBgNVBAMMAVKC\n"
                           "FGGknt1Zv5cSa3niCpTdVzlVCdBLMAoGCCqGSM49BAMCA0kAMEYCIQC4AjmUsMSz\n"
                           "38Qg7Ue32yI4TfrhHre1DpoNC6xaibw4UwIhALV1esLV/31pHHUR6Vria5wwZl3n\n"
                           "JUaKCpYyqSdDIvpE\n"
                           "-----END CERTIFICATE-----\n";

/* In a block of exactly its size. */
static struct slice copy_of(struct slice bytes)
{
    uint8_t *copy = malloc(bytes.length ? bytes.length : 1);

    if (!copy)
        abort();
    if (bytes.length > 0)
        memcpy(copy, bytes.data, bytes.length);
    return slice_of(copy, bytes.length);
}

static struct certificate_store *create_store(struct budget *budget)
{
    int descriptor = memfd_create("trust", 0);
    struct certificate_store *store;
    struct complaint complaint;
    char path[64];

    if (descriptor < 0 || write(descriptor, root, sizeof root - 1) != sizeof root - 1)
        abort();
    snprintf(path, sizeof path, "/proc/self/fd/%d", descriptor);
    store = certificate_store_create(budget, path, &complaint);
    close(descriptor);
    return store;
}

static uint64_t look_at(const struct certificate *certificate)
{
    static const char *const names[] = { "lyncdiscover.contoso.com", "192.0.2.1", "a", "" };
    uint64_t sum = certificate->subject.length + certificate->issuer.length;

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        sum += certificate_covers(certificate, slice_of_text(names[i]));
    for (size_t i = 0; i < certificate->name_count; i++)
        sum += certificate_covers(certificate, certificate->names[i]);
    return sum;
}

static uint64_t look_at_all(const struct certificate_chain *chain)
{
    uint64_t sum = (uint64_t)chain->order + (uint64_t)chain->trust;

    if ((chain->order == CHAIN_INCOMPLETE) != (chain->missing == ISSUER_INTERMEDIATE) &&
        chain->order != CHAIN_WRONG_ORDER)
        abort();
    if ((chain->order == CHAIN_EMPTY) != !chain->top)
        abort();
    for (size_t i = 0; i < chain->count; i++)
        sum += look_at(chain->certificates[i]);
    return sum;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct slice certificates[MOST], response;
    struct reading reading;
    struct cursor in = cursor_over_message(slice_of(data, size), &reading);
    size_t count = cursor_u8(&in) % (MOST + 1);
    const struct certificate_chain *chain, *part;
    struct certificate_store *store;
    struct budget budget;
    uint64_t sum = 0;

    budget_init(&budget, 16 << 20, NULL);
    store = create_store(&budget);
    for (size_t i = 0; i < count; i++)
        certificates[i] = copy_of(cursor_bytes(&in, cursor_u16(&in)));
    response = copy_of(cursor_rest(&in));
    /* The first alone, then all: the others may tell what it lacks. */
    part = certificate_store_take(store, certificates, count > 0);
    chain = certificate_store_take(store, certificates, count);
    if (chain && part) {
        sum += look_at_all(chain) + look_at_all(part);
        sum += certificate_store_ocsp(store, chain, response);
    }
    certificate_store_give(store, part);
    certificate_store_give(store, chain);
    for (size_t i = 0; i < count; i++)
        free((void *)(uintptr_t)certificates[i].data);
    free((void *)(uintptr_t)response.data);
    certificate_store_free(store);
    if (budget.used != 0 || sum == UINT64_MAX)
        abort();
    return 0;
}
