/* The help: one page per topic. */
#include <string.h>

#include "base/array.h"
#include "base/text.h"
#include "cli/cli.h"

static void help_main(void)
{
    puts(
        "optreel: films of optimizers fitting curves\n"
        "\n"
        "  optreel render EXPERIMENT [options]   run everything and make every film\n"
        "  optreel run    EXPERIMENT [options]   the runs alone: traces, logs, summary\n"
        "  optreel film   TRACE.csv... -o FILE   a film from recorded traces: any training log\n"
        "  optreel frame  EXPERIMENT [options]   a still of a film: one frame, or a contact sheet\n"
        "  optreel check  EXPERIMENT             check it and print the plan: runs, films, frames, "
        "estimates\n"
        "  optreel new    [NAME]                 write a commented experiment file to start from\n"
        "  optreel list   WHAT [--json]          experiments, optimizers, losses, surfaces, "
        "panels, formats, presets, themes, "
        "functions, encoders\n"
        "  optreel schema                        the JSON Schema of experiment files\n"
        "  optreel help   [TOPIC]                a command, or: experiment, data, formulas, "
        "optimizers, rules, traces,\n"
        "                                        outputs, exit-codes, limits\n"
        "\n"
        "EXPERIMENT is a file, or the name of a built-in one. To begin with:\n"
        "\n"
        "  optreel render assignment             into output/assignment/; open its index.html");
}

static void help_render(void)
{
    puts("optreel render EXPERIMENT [options]\n"
         "\n"
         "Runs every optimizer on every problem, draws and encodes every film, and leaves it all "
         "in the output folder with a "
         "report\n"
         "(index.html) and a summary for programs (summary.json). What is already there and up to "
         "date is not made again. A run "
         "that was\n"
         "stopped goes on where it was when the same command is given again.\n");
    orl_cli_print_options(CLI_RENDER);
}

static void help_run(void)
{
    puts("optreel run EXPERIMENT [options]\n\nThe runs alone: traces, text logs, summary.json, "
         "index.html. No films.\n");
    orl_cli_print_options(CLI_RUN);
}

static void help_check(void)
{
    puts("optreel check EXPERIMENT [options]\n\nReads the experiment and its data, and prints what "
         "render would make. Nothing is "
         "written.\n");
    orl_cli_print_options(CLI_CHECK);
}

static void help_new(void)
{
    puts("optreel new [NAME]\n\nWrites NAME.yaml, a commented experiment file to start from, in "
         "the current folder; on standard "
         "output without\n"
         "a name. An existing file is never overwritten.");
}

static void help_list(void)
{
    puts("optreel list "
         "experiments|optimizers|losses|surfaces|panels|formats|presets|themes|functions|encoders "
         "[--json]\n\n"
         "What there is, with its settings, defaults and sources.");
}

static void help_film(void)
{
    puts("optreel film TRACE.csv... -o FILE [options]\n\n"
         "A first film from traces alone: a line for each one's loss or, where it has none, for "
         "each of its columns. With --model "
         "its\n"
         "parameters are taken from the traces' columns, losses that are missing are computed, and "
         "with --data the fit is shown, "
         "too:\n\n"
         "  optreel film torch.csv -o torch.mp4 --model \"alpha + beta*x\" --data points.csv\n\n"
         "FILE is .mp4, .gif, .png or another format's; - is standard output. See: optreel help "
         "traces.\n");
    orl_cli_print_options(CLI_FILM);
}

static void help_frame(void)
{
    puts("optreel frame EXPERIMENT --film NAME (--frame N | --step N | --contact 4x3) -o "
         "FILE.png|.svg|.pdf\n\n"
         "A still of a film, without making the film: the runs that it needs are made, one frame "
         "is drawn. The names of films: "
         "optreel check.\n");
    orl_cli_print_options(CLI_FRAME);
}

