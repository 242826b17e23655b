/* A worker process: takes the experiment once, then units, one at a time, until the pipe ends. */
#include <errno.h>
#include <malloc.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/array.h"
#include "base/confine.h"
#include "base/elementary.h"
#include "batch/guard.h"
#include "batch/stage.h"
#include "batch/wire.h"
#include "batch/work.h"
#include "optreel/batch.h"

/* A worker that outlives its supervisor would write into a folder that nobody guards. */
static void guard_process(void)
{
    orl_confine_life();
    (void)orl_confine_calls(); /* where there are no filters: optreel doctor tells */
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN);
    signal(SIGINT, SIG_IGN); /* the terminal sends it to all: the supervisor decides */
    signal(SIGHUP, SIG_IGN);
    /* An encoder is opened for every segment: its buffers are kept for the next one instead of
     * being mapped and cleared anew. */
    mallopt(M_MMAP_THRESHOLD, 64 << 20);
    mallopt(M_TRIM_THRESHOLD, 128 << 20);
}

static int add_version(struct orl_text *reply, const char *name, const char *version)
{
    orl_fields_put_string(reply, name);
    orl_fields_put_string(reply, version);
    return 1;
}

/* Versions of all that decides the bytes: libraries, and the font files by content. The first
 * worker tells them, all tell their digest: a file that is replaced meanwhile shows. */
static int put_versions(struct worker *worker, struct orl_text *reply, struct orl_error *err)
{
    struct orl_text pairs = {0};
    struct orl_sha256 all;
    const char *name, *version, *path;
    char environment[ORL_SHA256_HEX];
    int64_t count = 0;
    count += add_version(&pairs, "optreel", ORL_VERSION);
    count += add_version(&pairs, "sleef", orl_elementary_version());
    count += add_version(&pairs, "cairo", orl_cairo_version());
    count += add_version(&pairs, "pango", orl_pango_version());
    for (size_t i = 0; orl_encode_library(i, &name, &version); i++)
        count += add_version(&pairs, name, version);
    int ret = ORL_OK;
    for (size_t i = 0; worker->font && ret == ORL_OK && (path = orl_font_file(worker->font, i));
         i++) {
        struct orl_sha256 hash;
        char hex[ORL_SHA256_HEX], *bytes;
        size_t length;
        ret = orl_file_read(path, 64u << 20, &bytes, &length, err);
        if (ret != ORL_OK)
            break;
        orl_sha256_init(&hash);
        orl_sha256_update(&hash, bytes, length);
        orl_sha256_final_hex(&hash, hex);
        free(bytes);
        const char *base = strrchr(path, '/');
        hex[16] = '\0'; /* enough to tell font files apart, short enough to read in a summary */
        count += add_version(&pairs, base ? base + 1 : path, hex);
    }
    orl_sha256_init(&all);
    orl_sha256_update(&all, pairs.data, pairs.failed ? 0 : pairs.length);
    orl_sha256_final_hex(&all, environment);
    orl_fields_put_string(reply, environment);
    orl_fields_put_integer(reply, worker->setup.first ? count : 0);
    if (worker->setup.first) {
        orl_text_putc(reply, '\t');
        orl_text_append(reply, pairs.data, pairs.length);
    }
    reply->failed |= pairs.failed;
    orl_text_uninit(&pairs);
    return ret == ORL_OK ? ORL_OK : ORL_EENV;
}

/* What the fonts cannot show of the words that will stand on the films. */
static void remark_on_fonts(struct worker *worker)
{
    const struct orl_experiment *e = worker->setup.experiment;
    char *text = worker->remark;
    const size_t size = sizeof worker->remark;
    bool found = orl_font_substituted(worker->font, text, size);
    for (size_t i = 0; !found && i < e->film_count; i++)
        found = orl_font_lacks(worker->font, e->films[i].title, text, size);
    for (size_t i = 0; !found && i < e->run_count; i++)
        found = orl_font_lacks(worker->font, e->runs[i].title, text, size);
    for (size_t i = 0; !found && i < e->problem_count; i++)
        found = orl_font_lacks(worker->font, e->problems[i].title, text, size);
}

