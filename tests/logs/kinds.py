"""Every kind of log: which runs, steps, columns and values are found in it, and what is said of it."""
import json
import os
import sqlite3
import struct

import found
import writers

NAN = float("nan")


class Tables(found.Case):
    def test_lightning(self):
        """Training, validation and learning rate stand in rows of their own: rows of one step are one."""
        text = "epoch,lr-Adam,step,train_loss,val_loss\r\n,0.01,0,,\r\n0,,49,0.8,\r\n0,,99,0.6,\r\n0,,99,,0.7\r\n,0.001,100,,\r\n1,,149,0.5,\r\n"
        run = self.one(self.put("lightning_logs/version_3/metrics.csv", text))
        self.assertEqual((run.name, run.counter, run.steps, run.first, run.last), ("version_3", "step", 5, 0, 149))
        self.assertEqual(run.series["train_loss"].first + run.series["train_loss"].last, (49, 0.8, 149, 0.5))
        self.assertEqual((run.series["val_loss"].points, run.series["val_loss"].last), (1, (99, 0.7)))
        self.assertEqual(run.role("learning rate"), ["lr-Adam"])
        self.assertEqual(run.series["epoch"].role, "left out")

    def test_keras(self):
        text = "epoch,learning_rate,loss,val_loss\r\r\n0,0.001,3.5,3.25\r\r\n1,0.001,3,NA\r\r\n2,0.001,2.5,2.75\r\r\n"
        run = self.one(self.put("training.csv", text))
        self.assertEqual((run.steps, run.role("loss"), run.role("validation")), (3, ["loss"], ["val_loss"]))
        self.assertEqual(run.series["val_loss"].points, 2)
        self.assertEqual(run.details, "learning rate 0.001")
        self.assertEqual(run.series["learning_rate"].reason, "does not change")

    def test_yolo_has_three_losses(self):
        """Names padded with blanks; no column is the loss alone, so all that are called one share its panel."""
        text = "   epoch,  train/box_loss,  train/cls_loss, metrics/mAP50(B), val/box_loss, lr/pg0\n"
        text += "".join(f"  {i},  {2 - i / 10},   {3 - i / 5}, {i / 10}, {2.5 - i / 10}, {0.1 / (i + 1)}\n" for i in range(5))
        run = self.one(self.put("runs/detect/train7/results.csv", text))
        self.assertEqual((run.name, run.first, run.last), ("train7", 0, 4))
        self.assertEqual(run.role("loss"), ["train/box_loss", "train/cls_loss"])
        self.assertEqual((run.role("validation"), run.role("metric")), (["val/box_loss"], ["metrics/mAP50(B)"]))

    def test_stable_baselines(self):
        """time/total_timesteps counts; entropy and value losses stand back behind train/loss."""
        text = "time/fps,time/iterations,time/total_timesteps,train/entropy_loss,train/loss,train/n_updates\n"
        text += "900,1,2048,,,\n" + "".join(f"900,{i},{2048 * i},{-1.4 + i / 50},{5 / i},{10 * i}\n" for i in range(2, 9))
        run = self.one(self.put("sb3/progress.csv", text))
        self.assertEqual((run.counter, run.first, run.last), ("time/total_timesteps", 2048, 16384))
        self.assertEqual(run.role("loss"), ["train/loss"])
        self.assertEqual(run.role("metric"), ["train/entropy_loss"])
        self.assertEqual({n: s.reason for n, s in run.series.items() if s.role == "left out"},
                         {"time/fps": "a time", "time/iterations": "a time", "train/n_updates": "a counter",
                          "time/total_timesteps": "counts the steps"})

    def test_other_numbers(self):
        """Thousands in quotes are steps, Fortran's D is an exponent; two digits behind a comma are neither."""
        run = self.one(self.put("t.csv", 'step,loss\n' + "".join(f'"{i:,}",{9 - i / 1000:.2f}\n' for i in range(0, 3000, 500))))
        self.assertEqual((run.steps, run.last, run.series["loss"].last), (6, 2500, (2500, 6.5)))
        run = self.one(self.put("t.dat", "# iter residual\n" + "".join(f" {i} {2.5 / (i + 1):.4E}\n".replace("E", "D") for i in range(5))))
        self.assertEqual((run.counter, run.series["residual"].first, run.series["residual"].last), ("iter", (0, 2.5), (4, 0.5)))
        run = self.one(self.put("u.csv", 'epoch,loss,x\n0,3,"1,5"\n1,2,"2,5"\n'))
        self.assertEqual(run.series["x"].reason, "text")

    def test_monitor(self):
        run = self.one(self.put("ppo/monitor.csv", '#{"t_start": 1.5, "env_id": "Hopper"}\nr,l,t\n10,5,0.1\n12,6,0.2\n9,5,0.3\n'))
        self.assertEqual((run.counter, run.steps, run.series["r"].last), ("(row)", 3, (2, 9)))
        self.assertEqual((run.role("metric"), run.series["t"].reason), (["r", "l"], "a time"))

    def test_tensorboard_export(self):
        """The tag and the run stand in the name of the file."""
        text = "Wall time,Step,Value\n1626941445.4,0,1.5\n1626941563.4,10,1.25\n1626941681.6,20,1\n"
        run = self.one(self.put("run-vgg_16-tag-Loss_train.csv", text))
        self.assertEqual((run.title, run.role("loss"), run.last, run.counter), ("vgg_16", ["Loss_train"], 20, "Step"))
        self.put("tags/run-a-tag-loss.csv", text)
        self.put("tags/run-a-tag-val_loss.csv", text)
        self.put("tags/run-b-tag-loss.csv", text)
        runs = self.found(self.path("tags"))
        self.assertEqual([(r.name, sorted(r.role("loss") + r.role("validation"))) for r in runs], [("a", ["loss", "val_loss"]), ("b", ["loss"])])

    def test_wandb_export(self):
        """A run for each NAME - metric, of the rows that it has; ranges are no columns."""
        text = '"Step","cool - run-1 - loss","cool - run-1 - loss__MIN","cool - run-1 - loss__MAX","b2 - loss","b2 - loss__MIN","b2 - loss__MAX"\n'
        text += '"0","2","2","2","","",""\n"10","1.5","1.5","1.5","3","3","3"\n"20","","","","2.5","2.5","2.5"\n'
        runs = self.found(self.put("wandb_export.csv", text))
        self.assertEqual([(r.title, r.role("loss"), r.first, r.last) for r in runs], [("cool - run-1", ["loss"], 0, 10), ("b2", ["loss"], 10, 20)])
        self.assertEqual(runs[0].series["loss__MIN"].reason, "the range of another column")
        self.found(self.put("runs.csv", '"Name","State","lr"\n"a","finished","0.1"\n'), check=3)
        self.assertIn("W&B's table of runs", self.done.err)

    def test_flair(self):
        """Tabs, _ for nothing, and one more cell than names where a tab stands twice."""
        text = "EPOCH\tTIMESTAMP\tLEARNING_RATE\tTRAIN_LOSS\tDEV_LOSS\tDEV_F1\n"
        text += "1\t12:33:21\t0.1\t\t0.5\t_\t0.8\n2\t12:34:21\t0.05\t\t0.4\t0.45\t0.9\n3\t12:35:21\t0.05\t\t0.3\t0.4\t0.95\n"
        run = self.one(self.put("tagger/loss.tsv", text))
        self.assertEqual((run.name, run.role("loss"), run.series["TRAIN_LOSS"].last), ("tagger", ["TRAIN_LOSS"], (3, 0.3)))
        self.assertEqual((run.series["DEV_LOSS"].first, run.series["DEV_F1"].points), ((2, 0.45), 3))
        self.assertEqual(run.series["TIMESTAMP"].reason, "text")

    def test_fastai(self):
        run = self.one(self.put("history.csv", "epoch,train_loss,valid_loss,accuracy,time\n0,0.9,0.8,0.5,00:12\n1,0.7,0.75,0.6,00:11\n"))
        self.assertEqual((run.role("loss"), run.role("validation"), run.role("metric")), (["train_loss"], ["valid_loss"], ["accuracy"]))

    def test_long_table(self):
        """A column of few words tells series apart; a step that restarts with each epoch is numbered on."""
        text = "epoch,set,step,loss\n"
        for epoch in range(3):
            text += "".join(f"{epoch},train,{s},{3 - epoch - s / 10}\n" for s in range(4)) + f"{epoch},val,0,{4 - epoch}\n"
        run = self.one(self.put("long.csv", text))
        self.assertEqual((run.role("loss"), run.role("validation")), (["train/loss"], ["val/loss"]))
        self.assertEqual((run.first, run.last, run.series["train/loss"].points), (0, 11, 12))
        self.assertEqual((run.series["val/loss"].points, run.series["val/loss"].last), (3, (8, 2)))
        self.assertIn("numbered on", self.done.err)

    def test_names_in_a_column(self):
        """"metric, step, value": each word is a column. Of several runs or models the numbers stand apart."""
        run = self.one(self.put("t.csv", "metric,step,value\n" + "".join(f"loss,{i},{3 - i}\nval_loss,{i},{4 - i}\n" for i in range(3))))
        self.assertEqual((run.role("loss"), run.role("validation"), run.series["val_loss"].last), (["loss"], ["val_loss"], (2, 2)))
        run = self.one(self.put("t.csv", "model,epoch,loss\n" + "".join(f"{m},{i},{3 - i + (m == 'b')}\n" for m in "ab" for i in range(3))))
        self.assertEqual((run.role("loss"), run.series["a/loss"].last, run.series["b/loss"].last), (["a/loss", "b/loss"], (2, 1), (2, 2)))

    def test_dialects(self):
        for name, text in {"semicolon": "step;loss\n0;1,5\n10;0,5\n", "bom": "\ufeffstep,loss\n0,1.5\n10,0.5\n",
                           "blanks": "step, loss\n0, 1.5\n10, 0.5\n", "savetxt": "# step loss\n0.0 1.5\n1.0e+01 5.0e-01\n",
                           "case": "Step,LOSS\n0,1.5\n10,.5\n", "no end": "step,loss\n0,1.5\n10,0.5", "percent": "step,loss\n0,1.5%\n10,0.5%\n",
                           "comment": "step,loss\n0,1.5\n# again\n10,0.5\n", "quoted": '"step","loss"\n"0","1.5"\n"10","0.5"\n',
                           "pandas": ",step,loss\n0,0,1.5\n1,10,0.5\n", "twice": "step,loss,loss\n0,1.5,7\n10,0.5,8\n"}.items():
            with self.subTest(name):
                run = self.one(self.put("t.csv", text))
                loss = run.series[run.role("loss")[0]]
                self.assertEqual((loss.points, loss.first, loss.last), (2, (0, 1.5), (10, 0.5)))

    def test_no_header(self):
        run = self.one(self.put("t.csv", "1.5,0.1\n1.25,0.2\n1,0.3\n"))
        self.assertEqual((run.steps, run.counter, run.series["column 2"].last), (3, "(row)", (2, 0.3)))


