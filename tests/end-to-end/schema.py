"""The JSON Schema against the parser: a few hundred generated files are accepted and refused by both alike."""
import json
import os
import random
import re
import sys
import unittest

from harness import Case, optreel

try:
    import jsonschema
    import yaml
except ImportError as missing:
    print(f"skipped: {missing} (scripts/setup brings it)")
    sys.exit(77)


class Core(yaml.SafeLoader):
    """YAML 1.2's core types: what editors and validators make of a file."""


Core.yaml_implicit_resolvers = {}
for tag, pattern, first in (
        ("null", r"^(?:~|null|Null|NULL|)$", ["~", "n", "N", ""]),
        ("bool", r"^(?:true|True|TRUE|false|False|FALSE)$", list("tTfF")),
        ("int", r"^[-+]?[0-9]+$", list("-+0123456789")),
        ("float", r"^(?:[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?)$", list("-+.0123456789"))):
    Core.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", re.compile(pattern), first)
Core.add_constructor("tag:yaml.org,2002:int", lambda loader, node: int(node.value))
Core.add_constructor("tag:yaml.org,2002:float", lambda loader, node: float(node.value))
Core.add_constructor("tag:yaml.org,2002:bool", lambda loader, node: node.value.lower() == "true")

# Faults that no schema can tell: they lie between keys, in formulas, in files, or in the numbers of a table.
BETWEEN = re.compile(
    r"is neither in start nor a column|is neither in the model|is not a parameter|the model has no|has no value for|"
    r"is not a list in the data|needs the key 'response'|is not finite at point|must be greater than 0|points where|needs data|no data|a problem has a model or an objective|needs a model that uses|leave nothing of the film|must rise|"
    r"at most the experiment's|have steps|two films|two outputs|has no panel|without data|needs its words|there is no run|"
    r"there is no file|share the file name|differ in case|do not fit into|too short|names no parameter|must stay between|"
    r"is unknown here|unknown problem|rows need columns|a model with data has no minimum|the key 'model' is missing|"
    r"the key '(start|problems|optimizers)' is missing|a model needs the key 'data'|runs with the same parameters|shows runs on one problem|"
    r"a column of a trace|shows columns of a trace|is not finite|both sides must be|has more than|is given twice|domain|"
    r"is both in state and in hyper|points where|only for|has no frames|the formula|expected|unexpected|is not a function|"
    r"unknown function|implicit|assign|is the name of a function|cannot be called|needs a column|data has no column|"
    r"a rule needs|not a name for a formula|is not a name for a parameter|fps must be|is not a parameter|unknown name|is left|"
    r"not allowed in a formula|line of a rule|never moves|operator is missing|in a rule|"
    r"stands outside of a function|not 1e-3$")  # the last: a number in quotes is not held to its limits

BASES = [
    """
title: "Sums, and: colons"
description: text
steps: 300
seed: 3
record: {every: 2, rows: 50}
stop: {loss: 1e-9, gradient: 0, change: 0}
report: {times: false}
problems:
  p: {model: a + b*x, start: {a: 0, b: 0}, loss: {kind: huber, delta: 1}, title: A line,
      data: {x: {from: 0, to: 1, count: 9, random: uniform}, truth: {a: 1, b: 2}, noise: {sd: 0.1, outliers: 0}, seed: 4}}
optimizers:
  sgd: {learning_rate: [0.1, 0.2], weight_decay: 0, batch: 4}
  warm: {kind: adam, title: Warm, learning_rate: "0.1*step/steps", amsgrad: true}
  adam:
runs: {except: [p/adam]}
films:
  - {each: run, panels: [fit, loss, parameters], length: 4, hold: {first: 0.5, last: 0.5}, title: T, name: "{run}"}
  - {each: problem, layout: {columns: [2, 1], rows: [1, 1]}, pace: linear, axes: {loss: {scale: log}}, steps: {from: 0, to: 100}}
output: {formats: {mp4: {crf: 20, size: 640x360}, gif: }, preset: web, size: 320x180, fps: 25, theme: {base: dark, background: "#102030",
  colors: ["#fff", "#eee"]}, max_size: 5 MB, poster: true, contact: 2x2}
""", """
problems:
  p: {model: a + b*x, start: {a: 0, b: 0}, data: {x: [0, 1, 2], y: [1, 3, 4], s: [1, 1, 2], response: y, sigma: {column: s, absolute: true}}}
optimizers: {levenberg-marquardt: {}}
""", """
problems:
  p: {objective: (1-x)^2 + y^2, start: {x: 1, y: 2}, minimum: {x: 1, y: 0}, domain: {x: [-2, 2], y: [-1, 1]}}
optimizers: {own: {state: {m: 0}, hyper: {rate: [0.1, 0.2]}, update: "m = m + g; p = p - rate*m"}, lbfgs: {history: 5}}
films: [{panels: surface, layout: overlay}]
output: {formats: [mp4, png], theme: light, fps: 30000/1001}
"""]
WORDS = [0, 1, -1, 3, 0.5, 1e-7, 1e30, "text", "", "no", "yes", "true", True, False, None, "sgd", "fit", "mp4", "5 MB", "12x8", "640x360",
         "light", "#123", "#12", "a + b*x", "1e-3", "1,5", [], {}, [1], ["fit"], [0.1, 0.2], {"x": 1}, {"kind": "adam"}, "log", "linear"]


