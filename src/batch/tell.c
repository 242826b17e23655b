/* Lines for people, which hold up nothing. */
#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/io.h"
#include "base/text.h"
#include "batch/supervisor.h"

#define PATIENCE_S 1.0
enum { PIECE = 4096 }; /* a pipe that can be written to takes so much without waiting */

void orl_tell(struct batch *batch, const char *format, ...)
{
    va_list arguments;
    if (!batch->options->messages)
        return;
    va_start(arguments, format);
    char *line = orl_vasprintf(format, arguments);
    va_end(arguments);
    if (!line)
        return;
    size_t length = strlen(line);
    struct orl_text shown = {0};
    bool ends = length && line[length - 1] == '\n'; /* the end of a line is ours */
    orl_text_escape_terminal(&shown, line, length - ends);
    orl_text_puts(&shown, ends ? "\n" : "");
    orl_progress_clear(&batch->progress);
    if (!shown.failed)
        batch->deaf = !orl_stream_say(batch->options->messages, shown.data, shown.length,
                                      batch->deaf ? 0.0 : PATIENCE_S);
    orl_text_uninit(&shown);
    free(line);
}

/* Write what can be written without waiting, or, `all`, all of it. A reader who has gone is no
 * failure of the films. */
static void results_flush(struct batch *batch, bool all)
{
    struct orl_text *text = &batch->results;
    int fd = batch->options->results ? fileno(batch->options->results) : -1;
    size_t done = 0;
    while (fd >= 0 && done < text->length) {
        struct pollfd watched = {fd, POLLOUT, 0};
        if (!all && (poll(&watched, 1, 0) <= 0 || !(watched.revents & POLLOUT)))
            break;
        size_t left = text->length - done;
        ssize_t wrote = write(fd, text->data + done, left < PIECE ? left : PIECE);
        if (wrote > 0)
            done += (size_t)wrote;
        else if (wrote == 0 || errno != EINTR) {
            if (errno != EPIPE)
                batch->results_lost = true;
            done = text->length;
        }
    }
    if (done)
        memmove(text->data, text->data + done, text->length - done);
    text->length -= done;
}

void orl_tell_result(struct batch *batch, const char *line)
{
    if (!batch->options->results)
        return;
    orl_progress_clear(&batch->progress);
    orl_text_puts(&batch->results, line);
    results_flush(batch, false);
}

void orl_tell_flush(struct batch *batch)
{
    results_flush(batch, true);
    orl_text_uninit(&batch->results);
}
