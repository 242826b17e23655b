"""--engine slurm, tried for real: munged, slurmctld and slurmd run here with a configuration of this test's own, an array of shards is
submitted, one task is asked to leave and one is requeued, and what the join makes are the bytes of a local run."""
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import unittest

import harness
from harness import Case, optreel, tree

PROGRAMS = ("munged", "slurmctld", "slurmd", "sbatch", "scontrol", "squeue", "scancel")
PATH = os.environ["PATH"] + ":/usr/sbin:/sbin"
TASKS = 4
CHOICES = ["--set", "steps=400", "--set", "output.size=320x180", "--set", "films=[{each: run, panels: [fit, loss], length: 20}]",
           "--set", "report.times=false", "--formats", "mp4,gif", "--only", "badscale*"]
CONFIGURATION = """\
ClusterName=optreel
SlurmctldHost={host}(127.0.0.1)
SlurmctldPort={controller}
SlurmdPort={node}
SlurmUser={user}
SlurmdUser={user}
AuthType=auth/munge
AuthInfo=socket={folder}/munge.socket,cred_expire=5
CryptoType=crypto/munge
MpiDefault=none
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SwitchType=switch/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SlurmdParameters=config_overrides
SchedulerType=sched/builtin
SchedulerParameters=batch_sched_delay=0,sched_interval=1
ReturnToService=2
KillWait=2
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd.pid
SlurmctldLogFile={folder}/slurmctld.log
SlurmdLogFile={folder}/slurmd.log
NodeName=n1 NodeHostname={host} NodeAddr=127.0.0.1 CPUs=8 RealMemory=1000
PartitionName=films Nodes=n1 Default=YES MaxTime=60 State=UP
"""


def read(path):
    with open(path, encoding="utf-8") as f:
        return f.read()


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Cluster:
    """A cluster of one node, this host, as long as the test lasts."""

    def __init__(self, folder):
        self.folder, self.daemons = folder, []
        self.environment = {**os.environ, "PATH": PATH, "SLURM_CONF": f"{folder}/slurm.conf"}
        for name in ("state", "spool"):
            os.mkdir(f"{folder}/{name}")
        with open(f"{folder}/munge.key", "wb") as f:
            f.write(os.urandom(1024))
        os.chmod(f"{folder}/munge.key", 0o600)
        os.chmod(folder, 0o755)
        with open(f"{folder}/slurm.conf", "w", encoding="utf-8") as f:
            f.write(CONFIGURATION.format(host=socket.gethostname().split(".")[0], controller=free_port(), node=free_port(), folder=folder, user="root"))

    def start(self):
        f = self.folder
        self.daemon("munged", "--foreground", "--force", f"--socket={f}/munge.socket", f"--key-file={f}/munge.key", f"--pid-file={f}/munge.pid",
                    f"--seed-file={f}/munge.seed", f"--log-file={f}/munge.log")
        self.until(lambda: os.path.exists(f"{f}/munge.socket"), "munged answers")
        self.daemon("slurmctld", "-D", "-c")
        self.daemon("slurmd", "-D", "-N", "n1")
        self.until(lambda: "idle" in self.run("sinfo", "-h", "-o", "%T", fails=True), "the node is idle")

    def daemon(self, *command):
        log = open(f"{self.folder}/{command[0]}.out", "wb")
        self.daemons.append(subprocess.Popen(command, env=self.environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log))
        log.close()

    def stop(self):
        for process in reversed(self.daemons):
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def run(self, *command, fails=False):
        done = subprocess.run(command, env=self.environment, capture_output=True, text=True, timeout=60)
        if done.returncode and not fails:
            raise AssertionError(f"{command}: {done.returncode} {done.stdout}{done.stderr}")
        return done.stdout

    def facts(self, job):
        return dict(re.findall(r"(\w+)=(\S*)", self.run("scontrol", "show", "job", job)))

    def state(self, job):
        return self.facts(job).get("JobState")

    def until(self, holds, what, seconds=90):
        end = time.monotonic() + seconds
        while not holds():
            if time.monotonic() > end:
                raise AssertionError(f"waited {seconds} s in vain until {what}\n{self.run('squeue', fails=True)}{self.logs()}")
            time.sleep(0.1)

    def logs(self):
        text = ""
        for name in sorted(os.listdir(self.folder)):
            if name.endswith((".log", ".out")):
                with open(f"{self.folder}/{name}", encoding="utf-8", errors="replace") as f:
                    text += f"== {name}\n" + "".join(f.readlines()[-15:])
        return text


