# tries: ends the process with success while it is imported, past every handler
# expect: no marks
# kind: crash
import os

os._exit(0)
