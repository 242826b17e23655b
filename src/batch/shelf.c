/* The shelf: traces that a worker keeps. */
#include "batch/shelf.h"

#include <stdlib.h>

#include "base/array.h"

enum { SHELF_BYTES = 64 << 20 };

int orl_shelf_init(struct shelf *shelf, size_t count, struct orl_error *err)
{
    *shelf =
        (struct shelf){.traces = orl_calloc(count, sizeof(struct orl_trace *)), .count = count};
    return shelf->traces ? ORL_OK : orl_fail_memory(err);
}

void orl_shelf_uninit(struct shelf *shelf)
{
    for (size_t i = 0; shelf->traces && i < shelf->count; i++)
        orl_trace_destroy(&shelf->traces[i]);
    free(shelf->traces);
    *shelf = (struct shelf){0};
}

static size_t trace_bytes(const struct orl_trace *trace)
{
    size_t columns = 3 + 3 * trace->parameter_count + trace->series_count;
    return trace->rows * columns * sizeof(double);
}

struct orl_trace *orl_shelf_take(struct shelf *shelf, size_t run)
{
    struct orl_trace *trace = shelf->traces[run];
    if (trace)
        shelf->bytes -= trace_bytes(trace);
    shelf->traces[run] = NULL;
    return trace;
}

void orl_shelf_put(struct shelf *shelf, size_t run, struct orl_trace *trace)
{
    struct orl_trace *old = orl_shelf_take(shelf, run);
    orl_trace_destroy(&old);
    if (!trace)
        return;
    if (shelf->bytes + trace_bytes(trace) > SHELF_BYTES) {
        orl_trace_destroy(&trace);
        return;
    }
    shelf->bytes += trace_bytes(trace);
    shelf->traces[run] = trace;
}
