/* The file layer, every call and every allocation of it failed on purpose: what has a name is
 * whole, what failed is told, and a recipe that fails nothing is seen to. Compiled with ORL_FAULTS
 * in every build. */
#include "base/fault.h"

#include "base/array.h"
#include "base/io.h"
#include "base/text.h"
#include "orl_test.h"
#include "support/parts.h"

static char folder_path[] = "/tmp/orl-fault-XXXXXX";

static int setup(void **state)
{
    orl_fault_set(NULL);
    strcpy(folder_path, "/tmp/orl-fault-XXXXXX");
    *state = mkdtemp(folder_path);
    return *state ? 0 : -1;
}

static int teardown(void **state)
{
    orl_fault_set(NULL);
    char *command = orl_asprintf("rm -rf '%s'", (char *)*state);
    int ret = system(command);
    free(command);
    return ret;
}

static void file_holds(const char *folder, const char *name, const char *one, const char *other)
{
    struct orl_error err = {0};
    char *path = orl_asprintf("%s/%s", folder, name), *bytes;
    size_t length;
    assert_int_equal(orl_file_read(path, 1000, &bytes, &length, &err), ORL_OK);
    if (strcmp(bytes, one) != 0)
        assert_string_equal(bytes, other);
    free(bytes);
    free(path);
}

static void recipes_are_read_or_refused(void **state)
{
    static const char *const good[] = {"write@3=ENOSPC", "sync@1+=EIO", "memory@40,close@1=EIO",
                                       "read@2=short",   "open@7",      NULL};
    static const char *const bad[] = {"write",         "write@", "write@0=EIO",
                                      "write@1=EWHAT", "writ@1", "sync@1=short",
                                      "write@1 =EIO",  "@1",     NULL};
    (void)state;
    for (size_t i = 0; good[i]; i++)
        assert_true(orl_fault_set(good[i]));
    for (size_t i = 0; bad[i]; i++)
        if (orl_fault_set(bad[i]))
            fail_msg("'%s' was taken for a recipe", bad[i]);
    assert_true(orl_fault_set(NULL));
}

/* The n-th call alone, with its error; or that and all after it; and each is counted. */
static void the_nth_call_fails(void **state)
{
    (void)state;
    assert_true(orl_fault_set("sync@2=ENOSPC"));
    const bool once[] = {orl_fault_strikes(ORL_FAULT_SYNC, NULL),
                         orl_fault_strikes(ORL_FAULT_CLOSE, NULL),
                         orl_fault_strikes(ORL_FAULT_SYNC, NULL)};
    assert_int_equal(errno, ENOSPC);
    assert_true(!once[0] && !once[1] && once[2]);
    assert_false(orl_fault_strikes(ORL_FAULT_SYNC, NULL));
    assert_int_equal(orl_fault_calls(ORL_FAULT_SYNC), 3);
    assert_int_equal(orl_fault_hits(), 1);
    assert_true(orl_fault_set("sync@2+=EIO"));
    assert_int_equal(orl_fault_calls(ORL_FAULT_SYNC), 0);
    assert_false(orl_fault_strikes(ORL_FAULT_SYNC, NULL));
    assert_true(orl_fault_strikes(ORL_FAULT_SYNC, NULL));
    assert_true(orl_fault_strikes(ORL_FAULT_SYNC, NULL));
    assert_int_equal(orl_fault_hits(), 2);
    assert_true(orl_fault_set("sync@4=EIO"));
    assert_false(orl_fault_strikes(ORL_FAULT_SYNC, NULL));
    assert_int_equal(orl_fault_hits(), 0); /* it failed nothing, and that shows */
}

static void a_failed_sync_is_a_failed_file(void **state)
{
    struct orl_folder *folder;
    struct orl_error err = {0};
    assert_int_equal(orl_folder_open(*state, true, false, &folder, &err), ORL_OK);
    assert_int_equal(orl_folder_write(folder, "a.txt", "old", 3, &err), ORL_OK);
    assert_true(orl_fault_set("sync@1=EIO"));
    assert_int_equal(orl_folder_write(folder, "a.txt", "new", 3, &err), ORL_EIO);
    assert_int_equal(orl_fault_hits(), 1);
    assert_non_null(strstr(err.text, "a.txt"));
    assert_non_null(strstr(err.text, "Input/output error"));
    file_holds(*state, "a.txt", "old", "old");
    assert_int_equal(parts_count(*state), 0);
    orl_folder_close(&folder);
}

