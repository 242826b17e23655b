"""Folders: searched, every run read once and told from the others."""
import json
import os

import found
import writers

TABLE = "step,loss\n" + "".join(f"{i},{5 - i / 4}\n" for i in range(8))


def table(offset=0):
    return "step,loss\n" + "".join(f"{i},{5 + offset - i / 4}\n" for i in range(8))


def events(offset=0):
    return writers.tf_version() + b"".join(writers.tf_scalar("loss", i, 5 + offset - i / 4) for i in range(8))


class Folders(found.Case):
    def names(self, *paths, **how):
        return sorted(r.name for r in self.found(*paths, **how))

    def test_a_run_once(self):
        """A table before event files of its folder; the parts of event files belong to the folder above."""
        self.put("logs/version_0/metrics.csv", table())
        self.put("logs/version_0/events.out.tfevents.1.h", events())
        self.put("logs/version_1/events.out.tfevents.1.h", events(1))
        self.put("logs/cat/learn_error.tsv", "iter\tRMSE\n" + "".join(f"{i}\t{9 - i}\n" for i in range(5)))
        self.put("logs/cat/test_error.tsv", "iter\tRMSE\n" + "".join(f"{i}\t{9.5 - i}\n" for i in range(5)))
        self.put("logs/cat/time_left.tsv", "iter\tPassed\tRemaining\n0\t1\t5\n1\t2\t4\n")
        self.put("logs/cat/learn/events.out.tfevents", events(2))
        runs = {r.name: r for r in self.found(self.path("logs"))}
        self.assertEqual({n: r.format for n, r in runs.items()}, {"version_0": "CSV or TSV table", "version_1": "TensorBoard event file", "cat": "CSV or TSV table"})
        self.assertEqual((runs["cat"].role("loss"), runs["cat"].role("validation"), runs["cat"].steps), (["learn/RMSE"], ["test/RMSE"], 5))

    def test_checkpoints(self):
        """Of checkpoints the greatest number, not the last name; the trainer's own file before all."""
        for n in (500, 1000, 1500):
            state = {"log_history": [{"step": s, "loss": 9 - s / 500} for s in range(0, n + 1, 500)]}
            self.put(f"out/checkpoint-{n}/trainer_state.json", json.dumps(state))
        run = self.one(self.path("out"))
        self.assertEqual((run.last, run.name), (1500, "checkpoint-1500"))
        self.put("out/trainer_state.json", json.dumps({"log_history": [{"step": s, "loss": 9 - s / 500} for s in range(0, 2001, 500)]}))
        self.assertEqual(self.one(self.path("out")).last, 2000)

    def test_equal_files(self):
        self.put("run/vis_data/scalars.json", "".join(json.dumps({"step": i, "loss": 5 - i}) + "\n" for i in range(4)))
        self.put("run/vis_data/20240101_120000.json", "".join(json.dumps({"step": i, "loss": 5 - i}) + "\n" for i in range(4)))
        self.assertEqual(self.names(self.path("run")), ["run"])

    def test_the_same_numbers_in_two_forms(self):
        self.put("ppo/progress.csv", table())
        self.put("ppo/progress.json", "".join(json.dumps({"step": i, "loss": 5 - i / 4}) + "\n" for i in range(8)))
        self.assertEqual(self.names(self.path("ppo")), ["ppo"])
        self.put("two/a.csv", table())
        self.put("two/b.csv", table(1))
        self.assertEqual(self.names(self.path("two")), ["a", "b"])

    def test_links_are_not_followed(self):
        self.put("wandb/run-1/run-1.wandb", writers.wandb_file([{"loss": 3 - i} for i in range(3)], "one"))
        os.symlink(self.path("wandb", "run-1"), self.path("wandb", "latest-run"))
        os.symlink(self.path("wandb"), self.path("wandb", "round"))
        self.assertEqual(self.names(self.path("wandb")), ["one"])

    def test_equal_names(self):
        """They are told apart by their folders, and by numbers where these are equal, too."""
        for model in ("resnet", "vgg"):
            self.put(f"all/{model}/version_0/metrics.csv", table(len(model)))
        runs = self.found(self.path("all"))
        self.assertEqual(sorted((r.title, r.name) for r in runs), [("resnet/version_0", "resnet-version_0"), ("vgg/version_0", "vgg-version_0")])
        for i in range(2):
            self.put(f"w/run-{i}/run.wandb", writers.wandb_file([{"loss": 3 - i - k} for k in range(3)], "twin name"))
        self.assertEqual([r.name for r in self.found(self.path("w"))], ["run-0-twin-name", "run-1-twin-name"])
        self.put("W.csv", table())
        self.put("v/w.csv", table(1))
        self.assertEqual([r.name for r in self.found(self.path("W.csv"), self.path("v", "w.csv"))], ["W", "w-2"])

    def test_other_files(self):
        """Settings, vocabularies and data are no logs; nor is a log that is broken a reason to refuse the others."""
        self.put("r/metrics.csv", table())
        self.put("r/hparams.yaml", "lr: 0.1\nepochs: 3\n")
        self.put("r/config.json", json.dumps({"layers": [1, 2, 3], "lr": 0.1, "epochs": 4}))
        self.put("r/tokenizer.json", json.dumps({"added_tokens": [{"id": 0, "content": "a"}, {"id": 1, "content": "b"}], "model": {"merges": ["a b"]}}))
        self.put("r/data.csv", "x,y\n1,2\n3,4\n")
        self.put("r/train.log", "epoch 1 done, loss: 3\nepoch 2 done, loss: 2\n")
        self.put("r/model.safetensors", b"\x20\0\0\0\0\0\0\0" + b'{"a":{}}' + bytes(60))
        self.put("r/broken/metrics.csv", "step,loss\n0.5,1\n1,2\n")
        runs = self.found(self.path("r"))
        self.assertEqual([r.name for r in runs if not r.nothing], ["r"])
        self.assertIn("broken/metrics.csv: warning: the column 'step' does not count steps", self.done.err)

    def test_several_paths(self):
        a, b = self.put("a.csv", table()), self.put("runs/b/events.out.tfevents.1.h", events())
        self.assertEqual(self.names(a, self.path("runs")), ["a", "b"])

    def test_nothing_among_others(self):
        """A run that has only begun is told of, and the others are read."""
        self.put("runs/a/events.out.tfevents.1.h", events())
        self.put("runs/b/events.out.tfevents.1.h", writers.tf_version())
        runs = self.found(self.path("runs"))
        self.assertEqual([(r.name, r.nothing) for r in runs], [("a", None), ("b", "nothing logged yet")])
        self.assertIn("b: warning: nothing logged yet", self.done.err)

    def test_too_many_runs(self):
        for i in range(4):
            self.put(f"runs/{i}x/metrics.csv", table(i))
        self.found(self.path("runs"), check=3, options=("--max-log-runs=3",))
        self.assertIn("more than 3 runs", self.done.err)

    def test_here(self):
        """A folder is called by its own name, however it is named."""
        self.put("here/metrics.csv", table())
        done = found.optreel("check", ".", check=0, cwd=self.path("here"))
        self.assertTrue(done.out.startswith("here: here\n"), done.out)

    def test_an_experiment_is_none(self):
        path = self.put("e.txt", "problems: {p: {objective: x^2, start: {x: 1}}}\noptimizers: {sgd: {learning_rate: 0.1}}\n")
        self.assertIn("films (1)", found.optreel("check", path, check=0).out)
        path = self.put("e.json", '{"problems": {"p": {"objective": "x^2", "start": {"x": 1}}}, "optimizers": {"sgd": {"learning_rate": 0.1}}}')
        self.assertIn("films (1)", found.optreel("check", path, check=0).out)

    def test_text_of_others_is_safe(self):
        run = self.found(self.put("t.csv", "step,lo\x1b[31mss,loss\n0,1,2\n1,2,3\n"))[0]
        self.assertIn("lo\\x1b[31mss", "".join(run.series))


if __name__ == "__main__":
    found.main()
