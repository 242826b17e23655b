/* Reads small cases of films from plain text, makes the films and compares their words. */
#include "support/cases.h"

#include "scene/tables.h"
#include "support/drawn.h"
#include "support/points.h"
#include "support/settings.h"
#include "support/stage.h"
#include "support/told.h"
#include "support/words.h"

static void case_refuse(const struct film_case *c, const char *what)
{
    fail_msg("%s:%u: %s", c->path, c->line, what);
}

/* The next word or "quoted text" of a line, cut off; NULL at its end. */
static char *case_word(char **rest)
{
    char *start = *rest + strspn(*rest, " \t"), *end;
    if (!*start)
        return NULL;
    if (*start == '"') {
        end = strchr(++start, '"');
        end = end ? end : start + strlen(start);
    } else {
        end = start + strcspn(start, " \t");
    }
    *rest = *end ? end + 1 : end;
    *end = '\0';
    return start;
}

static double case_number(const struct film_case *c, char **rest)
{
    double value = 0.0;
    const char *word = case_word(rest);
    if (!word || !orl_double_parse(word, strlen(word), &value))
        case_refuse(c, "a number is missing");
    return value;
}

static size_t case_numbers(char **rest, double *out, size_t capacity)
{
    size_t count = 0;
    for (const char *word = case_word(rest); word && count < capacity; word = case_word(rest)) {
        bool number = orl_double_parse(word, strlen(word), &out[count]);
        if (!number)
            out[count] = strcmp(word, "inf") == 0 ? INFINITY : NAN;
        count += number || isinf(out[count]) || strcmp(word, "-") == 0;
    }
    return count;
}

static size_t case_choice(const struct film_case *c, char **rest, const char *const *names)
{
    const char *word = case_word(rest);
    for (size_t i = 0; word && names[i]; i++)
        if (strcmp(names[i], word) == 0)
            return i;
    case_refuse(c, "not one of the names of its table");
    return 0;
}

static void case_release(struct film_case *c)
{
    for (size_t i = 0; i < c->panel_count; i++)
        settings_free(c->values[i], CASE_SETTINGS);
    orl_film_destroy(&c->film);
    for (size_t i = 0; i < c->runs; i++)
        orl_trace_destroy(&c->traces[i]);
    orl_problem_destroy(&c->problem);
}

static void case_begin(struct film_case *c, char **rest)
{
    case_release(c);
    *c = (struct film_case){.path = c->path,
                            .line = c->line,
                            .checks = c->checks,
                            .faults = c->faults,
                            .title = "a film",
                            .to_step = -1,
                            .level = NAN,
                            .pace = ORL_PACE_LINEAR,
                            .length_s = 2,
                            .width = 1280,
                            .height = 720};
    snprintf(c->name, sizeof c->name, "%s", *rest);
}

/* `start alpha 0 beta 1` and `truth alpha 2 beta 3`: the parameters in the order of `start`;
 * several truths are several minima. */
static void case_parameters(struct film_case *c, char **rest, bool truth)
{
    double *values = truth ? c->truth + c->truths * c->parameter_count : c->start;
    size_t i = 0;
    if (truth && c->truths++ == CASE_POINTS)
        case_refuse(c, "so many minima have no room");
    for (const char *word = case_word(rest); word && i < CASE_PARAMETERS;
         word = case_word(rest), i++) {
        if (!truth)
            snprintf(c->parameters[i], sizeof *c->parameters, "%s", word);
        else if (strcmp(word, c->parameters[i]) != 0)
            case_refuse(c, "the truth names the parameters in the order of start");
        values[i] = case_number(c, rest);
    }
    c->parameter_count = i;
}

/* A run's only setting, of which the last word is the value. */
static void case_tell(struct film_case *c, const char *details)
{
    const char *value = details ? strrchr(details, ' ') : NULL;
    if (!value)
        return;
    snprintf(c->settings[c->runs], sizeof *c->settings, "%.*s", (int)(value - details), details);
    c->told[c->runs] = (struct orl_told){c->settings[c->runs], c->settings[c->runs],
                                         strrchr(c->details[c->runs], ' ') + 1, 0};
    c->has_told[c->runs] = true;
}

