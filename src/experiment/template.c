/* The experiment file that `optreel new` writes: small, whole, and commented. */
#include "base/text.h"
#include "optreel/experiment.h"

static const char head[] = "# An experiment for optreel. Render it with:  optreel render ";
static const char note[] = "#\n"
                           "# All that is here may be changed; `optreel check` tells what a change "
                           "means, `optreel help experiment` what else there is.\n";
static const char body[] =
    "steps: 2000                   # updates of each run\n"
    "seed: 1                       # of noise and mini-batches\n"
    "\n"
    "problems:\n"
    "  parabola:\n"
    "    model: alpha + beta*x + gamma*x^2      # names that are not in data are parameters\n"
    "    start: {alpha: 3, beta: -1, gamma: 6}  # where every run begins\n"
    "    loss: mse                              # optreel list losses\n"
    "    data:\n"
    "      x: {from: 0, to: 1, count: 100}      # or a list of numbers\n"
    "      truth: {alpha: 3, beta: 6, gamma: 8} # y = model(truth) + noise\n"
    "      noise: 0.3                           # standard deviation\n"
    "    # Points of your own, from a CSV file beside this one, in place of the three lines "
    "above:\n"
    "    # data: {file: points.csv, columns: {x: time, y: volts}, response: y}\n"
    "\n"
    "optimizers:                   # optreel list optimizers\n"
    "  sgd:      {learning_rate: 0.1}\n"
    "  momentum: {learning_rate: 0.1, momentum: 0.9}\n"
    "  adam:     {learning_rate: 0.05}\n"
    "  # a list is a sweep, one run for each value:   adagrad: {learning_rate: [0.1, 1]}\n"
    "  # a formula is a schedule:                     warm: {kind: sgd, learning_rate: "
    "\"0.1*min(1, step/100)\"}\n"
    "\n"
    "films:\n"
    "  - each: run                 # one film for each run\n"
    "    panels: [fit, loss]\n"
    "  - each: problem             # a race: all runs of a problem in one film\n"
    "    name: \"{problem}-race\"\n"
    "    pace: log                 # the first steps slowly, where most happens\n"
    "    length: 10                # seconds, holds included\n"
    "    hold: {first: 0.7, last: 2}\n"
    "\n"
    "output:\n"
    "  formats: [mp4, gif]         # optreel list formats\n"
    "  preset: web                 # optreel list presets\n";

char *orl_experiment_template(const char *name)
{
    struct orl_text text = {0};
    orl_text_printf(&text, "%s%s.yaml\n%stitle: \"%s\"\n", head, name, note, name);
    orl_text_puts(&text, body);
    return orl_text_take(&text);
}
