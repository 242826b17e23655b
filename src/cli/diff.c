/* optreel diff: two output folders, films or summaries compared. */
#include <math.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/io.h"
#include "batch/summaries.h"
#include "batch/upkeep.h"
#include "cli/cli.h"
#include "encode/compare.h"

/* Comparing at work. */
struct diff {
    const char *names[2];
    double tolerance;
    bool quiet;
    const char *picture_file; /* NULL: none is wanted */
    struct orl_text picture;  /* of the first film that differs in pixels */
    size_t runs, films, different;
};

static void diff_tell(struct diff *d, const char *what, const char *how)
{
    struct orl_text line = {0};
    d->different++;
    orl_text_escape_terminal(&line, what, strlen(what));
    orl_text_puts(&line, ": ");
    orl_text_escape_terminal(&line, how, strlen(how));
    if (!d->quiet && !line.failed)
        puts(line.data);
    orl_text_uninit(&line);
}

static void diff_tell_only(struct diff *d, const char *what, size_t side)
{
    char *how = orl_asprintf("only in %s", d->names[side]);
    diff_tell(d, what, how ? how : "only in one of them");
    free(how);
}

/* "frame 12 (0.4 s) differs in 512 pixels, by at most 34 of 255; 3 of 300 frames differ" */
static void film_tell(struct diff *d, const char *name, const struct film_difference *f)
{
    struct orl_text how = {0};
    if (!f->decoded)
        orl_text_puts(&how, "other bytes (libavcodec does not decode it)");
    else if (f->frames[0] == 0)
        orl_text_printf(&how, "%dx%d and %dx%d pixels", f->width[0], f->height[0], f->width[1],
                        f->height[1]);
    else if (f->differing == 0)
        orl_text_printf(&how, "the same up to its end, but %zu and %zu frames", f->frames[0],
                        f->frames[1]);
    if (f->differing > 0) {
        orl_text_printf(&how, "frame %zu (%.3g s) ", f->first, f->first_s);
        if (f->pixels > 0)
            orl_text_printf(&how, "differs in %zu pixel%s, by at most %d of 255", f->pixels,
                            f->pixels == 1 ? "" : "s", f->most);
        else
            orl_text_puts(&how, "is shown at another time");
        orl_text_printf(&how, "; %zu of %zu frames differ", f->differing,
                        f->frames[0] < f->frames[1] ? f->frames[0] : f->frames[1]);
        if (f->frames[0] != f->frames[1])
            orl_text_printf(&how, "; %zu and %zu frames", f->frames[0], f->frames[1]);
    }
    diff_tell(d, name, how.data ? how.data : "");
    orl_text_uninit(&how);
}

static int films_diff(struct diff *d, const char *name, const char *a, const char *b,
                      struct orl_error *err)
{
    struct film_difference found;
    bool wanted = d->picture_file && d->picture.length == 0;
    int ret = orl_film_compare(a, b, &found, wanted ? &d->picture : NULL, err);
    d->films++;
    if (ret == ORL_OK && !found.same)
        film_tell(d, name, &found);
    return ret;
}

static void runs_diff(struct diff *d, const struct summary *a, const struct summary *b)
{
    for (size_t i = 0; i < a->run_count; i++) {
        const struct summary_item *other = orl_summary_find(b->runs, b->run_count, a->runs[i].name);
        struct orl_text how = {0};
        d->runs++;
        if (!other)
            diff_tell_only(d, a->runs[i].name, 0);
        else if (orl_summary_compare(&a->runs[i], other, d->tolerance, SUMMARY_ALL, &how))
            diff_tell(d, a->runs[i].name, how.data ? how.data : "");
        orl_text_uninit(&how);
    }
    for (size_t i = 0; i < b->run_count; i++)
        if (!orl_summary_find(a->runs, a->run_count, b->runs[i].name))
            diff_tell_only(d, b->runs[i].name, 1);
}

static bool is_there(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0;
}

/* A film that both summaries tell of. A folder of frames is not looked into. */
static int film_of_both(struct diff *d, const char *path, struct orl_error *err)
{
    char *a = orl_asprintf("%s/%s", d->names[0], path),
         *b = orl_asprintf("%s/%s", d->names[1], path);
    int ret = a && b ? ORL_OK : orl_fail_memory(err);
    bool left = ret == ORL_OK && is_there(a), right = ret == ORL_OK && is_there(b);
    if (left && right)
        ret = films_diff(d, path, a, b, err);
    else if (left || right)
        diff_tell_only(d, path, left ? 0 : 1);
    free(a);
    free(b);
    return ret;
}

