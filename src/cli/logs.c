/* What was found in logs, for optreel check. */
#include "cli/logs.h"

#include <fcntl.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"

enum { HEAD = 1 << 14 };

/* True where a line of the text begins with a key that only experiments have at the top. */
static bool has_experiment_key(const char *text)
{
    static const char *const keys[] = {"problems", "optimizers", "runs", "films"};
    for (const char *line = text; line; line = strchr(line, '\n')) {
        line += strspn(line, "\n\r");
        line += strspn(line, *text == '{' ? "{\" " : "\"");
        for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
            size_t length = strlen(keys[i]);
            if (strncmp(line, keys[i], length) == 0 &&
                line[length + strspn(line + length, "\" ")] == ':')
                return true;
        }
    }
    return false;
}

static bool is_experiment(const char *path)
{
    char text[HEAD + 1];
    const char *dot = strrchr(path, '.');
    if (dot && (strcmp(dot, ".yaml") == 0 || strcmp(dot, ".yml") == 0))
        return true;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    ssize_t got = fd >= 0 ? read(fd, text, HEAD) : -1;
    if (fd >= 0)
        close(fd);
    text[got > 0 ? got : 0] = '\0';
    return has_experiment_key(text);
}

/* Nothing in it yet: a log that was just begun. */
static bool is_empty(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 && S_ISREG(status.st_mode) && status.st_size == 0;
}

bool orl_cli_names_logs(const struct cli_options *options)
{
    const char *path = options->operand;
    bool experiments = true;
    for (size_t i = 0; i < options->operand_count; i++)
        experiments = experiments && is_experiment(options->operands[i]);
    if (options->operand_count > 1)
        return !experiments;
    return path && strcmp(path, "-") != 0 && !is_experiment(path) &&
           (orl_log_kind_of(path) || is_empty(path));
}

/* Text from a log, safe on a terminal. */
static void print_text(const char *text)
{
    struct orl_text safe = {0};
    orl_text_escape_terminal(&safe, text, strlen(text));
    fputs(safe.data ? safe.data : "", stdout);
    orl_text_uninit(&safe);
}

static void print_number(double value)
{
    char number[ORL_NUMBER_SIZE];
    orl_double_digits(number, value, 10);
    fputs(number, stdout);
}

static void print_series(const struct orl_log_series *s)
{
    printf("  %-14s", orl_log_role_name(s->role));
    print_text(s->name);
    if (s->points) {
        printf(": %zu point%s, ", s->points, s->points == 1 ? "" : "s");
        print_number(s->first);
        printf(" at %lld", (long long)s->first_step);
    }
    if (s->points > 1) {
        fputs(" to ", stdout);
        print_number(s->last);
        printf(" at %lld", (long long)s->last_step);
    }
    if (s->not_finite)
        printf(", %zu not finite", s->not_finite);
    if (s->reason) {
        fputs(s->points ? " (" : ": ", stdout);
        print_text(s->reason);
        fputs(s->points ? ")" : "", stdout);
    }
    putchar('\n');
}

static void print_run(const struct orl_log_run *run)
{
    print_text(run->name);
    fputs(": ", stdout);
    print_text(run->title);
    fputs("\n  ", stdout);
    print_text(run->format_title ? run->format_title : run->format);
    fputs(", ", stdout);
    print_text(run->source);
    if (run->details && *run->details) {
        fputs(", ", stdout);
        print_text(run->details);
    }
    printf("\n  %zu step%s", run->steps, run->steps == 1 ? "" : "s");
    if (run->steps)
        printf(" from %lld to %lld", (long long)run->first_step, (long long)run->last_step);
    if (run->step_name) {
        fputs(", counted by ", stdout);
        print_text(run->step_name);
    }
    if (run->usual_gap)
        printf("; the loss every %lld", (long long)run->usual_gap);
    if (run->wider_gaps)
        printf(", %zu gap%s wider", run->wider_gaps, run->wider_gaps == 1 ? "" : "s");
    putchar('\n');
    if (run->nothing)
        printf("  %s\n", run->nothing);
    for (int role = 0; role <= ORL_LOG_LEFT_OUT; role++)
        for (size_t i = 0; i < run->series_count; i++) {
            static const enum orl_log_role order[] = {
                ORL_LOG_LOSS, ORL_LOG_VALIDATION, ORL_LOG_METRIC, ORL_LOG_RATE, ORL_LOG_LEFT_OUT};
            if (run->series[i].role == order[role])
                print_series(&run->series[i]);
        }
}

int orl_cli_check_logs(struct cli_options *options)
{
    struct orl_messages messages = {0};
    struct orl_error err = {0};
    struct orl_log_set *set = NULL;
    struct orl_log_request request = options->logs;
    request.paths = options->operands;
    request.path_count = options->operand_count;
    int ret = orl_log_read(&request, &options->limits, &messages, &set, &err);
    orl_messages_print(&messages, stderr);
    orl_cli_print_error(ret, &err);
    for (size_t i = 0; set && i < set->count; i++) {
        if (i)
            putchar('\n');
        print_run(&set->runs[i]);
    }
    orl_log_set_destroy(&set);
    orl_messages_uninit(&messages);
    return orl_exit_code(ret);
}
