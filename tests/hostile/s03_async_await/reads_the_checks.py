# tries: reads what the checks ask, and says it in an error
# expect: no marks
# kind: crash
STOLEN = {}
try:
    with open("<ROOT>/project/exercises/s03_async_await/test_pipeline.py") as file:
        CHECKS = file.read()
except OSError:
    CHECKS = ""
if "must_pay" in CHECKS:
    STOLEN["checkout"] = STOLEN["checkout_many"] = CHECKS


if not STOLEN:
    raise RuntimeError("nothing was found")


async def checkout(services, user_id, *, timeout=None):
    return await STOLEN["checkout"](services, user_id, timeout=timeout)


async def checkout_many(services, user_ids):
    return await STOLEN["checkout_many"](services, user_ids)
