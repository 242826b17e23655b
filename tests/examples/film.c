/* An optimizer of one's own, as a callback, in a film beside Adam: into the folder own/.
 *
 *     cc film.c $(pkg-config --cflags --libs optreel) -lm && ./a.out */
#include <math.h>
#include <optreel/optreel.h>
#include <string.h>

#define TRY(call) ret = ret == ORL_OK ? (call) : ret

static const char text[] = "steps: 300\n"
                           "problems:\n"
                           "  line: {model: a + b*x, start: {a: 0, b: 0}, data:\n"
                           "    {x: {from: 0, to: 1, count: 40}, truth: {a: 1, b: 2}}}\n"
                           "optimizers: {adam: {learning_rate: 0.05}}\n"
                           "films: [{each: problem, name: race, panels: [fit, loss], length: 3}]\n"
                           "output: {formats: [mp4], preset: draft}\n";

/* Steps against the sign of the gradient, of a length that shrinks. */
static int update(const struct orl_step *step, double *x)
{
    for (size_t i = 0; i < step->dimension; i++)
        x[i] -= 0.1 * copysign(1.0, step->gradient[i]) / sqrt((double)step->number);
    return ORL_OK;
}
static const struct orl_optimizer_desc mine = {.name = "mine", .title = "Mine", .update = update};

static int sink_write(void *file, const void *bytes, size_t length, struct orl_error *err)
{
    return fwrite(bytes, 1, length, file) == length ? ORL_OK : orl_fail(err, ORL_EIO, "disk full");
}

int main(void)
{
    const char *add = "runs.add=[{name: mine, problem: line, trace: mine.csv, title: Mine}]";
    const struct orl_limits *limits = &orl_limits_default;
    struct orl_experiment_options plain = {0}, with = {.set = &add, .set_count = 1};
    struct orl_batch_options batch = {.folder = "own", .quiet = true, .results = stdout};
    struct orl_experiment_source source = {0};
    struct orl_experiment *first = NULL, *plan = NULL;
    struct orl_messages messages = {0};
    struct orl_run_spec run = {
        .optimizer = &mine, .steps = 300, .record_every = 1, .record_rows = 1000};
    struct orl_problem *line = NULL;
    struct orl_trace *trace = NULL;
    struct orl_error err = {0};
    int signal = 0, ret = orl_experiment_text("own", NULL, text, strlen(text), &source, &err);
    TRY(orl_experiment_load(&source, &plain, limits, &messages, &first));
    TRY(orl_problem_open(&first->problems[0], limits, &messages, &line, &err));
    run.problem = line;
    TRY(orl_trace_run(&run, &trace, &err)); /* here: workers do not know our rule */
    FILE *file = fopen("mine.csv", "w");
    TRY(orl_trace_write_csv(trace, (struct orl_sink){file, sink_write}, &err));
    fclose(file);
    TRY(orl_experiment_load(&source, &with, limits, &messages, &plan));
    TRY(orl_batch_render(&source, &with, plan, limits, &batch, &messages, &signal, &err));
    orl_messages_print(&messages, stderr);
    fprintf(stderr, "%s%s", err.text, *err.text ? "\n" : "");
    return orl_exit_code(ret); /* what was made goes with the process */
}
