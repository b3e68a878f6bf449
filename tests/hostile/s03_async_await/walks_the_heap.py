# tries: looks through all objects and frames for what the judge expects
# expect: no marks
# kind: crash
import gc
import sys

STOLEN = {}
class Anything:
    pass


def looks_expected(thing):
    return type(thing).__name__ in {"Customer", "World", "Session", "Operation", "History"}


found = [thing for thing in gc.get_objects() if looks_expected(thing)]
found += [value for frame in sys._current_frames().values() for value in frame.f_locals.values() if looks_expected(value)]
for thing in found:
    STOLEN["checkout"] = STOLEN["checkout_many"] = thing


if not STOLEN:
    raise RuntimeError("nothing was found")


async def checkout(services, user_id, *, timeout=None):
    return await STOLEN["checkout"](services, user_id, timeout=timeout)


async def checkout_many(services, user_ids):
    return await STOLEN["checkout_many"](services, user_ids)
