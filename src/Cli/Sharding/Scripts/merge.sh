#!/usr/bin/env bash
# Merges the shards of every point: result.json and report/ beside its specification.
set -euo pipefail
cd "$(dirname "$0")"
symeft=(@SYMEFT@)
for point in points/*/; do
  # A name of its own: the same job may be merged twice at a time, from two machines.
  partial=$point/result.json.partial-$HOSTNAME-$$-$RANDOM
  trap 'rm -f "$partial"' EXIT
  "${symeft[@]}" merge "$point/shards" --format json --out "$point/result.shard" --report "$point/report" >"$partial"
  mv "$partial" "$point/result.json"
done
