/* Units: their names, and what is planned of their outputs. */
#include "batch/unit.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "optreel/scene.h"

enum { KEY_SHOWN = 24 }; /* digits of a key in a segment's name: enough to never meet */

char *orl_batch_trace_name(const struct orl_run_plan *run)
{
    return orl_asprintf("traces/%s.csv", run->file_name);
}

char *orl_batch_log_name(const struct orl_run_plan *run)
{
    return orl_asprintf("logs/%s.log", run->file_name);
}

char *orl_batch_segment_name(const char *key, size_t level, size_t segment)
{
    return orl_asprintf(".optreel/%.*s-%zu-%zu.seg", KEY_SHOWN, key, level, segment);
}

void orl_batch_output_spec(const struct orl_film_plan *film, const struct orl_output_plan *output,
                           struct orl_output_spec *spec)
{
    *spec = (struct orl_output_spec){
        .format = output->format,
        .values = output->values,
        .width = output->width,
        .height = output->height,
        .fps_num = output->fps_num,
        .fps_den = output->fps_den,
        .alpha = output->transparent,
        .frames = output->poster
                      ? 1
                      : orl_film_frame_count(film->length_s, output->fps_num, output->fps_den),
        .hold_last_s = film->hold_last_s,
        .name = film->name,
        .title = film->title,
    };
    if (output->columns)
        orl_sheet_size(output->width, output->height, output->text_px, output->columns,
                       output->rows, &spec->width, &spec->height);
}

int orl_batch_look(const struct orl_film_plan *film, const struct orl_output_plan *output,
                   size_t level, struct orl_output_plan *look, char what[ORL_TIGHTENED_SIZE])
{
    size_t count = orl_setting_count(output->format->settings);
    struct orl_output_spec spec;
    *look = *output;
    look->values = orl_calloc(count, sizeof *look->values);
    if (!look->values)
        return ORL_ENOMEM;
    for (size_t i = 0; i < count; i++)
        look->values[i] = output->values[i];
    orl_batch_output_spec(film, look, &spec);
    if (!orl_encode_tighten(&spec, look->values, level, what)) {
        free(look->values);
        look->values = NULL;
        return 0;
    }
    if (output->columns)
        return 1; /* a sheet's size is not its frames': it has one level */
    look->width = spec.width;
    look->height = spec.height;
    look->fps_num = spec.fps_num;
    look->fps_den = spec.fps_den;
    orl_look_sizes(look->look, look->width, look->height, &look->text_px, &look->line_px);
    return 1;
}

/* "'x.mov' tells no format: name it .mp4, .webm, ..., or give --formats" */
static int format_untold(const char *output, const char *such_as, struct orl_error *err)
{
    struct orl_text text = {0};
    for (size_t i = 0; !such_as && orl_formats[i]; i++)
        orl_text_printf(&text, "%s%s", i ? ", " : "", orl_formats[i]->extension);
    orl_fail(err, ORL_EUSAGE, "'%s' tells no format: name it %s, or give --formats", output,
             such_as     ? such_as
             : text.data ? text.data
                         : ".mp4");
    orl_text_uninit(&text);
    return ORL_EUSAGE;
}

int orl_format_of_file(const char *output, const char *name, const char *such_as,
                       const struct orl_format_desc **out, struct orl_error *err)
{
    const char *slash = strrchr(output, '/'), *file = slash ? slash + 1 : output;
    *out = name ? orl_format_find(name) : NULL;
    for (size_t i = 0; !name && orl_formats[i]; i++) { /* .animated.svg before .svg */
        const char *end = orl_formats[i]->extension;
        size_t length = strlen(end), all = strlen(file);
        if (all > length && strcmp(file + all - length, end) == 0 &&
            (!*out || length > strlen((*out)->extension)))
            *out = orl_formats[i];
    }
    if (!*out && name)
        return orl_fail(err, ORL_EUSAGE, "unknown format '%s'", name);
    if (!*out)
        return format_untold(output, such_as, err);
    return ORL_OK;
}
