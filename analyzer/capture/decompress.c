/* decompress.c: gzip and zstd as a stream, in constant memory
 *
 * Several members (gzip) or frames (zstd) one behind the other are one stream,
 * as `cat a.gz b.gz` makes them.  What follows the last one and is neither is
 * ignored, as gzip(1) does.  Follows RFC 1952 2.2 and RFC 8878 3.1.
 */
#include "decompress.h"

#include <zlib.h>
#include <zstd.h>

#include "lyncscope/cursor.h"

enum { GZIP_MAGIC = 0x1f8b, GZIP_WINDOW_BITS = 15 + 16 };
#define ZSTD_MAGIC 0xfd2fb528u
#define ZSTD_SKIPPABLE_MAGIC 0x184d2a50u

struct decoder {
    const char *name;
    const char *fault;
    bool complete; /* a member has ended and no other begun */
    bool trailing; /* what follows is no member: ignored */
    bool gzip;
    z_stream inflater;
    ZSTD_DStream *zstd;
};

static bool is_gzip(struct slice start)
{
    struct reading reading;
    struct cursor in = cursor_over_message(start, &reading);

    return cursor_u16(&in) == GZIP_MAGIC;
}

static bool is_zstd(struct slice start)
{
    struct reading reading;
    struct cursor in = cursor_over_message(start, &reading);
    uint32_t magic = cursor_u32_le(&in);

    return magic == ZSTD_MAGIC || (magic & ~0xfu) == ZSTD_SKIPPABLE_MAGIC;
}

bool decoder_knows(struct slice start)
{
    return is_gzip(start) || is_zstd(start);
}

struct decoder *decoder_create(struct slice start)
{
    struct decoder *decoder = decoder_knows(start) ? memory_take(NULL, sizeof *decoder) : NULL;
    bool ready;

    if (!decoder)
        return NULL;
    decoder->gzip = is_gzip(start);
    decoder->name = decoder->gzip ? "gzip" : "zstd";
    if (decoder->gzip)
        ready = inflateInit2(&decoder->inflater, GZIP_WINDOW_BITS) == Z_OK;
    else
        ready = (decoder->zstd = ZSTD_createDStream()) != NULL;
    if (ready)
        return decoder;
    memory_give(NULL, decoder, sizeof *decoder);
    return NULL;
}

static void run_gzip(struct decoder *decoder, struct slice *input, struct buffer *out)
{
    z_stream *z = &decoder->inflater;
    uInt given = input->length > UINT32_MAX ? UINT32_MAX : (uInt)input->length;
    size_t room = out->capacity - out->length;
    int result;

    if (decoder->complete)
        inflateReset(z);
    z->next_in = (z_const Bytef *)input->data;
    z->avail_in = given;
    z->next_out = out->data + out->length;
    z->avail_out = room > UINT32_MAX ? UINT32_MAX : (uInt)room;
    result = inflate(z, Z_NO_FLUSH);
    out->length = (size_t)(z->next_out - out->data);
    *input = slice_after(*input, given - z->avail_in);
    decoder->complete = result == Z_STREAM_END;
    /* Z_BUF_ERROR only says that input or room ran out. */
    if (result != Z_OK && result != Z_STREAM_END && result != Z_BUF_ERROR)
        decoder->fault = z->msg ? z->msg : "damaged data";
}

static void run_zstd(struct decoder *decoder, struct slice *input, struct buffer *out)
{
    ZSTD_inBuffer in = { input->data, input->length, 0 };
    ZSTD_outBuffer to = { out->data, out->capacity, out->length };
    size_t result = ZSTD_decompressStream(decoder->zstd, &to, &in);

    out->length = to.pos;
    *input = slice_after(*input, in.pos);
    decoder->complete = result == 0;
    if (ZSTD_isError(result))
        decoder->fault = ZSTD_getErrorName(result);
}

/* The rest of the magic may lie in the next block: one byte has to tell. */
static bool may_begin_member(const struct decoder *decoder, uint8_t first)
{
    if (decoder->gzip)
        return first == GZIP_MAGIC >> 8;
    return first == (ZSTD_MAGIC & 0xff) || (first & 0xf0) == (ZSTD_SKIPPABLE_MAGIC & 0xff);
}

void decoder_run(struct decoder *decoder, struct slice *input, struct buffer *out)
{
    if (decoder->fault || (decoder->complete && input->length == 0))
        return;
    decoder->trailing |= decoder->complete && !may_begin_member(decoder, input->data[0]);
    if (decoder->trailing) {
        *input = SLICE_EMPTY;
        return;
    }
    if (decoder->gzip)
        run_gzip(decoder, input, out);
    else
        run_zstd(decoder, input, out);
}

bool decoder_is_complete(const struct decoder *decoder)
{
    return decoder->complete;
}

const char *decoder_fault(const struct decoder *decoder)
{
    return decoder->fault;
}

const char *decoder_name(const struct decoder *decoder)
{
    return decoder->name;
}

void decoder_free(struct decoder *decoder)
{
    if (!decoder)
        return;
    if (decoder->gzip)
        inflateEnd(&decoder->inflater);
    else
        ZSTD_freeDStream(decoder->zstd);
    memory_give(NULL, decoder, sizeof *decoder);
}