class Steps(found.Case):
    def test_the_order_of_counters(self):
        columns = ["step", "global_step", "_step", "current_steps", "time/total_timesteps", "iteration", "iter", "epoch"]
        for i in range(len(columns)):
            names = columns[i:][::-1]
            rows = "".join(",".join(str((k + 2) * row) for k in range(len(names))) + f",{9 - row}\n" for row in range(4))
            run = self.one(self.put("t.csv", ",".join(names) + ",loss\n" + rows))
            self.assertEqual(run.counter, columns[i])

    def test_equal_everywhere_counts_nothing(self):
        self.assertEqual(self.one(self.put("t.csv", "step,epoch,loss\n7,0,3\n7,1,2\n7,2,1\n")).counter, "epoch")
        self.assertEqual(self.one(self.put("t.csv", "step,loss\n7,3\n7,2\n7,1\n")).counter, "(row)")

    def test_fractions(self):
        """A fractional epoch counts rows; a step must be whole."""
        self.assertEqual(self.one(self.put("t.csv", "epoch,loss\n0.5,3\n1,2\n1.5,1\n")).counter, "(row)")
        self.found(self.put("t.csv", "step,loss\n0,3\n0.5,2\n1,1\n"), check=3)
        self.assertIn("'step' does not count steps: 0.5 is not a whole number", self.done.err)

    def test_options(self):
        path = self.put("t.csv", "step,batch,loss,mse,mae\n0,10,3,1,5\n1,20,2,2,4\n2,40,1,4,3\n")
        self.found(path, options=("--columns", "ma*,mape"))
        self.assertIn("no column is called 'mape'", self.done.err)
        run = self.one(path, options=("--step", "batch", "--loss", "mse", "--columns", "ma*"))
        self.assertEqual((run.counter, run.last, run.role("loss"), run.role("metric")), ("batch", 40, ["mse"], ["mae"]))
        self.found(path, check=3, options=("--step", "bach"))
        self.assertIn("no column 'bach' to count steps", self.done.err)
        self.found(path, check=3, options=("--loss", "loos"))
        self.assertIn("no column 'loos' for the loss", self.done.err)

    def test_resumed(self):
        """What goes back over steps that were there begins again there, series by series."""
        run = self.one(self.put("t.csv", "step,loss\n0,9\n10,8\n20,7\n30,6\n10,5\n20,4\n"))
        self.assertEqual((run.steps, run.last, run.series["loss"].points, run.series["loss"].last), (3, 20, 3, (20, 4)))
        self.assertIn("begins again from step 10 (it was at 30): a resumed run", self.done.err)

    def test_written_late(self):
        """One number out of order is put where it belongs: nothing was begun again."""
        run = self.one(self.put("t.csv", "step,loss\n0,9\n10,8\n30,6\n20,7\n40,5\n"))
        self.assertEqual((run.series["loss"].points, self.done.err), (5, ""))

    def test_written_late_by_several(self):
        """Falling numbers are late ones; those that rise again, and those that were there, begin again."""
        run = self.one(self.put("t.csv", "step,loss\n0,9\n10,8\n40,5\n30,6\n20,7\n50,4\n"))
        self.assertEqual((run.series["loss"].points, run.last, self.done.err), (6, 50, ""))
        run = self.one(self.put("u.csv", "step,loss\n0,9\n10,8\n20,7\n30,6\n15,5\n25,4\n35,3\n"))
        self.assertEqual(run.series["loss"].points, 5)
        self.assertIn("begins again from step 15 (it was at 30)", self.done.err)

    def test_newest_first(self):
        run = self.one(self.put("t.csv", "step,loss\n" + "".join(f"{s},{10 - s}\n" for s in range(9, -1, -1))))
        self.assertEqual((run.steps, run.series["loss"].first, run.series["loss"].last, self.done.err), (10, (0, 10), (9, 1), ""))

    def test_in_no_order(self):
        """Many workers wrote it; each step is there once."""
        run = self.one(self.put("t.csv", "step,loss\n" + "".join(f"{s * 7 % 20},{50 - s * 7 % 20}\n" for s in range(20))))
        self.assertEqual((run.steps, run.series["loss"].first, run.series["loss"].last, self.done.err), (20, (0, 50), (19, 31), ""))

    def test_passes(self):
        run = self.one(self.put("t.csv", "step,loss\n" + "".join(f"{s},{9 - p}\n" for p in range(3) for s in range(4))))
        self.assertEqual((run.steps, run.series["loss"].first), (4, (0, 7)))
        self.assertIn("begin again 2 times: the last of 3 passes", self.done.err)

    def test_times_have_no_vote(self):
        """Evaluation rows count epochs, training rows iterations: no metric's own step goes back."""
        lines = [{"loss": 3 - i / 4, "time": 0.1, "epoch": i, "memory": 9, "step": 69 * i} if k == 0 else {"top1": 40 + i, "time": 0.2, "step": i}
                 for i in range(1, 6) for k in range(2)]
        run = self.one(self.put("scalars.json", "".join(json.dumps(row) + "\n" for row in lines)))
        self.assertEqual((run.series["loss"].points, run.series["top1"].points, run.steps, self.done.err), (5, 5, 10, ""))

    def test_gaps(self):
        run = self.one(self.put("t.csv", "step,loss\n0,9\n10,8\n20,7\n50,6\n60,5\n90,4\n"))
        self.assertEqual((run.usual, run.wider), (10, 2))

    def test_from_minus_one(self):
        self.found(self.put("t.csv", "step,loss\n-1,9\n0,8\n1,7\n"), check=3)
        self.assertIn("step -1 is below 0", self.done.err)

    def test_too_far(self):
        self.found(self.put("t.csv", "step,loss\n0,9\n2000000000,8\n"), check=3)
        self.assertIn("--max-steps", self.done.err)


