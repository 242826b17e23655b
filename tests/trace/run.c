/* Runs recorded, thinned, stopped, diverged; traces written and read back; the text log. */
#include "orl_test.h"

#include <unistd.h>

#include "base/text.h"
#include "optreel/trace.h"
#include "trace/thinning.h"

static struct orl_problem *problem(const char *model)
{
    static const char *const names[] = {"a", "b"};
    static const double truth[] = {1, 2}, start[] = {0, 0};
    struct orl_column_spec column = {.name = "x", .from = 0, .to = 1, .count = 50};
    struct orl_noise_spec none = {0};
    struct orl_formula *f = NULL;
    struct orl_formula_error refused;
    struct orl_dataset *data = NULL;
    struct orl_problem *made = NULL;
    assert_int_equal(orl_formula_parse(model, strlen(model), &orl_limits_default, &f, &refused),
                     ORL_OK);
    assert_int_equal(orl_dataset_generate(f, names, truth, 2, &column, 1, &none, 1, &data, NULL),
                     ORL_OK);
    struct orl_problem_spec spec = {.model = model,
                                    .parameters = names,
                                    .start = start,
                                    .truth = truth,
                                    .parameter_count = 2,
                                    .data = &data,
                                    .loss = orl_loss_find("mse")};
    assert_int_equal(orl_problem_create(&spec, &orl_limits_default, &made, NULL), ORL_OK);
    orl_formula_destroy(&f);
    return made;
}

/* A plain function of a and b, to be minimised from (0, 0). */
static struct orl_problem *objective(const char *formula)
{
    static const char *const names[] = {"a", "b"};
    static const double start[] = {0, 0};
    struct orl_problem *made = NULL;
    struct orl_problem_spec spec = {
        .model = formula, .parameters = names, .start = start, .parameter_count = 2};
    assert_int_equal(orl_problem_create(&spec, &orl_limits_default, &made, NULL), ORL_OK);
    return made;
}

static struct orl_trace *run(const struct orl_problem *p, double rate, int64_t steps, size_t rows,
                             double batch, struct orl_stop_spec stop)
{
    struct orl_value values[4] = {{.number = rate}}, common[ORL_COMMON_COUNT] = {{.number = batch}};
    struct orl_trace *trace = NULL;
    struct orl_run_spec spec = {.problem = p,
                                .optimizer = orl_optimizer_find("sgd"),
                                .settings = values,
                                .common = common,
                                .steps = steps,
                                .record_every = 1,
                                .record_rows = rows,
                                .stop = stop,
                                .seed = 3};
    assert_int_equal(orl_trace_run(&spec, &trace, NULL), ORL_OK);
    return trace;
}

static void whole(void **state)
{
    struct orl_problem *p = problem("a + b*x");
    struct orl_trace *t = run(p, 0.1, 100, 1000, 0, (struct orl_stop_spec){0});
    (void)state;
    assert_int_equal(t->rows, 101);
    assert_int_equal(t->steps, 100);
    assert_int_equal(t->status, ORL_STATUS_FINISHED);
    for (size_t k = 0; k < 100; k++)
        for (size_t i = 0; i < 2; i++) {
            CHECK_NEAR(t->values[2 * (k + 1) + i],
                       t->values[2 * k + i] - 0.1 * t->gradients[2 * k + i], 1e-15);
            assert_true(t->used[2 * (k + 1) + i] == t->gradients[2 * k + i]);
        }
    assert_true(t->loss[100] < t->loss[0]);
    assert_true(orl_trace_steps_to(t, t->loss[0]) == 0 && orl_trace_steps_to(t, 0) == -1);
    int64_t at = orl_trace_steps_to(t, 1e-1);
    assert_true(at > 0 && t->loss[at] <= 1e-1 && t->loss[at - 1] > 1e-1);
    orl_trace_destroy(&t);
    orl_problem_destroy(&p);
}

/* The first half of the rows one by one, the rest evenly on the scale of log steps, the last row
 * kept, every kept row as it was. */
