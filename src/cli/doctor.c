/* optreel doctor: what is here, what is missing, and which package brings it. */
#include <errno.h>
#include <string.h>
#include <sys/statvfs.h>

#include "base/confine.h"
#include "base/late.h"
#include "base/text.h"
#include "cli/cli.h"
#include "encode/tables.h"
#include "optreel/draw.h"

/* Of the media module, in which this command runs. */
int orl_font_create(const char *path, struct orl_font **out, struct orl_error *err) ORL_LATE;
void orl_font_destroy(struct orl_font **font) ORL_LATE;
bool orl_font_substituted(const struct orl_font *font, char *out, size_t size) ORL_LATE;
const char *orl_font_file(const struct orl_font *font, size_t index) ORL_LATE;
bool orl_encode_library(size_t index, const char **name, const char **version) ORL_LATE;
const char *orl_cairo_version(void) ORL_LATE;
const char *orl_pango_version(void) ORL_LATE;

static void doctor_line(bool good, const char *what, const char *text)
{
    printf("  %-8s %-14s %s\n", good ? "ok" : "MISSING", what, text);
}

static void doctor_libraries(void)
{
    const char *name, *version;
    puts("libraries");
    doctor_line(true, "cairo", orl_cairo_version());
    doctor_line(true, "pango", orl_pango_version());
    for (size_t i = 0; orl_encode_library(i, &name, &version); i++)
        doctor_line(true, name, version);
}

/* Films need one encoder alone unless their file asks for more. */
static bool needed_encoders_there(void)
{
    for (size_t f = 0; orl_formats[f]; f++)
        for (size_t i = 0; orl_formats[f]->codecs && orl_formats[f]->codecs[i]; i++)
            for (const struct orl_encoder_desc *by = orl_formats[f]->codecs[i]->encoders; by->name;
                 by++)
                if (by->needed && !orl_encoder_present(by))
                    return false;
    return true;
}

static bool doctor_encoders(void)
{
    const char *name, *format;
    bool present;
    struct orl_text text = {0};
    puts("encoders");
    for (size_t i = 0; orl_encoder_at(i, &name, &format, &present); i++) {
        orl_text_clear(&text);
        orl_text_printf(&text, "%s%s", format,
                        present ? "" : "; Debian package libavcodec59 or libavcodec-extra59");
        doctor_line(present, name, text.data ? text.data : format);
    }
    orl_text_uninit(&text);
    return needed_encoders_there();
}

static bool doctor_fonts(void)
{
    struct orl_font *font = NULL;
    struct orl_error err = {0};
    char remark[512];
    puts("fonts");
    if (orl_font_create(NULL, &font, &err) != ORL_OK) {
        doctor_line(false, "default", err.text);
        return false;
    }
    for (size_t i = 0; orl_font_file(font, i); i++)
        doctor_line(true, "file", orl_font_file(font, i));
    if (orl_font_substituted(font, remark, sizeof remark))
        printf("  warning  %s\n", remark);
    orl_font_destroy(&font);
    return true;
}

static unsigned long long doctor_memory(const char *key)
{
    char line[128], format[64];
    unsigned long long kilobytes = 0;
    FILE *file = fopen("/proc/meminfo", "re");
    snprintf(format, sizeof format, "%s: %%llu", key);
    while (file && fgets(line, sizeof line, file) && sscanf(line, format, &kilobytes) != 1) {
    }
    if (file)
        fclose(file);
    return kilobytes;
}

/* What keeps workers from more than their work; render does without, too. */
static void doctor_sandbox(void)
{
    bool calls = orl_confine_has_calls();
    int files = orl_confine_landlock();
    char text[160];
    if (!orl_confine_wanted()) {
        printf("  off      sandbox        OPTREEL_SANDBOX=off: workers may do what you may\n");
        return;
    }
    doctor_line(calls, "seccomp",
                calls ? "workers open no socket and start no program"
                      : "this kernel does not filter system calls");
    snprintf(text, sizeof text,
             files ? "workers read and write their folders alone (version %d)"
                   : "this kernel cannot keep workers to their folders",
             files);
    doctor_line(files > 0, "landlock", text);
}

static bool doctor_machine(void)
{
    struct statvfs disk;
    char text[160];
    puts("machine");
    snprintf(text, sizeof text, "%u workers by default (affinity, cgroup quota, Slurm)",
             orl_batch_cores());
    doctor_line(true, "cores", text);
    snprintf(text, sizeof text, "%.1f of %.1f GB available",
             (double)doctor_memory("MemAvailable") / 1e6, (double)doctor_memory("MemTotal") / 1e6);
    doctor_line(true, "memory", text);
    bool known = statvfs(".", &disk) == 0;
    snprintf(text, sizeof text, "%.1f GB free here",
             known ? (double)disk.f_bavail * (double)disk.f_frsize / 1e9 : 0.0);
    doctor_line(known, "disk", known ? text : strerror(errno));
    doctor_sandbox();
    return known;
}

static int command_doctor(struct cli_options *options)
{
    (void)options;
    printf("optreel %s\n", ORL_VERSION);
    doctor_libraries();
    bool good = doctor_encoders();
    good = doctor_fonts() && good;
    good = doctor_machine() && good;
    puts(good ? "all that render needs is here"
              : "something that render needs is missing: see above");
    return good ? 0 : 4;
}

extern const struct cli_command orl_command_doctor;
const struct cli_command orl_command_doctor = {
    .name = "doctor",
    .usage = "",
    .summary = "what is here and what is missing: libraries, encoders, fonts, machine",
    .help = "Ends with 0 where all that render needs is there, else with 4. What is missing is "
            "named with\nthe Debian package that brings it.",
    .needs_media = orl_cli_always,
    .run = command_doctor,
};
