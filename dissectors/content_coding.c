/* content_coding.c: undoing gzip, deflate and br, one after the other, in pieces
 *
 * Decoders stand in a row, each with an output buffer of its own.  Always the
 * last one that has input works, so the buffers never grow, however much a
 * few bytes inflate to.  All the libraries' memory is charged to the budget.
 * RFC 9110 8.4 (codings), RFC 1950 to 1952, RFC 7932.
 */
#include "dissectors/content_coding.h"

#include <brotli/decode.h>
#include <zlib.h>

enum { OUTPUT_SIZE = 16384, ALLOCATION_HEADER = 16, ZLIB_PEEK = 2 };

enum coding { CODING_GZIP, CODING_DEFLATE, CODING_BROTLI };

struct decoder {
    enum coding coding;
    bool started, finished;
    z_stream zlib;
    uint8_t peek[ZLIB_PEEK]; /* deflate: tells whether a zlib header leads it */
    size_t peeked;
    BrotliDecoderState *brotli;
    struct slice input;
    uint8_t output[OUTPUT_SIZE];
};

struct codings {
    struct budget *budget;
    struct decoder *decoders[CODINGS_MAX]; /* the first undoes what was applied last */
    size_t count;
    uint64_t produced;
    bool bad, unknown;
};

/* ---- memory for the libraries ---- */

static void *library_take(void *opaque, size_t bytes)
{
    struct budget *budget = opaque;
    size_t *block = bytes < SIZE_MAX / 2 ? memory_take(budget, bytes + ALLOCATION_HEADER) : NULL;

    if (!block)
        return NULL;
    *block = bytes + ALLOCATION_HEADER;
    return (uint8_t *)block + ALLOCATION_HEADER;
}

static void library_give(void *opaque, void *object)
{
    size_t *block = object ? (size_t *)(void *)((uint8_t *)object - ALLOCATION_HEADER) : NULL;

    if (block)
        memory_give(opaque, block, *block);
}

static void *zlib_take(void *opaque, unsigned items, unsigned size)
{
    return library_take(opaque, (size_t)items * size);
}

/* ---- one decoder ---- */

struct codings *codings_create(struct budget *budget)
{
    struct codings *codings = memory_take(budget, sizeof *codings);

    if (codings)
        codings->budget = budget;
    return codings;
}

static bool start_zlib(struct decoder *decoder, struct budget *budget, int window_bits)
{
    decoder->zlib.zalloc = zlib_take;
    decoder->zlib.zfree = library_give;
    decoder->zlib.opaque = budget;
    decoder->started = inflateInit2(&decoder->zlib, window_bits) == Z_OK;
    return decoder->started;
}

/* "deflate" means a zlib header, yet some servers send none (RFC 9110 8.4.1.2). */
static bool has_zlib_header(const uint8_t peek[ZLIB_PEEK])
{
    return (peek[0] & 0x0f) == Z_DEFLATED && (peek[0] << 8 | peek[1]) % 31 == 0;
}

static bool inflate_once(struct decoder *decoder, struct slice *input, size_t *produced)
{
    z_stream *zlib = &decoder->zlib;
    int result;

    zlib->next_in = (Bytef *)(uintptr_t)input->data;
    zlib->avail_in = (uInt)(input->length < UINT32_MAX / 2 ? input->length : UINT32_MAX / 2);
    zlib->next_out = decoder->output + *produced;
    zlib->avail_out = (uInt)(OUTPUT_SIZE - *produced);
    result = inflate(zlib, Z_NO_FLUSH);
    *input = slice_after(*input, (size_t)(zlib->next_in - input->data));
    *produced = OUTPUT_SIZE - zlib->avail_out;
    if (result == Z_STREAM_END)
        decoder->finished = true;
    return result == Z_OK || result == Z_STREAM_END || result == Z_BUF_ERROR;
}

static bool peek_deflate(struct decoder *decoder, struct budget *budget, size_t *produced)
{
    struct slice peek;

    while (decoder->peeked < ZLIB_PEEK && decoder->input.length > 0) {
        decoder->peek[decoder->peeked++] = decoder->input.data[0];
        decoder->input = slice_after(decoder->input, 1);
    }
    if (decoder->peeked < ZLIB_PEEK)
        return true;
    if (!start_zlib(decoder, budget, has_zlib_header(decoder->peek) ? MAX_WBITS : -MAX_WBITS))
        return false;
    peek = slice_of(decoder->peek, ZLIB_PEEK);
    return inflate_once(decoder, &peek, produced);
}

/* After its end a gzip body may hold a further member (RFC 1952 2.2) or padding. */
static bool begins_member(const struct decoder *decoder)
{
    return decoder->coding == CODING_GZIP && decoder->input.length > 0 &&
           decoder->input.data[0] == 0x1f;
}

static bool step_zlib(struct decoder *decoder, struct budget *budget, size_t *produced)
{
    if (!decoder->started && decoder->coding == CODING_DEFLATE) {
        if (!peek_deflate(decoder, budget, produced))
            return false;
    } else if (!decoder->started && !start_zlib(decoder, budget, 16 + MAX_WBITS)) {
        return false;
    }
    if (decoder->finished && begins_member(decoder)) {
        decoder->finished = false;
        inflateReset(&decoder->zlib);
    }
    if (decoder->finished)
        decoder->input = SLICE_EMPTY;
    return !decoder->started || decoder->finished ||
           inflate_once(decoder, &decoder->input, produced);
}