static void thinned(void **state)
{
    struct orl_problem *p = problem("a + b*x");
    struct orl_trace *all = run(p, 0.1, 10000, 100000, 0, (struct orl_stop_spec){0}),
                     *few = run(p, 0.1, 10000, 60, 0, (struct orl_stop_spec){0});
    (void)state;
    assert_true(few->rows <= 60 && few->rows >= 55);
    for (size_t k = 0; k < 30; k++)
        assert_int_equal(few->step[k], k);
    assert_int_equal(few->step[few->rows - 1], 10000);
    for (size_t k = 0; k < few->rows; k++) {
        size_t step = (size_t)few->step[k];
        assert_memory_equal(few->values + 2 * k, all->values + 2 * step, 2 * sizeof(double));
        assert_true(few->loss[k] == all->loss[step]);
        if (k)
            assert_memory_equal(few->used + 2 * k, all->gradients + 2 * (step - 1),
                                2 * sizeof(double));
        double ratio =
            k > 30 && k + 2 < few->rows ? (double)few->step[k + 1] / (double)few->step[k] : 1.24;
        if (!(ratio > 1.18 && ratio < 1.30)) /* (10000/30)^(1/28) = 1.23 */
            fail_msg("from step %lld to %lld", (long long)few->step[k],
                     (long long)few->step[k + 1]);
    }
    for (size_t i = 0; i < ORL_THRESHOLDS; i++) { /* told of steps that are not recorded, too */
        int64_t at = orl_trace_steps_to(few, orl_trace_thresholds[i]);
        assert_int_equal(at, orl_trace_steps_to(all, orl_trace_thresholds[i]));
        assert_true(at < 0 || (all->loss[at] <= orl_trace_thresholds[i] &&
                               (at == 0 || all->loss[at - 1] > orl_trace_thresholds[i])));
    }
    assert_true(few->reached_count > 0);
    orl_trace_destroy(&all);
    orl_trace_destroy(&few);
    orl_problem_destroy(&p);
}

/* A loss equal to a threshold has reached it, in the run and in the rows. */
static void reached_at_equality(void **state)
{
    (void)state;
    struct orl_problem *p = objective("0.01 + 0*a + 0*b");
    double row[2] = {2.0, 1.0}, loss[2] = {3.0, 0.25};
    int64_t step[2] = {0, 7};
    struct orl_trace rows = {.rows = 2, .step = step, .loss = loss, .values = row};
    assert_int_equal(orl_trace_steps_to(&rows, 0.25), 7);
    assert_int_equal(orl_trace_steps_to(&rows, 0.2499), -1);
    struct orl_trace *t = run(p, 0.1, 3, 1000, 0, (struct orl_stop_spec){0});
    assert_true(t->loss[0] == 1e-2);
    assert_int_equal(orl_trace_steps_to(t, 1e-2), 0);
    assert_int_equal(orl_trace_steps_to(t, 1e-3), -1);
    orl_trace_destroy(&t);
    orl_problem_destroy(&p);
}

/* The thresholds that files name. */
static void thresholds_are_named(void **state)
{
    static const double thresholds[] = {0.01, 0.001, 0.000001};
    static const char *const words[] = {"1e-2", "1e-3", "1e-6"};
    (void)state;
    for (size_t i = 0; i < ORL_THRESHOLDS; i++) {
        assert_true(orl_trace_thresholds[i] == thresholds[i]);
        assert_string_equal(orl_trace_threshold_names[i], words[i]);
    }
}

/* A run of 100 steps has room for its 101 rows and the last one only with 102; of 50 rows the first
 * 25 are kept, of 5,000 the first thousand, then fewer and fewer. A step that is asked for too late
 * is none that was promised. */
static void the_first_rows_are_all_kept(void **state)
{
    static const struct {
        int64_t steps, dense;
        size_t rows;
    } cases[] = {{100, INT64_MAX, 102}, {100, 50, 101}, {100, 25, 50}, {100000, 1000, 5000}};
    struct orl_thinning t;
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        orl_thinning_init(&t, cases[i].steps, 1, cases[i].rows);
        assert_true(t.dense == cases[i].dense);
    }
    assert_true(orl_thinning_keeps(&t, 0));
    assert_true(!orl_thinning_keeps(&t, 2));
    assert_true(orl_thinning_keeps(&t, 1));
}

