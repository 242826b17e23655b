/* Answers as bytes: numbers as they lie in memory, since both ends are the same program; texts and
 * arrays with their length before them. */
#include "logs/pack.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "logs/format.h"

#define NO_TEXT UINT64_MAX

/* ---- Writing ---- */

static void put_u64(struct orl_text *out, uint64_t value)
{
    orl_text_append(out, (const char *)&value, sizeof value);
}

static void put_array(struct orl_text *out, const void *data, size_t count, size_t size)
{
    put_u64(out, data ? count * size : NO_TEXT);
    if (data)
        orl_text_append(out, data, count * size);
}

static void put_string(struct orl_text *out, const char *string)
{
    put_array(out, string, string ? strlen(string) : 0, 1);
}

static void put_trace(struct orl_text *out, const struct orl_trace *t)
{
    put_u64(out, t != NULL);
    if (!t)
        return;
    put_u64(out, t->rows);
    put_u64(out, t->series_count);
    put_u64(out, (uint64_t)t->status);
    put_u64(out, (uint64_t)t->steps);
    put_array(out, t->step, t->rows, sizeof *t->step);
    put_array(out, t->loss, t->rows, sizeof *t->loss);
    put_array(out, t->loss_gaps, t->rows, sizeof *t->loss_gaps);
    put_array(out, t->series, t->rows * t->series_count, sizeof *t->series);
    for (size_t i = 0; i < t->series_count; i++)
        put_string(out, t->series_names[i]);
}

static void put_run(struct orl_text *out, const struct orl_log_run *run)
{
    const char *const texts[] = {run->name,      run->title,        run->source,
                                 run->format,    run->format_title, run->details,
                                 run->step_name, run->nothing,      run->loss_name};
    const uint64_t numbers[] = {run->steps, (uint64_t)run->first_step, (uint64_t)run->last_step,
                                (uint64_t)run->usual_gap, run->wider_gaps};
    for (size_t i = 0; i < ORL_COUNT(texts); i++)
        put_string(out, texts[i]);
    for (size_t i = 0; i < ORL_COUNT(numbers); i++)
        put_u64(out, numbers[i]);
    put_u64(out, run->series_count);
    for (size_t i = 0; i < run->series_count; i++) {
        put_string(out, run->series[i].name);
        put_string(out, run->series[i].reason);
        put_array(out, &run->series[i], 1, sizeof run->series[i]);
    }
    put_trace(out, run->trace);
}

void orl_log_pack(const struct log_answer *answer, struct orl_text *out)
{
    const struct orl_messages *messages = &answer->messages;
    put_u64(out, (uint64_t)answer->code);
    put_u64(out, (uint64_t)answer->err.code);
    put_string(out, answer->err.text);
    put_u64(out, messages->count);
    for (size_t i = 0; i < messages->count; i++) {
        put_u64(out, messages->items[i].severity);
        put_u64(out, messages->items[i].line);
        put_string(out, messages->items[i].file);
        put_string(out, messages->items[i].text);
        put_string(out, messages->items[i].hint);
    }
    put_u64(out, answer->set ? answer->set->count : 0);
    for (size_t i = 0; answer->set && i < answer->set->count; i++)
        put_run(out, &answer->set->runs[i]);
}

/* ---- Reading ---- */

struct unpacker {
    const char *at;
    size_t left;
    bool broken;
};

static uint64_t take_u64(struct unpacker *u)
{
    uint64_t value = 0;
    u->broken |= u->left < sizeof value;
    if (u->broken)
        return 0;
    memcpy(&value, u->at, sizeof value);
    u->at += sizeof value;
    u->left -= sizeof value;
    return value;
}

/* An array of `count` elements, or none; a count of elements that does not fit is broken. */
static void *take_array(struct unpacker *u, size_t count, size_t size)
{
    size_t bytes;
    uint64_t length = take_u64(u);
    if (u->broken || length == NO_TEXT)
        return NULL;
    u->broken |= !orl_size_mul(count, size, &bytes) || bytes != length || length > u->left;
    void *data = u->broken ? NULL : orl_calloc(count, size);
    u->broken |= !data;
    if (!data)
        return NULL;
    if (bytes)
        memcpy(data, u->at, bytes);
    u->at += bytes;
    u->left -= bytes;
    return data;
}

static char *take_string(struct unpacker *u)
{
    uint64_t length = take_u64(u);
    if (u->broken || length == NO_TEXT)
        return NULL;
    u->broken |= length > u->left || memchr(u->at, '\0', (size_t)length);
    char *string = u->broken ? NULL : orl_strndup(u->at, (size_t)length);
    u->broken |= !string;
    if (!string)
        return NULL;
    u->at += length;
    u->left -= (size_t)length;
    return string;
}

