#!/usr/bin/env bash
# Gradescope runs this once, when it builds the image: installs the grader's version that this zip names.
set -euo pipefail

root=${AUTOGRADER_ROOT:-/autograder}

fit() {
  python3 -I -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null
}

if ! fit; then
  apt-get update -qq
  apt-get install -y -qq python3 python3-venv
fi
if ! fit; then
  echo "unblocked needs Python 3.11 or newer: choose Ubuntu 24.04 as the base image" >&2
  exit 1
fi

python3 -I -m venv "$root/venv"
cd "$root/source"
"$root/venv/bin/python" -I -m pip install --quiet --requirement requirements.txt