class Losses(found.Case):
    def test_names(self):
        """The column that is the loss, whatever stands before it."""
        for names, loss in ((["value_loss", "train/loss"], "train/loss"), (["loss_cls", "total_loss"], "total_loss"),
                            (["train_loss", "loss"], "loss"), (["acc", "Loss/train"], "Loss/train"), (["acc", "training_loss"], "training_loss"),
                            (["acc", "trainLoss"], "trainLoss"), (["acc", "train_loss_step"], "train_loss_step"), (["lr", "RMSE"], "RMSE"),
                            (["opt.x", "a.b.loss"], "a.b.loss"), (["Generator loss", "acc"], "Generator loss")):
            rows = "".join(f"{i},{5 - i},{7 + i}\n" for i in range(4))
            run = self.one(self.put("t.csv", "step," + ",".join(names) + "\n" + rows))
            self.assertEqual(run.role("loss")[0] if names[1] != "loss" else "loss", loss)

    def test_none(self):
        run = self.one(self.put("t.csv", "step,accuracy,f1\n0,1,2\n1,3,4\n"))
        self.assertEqual((run.role("loss"), run.role("metric")), ([], ["accuracy", "f1"]))

    def test_summaries(self):
        """The mean of the whole run stands in the last row alone."""
        rows = [{"step": i, "loss": 1 / (i + 1)} for i in range(5)] + [{"step": 4, "train_loss": 0.4, "train_runtime": 9}]
        run = self.one(self.put("t.json", json.dumps({"log_history": rows})))
        self.assertEqual((run.role("loss"), run.series["train_loss"].reason), (["loss"], "a single number"))

    def test_diverged(self):
        run = self.one(self.put("t.csv", "step,loss,acc\n0,1,0.1\n1,2,0.2\n2,nan,0.1\n3,inf,0.1\n"))
        self.assertIn("diverged at step 2: 'loss' is not finite from there on", self.done.err)
        self.assertEqual(run.series["loss"].not_finite, 2)
        self.one(self.put("t.csv", "step,loss\n0,1\n1,nan\n2,0.5\n"))
        self.assertEqual(self.done.err, "")
        run = self.one(self.put("t.csv", "step,loss\n5,nan\n6,nan\n"), check=3)
        self.assertIn("diverged at step 5", self.done.err)
        run = self.one(self.put("t.csv", "step,loss,acc\n5,nan,1\n6,nan,2\n"))
        self.assertEqual((run.series["loss"].reason, run.role("metric")), ("diverged at step 5", ["acc"]))

    def test_nothing(self):
        for name, text in (("header.csv", "Episode,Reward,Loss\n"), ("counters.jsonl", '{"current_steps": 5, "total_steps": 9}\n{"current_steps": 6, "total_steps": 9}\n'),
                           ("version.tfevents", writers.tf_version()), ("empty.csv", ""), ("constant.csv", "step,a\n0,1\n1,1\n")):
            with self.subTest(name):
                self.found(self.put(name, text), check=3)
                self.assertIn(f"{name}: error: nothing logged yet", self.done.err)
                self.assertEqual(self.done.err.count("\n"), 1)
        told = found.optreel("film", self.put("blank.jsonl", "\n \n"), "-o", self.path("x.png"), check=3).err
        self.assertIn("nothing logged yet: the file is blank", told)
        told = found.optreel("film", "-", "-o", self.path("x.png"), check=2).err
        self.assertIn("a log is read from a file or a folder, not from '-'", told)