/* `run sgd "SGD" "learning rate 0.1"`: its rows follow. */
static void case_run(struct film_case *c, char **rest)
{
    const char *names[CASE_PARAMETERS], *name = case_word(rest), *title = case_word(rest),
                                        *details = case_word(rest);
    if (!name || c->runs == CASE_RUNS)
        case_refuse(c, "a run wants a name");
    for (size_t i = 0; i < c->parameter_count; i++)
        names[i] = c->parameters[i];
    snprintf(c->names[c->runs], sizeof *c->names, "p/%s", name);
    snprintf(c->titles[c->runs], sizeof *c->titles, "%s", title ? title : name);
    snprintf(c->details[c->runs], sizeof *c->details, "%s", details ? details : "");
    case_tell(c, details);
    c->traces[c->runs++] = stage_trace(CASE_ROWS, names, c->parameter_count);
    c->traces[c->runs - 1]->rows = 0;
}

/* `gradient alpha 1 0.5 0`: of the last run, a number for each row. */
static void case_gradient(struct film_case *c, char **rest)
{
    double numbers[CASE_ROWS];
    struct orl_trace *t = c->runs ? c->traces[c->runs - 1] : NULL;
    const char *name = case_word(rest);
    size_t column = 0, n = c->parameter_count;
    while (name && column < n && strcmp(c->parameters[column], name) != 0)
        column++;
    if (!t || !name || column == n || case_numbers(rest, numbers, CASE_ROWS) != t->rows)
        case_refuse(c, "a gradient wants a run, a parameter and a number for each row");
    if (!t->gradients)
        t->gradients = calloc(CASE_ROWS * n, sizeof *t->gradients);
    for (size_t i = 0; i < t->rows; i++)
        t->gradients[i * n + column] = numbers[i];
}

/* A line of numbers that belongs to the last run: its steps, losses, or a parameter's values. */
static bool case_rows(struct film_case *c, const char *what, char **rest)
{
    double numbers[CASE_ROWS];
    struct orl_trace *t = c->runs ? c->traces[c->runs - 1] : NULL;
    size_t column = 0;
    if (t && strcmp(what, "no-loss") == 0) {
        free(t->loss);
        t->loss = NULL;
        return true;
    }
    while (column < c->parameter_count && strcmp(c->parameters[column], what) != 0)
        column++;
    if (!t ||
        (column == c->parameter_count && strcmp(what, "step") != 0 && strcmp(what, "loss") != 0))
        return false;
    size_t count = case_numbers(rest, numbers, CASE_ROWS);
    if (t->rows && count != t->rows)
        case_refuse(c, "not as many numbers as in the lines before");
    t->rows = count;
    for (size_t i = 0; i < count; i++)
        if (column < c->parameter_count)
            t->values[i * c->parameter_count + column] = numbers[i];
        else if (*what == 's')
            t->step[i] = (int64_t)numbers[i];
        else
            t->loss[i] = numbers[i];
    t->steps = t->step[count - 1];
    return true;
}

static void case_diverged(struct film_case *c, char **rest)
{
    if (!c->runs)
        case_refuse(c, "no run that diverges");
    c->traces[c->runs - 1]->status = ORL_STATUS_DIVERGED;
    c->traces[c->runs - 1]->steps = (int64_t)case_number(c, rest);
}

/* `remark 12 1.5 0 "words"`: at step 12, for 1.5 s (0: as long as usual), of the first run. */
static void case_remark(struct film_case *c, char **rest)
{
    if (c->note_count == CASE_NOTES)
        case_refuse(c, "so many remarks have no room");
    struct orl_note *note = &c->notes[c->note_count];
    char *words = c->note_words[c->note_count++];
    note->step = (int64_t)case_number(c, rest);
    note->seconds = case_number(c, rest);
    note->run = (size_t)case_number(c, rest);
    note->text = words;
    snprintf(words, sizeof *c->note_words, "%s", case_word(rest));
}