/* Only multiples of record.every, thinned or not; what fits is kept whole. */
static void every_wins(void **state)
{
    static const struct {
        int64_t steps, every;
        size_t rows, least;
    } cases[] = {{100, 1, 102, 101},       {100, 7, 1000, 16}, {100000, 50, 300, 280},
                 {1000000, 1, 5000, 4700}, {1000, 1, 2, 1},    {1000, 1, 3, 2}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct orl_thinning t;
        size_t kept = 0;
        orl_thinning_init(&t, cases[i].steps, cases[i].every, cases[i].rows);
        for (int64_t step = 0; step < cases[i].steps; step++)
            if (orl_thinning_keeps(&t, step)) {
                assert_int_equal(step % cases[i].every, 0);
                if (kept < cases[i].rows / 2 && kept < 1000)
                    assert_int_equal(step, (int64_t)kept * cases[i].every);
                kept++;
            }
        if (kept + 1 > cases[i].rows || kept + 1 < cases[i].least)
            fail_msg("%zu rows of %lld steps, at most %zu", kept, (long long)cases[i].steps,
                     cases[i].rows);
    }
}

/* A run that cannot make its first update, or is lost with it, has its start to show. */
static void start_is_kept(void **state)
{
    static const struct {
        const char *objective;
        double rate, loss;
        int64_t steps;
    } cases[] = {{"(a - 1)^2 + b^2", 1e308, 1.0, 1}, {"3 + sqrt(a) + b^2", 0.1, 3.0, 0}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct orl_problem *p = objective(cases[i].objective);
        struct orl_trace *t = run(p, cases[i].rate, 5, 1000, 0, (struct orl_stop_spec){0});
        assert_int_equal(t->status, ORL_STATUS_DIVERGED);
        assert_int_equal(t->steps, cases[i].steps);
        assert_int_equal(t->rows, 1);
        assert_true(t->loss[0] == cases[i].loss && t->step[0] == 0);
        orl_trace_destroy(&t);
        orl_problem_destroy(&p);
    }
}

static void ended(void **state)
{
    struct orl_problem *p = problem("a + b*x");
    struct orl_trace *t = run(p, 0.1, 100000, 1000, 0, (struct orl_stop_spec){.loss = 1e-3});
    (void)state;
    assert_int_equal(t->status, ORL_STATUS_CONVERGED);
    assert_true(t->steps < 100000 && t->loss[t->rows - 1] < 1e-3);
    orl_trace_destroy(&t);
    t = run(p, 10, 100000, 1000, 0, (struct orl_stop_spec){0});
    assert_int_equal(t->status, ORL_STATUS_DIVERGED);
    assert_true(t->steps > 10 && t->steps < 10000);
    for (size_t k = 0; k < t->rows; k++)
        assert_true(isfinite(t->loss[k]) && isfinite(t->values[2 * k]) && t->step[k] < t->steps);
    orl_trace_destroy(&t);
    orl_problem_destroy(&p);
}

static void batches_repeat(void **state)
{
    struct orl_problem *p = problem("a + b*x");
    struct orl_trace *one = run(p, 0.1, 200, 1000, 8, (struct orl_stop_spec){0}),
                     *two = run(p, 0.1, 200, 1000, 8, (struct orl_stop_spec){0});
    (void)state;
    assert_memory_equal(one->values, two->values, 402 * sizeof(double));
    assert_true(one->loss[200] < 0.5 * one->loss[0]);
    orl_trace_destroy(&one);
    orl_trace_destroy(&two);
    orl_problem_destroy(&p);
}

static int collect(void *context, const void *bytes, size_t length, struct orl_error *err)
{
    (void)err;
    orl_text_append(context, bytes, length);
    return ORL_OK;
}

/* A race is fair: another rule on the same problem draws the same batches in the same order, epoch
 * after epoch. With a rate of 0 nobody moves, so the batches' gradients are all that differs from
 * step to step. */
