#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/io.h"
#include "base/text.h"
#include "orl_test.h"
#include "support/parts.h"

/* In libc's place: the n-th call from now fails. */
static int sync_fails_at;

int fsync(int fd)
{
    if (sync_fails_at && --sync_fails_at == 0) {
        errno = EIO;
        return -1;
    }
    return (int)syscall(SYS_fsync, fd);
}

static char folder_path[] = "/tmp/orl-io-XXXXXX";

static int setup(void **state)
{
    strcpy(folder_path, "/tmp/orl-io-XXXXXX");
    *state = mkdtemp(folder_path);
    return *state ? 0 : -1;
}

static int teardown(void **state)
{
    char *command = orl_asprintf("rm -rf '%s'", (char *)*state);
    int ret = system(command);
    free(command);
    return ret;
}

static char *in(void **state, const char *name)
{
    return orl_asprintf("%s/%s", (char *)*state, name);
}

static void complete_or_absent(void **state)
{
    struct orl_folder *folder;
    struct orl_outfile *file;
    struct orl_error err = {0};
    char *path = in(state, "a/b"), *bytes, *final = in(state, "a/b/traces/x.csv");
    size_t length;
    assert_int_equal(orl_folder_open(path, true, false, &folder, &err), ORL_OK);
    assert_int_equal(orl_outfile_create(folder, "traces/x.csv", &file, &err), ORL_OK);
    assert_int_equal(orl_outfile_write(file, "hello world", 11, &err), ORL_OK);
    assert_int_equal(access(final, F_OK), -1); /* nothing under the final name yet */
    assert_int_equal(orl_outfile_seek(file, 0, &err), ORL_OK);
    assert_int_equal(orl_outfile_write(file, "J", 1, &err), ORL_OK);
    char back[16] = {0};
    assert_int_equal(orl_outfile_read(file, 6, back, sizeof back, &err), 5);
    assert_string_equal(back, "world");
    assert_int_equal(orl_outfile_commit(&file, &err), ORL_OK);
    assert_null(file);
    assert_int_equal(orl_file_read(final, 100, &bytes, &length, &err), ORL_OK);
    assert_string_equal(bytes, "Jello world");
    free(bytes);
    assert_int_equal(orl_file_read(final, 10, &bytes, &length, &err), ORL_EINPUT);
    assert_int_equal(orl_outfile_create(folder, "gone.txt", &file, &err), ORL_OK);
    orl_outfile_abort(&file);
    assert_int_equal(parts_count(path), 0);
    orl_folder_close(&folder);
    free(path);
    free(final);
}

static void names_stay_inside(void **state)
{
    static const char *const bad[] = {"", "/etc/x", "../x", "a/../x", "./x", "a//b", "a/"};
    struct orl_folder *folder;
    struct orl_error err = {0};
    assert_int_equal(orl_folder_open(*state, false, false, &folder, &err), ORL_OK);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct orl_outfile *file;
        struct orl_error e = {0};
        assert_int_equal(orl_outfile_create(folder, bad[i], &file, &e), ORL_EBUG);
    }
    orl_folder_close(&folder);
}

static void links_are_replaced_and_other_things_refused(void **state)
{
    struct orl_folder *folder;
    struct orl_error err = {0};
    char *precious = in(state, "precious"), *out = in(state, "out"), *link = in(state, "out/a"),
         *fifo = in(state, "out/f"), *bytes;
    size_t length;
    assert_int_equal(orl_folder_open(out, false, false, &folder, &err), ORL_OK);
    FILE *f = fopen(precious, "w");
    fputs("keep", f);
    fclose(f);
    assert_int_equal(symlink(precious, link), 0);
    assert_int_equal(mkfifo(fifo, 0600), 0);
    assert_int_equal(orl_folder_write(folder, "a", "new", 3, &err), ORL_OK);
    assert_int_equal(orl_file_read(precious, 100, &bytes, &length, &err), ORL_OK);
    assert_string_equal(bytes, "keep");
    free(bytes);
    assert_int_equal(orl_folder_write(folder, "f", "new", 3, &err), ORL_EIO);
    assert_int_equal(mkdir(link, 0700), -1);
    struct orl_error again = {0};
    assert_int_equal(orl_file_read(fifo, 100, &bytes, &length, &again),
                     ORL_EINPUT); /* and does not wait for a writer */
    orl_folder_close(&folder);
    free(precious);
    free(out);
    free(link);
    free(fifo);
}

