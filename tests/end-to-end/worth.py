"""What a fit is worth, against scipy: parameters, covariance, scatter and criteria of data that people fit. scipy is given a
Jacobian of its own, by complex steps, exact to the last digits; its default one costs half of the digits of a standard error."""
import os
import re
import unittest

import harness
from harness import Case, optreel, summary

try:
    import numpy as np
    from scipy import optimize, stats
except ImportError:
    np = None


def logistic(x, k, r, m):
    return k / (1 + np.exp(-r * (x - m)))


def hill(x, bottom, top, ec50, h):
    at = np.where(x > 0, x, 1)
    return bottom + (top - bottom) / (1 + np.where(x > 0, (at / ec50) ** h, 0))


def stretched(x, a, t, b):
    at = np.where(x > 0, x, 1)
    return a * np.exp(-np.where(x > 0, (at / t) ** b, 0))


def planck(x, a, t):
    return a * x ** 3 / (np.exp(x / t) - 1)


def peaks(x, a, m, s, b, n, w, c, d):
    return a * np.exp(-0.5 * ((x - m) / s) ** 2) + b * np.exp(-0.5 * ((x - n) / w) ** 2) + c + d * x


# Name: function, formula, data x, true parameters, start, standard deviation of the noise (a number, or a function of y).
CASES = {
    "dose-of-zero": (hill, "bottom+(top-bottom)/(1+(x/ec50)^h)", [0, 1e-9, 3e-9, 1e-8, 3e-8, 1e-7, 3e-7, 1e-6, 3e-6, 1e-5],
                     {"bottom": 8, "top": 99, "ec50": 2e-7, "h": 1.4}, {"bottom": 0, "top": 100, "ec50": 1e-6, "h": 1}, 2.5),
    "stretched": (stretched, "a*exp(-(x/t)^b)", [0.1 * i for i in range(41)], {"a": 2, "t": 1.3, "b": 0.8}, {"a": 1, "t": 1, "b": 0.7}, 0.03),
    "planck": (planck, "a*x^3/(exp(x/t)-1)", [0.2 * i for i in range(1, 60)], {"a": 3, "t": 1.1}, {"a": 2, "t": 1.5}, 0.1),
    "peaks": (peaks, "a*exp(-0.5*((x-m)/s)^2)+b*exp(-0.5*((x-n)/w)^2)+c+d*x", [0.1 * i for i in range(101)],
              {"a": 5, "m": 3, "s": 0.5, "b": 3, "n": 6, "w": 0.8, "c": 1, "d": 0.1},
              {"a": 4, "m": 2.8, "s": 0.7, "b": 2, "n": 6.3, "w": 1, "c": 0, "d": 0}, 0.1),
    "step": (logistic, "k/(1+exp(-r*(x-m)))", [20 * i for i in range(41)], {"k": 90, "r": 0.02, "m": 380}, {"k": 100, "r": 1, "m": 410}, 1.5),
    "line": (lambda x, a, b: a + b * x, "a+b*x", list(range(12)), {"a": -3, "b": 0.5}, {"a": 0, "b": 0}, 0.4),
    "parabola": (lambda x, a, b, c: a + b * x + c * x ** 2, "a+b*x+c*x^2", [1990 + i for i in range(21)], {"a": 12000, "b": -12, "c": 0.003},
                 {"a": 0, "b": 0, "c": 0}, 0.5),
    "arrhenius": (lambda x, a, e: a * np.exp(-e / (8.314 * x)), "a*exp(-e/(8.314*x))", [300 + 10 * i for i in range(16)],
                  {"a": 1e9, "e": 5e4}, {"a": 2e9, "e": 5.2e4}, lambda y: 0.03 * y),
    "kinetics": (lambda x, v, k: v * x / (k + x), "v*x/(k+x)", [0, 0.02, 0.06, 0.11, 0.22, 0.56, 1.1], {"v": 212, "k": 0.06}, {"v": 100, "k": 0.1}, 8),
    "weibull": (lambda x, l, k: 1 - stretched(x, 1, l, k), "1-exp(-(x/l)^k)", [0.1 * i for i in range(41)], {"l": 2, "k": 1.3}, {"l": 1, "k": 1.5}, 0.02),
    "damped": (lambda x, a, k, w, f: a * np.exp(-k * x) * np.cos(w * x + f), "a*exp(-k*x)*cos(w*x+f)", [0.1 * i for i in range(80)],
               {"a": 3, "k": 0.3, "w": 2.5, "f": 0.4}, {"a": 2, "k": 0.2, "w": 2.4, "f": 0.3}, 0.1),
    "saturation": (lambda x, a, b, c: a * np.tanh(b * x) + c, "a*tanh(b*x)+c", [12.5 * i for i in range(81)], {"a": 4, "b": 0.01, "c": 1},
                   {"a": 3, "b": 0.02, "c": 0}, 0.1),
    "gompertz": (lambda x, a, b, c: a * np.exp(-b * np.exp(-c * x)), "a*exp(-b*exp(-c*x))", list(range(25)), {"a": 10, "b": 5, "c": 0.3},
                 {"a": 8, "b": 4, "c": 0.2}, lambda y: 0.05 + 0.02 * y),
}


def jacobian(model, x, values):
    columns = []
    for i, value in enumerate(values):
        shifted = np.array(values, dtype=complex)
        step = 1e-30 * max(abs(value), 1e-3)
        shifted[i] += 1j * step
        columns.append(np.imag(model(x, *shifted)) / step)
    return np.stack(columns, axis=1)


