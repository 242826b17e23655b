/* The keys of an entry of `films`. */
#include <math.h>

#include "experiment/rows.h"
#include "scene/tables.h"

#define LENGTH_MOST_S 1e7

const char *const orl_each_names[] = {"run", "problem", "optimizer", "experiment", NULL};

#define AT(field) .offset = offsetof(struct orl_film_settings, field)

static const struct key layout_rows[] = {
    {.name = "kind",
     .type = &orl_key_choice,
     .flags = KEY_THROUGH,
     AT(layout),
     .choices = orl_layout_names,
     .description = "overlay: all runs in each panel; grid: the first plot once for each run; "
                    "sequence: one after the other",
     .example = "grid"},
    {.name = "columns",
     .type = &orl_key_weights,
     .flags = KEY_THROUGH,
     AT(grid.columns),
     .count_offset = offsetof(struct orl_film_settings, grid.column_count),
     .description = "relative widths; panels fill the grid in reading order",
     .example = "[2, 1]"},
    {.name = "rows",
     .type = &orl_key_weights,
     .flags = KEY_THROUGH,
     AT(grid.rows),
     .count_offset = offsetof(struct orl_film_settings, grid.row_count),
     .description = "relative heights; without them there are as many rows as are needed",
     .example = "[1, 2]"},
    {0},
};
static const struct key_map layout_map = {
    .what = "layout", .rows = layout_rows, .check = orl_layout_check};

static const struct key hold_rows[] = {
    {.name = "first",
     .type = &orl_key_real,
     .flags = KEY_THROUGH,
     AT(hold_first_s),
     .initial = NAN,
     .maximum = LENGTH_MOST_S,
     .unit = "s",
     .description = "how long the first picture stands"},
    {.name = "last",
     .type = &orl_key_real,
     .flags = KEY_THROUGH,
     AT(hold_last_s),
     .initial = NAN,
     .maximum = LENGTH_MOST_S,
     .unit = "s",
     .description = "how long the last picture stands"},
    {0},
};
static const struct key_map hold_map = {.what = "hold", .rows = hold_rows};

static const struct key steps_rows[] = {
    {.name = "from",
     .type = &orl_key_integer,
     .flags = KEY_THROUGH,
     AT(from_step),
     .limit = KEY_LIMIT(steps),
     .description = "the first step that is shown"},
    {.name = "to",
     .type = &orl_key_integer,
     .flags = KEY_THROUGH,
     AT(to_step),
     .initial = -1,
     .limit = KEY_LIMIT(steps),
     .description = "the last step that is shown"},
    {0},
};
static const struct key_map steps_map = {.what = "steps", .rows = steps_rows};

static const char *const headline_froms[] = {"first", "last", NULL};
static const char *const event_choices[] = {"auto", "none", NULL};

static const struct key headline_rows[] = {
    {.name = "text",
     .type = &orl_key_title,
     .flags = KEY_FILM,
     AT(headline),
     .description = "auto: a sentence made from the standing; none; or a text of one's own",
     .example = "none"},
    {.name = "from",
     .type = &orl_key_choice,
     .flags = KEY_FILM,
     AT(headline_from),
     .choices = headline_froms,
     .initial = 1,
     .description = "the frame from which on it stands: the first, or that of the last step",
     .example = "first"},
    {0},
};
static const struct key_map headline_map = {.what = "headline", .rows = headline_rows};

#undef AT
#define AT(field) .offset = offsetof(struct orl_credit_settings, field)
static const struct key credit_rows[] = {
    {.name = "text",
     .type = &orl_key_title,
     .flags = KEY_FILM,
     AT(text),
     .description = "whom the film is owed to"},
    {0},
};
static const struct key_map credit_map = {.what = "credit", .rows = credit_rows};

#undef AT
#define AT(field) .offset = offsetof(struct orl_note_settings, field)
static const struct key note_rows[] = {
    {.name = "step",
     .type = &orl_key_integer,
     .flags = KEY_FILM | KEY_REQUIRED,
     AT(step),
     .limit = KEY_LIMIT(steps),
     .description = "at which it is told",
     .example = "18"},
    {.name = "text",
     .type = &orl_key_title,
     .flags = KEY_FILM | KEY_REQUIRED,
     AT(text),
     .description = "a short sentence",
     .example = "overshoots here"},
    {.name = "run",
     .type = &orl_key_text,
     .flags = KEY_FILM,
     AT(run),
     .description = "whose mark stands before it: an optimizer, or problem/optimizer"},
    {.name = "seconds",
     .type = &orl_key_real,
     .flags = KEY_FILM,
     AT(seconds),
     .initial = 1.2,
     .minimum = 0.1,
     .maximum = 60.0,
     .unit = "s",
     .description = "how long it stands"},
    {0},
};
static const struct key_map note_map = {
    .what = "a note", .rows = note_rows, .size = sizeof(struct orl_note_settings)};
#undef AT
#define AT(field) .offset = offsetof(struct orl_film_settings, field)

