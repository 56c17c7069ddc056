"""A process that runs one row with PyTorch or Keras; see src/protocol.ts for what it says and is told."""

import json
import sys
import time


def say(reply):
    print("@bench " + json.dumps(reply), flush=True)


def peak_mb():
    """Most memory that this process ever had, in MB."""
    try:
        with open("/proc/self/status") as file:
            for line in file:
                if line.startswith("VmHWM:"):
                    return int(line.split()[1]) / 1024
    except OSError:
        pass
    import resource

    unit = 1024 * 1024 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit


def run(job):
    if job["contestant"].startswith("torch"):
        from torch_peer import open_workload
    else:
        from keras_peer import open_workload
    step, versions, parameters = open_workload(job)
    say({"kind": "ready", "versions": versions, "parameters": parameters})
    for line in sys.stdin:
        if line.strip() != "step":
            continue
        start = time.perf_counter()
        value = step()
        ms = (time.perf_counter() - start) * 1000
        say({"kind": "step", "ms": ms, "value": value, "peakMb": peak_mb()})


if __name__ == "__main__":
    try:
        run(json.loads(sys.argv[1]))
    except Exception as error:  # whatever it is, the table tells it
        text = " ".join(str(error).split())[:300]
        say({"kind": "error", "message": f"{type(error).__name__}: {text}"})
        sys.exit(1)
