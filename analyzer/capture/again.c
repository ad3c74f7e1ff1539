/* again.c: packets of a file once more, by their numbers
 *
 * The model keeps no packet bytes.  Who wants to see some reads the file from
 * its front, in slices of time, so that a large one keeps nobody waiting.
 */
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "lyncscope/capture.h"

enum { PACKETS_A_LOOK = 512 }; /* read between two looks at the clock */

static bool is_file(const struct input_info *input)
{
    struct stat status;

    return input->kind != INPUT_LIVE && strcmp(input->path, "-") != 0 &&
           stat(input->path, &status) == 0 && S_ISREG(status.st_mode);
}

struct capture *capture_open_again(const struct input_info *input, struct complaint *complaint)
{
    struct capture *capture;

    if (!is_file(input)) {
        (void)complain(complaint, "packets are not kept, and only a file can be read again");
        return NULL;
    }
    capture = capture_create(NULL);
    if (!capture) {
        (void)complain(complaint, "out of memory");
        return NULL;
    }
    if (capture_add_file(capture, input->path, complaint) == STATUS_OK)
        return capture;
    capture_free(capture);
    return NULL;
}

static int64_t now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

enum status capture_packet_at(struct capture *again, uint64_t number, unsigned milliseconds,
                              struct packet *packet)
{
    int64_t until = now_ms() + milliseconds;

    if (capture_input(again, 0)->packets >= number)
        return STATUS_END;
    do {
        for (int i = 0; i < PACKETS_A_LOOK; i++) {
            enum status status = capture_next(again, packet);

            if (status != STATUS_OK || packet->number >= number)
                return status;
        }
    } while (now_ms() < until);
    return STATUS_WAIT;
}
