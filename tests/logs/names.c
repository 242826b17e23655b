/* What runs of logs are called: by path, by their own name, apart from each other. */
#include "orl_test.h"

#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"
#include "logs/find.h"
#include "logs/gather.h"
#include "logs/record.h"

enum { MOST = 4 };

struct named {
    const char *path, *own; /* own NULL: the log has no name of its own */
    bool folder;            /* the log is all of a folder */
    const char *title, *name;
};

static void check(const struct named *cases, size_t count)
{
    struct log_record records[MOST] = {0};
    struct log_source sources[MOST] = {0};
    struct log_pending pending[MOST] = {0};
    struct orl_log_run runs[MOST] = {0};
    for (size_t i = 0; i < count; i++) {
        records[i].title = cases[i].own ? orl_strdup(cases[i].own) : NULL;
        sources[i].path = orl_strdup(cases[i].path);
        pending[i] = (struct log_pending){
            .record = &records[i],
            .source = &sources[i],
            .group = orl_asprintf("%s:%s", cases[i].folder ? "folder" : "file", cases[i].path)};
    }
    assert_int_equal(orl_log_name_runs(pending, runs, count, NULL), ORL_OK);
    for (size_t i = 0; i < count; i++) {
        assert_string_equal(runs[i].title, cases[i].title);
        assert_string_equal(runs[i].name, cases[i].name);
        free(records[i].title);
        free(sources[i].path);
        free(pending[i].group);
        free(runs[i].title);
        free(runs[i].name);
    }
}

static void paths(void **state)
{
    static const struct named cases[] = {
        {"/r/lenet.csv", NULL, false, "lenet", "lenet"},
        {"/r/v1.2.csv", NULL, false, "v1.2", "v1.2"},
        {"/r/.hidden", NULL, false, ".hidden", "hidden"},
        {"/r/resnet/metrics.csv", NULL, false, "resnet", "resnet"},
        {"/r/resnet/version_0/Metrics.csv", NULL, false, "version_0", "version_0"},
        {"/r/resnet/logs/0/metrics.csv", NULL, false, "resnet", "resnet"},
        {"/r/v2.5/train", NULL, true, "v2.5", "v2.5"},
        {"/logs/metrics.csv", NULL, false, "metrics", "metrics"},
        {"/r/net/events.out.tfevents.123", NULL, false, "net", "net"},
        {"/r/a.csv", "my net", false, "my net", "my-net"},
        {"/r/a.csv", "", false, "a", "a"},
        {"/r/a.csv", "caf\xe9", false, "a", "a"}, /* not UTF-8 */
        {"/r/a.csv", "-- .x (best) --", false, "-- .x (best) --", "x-best"},
        {"/r/a.csv", "αβ", false, "αβ", "log"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        check(&cases[i], 1);
}

/* A path that does not say its folder is in the one where we are. */
static void from_where_we_are(void **state)
{
    static const struct named cases[] = {{"metrics.csv", NULL, false, "lenet", "lenet"},
                                         {"./metrics.csv", NULL, false, "lenet", "lenet"},
                                         {"net/metrics.csv", NULL, false, "net", "net"}};
    char root[] = "/tmp/optreel-names-XXXXXX", *before = realpath(".", NULL);
    (void)state;
    assert_true(before && mkdtemp(root) && chdir(root) == 0 && mkdir("lenet", 0700) == 0 &&
                chdir("lenet") == 0);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        check(&cases[i], 1);
    assert_true(chdir(root) == 0 && rmdir("lenet") == 0 && chdir(before) == 0 && rmdir(root) == 0);
    free(before);
}

static void apart(void **state)
{
    static const struct named folders[] = {
        {"/r/adam/net/metrics.csv", NULL, false, "adam/net", "adam-net"},
        {"/r/sgd/net/metrics.csv", NULL, false, "sgd/net", "sgd-net"},
        {"/r/sgd/other/metrics.csv", NULL, false, "other", "other"},
    };
    static const struct named numbers[] = {
        {"/r/a.csv", "net", false, "r/net", "r-net"},
        {"/r/b.csv", "net", false, "r/net (2)", "r-net-2"},
        {"/r/c.csv", "net", false, "r/net (3)", "r-net-3"},
    };
    static const struct named names[] = {
        {"/r/a.csv", "a b", false, "a b", "a-b"},
        {"/r/b.csv", "a-b", false, "a-b", "a-b-2"},
        {"/r/c.csv", "A+B", false, "A+B", "A-B-3"},
        {"/r/d.csv", "a-b-2", false, "a-b-2", "a-b-2-2"},
    };
    (void)state;
    check(folders, 3);
    check(numbers, 3);
    check(names, 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(paths),
        cmocka_unit_test(from_where_we_are),
        cmocka_unit_test(apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
