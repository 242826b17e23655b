"""Large logs: a million events in less than two seconds and 50 MB."""
import os
import resource
import struct
import subprocess

import found
import writers


LENGTHS = {}


def record(data):
    if len(data) not in LENGTHS:
        length = struct.pack("<Q", len(data))
        LENGTHS[len(data)] = length + struct.pack("<I", writers.masked_crc(length))
    return LENGTHS[len(data)] + data + struct.pack("<I", writers.masked_crc(data))


class Large(found.Case):
    def test_a_million_events(self):
        """Made of a thousand blocks of a thousand records: writing them one by one takes longer than the test may."""
        path = self.path("events.out.tfevents.1.h")
        block = b"".join(record(writers.float64(1, 1.7e9) + b"\x10" + bytes([s & 127 | 128, s >> 7]) +
                                writers.block(5, writers.block(1, writers.block(1, f"train/loss{t}") + writers.float32(2, 2 / (s + 1)))))
                         for s in range(1000) for t in range(10))
        with open(path, "wb") as f:
            f.write(writers.tf_version())
            for _ in range(100):
                f.write(block)
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        done = subprocess.run([found.harness.PROGRAM, "check", path], capture_output=True, text=True, check=False)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        # of the processor: the machine may be busy with other tests
        seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        self.assertEqual(done.returncode, 0, done.stderr)
        run = found.parse(done.stdout)[0]
        self.assertEqual((run.steps, len(run.series), run.last), (1000, 10, 999))
        self.assertIn("the last of 100 passes", done.stderr)
        peak = after.ru_maxrss / 1024
        print(f"{os.path.getsize(path) / 1e6:.0f} MB, {seconds:.2f} s, {peak:.0f} MB of memory")
        if os.environ.get("OPTREEL_SANITIZED") != "1":
            self.assertLess(seconds, 2)
            self.assertLess(peak, 50)


if __name__ == "__main__":
    found.main()
