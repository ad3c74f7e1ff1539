/* stream_script.c: reads tests/streams files */
#include "tests/support/stream_run.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int hex_value(char c)
{
    const char *digits = "0123456789abcdef";
    const char *found = c ? strchr(digits, c) : NULL;

    return found ? (int)(found - digits) : -1;
}

static void add_byte(struct stream_step *step, uint8_t byte)
{
    (void)!buffer_append(&step->bytes, slice_of(&byte, 1));
}

static void add_hex(struct stream_step *step, const char *line)
{
    for (; *line; line++)
        if (hex_value(line[0]) >= 0 && hex_value(line[1]) >= 0) {
            add_byte(step, (uint8_t)(hex_value(line[0]) << 4 | hex_value(line[1])));
            line++;
        }
}

/* \r \n \t \xNN and \\; a backslash at the end of the line leaves its CR LF out; \*N*text repeats
 * the text to the end of the line N times. */
static void add_text(struct stream_step *step, const char *line)
{
    bool open = false;

    if (strncmp(line, "\\*", 2) == 0) {
        char *text;
        unsigned long times = strtoul(line + 2, &text, 10);

        for (; times > 0; times--)
            (void)!buffer_append(&step->bytes, slice_of_text(text + 1));
        return;
    }
    for (; *line; line++) {
        if (*line != '\\') {
            add_byte(step, (uint8_t)*line);
            continue;
        }
        line++;
        open = *line == '\0';
        if (open)
            break;
        if (*line == 'x') {
            add_byte(step, (uint8_t)(hex_value(line[1]) << 4 | hex_value(line[2])));
            line += 2;
        } else {
            add_byte(step, (uint8_t)(*line == 'r'   ? '\r'
                                     : *line == 'n' ? '\n'
                                     : *line == 't' ? '\t'
                                                    : *line));
        }
    }
    if (!open)
        (void)!buffer_append(&step->bytes, slice_of_text("\r\n"));
}

static void read_marker(struct stream_script *script, const char *line, bool *hex)
{
    static const char *const ends[] = { "fin", "reset", "timeout", "capture" };
    struct stream_step *step = &script->steps[script->step_count++];
    char word[32] = "", argument[32] = "";

    sscanf(line + 3, "%31s %31s", word, argument);
    *step = (struct stream_step){ .direction = line[0] == '>' ? FROM_CLIENT : FROM_SERVER };
    *hex = strcmp(word, "hex") == 0 || strcmp(word, "datagram") == 0;
    if (strcmp(word, "datagram") == 0)
        step->action = ACTION_DATAGRAM;
    if (strcmp(word, "gap") == 0)
        step->action = ACTION_GAP;
    if (strcmp(word, "log") == 0) {
        step->action = ACTION_LOG;
        script->follows = true;
    }
    if (strcmp(word, "tick") == 0)
        step->action = ACTION_TICK;
    if (strcmp(word, "end") == 0)
        step->action = ACTION_END;
    step->count = strtoull(argument, NULL, 10);
    for (unsigned i = 0; i < 4; i++)
        if (strcmp(argument, ends[i]) == 0)
            step->end = (enum stream_end)i;
}

static void read_option(struct stream_script *script, const char *line)
{
    script->everything = script->everything || strcmp(line, "everything") == 0;
    script->mid_stream = script->mid_stream || strcmp(line, "mid-stream") == 0;
    script->whole_only = script->whole_only || strcmp(line, "whole only") == 0;
    script->udp = script->udp || strcmp(line, "udp") == 0;
    if (strncmp(line, "keylog ", 7) == 0)
        text_print(&script->keylog, "%s\n", line + 7);
    if (strncmp(line, "port ", 5) == 0)
        script->port = (uint16_t)atoi(line + 5);
}

static bool is_marker(const char *line)
{
    return strncmp(line, ">>>", 3) == 0 || strncmp(line, "<<<", 3) == 0;
}

static void read_line(struct stream_script *script, char *line, bool *hex)
{
    struct stream_step *last = &script->steps[script->step_count - (script->step_count > 0)];

    if (is_marker(line) && script->step_count < STREAM_STEPS_MAX)
        read_marker(script, line, hex);
    else if (script->step_count == 0)
        read_option(script, line);
    else if (*hex)
        add_hex(last, line);
    else
        add_text(last, line);
}

bool stream_script_read(const char *path, struct stream_script *script)
{
    FILE *file = fopen(path, "r");
    char *line = NULL;
    size_t size = 0;
    bool hex = false, expected = false;

    *script = (struct stream_script){ .port = 80 };
    if (!file)
        return false;
    while (getline(&line, &size, file) > 0) {
        line[strcspn(line, "\n")] = '\0';
        if (strcmp(line, "===") == 0)
            expected = true;
        else if (expected)
            text_print(&script->expected, "%s\n", line);
        else if (line[0] != '#')
            read_line(script, line, &hex);
    }
    free(line);
    fclose(file);
    return true;
}

void stream_script_release(struct stream_script *script)
{
    for (size_t i = 0; i < script->step_count; i++)
        buffer_release(&script->steps[i].bytes);
    text_release(&script->keylog);
    text_release(&script->expected);
}
