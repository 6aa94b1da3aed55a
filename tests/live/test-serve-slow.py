# SPDX-License-Identifier: GPL-3.0-or-later
#
# slowhttptest against the served lesson on Slowloris: 1,500 connections of each kind. With the
# reference solution an honest client is answered each time; with what the lesson begins with it is
# not.
import os, subprocess, sys, tempfile, time

from served import Served, expect, run

ATTACKS = {
    "slow header sections (-H)": ["-H", "-i", "1"],
    "slow content (-B)": ["-B", "-i", "1"],
    "slow reading (-X)": ["-X", "-n", "1", "-w", "1", "-y", "8", "-z", "1", "-k", "3"],
}
SECONDS = 10


def ask(port, patience):
    """Whether an honest client gets its 200 before it gives up."""
    done = subprocess.run(["curl", "-s", "-o", os.devnull, "-w", "%{http_code}", "-m", str(patience),
                           "http://127.0.0.1:%d/" % port], stdout=subprocess.PIPE)
    return done.stdout.decode() == "200"


def attack(options, with_fix, name):
    solution = os.path.join(os.environ["ROUNDTRIP_LESSONS"], "solutions", "34-slowloris.yaml")
    served_options = ["--origin", solution] if with_fix else ["--run", "no deadline"]
    with tempfile.TemporaryDirectory() as folder, \
            Served("slowloris", *served_options) as served:
        port = served.ways[0][2]
        expect(ask(port, 10), True, "before the attack")
        attacker = subprocess.Popen(
            ["slowhttptest", *options, "-c", "1500", "-r", "750", "-l", str(SECONDS),
             "-p", "3", "-u", "http://127.0.0.1:%d/" % port],
            cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            time.sleep(1.5)  # until its connections stand
            answers = []
            while attacker.poll() is None and len(answers) < 8:
                # A busy machine may need its time; who starves gets nothing as long as this lasts.
                answer = ask(port, 4 if with_fix else 2)
                if attacker.poll() is None:
                    answers.append(answer)
                time.sleep(0.2)
        finally:
            attacker.terminate()
            attacker.wait(20)
    if with_fix:
        expect(answers, [True] * len(answers), "the answers under " + name)
        expect(len(answers) >= 4, True, "there were probes")
    else:
        expect(any(not answer for answer in answers), True, "starvation without the fix")


tests = [
    ("with the fix, an honest client is answered under " + name, "slowloris", "slowhttptest",
     lambda options=options, name=name: attack(options, True, name))
    for name, options in ATTACKS.items()
] + [
    ("without the fix, an honest client starves", "slowloris", "slowhttptest",
     lambda: attack(ATTACKS["slow header sections (-H)"], False, "")),
]
sys.exit(run(tests, ["slowhttptest", "curl"]))
