/* tls_keylog.c: the text of TLS key logs, line by line
 *
 * "LABEL client-random secret" in hexadecimal, as NSS, OpenSSL, BoringSSL and
 * most others write it; "RSA" lines of old versions of NSS; and the
 * "RSA Session-ID:... Master-Key:..." that was made by hand from what
 * `openssl s_client` prints.  A line with a label that is not known is fine: new
 * ones keep being added.  Redirection in PowerShell makes UTF-16 of a file.
 * Follows draft-ietf-tls-keylogfile 2 and 2.1.
 */
#include "dissectors/tls_keylog.h"

enum { PREMASTER_ID_BYTES = 8, SHORT_SECRET_BYTES = 32 };

static const struct {
    const char *name;
    enum tls_label label;
    bool short_too; /* its length is that of the cipher suite's hash */
} labels[] = {
    { "CLIENT_RANDOM", TLS_LABEL_CLIENT_RANDOM, false },
    { "CLIENT_EARLY_TRAFFIC_SECRET", TLS_LABEL_CLIENT_EARLY_TRAFFIC_SECRET, true },
    { "CLIENT_HANDSHAKE_TRAFFIC_SECRET", TLS_LABEL_CLIENT_HANDSHAKE_TRAFFIC_SECRET, true },
    { "SERVER_HANDSHAKE_TRAFFIC_SECRET", TLS_LABEL_SERVER_HANDSHAKE_TRAFFIC_SECRET, true },
    { "CLIENT_TRAFFIC_SECRET_0", TLS_LABEL_CLIENT_TRAFFIC_SECRET_0, true },
    { "SERVER_TRAFFIC_SECRET_0", TLS_LABEL_SERVER_TRAFFIC_SECRET_0, true },
    { "EARLY_EXPORTER_SECRET", TLS_LABEL_EARLY_EXPORTER_SECRET, true },
    { "EXPORTER_SECRET", TLS_LABEL_EXPORTER_SECRET, true },
};

/* ---- words and digits ---- */

static bool is_blank(uint8_t c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == 0;
}

/* A file that was cut to nothing under its writer begins with zeros. */
static struct slice trim(struct slice s)
{
    while (s.length > 0 && is_blank(s.data[0]))
        s = slice_after(s, 1);
    while (s.length > 0 && is_blank(s.data[s.length - 1]))
        s.length--;
    return s;
}

static struct slice take_word(struct slice *rest)
{
    size_t length = 0;
    struct slice word;

    while (length < rest->length && !is_blank(rest->data[length]))
        length++;
    word = slice_part(*rest, 0, length);
    *rest = trim(slice_after(*rest, length));
    return word;
}

/* One more than the digit's value; 0: no digit. Key logs may have millions of them. */
static const uint8_t digits[256] = {
    ['0'] = 1,  ['1'] = 2,  ['2'] = 3,  ['3'] = 4,  ['4'] = 5,  ['5'] = 6,  ['6'] = 7,  ['7'] = 8,
    ['8'] = 9,  ['9'] = 10, ['a'] = 11, ['b'] = 12, ['c'] = 13, ['d'] = 14, ['e'] = 15, ['f'] = 16,
    ['A'] = 11, ['B'] = 12, ['C'] = 13, ['D'] = 14, ['E'] = 15, ['F'] = 16,
};

static bool is_hex(struct slice word)
{
    for (size_t i = 0; i < word.length; i++)
        if (!digits[word.data[i]])
            return false;
    return word.length > 0 && word.length % 2 == 0;
}

/* Exactly `length` bytes. */
static bool read_hex(struct slice word, size_t length, uint8_t *out)
{
    if (word.length != 2 * length)
        return false;
    for (size_t i = 0; i < length; i++) {
        unsigned high = digits[word.data[2 * i]], low = digits[word.data[2 * i + 1]];

        if (!high || !low)
            return false;
        out[i] = (uint8_t)((high - 1) << 4 | (low - 1));
    }
    return true;
}

/* ---- lines ---- */

static void set_bad(struct keylog_line *line, const char *fault)
{
    line->kind = KEYLOG_BAD;
    line->fault = fault;
}

static void read_labelled(struct slice rest, size_t row, struct keylog_line *line)
{
    struct slice random = take_word(&rest);

    line->kind = KEYLOG_LABELLED;
    line->label = labels[row].label;
    line->secret_length = labels[row].short_too && rest.length == 2 * SHORT_SECRET_BYTES
                              ? SHORT_SECRET_BYTES
                              : KEYLOG_SECRET_BYTES;
    if (!read_hex(random, KEYLOG_ID_BYTES, line->id))
        set_bad(line, "behind its label must stand 64 hexadecimal digits, the client random");
    else if (!read_hex(rest, line->secret_length, line->secret))
        set_bad(line, labels[row].short_too
                          ? "at its end must stand 64 or 96 hexadecimal digits, the secret"
                          : "at its end must stand 96 hexadecimal digits, the master secret");
}

