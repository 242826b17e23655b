#!/usr/bin/env python3
"""What scripts/check finds: it is run on small trees of files that break one rule each."""
import os
import shutil
import subprocess
import sys
import tempfile
import unittest

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def check(files, bare=False):
    """The faults that are found in a tree of these files, without the last line, which counts them.
    That a source has no comment at its head is left out, unless they are taken bare."""
    with tempfile.TemporaryDirectory() as folder:
        os.mkdir(os.path.join(folder, "scripts"))
        shutil.copy(os.path.join(TOP, "scripts", "check"), os.path.join(folder, "scripts"))
        shutil.copy(os.path.join(TOP, ".clang-format"), folder)
        for path, text in files.items():
            os.makedirs(os.path.join(folder, os.path.dirname(path)), exist_ok=True)
            with open(os.path.join(folder, path), "w", encoding="utf-8") as out:
                out.write(text)
        run = subprocess.run([sys.executable, os.path.join(folder, "scripts", "check")],
                             capture_output=True, text=True, env={**os.environ, "GIT_CEILING_DIRECTORIES": "/"})
        return [line for line in run.stdout.splitlines()[:-1] if bare or "begins with a comment" not in line]


class Decimals(unittest.TestCase):
    def found(self, body, head=""):
        return check({"src/scene/film/a.c": f"{head}double f(double x)\n{{\n    return {body};\n}}\n"})

    def test_a_decimal_in_a_statement_has_no_name(self):
        for literal in ("0.35", "1e-9", "3.0", "10.0", ".25"):
            faults = self.found(f"x * {literal}")
            self.assertEqual(len(faults), 1, (literal, faults))
            self.assertIn(f"src/scene/film/a.c:3: {literal} has no name", faults[0])

    def test_halves_doubles_and_the_base_of_numbers_need_none(self):
        self.assertEqual(self.found("0.5 * (x + 1.0) - 2.0 * x + 0.0 + pow(10.0, x)"), [])

    def test_definitions_tables_comments_and_strings_name_what_they_hold(self):
        head = ('#define GAP 0.35 /* 0.7 of two */\nstatic const double sizes[] = {1.4, 1.12};\n'
                'static const struct step {\n    double at;\n} steps[] = {{0.25}};\n')
        self.assertEqual(self.found('GAP * sizes[0] + steps[0].at /* 0.4 */ + f("0.8")', head), [])

    def test_other_rooms_may_have_decimals(self):
        text = "double f(double x)\n{\n    return 0.35 * x;\n}\n"
        self.assertEqual(check({"src/draw/a.c": text}), [])

    def test_a_measure_of_two_files_belongs_in_the_metrics(self):
        faults = check({"src/scene/film/a.c": "#define GAP 0.35\n", "src/scene/panels/b.c": "#define GAP 0.35 /* of it */\n",
                        "src/scene/panels/c.c": "#define GAP 0.36\n"})
        self.assertEqual(len(faults), 1, faults)
        self.assertIn("src/scene/panels/b.c:1: GAP is defined in src/scene/film/a.c, too", faults[0])


class Rules(unittest.TestCase):
    def test_a_source_says_what_it_is(self):
        faults = check({"src/base/a.c": "int orl_a;\n", "src/base/b.c": "/* Numbers. */\nint orl_b;\n"}, bare=True)
        self.assertEqual(faults, ["src/base/a.c:1: a source begins with a comment that says what it is"])

    def test_a_function_of_a_header_has_a_comment(self):
        told = ["/* One. */\nint orl_one(void);\n", "int orl_one(void); /* one */\n", "/* One, and two. */\nint orl_one(void);\nint orl_two(void);\n",
                "/* Two. */\nint orl_two(void);\n\nvoid orl_two_destroy(int **two);\n"]
        untold = {"int orl_one(void);\n": 1, "/* Of all. */\n\nint orl_one(void);\n": 3, "/* One. */\nint orl_one(void);\n\nstruct orl_a orl_two(int a, int b);\n": 4,
                  "struct orl_a {\n    int b; /* c */\n};\nint orl_one(struct orl_a a);\n": 4}
        for text in told:
            self.assertEqual(check({"src/base/a.h": text}), [], text)
        for text, line in untold.items():
            faults = check({"src/base/a.h": text})
            self.assertEqual(len(faults), 1, (text, faults))
            self.assertTrue(faults[0].startswith(f"src/base/a.h:{line}: orl_") and "has no comment" in faults[0], faults)

    def test_a_line_has_at_most_100_columns(self):
        faults = check({"src/base/a.c": "/* " + 100 * "x" + " */\n"})
        self.assertTrue(any("106 columns" in f for f in faults), faults)

    def test_a_floor_includes_only_what_is_below_it(self):
        faults = check({"src/scene/marks/a.c": '#include "scene/film/film.h"\n'})
        self.assertEqual(faults, ["src/scene/marks/a.c:1: the floor 'marks' may not include 'film'"])

    def test_a_room_includes_only_what_it_may(self):
        faults = check({"src/model/a.c": '#include "scene/tables.h"\n'})
        self.assertTrue(any("the room 'model' may not include" in f for f in faults), faults)

    def test_a_key_that_is_asked_for_has_a_row(self):
        faults = check({"src/experiment/a.c": 'int f(void)\n{\n    return orl_yaml_get(map, "absent");\n}\n'})
        self.assertEqual(faults, ["src/experiment/a.c:3: the key 'absent' has no row"])


if __name__ == "__main__":
    unittest.main()
