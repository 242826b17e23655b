/* Animations of SVG: what an attribute is from which frame on. */
#include "encode/svg_times.h"

#include <math.h>
#include <string.h>

#define EARLY 0.02 /* of a frame: what reading a decimal number and dividing may lose */

void orl_svg_clock_init(struct svg_clock *clock, const struct orl_output_spec *spec, int loop)
{
    char seconds[ORL_NUMBER_SIZE];
    orl_double_digits(seconds, (double)spec->frames * spec->fps_den / spec->fps_num, 12);
    clock->frames = spec->frames;
    clock->digits = 1;
    for (double steps = 10.0; steps < 5.0 * (double)spec->frames; steps *= 10.0)
        clock->digits++;
    if (loop == 1)
        snprintf(clock->attributes, sizeof clock->attributes, "dur=\"%ss\" fill=\"freeze\"",
                 seconds);
    else if (loop == 0)
        snprintf(clock->attributes, sizeof clock->attributes,
                 "dur=\"%ss\" repeatCount=\"indefinite\"", seconds);
    else
        snprintf(clock->attributes, sizeof clock->attributes,
                 "dur=\"%ss\" repeatCount=\"%d\" fill=\"freeze\"", seconds, loop);
}

static void write_key_time(const struct svg_clock *clock, size_t frame, struct orl_text *out)
{
    if (frame == 0) {
        orl_text_putc(out, '0');
        return;
    }
    double scale = pow(10.0, clock->digits);
    long time = (long)floor(((double)frame - EARLY) / (double)clock->frames * scale);
    char digits[24];
    int length = snprintf(digits, sizeof digits, "%0*ld", clock->digits, time);
    while (length > 1 && digits[length - 1] == '0')
        length--;
    orl_text_putc(out, '.');
    orl_text_append(out, digits, (size_t)length);
}

void orl_svg_times_add(struct svg_times *times, const struct svg_clock *clock, size_t frame,
                       const char *value)
{
    if (times->count && strcmp(times->last.data ? times->last.data : "", value) == 0)
        return;
    if (times->count++) {
        orl_text_putc(&times->keys, ';');
        orl_text_putc(&times->values, ';');
    }
    write_key_time(clock, frame, &times->keys);
    orl_text_puts(&times->values, value);
    orl_text_clear(&times->last);
    orl_text_puts(&times->last, value);
}

void orl_svg_times_write(struct svg_times *times, const struct svg_clock *clock,
                         const char *attribute, const char *type, struct orl_text *out)
{
    out->failed |= times->keys.failed || times->values.failed || times->last.failed;
    if (times->count > 1 && !out->failed) {
        orl_text_puts(out, type ? "<animateTransform" : "<animate");
        orl_text_printf(out, " attributeName=\"%s\"", attribute);
        if (type)
            orl_text_printf(out, " type=\"%s\"", type);
        orl_text_printf(out, " calcMode=\"discrete\" %s keyTimes=\"%s\" values=\"",
                        clock->attributes, times->keys.data);
        orl_text_append(out, times->values.data, times->values.length);
        orl_text_puts(out, "\"/>");
    }
    orl_text_clear(&times->keys);
    orl_text_clear(&times->values);
    orl_text_clear(&times->last);
    times->count = 0;
}

void orl_svg_times_uninit(struct svg_times *times)
{
    orl_text_uninit(&times->keys);
    orl_text_uninit(&times->values);
    orl_text_uninit(&times->last);
}
