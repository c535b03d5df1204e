#!/usr/bin/env bash
# symeft explore in a real browser, every control used. Needs a release build, chromium and python3; without a browser it says so and passes.
#   run.sh [FOLDER]    keeps screenshots in FOLDER
set -Eeuo pipefail
trap 'echo "explore: failed in line $LINENO: $BASH_COMMAND"' ERR
cd "$(dirname "$0")/../.."
browser=$(command -v chromium || command -v chromium-browser || command -v google-chrome || true)
if [ -z "$browser" ]; then
  echo "skipped: no chromium here"
  exit 0
fi
if ! command -v python3 >/dev/null; then
  echo "skipped: no python3 here"
  exit 0
fi
timeout 580 python3 -B tests/Explore/explore.py "$browser" src/Cli/bin/Release/net10.0/symeft.dll "${1:-}"