static void read_session(struct slice id, struct slice rest, struct keylog_line *line)
{
    struct slice key = take_word(&rest);

    line->kind = KEYLOG_SESSION;
    line->secret_length = KEYLOG_SECRET_BYTES;
    if (id.length == 0 || id.length > (size_t)2 * KEYLOG_ID_BYTES ||
        !read_hex(id, id.length / 2, line->id) || !slice_starts_with(key, "Master-Key:") ||
        rest.length > 0 ||
        !read_hex(slice_after(key, sizeof "Master-Key:" - 1), line->secret_length, line->secret))
        set_bad(line, "an RSA line by session id must be Session-ID:HEX Master-Key:96 digits");
}

static void read_rsa(struct slice rest, struct keylog_line *line)
{
    struct slice id = take_word(&rest);

    if (slice_starts_with(id, "Session-ID:")) {
        read_session(slice_after(id, sizeof "Session-ID:" - 1), rest, line);
        return;
    }
    line->kind = KEYLOG_PREMASTER;
    line->secret_length = KEYLOG_SECRET_BYTES;
    if (!read_hex(id, PREMASTER_ID_BYTES, line->id) ||
        !read_hex(rest, line->secret_length, line->secret))
        set_bad(line, "behind RSA must stand 16, then 96 hexadecimal digits");
}

static bool is_label(struct slice word)
{
    for (size_t i = 0; i < word.length; i++) {
        uint8_t c = word.data[i];

        if (!(c >= 'A' && c <= 'Z') && !(c >= '0' && c <= '9') && c != '_')
            return false;
    }
    return word.length > 0 && word.data[0] >= 'A' && word.data[0] <= 'Z';
}

static void read_other(struct slice label, struct slice rest, struct keylog_line *line)
{
    struct slice id = take_word(&rest);

    line->kind = KEYLOG_OTHER;
    if (!is_label(label))
        set_bad(line, "it does not begin with a label such as CLIENT_RANDOM");
    else if (!is_hex(id) || !is_hex(rest))
        set_bad(line, "behind its label must stand two hexadecimal numbers");
}

void keylog_read_line(struct slice text, struct keylog_line *line)
{
    struct slice rest = trim(text);
    struct slice label;

    *line = (struct keylog_line){ .kind = KEYLOG_BLANK };
    if (rest.length == 0 || rest.data[0] == '#')
        return;
    label = take_word(&rest);
    for (size_t row = 0; row < sizeof labels / sizeof *labels; row++)
        if (slice_is_text(label, labels[row].name)) {
            read_labelled(rest, row, line);
            return;
        }
    if (slice_is_text(label, "RSA"))
        read_rsa(rest, line);
    else
        read_other(label, rest, line);
}

bool keylog_is_whole(const struct keylog_line *line)
{
    return (line->kind == KEYLOG_LABELLED || line->kind == KEYLOG_PREMASTER ||
            line->kind == KEYLOG_SESSION) &&
           line->secret_length == KEYLOG_SECRET_BYTES;
}

/* ---- text ---- */

void keylog_begin(struct keylog_text *text)
{
    size_t mark = 0;

    text->encoding = KEYLOG_BYTES;
    if (slice_starts_with(text->rest, "\xff\xfe"))
        text->encoding = KEYLOG_UTF16_LE;
    else if (slice_starts_with(text->rest, "\xfe\xff"))
        text->encoding = KEYLOG_UTF16_BE;
    if (text->encoding != KEYLOG_BYTES)
        mark = 2;
    else if (slice_starts_with(text->rest, "\xef\xbb\xbf"))
        mark = 3;
    text->rest = slice_after(text->rest, mark);
}

static uint16_t wide_at(const struct keylog_text *text, struct slice s, size_t at)
{
    unsigned first = s.data[at], second = s.data[at + 1];

    return (uint16_t)(text->encoding == KEYLOG_UTF16_BE ? first << 8 | second
                                                        : second << 8 | first);
}

static struct slice narrow(struct keylog_text *text, struct slice wide)
{
    size_t length = 0;

    for (size_t at = 0; at + 1 < wide.length && length < sizeof text->narrow; at += 2) {
        uint16_t unit = wide_at(text, wide, at);

        text->narrow[length++] = unit < 0x80 ? (uint8_t)unit : '?';
    }
    return slice_of(text->narrow, length);
}

static bool next_wide_line(struct keylog_text *text, struct slice *line)
{
    for (size_t at = 0; at + 1 < text->rest.length; at += 2)
        if (wide_at(text, text->rest, at) == '\n') {
            *line = narrow(text, slice_part(text->rest, 0, at));
            text->rest = slice_after(text->rest, at + 2);
            return true;
        }
    return false;
}

bool keylog_next_line(struct keylog_text *text, struct slice *line)
{
    size_t end;

    if (text->encoding != KEYLOG_BYTES)
        return next_wide_line(text, line);
    end = slice_find_byte(text->rest, '\n');
    if (end == text->rest.length)
        return false;
    *line = slice_part(text->rest, 0, end);
    text->rest = slice_after(text->rest, end + 1);
    return true;
}

struct slice keylog_last_line(struct keylog_text *text)
{
    struct slice line = text->rest;

    text->rest = SLICE_EMPTY;
    return text->encoding == KEYLOG_BYTES ? line : narrow(text, line);
}
