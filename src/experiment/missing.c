/* An experiment that is not there: what may have been meant. */
#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/array.h"
#include "base/text.h"
#include "experiment/read.h"

/* A file that may have been meant: with its ending, or the nearest in its folder. Owned by the
 * caller; NULL. */
static char *file_guess(const char *what)
{
    static const char *const endings[] = {".yaml", ".optreel.yaml", ".yml"};
    const char *slash = strrchr(what, '/'), *names[256] = {0};
    size_t count = 0,
           stem = strcspn(slash ? slash : what, ".") + (slash ? (size_t)(slash - what) : 0);
    for (size_t i = 0; i < 2 * ORL_COUNT(endings); i++) {
        size_t length = i < ORL_COUNT(endings) ? strlen(what) : stem;
        char *path = orl_asprintf("%.*s%s", (int)length, what, endings[i % ORL_COUNT(endings)]);
        if (path && length > 0 && access(path, R_OK) == 0)
            return path;
        free(path);
    }
    char *folder = slash ? orl_strndup(what, (size_t)(slash - what + 1)) : orl_strdup("./");
    struct dirent **entries = NULL;
    int found = folder ? scandir(folder, &entries, NULL, alphasort) : 0;
    for (int i = 0; i < found && count + 1 < ORL_COUNT(names); i++) {
        const char *dot = strrchr(entries[i]->d_name, '.');
        if (strcmp(entries[i]->d_name, slash ? slash + 1 : what) == 0)
            continue;
        if (dot && (strcmp(dot, ".yaml") == 0 || strcmp(dot, ".yml") == 0))
            names[count++] = entries[i]->d_name;
    }
    const char *near = orl_suggest(slash ? slash + 1 : what, names);
    char *guess = near ? orl_asprintf("%s%s", slash ? folder : "", near) : NULL;
    for (int i = 0; i < found; i++)
        free(entries[i]);
    free(entries);
    free(folder);
    return guess;
}

int orl_experiment_missing(const char *what, struct orl_messages *messages, const char *reason)
{
    const char *names[64] = {0};
    struct orl_place place = {.file = what};
    for (size_t i = 0; orl_builtins[i].name && i + 1 < ORL_COUNT(names); i++)
        names[i] = orl_builtins[i].name;
    char *file = file_guess(what);
    const char *guess = file ? file : strpbrk(what, "/.") ? NULL : orl_suggest(what, names);
    char *hint = guess ? orl_asprintf("did you mean '%s'?", guess)
                       : orl_strdup("`optreel new NAME` writes a file; `optreel list experiments` "
                                    "has the built-in ones");
    int ret = orl_messages_add(messages, ORL_SEVERITY_ERROR, &place, hint, "%s", reason);
    free(hint);
    free(file);
    return ret;
}
