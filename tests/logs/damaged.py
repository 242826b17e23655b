"""Damaged logs: what is whole is read, and one sentence says what is not."""
import json
import struct

import found
import writers


def events(count=20):
    return [writers.tf_version()] + [writers.tf_scalar("loss", i, count - i) for i in range(count)]


class Events(found.Case):
    def test_torn_end(self):
        """Whatever is left of the last record, all before it stand."""
        records = events()
        whole = b"".join(records[:-1])
        for left in (1, 8, 11, 12, 20, len(records[-1]) - 1):
            with self.subTest(left):
                run = self.one(self.put("events.out.tfevents.1.h", whole + records[-1][:left]))
                self.assertEqual((run.steps, run.series["loss"].last), (19, (18, 2)))
                self.assertIn(f"the end is cut: {left} bytes after record 20 are left out", self.done.err)

    def test_wrong_checksum(self):
        """One bit in the data costs that record."""
        records = events()
        records[5] = records[5][:20] + bytes([records[5][20] ^ 1]) + records[5][21:]
        run = self.one(self.put("e", b"".join(records)))
        self.assertEqual((run.steps, run.series["loss"].last), (19, (19, 1)))
        place = sum(len(r) for r in records[:5])
        self.assertIn(f"1 record has a wrong checksum: left out (the first is record 5, at byte {place})", self.done.err)

    def test_wrong_length(self):
        """A wrong length costs the rest: nobody knows where the next record begins."""
        records = events()
        records[5] = bytes([records[5][0] ^ 1]) + records[5][1:]
        run = self.one(self.put("e", b"".join(records)))
        self.assertEqual((run.steps, run.series["loss"].last), (4, (3, 17)))
        self.assertIn(f"record 5, at byte {sum(len(r) for r in records[:5])}, has a wrong length: the rest is left out", self.done.err)

    def test_huge_record(self):
        length = struct.pack("<Q", 1 << 40)
        self.found(self.put("e", b"".join(events()) + length + struct.pack("<I", writers.masked_crc(length))), check=3)
        self.assertIn("--max-log-record-bytes", self.done.err)

    def test_limits(self):
        path = self.put("e", b"".join(events()))
        for option, words in (("--max-log-bytes=100", "at most 100"), ("--max-log-points=10", "more than 10 numbers"), ("--max-log-record-bytes=5", "a record of")):
            self.found(path, check=3, options=(option,))
            self.assertIn(words, self.done.err)
        self.found(self.put("t.csv", "step,a,b,c,loss\n0,1,2,3,4\n"), check=3, options=("--max-log-columns=3",))
        self.assertIn("more than 3 columns", self.done.err)


class Blocks(found.Case):
    def rows(self, count):
        return [{"loss": 2.0 - i / count, "text": "x" * 900} for i in range(count)]

    def test_a_block_of_zeros(self):
        """The reader goes on at the next block."""
        whole = bytearray(writers.wandb_file(self.rows(200)))
        whole[32768:65536] = bytes(32768)
        run = self.one(self.put("a.wandb", bytes(whole)))
        self.assertGreater(run.steps, 150)
        self.assertEqual(run.series["loss"].last[0], 199)
        self.assertIn("32768 bytes of zeros are left out", self.done.err)

    def test_zeros_at_the_end(self):
        whole = writers.wandb_file(self.rows(20))
        run = self.one(self.put("a.wandb", whole[:len(whole) - 2500] + bytes(2500)))
        self.assertEqual(run.series["loss"].last[0], 16)
        self.assertIn("1 wrong checksum", self.done.err)

    def test_cut(self):
        whole = writers.swanlab2_file([("loss", i, 9 - i / 10) for i in range(50)])
        run = self.one(self.put("a.swanlab", whole[:len(whole) - 10]))
        self.assertEqual((run.steps, run.last), (49, 48))

    def test_broken_json(self):
        """A record that is no JSON costs itself."""
        records = [json.dumps({"model_type": "Scalar", "data": {"metric": {"data": 5 - i}, "key": "loss", "step": i}}).encode() for i in range(5)]
        records[2] = records[2][:30]
        run = self.one(self.put("a.swanlab", writers.blocks(b":SWL\xd6\xe1\x01", records)))
        self.assertEqual((run.steps, run.series["loss"].last), (4, (4, 1)))


