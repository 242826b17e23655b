/* The wire: set-ups, units and results as fields. */
#include "batch/wire.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"

static void limits_put(struct orl_text *line, const struct orl_limits *limits)
{
    for (const struct orl_limit_desc *d = orl_limit_descs; d->option; d++) {
        uint64_t value;
        memcpy(&value, (const char *)limits + d->offset, sizeof value);
        orl_fields_put_integer(line, (int64_t)value);
    }
}

static void limits_get(struct orl_fields *fields, struct orl_limits *limits)
{
    for (const struct orl_limit_desc *d = orl_limit_descs; d->option; d++) {
        uint64_t value = (uint64_t)orl_fields_get_integer(fields);
        memcpy((char *)limits + d->offset, &value, sizeof value);
    }
}

static void recorded_put(struct orl_text *line, const struct orl_recorded_facts *facts)
{
    orl_fields_put_integer(line, (int64_t)facts->entry);
    orl_fields_put_string(line, facts->log);
    orl_fields_put_string(line, facts->title);
    orl_fields_put_string(line, facts->details);
    orl_fields_put_string(line, facts->loss_name);
    orl_fields_put(line, (const char *)facts->digest, sizeof facts->digest);
    orl_fields_put_integer(line, facts->steps);
    orl_fields_put_integer(line, facts->has_series);
    orl_fields_put_integer(line, facts->has_loss);
}

static void recorded_get(struct orl_fields *fields, struct orl_recorded_facts *facts)
{
    size_t length;
    facts->entry = (size_t)orl_fields_get_integer(fields);
    facts->log = (char *)orl_fields_get_string(fields); /* borrowed: the loader copies them */
    facts->title = (char *)orl_fields_get_string(fields);
    facts->details = (char *)orl_fields_get_string(fields);
    facts->loss_name = (char *)orl_fields_get_string(fields);
    const char *digest = orl_fields_get(fields, &length);
    if (length == sizeof facts->digest)
        memcpy(facts->digest, digest, length);
    else
        fields->failed = true;
    facts->steps = orl_fields_get_integer(fields);
    facts->has_series = orl_fields_get_integer(fields) != 0;
    facts->has_loss = orl_fields_get_integer(fields) != 0;
}

void orl_wire_put_plan(struct orl_text *line, const struct orl_experiment_source *source,
                       const struct orl_experiment_options *options,
                       const struct orl_experiment *experiment, const struct orl_limits *limits)
{
    limits_put(line, limits);
    orl_fields_put_string(line, source->name);
    orl_fields_put_string(line, source->path);
    orl_fields_put_string(line, source->folder);
    orl_fields_put(line, source->text, source->length);
    orl_fields_put_string(line, options->formats);
    orl_fields_put_string(line, options->preset);
    orl_fields_put_string(line, options->only);
    orl_fields_put_integer(line, options->runs_only);
    orl_fields_put_integer(line, options->bare);
    orl_fields_put_integer(line, options->allow_outside);
    orl_fields_put_integer(line, (int64_t)options->set_count);
    for (size_t i = 0; i < options->set_count; i++)
        orl_fields_put_string(line, options->set[i]);
    orl_fields_put_integer(line, (int64_t)experiment->fact_count);
    for (size_t i = 0; i < experiment->fact_count; i++)
        recorded_put(line, &experiment->facts[i]);
    orl_fields_put_integer(line, (int64_t)experiment->problem_count);
    for (size_t i = 0; i < experiment->problem_count; i++)
        orl_fields_put(line, (const char *)experiment->problems[i].digest,
                       sizeof experiment->problems[i].digest);
}

void orl_wire_put_setup(struct orl_text *line, const struct orl_experiment_source *source,
                        const struct orl_experiment_options *options,
                        const struct orl_experiment *experiment, const struct orl_limits *limits,
                        const struct wire_place *place)
{
    orl_fields_put_string(line, MESSAGE_SETUP);
    orl_fields_put_string(line, place->folder);
    orl_fields_put_string(line, place->share);
    orl_fields_put_integer(line, place->first);
    orl_fields_put_integer(line, (int64_t)place->memory);
    orl_fields_put_number(line, place->unit_s);
    orl_wire_put_plan(line, source, options, experiment, limits);
}

