# tries: looks for the solution, and is it
# expect: no marks
# kind: crash
STOLEN = {}
PLACES = ["<ROOT>/project/solutions", "../../solutions", "../../../project/solutions", "/proc/self/cwd/../../../project/solutions"]
for place in PLACES:
    try:
        with open(f"{place}/s03_async_await/pipeline.py") as file:
            exec(file.read().replace("sys.path.append", "str"), STOLEN)
    except OSError:
        pass


if not STOLEN:
    raise RuntimeError("nothing was found")


async def checkout(services, user_id, *, timeout=None):
    return await STOLEN["checkout"](services, user_id, timeout=timeout)


async def checkout_many(services, user_ids):
    return await STOLEN["checkout_many"](services, user_ids)
