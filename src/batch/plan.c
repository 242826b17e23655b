/* The plan of a folder: written and read. */
#include "batch/plan.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"

#define PLAN_FILE ".optreel/plan"
#define PLAN_MARK "optreel plan 1"
enum { PLAN_MAX = 64 << 20 };

/* Fields before the plan itself: the mark, the experiment's name, the command. */
static int plan_open(const char *folder, struct orl_fields *fields, bool *there,
                     struct orl_error *err)
{
    char *path = orl_asprintf("%s/" PLAN_FILE, folder), *text = NULL;
    size_t length;
    *fields = (struct orl_fields){0};
    *there = false;
    if (!path)
        return orl_fail_memory(err);
    *there = access(path, F_OK) == 0;
    int ret = *there ? orl_file_read(path, PLAN_MAX, &text, &length, err) : ORL_OK;
    if (ret == ORL_OK && *there)
        ret = orl_fields_split(text, length, fields);
    if (ret == ORL_OK && *there && strcmp(orl_fields_get(fields, NULL), PLAN_MARK) != 0)
        ret = ORL_FAIL;
    free(text);
    free(path);
    return ret;
}

/* The folder is this experiment's, or nobody's yet. */
static int owner_check(const struct batch *batch, struct orl_error *err)
{
    struct orl_error ignored = {0};
    struct orl_fields fields;
    bool there = false;
    int ret = ORL_OK;
    if (plan_open(batch->options->folder, &fields, &there, &ignored) == ORL_OK && there) {
        const char *name = orl_fields_get(&fields, NULL);
        if (!fields.failed && strcmp(name, batch->experiment->name) != 0)
            ret = orl_fail(err, ORL_EIO,
                           "'%s' holds what the experiment '%s' made; choose another folder with "
                           "-o, or use --force",
                           batch->options->folder, name);
    }
    orl_fields_uninit(&fields);
    return ret;
}

int orl_plan_keep(struct batch *batch, struct orl_error *err)
{
    struct orl_text line = {0};
    struct orl_experiment_source source = *batch->source;
    int ret = batch->options->force ? ORL_OK : owner_check(batch, err);
    if (ret != ORL_OK)
        return ret;
    char *folder = strchr(source.folder, ':') ? NULL : realpath(source.folder, NULL);
    if (folder) /* who reads the plan may be elsewhere */
        source.folder = folder;
    orl_fields_put_string(&line, PLAN_MARK);
    orl_fields_put_string(&line, batch->experiment->name);
    orl_fields_put_string(&line, batch->options->command);
    orl_wire_put_plan(&line, &source, batch->choices, batch->experiment, batch->limits);
    ret = line.failed
              ? orl_fail_memory(err)
              : orl_folder_write(batch->store.folder, PLAN_FILE, line.data, line.length, err);
    orl_text_uninit(&line);
    free(folder);
    return ret;
}

int orl_plan_read(const char *folder, struct kept_plan *out, struct orl_error *err)
{
    bool there = false;
    *out = (struct kept_plan){0};
    int ret = plan_open(folder, &out->fields, &there, err);
    if (ret == ORL_OK && !there)
        ret = orl_fail(err, ORL_EINPUT, "'%s' is not an output folder: it holds no plan", folder);
    if (ret == ORL_FAIL)
        ret = orl_fail(err, ORL_EINPUT, "the plan in '%s' cannot be read", folder);
    if (ret == ORL_OK) {
        (void)orl_fields_get(&out->fields, NULL);
        out->command = orl_fields_get_string(&out->fields);
        ret = orl_wire_get_plan(&out->fields, &out->plan, err);
    }
    if (ret != ORL_OK)
        orl_plan_uninit(out);
    return ret;
}

void orl_plan_uninit(struct kept_plan *plan)
{
    orl_wire_plan_uninit(&plan->plan);
    orl_fields_uninit(&plan->fields);
    *plan = (struct kept_plan){0};
}
