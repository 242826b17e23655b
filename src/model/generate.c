/* Data made from a formula. */
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "base/array.h"
#include "base/random.h"
#include "base/text.h"
#include "model/dataset.h"
#include "model/tape.h"

/* Streams of a seed; the n-th column has STREAM_COLUMN + n. */
enum { STREAM_NOISE = 1, STREAM_COLUMN = 16 };

#define OUTLIER_FACTOR 10.0

void orl_dataset_destroy(struct orl_dataset **data)
{
    struct orl_dataset *d = *data;
    if (!d)
        return;
    for (size_t c = 0; c < d->columns; c++) {
        free(d->names ? d->names[c] : NULL);
        free(d->labels ? d->labels[c] : NULL);
        orl_dataset_column_free(d->values ? d->values[c] : NULL, d->rows);
    }
    free(d->names);
    free(d->labels);
    free(d->values);
    orl_dataset_column_free(d->response, d->rows);
    orl_dataset_column_free(d->sigma, d->rows);
    free(d->response_name);
    free(d);
    *data = NULL;
}

enum { LARGE_ROWS = 1 << 16 };

static bool column_bytes(size_t rows, size_t *bytes)
{
    return orl_size_mul(rows ? rows : 1, sizeof(double), bytes) &&
           orl_size_add(*bytes, 63, bytes) && (*bytes = *bytes / 64 * 64);
}

double *orl_dataset_column(size_t rows)
{
    size_t bytes;
    if (!column_bytes(rows, &bytes))
        return NULL;
    if (rows < LARGE_ROWS)
        return orl_malloc_lines(bytes);
    void *map = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
                     MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    return map == MAP_FAILED ? NULL : map;
}

double *orl_dataset_column_resize(double *column, size_t rows, size_t new_rows)
{
    size_t bytes, new_bytes;
    if (!column || rows < LARGE_ROWS || new_rows < LARGE_ROWS) {
        double *made = orl_dataset_column(new_rows);
        if (made && column)
            memcpy(made, column, (rows < new_rows ? rows : new_rows) * sizeof *made);
        if (made)
            orl_dataset_column_free(column, rows);
        return made;
    }
    if (!column_bytes(rows, &bytes) || !column_bytes(new_rows, &new_bytes))
        return NULL;
    void *map = mremap(column, bytes, new_bytes, MREMAP_MAYMOVE);
    return map == MAP_FAILED ? NULL : map;
}

void orl_dataset_column_free(double *column, size_t rows)
{
    size_t bytes;
    if (column && rows >= LARGE_ROWS && column_bytes(rows, &bytes))
        munmap(column, bytes);
    else
        free(column);
}

struct orl_dataset *orl_dataset_create(size_t rows, size_t columns, const char *const *names)
{
    struct orl_dataset *d = orl_calloc(1, sizeof *d);
    if (!d)
        return NULL;
    d->rows = rows;
    d->columns = columns;
    d->names = orl_calloc(columns, sizeof *d->names);
    d->values = orl_calloc(columns, sizeof *d->values);
    d->labels = orl_calloc(columns, sizeof *d->labels);
    bool good = d->names && d->values && d->labels;
    for (size_t c = 0; good && c < columns; c++) {
        d->names[c] = orl_strdup(names[c]);
        d->labels[c] = orl_name_pretty(names[c]);
        good = d->names[c] && d->labels[c];
    }
    if (!good)
        orl_dataset_destroy(&d);
    return d;
}

/* Evenly spaced as numpy's linspace does it, digit by digit: i*step + from, and the last one
 * exactly `to`. */
static void fill_column(const struct orl_column_spec *spec, size_t index, uint64_t seed,
                        double *out)
{
    struct orl_random random;
    double step = spec->count > 1 ? (spec->to - spec->from) / (double)(spec->count - 1) : 0.0;
    orl_random_init(&random, seed, STREAM_COLUMN + index);
    for (size_t i = 0; i < spec->count; i++)
        if (spec->list)
            out[i] = spec->list[i];
        else if (spec->random)
            out[i] = spec->from + (spec->to - spec->from) * orl_random_uniform(&random);
        else
            out[i] = (double)i * step + spec->from;
    if (!spec->list && !spec->random && spec->count > 1)
        out[spec->count - 1] = spec->to;
}