/* `spread LEAST LOW HIGH GREATEST` of the last run, four numbers for each row. */
static void case_spread(struct film_case *c, char **rest)
{
    double numbers[ORL_SPREAD * CASE_ROWS];
    struct orl_trace *t = c->runs ? c->traces[c->runs - 1] : NULL;
    if (!t || case_numbers(rest, numbers, ORL_SPREAD * CASE_ROWS) != ORL_SPREAD * t->rows)
        case_refuse(c, "a spread wants a run and four numbers for each row");
    t->spread = calloc(ORL_SPREAD * t->rows, sizeof *t->spread);
    memcpy(t->spread, numbers, ORL_SPREAD * t->rows * sizeof *t->spread);
}

/* `zigzag 4000 1 3`: so many rows of the last run, whose losses go to and fro. */
static void case_zigzag(struct film_case *c, char **rest)
{
    const char *names[CASE_PARAMETERS];
    size_t rows = (size_t)case_number(c, rest);
    double ends[] = {case_number(c, rest), case_number(c, rest)};
    if (!c->runs)
        case_refuse(c, "no run that goes to and fro");
    for (size_t i = 0; i < c->parameter_count; i++)
        names[i] = c->parameters[i];
    orl_trace_destroy(&c->traces[c->runs - 1]);
    struct orl_trace *t = c->traces[c->runs - 1] = stage_trace(rows, names, c->parameter_count);
    for (size_t i = 0; i < rows; i++)
        t->loss[i] = ends[i % 2];
}

/* `film pace log length 3 hold 0.5 1 size 640 360 layout grid title "words"`. */
static void case_film(struct film_case *c, char **rest)
{
    for (const char *word = case_word(rest); word; word = case_word(rest))
        if (strcmp(word, "pace") == 0)
            c->pace = (enum orl_pace)case_choice(c, rest, orl_pace_names);
        else if (strcmp(word, "layout") == 0)
            c->layout = (enum orl_layout)case_choice(c, rest, orl_layout_names);
        else if (strcmp(word, "length") == 0)
            c->length_s = case_number(c, rest);
        else if (strcmp(word, "title") == 0)
            snprintf(c->title, sizeof c->title, "%s", case_word(rest));
        else if (strcmp(word, "subtitle") == 0)
            snprintf(c->subtitle, sizeof c->subtitle, "%s", case_word(rest));
        else if (strcmp(word, "note") == 0)
            snprintf(c->note, sizeof c->note, "%s", case_word(rest));
        else if (strcmp(word, "credit") == 0)
            snprintf(c->credit, sizeof c->credit, "%s", case_word(rest));
        else if (strcmp(word, "watch") == 0)
            snprintf(c->watched, sizeof c->watched, "%s", case_word(rest));
        else if (strcmp(word, "quantity") == 0)
            snprintf(c->quantity, sizeof c->quantity, "%s", case_word(rest));
        else if (strcmp(word, "highlight") == 0)
            c->highlight[(size_t)case_number(c, rest)] = c->highlights = true;
        else if (strcmp(word, "no-events") == 0)
            c->no_events = true;
        else if (strcmp(word, "level") == 0)
            c->level = case_number(c, rest);
        else if (strcmp(word, "from") == 0)
            c->from_step = (int64_t)case_number(c, rest);
        else if (strcmp(word, "to") == 0)
            c->to_step = (int64_t)case_number(c, rest);
        else if (strcmp(word, "hold") == 0)
            c->hold_first_s = case_number(c, rest), c->hold_last_s = case_number(c, rest);
        else if (strcmp(word, "size") == 0)
            c->width = (int)case_number(c, rest), c->height = (int)case_number(c, rest);
        else
            case_refuse(c, "no setting of a film");
}

/* `set fit band=0.95 best_fit=1`: of a panel that is listed. */
static void case_set(struct film_case *c, char **rest)
{
    const char *name = case_word(rest);
    for (size_t i = 0; i < c->panel_count; i++)
        if (name && strcmp(c->panels[i], name) == 0) {
            settings_apply(*rest, orl_panel_find(name)->settings, c->values[i]);
            c->has_values[i] = true;
            return;
        }
    case_refuse(c, "no such panel is listed");
}

