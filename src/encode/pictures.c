#include "encode/pictures.h"

#include "base/text.h"

struct joiner {
    const struct orl_output_spec *spec;
    const struct picture_sink *sink;
    struct orl_text pending; /* a picture that waits for its end */
    size_t start;            /* its first frame */
    bool waiting;
};

static int flush(struct joiner *j, size_t end, struct orl_error *err)
{
    if (!j->waiting)
        return ORL_OK;
    j->waiting = false;
    return j->sink->picture(j->sink->context, (const uint8_t *)j->pending.data, j->pending.length, j->start, end, err);
}

static int take_record(void *context, size_t segment, const struct seg_record *record, struct orl_error *err)
{
    struct joiner *j = context;
    (void)segment;
    if (j->sink->head_type && record->type == j->sink->head_type)
        return j->sink->head(j->sink->context, record, err);
    bool in_order = record->number >= 0 && record->number < (int64_t)j->spec->frames &&
                    (j->waiting ? (size_t)record->number > j->start : record->number == 0);
    if (record->type != j->sink->picture_type || !in_order)
        return orl_fail(err, ORL_FAIL, "a segment holds what it should not");
    int ret = flush(j, (size_t)record->number, err);
    if (ret != ORL_OK)
        return ret;
    orl_text_clear(&j->pending);
    orl_text_append(&j->pending, (const char *)record->bytes, record->size);
    j->start = (size_t)record->number;
    j->waiting = true;
    return j->pending.failed ? orl_fail_memory(err) : ORL_OK;
}

int orl_pictures_join(const struct orl_output_spec *spec, const struct orl_segment_source *segments, size_t segment_count,
                      const struct picture_sink *sink, struct orl_error *err)
{
    struct joiner j = {.spec = spec, .sink = sink};
    int ret = orl_seg_each(spec, segments, segment_count, take_record, &j, err);
    if (ret == ORL_OK)
        ret = j.waiting ? flush(&j, spec->frames, err) : orl_fail(err, ORL_FAIL, "there is no picture");
    orl_text_uninit(&j.pending);
    return ret;
}

size_t orl_pictures_segment_frames(const struct orl_output_spec *spec, int seconds)
{
    size_t frames = (size_t)seconds * (size_t)spec->fps_num / (size_t)spec->fps_den;
    return frames ? frames : 1;
}
