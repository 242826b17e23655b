/* Sorting the report: runs by problem, outputs by film, runs by name. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "report/parts.h"

static int compare_named(const void *left, const void *right)
{
    const struct orl_named *a = left, *b = right;
    int order = strcmp(a->name, b->name);
    if (order != 0)
        return order;
    return (a->index > b->index) - (a->index < b->index);
}

/* Neighbours of one name become a group; groups are then ordered by their first item. */
struct span {
    size_t begin, end; /* in the sorted names */
    size_t first;      /* the least index among them */
};

static int compare_spans(const void *left, const void *right)
{
    const struct span *a = left, *b = right;
    return (a->first > b->first) - (a->first < b->first);
}

static size_t find_spans(const struct orl_named *named, size_t count, struct span *spans)
{
    size_t found = 0;
    for (size_t i = 0; i < count; i++) {
        if (i == 0 || strcmp(named[i].name, named[i - 1].name) != 0)
            spans[found++] = (struct span){i, i, named[i].index};
        spans[found - 1].end = i + 1;
    }
    return found;
}

/* Group the `count` sorted entries of `named`. False when memory is short. */
static bool group_named(const struct orl_named *named, size_t count, struct orl_groups *groups)
{
    struct span *spans = orl_calloc(count, sizeof *spans);
    groups->start = orl_calloc(count + 1, sizeof *groups->start);
    groups->items = orl_calloc(count, sizeof *groups->items);
    bool whole = spans && groups->start && groups->items;
    if (whole) {
        size_t filled = 0;
        groups->count = find_spans(named, count, spans);
        qsort(spans, groups->count, sizeof *spans, compare_spans);
        for (size_t g = 0; g < groups->count; g++) {
            groups->start[g] = filled;
            for (size_t i = spans[g].begin; i < spans[g].end; i++)
                groups->items[filled++] = named[i].index;
        }
        groups->start[groups->count] = filled;
    }
    free(spans);
    return whole;
}

/* What has no loss goes behind what has one, failed runs last of all. */
static int ending(const struct orl_report_run *run)
{
    if (run->status == ORL_STATUS_FAILED)
        return 2;
    return run->status == ORL_STATUS_DIVERGED || !isfinite(run->loss);
}

bool orl_report_run_better(const struct orl_report_run *a, const struct orl_report_run *b)
{
    if (a->rank != b->rank && a->rank > 0 && b->rank > 0)
        return a->rank < b->rank;
    if (ending(a) != ending(b))
        return ending(a) < ending(b);
    return isfinite(a->loss) && (!isfinite(b->loss) || a->loss < b->loss);
}

struct ranked {
    const struct orl_report_run *run;
    size_t index;
};

static int compare_ranked(const void *left, const void *right)
{
    const struct ranked *a = left, *b = right;
    if (orl_report_run_better(a->run, b->run))
        return -1;
    if (orl_report_run_better(b->run, a->run))
        return 1;
    return (a->index > b->index) - (a->index < b->index);
}

static bool groups_sort(const struct orl_report *report, struct orl_groups *groups)
{
    struct ranked *ranked = orl_calloc(report->run_count, sizeof *ranked);
    if (!ranked)
        return false;
    for (size_t g = 0; g < groups->count; g++) {
        size_t begin = groups->start[g], count = groups->start[g + 1] - begin;
        for (size_t i = 0; i < count; i++)
            ranked[i] =
                (struct ranked){&report->runs[groups->items[begin + i]], groups->items[begin + i]};
        qsort(ranked, count, sizeof *ranked, compare_ranked);
        for (size_t i = 0; i < count; i++)
            groups->items[begin + i] = ranked[i].index;
    }
    free(ranked);
    return true;
}

static const char *or_empty(const char *name)
{
    return name ? name : "";
}

bool orl_report_arrange(struct orl_layout_of_report *layout, const struct orl_report *report)
{
    size_t most = report->run_count > report->film_count ? report->run_count : report->film_count;
    struct orl_named *named = orl_calloc(most, sizeof *named);
    layout->report = report;
    layout->runs = orl_calloc(report->run_count, sizeof *layout->runs);
    bool whole = named && layout->runs;
    if (whole) {
        for (size_t i = 0; i < report->run_count; i++) {
            layout->runs[i] = (struct orl_named){or_empty(report->runs[i].name), i};
            named[i] = (struct orl_named){or_empty(report->runs[i].problem), i};
        }
        qsort(layout->runs, report->run_count, sizeof *layout->runs, compare_named);
        qsort(named, report->run_count, sizeof *named, compare_named);
        whole = group_named(named, report->run_count, &layout->problems) &&
                groups_sort(report, &layout->problems);
    }
    if (whole) {
        for (size_t i = 0; i < report->film_count; i++)
            named[i] = (struct orl_named){or_empty(report->films[i].name), i};
        qsort(named, report->film_count, sizeof *named, compare_named);
        whole = group_named(named, report->film_count, &layout->films);
    }
    free(named);
    return whole;
}

static void groups_uninit(struct orl_groups *groups)
{
    free(groups->start);
    free(groups->items);
    *groups = (struct orl_groups){0};
}

void orl_report_arrange_uninit(struct orl_layout_of_report *layout)
{
    groups_uninit(&layout->problems);
    groups_uninit(&layout->films);
    free(layout->runs);
    layout->runs = NULL;
}

const struct orl_report_run *orl_report_run_find(const struct orl_layout_of_report *layout,
                                                 const char *name)
{
    size_t low = 0, high = layout->report->run_count;
    if (!name)
        return NULL;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (strcmp(layout->runs[middle].name, name) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == layout->report->run_count || strcmp(layout->runs[low].name, name) != 0)
        return NULL;
    return &layout->report->runs[layout->runs[low].index];
}