class Json(found.Case):
    ROWS = [{"step": 10 * i, "loss": 4 - i, "eval_loss": NAN if i == 1 else 5 - i, "opt": {"lr": 0.1 / (i + 1)}, "tags": ["a"], "note": "x", "ok": True, "none": None}
            for i in range(4)]

    def look(self, text, form, name="t.json"):
        run = self.one(self.put(name, text))
        self.assertEqual((run.format, run.steps, run.last), (form, 4, 30))
        self.assertEqual((run.series["loss"].last, run.role("loss"), run.role("validation"), run.role("learning rate")),
                         ((30, 1), ["loss"], ["eval_loss"], ["opt.lr"]))
        self.assertEqual(run.series["eval_loss"].not_finite, 1)
        return run

    def test_lines(self):
        self.assertEqual(self.look("".join(json.dumps(r) + "\n" for r in self.ROWS), "JSON lines").series["note"].reason, "text")

    def test_array(self):
        self.look(json.dumps(self.ROWS), "JSON")
        self.look(json.dumps(self.ROWS, indent=2), "JSON")

    def test_log_history(self):
        self.look(json.dumps({"global_step": 30, "stateful_callbacks": {"x": [1, 2, 3, 4, 5, 6]}, "log_history": self.ROWS}, indent=1), "Hugging Face's trainer state")

    def test_lists(self):
        lists = {"history": {"epochs": [0, 10, 20, 30], "loss": [4, 3, 2, 1], "eval_loss": [5, NAN, 3, 2], "opt.lr": [4, 3, 2, 1]}, "config": {"layers": [64], "lr": 3}}
        self.look(json.dumps(lists), "JSON lists")
        self.look(json.dumps(lists["history"], indent=2), "JSON lists")

    def test_catboost(self):
        meta = {"learn_metrics": [{"name": "RMSE", "best_value": "Min"}, {"name": "R2", "best_value": "Max"}], "test_metrics": [{"name": "RMSE"}, {"name": "R2"}]}
        rows = [{"learn": [9 - i, i / 10], "test": [9.5 - i, i / 11], "iteration": i, "passed_time": 0.1 * i} for i in range(4)]
        run = self.one(self.put("catboost_info/catboost_training.json", json.dumps({"meta": meta, "iterations": rows})))
        self.assertEqual((run.name, run.role("loss"), run.role("validation")), ("catboost_info", ["learn/RMSE"], ["test/RMSE"]))
        self.assertEqual((run.series["test/R2"].last, run.counter), ((3, 0.2727272727), "iteration"))

    def test_tensorboard_json(self):
        run = self.one(self.put("train_loss.json", "[[1.5e9,0,3.5],[1.6e9,10,2.5]]"))
        self.assertEqual((run.role("loss"), run.series["train_loss"].last), (["train_loss"], (10, 2.5)))

    def test_swanlab_folder(self):
        for key, start in (("loss", 5), ("acc", 1)):
            data = {"create_time": "t", "data": [{"index": i, "data": start - i, "create_time": "t"} for i in range(3)]}
            self.put(f"swanlog/run-2024-a/logs/{key}/1000.json", json.dumps(data))
        run = self.one(self.path("swanlog"))
        self.assertEqual((run.name, run.series["loss"].last, run.series["acc"].last, run.steps), ("run-2024-a", (2, 3), (2, -1), 3))
        self.put("swanlog/run-2024-a/logs/top5/1000.json", json.dumps(data))  # the same bytes are another series
        self.assertEqual(self.one(self.path("swanlog")).series["top5"].last, (2, -1))

    def test_words_in_place_of_numbers(self):
        run = self.one(self.put("t.jsonl", '{"step":0,"loss":"NaN","a":1}\n{"step":1,"loss":-Infinity,"a":2}\n{"step":2,"loss":1,"a":3}\n{"step":3,"loss":0.5,"a":5}\n'))
        self.assertEqual((run.series["loss"].points, run.series["loss"].not_finite), (4, 2))


    def test_numbered_keys(self):
        """A table as pandas writes it; objects by epoch. Classes by number in lines stay columns of their lines."""
        table = {"loss": {str(i): 3 - i for i in range(3)}, "val_loss": {str(i): 4 - i for i in range(3)}, "config": {"lr": 0.1, "layers": 3}}
        run = self.one(self.put("t.json", json.dumps(table)))
        self.assertEqual((run.steps, run.role("loss"), run.role("validation"), run.series["val_loss"].last), (3, ["loss"], ["val_loss"], (2, 2)))
        for key in ("epoch_%d", "Epoch %d", "%d"):
            run = self.one(self.put("t.json", json.dumps({key % i: {"loss": 3 - i / 8, "val": {"loss": 4 - i / 8}} for i in range(5, 10)})))
            self.assertEqual((run.counter, run.first, run.last, run.role("loss"), run.role("validation")), ("step", 5, 9, ["loss"], ["val.loss"]), key)
        rows = "".join(json.dumps({"step": i, "loss": 9 - i, "iou": {"0": 1 + i, "1": 2 + i}}) + "\n" for i in range(4))
        run = self.one(self.put("t.jsonl", rows))
        self.assertEqual((run.series["iou.1"].points, run.series["iou.1"].first, run.series["iou.1"].last, run.series["loss"].points), (4, (0, 2), (3, 5), 4))

    def test_other_counters(self):
        """Without a name of the contract, what grows with every row and says that it counts."""
        rows = [{"training_iteration": i + 1, "timesteps_total": 4000 * (i + 1), "episode_reward_mean": i * i, "info": {"total_loss": 3 - i}} for i in range(3)]
        run = self.one(self.put("result.json", "".join(json.dumps(r) + "\n" for r in rows)))
        self.assertEqual((run.counter, run.first, run.last), ("timesteps_total", 4000, 12000))
        self.assertEqual((run.role("loss"), run.role("metric")), (["info.total_loss"], ["episode_reward_mean"]))