static void help_rules(void)
{
    puts("An update rule of your own, in the experiment file. Assignments are done in order, for "
         "each parameter on its own:\n"
         "\n"
         "  optimizers:\n"
         "    signum:\n"
         "      state:  {m: 0}                            # kept from step to step; every "
         "parameter starts there\n"
         "      hyper:  {learning_rate: 0.001, beta: 0.9} # numbers, schedules or sweeps\n"
         "      update: |\n"
         "        m = beta*m + (1-beta)*g\n"
         "        p = p - learning_rate*sign(m)\n"
         "\n"
         "Known are g (the gradient), p (the parameter), step (1 at the first update), steps, the "
         "state, the hyperparameters, and "
         "what an "
         "earlier\nline names. batch and clip work as with every optimizer.");
}

static void help_data(void)
{
    puts("Data are made, or come from a file; an objective needs none.\n"
         "\n"
         "  data:                                      # made: y = model(truth) + noise\n"
         "    x: {from: 0, to: 1, count: 100}          # or a list; or {from: 0, to: 1, count: "
         "100, random: uniform}\n"
         "    truth: {alpha: 3, beta: 6, gamma: 8}\n"
         "    noise: {sd: 0.3, outliers: 0.05}         # or a number; an outlier's noise is ten "
         "times as large\n"
         "    seed: 7                                  # else the experiment's\n"
         "\n"
         "  data:                                      # a file: CSV (RFC 4180), or TSV, or with "
         "semicolons; UTF-8\n"
         "    file: decay.csv                          # relative to the experiment file\n"
         "    columns: {t: time, y: 3, s: error}       # names of the header, or positions from 1; "
         "else each name is the header's\n"
         "    response: log(y)                         # what the model should meet: a column, or "
         "a formula of columns\n"
         "    sigma: s                                 # each residual is divided by its own "
         "standard deviation\n"
         "\n"
         "The first line is the header; lines before it that begin with # are left out. Cells that "
         "are read hold finite numbers.\n"
         "\n"
         "  objective: (1-x)^2 + 100*(y-x^2)^2         # a function of what stands in start, "
         "without data;\n"
         "  objective: rosenbrock                      # or a classical one by its name: optreel "
         "list surfaces\n"
         "\n"
         "loss: mse, sse, mae, huber, log-cosh; with a setting, {kind: huber, delta: 0.5}.");
}

static void help_optimizers(void)
{
    puts("Optimizers, under names of your own; `optreel list optimizers` tells the kinds and their "
         "hyperparameters.\n"
         "\n"
         "  optimizers:\n"
         "    adam: {learning_rate: [0.001, 0.01]}     # a list is a sweep: a run for each value; "
         "several lists multiply\n"
         "    warm: {kind: adamw, learning_rate: \"0.01*min(1, step/100)*cos(pi/2*step/steps)\"}   "
         "# a formula is a schedule\n"
         "    mini: {kind: sgd, learning_rate: 0.01, batch: 16, clip: 1}   # mini-batches; the "
         "gradient's largest norm\n"
         "  stop: {loss: 1e-9, gradient: 0, change: 0} # for all runs: end below these; 0: never\n"
         "\n"
         "A schedule is a formula of step, which is 1 at the first update, and steps. Mini-batches "
         "are shuffled anew every epoch, "
         "by "
         "the\n"
         "experiment's seed. Rules of your own: optreel help rules.");
}

static void help_traces(void)
{
    puts("A trace is a CSV file: step,loss,<parameter>...,grad_<parameter>...; row k holds the "
         "parameters after k updates. step "
         "may be\n"
         "missing (then rows are counted), loss may be where a model and data are given; other "
         "columns are series.\n"
         "\n"
         "From PyTorch, with p the list of parameters:\n"
         "\n"
         "  log = open(\"torch.csv\", \"w\")\n"
         "  print(\"step,loss,alpha,beta\", file=log)\n"
         "  for step in range(1001):\n"
         "      loss = ((p[0] + p[1]*x - y)**2).mean()\n"
         "      print(step, loss.item(), *(v.item() for v in p), sep=\",\", file=log)\n"
         "      optimizer.zero_grad(); loss.backward(); optimizer.step()\n"
         "\n"
         "A film of it at once:           optreel film torch.csv -o torch.mp4\n"
         "Beside runs of your own:        runs: {add: [{name: torch-adam, problem: line, trace: "
         "torch.csv, title: PyTorch Adam}]}");
}