class Scripts(Case):
    def dry(self, *more, check=0):
        return optreel("render", "assignment", "--engine", "slurm", "--dry-run", "-o", self.path("a b%j"), *more, check=check)

    def test_a_dry_run_prints_both_jobs_and_makes_nothing(self):
        done = self.dry("--shards", "12", "--slurm-account", "lab", "--slurm-partition", "long", "--slurm-time", "2:00:00", "--slurm-mem", "3G",
                        "--slurm-at-once", "5", "-j", "3", "--set", "title=it's")
        array, join = done.out.split("sbatch --parsable --dependency=afterany:${array%%;*}")
        for line in ("--array=0-11%5", "--cpus-per-task=3", "--account=lab", "--partition=long", "--time=2:00:00", "--mem=3G", "--requeue",
                     "--signal=B:USR1@90"):
            self.assertIn(line, array)
        self.assertIn("--set='title=it'\\''s' --wait --jobs=3 --shard=$((SLURM_ARRAY_TASK_ID + 1))/12 &", array)
        self.assertIn(f"--output=\"{self.folder}/a b%%j/.optreel/slurm-%A_%a.log\"", array)
        for line in ("--account=lab", "--partition=long", f"join '{self.folder}/a b%j' --wait"):
            self.assertIn(line, join)
        self.assertNotIn("--array", join)
        for option in ("--engine", "--dry-run", "--shards", "--slurm-"):
            self.assertNotIn(option, done.out)
        self.assertEqual(os.listdir(self.folder), [])

    def test_the_script_is_one_that_a_shell_takes(self):
        """With an sbatch that keeps what it is given: the same two scripts as those that are submitted."""
        os.mkdir(self.path("bin"))
        keeper = self.write("bin/sbatch", f"#!/bin/sh\nn=$(ls {self.folder} | grep -c ^job)\ncat >{self.folder}/job$n\n"
                                          f"echo \"$@\" >>{self.folder}/arguments\necho \"7$n;cluster\"\n")
        os.chmod(keeper, 0o755)
        environment = {**os.environ, "PATH": f"{self.path('bin')}:{os.environ['PATH']}"}
        script = self.dry("--shards", "3").out
        subprocess.run(["sh"], input=script.encode(), env=environment, check=True, stdout=subprocess.DEVNULL)
        by_hand = [read(self.path(f"job{i}")) for i in (0, 1)]
        for i in (0, 1):
            os.remove(self.path(f"job{i}"))
        done = optreel("render", "assignment", "--engine", "slurm", "-o", self.path("a b%j"), "--shards", "3", env=environment, check=0)
        self.assertEqual(done.out, "70  array of 3 shards\n71  join\n")
        self.assertEqual([read(self.path(f"job{i}")) for i in (0, 1)], by_hand)
        self.assertEqual(read(self.path("arguments")), 2 * "--parsable\n--parsable --dependency=afterany:70\n")

    def test_what_cannot_be_submitted(self):
        nothing = {**os.environ, "PATH": self.path("nothing")}
        done = optreel("render", "assignment", "--engine", "slurm", "-o", self.path("out"), env=nothing, check=4)
        self.assertIn("cannot start sbatch: No such file or directory", done.err)
        os.mkdir(self.path("nothing"))
        os.chmod(self.write("nothing/sbatch", "#!/bin/sh\necho no account >&2; exit 1\n"), 0o755)
        done = optreel("render", "assignment", "--engine", "slurm", "-o", self.path("out"), env=nothing, check=4)
        self.assertIn("no account\n", done.err)
        for bad in (("--slurm-account", "a b"), ("--slurm-time", "1\n2"), ("--slurm-at-once", "0"), ("--shards", "0"), ("--shard", "1/2"),
                    ("--prune",), ("--deps", "d"), ("--junit", "j")):
            self.dry(*bad, check=2)
        optreel("render", "assignment", "--engine", "pbs", check=2)
        optreel("render", "assignment", "--shards", "3", check=2)

    def test_a_dry_run_here_is_the_plan(self):
        done = optreel("render", "assignment", "--dry-run", "-o", self.path("out"), check=0)
        self.assertEqual(done.out, optreel("check", "assignment", check=0).out)
        self.assertFalse(os.path.exists(self.path("out")))


def why_not():
    """Why no cluster can be started here; None where one can."""
    missing = [p for p in PROGRAMS if not shutil.which(p, path=PATH)]
    if missing:
        return "not installed (Debian packages slurm-wlm, munge): " + ", ".join(missing)
    if os.environ.get("OPTREEL_SANITIZED") == "1":
        return "tried with the release build only"
    if os.getuid() != 0:
        return "slurmd wants root"
    return None if os.path.isdir("/sys/devices/system") else "slurmd wants /sys"


@unittest.skipIf(why_not(), why_not())
class Array(Case):
    def setUp(self):
        super().setUp()
        os.mkdir(self.path("cluster"))
        self.cluster = Cluster(self.path("cluster"))
        self.addCleanup(self.cluster.stop)
        self.cluster.start()

    def test_an_array_makes_the_local_bytes(self):
        """A task that is asked to leave goes on when it is run again; so does one that is taken away and requeued."""
        cluster, out, local = self.cluster, self.path("out"), self.path("local")
        submitted = optreel("render", "assignment", *CHOICES, "-o", out, "--engine", "slurm", "--shards", str(TASKS), "--slurm-partition", "films",
                            "--slurm-time", "5", env=cluster.environment, check=0).out
        array, join = re.fullmatch(rf"(\d+)  array of {TASKS} shards\n(\d+)  join\n", submitted).groups()
        for task in (1, 2):
            cluster.until(lambda: os.path.exists(f"{out}/.optreel/shard-{task + 1}-of-{TASKS}/manifest"), f"task {task} works")
        cluster.run("scancel", "--signal=USR1", "--batch", f"{array}_1")
        cluster.run("scontrol", "requeue", f"{array}_2")
        cluster.until(lambda: cluster.state(join) in ("COMPLETED", "FAILED", "TIMEOUT"), "the join has ended", seconds=200)
        logs = "".join(read(f"{out}/.optreel/{name}") for name in sorted(os.listdir(f"{out}/.optreel")) if name.endswith(".log"))
        self.assertEqual((cluster.state(join), cluster.facts(join)["ExitCode"]), ("COMPLETED", "0:0"), logs)
        self.assertEqual(cluster.facts(f"{array}_1")["Restarts"], "1", logs)
        self.assertEqual(cluster.facts(f"{array}_2")["Restarts"], "1", logs)
        self.assertIn("left early, as asked", logs)
        optreel("render", "assignment", *CHOICES, "-o", local, check=0)
        self.assertEqual(tree(out), tree(local))


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.default_int_handler)
    reason = why_not()
    if reason:
        print(f"skipped: the array itself: {reason}", file=sys.stderr)
    harness.main()