class Lines(found.Case):
    """What training loops print."""
    def test_dialects(self):
        dialects = {
            "equals": "epoch {i}: loss={a} val_loss={b} lr=0.01\n",
            "colons": "Epoch {i} - loss: {a} - val_loss: {b}\n",
            "bars": "step {i} | loss {a} | val_loss {b}\n",
            "brackets": "Epoch [{i}/20], Step [7/9], loss: {a}, val_loss: {b}\n",
            "two lines": "Epoch {i}/20\n9/9 [=====] - 3s 25ms/step - loss: {a} - val_loss: {b}\n",
            "logging": "2026-01-02 12:0{i}:00,123 INFO train: step {i} loss {a} val_loss {b} (12.5 s)\n",
            "json": '2026-01-02 | INFO | train | {{"epoch": {i}, "loss": "{a}", "val_loss": "{b}"}}\n',
            "date in brackets": "[2026/01/02 00:00:0{i}] ppcls INFO: [Train][Epoch {i}/20]loss: {a}, val_loss: {b}, ips: 15.2 samples/s\n",
            "level in brackets": "[INFO] epoch {i} loss {a} val_loss {b}\n",
            "dictionaries": "{{'loss': {a}, 'val_loss': {b}, 'epoch': {i}}}\n",
            "bar": "\repoch {i}: loss=9 val_loss=9\repoch {i}: loss={a} val_loss={b}\n",
        }
        for name, line in dialects.items():
            with self.subTest(name):
                text = "Training starts\n" + "".join(line.format(i=i, a=3 - i / 4, b=4 - i / 4) for i in range(5)) + "done in 3.5 s\n"
                run = self.one(self.put("train.txt", text))
                self.assertEqual((run.steps, run.first, run.last, run.role("loss"), run.role("validation")), (5, 0, 4, ["loss"], ["val_loss"]))
                self.assertEqual((run.series["loss"].first, run.series["loss"].last, run.series["val_loss"].last), ((0, 3), (4, 2), (4, 3)))

    def test_step_and_iter_count_the_same(self):
        text = "".join(f"step {i}: train loss {3 - i / 50}, val loss {4 - i / 50}\n" + "".join(f"iter {j}: loss {3 - j / 50}, time 23.4ms\n" for j in range(i, i + 20, 10))
                       for i in range(0, 100, 20))
        run = self.one(self.put("out.log", text))
        self.assertEqual((run.counter, run.steps, run.last), ("step", 10, 90))
        self.assertEqual((run.series["loss"].points, run.series["val loss"].last), (10, (80, 2.4)))

    def test_the_first_of_a_line(self):
        """A mean in brackets does not replace the number before it; nan is one."""
        run = self.one(self.put("t.log", "".join(f"Epoch: [{i}][10/90]\tLoss {'nan' if i == 3 else 3 - i} (9.5)\tAcc@1 {20 * i} (7.5)\n" for i in range(5))))
        self.assertEqual((run.series["Loss"].points, run.series["Loss"].not_finite, run.series["Loss"].first), (5, 1, (0, 3)))
        self.assertEqual(run.series["Acc@1"].last, (4, 80))

    def test_beside_another_log_it_is_no_run(self):
        self.put("runs/a/metrics.csv", "step,loss\n0,3\n10,2\n")
        printed = "".join(f"step {i} loss {3 - i}\n" for i in range(3))
        self.put("runs/a/files/output.log", printed)
        self.assertEqual([run.steps for run in self.found(self.path("runs"))], [2])
        self.put("only/b/train.log", printed)
        self.assertEqual([run.steps for run in self.found(self.path("only"))], [3])

    def test_an_experiment_is_no_log(self):
        text = "problems: {}\noptimizers: {}\nfilms:\n  - notes:\n    - {step: 1, seconds: 2, length: 3}\n    - {step: 2, seconds: 2, length: 4}\n"
        self.found(self.put("e.yaml", text), check=3)
        self.assertIn("problems", self.done.err)


