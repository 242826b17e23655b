/* The tables of formats and presets: what experiment files may ask for. No libav type here, so that the experiment room can read
 * it. */
#ifndef ORL_ENCODE_TABLES_H
#define ORL_ENCODE_TABLES_H

#include "optreel/base.h"

struct orl_format_ops; /* encode/format.h */

/* How one format is made. Adding a format is one file that ends with such an entry, and one line in formats.c. */
struct orl_format_desc {
    const char *name;        /* "mp4": as in output.formats */
    const char *extension;   /* ".mp4" */
    const char *title;       /* "MP4 (H.264)" */
    const char *description; /* one line: where it plays */
    const char *home;        /* preset that gives size, rate and quality where nothing else does */
    const struct orl_setting *settings;
    bool centiseconds;                /* frame rates are 100/n, n >= 2 (GIF) */
    bool still;                       /* one picture, no film: png, svg */
    bool fresh_process;               /* its bytes depend on what the process drew before: each segment gets a process of its own */
    bool dated;                       /* tells SOURCE_DATE_EPOCH where that is set */
    size_t frames_most;               /* frames at a rate that nobody asked for: the rate is lowered to have no more; 0: any */
    const struct orl_format_ops *ops; /* NULL: known by name, "not supported yet" */
};
extern const struct orl_format_desc *const orl_formats[]; /* NULL-ended, every name of the design */
const struct orl_format_desc *orl_format_find(const char *name);

/* A named set of output settings. */
struct orl_preset_desc {
    const char *name, *title, *description;
    const char *const *formats; /* NULL-ended */
    int width, height;          /* pixels */
    int fps_num, fps_den;
    double text_px; /* least text size at this size */
    double line_px; /* width of a data line */
    double hold_first_s, hold_last_s;
    const char *settings; /* "mp4.crf=20 gif.colors=128": defaults of format settings, space separated, "format.key=value" */
    bool supported;       /* false: known by name, "not supported yet" */
};
extern const struct orl_preset_desc orl_presets[]; /* ended by a NULL name: slides web github beamer archive draft */
const struct orl_preset_desc *orl_preset_find(const char *name);

/* The frame rate that a format can have, at most fps_num/fps_den: unchanged for most, 100/n for centisecond formats.
 * Returns true where it had to change. */
bool orl_format_rate(const struct orl_format_desc *format, int *fps_num, int *fps_den);

#endif