static void batches_are_fair(void **state)
{
    struct orl_problem *p = problem("a + b*x");
    struct orl_trace *one = run(p, 0, 60, 1000, 7, (struct orl_stop_spec){0}), *other = NULL;
    const struct orl_optimizer_desc *adam = orl_optimizer_find("adam");
    struct orl_value values[16] = {{0}}, common[ORL_COMMON_COUNT] = {{.number = 7}};
    (void)state;
    for (size_t i = 0; adam->settings[i].name; i++)
        values[i].number =
            strcmp(adam->settings[i].name, "learning_rate") == 0 ? 0 : adam->settings[i].initial;
    struct orl_run_spec spec = {.problem = p,
                                .optimizer = adam,
                                .settings = values,
                                .common = common,
                                .steps = 60,
                                .record_every = 1,
                                .record_rows = 1000,
                                .seed = 3};
    assert_int_equal(orl_trace_run(&spec, &other, NULL), ORL_OK);
    assert_int_equal(one->rows, other->rows);
    assert_memory_equal(one->gradients, other->gradients, one->rows * 2 * sizeof *one->gradients);
    for (size_t k = 1; k < one->rows; k++) /* and they do differ from batch to batch */
        assert_true(one->gradients[2 * k] != one->gradients[2 * k - 2]);
    orl_trace_destroy(&one);
    orl_trace_destroy(&other);
    orl_problem_destroy(&p);
}

static void round_trip(void **state)
{
    static const char *const names[] = {"a", "b"};
    char path[] = "/tmp/optreel-trace-XXXXXX";
    struct orl_problem *p = problem("a + b*x");
    struct orl_trace *t = run(p, 0.1, 50, 1000, 0, (struct orl_stop_spec){0}), *back = NULL;
    struct orl_text text = {0};
    struct orl_messages messages = {0};
    (void)state;
    assert_int_equal(orl_trace_write_csv(t, (struct orl_sink){&text, collect}, NULL), ORL_OK);
    assert_true(strncmp(text.data, "step,loss,a,b,grad_a,grad_b\n0,", 30) == 0);
    int fd = mkstemp(path);
    assert_int_equal(write(fd, text.data, text.length), (ssize_t)text.length);
    close(fd);
    assert_int_equal(
        orl_trace_read_csv(path, "t.csv", names, 2, &orl_limits_default, &messages, &back), ORL_OK);
    assert_int_equal(back->rows, t->rows);
    assert_memory_equal(back->loss, t->loss, t->rows * sizeof(double));
    assert_memory_equal(back->values, t->values, 2 * t->rows * sizeof(double));
    assert_memory_equal(back->gradients, t->gradients, 2 * t->rows * sizeof(double));
    unlink(path);
    orl_text_uninit(&text);
    orl_messages_uninit(&messages);
    orl_trace_destroy(&t);
    orl_trace_destroy(&back);
    orl_problem_destroy(&p);
}

static void log_words(void **state)
{
    struct orl_problem *p = problem("a + b*x");
    struct orl_trace *t = run(p, 0.1, 2, 1000, 0, (struct orl_stop_spec){0});
    struct orl_text text = {0};
    double value;
    (void)state;
    assert_int_equal(
        orl_trace_write_log(t, "line", "sgd", "MSE", (struct orl_sink){&text, collect}, NULL),
        ORL_OK);
    assert_true(strncmp(text.data, "step 1\nderivative of loss wrt a: -", 34) == 0);
    assert_non_null(strstr(text.data, "\nnew a: "));
    assert_non_null(strstr(text.data, "\nstep 2\nderivative of loss wrt a: "));
    const char *last = strstr(text.data, "\nMSE line with sgd: ");
    assert_non_null(last);
    assert_int_equal(sscanf(last, "\nMSE line with sgd: %lf", &value), 1);
    assert_true(value == t->loss[2]);
    orl_text_uninit(&text);
    orl_trace_destroy(&t);
    orl_problem_destroy(&p);
}

/* Logs of other programs: series, missing steps, rows that are not finite, faults with their place.
 */
