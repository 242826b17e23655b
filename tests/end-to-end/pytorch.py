"""PyTorch as the oracle: its optimizers with settings that no stored reference has, and the logging recipe of `optreel help traces` as it stands there."""
import csv
import math
import os
import re
import unittest

import harness
from harness import Case, optreel, summary

try:
    import torch
except ImportError:
    torch = None
else:
    torch.set_default_dtype(torch.float64)  # its optimizers keep counts and rates in tensors of this type, too

STEPS = 400

# Our settings; PyTorch's class and its arguments.
SGD, ADAM = "SGD", "Adam"
CASES = [
    ("{kind: sgd, learning_rate: 0.07, weight_decay: 0.02}", SGD, {"lr": 0.07, "weight_decay": 0.02}),
    ("{kind: momentum, lr: 0.03, momentum: 0.7, dampening: 0.3, weight_decay: 0.01}", SGD,
     {"lr": 0.03, "momentum": 0.7, "dampening": 0.3, "weight_decay": 0.01}),
    ("{kind: nesterov, form: pytorch, lr: 0.02, momentum: 0.8, weight_decay: 0.03}", SGD,
     {"lr": 0.02, "momentum": 0.8, "nesterov": True, "weight_decay": 0.03}),
    ("{kind: adagrad, lr: 0.3, eps: 1e-10, lr_decay: 0.01, initial_accumulator: 0.4, weight_decay: 0.02}", "Adagrad",
     {"lr": 0.3, "lr_decay": 0.01, "initial_accumulator_value": 0.4, "weight_decay": 0.02}),
    ("{kind: rmsprop, lr: 0.004, alpha: 0.9, eps: 1e-6, momentum: 0.6, centered: true, weight_decay: 0.01}", "RMSprop",
     {"lr": 0.004, "alpha": 0.9, "eps": 1e-6, "momentum": 0.6, "centered": True, "weight_decay": 0.01}),
    ("{kind: rmsprop, lr: 0.002, momentum: 0.3}", "RMSprop", {"lr": 0.002, "momentum": 0.3}),
    ("{kind: adadelta, lr: 0.7, rho: 0.85, eps: 1e-5, weight_decay: 0.01}", "Adadelta", {"lr": 0.7, "rho": 0.85, "eps": 1e-5, "weight_decay": 0.01}),
    ("{kind: adam, lr: 0.03, beta1: 0.8, beta2: 0.95, eps: 1e-4, amsgrad: true, weight_decay: 0.1}", ADAM,
     {"lr": 0.03, "betas": (0.8, 0.95), "eps": 1e-4, "amsgrad": True, "weight_decay": 0.1}),
    ("{kind: adamw, lr: 0.02, beta1: 0.85, beta2: 0.99, amsgrad: true, weight_decay: 0.3}", "AdamW",
     {"lr": 0.02, "betas": (0.85, 0.99), "amsgrad": True, "weight_decay": 0.3}),
    ("{kind: adamax, lr: 0.02, beta1: 0.7, beta2: 0.9, eps: 1e-5, weight_decay: 0.05}", "Adamax",
     {"lr": 0.02, "betas": (0.7, 0.9), "eps": 1e-5, "weight_decay": 0.05}),
    ("{kind: radam, lr: 0.02, beta1: 0.8, beta2: 0.98, eps: 1e-6, weight_decay: 0.02}", "RAdam",
     {"lr": 0.02, "betas": (0.8, 0.98), "eps": 1e-6, "weight_decay": 0.02}),
    ("{kind: asgd, lr: 0.1, lambda: 0.02, alpha: 0.6, t0: 50, weight_decay: 0.01}", "ASGD",
     {"lr": 0.1, "lambd": 0.02, "alpha": 0.6, "t0": 50, "weight_decay": 0.01}),
    ("{kind: rprop, lr: 0.05, eta_minus: 0.4, eta_plus: 1.3, step_min: 0.001, step_max: 0.2}", "Rprop",
     {"lr": 0.05, "etas": (0.4, 1.3), "step_sizes": (0.001, 0.2)}),
    ("{kind: lbfgs, lr: 0.5, history: 3, tolerance_gradient: 1e-9, tolerance_change: 1e-13}", "LBFGS",
     {"lr": 0.5, "history_size": 3, "tolerance_grad": 1e-9, "tolerance_change": 1e-13, "max_iter": 1}),
    ("{kind: lbfgs, line_search: strong-wolfe, history: 5, tolerance_gradient: 1e-7, tolerance_change: 1e-9}", "LBFGS",
     {"line_search_fn": "strong_wolfe", "history_size": 5, "max_iter": 1}),
    ("{kind: lbfgs, line_search: strong-wolfe, lr: 4, history: 3, tolerance_gradient: 1e-7, tolerance_change: 1e-9}", "LBFGS",
     {"line_search_fn": "strong_wolfe", "lr": 4, "history_size": 3, "max_iter": 1}),
    ("{kind: lbfgs, line_search: strong-wolfe, lr: 0.01, tolerance_gradient: 1e-7, tolerance_change: 1e-9}", "LBFGS",
     {"line_search_fn": "strong_wolfe", "lr": 0.01, "history_size": 10, "max_iter": 1}),
    ("{kind: adam, lr: 0.05, clip: 0.3}", ADAM, {"lr": 0.05, "clip": 0.3}),
    ("{kind: sgd, lr: 0.2, clip: 0.5, weight_decay: 0.01}", SGD, {"lr": 0.2, "clip": 0.5, "weight_decay": 0.01}),
]
# Rows are compared until PyTorch itself, with gradients that are a last bit off at every other step, strays by a hundredth of the tolerance:
# from there on last bits grow.
NUDGE = 1 + 2 ** -52
LEAST = {"LBFGS": 12}
LOOSE = {"LBFGS": 1e-8}