static const struct key film_rows[] = {
    {.name = "each",
     .type = &orl_key_choice,
     .flags = KEY_THROUGH,
     AT(each),
     .choices = orl_each_names,
     .description = "one film for each of these",
     .example = "problem"},
    {.name = "panels",
     .type = &orl_key_panels,
     .flags = KEY_THROUGH | KEY_ELSEWHERE,
     .description = "the charts of a frame, the main one first",
     .example = "[loss]"},
    {.name = "name",
     .type = &orl_key_text,
     AT(name),
     .description = "of its files, with {problem}, {optimizer}, {run} and {experiment}"},
    {.name = "title",
     .type = &orl_key_title,
     .flags = KEY_THROUGH,
     AT(title),
     .description = "the first line of the film"},
    {.name = "subtitle",
     .type = &orl_key_title,
     .flags = KEY_FILM,
     AT(subtitle),
     .description = "the line below it: auto, what the model is and how the runs differ; none; or "
                    "a text of one's own",
     .example = "none"},
    {.name = "note",
     .type = &orl_key_title,
     .flags = KEY_FILM,
     AT(note),
     .description = "a line below the film",
     .example = "Same start, same data"},
    {.name = "credit",
     .type = &orl_key_brief,
     .flags = KEY_FILM,
     .offset = offsetof(struct orl_film_settings, credit),
     .map = &credit_map,
     .description = "at the right of that line: a text, or a map"},
    {.name = "runs",
     .type = &orl_key_names,
     .flags = KEY_THROUGH,
     AT(only),
     .count_offset = offsetof(struct orl_film_settings, only_count),
     .minimum = 0,
     .maximum = 1000,
     .description = "of the runs that the film would have, these: optimizers with * and ?, or "
                    "problem/optimizer",
     .example = "[sgd]"},
    {.name = "layout",
     .type = &orl_key_brief,
     .flags = KEY_THROUGH,
     .map = &layout_map,
     .description = "how several runs share a film, and where its panels go"},
    {.name = "pace",
     .type = &orl_key_choice,
     .flags = KEY_THROUGH,
     AT(pace),
     .choices = orl_pace_names,
     .initial = ORL_PACE_AUTO,
     .description = "how steps are spread over the film; auto: motion where the first panel is a "
                    "surface, else log",
     .example = "linear"},
    {.name = "length",
     .type = &orl_key_real,
     .flags = KEY_THROUGH,
     AT(length_s),
     .initial = NAN,
     .minimum = 0.1,
     .maximum = LENGTH_MOST_S,
     .unit = "s",
     .description = "of the film, holds included; default: 10, a report video as its runs need"},
    {.name = "hold",
     .type = &orl_key_map,
     .flags = KEY_THROUGH,
     .map = &hold_map,
     .description = "how long the first and the last picture stand, in a report video those of "
                    "each run"},
    {.name = "axes",
     .type = &orl_key_axes,
     .flags = KEY_THROUGH | KEY_ELSEWHERE,
     .description = "settings of panels, by panel: optreel list panels",
     .example = "{loss: {scale: linear}}"},
    {.name = "steps",
     .type = &orl_key_map,
     .flags = KEY_THROUGH,
     .map = &steps_map,
     .description = "the part of the runs that is shown"},
    {.name = "headline",
     .type = &orl_key_brief,
     .flags = KEY_FILM,
     .map = &headline_map,
     .description = "the sentence that says what the film shows, in the title's place at the end"},
    {.name = "highlight",
     .type = &orl_key_names,
     .flags = KEY_FILM,
     AT(highlight),
     .count_offset = offsetof(struct orl_film_settings, highlight_count),
     .minimum = 0,
     .maximum = 1000,
     .description = "runs that stand out while the others step back: optimizers with * and ?, or "
                    "problem/optimizer; default: the winner at the finish",
     .example = "[\"*\"]"},
    {.name = "events",
     .type = &orl_key_choice,
     .flags = KEY_FILM,
     AT(events),
     .choices = event_choices,
     .description = "short sentences where something happens: found in the runs, or none",
     .example = "none"},
    {.name = "notes",
     .type = &orl_key_list,
     .flags = KEY_FILM,
     .map = &note_map,
     AT(notes),
     .count_offset = offsetof(struct orl_film_settings, note_count),
     .description = "sentences by hand, among the events",
     .example = "[{step: 1, text: \"the first step\"}]"},
    {.name = "level",
     .type = &orl_key_real,
     .flags = KEY_FILM,
     AT(level),
     .initial = NAN,
     .minimum = -1e300,
     .maximum = 1e300,
     .description = "the loss at which a run has arrived; default: 1e-6 of the way from the start "
                    "to the least loss known",
     .example = "0.5"},
    {0},
};
const struct key_map orl_film_map = {.what = "a film",
                                     .topic = "films",
                                     .rows = film_rows,
                                     .size = sizeof(struct orl_film_settings)};
#undef AT
