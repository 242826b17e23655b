/* Any bytes as a log: every reader ends, with runs whose steps rise or with a message; what comes
 * back from the reading process is taken or refused. */
#include <math.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/hash.h"
#include "logs/format.h"
#include "logs/pack.h"
#include "optreel/logs.h"
#include "orl_fuzz.h"

static void require(bool holds)
{
    if (!holds)
        abort();
}

static void check_run(const struct orl_log_run *run)
{
    const struct orl_trace *t = run->trace;
    require((t != NULL) != (run->nothing != NULL));
    require(run->name && *run->name && run->title && run->source);
    for (size_t i = 0; t && i < t->rows; i++) {
        require(t->step[i] >= 0 && (i == 0 || t->step[i] > t->step[i - 1]));
        require(!t->loss || isfinite(t->loss[i]));
    }
    require(!t || t->rows > 0);
}

/* The way to the asking process and back changes nothing. */
static void check_answer(struct log_answer *answer)
{
    struct orl_text bytes = {0}, again = {0};
    struct log_answer taken;
    struct orl_error err = {0};
    orl_log_pack(answer, &bytes);
    require(!bytes.failed && orl_log_unpack(bytes.data, bytes.length, &taken, &err) == ORL_OK);
    require((taken.set ? taken.set->count : 0) == (answer->set ? answer->set->count : 0));
    require(taken.messages.errors == answer->messages.errors);
    orl_log_set_destroy(&taken.set);
    orl_messages_uninit(&taken.messages);
    /* a cut answer is none */
    require(orl_log_unpack(bytes.data, bytes.length / 2, &taken, &err) != ORL_OK);
    orl_log_set_destroy(&taken.set);
    orl_messages_uninit(&taken.messages);
    orl_text_uninit(&bytes);
    orl_text_uninit(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct orl_limits limits = orl_limits_default;
    struct log_answer answer = {0};
    char path[64];
    const char *const paths[] = {path};
    struct orl_log_request request = {.paths = paths, .path_count = 1};
    int file = memfd_create("log", MFD_CLOEXEC);
    limits.log_columns = 40;
    limits.log_points = 4000;
    limits.log_runs = 8;
    require(file >= 0 && write(file, bytes, size) == (ssize_t)size);
    snprintf(path, sizeof path, "/proc/self/fd/%d", file);
    answer.code = orl_log_read_here(&request, &limits, &answer.messages, &answer.set, &answer.err);
    require(answer.code == ORL_OK || answer.code == ORL_EINPUT);
    require((answer.code == ORL_EINPUT) == (answer.messages.errors > 0 || answer.err.text[0]));
    for (size_t i = 0; answer.set && i < answer.set->count; i++)
        check_run(&answer.set->runs[i]);
    if (size % 16 == 0)
        check_answer(&answer);
    orl_log_set_destroy(&answer.set);
    orl_messages_uninit(&answer.messages);
    close(file);
    return 0;
}

#ifndef ORL_FUZZER_MAIN
/* Binary seeds are made here: records with checksums that hold, so that mutants get past them. */
static size_t event_add(uint8_t *out, uint8_t step, const char *tag, float value)
{
    uint8_t body[64] = {0x10, step, 0x2a}, *at = body + 4;
    size_t length = strlen(tag);
    at[0] = 0x0a;
    at[1] = (uint8_t)(length + 7);
    at[2] = 0x0a;
    at[3] = (uint8_t)length;
    memcpy(at + 4, tag, length);
    at[4 + length] = 0x15;
    memcpy(at + 5 + length, &value, 4);
    body[3] = (uint8_t)(length + 9);
    uint64_t size = length + 13;
    uint32_t crc = orl_crc32c(0, &size, 8), data = orl_crc32c(0, body, (size_t)size);
    crc = (crc >> 15 | crc << 17) + 0xa282ead8u;
    data = (data >> 15 | data << 17) + 0xa282ead8u;
    memcpy(out, &size, 8);
    memcpy(out + 8, &crc, 4);
    memcpy(out + 12, body, (size_t)size);
    memcpy(out + 12 + size, &data, 4);
    return 16 + (size_t)size;
}

static size_t piece_add(uint8_t *out, const void *record, size_t length)
{
    out[6] = 1;
    memcpy(out + 7, record, length);
    uint32_t crc = orl_crc32(0, out + 6, length + 1);
    memcpy(out, &crc, 4);
    out[4] = (uint8_t)length;
    out[5] = (uint8_t)(length >> 8);
    return 7 + length;
}

static size_t swanlab_make(uint8_t *out)
{
    size_t size = 7;
    memcpy(out, ":SWL\xd6\xe1\x01", 7);
    for (int i = 0; i < 4; i++) {
        char record[160];
        int length = snprintf(record, sizeof record,
                              "{\"model_type\":\"Scalar\",\"data\":{\"metric\":{\"data\":%d.5},"
                              "\"key\":\"loss\",\"step\":%d}}",
                              9 - i, i);
        size += piece_add(out + size, record, (size_t)length);
    }
    return size;
}

static size_t wandb_make(uint8_t *out)
{
    static const uint8_t row[] = {0x12, 0x16, 0x0a, 0x10, 0x12, 4, 'l',  'o', 's',  's', 0x82, 1,
                                  3,    '1',  '.',  '5',  0x0a, 0, 0x0a, 0,   0x12, 2,   8,    7};
    size_t size = 7;
    memcpy(out, ":W&B\xe1\xbe\x00", 7);
    for (int i = 0; i < 3; i++)
        size += piece_add(out + size, row, sizeof row);
    return size;
}

/* Flip and cut: texts are mutated by fuzz_run, which ends at a zero byte. */
static void binary_run(const uint8_t *seed, size_t size, size_t rounds)
{
    uint8_t bytes[4096];
    for (size_t i = 0; i < rounds; i++) {
        memcpy(bytes, seed, size);
        size_t length = fuzz_below(4) ? size : fuzz_below(size + 1);
        for (size_t changes = fuzz_below(4); changes > 0 && length > 0; changes--)
            bytes[fuzz_below(length)] = (uint8_t)fuzz_below(256);
        LLVMFuzzerTestOneInput(bytes, length);
    }
}

int main(void)
{
    static const char *const seeds[] = {
        "step,loss,val_loss\n0,1,2\n1,0.5,\n2,nan,1\n1,3,4\n",
        "epoch,set,step,loss\n0,train,0,5\n0,val,0,6\n1,train,0,3\n1,val,0,4\n",
        "\"Step\",\"a - loss\",\"a - loss__MIN\",\"b - loss\"\n\"0\",\"1\",\"1\",\"2\"\n",
        "Wall time,Step,Value\n1.5e9,0,1\n1.6e9,1,0.5\n",
        "{\"step\":0,\"loss\":1,\"a\":{\"b\":2}}\n{\"step\":1,\"loss\":NaN,\"l\":[1,2]}\n",
        "[{\"epoch\":0,\"loss\":1},{\"epoch\":1,\"loss\":\"-Infinity\"}]",
        "{\"log_history\":[{\"step\":1,\"loss\":2},{\"step\":2,\"eval_loss\":1}],\"x\":[1]}",
        "{\"h\":{\"loss\":[3,2,1],\"epochs\":[0,1,2]},\"c\":[1]}",
        "{\"meta\":{\"learn_metrics\":[{\"name\":\"RMSE\"}]},\"iterations\":[{\"learn\":[2],"
        "\"iteration\":0},{\"learn\":[1],\"iteration\":1}]}",
        "[[1.5e9,0,3.5],[1.6e9,10,2.5]]",
        "1668944560000 0.5 0\n1668944560001 0.25 1\n",
        "# a b\n1 2\n3 4\n",
    };
    static const char *const words[] = {
        ",",    "\n",  "\r\n", "\"",   "{",       "}",       "[",
        "]",    ":",   "null", "NaN",  "-inf",    "1e400",   "-1",
        "1e18", "0.5", "step", "loss", "\\u00e9", "\\ud800", "\xff",
        "_",    ";",   "\t",   "#",    "val",     "epoch",   "999999999999999999"};
    uint8_t binary[4096];
    size_t size = 0;
    for (uint8_t i = 0; i < 6; i++) {
        size += event_add(binary + size, i % 4, "train/loss", 5.0f - (float)i);
        size += event_add(binary + size, i % 4, "lr", 0.5f / (float)(i + 1));
    }
    binary_run(binary, size, 4000);
    binary_run(binary, swanlab_make(binary), 3000);
    binary_run(binary, wandb_make(binary), 3000);
    (void)fuzz_replay("logs");
    return fuzz_run(seeds, sizeof seeds / sizeof *seeds, words, sizeof words / sizeof *words,
                    20000);
}
#endif