/* Encoders and fonts that are missing show here, before any work. */
static int check_environment(struct worker *worker, struct orl_error *err)
{
    const struct orl_experiment *experiment = worker->setup.experiment;
    if (experiment->film_count == 0)
        return ORL_OK;
    int ret = orl_font_create(experiment->font, &worker->font, err);
    if (ret != ORL_OK || !worker->setup.first)
        return ret;
    remark_on_fonts(worker);
    for (size_t o = 0; ret == ORL_OK && o < experiment->films[0].output_count;
         o++) { /* all films have the same outputs */
        struct orl_output_spec spec;
        orl_batch_output_spec(&experiment->films[0], &experiment->films[0].outputs[o], &spec);
        ret = orl_encode_check(&spec, err);
    }
    return ret;
}

static int set_up(struct worker *worker, struct orl_error *err)
{
    int ret = orl_wire_receive_setup(STDIN_FILENO, &worker->setup, err);
    if (ret == ORL_OK)
        ret = orl_folder_open_share(worker->setup.folder, worker->setup.share, false, true,
                                    &worker->folder, err);
    if (ret == ORL_OK)
        ret = check_environment(worker, err);
    if (ret == ORL_OK)
        ret = orl_guard_files(worker->setup.experiment, worker->font, worker->setup.folder, err);
    if (ret == ORL_OK)
        orl_confine_memory(worker->setup.memory);
    if (ret == ORL_OK)
        ret = orl_stage_create(worker->setup.experiment, &worker->setup.limits, worker->folder,
                               worker->font, &worker->stage, err);
    return ret;
}

static int say_hello(struct worker *worker, int code, struct orl_error *err)
{
    struct orl_text versions = {0}, reply = {0};
    orl_fields_put_string(&versions, "");
    orl_text_clear(&versions);
    if (code == ORL_OK)
        code = put_versions(worker, &versions, err);
    orl_fields_put_string(&reply, MESSAGE_HELLO);
    orl_fields_put_integer(&reply, code);
    orl_fields_put_string(&reply, code == ORL_OK ? worker->remark : err->text);
    orl_text_putc(&reply, '\t');
    orl_text_append(&reply, versions.data, versions.length);
    int sent = orl_fields_send(STDOUT_FILENO, &reply);
    orl_text_uninit(&versions);
    orl_text_uninit(&reply);
    return sent == ORL_OK ? code : sent;
}

static int do_unit(struct worker *worker, struct orl_fields *fields)
{
    struct orl_error err = {0};
    struct orl_text reply = {0}, facts = {0};
    struct wire_unit unit;
    double start = orl_clock_s();
    worker->told_s = start;
    orl_confine_time(worker->setup.unit_s);
    int code = orl_wire_read_unit(fields, &unit, &err);
    if (code == ORL_OK)
        code = orl_work_do(worker, &unit.order, &facts, &err);
    orl_wire_unit_uninit(&unit);
    orl_fields_put_string(&reply, MESSAGE_DONE);
    orl_fields_put_integer(&reply, code);
    orl_fields_put_string(&reply, err.text);
    orl_fields_put_number(&reply, orl_clock_s() - start);
    if (facts.length) {
        orl_text_putc(&reply, '\t');
        orl_text_append(&reply, facts.data, facts.length);
    }
    int sent = facts.failed ? ORL_FAIL : orl_fields_send(STDOUT_FILENO, &reply);
    orl_text_uninit(&facts);
    orl_text_uninit(&reply);
    return sent;
}

int orl_batch_worker(void)
{
    struct worker worker = {0};
    struct orl_error err = {0};
    struct orl_fields fields;
    guard_process();
    int ret = say_hello(&worker, set_up(&worker, &err), &err);
    while (ret == ORL_OK && !worker.orphaned &&
           orl_fields_receive(STDIN_FILENO, &fields) == ORL_OK) {
        const char *kind = orl_fields_get(&fields, NULL);
        ret = strcmp(kind, MESSAGE_UNIT) == 0 ? do_unit(&worker, &fields) : ORL_EBUG;
        orl_fields_uninit(&fields);
    }
    orl_stage_destroy(&worker.stage);
    orl_font_destroy(&worker.font);
    orl_folder_close(&worker.folder);
    orl_wire_setup_uninit(&worker.setup);
    return orl_exit_code(ret);
}
