/* Failures on purpose: recipes, counts and the mark that one was struck. Empty without
 * -DOPTREEL_FAULTS=ON. */
#include "base/fault.h"

#ifdef ORL_FAULTS
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>

#include "base/array.h"

enum { SHORT = -1, EXIT_BUG = 70 };

struct recipe {
    unsigned long at; /* which call; 0: none */
    bool sticky;      /* and all after it */
    int error;        /* errno, or SHORT */
};

static const char *const points[ORL_FAULT_POINTS] = {
    [ORL_FAULT_OPEN] = "open",   [ORL_FAULT_READ] = "read",     [ORL_FAULT_WRITE] = "write",
    [ORL_FAULT_SYNC] = "sync",   [ORL_FAULT_RENAME] = "rename", [ORL_FAULT_MKDIR] = "mkdir",
    [ORL_FAULT_CLOSE] = "close", [ORL_FAULT_MEMORY] = "memory",
};

static const struct {
    const char *name;
    int error;
} errors[] = {
    {"EACCES", EACCES}, {"EDQUOT", EDQUOT}, {"EFBIG", EFBIG},   {"EIO", EIO},
    {"EMFILE", EMFILE}, {"ENOENT", ENOENT}, {"ENOMEM", ENOMEM}, {"ENOSPC", ENOSPC},
    {"EPERM", EPERM},   {"EROFS", EROFS},   {"short", SHORT},
};

static struct recipe recipes[ORL_FAULT_POINTS];
static atomic_size_t calls[ORL_FAULT_POINTS], hits;
static const char *mark;       /* path of the file that tells of failures; NULL: none */
static unsigned long turn = 1; /* of those who come to the call: who fails */

static bool error_read(const char *text, size_t length, int *error)
{
    for (size_t i = 0; i < ORL_COUNT(errors); i++)
        if (strlen(errors[i].name) == length && strncmp(errors[i].name, text, length) == 0) {
            *error = errors[i].error;
            return true;
        }
    return false;
}

/* POINT@N[+][=ERROR]; the end of it, or NULL. */
static const char *recipe_read(const char *text, struct recipe *all)
{
    const char *end = text + strcspn(text, ",");
    const char *at = memchr(text, '@', (size_t)(end - text));
    char *rest;
    for (size_t i = 0; at && i < ORL_FAULT_POINTS; i++) {
        if (strlen(points[i]) != (size_t)(at - text) ||
            strncmp(points[i], text, (size_t)(at - text)) != 0)
            continue;
        struct recipe recipe = {.at = strtoul(at + 1, &rest, 10),
                                .error = i == ORL_FAULT_MEMORY ? ENOMEM : EIO};
        if (*rest == '+')
            recipe.sticky = true, rest++;
        if (*rest == '=' && error_read(rest + 1, (size_t)(end - rest - 1), &recipe.error))
            rest += end - rest;
        if (recipe.at == 0 || rest != end ||
            (recipe.error == SHORT && i != ORL_FAULT_READ && i != ORL_FAULT_WRITE))
            return NULL;
        all[i] = recipe;
        return end;
    }
    return NULL;
}

bool orl_fault_set(const char *recipe)
{
    struct recipe wanted[ORL_FAULT_POINTS] = {0};
    const char *text = recipe;
    while (text && *text && (text = recipe_read(text, wanted)) && *text == ',')
        text++;
    bool good = !recipe || text;
    for (size_t i = 0; i < ORL_FAULT_POINTS; i++) {
        recipes[i] = good ? wanted[i] : (struct recipe){0};
        atomic_store(&calls[i], 0);
    }
    atomic_store(&hits, 0);
    return good;
}

/* What a whole program is to suffer. */
static void __attribute__((constructor)) environment_read(void)
{
    const char *recipe = getenv("OPTREEL_FAULT");
    const char *whose = getenv("OPTREEL_FAULT_TURN");
    mark = getenv("OPTREEL_FAULT_MARK");
    turn = whose ? strtoul(whose, NULL, 10) : 1;
    if (!orl_fault_set(recipe)) {
        (void)!write(STDERR_FILENO, "optreel: OPTREEL_FAULT is not a recipe\n", 39);
        _exit(EXIT_BUG);
    }
}

/* Lines of a file from its beginning. */
static unsigned long lines_count(int fd)
{
    char piece[512];
    unsigned long lines = 0;
    off_t at = 0;
    for (ssize_t got; (got = pread(fd, piece, sizeof piece, at)) > 0; at += got)
        for (ssize_t i = 0; i < got; i++)
            lines += piece[i] == '\n';
    return lines;
}

/* Tell of the call in the mark's file. False where this is to be the only failure, and is another's
 * turn. */
static bool mark_leave(const struct recipe *recipe, enum orl_fault_point point, size_t call)
{
    char line[80];
    if (!mark)
        return true;
    int fd = open(mark, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
    if (fd < 0)
        return recipe->sticky;
    (void)flock(fd, LOCK_EX);
    int length = snprintf(line, sizeof line, "%ld %s %zu\n", (long)getpid(), points[point], call);
    (void)!write(fd, line, (size_t)length);
    bool ours = recipe->sticky || lines_count(fd) == turn;
    close(fd);
    return ours;
}

bool orl_fault_strikes(enum orl_fault_point point, size_t *length)
{
    const struct recipe *recipe = &recipes[point];
    size_t call = atomic_fetch_add(&calls[point], 1) + 1;
    if (recipe->at == 0 || (recipe->sticky ? call < recipe->at : call != recipe->at) ||
        !mark_leave(recipe, point, call))
        return false;
    atomic_fetch_add(&hits, 1);
    if (recipe->error == SHORT) {
        if (length && *length > 1)
            *length /= 2;
        return false;
    }
    errno = recipe->error;
    return true;
}

size_t orl_fault_calls(enum orl_fault_point point)
{
    return atomic_load(&calls[point]);
}

size_t orl_fault_hits(void)
{
    return atomic_load(&hits);
}
#endif