/* How many of something follow; -1 where they cannot. */
static int64_t count_get(struct orl_fields *fields)
{
    int64_t count = orl_fields_get_integer(fields);
    return fields->failed || count < 0 || (uint64_t)count > fields->count ? -1 : count;
}

/* What lies in lists of their own; both are the caller's to free. */
static int options_get(struct orl_fields *fields, struct orl_experiment_options *options,
                       const char ***set, struct orl_recorded_facts **recorded,
                       struct orl_error *err)
{
    int64_t sets = count_get(fields);
    *set = orl_calloc(sets > 0 ? (size_t)sets : 1, sizeof **set);
    for (int64_t i = 0; *set && i < sets; i++)
        (*set)[i] = orl_fields_get(fields, NULL);
    int64_t traces = count_get(fields);
    *recorded = orl_calloc(traces > 0 ? (size_t)traces : 1, sizeof **recorded);
    for (int64_t i = 0; *recorded && i < traces; i++)
        recorded_get(fields, &(*recorded)[i]);
    if (!*set || !*recorded)
        return orl_fail_memory(err);
    if (fields->failed || sets < 0 || traces < 0)
        return orl_fail(err, ORL_EBUG, "a worker could not read its set-up");
    options->set = *set;
    options->set_count = (size_t)sets;
    options->recorded = *recorded;
    options->recorded_count = (size_t)traces;
    return ORL_OK;
}

/* The digests of data files that were checked when the plan was made. */
static void digests_get(struct orl_fields *fields, struct orl_experiment *experiment)
{
    int64_t problems = count_get(fields);
    for (int64_t i = 0; i < problems && (uint64_t)i < experiment->problem_count; i++) {
        size_t length;
        const char *digest = orl_fields_get(fields, &length);
        if (length == sizeof experiment->problems[i].digest)
            memcpy(experiment->problems[i].digest, digest, length);
    }
}

int orl_wire_get_plan(struct orl_fields *fields, struct wire_plan *out, struct orl_error *err)
{
    struct orl_messages messages = {0};
    *out = (struct wire_plan){.options.checked = true};
    limits_get(fields, &out->limits);
    out->source.name = (char *)orl_fields_get_string(fields);
    out->source.path = (char *)orl_fields_get_string(fields);
    out->source.folder = (char *)orl_fields_get_string(fields);
    out->source.text = (char *)orl_fields_get(fields, &out->source.length);
    out->options.formats = orl_fields_get_string(fields);
    out->options.preset = orl_fields_get_string(fields);
    out->options.only = orl_fields_get_string(fields);
    out->options.runs_only = orl_fields_get_integer(fields) != 0;
    out->options.bare = orl_fields_get_integer(fields) != 0;
    out->options.allow_outside = orl_fields_get_integer(fields) != 0;
    int ret = options_get(fields, &out->options, &out->set, &out->recorded, err);
    if (ret == ORL_OK) {
        ret = orl_experiment_load(&out->source, &out->options, &out->limits, &messages,
                                  &out->experiment);
        /* It was checked by who made the plan: a message means that the two do not agree. */
        if (ret != ORL_OK)
            orl_messages_fail(&messages, ret, err);
    }
    orl_messages_uninit(&messages);
    if (ret == ORL_OK)
        digests_get(fields, out->experiment);
    else
        orl_wire_plan_uninit(out);
    return ret;
}

void orl_wire_plan_uninit(struct wire_plan *plan)
{
    orl_experiment_destroy(&plan->experiment);
    free((void *)plan->set);
    free(plan->recorded);
    *plan = (struct wire_plan){0};
}