def places(value, path=()):
    """Every place of a tree: the way to it."""
    yield path
    for key in (value if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()):
        yield from places(value[key], path + (key,))


def mutate(tree, chance):
    """One change somewhere: another value, a key misspelt, a key left out, a key of another map."""
    path = chance.choice([p for p in places(tree) if p])
    parent = tree
    for key in path[:-1]:
        parent = parent[key]
    kind = chance.randrange(4)
    if kind == 0 or isinstance(parent, list):
        parent[path[-1]] = chance.choice(WORDS)
    elif kind == 1:
        parent[path[-1] + "s"] = parent.pop(path[-1])
    elif kind == 2:
        del parent[path[-1]]
    else:
        parent[chance.choice(["pace", "seed", "title", "each", "times", "crf", "count", "kind", "learning_rate", "x"])] = chance.choice(WORDS)


class Schema(Case):
    def validator(self):
        schema = json.loads(optreel("schema", check=0).out)
        jsonschema.Draft202012Validator.check_schema(schema)
        self.assertEqual(schema["$id"], "urn:optreel:experiment:1")
        return jsonschema.Draft202012Validator(schema)

    def compare(self, validator, text):
        """What both say of a text; None where they agree."""
        path = self.write("e.yaml", text)
        fault = jsonschema.exceptions.best_match(validator.iter_errors(yaml.load(text, Core)))
        done = optreel("check", path)
        self.assertIn(done.returncode, (0, 3), text + done.err)
        if done.returncode == 0:
            return None if fault is None else f"the schema alone refuses: {fault.message[:200]} at {list(fault.path)}"
        if fault is not None:
            return None
        errors = [line for line in done.err.split("\n") if ": error: " in line]
        return None if all(BETWEEN.search(line) for line in errors) else "the parser alone refuses: " + [line for line in errors if not BETWEEN.search(line)][0]

    def test_generated_files(self):
        validator, chance, wrong, refused = self.validator(), random.Random(5), [], 0
        files = int(os.environ.get("OPTREEL_SCHEMA_FILES", 400))
        for number in range(files):
            tree = yaml.load(chance.choice(BASES), Core)
            for _ in range(chance.choice([0, 1, 1, 1, 2])):
                mutate(tree, chance)
            text = json.dumps(tree, indent=1)
            said = self.compare(validator, text)
            refused += not validator.is_valid(tree)
            if said:
                wrong.append(f"{number}: {said}\n{text}")
        self.assertEqual(wrong[:3], [], f"{len(wrong)} files")
        self.assertGreater(refused, files / 4)

    def test_built_in_experiments(self):
        validator = self.validator()
        folder = os.path.join(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))), "scripts", "experiments")
        for name in sorted(os.listdir(folder)):
            if name.endswith(".yaml"):
                with open(os.path.join(folder, name), encoding="utf-8") as file:
                    fault = jsonschema.exceptions.best_match(validator.iter_errors(yaml.load(file.read(), Core)))
                self.assertIsNone(fault, f"{name}: {fault and fault.message[:300]}")

    def test_every_object_is_closed(self):
        def walk(node, way):
            if isinstance(node, dict):
                if "properties" in node and "if" not in node and "oneOf" not in node and "allOf" not in node:
                    self.assertIn("additionalProperties", node, way)
                for key, child in node.items():
                    walk(child, way + "/" + key)
            elif isinstance(node, list):
                for index, child in enumerate(node):
                    walk(child, f"{way}/{index}")
        walk(json.loads(optreel("schema", check=0).out), "")


if __name__ == "__main__":
    unittest.main()
