/* certificate_trust.c: the roots that clients trust
 *
 * A file is read at once, so that the user learns of its faults.  The system's
 * directory is only looked into when a chain needs a root, by the hash of its
 * name: starting costs nothing, whatever the number of roots.
 */
#include "dissectors/certificate.h"

#include <errno.h>
#include <glob.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include "lyncscope/text.h"

struct trust {
    struct budget *budget;
    X509_STORE *store; /* NULL: there is none, or not looked for yet */
    bool looked;
};

/* ---- a file ---- */

static enum status unreadable(const char *file, int why, struct complaint *complaint)
{
    return complain(complaint, "%s: %s", file, strerror(why));
}

/* Adds them all; `count` tells how many there are. False: the one after these is damaged. */
static bool add_certificates(X509_STORE *store, BIO *bio, size_t *count)
{
    char no_password[] = "";
    unsigned long error;

    for (*count = 0;; ++*count) {
        X509 *x509 = PEM_read_bio_X509_AUX(bio, NULL, NULL, no_password);
        bool added = x509 && X509_STORE_add_cert(store, x509) == 1;

        X509_free(x509);
        if (!added)
            break;
    }
    error = ERR_peek_last_error();
    ERR_clear_error();
    return ERR_GET_LIB(error) == ERR_LIB_PEM && ERR_GET_REASON(error) == PEM_R_NO_START_LINE;
}

static enum status read_file(X509_STORE *store, const char *file, struct complaint *complaint)
{
    struct stat found;
    size_t count = 0;
    BIO *bio;
    bool sound;

    if (stat(file, &found) != 0)
        return unreadable(file, errno, complaint);
    if (S_ISDIR(found.st_mode))
        return unreadable(file, EISDIR, complaint);
    errno = 0;
    bio = BIO_new_file(file, "r");
    ERR_clear_error();
    if (!bio)
        return unreadable(file, errno ? errno : ENOMEM, complaint);
    sound = add_certificates(store, bio, &count);
    BIO_free(bio);
    if (!sound)
        return complain(complaint, "%s: certificate %zu cannot be read; export it again as PEM",
                        file, count + 1);
    if (count == 0)
        return complain(complaint,
                        "%s: no certificate in it; it must be PEM (-----BEGIN CERTIFICATE-----); "
                        "convert DER with: openssl x509 -inform DER -in FILE",
                        file);
    return STATUS_OK;
}

/* ---- the system's ---- */

/* A path that glob takes literally. */
static void add_literally(struct text *pattern, struct slice path)
{
    for (size_t i = 0; i < path.length; i++) {
        if (slice_find_byte(slice_of_text("*?[\\"), path.data[i]) < 4)
            text_add(pattern, "\\");
        text_add_slice(pattern, slice_part(path, i, 1));
    }
}

/* Does the directory hold certificates under the hashes of their names? */
static bool has_certificates(struct slice directory)
{
    struct text pattern = { 0 };
    glob_t found = { 0 };
    bool has;

    add_literally(&pattern, directory);
    text_add(&pattern, "/");
    for (int i = 0; i < 8; i++)
        text_add(&pattern, "[0-9a-f]");
    text_add(&pattern, ".[0-9]*");
    has = glob(text_string(&pattern), GLOB_NOSORT, NULL, &found) == 0;
    globfree(&found);
    text_release(&pattern);
    return has;
}

/* The system's places, which SSL_CERT_DIR and SSL_CERT_FILE change as they do for OpenSSL. */
struct places {
    struct slice directories; /* parted by colons */
    struct slice file;
    bool has_directory; /* one with certificates */
    bool file_repeats;  /* the file stands in such a directory: it is the same in one piece */
};

static struct slice place(const char *variable, const char *usual)
{
    const char *given = secure_getenv(variable);

    return slice_of_text(given ? given : usual);
}

static struct slice folder_of(struct slice path)
{
    while (path.length > 0 && path.data[path.length - 1] != '/')
        path.length--;
    return path;
}

static bool is_same_folder(struct slice one, struct slice other)
{
    struct text a = { 0 }, b = { 0 };
    struct stat of_a, of_b;
    bool is_same;

    text_add_slice(&a, one);
    text_add_slice(&b, other);
    is_same = stat(text_string(&a), &of_a) == 0 && stat(text_string(&b), &of_b) == 0 &&
              of_a.st_dev == of_b.st_dev && of_a.st_ino == of_b.st_ino;
    text_release(&a);
    text_release(&b);
    return is_same;
}

static struct places find_places(void)
{
    struct places places = {
        .directories = place(X509_get_default_cert_dir_env(), X509_get_default_cert_dir()),
        .file = place(X509_get_default_cert_file_env(), X509_get_default_cert_file())
    };
    struct slice rest = places.directories;

    while (rest.length > 0) {
        size_t colon = slice_find_byte(rest, ':');
        struct slice directory = slice_part(rest, 0, colon);

        if (colon > 0 && has_certificates(directory)) {
            places.has_directory = true;
            places.file_repeats |= is_same_folder(directory, folder_of(places.file));
        }
        rest = slice_after(rest, colon + 1);
    }
    /* OpenSSL's usual file is the usual directory's bundle too, wherever it stands. */
    places.file_repeats |= places.has_directory && !secure_getenv(X509_get_default_cert_file_env());
    return places;
}

/* A file of all roots takes 30 ms to read, a directory is looked into for one at a time. */
static X509_STORE *open_system(void)
{
    struct places places = find_places();
    X509_STORE *store = X509_STORE_new();
    X509_LOOKUP *hashed = store ? X509_STORE_add_lookup(store, X509_LOOKUP_hash_dir()) : NULL;
    X509_LOOKUP *file = store ? X509_STORE_add_lookup(store, X509_LOOKUP_file()) : NULL;
    bool found = false;

    if (hashed && places.has_directory)
        found = X509_LOOKUP_add_dir(hashed, NULL, X509_FILETYPE_DEFAULT) == 1;
    if (file && !places.file_repeats)
        found |= X509_LOOKUP_load_file(file, NULL, X509_FILETYPE_DEFAULT) == 1;
    ERR_clear_error();
    if (!found) {
        X509_STORE_free(store);
        return NULL;
    }
    return store;
}

/* ---- either ---- */

struct trust *trust_create(struct budget *budget, const char *file, struct complaint *complaint)
{
    struct trust *trust = memory_take(budget, sizeof *trust);
    enum status status = STATUS_OK;

    if (!trust) {
        complain(complaint, "no memory for the certificates");
        return NULL;
    }
    trust->budget = budget;
    if (file) {
        trust->looked = true;
        trust->store = X509_STORE_new();
        status = trust->store ? read_file(trust->store, file, complaint)
                              : complain(complaint, "no memory for %s", file);
    }
    if (status != STATUS_OK) {
        trust_free(trust);
        return NULL;
    }
    return trust;
}

X509_STORE *trust_store(struct trust *trust)
{
    if (!trust->looked)
        trust->store = open_system();
    trust->looked = true;
    return trust->store;
}

void trust_free(struct trust *trust)
{
    if (!trust)
        return;
    X509_STORE_free(trust->store);
    memory_give(trust->budget, trust, sizeof *trust);
}
