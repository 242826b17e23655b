/* The tables of formats and presets: what experiment files may ask for. No libav type here, so that
 * the experiment room can read it. */
#ifndef ORL_ENCODE_TABLES_H
#define ORL_ENCODE_TABLES_H

#include "base/late.h"
#include "optreel/encode.h"

struct orl_format_ops;  /* encode/format.h */
struct orl_encoder_ops; /* encode/video.h */
struct orl_codec_ops;

/* An encoder of libavcodec that can make a codec. */
struct orl_encoder_desc {
    const char *name;          /* "libx264": libavcodec's; NULL ends a list */
    const char *const *speeds; /* its own preset names, NULL-ended; NULL: it has none */
    const char *speed; /* the one that is taken where nothing is said; NULL: an effort of our own */
    const char
        *smaller;   /* the one that is taken for `speed: smaller`; NULL: an effort of our own */
    int side_least; /* pixels: it takes no smaller pictures; 0: any */
    const struct orl_encoder_ops *ops; /* NULL: the format knows how to set it up */
    bool needed;                       /* by films whose file names neither format nor codec */
};

/* A way to code a format's pictures. */
struct orl_codec_desc {
    const char *name, *title;                /* "h264", "H.264" */
    const struct orl_encoder_desc *encoders; /* best first */
    int crf, crf_least, crf_most; /* quality: where nothing is said, and the limits; 0: no such */
    const struct orl_codec_ops *ops;         /* NULL: the format knows what its files are like */
    const struct orl_codec_desc *subsampled; /* what it is where the setting `chroma` is 420; NULL:
                                                it does not ask */
    bool fresh_process; /* its encoder does not give back all of its memory: each segment gets a
                           process of its own */
};

/* How one format is made. Adding a format is one file that ends with such an entry, and one line in
 * formats.c. */
struct orl_format_desc {
    const char *name;        /* "mp4": as in output.formats */
    const char *extension;   /* ".mp4" */
    const char *title;       /* "MP4 (H.264)" */
    const char *description; /* one line: where it plays */
    const char *home;        /* preset that gives size, rate and quality where nothing else does */
    const struct orl_setting *settings;
    const struct orl_codec_desc *const
        *codecs; /* NULL-ended, as the choices of its setting `codec` where it has one, the first
                    where nothing is said; NULL: it needs none of libavcodec's encoders */
    bool centiseconds;  /* frame rates are 100/n, n >= 2 (GIF) */
    bool alpha;         /* a transparent background stays transparent */
    bool tex;           /* lines of LaTeX that play it stand beside it */
    bool picture;       /* `optreel frame` can write one frame as such a file */
    bool captions;      /* its text can be embedded in a page as the film's captions */
    bool still;         /* one picture, no film: png (unless its setting `frames` says all), svg */
    bool fresh_process; /* its bytes depend on what the process drew before: each segment gets a
                           process of its own */
    bool dated;         /* tells SOURCE_DATE_EPOCH where that is set */
    const char *const
        *beside;        /* of a sidecar: the formats that it stands beside, NULL-ended; else NULL */
    size_t frames_most; /* frames at a rate that nobody asked for: the rate is lowered to have no
                           more; 0: any */
    const struct orl_format_ops *ops;
};
extern const struct orl_format_desc *const orl_formats[]; /* NULL-ended, every name of the design */
/* Files that stand beside a film of a format, made and checked as films are; nobody asks for them
 * by name. NULL-ended. */
extern const struct orl_format_desc *const orl_sidecars[];

/* Whether an encoder is there; one that is driven without libavcodec was there when the module was
 * built. */
bool orl_encoder_present(const struct orl_encoder_desc *by) ORL_LATE;

/* "h264: libx264; av1: libsvtav1 or libaom-av1", with a "(missing)" behind what libavcodec lacks,
 * where the media module is loaded; empty where a format needs none. Cut to `size`. */
void orl_format_encoders(const struct orl_format_desc *format, char *out, size_t size);

/* For tests: from now on it is as if libavcodec did not have this encoder, until NULL brings all
 * back. `name` is borrowed. */
void orl_encoder_hide(const char *name);

/* The number of the setting of a role; NaN where the format has none or nothing is said. */
double orl_format_number(const struct orl_format_desc *format, const struct orl_value *values,
                         enum orl_setting_role role);

/* Whether each segment of an output gets a process of its own. */
bool orl_format_fresh_process(const struct orl_format_desc *format, const struct orl_value *values);

/* Whether an output is many files in a folder of its own, "<film>.frames", one for each frame: png
 * with `frames: all`. */
bool orl_format_makes_files(const struct orl_format_desc *format, const struct orl_value *values);
/* Whether it is one picture, the film's last. */
bool orl_format_makes_still(const struct orl_format_desc *format, const struct orl_value *values);

/* What a setting of a format is where a preset decides. */
struct orl_preset_setting {
    const char *format, *name; /* "mp4", "crf": both in the table of formats */
    double number;             /* of a choice its index, of a boolean 0 or 1 */
};

/* A named set of output settings. */
struct orl_preset_desc {
    const char *name, *title, *description;
    const char *const *formats; /* NULL-ended */
    int width, height;          /* pixels */
    int fps_num, fps_den;
    double text_px; /* least text size at this size */
    double line_px; /* width of a data line */
    double hold_first_s, hold_last_s;
    const struct orl_preset_setting *settings; /* in place of the formats' own defaults; ended by a
                                                  NULL format; NULL: none */
    int64_t max_bytes;                         /* of a file, where nothing is said; 0: any */
    size_t panels_most; /* so many of a film's panels are shown, its first ones; 0: all */
    bool card;          /* the picture is so small that a line of words and a panel are all */
    double clear_below; /* of the height: a player's own buttons cover it, nothing stands there */
    bool slides;        /* a presentation of all films is made, too: slides.pptx */
    bool snippets;      /* and snippets/, lines that embed each film */
    bool chapters; /* a film with chapters tells them: not where some player stumbles over their
                      track */
};
extern const struct orl_preset_desc
    orl_presets[]; /* ended by a NULL name: slides web github card square reel ... */
const struct orl_preset_desc *orl_preset_find(const char *name);

/* The frame rate that a format can have, at most fps_num/fps_den: unchanged for most, 100/n for
 * centisecond formats. Returns true where it had to change. */
bool orl_format_rate(const struct orl_format_desc *format, int *fps_num, int *fps_den);

#endif