static void help_schema(void)
{
    puts("optreel schema\n\nThe JSON Schema of experiment files, for editors that check and "
         "complete YAML.");
}

static void help_experiment(void)
{
    puts("An experiment file is YAML: problems, optimizers, and what to make of them. Only "
         "`problems` and `optimizers` are needed.\n"
         "\n"
         "  problems:\n"
         "    quadratic:\n"
         "      model: alpha + beta*x + gamma*x^2\n"
         "      start: {alpha: 3, beta: -1, gamma: 6}\n"
         "      data: {x: {from: 0, to: 1, count: 100}, truth: {alpha: 3, beta: 6, gamma: 8}, "
         "noise: 0.1}\n"
         "  optimizers:\n"
         "    sgd:  {learning_rate: 0.01}\n"
         "    adam: {learning_rate: [0.001, 0.01]}        # a list is a sweep\n"
         "  films:\n"
         "    - {each: run, panels: [fit, loss]}\n"
         "    - {each: problem, name: \"{problem}-race\", layout: overlay}\n"
         "\n"
         "Data may come from a file: data: {file: decay.csv, columns: {t: time, y: volts}, "
         "response: y}.\n"
         "`optreel new` writes a commented file; `optreel schema` lists every key; `optreel list "
         "optimizers` every setting.");
}

static void help_films(void)
{
    puts("Films, one entry each or several from one entry:\n"
         "\n"
         "  films:\n"
         "    - {each: run, panels: [fit, loss]}                       # one for each run; the "
         "main panel first\n"
         "    - {each: problem, name: \"{problem}-race\"}                # a race: all runs of a "
         "problem in one picture\n"
         "    - {each: problem, layout: grid, name: \"{problem}-grid\"}  # small multiples: one "
         "panel once for each run\n"
         "    - {each: experiment, layout: sequence, name: report}     # the report video: title "
         "cards, every run, races, a\n"
         "                                                             # closing table, chapters\n"
         "\n"
         "layout   overlay, grid, sequence; or a grid of your own, filled in reading order, such "
         "as {columns: [2, 1], rows: [3, "
         "1]}:\n"
         "         relative widths, and heights (without rows: as many as are needed). A cell that "
         "is left has the table of "
         "numbers.\n"
         "         grid: the first panel that can be shown for one run (no table, no text), once "
         "for each run with the same axes;\n"
         "         the others show all runs, to compare them. {kind: grid, columns: [1, 1, 1]}: in "
         "three columns.\n"
         "         sequence: the runs of a problem have the same axes, each in its own part.\n"
         "pace     linear: as many steps in each frame; log: the first steps slowly (the default); "
         "loss: equal steps of log loss;\n"
         "         motion: the picture moves by about the same length in each frame.\n"
         "length   seconds, holds included; without it 10, and a report video as long as its runs "
         "need.\n"
         "hold     {first: 0.7, last: 2}: seconds that the first and the last picture stand; in a "
         "report video those of each run.\n"
         "steps    {from: 0, to: 500}: the part of the runs that is shown.\n"
         "axes     settings of panels: {loss: {scale: log}}; `optreel list panels` has them all.\n"
         "name     with {experiment}, {problem}, {optimizer}, {run}.");
}

static void help_formulas(void)
{
    puts("Formulas: numbers, names, + - * / ^ (right-associative; -x^2 is -(x^2)), parentheses, "
         "function calls. No implicit "
         "product.\n"
         "Names that are no columns of the data, no constants (pi, e) and no functions are "
         "parameters, and need a start value.\n"
         "Derivatives are exact. Functions:\n");
    for (const struct orl_function_desc *f = orl_functions; f->name; f++)
        printf("  %-12s %s\n", f->name, f->description);
}

