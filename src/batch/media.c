/* Finds and loads the media module. */
#include "batch/media.h"

#include <dlfcn.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"

#define MODULE "liboptreel-media.so"
/* From the program's folder to the module's, once installed; set by CMake. */
#ifndef ORL_MEDIA_FOLDER
#define ORL_MEDIA_FOLDER "../lib/optreel"
#endif

/* The path of a program, links resolved, owned. A running program whose file was replaced or
 * removed is still found: its link then names the old path, with a mark after it. */
static char *program_path(const char *program)
{
    static const char mark[] = " (deleted)";
    char *real = realpath(program, NULL);
    char link[4096];
    ssize_t length = real ? -1 : readlink(program, link, sizeof link);
    if (length <= 0 || (size_t)length >= sizeof link)
        return real;
    size_t gone = sizeof mark - 1;
    if ((size_t)length > gone && memcmp(link + length - gone, mark, gone) == 0)
        length -= (ssize_t)gone;
    return orl_strndup(link, (size_t)length);
}

int orl_media_find(const char *program, char **path, struct orl_error *err)
{
    char *real = program_path(program);
    char *slash = real ? strrchr(real, '/') : NULL;
    *path = NULL;
    if (!slash) {
        free(real);
        return orl_fail(err, ORL_EENV, "where the program is cannot be told: '%s': %s", program,
                        strerror(errno));
    }
    *slash = '\0';
    char *beside = orl_asprintf("%s/" MODULE, real);
    char *installed = orl_asprintf("%s/" ORL_MEDIA_FOLDER "/" MODULE, real);
    int ret = beside && installed ? ORL_OK : orl_fail_memory(err);
    if (ret == ORL_OK) {
        char **found = access(beside, R_OK) == 0      ? &beside
                       : access(installed, R_OK) == 0 ? &installed
                                                      : NULL;
        if (found) {
            *path = *found;
            *found = NULL;
        } else {
            ret = orl_fail(err, ORL_EENV, "the media module is missing: neither %s nor %s is there",
                           beside, installed);
        }
    }
    free(beside);
    free(installed);
    free(real);
    return ret;
}

/* Of the module. POSIX has function pointers in void pointers, ISO C has not. */
struct module {
    const char *(*build)(void);
    int (*main)(int argc, char **argv);
};

static int module_load(const char *path, struct module *out, struct orl_error *err)
{
    void *handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (!handle)
        return orl_fail(err, ORL_EENV, "the media module cannot be loaded: %s", dlerror());
    *(void **)&out->build = dlsym(handle, "orl_media_build");
    *(void **)&out->main = dlsym(handle, "orl_media_main");
    if (!out->build || !out->main)
        return orl_fail(err, ORL_EENV, "%s is not optreel's media module", path);
    const char *build = out->build();
    if (strcmp(build, orl_build_id) != 0)
        return orl_fail(err, ORL_EENV,
                        "%s belongs to another build of optreel (%.12s, the program is %.12s); "
                        "install both together",
                        path, build, orl_build_id);
    return ORL_OK; /* it stays loaded until the process ends */
}

int orl_media_run(int argc, char **argv, int *code, struct orl_error *err)
{
    struct module module = {0};
    char *path;
    int ret = orl_media_find("/proc/self/exe", &path, err);
    if (ret == ORL_OK)
        ret = module_load(path, &module, err);
    free(path);
    if (ret == ORL_OK)
        *code = module.main(argc, argv);
    return ret;
}