/* `x 0 1 2`, `y 3 5 7`, `sigma 1 1 2`: data by hand. */
static bool case_column(struct film_case *c, const char *what, char **rest)
{
    static const char *const names[] = {"x", "y", "sigma"};
    for (size_t i = 0; i < 3; i++)
        if (strcmp(names[i], what) == 0) {
            c->column_rows[i] = case_numbers(rest, c->column[i], CASE_ROWS);
            return true;
        }
    return false;
}

static void case_problem_make(struct film_case *c)
{
    const char *names[CASE_PARAMETERS];
    for (size_t i = 0; i < c->parameter_count; i++)
        names[i] = c->parameters[i];
    if (c->column_rows[0])
        c->problem =
            points_problem(&(struct points){.x = c->column[0],
                                            .y = c->column[1],
                                            .sigma = c->column_rows[2] ? c->column[2] : NULL,
                                            .count = c->column_rows[0]},
                           c->formula, names, c->parameter_count, c->start);
    else if (*c->formula)
        c->problem = stage_problem_make(&(struct stage_model){.formula = c->formula,
                                                              .names = names,
                                                              .start = c->start,
                                                              .truth = c->truths ? c->truth : NULL,
                                                              .truth_count = c->truths,
                                                              .noise = c->noise,
                                                              .loss = c->sum ? "sse" : NULL,
                                                              .count = c->parameter_count,
                                                              .points = c->points});
}

static struct film_case *case_film_made(struct film_case *c)
{
    if (c->film)
        return c;
    struct orl_panel_spec panels[CASE_PANELS];
    case_problem_make(c);
    for (size_t i = 0; i < c->panel_count; i++)
        panels[i] = (struct orl_panel_spec){.panel = c->panels[i],
                                            .values = c->has_values[i] ? c->values[i] : NULL};
    for (size_t i = 0; i < c->runs; i++)
        c->shown[i] = (struct orl_film_run){.trace = c->traces[i],
                                            .problem = c->problem,
                                            .name = c->names[i],
                                            .title = c->titles[i],
                                            .details = c->details[i],
                                            .base = c->titles[i],
                                            .told = &c->told[i],
                                            .told_count = c->has_told[i],
                                            .style = i};
    struct orl_film_spec spec =
        stage_spec(c->shown, c->runs, panels, c->panel_count, c->width, c->height);
    spec.title = c->title;
    spec.subtitle = *c->subtitle ? c->subtitle : spec.subtitle;
    spec.note = *c->note ? c->note : NULL;
    spec.credit = *c->credit ? c->credit : NULL;
    spec.watched = *c->watched ? c->watched : NULL;
    spec.quantity = *c->quantity ? c->quantity : NULL;
    spec.level = isnan(c->level) ? NULL : &c->level;
    spec.highlight = c->highlights ? c->highlight : NULL;
    spec.notes = c->notes;
    spec.note_count = c->note_count;
    spec.no_events = c->no_events;
    spec.from_step = c->from_step;
    spec.to_step = c->to_step;
    spec.pace = c->pace;
    spec.layout = c->layout;
    spec.length_s = c->length_s;
    spec.hold_first_s = c->hold_first_s;
    spec.hold_last_s = c->hold_last_s;
    spec.fps_num = 20;
    c->film = stage_film(&spec);
    return c;
}

/* `frame 12`, `frame last`, `frame last -1`, `frame step 10`. */
static void case_frame(struct film_case *c, char **rest)
{
    double back = 0.0;
    if (strncmp(*rest, "last", 4) == 0) {
        case_word(rest);
        case_numbers(rest, &back, 1);
        c->frame = orl_film_frames(c->film) - 1 - (size_t)fabs(back);
    } else if (strncmp(*rest, "step", 4) == 0) {
        case_word(rest);
        c->frame = orl_film_frame_at(c->film, (int64_t)case_number(c, rest));
    } else {
        c->frame = (size_t)case_number(c, rest);
    }
    if (c->frame >= orl_film_frames(c->film))
        case_refuse(c, "the film has no such frame");
}