static void foreign_folders_are_refused(void **state)
{
    struct orl_folder *folder;
    struct orl_error err = {0}, none = {0};
    char *file = in(state, "thesis.tex");
    fclose(fopen(file, "w"));
    assert_int_equal(orl_folder_open(*state, true, false, &folder, &err), ORL_EIO);
    assert_null(folder);
    assert_int_equal(orl_folder_open(file, true, true, &folder, &err), ORL_EIO);
    assert_int_equal(orl_folder_open(*state, true, true, &folder, &none), ORL_OK);
    orl_folder_close(&folder);
    free(file);
}

static void the_second_holder_is_refused(void **state)
{
    struct orl_folder *folder, *second;
    struct orl_error err = {0};
    assert_int_equal(orl_folder_open(*state, true, false, &folder, &err), ORL_OK);
    assert_int_equal(orl_folder_open(*state, true, false, &second, &err), ORL_EBUSY);
    char *mine = orl_asprintf("process %ld", (long)getpid());
    assert_non_null(strstr(err.text, mine));
    free(mine);
    orl_folder_close(&folder);
    struct orl_error none = {0};
    assert_int_equal(orl_folder_open(*state, true, false, &second, &none), ORL_OK);
    orl_folder_close(&second);
}

/* A file size limit cuts writes short: the write must fail, and nothing may stay. */
static void a_short_write_is_a_failure(void **state)
{
    pid_t child = fork();
    if (child == 0) {
        struct rlimit limit = {5000, 5000};
        struct orl_folder *folder;
        struct orl_error err = {0};
        static char bytes[20000];
        signal(SIGXFSZ, SIG_IGN);
        if (orl_folder_open(*state, false, false, &folder, &err) != ORL_OK)
            _exit(9);
        setrlimit(RLIMIT_FSIZE, &limit);
        _exit(orl_folder_write(folder, "big", bytes, sizeof bytes, &err) == ORL_EIO ? 0 : 1);
    }
    int status;
    waitpid(child, &status, 0);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    char *big = in(state, "big");
    assert_int_equal(access(big, F_OK), -1);
    assert_int_equal(parts_count(*state), 0);
    free(big);
}

static void sweeping_removes_parts_only(void **state)
{
    struct orl_folder *folder;
    struct orl_error err = {0};
    char *part = in(state, ".optreel/1-1.part"), *other = in(state, ".optreel/keep.seg");
    assert_int_equal(orl_folder_open(*state, false, false, &folder, &err), ORL_OK);
    fclose(fopen(part, "w"));
    fclose(fopen(other, "w"));
    orl_folder_sweep(folder, 12);
    assert_int_equal(access(part, F_OK), 0); /* another process's */
    orl_folder_sweep(folder, 0);
    assert_int_equal(access(part, F_OK), -1);
    assert_int_equal(access(other, F_OK), 0);
    orl_folder_close(&folder);
    free(part);
    free(other);
}

static void folder_add(struct orl_outfolder *out, const char *name, const char *text)
{
    struct orl_error err = {0};
    assert_int_equal(orl_outfolder_add(out, name, text, strlen(text), &err), ORL_OK);
}

/* What lies under a path, NULL where nothing does; owned. */
static char *text_at(void **state, const char *name)
{
    struct orl_error err = {0};
    char *path = in(state, name), *bytes = NULL;
    size_t length;
    (void)orl_file_read(path, 1000, &bytes, &length, &err);
    free(path);
    return bytes;
}

static void folders_are_old_or_new(void **state)
{
    struct orl_folder *folder;
    struct orl_outfolder *out;
    struct orl_error err = {0};
    char *text;
    assert_int_equal(orl_folder_open(*state, true, true, &folder, &err), ORL_OK);
    assert_int_equal(orl_outfolder_create(folder, "x.frames", &out, &err), ORL_OK);
    folder_add(out, "000001.png", "old one");
    folder_add(out, "000002.png", "old two");
    assert_null(text_at(state, "x.frames/000001.png")); /* nothing yet */
    assert_int_equal(orl_outfolder_commit(&out, &err), ORL_OK);
    assert_null(out);
    assert_string_equal(text = text_at(state, "x.frames/000002.png"), "old two");
    free(text);
    assert_int_equal(orl_folder_write(folder, "x.frames/notes.txt", "mine", 4, &err), ORL_OK);

    assert_int_equal(orl_outfolder_create(folder, "x.frames", &out, &err), ORL_OK);
    folder_add(out, "000001.png", "given up");
    orl_outfolder_abort(&out);
    assert_string_equal(text = text_at(state, "x.frames/000001.png"), "old one");
    free(text);
    assert_int_equal(parts_count(*state), 0);

    assert_int_equal(orl_outfolder_create(folder, "x.frames", &out, &err), ORL_OK);
    folder_add(out, "000001.png", "new one");
    assert_string_equal(text = text_at(state, "x.frames/000001.png"), "old one");
    free(text);
    assert_int_equal(orl_outfolder_commit(&out, &err), ORL_OK);
    assert_string_equal(text = text_at(state, "x.frames/000001.png"), "new one");
    free(text);
    assert_null(text_at(state, "x.frames/000002.png")); /* the longer film's */
    assert_string_equal(text = text_at(state, "x.frames/notes.txt"), "mine");
    free(text);
    assert_int_equal(parts_count(*state), 0);
    orl_folder_close(&folder);
}