static void add_outlying_noise(struct orl_dataset *d, const struct orl_noise_spec *noise,
                               struct orl_random *random)
{
    for (size_t i = 0; i < d->rows; i++) {
        double deviate = orl_random_normal(random);
        bool outlier = orl_random_uniform(random) < noise->outliers;
        d->response[i] += noise->sd * deviate * (outlier ? OUTLIER_FACTOR : 1.0);
    }
}

static void add_noise(struct orl_dataset *d, const struct orl_noise_spec *noise, uint64_t seed)
{
    struct orl_random random;
    double deviates[ORL_TAPE_BLOCK];
    orl_random_init(&random, seed, STREAM_NOISE);
    if (!(noise->sd > 0.0))
        return;
    if (noise->outliers > 0.0) {
        add_outlying_noise(d, noise, &random);
        return;
    }
    for (size_t first = 0; first < d->rows; first += ORL_TAPE_BLOCK) {
        size_t left = d->rows - first, count = left < ORL_TAPE_BLOCK ? left : ORL_TAPE_BLOCK;
        orl_random_normals(&random, deviates, count);
        for (size_t i = 0; i < count; i++)
            d->response[first + i] += noise->sd * deviates[i];
    }
}

/* The model at all points, a block at a time, as fits evaluate it. */
static int tape_evaluate(struct orl_dataset *d, const struct orl_tape *tape, const double *truth,
                         struct orl_error *err)
{
    struct tape_memory memory;
    const double **columns = orl_calloc(d->columns, sizeof *columns);
    int ret = columns ? orl_tape_memory_create(tape, &memory, err) : orl_fail_memory(err);
    if (ret != ORL_OK) {
        free(columns);
        return ret;
    }
    orl_tape_begin(tape, &memory, truth);
    for (size_t first = 0; ret == ORL_OK && first < d->rows; first += ORL_TAPE_BLOCK) {
        size_t left = d->rows - first, count = left < ORL_TAPE_BLOCK ? left : ORL_TAPE_BLOCK;
        for (size_t c = 0; c < d->columns; c++)
            columns[c] = d->values[c] + first;
        orl_tape_forward(tape, &memory, columns, count);
        memcpy(d->response + first, memory.value[tape->root], count * sizeof *d->response);
        for (size_t i = first; ret == ORL_OK && i < first + count; i++)
            if (!isfinite(d->response[i]))
                ret = orl_fail(err, ORL_EINPUT,
                               "with the true parameters the model is not finite at point %zu",
                               i + 1);
    }
    orl_tape_memory_destroy(&memory);
    free(columns);
    return ret;
}

static int fill_response(struct orl_dataset *d, const struct orl_formula *model,
                         const char *const *parameters, const double *truth, size_t parameter_count,
                         struct orl_error *err)
{
    struct tape_names names = {
        .parameters = parameters,
        .parameter_count = parameter_count,
        .columns = (const char *const *)d->names,
        .column_count = d->columns,
        .points = true,
    };
    struct orl_tape *tape = NULL;
    int ret = orl_tape_compile(model, &names, &tape, err);
    if (ret == ORL_OK)
        ret = tape_evaluate(d, tape, truth, err);
    orl_tape_destroy(&tape);
    return ret;
}

int orl_dataset_generate(const struct orl_formula *model, const char *const *parameters,
                         const double *truth, size_t parameter_count,
                         const struct orl_column_spec *columns, size_t column_count,
                         const struct orl_noise_spec *noise, uint64_t seed,
                         struct orl_dataset **out, struct orl_error *err)
{
    size_t rows = column_count ? columns[0].count : 1;
    const char **names = orl_calloc(column_count, sizeof *names);
    *out = NULL;
    for (size_t c = 0; names && c < column_count; c++)
        names[c] = columns[c].name;
    struct orl_dataset *d = names ? orl_dataset_create(rows, column_count, names) : NULL;
    free(names);
    if (!d)
        return orl_fail_memory(err);
    d->response = orl_dataset_column(rows);
    d->response_name = orl_strdup("y");
    bool good = d->response && d->response_name;
    for (size_t c = 0; good && c < column_count; c++) {
        d->values[c] = orl_dataset_column(rows);
        good = d->values[c] != NULL;
        if (good)
            fill_column(&columns[c], c, seed, d->values[c]);
    }
    int ret = good ? fill_response(d, model, parameters, truth, parameter_count, err)
                   : orl_fail_memory(err);
    if (ret != ORL_OK) {
        orl_dataset_destroy(&d);
        return ret;
    }
    add_noise(d, noise, seed);
    *out = d;
    return ORL_OK;
}
