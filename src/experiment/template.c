/* The experiment file that `optreel new` writes: small, whole, and commented by the rows. */
#include <string.h>

#include "base/text.h"
#include "experiment/rows.h"

static const char head[] = "# An experiment for optreel. Render it with:  optreel render ";
static const char note[] = "#\n"
                           "# All that is here may be changed; `optreel check` tells what a change "
                           "means, `optreel help experiment` what else there is.\n";
/* "# @steps" stands for what the row of the key says. */
static const char body[] =
    "steps: 2000                   # @steps\n"
    "seed: 1                       # @seed\n"
    "\n"
    "problems:                     # @problems\n"
    "  parabola:\n"
    "    model: alpha + beta*x + gamma*x^2      # names that are not in data are parameters\n"
    "    start: {alpha: 3, beta: -1, gamma: 6}  # @problems.start\n"
    "    loss: mse                              # optreel list losses\n"
    "    data:                                  # @problems.data\n"
    "      x: {from: 0, to: 1, count: 100}      # or a list of numbers\n"
    "      truth: {alpha: 3, beta: 6, gamma: 8} # @problems.data.truth\n"
    "      noise: 0.3                           # @problems.data.noise\n"
    "    # Points of your own, from a CSV file beside this one, in place of the three lines "
    "above:\n"
    "    # data: {file: points.csv, columns: {x: time, y: volts}, response: y}\n"
    "    # or written here: data: {x: [0, 1, 2, 3], y: [3.1, 4.9, 8.2, 12.6]}\n"
    "\n"
    "optimizers:                   # @optimizers; optreel list optimizers\n"
    "  sgd:      {learning_rate: 0.1}\n"
    "  momentum: {learning_rate: 0.1, momentum: 0.9}\n"
    "  adam:     {learning_rate: 0.05}\n"
    "  # a list is a sweep, one run for each value:   adagrad: {learning_rate: [0.1, 1]}\n"
    "  # a formula is a schedule:                     warm: {kind: sgd, learning_rate: "
    "\"0.1*min(1, step/100)\"}\n"
    "\n"
    "films:\n"
    "  - each: run                 # @films.each\n"
    "    panels: [fit, loss]       # @films.panels; optreel list panels\n"
    "  - each: problem             # a race: all runs of a problem in one film\n"
    "    name: \"{problem}-race\"    # @films.name\n"
    "    pace: auto                # @films.pace\n"
    "    length: 10                # @films.length (s)\n"
    "    hold: {first: 0.7, last: 2} # @films.hold (s)\n"
    "\n"
    "output:                       # @output\n"
    "  formats: [mp4, gif]         # @output.formats; optreel list formats\n"
    "  preset: web                 # @output.preset; optreel list presets\n";

static void commented_append(struct orl_text *text, const char *template)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz_.";
    for (const char *p = template; *p;) {
        size_t length = strcspn(p, "@");
        char path[64];
        orl_text_append(text, p, length);
        p += length;
        if (!*p)
            return;
        size_t name = strspn(p + 1, letters);
        snprintf(path, sizeof path, "%.*s", (int)name, p + 1);
        const struct key *row = orl_key_at(path);
        orl_text_puts(text, row ? row->description : path);
        p += 1 + name;
    }
}

char *orl_experiment_template(const char *name)
{
    struct orl_text text = {0};
    orl_text_printf(&text, "%s%s.yaml\n%stitle: \"%s\"\n", head, name, note, name);
    commented_append(&text, body);
    return orl_text_take(&text);
}
