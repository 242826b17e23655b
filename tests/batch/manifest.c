#include "batch/manifest.h"

#include <unistd.h>

#include "orl_test.h"

static char folder_path[40];

static int setup(void **state)
{
    strcpy(folder_path, "/tmp/orl-manifest-XXXXXX");
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

static void hash_of(const char *text, char hex[ORL_SHA256_HEX])
{
    struct orl_sha256 hash;
    orl_sha256_init(&hash);
    orl_sha256_update(&hash, text, strlen(text));
    orl_sha256_final_hex(&hash, hex);
}

static struct orl_file_facts facts_of(const char *text)
{
    struct orl_file_facts facts = {.bytes = (int64_t)strlen(text), .frames = 90, .seconds = 3.0};
    hash_of(text, facts.sha256);
    return facts;
}

/* A folder with two files and their entries. */
static struct orl_folder *make(const char *path)
{
    struct orl_folder *folder;
    struct orl_manifest *manifest;
    struct orl_error err = {0};
    enum orl_manifest_state damaged;
    struct orl_file_facts a = facts_of("content a"), b = facts_of("content b");
    assert_int_equal(orl_folder_open(path, true, false, &folder, &err), ORL_OK);
    assert_int_equal(orl_manifest_open(folder, &manifest, &damaged, &err), ORL_OK);
    assert_int_equal(orl_folder_write(folder, "a.mp4", "content a", 9, &err), ORL_OK);
    assert_int_equal(orl_folder_write(folder, "b.mp4", "content b", 9, &err), ORL_OK);
    assert_int_equal(orl_manifest_add_file(manifest, "a.mp4", "key-old", &a, &err), ORL_OK);
    assert_int_equal(orl_manifest_add_file(manifest, "a.mp4", "key-a", &a, &err), ORL_OK);
    assert_int_equal(orl_manifest_add_file(manifest, "b.mp4", "key-b", &b, &err), ORL_OK);
    orl_manifest_close(&manifest);
    return folder;
}

static void remembers_over_processes(void **state)
{
    struct orl_folder *folder = make(*state);
    struct orl_manifest *manifest;
    struct orl_error err = {0};
    struct orl_file_facts facts;
    enum orl_manifest_state damaged;
    assert_int_equal(orl_manifest_open(folder, &manifest, &damaged, &err), ORL_OK);
    assert_int_equal(damaged, ORL_MANIFEST_WHOLE);
    assert_true(orl_manifest_has_file(manifest, "a.mp4", "key-a", &facts));
    assert_int_equal(facts.frames, 90);
    assert_false(orl_manifest_has_file(manifest, "a.mp4", "key-old", &facts));
    assert_false(orl_manifest_has_file(manifest, "c.mp4", "key-a", &facts));
    assert_int_equal(orl_folder_write(folder, "b.mp4", "content B", 9, &err),
                     ORL_OK); /* same size, other bytes */
    assert_false(orl_manifest_has_file(manifest, "b.mp4", "key-b", &facts));
    orl_manifest_close(&manifest);
    orl_folder_close(&folder);
}

static void runs_keep_their_facts(void **state)
{
    struct orl_folder *folder;
    struct orl_manifest *manifest;
    struct orl_error err = {0};
    enum orl_manifest_state damaged;
    double values[] = {0.1, -3e300};
    struct orl_run_facts in = {.status = ORL_STATUS_DIVERGED,
                               .steps = 17,
                               .loss = NAN,
                               .gradient_norm = 2.5,
                               .parameter_count = 2,
                               .values = values,
                               .steps_to = {3, -1, -1},
                               .trace_bytes = 5,
                               .log_bytes = 3},
                         out;
    hash_of("trace", in.trace_sha256);
    hash_of("log", in.log_sha256);
    assert_int_equal(orl_folder_open(*state, true, false, &folder, &err), ORL_OK);
    assert_int_equal(orl_folder_write(folder, "traces/r.csv", "trace", 5, &err), ORL_OK);
    assert_int_equal(orl_folder_write(folder, "logs/r.log", "log", 3, &err), ORL_OK);
    assert_int_equal(orl_manifest_open(folder, &manifest, &damaged, &err), ORL_OK);
    assert_int_equal(orl_manifest_add_run(manifest, "traces/r.csv", "k", &in, &err), ORL_OK);
    orl_manifest_close(&manifest);
    assert_int_equal(orl_manifest_open(folder, &manifest, &damaged, &err), ORL_OK);
    assert_true(orl_manifest_has_run(manifest, "traces/r.csv", "logs/r.log", "k", &out));
    assert_int_equal(out.status, ORL_STATUS_DIVERGED);
    assert_int_equal(out.steps, 17);
    assert_true(isnan(out.loss));
    assert_memory_equal(out.values, values, sizeof values);
    assert_int_equal(out.steps_to[0], 3);
    orl_run_facts_uninit(&out);
    assert_int_equal(orl_folder_write(folder, "logs/r.log", "lag", 3, &err), ORL_OK);
    assert_false(orl_manifest_has_run(manifest, "traces/r.csv", "logs/r.log", "k", &out));
    orl_manifest_close(&manifest);
    orl_folder_close(&folder);
}

/* Cut at every byte, and with every byte changed: never a wrong "is there", and it can always be
 * opened. */
static void damage_costs_work_at_worst(void **state)
{
    struct orl_folder *folder = make(*state);
    struct orl_error err = {0};
    char *path = orl_asprintf("%s/.optreel/manifest", (char *)*state), *good;
    size_t length;
    assert_int_equal(orl_file_read(path, 1 << 20, &good, &length, &err), ORL_OK);
    for (size_t i = 0; i < 2 * length; i++) {
        struct orl_manifest *manifest;
        struct orl_file_facts facts;
        enum orl_manifest_state damaged;
        char *bad = orl_strndup(good, length);
        size_t at = i % length;
        bad[at] = (char)(bad[at] ^ (1 << (i % 7)));
        FILE *f = fopen(path, "wb");
        fwrite(i < length ? good : bad, 1, i < length ? i : length, f);
        fclose(f);
        assert_int_equal(orl_manifest_open(folder, &manifest, &damaged, &err), ORL_OK);
        if (orl_manifest_has_file(manifest, "a.mp4", "key-a", &facts)) {
            assert_int_equal(facts.bytes, 9);
            assert_int_equal(facts.frames, 90);
        }
        assert_false(orl_manifest_has_file(manifest, "b.mp4", "key-a", &facts));
        if (i >= length)
            assert_int_not_equal(damaged, ORL_MANIFEST_WHOLE);
        orl_manifest_close(&manifest);
        free(bad);
    }
    free(good);
    free(path);
    orl_folder_close(&folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(remembers_over_processes, setup, teardown),
        cmocka_unit_test_setup_teardown(runs_keep_their_facts, setup, teardown),
        cmocka_unit_test_setup_teardown(damage_costs_work_at_worst, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
