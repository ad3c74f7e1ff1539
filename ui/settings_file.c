/* settings_file.c: where settings are kept, and how they get there
 *
 * Written beside the old file and renamed over it: one that is there is whole.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ui/settings.h"

enum { FILE_MOST = 65536, FOLDER_MODE = 0700 };

/* False: there is no home. */
static bool add_folder(struct text *out)
{
    const char *given = getenv("XDG_CONFIG_HOME");
    const char *home = getenv("HOME");

    if (given && given[0] == '/')
        text_add(out, given);
    else if (home && home[0] == '/')
        text_print(out, "%s/.config", home);
    else
        return false;
    return true;
}

static void read_whole(struct text *out, const char *path)
{
    char block[4096];
    FILE *file = fopen(path, "re");
    size_t length;

    if (!file)
        return;
    while (text_length(out) < FILE_MOST && (length = fread(block, 1, sizeof block, file)) > 0)
        text_add_slice(out, slice_of(block, length));
    fclose(file);
}

void settings_load(struct ui_settings *settings)
{
    struct text path = { 0 }, content = { 0 };

    if (add_folder(&path)) {
        text_add(&path, "/lyncscope/dashboard");
        read_whole(&content, text_string(&path));
        settings_parse(settings, buffer_slice(&content.bytes));
    }
    text_truncate(&settings->loaded, 0);
    settings_print(settings, &settings->loaded);
    text_release(&path);
    text_release(&content);
}

static bool write_whole(const char *path, const struct text *content)
{
    FILE *file = fopen(path, "we");
    bool good;

    if (!file)
        return false;
    good = fputs(text_string(content), file) >= 0;
    return fclose(file) == 0 && good;
}

static void replace_file(const struct text *folder, const struct text *content)
{
    struct text beside = { 0 }, path = { 0 };

    text_print(&path, "%s/dashboard", text_string(folder));
    text_print(&beside, "%s.%ld", text_string(&path), (long)getpid());
    if (!write_whole(text_string(&beside), content) ||
        rename(text_string(&beside), text_string(&path)) != 0)
        (void)unlink(text_string(&beside));
    text_release(&beside);
    text_release(&path);
}

void settings_save(const struct ui_settings *settings)
{
    struct text folder = { 0 }, content = { 0 };

    settings_print(settings, &content);
    if (!content.cut &&
        !slice_equals(buffer_slice(&content.bytes), buffer_slice(&settings->loaded.bytes)) &&
        add_folder(&folder)) {
        (void)mkdir(text_string(&folder), FOLDER_MODE); /* there already, mostly */
        text_add(&folder, "/lyncscope");
        (void)mkdir(text_string(&folder), FOLDER_MODE);
        replace_file(&folder, &content);
    }
    text_release(&folder);
    text_release(&content);
}
