/* tls_key_file.c: small secret files read whole, and what they are when they are no private key */
#include "dissectors/tls_key_file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "dissectors/tls_keylog.h"

enum { KEY_FILE_BYTES_MAX = 1 << 20, LINES_LOOKED_AT = 20 };

/* ---- reading ---- */

static enum status refuse_open(const char *path, const char *what, struct complaint *complaint)
{
    if (errno == ENOENT || errno == ENOTDIR)
        return complain(complaint, "%.400s: no such %s; check the path", path, what);
    if (errno == EACCES || errno == EPERM)
        return complain(complaint,
                        "%.400s: no permission to read this %s; use sudo, or have it made readable",
                        path, what);
    return complain(complaint, "%.400s: this %s cannot be read (%s)", path, what, strerror(errno));
}

static enum status read_all(int descriptor, const char *path, struct buffer *bytes,
                            struct complaint *complaint)
{
    ssize_t got = 1;

    while (got != 0 && bytes->length < bytes->capacity) {
        got = read(descriptor, bytes->data + bytes->length, bytes->capacity - bytes->length);
        if (got > 0)
            bytes->length += (size_t)got;
        if (got < 0 && errno != EINTR)
            return complain(complaint, "%.400s: cannot be read (%s)", path, strerror(errno));
    }
    if (bytes->length == bytes->capacity)
        return complain(complaint,
                        "%.400s: is larger than any key (over 1 MiB); is it another file?", path);
    return STATUS_OK;
}

enum status key_file_read(const char *path, const char *what, struct buffer *bytes,
                          struct complaint *complaint)
{
    int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    struct stat found;
    enum status status;

    if (descriptor < 0)
        return refuse_open(path, what, complaint);
    /* Of its full size at once: a buffer that grows leaves copies behind. */
    bytes->data = memory_take(bytes->budget, KEY_FILE_BYTES_MAX);
    bytes->capacity = bytes->data ? KEY_FILE_BYTES_MAX : 0;
    if (!bytes->data)
        status = complain(complaint, "%.400s: no memory to read it", path);
    else if (fstat(descriptor, &found) == 0 && S_ISDIR(found.st_mode))
        status = complain(complaint, "%.400s: is a directory; name the %s in it", path, what);
    else
        status = read_all(descriptor, path, bytes, complaint);
    close(descriptor);
    return status;
}

static struct slice skip_mark(struct slice bytes)
{
    return slice_starts_with(bytes, "\xef\xbb\xbf") ? slice_after(bytes, 3) : bytes;
}

struct slice key_file_first_line(struct slice bytes)
{
    struct slice text = skip_mark(bytes);
    struct slice line = slice_part(text, 0, slice_find_byte(text, '\n'));

    if (line.length > 0 && line.data[line.length - 1] == '\r')
        line.length--;
    return line;
}

/* ---- what it is ---- */

static struct slice next_line(struct slice *rest)
{
    struct slice line = slice_part(*rest, 0, slice_find_byte(*rest, '\n'));

    *rest = slice_after(*rest, line.length + 1);
    return slice_trim(line);
}

/* Sections of a PEM file. */
struct pem_content {
    unsigned private_keys, public_keys, certificates, requests, openssh_keys, others;
};

static void count_section(struct pem_content *content, struct slice line)
{
    if (slice_ends_with_nocase(line, "OPENSSH PRIVATE KEY-----"))
        content->openssh_keys++;
    else if (slice_ends_with_nocase(line, "PRIVATE KEY-----"))
        content->private_keys++;
    else if (slice_ends_with_nocase(line, "PUBLIC KEY-----"))
        content->public_keys++;
    else if (slice_ends_with_nocase(line, "REQUEST-----"))
        content->requests++;
    else if (slice_ends_with_nocase(line, "CERTIFICATE-----"))
        content->certificates++;
    else
        content->others++;
}

static struct pem_content count_sections(struct slice bytes)
{
    struct pem_content content = { 0 };
    struct slice rest = skip_mark(bytes);