static int folders_films_diff(struct diff *d, const struct summary *a, const struct summary *b,
                              struct orl_error *err)
{
    int ret = ORL_OK;
    for (size_t i = 0; ret == ORL_OK && i < a->film_count; i++)
        if (orl_summary_find(b->films, b->film_count, a->films[i].name))
            ret = film_of_both(d, a->films[i].name, err);
        else
            diff_tell_only(d, a->films[i].name, 0);
    for (size_t i = 0; ret == ORL_OK && i < b->film_count; i++)
        if (!orl_summary_find(a->films, a->film_count, b->films[i].name))
            diff_tell_only(d, b->films[i].name, 1);
    return ret;
}

/* Two folders by their summaries and films, or two summaries alone. */
static int summaries_diff(struct diff *d, bool folders, struct orl_error *err)
{
    struct summary summaries[2] = {0};
    int ret = ORL_OK;
    for (size_t i = 0; ret == ORL_OK && i < 2; i++) {
        char *path = orl_asprintf("%s%s", d->names[i], folders ? "/summary.json" : "");
        ret = path ? orl_summary_read(path, &summaries[i], err) : orl_fail_memory(err);
        free(path);
    }
    if (ret == ORL_OK)
        runs_diff(d, &summaries[0], &summaries[1]);
    if (ret == ORL_OK && folders)
        ret = folders_films_diff(d, &summaries[0], &summaries[1], err);
    orl_summary_uninit(&summaries[0]);
    orl_summary_uninit(&summaries[1]);
    return ret;
}

static bool is_folder(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

static bool is_summary(const char *path)
{
    const char *dot = strrchr(path, '.');
    return dot && strcmp(dot, ".json") == 0;
}

static int anything_diff(struct diff *d, struct orl_error *err)
{
    bool folders = is_folder(d->names[0]);
    if (folders != is_folder(d->names[1]))
        return orl_fail(err, ORL_EINPUT, "'%s' is a folder, '%s' is not", d->names[!folders],
                        d->names[folders]);
    if (folders || (is_summary(d->names[0]) && is_summary(d->names[1])))
        return summaries_diff(d, folders, err);
    return films_diff(d, d->names[0], d->names[0], d->names[1], err);
}

static void end_tell(const struct diff *d)
{
    if (d->quiet)
        return;
    if (d->different > 0)
        printf("%zu difference%s", d->different, d->different == 1 ? "" : "s");
    else
        fputs("equal", stdout);
    printf(": %zu run%s and %zu film%s compared\n", d->runs, d->runs == 1 ? "" : "s", d->films,
           d->films == 1 ? "" : "s");
}

static int command_diff(struct cli_options *options)
{
    struct orl_error err = {0};
    if (options->operand_count != 2)
        return orl_cli_usage("such as: optreel diff output/before output/now",
                             "diff compares two folders or films, not %zu", options->operand_count);
    struct diff d = {.names = {options->operands[0], options->operands[1]},
                     .tolerance = options->batch.tolerance > 0.0 ? options->batch.tolerance
                                                                 : ORL_TOLERANCE_USUAL,
                     .quiet = options->batch.quiet,
                     .picture_file = options->output};
    int ret = anything_diff(&d, &err);
    if (ret == ORL_OK && d.picture.length > 0)
        ret = orl_upkeep_deliver(d.picture_file, d.picture.data, d.picture.length, &err);
    if (ret == ORL_OK)
        end_tell(&d);
    orl_cli_print_error(ret, &err);
    orl_text_uninit(&d.picture);
    return ret != ORL_OK ? orl_exit_code(ret) : d.different > 0;
}

#define TEXT(member) orl_cli_set_text, .offset = offsetof(struct cli_options, member)
#define FLAG(member) orl_cli_set_flag, .offset = offsetof(struct cli_options, member)

static const struct cli_option diff_options[] = {
    {"tolerance", .argument = "REL", .set = orl_cli_set_tolerance,
     .description = "of numbers, relative to the larger; default: 1e-9"},
    {"output", 'o', "FILE", CLI_VALUES_FILE, TEXT(output),
     .description = "a PNG of the first frame that differs: A, B, and where"},
    {"quiet", 'q', .set = FLAG(batch.quiet), .description = "the exit code alone"},
    {0},
};

extern const struct cli_command orl_command_diff;
const struct cli_command orl_command_diff = {
    .name = "diff",
    .usage = "A B [options]",
    .summary = "compare two output folders or films: numbers, and decoded frames",
    .help = "Of two output folders the runs are compared, number by number within --tolerance "
            "(times\napart), and the films, frame by frame as libavcodec decodes them; of two "
            "films the frames,\nof two summary.json the runs. Exit code 0: equal, 1: different, "
            "3: something cannot be read.",
    .operands = CLI_ANY_NUMBER,
    .operand = CLI_VALUES_FILE,
    .options = {diff_options},
    .needs_media = orl_cli_always,
    .run = command_diff,
};
