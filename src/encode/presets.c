/* The table of presets: section 9 of the design. */
#include <string.h>

#include "encode/tables.h"

static const char *const mp4_only[] = {"mp4", NULL}, *const gif_only[] = {"gif", NULL},
                         *const pdf_only[] = {"pdf", NULL},
                         *const mkv_only[] = {"mkv", "framemd5", NULL};

const struct orl_preset_desc orl_presets[] = {
    {"slides", "Slides", "full HD for a projector", mp4_only, 1920, 1080, 30, 1, 36, 4, 0.7, 2.0,
     "mp4.crf=17", true, 0, false},
    {"web", "Web", "HD for web pages and reports", mp4_only, 1280, 720, 30, 1, 24, 3, 0.7, 2.0,
     "mp4.crf=20", true, 0, true},
    {"github", "GitHub", "a GIF for a README, at most 128 colours", gif_only, 800, 450, 20, 1, 14,
     2, 0.7, 2.0, "gif.colors=128", true, 5000000, false},
    {"beamer", "Beamer", "vector pages for LaTeX slides", pdf_only, 1280, 720, 12, 1, 22.6, 2.83,
     0.7, 2.0, "", true, 0, false},
    {"archive", "Archive", "every pixel as it was drawn", mkv_only, 1920, 1080, 60, 1, 36, 4, 0.7,
     2.0, "", true, 0, true},
    {"draft", "Draft", "small and quick, to look at", mp4_only, 640, 360, 30, 1, 12, 2, 0.7, 2.0,
     "mp4.crf=23 mp4.speed=ultrafast", true, 0, true},
    {0},
};

const struct orl_preset_desc *orl_preset_find(const char *name)
{
    for (const struct orl_preset_desc *preset = orl_presets; preset->name; preset++)
        if (strcmp(preset->name, name) == 0)
            return preset;
    return NULL;
}