class Binary(found.Case):
    def test_events(self):
        """PyTorch's numbers and TensorFlow's tensors, names with dots, a file without a version."""
        for tensor in (False, True):
            for version in (b"", writers.tf_version()):
                data = version + b"".join(writers.tf_scalar(tag, 10 * i, v / (i + 1), tensor) for i in range(5) for tag, v in (("train/loss", 4), ("lr", 0.5)))
                run = self.one(self.put("runs/exp1/events.out.tfevents.17.my.host.local.4.0.v2", data))
                self.assertEqual((run.name, run.steps, run.first, run.last), ("exp1", 5, 0, 40))
                self.assertEqual((run.role("loss"), run.series["train/loss"].last, run.role("learning rate")), (["train/loss"], (40, 0.8000000119), ["lr"]))

    def test_tensors_of_sixteen_bits(self):
        """half: 1.5, 2^-24 (the least), -2; bfloat16: 1.5, 1e38 to three digits."""
        def event(step, tag, kind, bits):
            block, number = writers.block, writers.number
            tensor = number(1, kind) + block(2, b"") + block(4, struct.pack("<H", bits))
            return writers.tf_record(writers.float64(1, 1.7e9) + number(2, step) + block(5, block(1, block(1, tag) + block(8, tensor))))
        halves = [event(i + 1, "loss", 19, bits) for i, bits in enumerate((0x3E00, 0x0001, 0xC000))]
        brains = [event(i + 1, "norm", 14, bits) for i, bits in enumerate((0x3FC0, 0x7E96))]
        run = self.one(self.put("events.out.tfevents.1.h", b"".join(halves + brains)))
        self.assertEqual((run.series["loss"].first, run.series["loss"].last), ((1, 1.5), (3, -2)))
        self.assertEqual((run.series["norm"].first, run.series["norm"].last[0]), ((1, 1.5), 2))
        self.assertAlmostEqual(run.series["norm"].last[1] / 1e38, 1, delta=0.01)

    def test_other_summaries(self):
        """Histograms, pictures and texts are no numbers."""
        body = block = writers.block
        other = writers.tf_record(writers.float64(1, 1.7e9) + block(5, block(1, block(1, "weights") + block(5, b"\x09" + bytes(8))) +
                                  body(1, block(1, "text") + block(8, writers.number(1, 7) + block(8, "hello")) + block(9, block(1, block(1, "text"))))))
        run = self.one(self.put("events.out.tfevents.1.h", other + b"".join(writers.tf_scalar("loss", i, 3 - i) for i in range(3))))
        self.assertEqual(list(run.series), ["loss"])

    def test_keras_folders(self):
        """train/ and validation/ are parts of one run."""
        for part in ("train", "validation"):
            self.put(f"fit/20240101-1/{part}/events.out.tfevents.1.h.v2", b"".join(writers.tf_scalar("epoch_loss", i, 3 - i / 2, True) for i in range(4)))
        run = self.one(self.path("fit"))
        self.assertEqual((run.role("loss"), run.role("validation")), (["train/epoch_loss"], ["validation/epoch_loss"]))

    def test_several_event_files(self):
        """Of one folder: one run, in the order of their names."""
        self.put("runs/a/events.out.tfevents.2.h", b"".join(writers.tf_scalar("loss", i, 9 - i) for i in range(3, 6)))
        self.put("runs/a/events.out.tfevents.1.h", b"".join(writers.tf_scalar("loss", i, 9 - i) for i in range(3)))
        run = self.one(self.path("runs"))
        self.assertEqual((run.steps, run.series["loss"].first, run.series["loss"].last), (6, (0, 9), (5, 4)))

    def test_several_values_a_step(self):
        self.one(self.put("events.out.tfevents.1.h", b"".join(writers.tf_scalar("loss", i, 9 - i + k / 10) for i in range(4) for k in range(3))))
        self.assertIn("3 values at every step: the last counts", self.done.err)

    def test_wandb(self):
        rows = [{"loss": 3 - i / 2, "acc": i / 10, "_step": 5 * i, "_runtime": 1.5, "val.loss": "NaN" if i == 1 else 4 - i, "image": {"path": "x"}} for i in range(4)]
        run = self.one(self.put("wandb/run-2024-abc/run-abc.wandb", writers.wandb_file(rows, "cool-name-7", {"learning_rate": 0.25, "x": 1})))
        self.assertEqual((run.title, run.details, run.first, run.last), ("cool-name-7", "learning rate 0.25", 0, 15))
        self.assertEqual((run.series["loss"].last, run.series["val.loss"].not_finite, run.role("validation")), ((15, 1.5), 1, ["val.loss"]))
        self.assertEqual(sorted(run.series), ["acc", "loss", "val.loss"])
        run = self.one(self.put("b.wandb", writers.wandb_file([{"loss": 3 - i} for i in range(3)])))
        self.assertEqual((run.first, run.last), (0, 2))

    def test_long_records(self):
        """A record goes over several blocks."""
        extra = [writers.block(99, bytes(range(256)) * 400)]
        run = self.one(self.put("b.wandb", writers.wandb_file([{"loss": 3 - i / 100} for i in range(200)], extra=extra)))
        self.assertEqual(run.steps, 200)

    def test_swanlab(self):
        points = [(key, 5 * i, v) for i in range(4) for key, v in (("train/loss", 3 - i), ("__swanlab__.gpu.0", 50 + i), ("val/loss", 0 if i == 2 else 4 - i))]
        for write in (writers.swanlab1_file, writers.swanlab2_file):
            run = self.one(self.put("swanlog/run-x/backup.swanlab", write(points)))
            self.assertEqual((run.name, run.first, run.last, run.role("loss")), ("run-x", 0, 15, ["train/loss"]))
            self.assertEqual((run.series["val/loss"].points, run.series["val/loss"].last), (4, (15, 1)))
            self.assertEqual(run.series["__swanlab__.gpu.0"].reason, "of the machine")
        self.found(self.put("new.swanlab", b":SWL\xd6\xe1\x09" + bytes(9)), check=3)
        self.assertIn("version 9", self.done.err)


