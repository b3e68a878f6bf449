# tries: exits with success while it is imported
# expect: no marks
# kind: crash
import sys

sys.exit(0)
