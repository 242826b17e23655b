/* Any bytes as an output folder's manifest: nothing is said to be there that is not, and what was
 * understood is written down so that it is understood again. */
#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "batch/manifest.h"
#include "orl_fuzz.h"

#define HEX "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static char folder_path[64];

static void folder_remove(void)
{
    static const char *const files[] = {".optreel/manifest", ".optreel/lock", "kept.mp4"};
    char path[128];
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        snprintf(path, sizeof path, "%s/%s", folder_path, files[i]);
        unlink(path);
    }
    snprintf(path, sizeof path, "%s/.optreel", folder_path);
    rmdir(path);
    rmdir(folder_path);
}

static struct orl_folder *folder_open(void)
{
    struct orl_folder *folder = NULL;
    if (!*folder_path) {
        /* in memory: it is synced several times for each input */
        strcpy(folder_path,
               access("/dev/shm", W_OK) == 0 ? "/dev/shm/orl-fuzz-XXXXXX" : "/tmp/orl-fuzz-XXXXXX");
        fuzz_require(mkdtemp(folder_path) != NULL);
        atexit(folder_remove);
    }
    fuzz_require(orl_folder_open(folder_path, true, true, &folder, NULL) == ORL_OK);
    return folder;
}

static void manifest_put(const struct orl_folder *folder, const void *bytes, size_t size)
{
    int fd = openat(folder->state, "manifest", O_WRONLY | O_CREAT | O_TRUNC, 0666);
    fuzz_require(fd >= 0 && write(fd, bytes, size) == (ssize_t)size);
    close(fd);
}

/* The folder holds no file: nothing is done, whatever its manifest tells. */
static size_t entries_check(const struct orl_manifest *manifest)
{
    const char *kind, *path;
    struct orl_file_facts file;
    struct orl_run_facts run = {0};
    size_t count = 0;
    for (; orl_manifest_entry(manifest, count, &kind, &path); count++) {
        fuzz_require(strcmp(kind, "run") == 0 || strcmp(kind, "file") == 0);
        fuzz_require(!orl_manifest_has_file(manifest, path, HEX, &file));
        fuzz_require(!orl_manifest_has_run(manifest, path, path, HEX, &run));
    }
    return count;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct orl_folder *folder = folder_open();
    struct orl_manifest *manifest = NULL;
    struct orl_error err = {0};
    enum orl_manifest_state state;
    manifest_put(folder, bytes, size);
    int ret = orl_manifest_open(folder, &manifest, &state, &err);
    fuzz_require(ret == ORL_OK); /* a damaged journal costs work, never the batch */
    size_t count = entries_check(manifest);
    fuzz_require(orl_manifest_write(manifest, &err) == ORL_OK);
    orl_manifest_close(&manifest);
    fuzz_require(orl_manifest_open(folder, &manifest, &state, &err) == ORL_OK);
    fuzz_require(state == ORL_MANIFEST_WHOLE && entries_check(manifest) == count);
    orl_manifest_close(&manifest);
    orl_folder_close(&folder);
    return 0;
}

#ifndef ORL_FUZZER_MAIN
/* A journal as it is written, so that mutants keep lines whose checksum holds. */
static const char *journal_make(void)
{
    static char text[8192];
    struct orl_folder *folder = folder_open();
    struct orl_manifest *manifest = NULL;
    struct orl_file_facts facts = {.bytes = 12, .frames = 3, .sha256 = HEX};
    enum orl_manifest_state state;
    fuzz_require(orl_manifest_open(folder, &manifest, &state, NULL) == ORL_OK);
    fuzz_require(orl_manifest_add_file(manifest, "kept.mp4", HEX, &facts, NULL) == ORL_OK);
    fuzz_require(orl_manifest_add_file(manifest, "a.frames", HEX, &facts, NULL) == ORL_OK);
    orl_manifest_close(&manifest);
    int fd = openat(folder->state, "manifest", O_RDONLY);
    ssize_t got = fd < 0 ? -1 : read(fd, text, sizeof text - 1);
    fuzz_require(got > 0);
    close(fd);
    orl_folder_close(&folder);
    return text;
}
#endif

FUZZ_SEEDS(journal_make(), "", "optreel manifest 1\n", "file\ta.mp4\tx\n")
FUZZ_WORDS("\n", "\t", "file", "run", "0", HEX, "../x", "/etc/passwd", "%09", "\\t", "\xff", "-1",
           "99999999999999999999")
FUZZ_MAIN("journal", 3000)