static void short_writes_go_on(void **state)
{
    struct orl_folder *folder;
    struct orl_error err = {0};
    assert_int_equal(orl_folder_open(*state, false, false, &folder, &err), ORL_OK);
    assert_true(orl_fault_set("write@1+=short,read@1+=short"));
    assert_int_equal(orl_folder_write(folder, "a.txt", "all of it", 9, &err), ORL_OK);
    assert_true(orl_fault_calls(ORL_FAULT_WRITE) > 1);
    file_holds(*state, "a.txt", "all of it", "all of it");
    assert_true(orl_fault_hits() > 2);
    orl_folder_close(&folder);
}

/* A file and a folder of frames over older ones. */
static int works_write(struct orl_folder *folder, const char *text, struct orl_error *err)
{
    struct orl_outfolder *out;
    int ret = orl_folder_write(folder, "traces/a.csv", text, strlen(text), err);
    if (ret == ORL_OK)
        ret = orl_outfolder_create(folder, "x.frames", &out, err);
    if (ret != ORL_OK)
        return ret;
    ret = orl_outfolder_add(out, "000001.png", text, strlen(text), err);
    if (ret == ORL_OK)
        return orl_outfolder_commit(&out, err);
    orl_outfolder_abort(&out);
    return ret;
}

static int works_make(const char *path, const char *text, struct orl_error *err)
{
    struct orl_folder *folder;
    int ret = orl_folder_open(path, true, true, &folder, err);
    if (ret != ORL_OK)
        return ret;
    orl_folder_sweep(folder, 0); /* what could not be removed when it failed */
    ret = works_write(folder, text, err);
    orl_folder_close(&folder);
    return ret;
}

/* Each call of a point fails once: the work fails with a sentence, or does not mind and is whole.
 */
static void point_sweep(const char *path, enum orl_fault_point point, const char *name, int code)
{
    static const char *const text[] = {"new", "newer"};
    struct orl_error none = {0};
    size_t failed = 0, done = 0;
    assert_int_equal(works_make(path, text[0], &none), ORL_OK);
    for (size_t at = 1; at == done + 1; at++) {
        struct orl_error err = {0};
        char *recipe = orl_asprintf("%s@%zu=EIO", name, at);
        if (point == ORL_FAULT_MEMORY)
            recipe[strlen(recipe) - 4] = '\0';
        assert_true(orl_fault_set(recipe));
        int ret = works_make(path, text[at % 2], &err);
        done += orl_fault_hits();
        orl_fault_set(NULL);
        if (ret != ORL_OK && (ret != code || (!err.text[0] && ret != ORL_ENOMEM)))
            fail_msg("%s: %d, '%s'", recipe, ret, err.text);
        failed += ret != ORL_OK;
        file_holds(path, "traces/a.csv", text[0], text[1]);
        file_holds(path, "x.frames/000001.png", text[0], text[1]);
        if (ret == ORL_OK)
            file_holds(path, "x.frames/000001.png", text[at % 2], text[at % 2]);
        if (point != ORL_FAULT_OPEN) /* a folder that cannot be looked into is left to the sweep */
            assert_int_equal(parts_count(path), 0);
        free(recipe);
    }
    if (done < 1 || failed < 1)
        fail_msg("%s: struck %zu times, failed %zu times: this proves nothing", name, done, failed);
}

static void every_call_can_fail(void **state)
{
    point_sweep(*state, ORL_FAULT_OPEN, "open", ORL_EIO);
    point_sweep(*state, ORL_FAULT_WRITE, "write", ORL_EIO);
    point_sweep(*state, ORL_FAULT_SYNC, "sync", ORL_EIO);
    point_sweep(*state, ORL_FAULT_RENAME, "rename", ORL_EIO);
    point_sweep(*state, ORL_FAULT_MKDIR, "mkdir", ORL_EIO);
    point_sweep(*state, ORL_FAULT_CLOSE, "close", ORL_EIO);
}

static void every_allocation_can_fail(void **state)
{
    point_sweep(*state, ORL_FAULT_MEMORY, "memory", ORL_ENOMEM);
}

static void allocations_ask(void **state)
{
    (void)state;
    assert_true(orl_fault_set("memory@1+"));
    assert_null(orl_calloc(1, 1));
    assert_null(orl_realloc_array(NULL, 1, 1));
    assert_null(orl_malloc_lines(1));
    assert_null(orl_strdup("x"));
    assert_null(orl_asprintf("x"));
    assert_int_equal(orl_fault_hits(), 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(recipes_are_read_or_refused, setup, teardown),
        cmocka_unit_test_setup_teardown(the_nth_call_fails, setup, teardown),
        cmocka_unit_test_setup_teardown(a_failed_sync_is_a_failed_file, setup, teardown),
        cmocka_unit_test_setup_teardown(short_writes_go_on, setup, teardown),
        cmocka_unit_test_setup_teardown(every_call_can_fail, setup, teardown),
        cmocka_unit_test_setup_teardown(every_allocation_can_fail, setup, teardown),
        cmocka_unit_test_setup_teardown(allocations_ask, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