static bool step_brotli(struct decoder *decoder, struct budget *budget, size_t *produced)
{
    size_t room = OUTPUT_SIZE;
    size_t left = decoder->input.length;
    const uint8_t *input = decoder->input.data;
    uint8_t *output = decoder->output;
    BrotliDecoderResult result;

    if (!decoder->started)
        decoder->brotli = BrotliDecoderCreateInstance(library_take, library_give, budget);
    decoder->started = decoder->brotli != NULL;
    if (!decoder->brotli)
        return false;
    if (decoder->finished) {
        decoder->input = SLICE_EMPTY;
        return true;
    }
    result = BrotliDecoderDecompressStream(decoder->brotli, &left, &input, &room, &output, NULL);
    decoder->input = slice_of(input, left);
    *produced = OUTPUT_SIZE - room;
    decoder->finished = result == BROTLI_DECODER_RESULT_SUCCESS;
    return result != BROTLI_DECODER_RESULT_ERROR;
}

static bool step(struct decoder *decoder, struct budget *budget, struct slice *output)
{
    size_t produced = 0;
    bool fine = decoder->coding == CODING_BROTLI ? step_brotli(decoder, budget, &produced)
                                                 : step_zlib(decoder, budget, &produced);

    *output = slice_of(decoder->output, produced);
    return fine;
}

/* ---- the row of them ---- */

static void give_out(struct codings *codings, struct slice bytes, struct byte_sink sink)
{
    codings->produced += bytes.length;
    if (codings->produced > CODED_BODY_MAX)
        codings->bad = true;
    else
        sink.take(sink.context, bytes);
}

void codings_feed(struct codings *codings, struct slice bytes, struct byte_sink sink)
{
    size_t at = 0;

    if (codings->unknown || codings->count == 0) {
        sink.take(sink.context, bytes);
        return;
    }
    codings->decoders[0]->input = bytes;
    while (!codings->bad) {
        struct decoder *decoder = codings->decoders[at];
        size_t before = decoder->input.length;
        struct slice output;
        bool fine = step(decoder, codings->budget, &output);

        if (output.length > 0 && at + 1 < codings->count)
            codings->decoders[++at]->input = output;
        else if (output.length > 0)
            give_out(codings, output, sink);
        else if (decoder->input.length == 0 && at == 0)
            return;
        else if (decoder->input.length == 0)
            at--;
        else if (decoder->input.length == before)
            fine = false; /* stuck */
        codings->bad = codings->bad || !fine;
    }
}

static void add_decoder(struct codings *codings, enum coding coding)
{
    struct decoder *decoder =
        codings->count < CODINGS_MAX ? memory_take(codings->budget, sizeof *decoder) : NULL;

    if (!decoder) {
        codings->unknown = codings->bad = true;
        return;
    }
    decoder->coding = coding;
    for (size_t i = codings->count; i > 0; i--)
        codings->decoders[i] = codings->decoders[i - 1];
    codings->decoders[0] = decoder;
    codings->count++;
}

static const struct {
    const char *name;
    enum coding coding;
} known_codings[] = {
    { "gzip", CODING_GZIP },
    { "x-gzip", CODING_GZIP },
    { "deflate", CODING_DEFLATE },
    { "br", CODING_BROTLI },
};

static void add_coding(struct codings *codings, struct slice name)
{
    if (name.length == 0 || slice_is_text_nocase(name, "identity"))
        return;
    for (size_t i = 0; i < sizeof known_codings / sizeof *known_codings; i++)
        if (slice_is_text_nocase(name, known_codings[i].name)) {
            add_decoder(codings, known_codings[i].coding);
            return;
        }
    codings->unknown = codings->bad = true;
}

void codings_add(struct codings *codings, struct slice names)
{
    while (names.length > 0) {
        size_t length = slice_find_byte(names, ',');

        add_coding(codings, slice_trim(slice_part(names, 0, length)));
        names = slice_after(names, length + 1);
    }
}

bool codings_are_none(const struct codings *codings)
{
    return codings->count == 0 && !codings->bad;
}

bool codings_are_bad(const struct codings *codings)
{
    return codings->bad;
}

bool codings_are_too_large(const struct codings *codings)
{
    return codings->produced > CODED_BODY_MAX;
}

bool codings_are_finished(const struct codings *codings)
{
    for (size_t i = 0; i < codings->count; i++)
        if (!codings->decoders[i]->finished)
            return false;
    return true;
}

static void free_decoder(struct codings *codings, struct decoder *decoder)
{
    if (decoder->started && decoder->coding == CODING_BROTLI)
        BrotliDecoderDestroyInstance(decoder->brotli);
    else if (decoder->started)
        inflateEnd(&decoder->zlib);
    memory_give(codings->budget, decoder, sizeof *decoder);
}

void codings_free(struct codings *codings)
{
    if (!codings)
        return;
    for (size_t i = 0; i < codings->count; i++)
        free_decoder(codings, codings->decoders[i]);
    memory_give(codings->budget, codings, sizeof *codings);
}
