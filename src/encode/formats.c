/* The table of formats. A format is one file and one line here. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "encode/format.h"

extern const struct orl_format_desc orl_format_mp4, orl_format_webm, orl_format_mkv, orl_format_gif,
    orl_format_png, orl_format_webp, orl_format_apng, orl_format_pdf, orl_format_svg,
    orl_format_y4m, orl_format_framemd5, orl_format_avif, orl_format_svg_animated;

const struct orl_format_desc *const orl_formats[] = {&orl_format_mp4,          &orl_format_webm,
                                                     &orl_format_mkv,          &orl_format_gif,
                                                     &orl_format_png,          &orl_format_webp,
                                                     &orl_format_avif,         &orl_format_apng,
                                                     &orl_format_pdf,          &orl_format_svg,
                                                     &orl_format_svg_animated, &orl_format_y4m,
                                                     &orl_format_framemd5,     NULL};

extern const struct orl_format_desc orl_sidecar_vtt;
const struct orl_format_desc *const orl_sidecars[] = {&orl_sidecar_vtt, NULL};

const struct orl_format_desc *orl_format_find(const char *name)
{
    for (const struct orl_format_desc *const *format = orl_formats; *format; format++)
        if (strcmp((*format)->name, name) == 0)
            return *format;
    return NULL;
}

void orl_format_encoders(const struct orl_format_desc *format, char *out, size_t size)
{
    struct orl_text text = {0};
    for (size_t i = 0; format->codecs && format->codecs[i]; i++) {
        orl_text_printf(&text, "%s%s: ", i ? "; " : "", format->codecs[i]->name);
        for (const struct orl_encoder_desc *by = format->codecs[i]->encoders; by->name; by++)
            orl_text_printf(&text, "%s%s%s", by != format->codecs[i]->encoders ? " or " : "",
                            by->name,
                            orl_encoder_present && !orl_encoder_present(by) ? " (missing)" : "");
    }
    orl_text_bounded(out, size, "%s", text.data ? text.data : "");
    orl_text_uninit(&text);
}

double orl_format_number(const struct orl_format_desc *format, const struct orl_value *values,
                         enum orl_setting_role role)
{
    int at = orl_setting_of(format->settings, role);
    return at >= 0 ? values[at].number : NAN;
}

bool orl_format_fresh_process(const struct orl_format_desc *format, const struct orl_value *values)
{
    double codec = orl_format_number(format, values, ORL_ROLE_CODEC);
    return format->fresh_process || (!isnan(codec) && format->codecs[(size_t)codec]->fresh_process);
}

bool orl_format_makes_files(const struct orl_format_desc *format, const struct orl_value *values)
{
    return orl_format_number(format, values, ORL_ROLE_FRAMES) > 0.0;
}

bool orl_format_makes_still(const struct orl_format_desc *format, const struct orl_value *values)
{
    return format->still && !orl_format_makes_files(format, values);
}

/* Rates within this of 100/n are meant to be it: 33.33. */
#define RATE_SLACK 1e-3

bool orl_format_rate(const struct orl_format_desc *format, int *fps_num, int *fps_den)
{
    double rate = (double)*fps_num / *fps_den;
    if (!format->centiseconds)
        return false;
    int delay = (int)ceil(100.0 / rate * (1.0 - RATE_SLACK));
    if (delay < 2)
        delay = 2;
    int divisor = delay % 100 == 0  ? 100
                  : delay % 50 == 0 ? 50
                  : delay % 25 == 0 ? 25
                  : delay % 20 == 0 ? 20
                  : delay % 10 == 0 ? 10
                  : delay % 5 == 0  ? 5
                  : delay % 4 == 0  ? 4
                  : delay % 2 == 0  ? 2
                                    : 1;
    *fps_num = 100 / divisor;
    *fps_den = delay / divisor;
    return fabs((double)*fps_num / *fps_den - rate) > RATE_SLACK * rate;
}

bool orl_encode_measures(const struct orl_format_desc *format)
{
    return format->ops && format->ops->measured;
}

const struct orl_setting *orl_format_settings(const struct orl_format_desc *format)
{
    return format->settings;
}