static void foreign(void **state)
{
    static const struct {
        const char *text;
        bool good;
        size_t rows;
        const char *words;
    } cases[] = {
        {"loss,acc\n1,0.5\n0.5,\n0.25,0.75\n", true, 3, NULL},
        {"step,loss\n0,1\n10,0.5\n20,nan\n30,1\n", true, 2, "diverged at step 20"},
        {"step,loss\n0,nan\n", false, 0, "first row"},
        {"step,loss\n0,1\n0,2\n", false, 0, "does not come after"},
        {"step,loss\n-1,1\n", false, 0, "is not a step: steps are whole numbers from 0 on"},
        {"step,loss\n0,1,2\n", false, 0, "3 fields"},
        {"step,loss\n0,x\n", false, 0, "is not a"},
        {"step\n0\n", false, 0, "nothing to plot"},
        {"", false, 0, "empty"},
    };
    char path[] = "/tmp/optreel-trace-XXXXXX";
    (void)state;
    int fd = mkstemp(path);
    close(fd);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct orl_messages messages = {0};
        struct orl_trace *t = NULL;
        FILE *out = fopen(path, "w");
        fputs(cases[i].text, out);
        fclose(out);
        int ret = orl_trace_read_csv(path, "t.csv", NULL, 0, &orl_limits_default, &messages, &t);
        assert_int_equal(ret == ORL_OK, cases[i].good);
        if (t)
            assert_int_equal(t->rows, cases[i].rows);
        if (cases[i].words &&
            (messages.count != 1 || !strstr(messages.items[0].text, cases[i].words)))
            fail_msg("%s: %s", cases[i].text,
                     messages.count ? messages.items[0].text : "no message");
        orl_trace_destroy(&t);
        orl_messages_uninit(&messages);
    }
    unlink(path);
}

/* ---- Ends, levels and gradients of every kind of run ----------------------------------------- */

/* A run of any rule with settings by name, "momentum=0.9", on a problem. */
static struct orl_trace *run_rule(const struct orl_problem *p, const char *rule, double rate,
                                  struct orl_run_spec spec, double batch)
{
    const struct orl_optimizer_desc *desc = orl_optimizer_find(rule);
    struct orl_value values[24] = {{0}}, common[ORL_COMMON_COUNT] = {{0}};
    struct orl_trace *trace = NULL;
    for (size_t i = 0; desc->settings[i].name; i++)
        values[i].number =
            strcmp(desc->settings[i].name, "learning_rate") == 0 ? rate : desc->settings[i].initial;
    common[ORL_COMMON_BATCH].number = batch;
    spec.problem = p;
    spec.optimizer = desc;
    spec.settings = values;
    spec.common = common;
    spec.record_every = spec.record_every ? spec.record_every : 1;
    spec.record_rows = spec.record_rows ? spec.record_rows : 100000;
    spec.seed = 3;
    assert_int_equal(orl_trace_run(&spec, &trace, NULL), ORL_OK);
    return trace;
}

/* Each epoch shows every point once, and the next epoch in another order. With a rate of 0 the
 * gradients of batches differ by their points alone: 50 points in batches of 10. */
static void epochs_are_shuffled_anew(void **state)
{
    struct orl_problem *p = problem("a + b*x");
    struct orl_trace *t = run(p, 0, 15, 1000, 10, (struct orl_stop_spec){0}),
                     *all = run(p, 0, 1, 1000, 0, (struct orl_stop_spec){0});
    (void)state;
    for (size_t epoch = 0; epoch < 3; epoch++) {
        double sum = 0;
        for (size_t k = 0; k < 5; k++)
            sum += t->gradients[2 * (5 * epoch + k)] / 5;
        CHECK_NEAR(sum, all->gradients[0], 1e-14);
    }
    for (size_t epoch = 1; epoch < 3; epoch++) {
        size_t same = 0;
        for (size_t k = 0; k < 5; k++)
            same += t->gradients[2 * k] == t->gradients[2 * (5 * epoch + k)];
        assert_true(same < 5);
    }
    orl_trace_destroy(&t);
    orl_trace_destroy(&all);
    orl_problem_destroy(&p);
}

/* Rprop stands still for a step whenever it overshot: that is no end. */
static void a_pause_is_no_end(void **state)
{
    struct orl_problem *p = problem("a + b*x");
    struct orl_trace *t =
        run_rule(p, "rprop", 0.1, (struct orl_run_spec){.steps = 400, .stop.change = 1e-9}, 0);
    (void)state;
    size_t paused = 0;
    for (size_t k = 1; k < 40; k++)
        paused += memcmp(t->values + 2 * k, t->values + 2 * k - 2, 2 * sizeof(double)) == 0;
    assert_true(paused > 0); /* it did pause, at a step that is not the last */
    assert_true(t->rows > 40 && t->loss[t->rows - 1] < 1e-9);
    orl_trace_destroy(&t);
    /* A run that has arrived stops after ten still updates, not before. */
    t = run_rule(p, "sgd", 0, (struct orl_run_spec){.steps = 400, .stop.change = 1e-9}, 0);
    assert_int_equal(t->status, ORL_STATUS_CONVERGED);
    assert_int_equal(t->steps, 10);
    orl_trace_destroy(&t);
    orl_problem_destroy(&p);
}

