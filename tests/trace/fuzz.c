/* Any bytes as a table: a data set whose numbers are all finite, or a trace whose steps rise; or
 * one message that tells where. */
#include <math.h>
#include <sys/mman.h>
#include <unistd.h>

#include "optreel/trace.h"
#include "orl_fuzz.h"

static void require(bool holds)
{
    if (!holds)
        abort();
}

static void as_data(const char *path, const struct orl_limits *limits)
{
    static const struct orl_csv_column columns[] = {
        {.name = "x", .header = "x"}, {.name = "y", .position = 2}, {.name = "s", .header = "s"}};
    static const char *const predictors[] = {"x"};
    struct orl_messages messages = {0};
    struct orl_formula *response = NULL, *sigma = NULL;
    struct orl_formula_error ignored;
    struct orl_dataset *data = NULL;
    uint8_t digest[32];
    require(orl_formula_parse("log(y)", 6, limits, &response, &ignored) == ORL_OK);
    require(orl_formula_parse("s", 1, limits, &sigma, &ignored) == ORL_OK);
    const struct orl_table_spec spec = {.path = path,
                                        .shown_path = "d.csv",
                                        .columns = columns,
                                        .column_count = 3,
                                        .predictors = predictors,
                                        .predictor_count = 1,
                                        .response = response,
                                        .sigma = sigma,
                                        .comment = "#",
                                        .skip_missing = true};
    int ret = orl_dataset_read(&spec, limits, &messages, digest, &data);
    orl_formula_destroy(&sigma);
    require((ret == ORL_OK) == (data != NULL) && (ret == ORL_OK) == (messages.errors == 0));
    for (size_t i = 0; data && i < data->rows; i++)
        require(isfinite(data->values[0][i]) && isfinite(data->response[i]) &&
                data->sigma[i] > 0.0);
    for (size_t i = 0; i < messages.count; i++)
        require(messages.items[i].line > 0 && messages.items[i].column > 0);
    orl_dataset_destroy(&data);
    orl_formula_destroy(&response);
    orl_messages_uninit(&messages);
}

static void as_trace(const char *path, const char *const *parameters, size_t count,
                     const struct orl_limits *limits)
{
    struct orl_messages messages = {0};
    struct orl_trace *trace = NULL;
    int ret = orl_trace_read_csv(path, "t.csv", parameters, count, limits, &messages, &trace);
    require((ret == ORL_OK) == (trace != NULL) && (ret == ORL_OK) == (messages.errors == 0));
    for (size_t i = 0; trace && i < trace->rows; i++) {
        require(trace->step[i] >= 0 && (i == 0 || trace->step[i] > trace->step[i - 1]));
        require(!trace->loss || isfinite(trace->loss[i]));
        for (size_t k = 0; k < count; k++)
            require(isfinite(trace->values[i * count + k]));
    }
    for (size_t i = 0; i < messages.count; i++)
        require(messages.items[i].line > 0 && messages.items[i].column > 0);
    orl_trace_destroy(&trace);
    orl_messages_uninit(&messages);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static const char *const parameters[] = {"a", "b"};
    struct orl_limits limits = orl_limits_default;
    char path[64];
    int file = memfd_create("table", MFD_CLOEXEC);
    limits.csv_line_bytes = 400;
    limits.csv_field_bytes = 60;
    limits.csv_columns = 12;
    limits.points = 40;
    require(file >= 0 && write(file, bytes, size) == (ssize_t)size);
    snprintf(path, sizeof path, "/proc/self/fd/%d", file);
    as_data(path, &limits);
    as_trace(path, NULL, 0, &limits);
    as_trace(path, parameters, 2, &limits);
    close(file);
    return 0;
}

#ifndef ORL_FUZZER_MAIN
int main(void)
{
    static const char *const seeds[] = {
        "x,y,s\n0,1,0.1\n1,2,0.2\n2,4,0.3\n",
        "\xef\xbb\xbfx\ty\ts\r\n0\t1\t0.1\r\n1\t2\t1\r\n",
        "# by the lab\nx;y;s\n 0 ; 1;1\n\n1;2;3",
        "y,\"x\",\"s\"\n\"1\",\"2\",\"3\"\n1,\"2\",3\n",
        "step,loss,a,b,grad_a,grad_b\n0,1,2,3,4,5\n1,0.5,2,3,4,5\n10,0.25,2,3,4,5\n",
        "step,loss,a,b,accuracy\n0,1,2,3,\n5,1e3,2,3,nan\n9,inf,1,1,1\n",
        "a,b\n1,2\n3,4\n",
    };
    static const char *const words[] = {
        ",",  "\n",   "\r\n", "\r",     "\"",     "\"\"",     "\t",    ";",
        "#",  "nan",  "-inf", "1e400",  "1e-400", "-0",       "1e18",  "0.5",
        "-1", "step", "loss", "grad_a", "x",      "\xff\xfe", "\x1b[", "\xe2\x80\xae"};
    (void)fuzz_replay("trace");
    return fuzz_run(seeds, sizeof seeds / sizeof *seeds, words, sizeof words / sizeof *words,
                    30000);
}
#endif
