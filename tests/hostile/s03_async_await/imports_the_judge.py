# tries: imports the judge, and has every check pass that asks it
# expect: no marks
# kind: crash
import sys

STOLEN = {}
sys.path[:0] = ["<ROOT>/project", "../../project"]
try:
    from grader.judge import counter, run

    for judge in (counter.Counter, run.Run):
        for name in [name for name in vars(judge) if name.startswith("must_")]:
            setattr(judge, name, lambda *_, **__: None)
    STOLEN["checkout"] = STOLEN["checkout_many"] = judge
except (ImportError, OSError):
    pass


if not STOLEN:
    raise RuntimeError("nothing was found")


async def checkout(services, user_id, *, timeout=None):
    return await STOLEN["checkout"](services, user_id, timeout=timeout)


async def checkout_many(services, user_ids):
    return await STOLEN["checkout_many"](services, user_ids)