static void folders_replace_nothing_else(void **state)
{
    struct orl_folder *folder;
    struct orl_outfolder *out;
    struct orl_error err = {0};
    char *text;
    assert_int_equal(orl_folder_open(*state, true, true, &folder, &err), ORL_OK);
    assert_int_equal(orl_folder_write(folder, "y.frames", "a file", 6, &err), ORL_OK);
    assert_int_equal(orl_outfolder_create(folder, "y.frames", &out, &err), ORL_OK);
    folder_add(out, "000001.png", "one");
    assert_int_equal(orl_outfolder_commit(&out, &err), ORL_EIO);
    assert_non_null(strstr(err.text, "in the way"));
    assert_string_equal(text = text_at(state, "y.frames"), "a file");
    free(text);
    assert_int_equal(parts_count(*state), 0);
    assert_int_equal(orl_outfolder_create(folder, "../z", &out, NULL), ORL_EBUG);
    /* What a killed process left is swept, file or folder. */
    assert_int_equal(orl_outfolder_create(folder, "z.frames", &out, NULL), ORL_OK);
    folder_add(out, "000001.png", "one");
    assert_int_equal(parts_count(*state), 1);
    orl_folder_sweep(folder, getpid());
    assert_int_equal(parts_count(*state), 0);
    orl_outfolder_abort(&out);
    orl_folder_close(&folder);
}

/* What could not be synced was not written: of the file nothing stays, of its folder it is told. */
static void a_sync_that_fails_is_a_failure(void **state)
{
    struct orl_folder *folder;
    struct orl_error err = {0}, second = {0}, third = {0};
    struct orl_outfolder *out;
    char *text;
    assert_int_equal(orl_folder_open(*state, true, true, &folder, &err), ORL_OK);
    assert_int_equal(orl_folder_write(folder, "a.txt", "old", 3, &err), ORL_OK);
    sync_fails_at = 1;
    assert_int_equal(orl_folder_write(folder, "a.txt", "new", 3, &err), ORL_EIO);
    assert_non_null(strstr(err.text, "a.txt"));
    assert_string_equal(text = text_at(state, "a.txt"), "old");
    free(text);
    sync_fails_at = 2; /* the folder's */
    assert_int_equal(orl_folder_write(folder, "b.txt", "new", 3, &second), ORL_EIO);
    assert_int_equal(orl_outfolder_create(folder, "x.frames", &out, &err), ORL_OK);
    sync_fails_at = 1;
    assert_int_equal(orl_outfolder_add(out, "000001.png", "one", 3, &third), ORL_EIO);
    orl_outfolder_abort(&out);
    assert_int_equal(sync_fails_at, 0); /* each was met */
    assert_int_equal(parts_count(*state), 0);
    orl_folder_close(&folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(complete_or_absent, setup, teardown),
        cmocka_unit_test_setup_teardown(folders_are_old_or_new, setup, teardown),
        cmocka_unit_test_setup_teardown(folders_replace_nothing_else, setup, teardown),
        cmocka_unit_test_setup_teardown(a_sync_that_fails_is_a_failure, setup, teardown),
        cmocka_unit_test_setup_teardown(names_stay_inside, setup, teardown),
        cmocka_unit_test_setup_teardown(links_are_replaced_and_other_things_refused, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(foreign_folders_are_refused, setup, teardown),
        cmocka_unit_test_setup_teardown(the_second_holder_is_refused, setup, teardown),
        cmocka_unit_test_setup_teardown(a_short_write_is_a_failure, setup, teardown),
        cmocka_unit_test_setup_teardown(sweeping_removes_parts_only, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