/* One point's gradient may vanish by chance; the run stops by that of all points. */
static void mini_batches_stop_by_all_points(void **state)
{
    struct orl_problem *p = problem("a + b*x");
    struct orl_trace *t =
        run_rule(p, "sgd", 0.05, (struct orl_run_spec){.steps = 5000, .stop.gradient = 1e-2}, 1);
    size_t small = 0;
    (void)state;
    for (size_t k = 0; k + 1 < t->rows; k++)
        small += hypot(t->gradients[2 * k], t->gradients[2 * k + 1]) < 1e-2;
    assert_true(small > 0); /* earlier than the end, of a single point */
    assert_int_equal(t->status, ORL_STATUS_CONVERGED);
    assert_true(t->gradient_norm < 1e-2 && t->gradient_norm > 1e-4);
    orl_trace_destroy(&t);
    orl_problem_destroy(&p);
}

/* What is told of the end is the same for every kind of run: all points, at the parameters. */
static void the_gradient_at_the_end(void **state)
{
    static const struct {
        const char *rule;
        double batch;
    } cases[] = {{"sgd", 0}, {"nesterov", 0}, {"sgd", 8}, {"nesterov", 8}};
    struct orl_problem *p = problem("a + b*x");
    struct orl_workspace *w = NULL;
    (void)state;
    assert_int_equal(orl_workspace_create(p, &w, NULL), ORL_OK);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct orl_trace *t =
            run_rule(p, cases[i].rule, 0.02, (struct orl_run_spec){.steps = 33}, cases[i].batch);
        double loss, gradient[2];
        orl_problem_evaluate(p, w, t->values + 66, NULL, 0, &loss, gradient);
        CHECK_NEAR(t->gradient_norm, hypot(gradient[0], gradient[1]), 1e-15);
        orl_trace_destroy(&t);
    }
    orl_workspace_destroy(&w);
    orl_problem_destroy(&p);
}

/* Steps to a loss are those of the run, whatever rows are kept. */
static void levels_are_exact_when_thinned(void **state)
{
    static const struct {
        const char *rule;
        double batch;
    } cases[] = {{"sgd", 0}, {"nesterov", 0}, {"sgd", 8}};
    struct orl_problem *p = problem("a + b*x");
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct orl_run_spec all = {.steps = 600}, few = {.steps = 600, .record_every = 50};
        struct orl_trace *a = run_rule(p, cases[i].rule, 0.1, all, cases[i].batch),
                         *b = run_rule(p, cases[i].rule, 0.1, few, cases[i].batch);
        int64_t step = orl_trace_steps_to(a, 1e-2);
        assert_true(step > 0 && step % 50 != 0);
        for (size_t k = 0; k < ORL_THRESHOLDS; k++)
            assert_int_equal(orl_trace_steps_to(a, orl_trace_thresholds[k]),
                             orl_trace_steps_to(b, orl_trace_thresholds[k]));
        orl_trace_destroy(&a);
        orl_trace_destroy(&b);
    }
    orl_problem_destroy(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whole),
        cmocka_unit_test(thinned),
        cmocka_unit_test(reached_at_equality),
        cmocka_unit_test(every_wins),
        cmocka_unit_test(thresholds_are_named),
        cmocka_unit_test(the_first_rows_are_all_kept),
        cmocka_unit_test(start_is_kept),
        cmocka_unit_test(ended),
        cmocka_unit_test(batches_repeat),
        cmocka_unit_test(batches_are_fair),
        cmocka_unit_test(round_trip),
        cmocka_unit_test(log_words),
        cmocka_unit_test(foreign),
        cmocka_unit_test(epochs_are_shuffled_anew),
        cmocka_unit_test(a_pause_is_no_end),
        cmocka_unit_test(mini_batches_stop_by_all_points),
        cmocka_unit_test(the_gradient_at_the_end),
        cmocka_unit_test(levels_are_exact_when_thinned),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
