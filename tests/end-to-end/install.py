"""cmake --install into a folder: the program, the library, the headers, and a pkg-config file that finds them there."""
import os
import subprocess
import unittest

import harness
from harness import Case

SOURCE = """
#include <optreel/model.h>
int main(void)
{
    struct orl_formula *formula = NULL;
    struct orl_formula_error error;
    if (orl_formula_parse("a + b*x", 7, &orl_limits_default, &formula, &error) != ORL_OK || orl_formula_name_count(formula) != 3)
        return 1;
    orl_formula_destroy(&formula);
    return 0;
}
"""


@unittest.skipIf(os.environ.get("OPTREEL_SANITIZED"), "a sanitized library needs a sanitized program")
class Install(Case):
    def test_a_program_of_others(self):
        prefix = self.path("prefix")
        subprocess.run(["cmake", "--install", os.environ["OPTREEL_BUILD"], "--prefix", prefix], check=True, capture_output=True)
        found = [os.path.join(folder, "optreel.pc") for folder, _, files in os.walk(prefix) if "optreel.pc" in files]
        self.assertEqual(len(found), 1)
        env = {**os.environ, "PKG_CONFIG_PATH": os.path.dirname(found[0])}
        flags = subprocess.run(["pkg-config", "--cflags", "--libs", "optreel"], env=env, check=True, capture_output=True, text=True).stdout.split()
        self.write("use.c", SOURCE)
        subprocess.run(["cc", self.path("use.c"), *flags, "-o", self.path("use")], check=True)
        library = next(f[2:] for f in flags if f.startswith("-L"))
        subprocess.run([self.path("use")], env={**env, "LD_LIBRARY_PATH": library}, check=True)
        self.assertEqual(subprocess.run([os.path.join(prefix, "bin/optreel"), "--version"], check=True, capture_output=True).stderr, b"")

    def test_only_our_names_are_seen(self):
        prefix = self.path("prefix")
        subprocess.run(["cmake", "--install", os.environ["OPTREEL_BUILD"], "--prefix", prefix], check=True, capture_output=True)
        library = next(os.path.join(folder, f) for folder, _, files in os.walk(prefix) for f in files if f.startswith("liboptreel.so."))
        names = subprocess.run(["nm", "-D", "--defined-only", library], check=True, capture_output=True, text=True).stdout.split("\n")
        names = [line.split()[-1] for line in names if line]
        self.assertGreater(len(names), 50)
        self.assertEqual([n for n in names if not n.startswith("orl_")], [])


if __name__ == "__main__":
    harness.main()