class Text(found.Case):
    def lines(self):
        return [json.dumps({"step": i, "loss": 9 - i}) + "\n" for i in range(6)]

    def test_cut_line(self):
        lines = self.lines()
        run = self.one(self.put("t.jsonl", "".join(lines[:5]) + lines[5][:9]))
        self.assertEqual((run.steps, run.last), (5, 4))
        self.assertIn("t.jsonl:6: warning: 1 line is no JSON: left out (the text ends too early)", self.done.err)

    def test_broken_lines_cost_themselves(self):
        for broken in ('{"step": 3, "loss": \n', '{"step": 3, "lo\n', '{"step": 3} x\n', "Traceback (most recent call last):\n", '{"step": 3, "loss": 0x10}\n', "]\n",
                       '{"step": 3, "loss": 6,}\n', "[" * 70 + "\n", '{"a": "\\q"}\n', '{"step": 3 "loss": 6}\n'):
            with self.subTest(broken):
                lines = self.lines()
                lines[3] = broken
                run = self.one(self.put("t.jsonl", "".join(lines)))
                self.assertEqual((run.series["loss"].points, run.last), (5, 5))
                self.assertIn("t.jsonl:4: warning: 1 line is no JSON", self.done.err)

    def test_no_json(self):
        self.found(self.put("t.json", '{"log_history": [ nope'), check=3)
        self.assertIn("t.json:1: error: this is not JSON: neither a number nor a word of JSON", self.done.err)

    def test_cut_table(self):
        run = self.one(self.put("t.csv", "step,loss,acc\n0,9,1\n1,8,2\n2,7"))
        self.assertEqual((run.steps, run.last), (2, 1))
        self.assertIn("t.csv:4: warning: the last line is cut: it is left out", self.done.err)

    def test_zeros_after_a_crash(self):
        run = self.one(self.put("t.csv", "step,loss\n0,9\n1,8\n" + "\0" * 400))
        self.assertEqual((run.steps, run.last), (2, 1))
        self.assertIn("zero bytes: the rest is left out", self.done.err)

    def test_header_again(self):
        """A resumed program writes its header a second time, with a column more."""
        run = self.one(self.put("t.csv", "epoch,loss\n0,9\n1,8\n2,7\nepoch,loss,acc\n1,6,0.5\n2,5,0.75\n3,4,0.8\n"))
        self.assertEqual((run.steps, run.series["loss"].last, run.series["acc"].first), (4, (3, 4), (1, 0.5)))
        self.assertIn("the header stands there 2 times", self.done.err)
        self.assertIn("begins again from step 1 (it was at 2)", self.done.err)

    def test_rows_of_other_lengths(self):
        run = self.one(self.put("t.csv", "step,loss,acc\n0,9,1\n1,8\n2,7,3,5\n3,6,4\n"))
        self.assertEqual((run.series["loss"].points, run.series["acc"].points), (4, 3))
        self.assertIn("1 row with fewer cells", self.done.err)
        self.assertIn("1 row with more cells", self.done.err)


class Databases(found.Case):
    def test_cut(self):
        path = self.path("mlflow.db")
        writers.mlflow_db(path, {"a": ("r", {"loss": [(i, i, 1 / (i + 1)) for i in range(2000)]}, {})}).close()
        with open(path, "rb") as f:
            data = f.read()
        self.found(self.put("cut.db", data[:8292]), check=3)
        self.assertIn("cut.db: error: database disk image is malformed", self.done.err)

    def test_a_write_ahead_log_that_is_torn(self):
        """Frames count up to the last commit whose checksums hold."""
        path = self.path("mlflow.db")
        db = writers.mlflow_db(path, {"a": ("r", {"loss": [(i, i, 1 / (i + 1)) for i in range(20)]}, {})}, wal=True)
        self.addCleanup(db.close)
        with open(path + "-wal", "rb") as f:
            before = f.read()
        db.execute("DELETE FROM metrics WHERE step > 10")
        db.commit()
        with open(path + "-wal", "rb") as f, open(path, "rb") as g:
            after, main = f.read(), g.read()
        self.put("b.db", main)
        for torn, last in ((after, 10), (after[:len(before) + 100], 19), (after[:-1] + bytes([after[-1] ^ 1]), 19)):
            self.put("b.db-wal", torn)
            self.assertEqual(self.one(self.path("b.db")).last, last)


class Kinds(found.Case):
    def test_known_but_not_read(self):
        for data, words, hint in ((b"PAR1" + bytes(40), "Parquet", "pandas.read_parquet"), (b"\x1f\x8b\x08\x00" + bytes(40), "gzip", "gunzip"),
                                  (b"PK\x03\x04" + bytes(40), "zip", "unpack"), (b"\x89HDF\r\n\x1a\n" + bytes(40), "HDF5", "CSV or JSON"),
                                  (b"\x93NUMPY" + bytes(40), "NumPy", "savetxt"), (b"\xff\xfea\0", "UTF-16", "UTF-8")):
            self.found(self.put("log.bin", data), check=3)
            self.assertIn(words, self.done.err)
            self.assertIn(hint, self.done.err)
        self.put("repo/.aim/meta/000004.sst", b"\x00\x01\x02" + bytes(99))
        self.found(self.path("repo"), check=3)
        self.assertIn("Aim", self.done.err)
        self.assertIn("query_metrics", self.done.err)

    def test_no_log(self):
        self.put("folder/readme.md", "# Title\n\nSome words, more words.\n")
        self.found(self.path("folder"), check=3)
        self.assertIn("there is no log in this folder", self.done.err)
        self.found(self.path("folder"), self.path("gone"), check=3)
        self.assertIn("gone: error: there is no such file or folder", self.done.err)


if __name__ == "__main__":
    found.main()
