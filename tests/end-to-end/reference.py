"""Traces against references: an experiment file in, a trace out, compared row by row. Those of tests/reference, and those of the folder that
OPTREEL_REFERENCE_DIR names, where there is one."""
import csv
import json
import math
import os
import shutil
import unittest

import harness
from harness import Case, optreel

OWN = harness.REFERENCE

# How the references call a hyperparameter, and how we do; what is not here has no meaning for the rule.
TEXTBOOK = {
    "sgd": ("sgd", {}), "momentum": ("momentum", {"m": "momentum"}), "nesterov": ("nesterov", {"m": "momentum"}),
    "adagrad": ("adagrad", {"delta": "epsilon"}), "rmsprop": ("rmsprop", {"rho": "decay", "delta": "epsilon"}),
    "adam": ("adam", {"rho1": "beta1", "rho2": "beta2", "delta": "epsilon"}),
}
SAME = {"eps": "epsilon", "weight_decay": "weight_decay", "amsgrad": "amsgrad", "momentum_decay": "momentum_decay", "t0": "t0", "alpha": "alpha",
        "lambd": "lambda"}
PYTORCH = {
    "Adagrad": ("adagrad", {"eps": "epsilon", "weight_decay": "weight_decay", "lr_decay": "learning_rate_decay",
                            "initial_accumulator_value": "initial_accumulator"}),
    "RMSprop": ("rmsprop", {"alpha": "decay", "eps": "epsilon", "momentum": "momentum", "centered": "centered", "weight_decay": "weight_decay"}),
    "Adadelta": ("adadelta", {"rho": "decay", "eps": "epsilon", "weight_decay": "weight_decay"}),
    "Adam": ("adam", SAME), "AdamW": ("adamw", SAME), "Adamax": ("adamax", SAME), "NAdam": ("nadam", SAME), "RAdam": ("radam", SAME),
    "ASGD": ("asgd", SAME), "Rprop": ("rprop", {}),
    "LBFGS": ("lbfgs", {"history_size": "history", "tolerance_grad": "tolerance_gradient", "tolerance_change": "tolerance_change"}),
}


def settings(run):
    """A reference run's optimizer as settings of ours."""
    given = run["all_hyperparameters"]
    out = {"learning_rate": given["lr"]}
    if run["form"] == "seed":
        out["kind"], names = TEXTBOOK[run["optimizer"]]
        if out["kind"] == "rmsprop":
            out["epsilon_inside"] = True
    elif run["optimizer"] == "SGD":
        names = {"weight_decay": "weight_decay"}
        out["kind"] = "nesterov" if given["nesterov"] else "momentum" if given["momentum"] else "sgd"
        if given["momentum"]:
            names |= {"momentum": "momentum"} | ({"dampening": "dampening"} if not given["nesterov"] else {})
        if given["nesterov"]:
            out["form"] = "pytorch"
    else:
        out["kind"], names = PYTORCH[run["optimizer"]]
    out |= {ours: given[theirs] for theirs, ours in names.items() if theirs in given}
    if "betas" in given:
        out["beta1"], out["beta2"] = given["betas"]
    if "etas" in given:
        out["eta_minus"], out["eta_plus"] = given["etas"]
        out["step_min"], out["step_max"] = given["step_sizes"]
    if out["kind"] == "lbfgs":
        out["line_search"] = "none"
    return {k: v for k, v in out.items() if not (k == "weight_decay" and v == 0)}


def yaml(value):
    return str(value).lower() if isinstance(value, bool) else repr(value) if isinstance(value, float) else str(value)


def mapping(pairs):
    return "{" + ", ".join(f"{k}: {yaml(v)}" for k, v in pairs) + "}"


class Reference(Case):
    def check_folder(self, folder):
        with open(os.path.join(folder, "manifest.json"), encoding="utf-8") as f:
            runs = json.load(f)["runs"]
        for dataset in sorted({r["dataset"] for r in runs}):
            chosen = [r for r in runs if r["dataset"] == dataset]
            first = chosen[0]
            shutil.copy(os.path.join(folder, first["data_file"]), self.path(f"{dataset}.csv"))
            with open(self.path(f"{dataset}.csv"), encoding="ascii", newline="") as f:
                x, y = next(csv.reader(f))
            text = f"steps: {max(r['steps_run'] for r in chosen)}\nproblems:\n  p:\n    model: {first['model']}\n"
            text += f"    start: {mapping(zip(first['params'], first['init']))}\n"
            text += f"    data: {{file: {dataset}.csv, columns: {{{x}: {x}, {y}: {y}}}, response: {y}}}\noptimizers:\n"
            for number, run in enumerate(chosen):
                text += f"  r{number}: {mapping(settings(run).items())}\n"
            out = self.path(dataset + "-out")
            optreel("run", self.write(f"{dataset}.yaml", text), "-o", out, "-q", check=0)
            for number, run in enumerate(chosen):
                with self.subTest(run["file"]):
                    self.compare(folder, run, os.path.join(out, f"traces/p-r{number}.csv"))
        return len(runs)

    def compare(self, folder, run, path):
        with open(path, encoding="ascii", newline="") as f:
            ours = {int(row["step"]): row for row in csv.DictReader(f)}
        compared = 0
        with open(os.path.join(folder, run["file"]), encoding="ascii", newline="") as f:
            for row in csv.DictReader(f):
                step, wanted = int(row["step"]), [float(row["p_" + name]) for name in run["params"]]
                if step > run["compare_until_step"] or not all(map(math.isfinite, wanted)):
                    break
                got = [float(ours[step][name]) for name in run["params"]]
                scale = max(1.0, *map(abs, wanted))
                self.assertLessEqual(max(abs(a - b) for a, b in zip(got, wanted)) / scale, run["suggested_tol"], f"step {step}")
                compared += 1
        self.assertGreater(compared, 20)

    def test_own(self):
        self.assertEqual(self.check_folder(OWN), 12)

    @unittest.skipUnless(os.environ.get("OPTREEL_REFERENCE_DIR"), "OPTREEL_REFERENCE_DIR is not set")
    def test_all(self):
        self.assertGreaterEqual(self.check_folder(os.environ["OPTREEL_REFERENCE_DIR"]), 100)


if __name__ == "__main__":
    harness.main()