class Databases(found.Case):
    def test_mlflow(self):
        path = self.path("mlflow.db")
        runs = {"a1": ("first", {"loss": [(i, i, 3 - i) for i in range(3)], "val_loss": [(5, 2, NAN), (4, 1, 7), (3, 0, 8)]}, {"lr": "0.125"}),
                "b2": ("second", {"rmse": [(1, 0, 2.5), (2, 0, 1.5)]}, {}), "c3": ("deleted", {"loss": [(1, 0, 1)]}, {})}
        writers.mlflow_db(path, runs).close()
        found_runs = self.found(path)
        self.assertEqual([(r.title, r.steps) for r in found_runs], [("first", 3), ("second", 2)])
        self.assertEqual((found_runs[0].details, found_runs[0].series["val_loss"].first, found_runs[0].series["val_loss"].not_finite), ("learning rate 0.125", (0, 8), 1))
        self.assertEqual((found_runs[1].counter, found_runs[1].series["rmse"].last), ("(order of time)", (1, 1.5)))

    def test_write_ahead_log(self):
        """Rows that stand in the -wal alone are read, and nothing is written beside the user's file."""
        path = self.path("mlflow.db")
        db = writers.mlflow_db(path, {"a1": ("first", {"loss": [(i, i, 300 - i) for i in range(200)]}, {})}, wal=True)
        self.addCleanup(db.close)
        before = sorted(os.listdir(self.folder))
        self.assertIn("mlflow.db-wal", before)
        self.assertEqual(self.one(path).series["loss"].last, (199, 101))
        self.assertEqual(sorted(os.listdir(self.folder)), before)
        db.execute("DELETE FROM metrics WHERE step > 150")
        self.assertEqual(self.one(path).series["loss"].last, (199, 101))  # not committed
        db.commit()
        self.assertEqual(self.one(path).series["loss"].last, (150, 150))

    def test_trackio(self):
        rows = [(run, i, {"train/loss": 2 - i / 10, "opt": {"lr": 0.1}} if run == "a" else {"train/loss": "NaN" if i > 2 else 3.0 - i})
                for i in range(5) for run in ("a", "b")]
        for ids in (True, False):
            path = self.path(f"demo{ids}.db")
            writers.trackio_db(path, rows, ids).close()
            runs = self.found(path)
            self.assertEqual([(r.title, r.steps, r.role("loss")) for r in runs], [("a", 5, ["train/loss"]), ("b", 5, ["train/loss"])])
            self.assertIn("diverged at step 3", self.done.err)
            self.assertEqual(runs[0].details, "learning rate 0.1")

    def test_others(self):
        path = self.path("other.db")
        db = sqlite3.connect(path)
        db.execute("CREATE TABLE t (x)")
        db.commit()
        self.found(path, check=3)
        self.assertIn("none of a known kind of log", self.done.err)
        db.execute("CREATE TABLE experiment (x)")
        db.execute("CREATE TABLE tag (x)")
        db.commit()
        self.found(path, check=3)
        self.assertIn("SwanLab's list of runs", self.done.err)

    def test_mlruns(self):
        base = "mlruns/1/4b68/"
        self.put(base + "meta.yaml", "run_id: 4b68\nrun_name: smiling-fox\n")
        self.put(base + "params/lr", "0.5")
        self.put(base + "metrics/Generator loss", "".join(f"{1668944560000 + i} {5 - i} {i}\n" for i in range(4)))
        self.put(base + "metrics/val/acc", "".join(f"{1668944560000 + i} {i / 10} {i}\n" for i in range(3)))
        run = self.one(self.path("mlruns"))
        self.assertEqual((run.title, run.details, run.role("loss"), run.series["Generator loss"].last), ("smiling-fox", "learning rate 0.5", ["Generator loss"], (3, 2)))
        self.assertEqual(run.series["val/acc"].points, 3)
        self.put("mlruns/1/77aa/meta.yaml", "run_id: 77aa\nlifecycle_stage: deleted\nrun_name: gone\n")
        self.put("mlruns/1/77aa/metrics/loss", "1668944560000 5 0\n1668944560001 4 1\n")
        self.assertEqual(self.one(self.path("mlruns")).title, "smiling-fox")


if __name__ == "__main__":
    found.main()
