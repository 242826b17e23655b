"""The Debian package: lintian finds no error in it."""
import os
import subprocess

import harness
from harness import Case, main

harness.needs("lintian", "cpack", "dpkg-deb")
if os.environ.get("OPTREEL_SANITIZED"):
    print("skipped: nobody packs a sanitized program")
    raise SystemExit(77)


class Package(Case):
    def pack(self, folder):
        subprocess.run(["cpack", "-G", "DEB", "-B", self.path(folder)], cwd=os.environ["OPTREEL_BUILD"], check=True, capture_output=True)
        return next(self.path(folder, name) for name in os.listdir(self.path(folder)) if name.endswith(".deb"))

    def test_lintian_finds_no_error(self):
        done = subprocess.run(["lintian", "--fail-on", "error", self.pack("deb")], capture_output=True, text=True, timeout=harness.TIMEOUT)
        self.assertEqual(done.returncode, 0, done.stdout)

    def test_what_is_in_it(self):
        listed = subprocess.run(["dpkg-deb", "--contents", self.pack("deb")], capture_output=True, text=True, check=True).stdout
        for path in ("bin/optreel", "lib/optreel/liboptreel-media.so", "share/man/man1/optreel.1.gz", "share/bash-completion/completions/optreel",
                     "share/zsh/vendor-completions/_optreel", "share/fish/vendor_completions.d/optreel.fish", "share/optreel/experiment.schema.json",
                     "share/optreel/optreel.lua", "share/doc/optreel/copyright", "share/doc/optreel/changelog.gz"):
            self.assertIn(f" ./usr/{path}\n", listed)


if __name__ == "__main__":
    main()