def losses():
    return {
        "mse": lambda r: (r ** 2).mean(),
        "sse": lambda r: (r ** 2).sum(),
        "mae": lambda r: r.abs().mean(),
        "{kind: huber, delta: 0.4}": lambda r: torch.nn.functional.huber_loss(r, torch.zeros_like(r), delta=0.4),
        "log-cosh": lambda r: (r.abs() + torch.nn.functional.softplus(-2 * r.abs()) - math.log(2)).mean(),
    }


# Models over u and v: ours, PyTorch's, the start.
MODELS = {
    "linear": ("a + b*u + c*v", lambda p, u, v: p[0] + p[1] * u + p[2] * v, (0.5, -1.0, 0.0)),
    "curved": ("a*exp(-b*u) + c*sin(v)", lambda p, u, v: p[0] * torch.exp(-p[1] * u) + p[2] * torch.sin(v), (1.0, 0.3, -0.5)),
}


def rows(path):
    with open(path, encoding="utf-8", newline="") as f:
        return list(csv.DictReader(f))


@unittest.skipUnless(torch, "PyTorch is not installed (scripts/setup pytorch)")
class PyTorch(Case):
    def data(self):
        """41 points in two columns, no random numbers; the response is no model's."""
        u = [0.05 * i for i in range(41)]
        v = [math.cos(2.5 * i) for i in range(41)]
        y = [1.7 * math.exp(-0.6 * a) + 0.8 * b + 0.3 * math.sin(7 * a * b + 1) for a, b in zip(u, v)]
        self.write("points.csv", "u,v,y\n" + "".join(f"{a!r},{b!r},{c!r}\n" for a, b, c in zip(u, v, y)))
        return [torch.tensor(c, dtype=torch.float64) for c in (u, v, y)]

    def theirs(self, model, loss, name, arguments, points, nudge=1.0):
        """Parameters, loss and gradient of every row, as PyTorch finds them."""
        u, v, y = points
        arguments = dict(arguments)
        clip = arguments.pop("clip", None)
        p = [torch.tensor(s, dtype=torch.float64, requires_grad=True) for s in model[2]]
        optimizer = getattr(torch.optim, name)(p, **arguments)
        found = []

        def closure():
            optimizer.zero_grad()
            value = loss(model[1](p, u, v) - y)
            value.backward()
            for q in p:
                q.grad *= nudge if step % 2 else 1.0
            return value
        for step in range(STEPS + 1):
            value = closure()
            found.append([q.item() for q in p] + [value.item()] + [q.grad.item() for q in p])
            if clip:
                norm = math.sqrt(sum(q.grad.item() ** 2 for q in p))
                for q in p:
                    q.grad *= min(1.0, clip / norm)
            optimizer.step(closure) if name == "LBFGS" else optimizer.step()
        return found

    def ours(self, model, loss, optimizers):
        text = f"steps: {STEPS}\nproblems:\n  p:\n    model: {model[0]}\n    start: {{a: {model[2][0]}, b: {model[2][1]}, c: {model[2][2]}}}\n"
        text += f"    loss: {loss}\n    data: {{file: points.csv, columns: {{u: u, v: v, y: y}}, response: y}}\noptimizers:\n"
        text += "".join(f"  o{i}: {o}\n" for i, o in enumerate(optimizers))
        out = self.path("out")
        optreel("run", self.write("e.yaml", text), "-o", out, "-q", "--force", check=0)
        return [rows(os.path.join(out, f"traces/p-o{i}.csv")) for i in range(len(optimizers))]

    def compare(self, ours, model, loss, name, arguments, points, tolerance=1e-10):
        theirs, beside = (self.theirs(model, loss, name, arguments, points, nudge) for nudge in (1.0, NUDGE))
        self.assertEqual(len(ours), len(theirs))
        for step, (wanted, other) in enumerate(zip(theirs, beside)):
            scale = max(1.0, *map(abs, wanted))
            if max(abs(w - o) for w, o in zip(wanted, other)) > 0.01 * tolerance * scale:
                break
            got = [float(ours[step][c]) for c in ("a", "b", "c", "loss", "grad_a", "grad_b", "grad_c")]
            self.assertLessEqual(max(abs(g - w) for g, w in zip(got, wanted)), tolerance * scale, f"step {step}: {got}, PyTorch {wanted}")
        self.assertGreater(step, 100)

    def test_optimizers(self):
        points = self.data()
        for what, model in MODELS.items():
            traces = self.ours(model, "mse", [c[0] for c in CASES])
            for (ours, name, arguments), trace in zip(CASES, traces):
                with self.subTest(f"{what}: {ours}"):
                    self.compare(trace, model, losses()["mse"], name, arguments, points, LOOSE.get(name, 1e-10))

    def test_losses(self):
        points = self.data()
        for loss, function in losses().items():
            for what, model in MODELS.items():
                with self.subTest(f"{loss}, {what}"):
                    traces = self.ours(model, loss, ["{kind: adam, lr: 0.02}", "{kind: sgd, lr: 0.001}"])
                    for trace, name, rate in zip(traces, (ADAM, SGD), (0.02, 0.001)):
                        self.compare(trace, model, function, name, {"lr": rate}, points)

    def test_the_recipe_of_the_help(self):
        """Its lines as they stand there, around a fit by PyTorch: the log is a film's trace, and a run beside ours that goes the same way."""
        text = optreel("help", "traces", check=0).out
        recipe = re.search(r"From PyTorch[^\n]*:\n\n((?:  .*\n)+)", text).group(1)
        x = torch.linspace(0, 1, 30, dtype=torch.float64)
        y = 2 - 3 * x
        p = [torch.tensor(v, dtype=torch.float64, requires_grad=True) for v in (0.0, 0.0)]
        names = {"p": p, "x": x, "y": y, "optimizer": torch.optim.Adam(p, lr=0.05)}
        before = os.getcwd()
        os.chdir(self.folder)
        try:
            exec("\n".join(line[2:] for line in recipe.split("\n")) + "\nlog.close()\n", names)
        finally:
            os.chdir(before)
        self.assertEqual(len(rows(self.path("torch.csv"))), 1001)
        optreel("film", self.path("torch.csv"), "-o", self.path("torch.mp4"), "--preset", "draft", check=0)
        self.assertGreater(int(harness.probe(self.path("torch.mp4"))[0]["nb_read_frames"]), 200)
        experiment = """\
steps: 1000
problems: {line: {model: alpha + beta*x, start: {alpha: 0, beta: 0}, data: {x: {from: 0, to: 1, count: 30}, truth: {alpha: 2, beta: -3}}}}
optimizers: {adam: {learning_rate: 0.05}}
""" + re.search(r"runs: \{add: .*\}\n", text).group(0)
        out = self.path("beside")
        optreel("run", self.write("beside.yaml", experiment), "-o", out, check=0)
        runs = {r["name"]: r for r in summary(out)["runs"]}
        for name, value in runs["line/adam"]["parameters"].items():
            self.assertAlmostEqual(runs["line/torch-adam"]["parameters"][name], value, delta=1e-10)


if __name__ == "__main__":
    harness.main()
