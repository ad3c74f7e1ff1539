/* pipeline_secrets.c: what there is to decrypt with: options, environment, captures
 *
 * A key log that somebody writes while packets come is read before each packet
 * that is younger than the last look at it: a program writes a secret before it
 * sends what that secret protects.
 */
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "pipeline_parts.h"
#include "say.h"

#define NS_PER_S INT64_C(1000000000)

/* From the first secret on, neither a core dump nor a debugger of the same user shows memory. */
static void hide_memory(void)
{
    (void)prctl(PR_SET_DUMPABLE, 0);
    (void)setrlimit(RLIMIT_CORE, &(struct rlimit){ 0, 0 });
}

/* ---- from captures ---- */

static void take_block(void *context, uint32_t type, struct slice bytes)
{
    struct pipeline *pipeline = context;

    if (type != SECRETS_TLS_KEY_LOG)
        return;
    hide_memory();
    pipeline->assembly.late_keys |= pipeline->packets > 0; /* a pipe is read once only */
    tls_secrets_add_keylog(pipeline->secrets, bytes);
}

struct secrets_sink secrets_sink(struct pipeline *pipeline)
{
    return (struct secrets_sink){ take_block, pipeline };
}

static bool may_bring_secrets(const struct input_info *input)
{
    return input->kind == INPUT_PCAPNG && input->progress < 0;
}

struct tls_secrets *secrets_in_use(const struct pipeline *pipeline)
{
    const struct capture *capture = pipeline->assembly.capture;
    bool any = tls_secrets_source_count(pipeline->secrets) > 0;

    for (size_t i = 0; i < capture_input_count(capture); i++)
        any |= may_bring_secrets(capture_input(capture, i));
    return any ? pipeline->secrets : NULL;
}

/* ---- from the user ---- */

/* Packets that come from another program's hand are as good as live ones. */
static bool reads_a_pipe(const struct options *options)
{
    struct stat status;

    for (size_t i = 0; i < options->inputs.count; i++)
        if (slice_is_text(slice_of_text(options->inputs.items[i]), "-"))
            return fstat(STDIN_FILENO, &status) == 0 && !S_ISREG(status.st_mode);
    return false;
}

static enum status add_keylog(struct pipeline *pipeline, const char *path,
                              struct complaint *complaint)
{
    const struct options *options = pipeline->assembly.options;
    bool live = options->interfaces.count > 0;
    bool is_there = access(path, F_OK) == 0;
    bool follow = live || (is_there && reads_a_pipe(options));
    enum status status = tls_secrets_add_keylog_file(pipeline->secrets, path, follow, complaint);
    struct complaint note;

    if (status == STATUS_OK && !is_there && !options->quiet) {
        (void)complain(&note, "%.400s: does not exist yet; it is read when it comes", path);
        say(note.line);
    }
    return status;
}

/* Nobody may have thought of the variable: what it names is no reason to give up. */
static void add_environment(struct pipeline *pipeline)
{
    const struct options *options = pipeline->assembly.options;
    const char *path = getenv("SSLKEYLOGFILE");
    struct complaint complaint, note;

    if (!path || !*path || options->keylogs.count > 0)
        return;
    hide_memory();
    if (add_keylog(pipeline, path, &complaint) == STATUS_OK || options->quiet)
        return;
    (void)complain(&note, "SSLKEYLOGFILE is not used: %.550s", complaint.line);
    say(note.line);
}

enum status secrets_open(struct pipeline *pipeline, struct complaint *complaint)
{
    const struct options *options = pipeline->assembly.options;
    enum status status = STATUS_OK;
    struct complaint note;

    pipeline->secrets = tls_secrets_create();
    if (!pipeline->secrets)
        return complain(complaint, "no memory to start with");
    if (options->password_file && options->private_keys.count == 0) {
        (void)complain(&note, "%.400s is not used: a password is for a private key (-K)",
                       options->password_file);
        say(note.line);
    }
    if (options->keylogs.count > 0 || options->private_keys.count > 0)
        hide_memory();
    for (size_t i = 0; i < options->keylogs.count && status == STATUS_OK; i++)
        status = add_keylog(pipeline, options->keylogs.items[i], complaint);
    for (size_t i = 0; i < options->private_keys.count && status == STATUS_OK; i++)
        status = tls_secrets_add_private_key(pipeline->secrets, options->private_keys.items[i],
                                             options->password_file, complaint);
    if (status == STATUS_OK)
        add_environment(pipeline);
    pipeline->follows = tls_secrets_are_followed(pipeline->secrets);
    return status;
}

/* ---- while packets come ---- */

void secrets_follow(struct pipeline *pipeline)
{
    struct timespec now = { 0 };

    if (!pipeline->follows)
        return;
    clock_gettime(CLOCK_REALTIME, &now);
    pipeline->followed_ns = (int64_t)now.tv_sec * NS_PER_S + now.tv_nsec;
    (void)tls_secrets_follow(pipeline->secrets);
}