static void help_outputs(void)
{
    puts("In the output folder:\n"
         "\n"
         "  index.html              the report: plays every film, table of results\n"
         "  summary.json            the same for programs\n"
         "  results.csv .md .tex    the table of runs\n"
         "  <film>.mp4, .gif, ...   one file per film and format; <film>.png is its poster, the "
         "last frame\n"
         "  <film>.frames/          with png: {frames: all}, each frame: 000001.png and so on\n"
         "  <film>.alt.txt          what it shows in a sentence; <film>.vtt: captions of a video; "
         "<film>.tex shows its PDF in "
         "LaTeX\n"
         "  <film>-contact.png      a contact sheet, with --contact 4x3 or output: {contact: 4x3}\n"
         "  traces/<run>.csv        step, loss, parameters, gradient: row k after k updates\n"
         "  logs/<run>.log          each parameter's gradient and new value, step by step\n"
         "  .optreel/               lock, manifest, segments in the making\n"
         "\n"
         "Videos (optreel list formats has all formats, their settings and who makes them):\n"
         "\n"
         "  mp4        H.264; {mp4: {codec: hevc}} or av1 on request\n"
         "  webm       VP9; {webm: {codec: av1}} on request\n"
         "  mkv        lossless RGB, H.264 or {mkv: {codec: ffv1}}\n"
         "  framemd5   an MD5 for each frame as drawn, as ffmpeg -pix_fmt rgb24 -bitexact -f "
         "framemd5 writes it\n"
         "  y4m        raw frames, 4:2:0, BT.709: optreel film run.csv --formats y4m -o - | "
         "another-encoder\n"
         "\n"
         "output: {max_size: 5 MB} caps every file: a film that is larger is made again, with a "
         "higher CRF, or fewer colours, "
         "frames and\n"
         "pixels; a warning says how. A cap that cannot be met fails that file (exit 1).\n"
         "\n"
         "A file under its final name is whole and was read back. Files that are up to date are "
         "not made again.");
}

static void help_exit_codes(void)
{
    puts("0    everything asked for exists and is verified\n"
         "1    some runs or films failed, the rest is done\n"
         "2    command line\n"
         "3    experiment or data refused, nothing was started\n"
         "4    environment: encoder or font missing, memory, worker crash, timeout\n"
         "5    output could not be written\n"
         "6    output folder in use\n"
         "70   a bug\n"
         "128+n  ended by signal n");
}

static void help_limits(void)
{
    puts("Limits on input, and their defaults:\n");
    for (const struct orl_limit_desc *d = orl_limit_descs; d->option; d++) {
        uint64_t value;
        memcpy(&value, (const char *)&orl_limits_default + d->offset, sizeof value);
        printf("  --%-24s %12llu  %s\n", d->option, (unsigned long long)value, d->description);
    }
}

static const struct {
    const char *topic;
    void (*print)(void);
} topics[] = {
    {"render", help_render},
    {"run", help_run},
    {"film", help_film},
    {"frame", help_frame},
    {"rules", help_rules},
    {"traces", help_traces},
    {"check", help_check},
    {"new", help_new},
    {"list", help_list},
    {"schema", help_schema},
    {"experiment", help_experiment},
    {"films", help_films},
    {"formulas", help_formulas},
    {"help", help_main},
    {"outputs", help_outputs},
    {"exit-codes", help_exit_codes},
    {"limits", help_limits},
    {"data", help_data},
    {"optimizers", help_optimizers},
};

bool orl_cli_help(const char *topic)
{
    if (!topic) {
        help_main();
        return true;
    }
    for (size_t i = 0; i < ORL_COUNT(topics); i++)
        if (strcmp(topics[i].topic, topic) == 0) {
            topics[i].print();
            return true;
        }
    return false;
}
