# tries: makes a link to the solution, soft and hard, and reads it through them
# expect: no marks
# kind: crash
import os

STOLEN = {}
SOLUTION = "<ROOT>/project/solutions/s03_async_await/pipeline.py"
for make in (os.link, os.symlink, lambda source, target: os.rename(source, target)):
    try:
        make(SOLUTION, "found.py")
        with open("found.py") as file:
            exec(file.read().replace("sys.path.append", "str"), STOLEN)
    except OSError:
        pass


if not STOLEN:
    raise RuntimeError("nothing was found")


async def checkout(services, user_id, *, timeout=None):
    return await STOLEN["checkout"](services, user_id, timeout=timeout)


async def checkout_many(services, user_ids):
    return await STOLEN["checkout_many"](services, user_ids)