/* A fact about the frame: counted, and told with its line where it does not hold. */
static void case_fact(struct film_case *c, const char *kind, char *words)
{
    struct frame_words w;
    c->checks++;
    frame_words_read(c->film, c->frame, &w);
    bool holds = frame_words_hold(&w, kind, words);
    if (!holds) {
        c->faults++;
        print_error("%s:%u: %s: frame %zu, step %lld: not '%s %s'\n%s", c->path, c->line, c->name,
                    c->frame, (long long)orl_film_step(c->film, c->frame), kind, words,
                    frame_words_all(&w));
    }
    frame_words_release(&w);
}

/* Marks of the frame: `drawn` and its like. */
static void case_drawn(struct film_case *c, const char *kind, const char *words)
{
    struct orl_text told = {0};
    c->checks++;
    if (!drawn_holds(c->film, c->frame, kind, words, &told)) {
        c->faults++;
        print_error("%s:%u: %s: not '%s %s' in frame %zu:\n%s\n", c->path, c->line, c->name, kind,
                    words, c->frame, told.data ? told.data : "");
    }
    orl_text_uninit(&told);
}

/* What the film tells: `finding`, `event` and their like. */
static void case_told(struct film_case *c, const char *kind, const char *words)
{
    struct orl_text told = {0};
    c->checks++;
    if (!film_told_holds(c->film, kind, words, &c->events, &told)) {
        c->faults++;
        print_error("%s:%u: %s: not '%s %s' but:\n%s\n", c->path, c->line, c->name, kind, words,
                    told.data ? told.data : "");
    }
    orl_text_uninit(&told);
}

static void case_line(struct film_case *c, char *line)
{
    char *rest = line, *what = case_word(&rest);
    rest += strspn(rest, " ");
    if (!what || *what == '#')
        return;
    if (strcmp(what, "case") == 0)
        case_begin(c, &rest);
    else if (strcmp(what, "problem") == 0)
        snprintf(c->formula, sizeof c->formula, "%s", rest);
    else if (strcmp(what, "start") == 0 || strcmp(what, "truth") == 0)
        case_parameters(c, &rest, *what == 't');
    else if (strcmp(what, "points") == 0)
        c->points = (size_t)case_number(c, &rest);
    else if (strcmp(what, "noise") == 0)
        c->noise = case_number(c, &rest);
    else if (strcmp(what, "sum") == 0)
        c->sum = true;
    else if (strcmp(what, "gradient") == 0)
        case_gradient(c, &rest);
    else if (strcmp(what, "run") == 0)
        case_run(c, &rest);
    else if (strcmp(what, "diverged") == 0)
        case_diverged(c, &rest);
    else if (strcmp(what, "remark") == 0)
        case_remark(c, &rest);
    else if (strcmp(what, "film") == 0)
        case_film(c, &rest);
    else if (strcmp(what, "panels") == 0)
        for (char *word = case_word(&rest); word; word = case_word(&rest))
            snprintf(c->panels[c->panel_count++], sizeof *c->panels, "%s", word);
    else if (strcmp(what, "spread") == 0)
        case_spread(c, &rest);
    else if (strcmp(what, "zigzag") == 0)
        case_zigzag(c, &rest);
    else if (strcmp(what, "set") == 0)
        case_set(c, &rest);
    else if (strcmp(what, "frame") == 0)
        case_frame(case_film_made(c), &rest);
    else if (film_told_knows(what))
        case_told(case_film_made(c), what, rest);
    else if (drawn_knows(what))
        case_drawn(case_film_made(c), what, rest);
    else if (frame_words_knows(what) && c->film)
        case_fact(c, what, rest);
    else if (!case_rows(c, what, &rest) && !case_column(c, what, &rest))
        case_refuse(c, "this line is none of those that a case is made of");
}

size_t cases_run(const char *path, size_t *checks)
{
    struct film_case c = {.path = path};
    char line[1024];
    FILE *file = fopen(path, "r");
    if (!file)
        fail_msg("%s cannot be read", path);
    while (fgets(line, sizeof line, file)) {
        line[strcspn(line, "\n")] = '\0';
        c.line++;
        case_line(&c, line);
    }
    fclose(file);
    case_release(&c);
    *checks = c.checks;
    return c.faults;
}