    while (rest.length > 0) {
        struct slice line = next_line(&rest);

        if (slice_starts_with(line, "-----BEGIN "))
            count_section(&content, line);
    }
    return content;
}

static bool is_keylog(struct slice bytes)
{
    struct keylog_text text = { .rest = bytes };
    struct keylog_line line = { 0 };
    struct slice bare;

    keylog_begin(&text);
    for (int i = 0; i < LINES_LOOKED_AT && line.kind == KEYLOG_BLANK && text.rest.length > 0; i++) {
        if (!keylog_next_line(&text, &bare))
            bare = keylog_last_line(&text);
        keylog_read_line(bare, &line);
    }
    memory_wipe(line.secret, sizeof line.secret);
    memory_wipe(&text, sizeof text);
    return line.kind != KEYLOG_BLANK && line.kind != KEYLOG_BAD;
}

static const char *explain_pem(const struct pem_content *content)
{
    if (content->openssh_keys)
        return "is a key in OpenSSH's own format; make it PEM with ssh-keygen -p -m PEM -f COPY";
    if (content->certificates)
        return "holds a certificate and no private key; give the key that belongs to it";
    if (content->public_keys)
        return "holds a public key, which decrypts nothing; give the private key";
    if (content->requests)
        return "holds a certificate request and no private key; give the key that belongs to it";
    return content->others ? "is a PEM file without a private key" : NULL;
}

static const char *explain(struct slice bytes)
{
    struct pem_content content = count_sections(bytes);
    const char *pem = explain_pem(&content);

    if (bytes.length == 0)
        return "is empty: there is no private key in it";
    if (content.private_keys > 0)
        return "the private key in it is damaged; openssl pkey -noout -check -in FILE should "
               "accept it";
    if (pem)
        return pem;
    if (slice_starts_with(bytes, "\xfe\xed\xfe\xed"))
        return "is a Java keystore; convert it with keytool -importkeystore -deststoretype PKCS12";
    if (is_keylog(bytes))
        return "is a TLS key log, not a private key; give it with -k";
    return "not a private key: neither PEM, DER nor PKCS#12";
}

/* ---- refusing ---- */

static enum status refuse_encrypted(const struct private_key_file *file,
                                    const struct key_findings *findings,
                                    struct complaint *complaint)
{
    if (!file->password_path)
        return complain(complaint,
                        "%.250s: is protected by a password; put it into a file and give that with "
                        "--password-file",
                        file->path);
    /* PEM's oldest encryption knows no library context, hence no legacy provider. */
    if (slice_find_text_nocase(file->bytes, "DEK-Info: DES-CBC,") < file->bytes.length)
        return complain(complaint,
                        "%.300s: is encrypted with single DES; convert it first with openssl rsa "
                        "-provider legacy -provider default -in OLD -out NEW",
                        file->path);
    if (!findings->mismatched && findings->lacks_legacy)
        return complain(complaint,
                        "%.200s: the password in %.200s does not open it, or it is encrypted with "
                        "what only OpenSSL's legacy provider knows, which is not installed",
                        file->path, file->password_path);
    return complain(complaint,
                    "%.200s: the password in %.200s does not open it; its first line must be the "
                    "password and nothing else",
                    file->path, file->password_path);
}

static enum status refuse_type(const struct private_key_file *file, const char *type,
                               struct complaint *complaint)
{
    bool is_ec = slice_is_text(slice_of_text(type), "EC");

    return complain(complaint,
                    "%.400s: %s key cannot decrypt: its connections use forward secrecy; use a key "
                    "log (-k)",
                    file->path, is_ec ? "an EC" : "this kind of");
}

enum status key_file_refuse(const struct private_key_file *file,
                            const struct key_findings *findings, struct complaint *complaint)
{
    if (findings->other_type)
        return refuse_type(file, findings->other_type, complaint);
    if (findings->certificate)
        return complain(complaint,
                        "%.400s: holds a certificate and no private key; give the key that belongs "
                        "to it",
                        file->path);
    if (findings->encrypted)
        return refuse_encrypted(file, findings, complaint);
    return complain(complaint, "%.400s: %s", file->path, explain(file->bytes));
}