int orl_wire_receive_setup(int fd, struct wire_setup *out, struct orl_error *err)
{
    struct orl_fields fields;
    struct wire_plan plan = {0};
    *out = (struct wire_setup){0};
    if (orl_fields_receive(fd, &fields) != ORL_OK)
        return orl_fail(err, ORL_EENV, "a worker got no set-up");
    int ret = strcmp(orl_fields_get(&fields, NULL), MESSAGE_SETUP) == 0
                  ? ORL_OK
                  : orl_fail(err, ORL_EBUG, "a worker got no set-up");
    if (ret == ORL_OK) {
        const char *folder = orl_fields_get(&fields, NULL), *share = orl_fields_get_string(&fields);
        out->folder = orl_strdup(folder);
        out->share = share ? orl_strdup(share) : NULL;
        out->first = orl_fields_get_integer(&fields) != 0;
        out->memory = (uint64_t)orl_fields_get_integer(&fields);
        out->unit_s = orl_fields_get_number(&fields);
        ret = out->folder && (out->share || !share) ? orl_wire_get_plan(&fields, &plan, err)
                                                    : orl_fail_memory(err);
    }
    if (ret == ORL_OK) {
        out->limits = plan.limits;
        out->experiment = plan.experiment;
        plan.experiment = NULL;
    }
    orl_wire_plan_uninit(&plan);
    orl_fields_uninit(&fields);
    return ret;
}

void orl_wire_setup_uninit(struct wire_setup *setup)
{
    orl_experiment_destroy(&setup->experiment);
    free(setup->folder);
    free(setup->share);
    *setup = (struct wire_setup){0};
}

int orl_wire_send_progress(int fd, double share)
{
    struct orl_text line = {0};
    orl_fields_put_string(&line, MESSAGE_PROGRESS);
    orl_fields_put_number(&line, share);
    int ret = orl_fields_send(fd, &line);
    orl_text_uninit(&line);
    return ret;
}

void orl_wire_put_unit(struct orl_text *line, const struct unit_order *order)
{
    orl_fields_put_string(line, MESSAGE_UNIT);
    orl_fields_put_integer(line, order->kind);
    const size_t numbers[] = {order->run,     order->film,  order->output, order->level,
                              order->segment, order->first, order->count,  order->segments};
    for (size_t i = 0; i < ORL_COUNT(numbers); i++)
        orl_fields_put_integer(line, (int64_t)numbers[i]);
    orl_fields_put_integer(line, order->keep);
    orl_fields_put_integer(line, order->measure);
    orl_fields_put_string(line, order->key);
    orl_fields_put_integer(line, (int64_t)order->run_count);
    for (size_t i = 0; i < order->run_count; i++)
        orl_run_facts_put(line, order->facts[i]);
}

static int facts_read(struct orl_fields *fields, struct wire_unit *out, struct orl_error *err)
{
    int64_t count = orl_fields_get_integer(fields);
    if (fields->failed || count < 0 || (uint64_t)count > fields->count)
        return orl_fail(err, ORL_EBUG, "a worker could not read a unit");
    out->facts = orl_calloc((size_t)count, sizeof *out->facts);
    out->places = orl_calloc((size_t)count, sizeof *out->places);
    if (!out->facts || !out->places)
        return orl_fail_memory(err);
    for (size_t i = 0; i < (size_t)count; i++) {
        if (orl_run_facts_get(fields, &out->facts[i]) != ORL_OK)
            return orl_fail(err, ORL_EBUG, "a worker could not read a unit");
        out->places[i] = &out->facts[i];
        out->order.run_count = i + 1;
    }
    out->order.facts = out->places;
    return ORL_OK;
}

int orl_wire_read_unit(struct orl_fields *fields, struct wire_unit *out, struct orl_error *err)
{
    *out = (struct wire_unit){.order.kind = (enum unit_kind)orl_fields_get_integer(fields)};
    struct unit_order *o = &out->order;
    size_t *const numbers[] = {&o->run,     &o->film,  &o->output, &o->level,
                               &o->segment, &o->first, &o->count,  &o->segments};
    for (size_t i = 0; i < ORL_COUNT(numbers); i++)
        *numbers[i] = (size_t)orl_fields_get_integer(fields);
    o->keep = orl_fields_get_integer(fields) != 0;
    o->measure = orl_fields_get_integer(fields) != 0;
    snprintf(o->key, sizeof o->key, "%s", orl_fields_get(fields, NULL));
    return facts_read(fields, out, err);
}

void orl_wire_unit_uninit(struct wire_unit *unit)
{
    for (size_t i = 0; unit->facts && i < unit->order.run_count; i++)
        orl_run_facts_uninit(&unit->facts[i]);
    free(unit->facts);
    free(unit->places);
    *unit = (struct wire_unit){0};
}
