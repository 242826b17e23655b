/* A batch whose plan lies in its folder: what shards made is put together. */
#include "batch/plan.h"

int orl_batch_join(const struct orl_batch_options *options, struct orl_messages *messages,
                   int *signal_number, struct orl_error *err)
{
    struct kept_plan kept;
    struct orl_batch_options inner = *options;
    *signal_number = 0;
    int ret = orl_plan_read(options->folder, &kept, err);
    if (ret != ORL_OK)
        return ret;
    inner.command = kept.command;
    inner.join = true;
    ret = orl_batch_render(&kept.plan.source, &kept.plan.options, kept.plan.experiment,
                           &kept.plan.limits, &inner, messages, signal_number, err);
    orl_plan_uninit(&kept);
    return ret;
}