static struct orl_trace *take_trace(struct unpacker *u)
{
    size_t cells;
    if (!take_u64(u))
        return NULL;
    struct orl_trace *t = orl_calloc(1, sizeof *t);
    u->broken |= !t;
    if (u->broken)
        return t;
    t->rows = (size_t)take_u64(u);
    size_t series = (size_t)take_u64(u);
    t->status = take_u64(u) == ORL_STATUS_DIVERGED ? ORL_STATUS_DIVERGED : ORL_STATUS_FINISHED;
    t->steps = (int64_t)take_u64(u);
    t->step = take_array(u, t->rows, sizeof *t->step);
    t->loss = take_array(u, t->rows, sizeof *t->loss);
    t->loss_gaps = take_array(u, t->rows, sizeof *t->loss_gaps);
    u->broken |= !orl_size_mul(t->rows, series, &cells) || series > u->left;
    t->series = u->broken ? NULL : take_array(u, cells, sizeof *t->series);
    t->series_names = u->broken ? NULL : orl_calloc(series, sizeof *t->series_names);
    t->parameters = orl_calloc(0, sizeof *t->parameters);
    t->values = orl_calloc(0, sizeof *t->values);
    u->broken |=
        !t->step || !t->series || !t->series_names || !t->parameters || !t->values || t->rows == 0;
    for (; !u->broken && t->series_count < series; t->series_count++) {
        t->series_names[t->series_count] = take_string(u);
        u->broken |= !t->series_names[t->series_count];
    }
    for (size_t i = 1; !u->broken && i < t->rows; i++)
        u->broken |= t->step[i] <= t->step[i - 1];
    return t;
}

/* The table's own text for the name of a format. */
static const char *format_name(char *name)
{
    const struct orl_log_kind *kind = orl_log_kinds();
    while (name && kind->name && strcmp(kind->name, name) != 0)
        kind++;
    free(name);
    return kind->name ? kind->name : "unknown";
}

static void take_series(struct unpacker *u, struct orl_log_series *series)
{
    char *name = take_string(u), *reason = take_string(u);
    struct orl_log_series *told = take_array(u, 1, sizeof *told);
    if (told)
        *series = *told;
    series->name = name;
    series->reason = reason;
    u->broken |= !name || (unsigned)series->role > ORL_LOG_LEFT_OUT;
    free(told);
}

static void take_run(struct unpacker *u, struct orl_log_run *run)
{
    run->name = take_string(u);
    run->title = take_string(u);
    run->source = take_string(u);
    run->format = format_name(take_string(u));
    run->format_title = take_string(u);
    run->details = take_string(u);
    run->step_name = take_string(u);
    run->nothing = take_string(u);
    run->loss_name = take_string(u);
    run->steps = (size_t)take_u64(u);
    run->first_step = (int64_t)take_u64(u);
    run->last_step = (int64_t)take_u64(u);
    run->usual_gap = (int64_t)take_u64(u);
    run->wider_gaps = (size_t)take_u64(u);
    size_t count = (size_t)take_u64(u);
    u->broken |= count > u->left || !run->name || !run->title || !run->source;
    run->series = u->broken ? NULL : orl_calloc(count, sizeof *run->series);
    u->broken |= !run->series;
    for (; !u->broken && run->series_count < count; run->series_count++)
        take_series(u, &run->series[run->series_count]);
    run->trace = u->broken ? NULL : take_trace(u);
}

static void take_message(struct unpacker *u, struct orl_messages *messages)
{
    enum orl_severity severity =
        take_u64(u) == ORL_SEVERITY_WARNING ? ORL_SEVERITY_WARNING : ORL_SEVERITY_ERROR;
    unsigned line = (unsigned)take_u64(u);
    char *file = take_string(u), *text = take_string(u), *hint = take_string(u);
    struct orl_place place = {.file = file, .line = line};
    if (!u->broken && text)
        (void)orl_messages_add(messages, severity, file ? &place : NULL, hint, "%s", text);
    free(file);
    free(text);
    free(hint);
}

int orl_log_unpack(const char *bytes, size_t length, struct log_answer *out, struct orl_error *err)
{
    struct unpacker u = {bytes, length, false};
    *out = (struct log_answer){.code = (int)take_u64(&u)};
    out->err.code = (int)take_u64(&u);
    char *text = take_string(&u);
    snprintf(out->err.text, sizeof out->err.text, "%s", text ? text : "");
    free(text);
    for (uint64_t i = take_u64(&u); !u.broken && i > 0; i--)
        take_message(&u, &out->messages);
    size_t count = (size_t)take_u64(&u);
    u.broken |= count > u.left;
    out->set = u.broken ? NULL : orl_calloc(1, sizeof *out->set);
    if (out->set)
        out->set->runs = orl_calloc(count, sizeof *out->set->runs);
    u.broken |= !out->set || !out->set->runs;
    for (; !u.broken && out->set->count < count; out->set->count++)
        take_run(&u, &out->set->runs[out->set->count]);
    if (!u.broken && u.left == 0)
        return ORL_OK;
    orl_log_set_destroy(&out->set);
    return orl_fail(err, ORL_EENV, "the process that reads logs gave no sound answer");
}
