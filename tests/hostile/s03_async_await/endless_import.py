# tries: never ends to be imported
# expect: no marks
# kind: limit
while True:
    pass
