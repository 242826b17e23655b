/* Traces as CSV and as the text log. */
#include <math.h>
#include <string.h>

#include "base/text.h"
#include "optreel/trace.h"

enum { FLUSH_BYTES = 1 << 16 };

/* Text that is handed on when it has grown. */
struct buffered {
    struct orl_text text;
    struct orl_sink sink;
    struct orl_error *err;
    int result;
};

static void flush(struct buffered *b)
{
    if (b->result == ORL_OK && b->text.failed)
        b->result = orl_fail_memory(b->err);
    if (b->result == ORL_OK && b->text.length)
        b->result = b->sink.write(b->sink.context, b->text.data, b->text.length, b->err);
    orl_text_clear(&b->text);
}

static int finish(struct buffered *b)
{
    flush(b);
    orl_text_uninit(&b->text);
    return b->result;
}

static void put_exact(struct buffered *b, double value)
{
    char buffer[ORL_NUMBER_SIZE];
    orl_text_append(&b->text, buffer, (size_t)orl_double_exact(buffer, value));
}

/* A field in quotes where RFC 4180 wants them. */
static void put_name(struct buffered *b, const char *prefix, const char *name)
{
    bool quote = strpbrk(name, ",\"\r\n") != NULL;
    orl_text_putc(&b->text, ',');
    if (quote)
        orl_text_putc(&b->text, '"');
    orl_text_puts(&b->text, prefix);
    for (const char *p = name; *p; p++) {
        if (*p == '"')
            orl_text_putc(&b->text, '"');
        orl_text_putc(&b->text, *p);
    }
    if (quote)
        orl_text_putc(&b->text, '"');
}

static void put_header(struct buffered *b, const struct orl_trace *t)
{
    orl_text_puts(&b->text, t->loss ? "step,loss" : "step");
    for (size_t i = 0; i < t->parameter_count; i++)
        put_name(b, "", t->parameters[i]);
    for (size_t i = 0; t->gradients && i < t->parameter_count; i++)
        put_name(b, "grad_", t->parameters[i]);
    for (size_t i = 0; i < t->series_count; i++)
        put_name(b, "", t->series_names[i]);
    orl_text_putc(&b->text, '\n');
}

static void put_cells(struct buffered *b, const double *values, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        orl_text_putc(&b->text, ',');
        put_exact(b, values[i]);
    }
}

/* A series may have gaps: empty cells, as they were read. */
static void put_series(struct buffered *b, const double *values, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        orl_text_putc(&b->text, ',');
        if (isfinite(values[i]))
            put_exact(b, values[i]);
    }
}

int orl_trace_write_csv(const struct orl_trace *trace, struct orl_sink sink, struct orl_error *err)
{
    struct buffered b = {.sink = sink, .err = err};
    put_header(&b, trace);
    for (size_t row = 0; row < trace->rows && b.result == ORL_OK; row++) {
        orl_text_printf(&b.text, "%lld", (long long)trace->step[row]);
        if (trace->loss && trace->loss_gaps && trace->loss_gaps[row])
            orl_text_putc(&b.text, ',');
        else if (trace->loss)
            put_cells(&b, trace->loss + row, 1);
        put_cells(&b, trace->values + row * trace->parameter_count, trace->parameter_count);
        if (trace->gradients)
            put_cells(&b, trace->gradients + row * trace->parameter_count, trace->parameter_count);
        put_series(&b, trace->series + row * trace->series_count, trace->series_count);
        orl_text_putc(&b.text, '\n');
        if (b.text.length > FLUSH_BYTES)
            flush(&b);
    }
    return finish(&b);
}

static void put_line(struct buffered *b, const char *what, const char *name, double value)
{
    char buffer[ORL_NUMBER_SIZE];
    orl_text_puts(&b->text, what);
    orl_text_puts(&b->text, name);
    orl_text_puts(&b->text, ": ");
    orl_text_append(&b->text, buffer, (size_t)orl_double_short(buffer, value));
    orl_text_putc(&b->text, '\n');
}

int orl_trace_write_log(const struct orl_trace *trace, const char *problem, const char *optimizer,
                        const char *loss_label, struct orl_sink sink, struct orl_error *err)
{
    struct buffered b = {.sink = sink, .err = err};
    size_t n = trace->parameter_count;
    for (size_t row = 0; row < trace->rows && b.result == ORL_OK; row++) {
        if (trace->step[row] < 1)
            continue;
        orl_text_printf(&b.text, "step %lld\n", (long long)trace->step[row]);
        for (size_t i = 0; i < n; i++) {
            if (trace->used)
                put_line(&b, "derivative of loss wrt ", trace->parameters[i],
                         trace->used[row * n + i]);
            put_line(&b, "new ", trace->parameters[i], trace->values[row * n + i]);
        }
        if (b.text.length > FLUSH_BYTES)
            flush(&b);
    }
    if (trace->status == ORL_STATUS_DIVERGED)
        orl_text_printf(&b.text, "diverged at step %lld\n", (long long)trace->steps);
    if (trace->rows && trace->loss) {
        orl_text_printf(&b.text, "%s %s with ", loss_label, problem);
        put_line(&b, "", optimizer, trace->loss[trace->rows - 1]);
    }
    return finish(&b);
}