@unittest.skipUnless(np is not None, "python3-scipy is not installed")
class Worth(Case):
    def setUp(self):
        super().setUp()
        self.data, self.sigma = {}, {}
        random = np.random.default_rng(2026)
        for name, (model, _, x, truth, _, noise) in CASES.items():
            x = np.array(x, dtype=float)
            y = model(x, *truth.values())
            sd = noise(y) if callable(noise) else np.full(len(x), float(noise))
            self.data[name] = (x, y + sd * random.standard_normal(len(x)))
            self.sigma[name] = sd if callable(noise) else sd * (1 + 0.3 * np.cos(np.arange(len(x))))

    def fits(self, sigma):
        """The runs by name, with `sigma:` as the file says it, or None."""
        text = "steps: 500\nproblems:\n"
        for name, (_, formula, _, _, start, _) in CASES.items():
            x, y = self.data[name]
            self.write(name + ".csv", "x,y,error\n" + "".join(f"{a!r},{b!r},{c!r}\n" for a, b, c in zip(x.tolist(), y.tolist(), self.sigma[name].tolist())))
            begin = ", ".join(f"{n}: {v}" for n, v in start.items())
            text += f"  {name}:\n    model: {formula}\n    start: {{{begin}}}\n    data: {{file: {name}.csv, columns: {{x: x, y: y, error: error}}, response: y"
            text += f", sigma: {sigma}}}\n" if sigma else "}\n"
        text += "optimizers:\n  lm: {kind: levenberg-marquardt}\nfilms: []\n"
        out = self.path("out")
        optreel("run", self.write("e.yaml", text), "-o", out, "-q", "--force", check=0)
        return {run["problem"]: run for run in summary(out)["runs"]}

    def compare(self, sigma, absolute):
        runs = self.fits(sigma)
        for name, (model, _, _, _, _, _) in CASES.items():
            with self.subTest(name):
                self.compare_one(runs[name], model, *self.data[name], self.sigma[name] if sigma else None, absolute)

    def compare_one(self, run, model, x, y, sigma, absolute):
        values, fit = np.array(list(run["parameters"].values())), run["fit"]
        best, covariance = optimize.curve_fit(model, x, y, p0=values, sigma=sigma, absolute_sigma=absolute,
                                              jac=lambda x, *p: jacobian(model, x, p), ftol=1e-15, xtol=1e-15, gtol=1e-15, maxfev=2000)
        errors = np.sqrt(np.diag(covariance))
        np.testing.assert_array_less(np.abs(values - best), 1e-4 * errors + 1e-14 * np.abs(best))
        np.testing.assert_allclose(list(fit["standard_errors"].values()), errors, rtol=1e-5)
        np.testing.assert_allclose(np.array(fit["covariance"]) / np.outer(errors, errors), covariance / np.outer(errors, errors), atol=2e-5)
        np.testing.assert_allclose(fit["correlations"], covariance / np.outer(errors, errors), atol=2e-5)
        scale = np.ones(len(x)) if sigma is None else sigma
        residuals = (y - model(x, *best)) / scale
        rss, n, p = residuals @ residuals, len(x), len(best)
        self.assertEqual(fit["degrees_of_freedom"], n - p)
        np.testing.assert_allclose([fit["residual_sd"], fit["reduced_chi_square"]], [np.sqrt(rss / (n - p)), rss / (n - p)], rtol=1e-8)
        mean = np.average(y, weights=scale ** -2.0)
        np.testing.assert_allclose(fit["r_squared"], 1 - rss / np.sum(((y - mean) / scale) ** 2), rtol=1e-9)
        likelihood = np.sum(stats.norm.logpdf(y, model(x, *best), scale * np.sqrt(rss / n)))
        np.testing.assert_allclose([fit["aic"], fit["bic"]], [-2 * likelihood + 2 * (p + 1), -2 * likelihood + np.log(n) * (p + 1)], rtol=1e-9)
        self.assertTrue(fit["arrived"])

    def test_without_sigma(self):
        self.compare(None, False)

    def test_relative_sigma(self):
        self.compare("error", False)

    def test_absolute_sigma(self):
        if '"absolute"' not in optreel("schema", check=0).out:
            self.skipTest("sigma takes no map yet")
        self.compare("{column: error, absolute: true}", True)


class Page(Case):
    def test_the_page_and_the_summary_tell_errors_and_rows_left_out(self):
        """y = 0.5 + 1.4 x: standard errors sqrt(0.15) and sqrt(0.02), of four rows and one without a number."""
        self.write("d.csv", "x,y\n1,2\n2,3\n9,NA\n3,5\n4,6\n")
        text = ("steps: 20\nproblems: {p: {model: a + b*x, start: {a: 0, b: 0}, data: {file: d.csv, response: y, missing: skip}}}\n"
                "optimizers: {lm: {kind: levenberg-marquardt}, sgd: {learning_rate: 0.01}}\n")
        out = self.path("page")
        optreel("run", self.write("e.yaml", text), "-o", out, check=0)
        runs = {r["optimizer"]: r for r in summary(out)["runs"]}
        self.assertEqual((runs["lm"]["points"], runs["lm"]["missing"]), (4, 1))
        self.assertAlmostEqual(runs["lm"]["fit"]["standard_errors"]["a"], 0.15 ** 0.5, 12)
        with open(os.path.join(out, "index.html"), encoding="utf-8") as f:
            page = re.sub(r"</?span[^>]*>", "", f.read())
        self.assertIn("4 points (1 row without a number left out), 2 degrees of freedom; residual standard deviation 0.3162", page)
        self.assertIn("\u00b1 0.39</small>", page)   # of a, where the run has arrived
        self.assertIn("\u00b1 0.14</small>", page)   # of b
        self.assertRegex(page, "\u00b1 [0-9.]+\\*</small>")  # of sgd, which has not


if __name__ == "__main__":
    harness.main()
