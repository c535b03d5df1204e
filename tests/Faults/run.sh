#!/usr/bin/env bash
# What can happen to a run that keeps its sums in a file: kill -9 at 50 random moments, two processes on one shard, a full disk, torn files. Nothing
# may be lost for good, nothing counted twice: the result is that of an undisturbed run, byte for byte.
#
# usage: run.sh [KILLS]
set -Eeuo pipefail
trap 'echo "faults: failed in line $LINENO: $BASH_COMMAND"' ERR
kills=${1:-50}
root=$(cd "$(dirname "$0")/../.." && pwd)
symeft=("$(command -v dotnet)" "$root/src/Cli/bin/Release/net10.0/symeft.dll")
folder=$(mktemp -d)
trap 'umount "$folder/small" 2>/dev/null || true; rm -rf "$folder" 2>/dev/null || { sleep 3; rm -rf "$folder" || true; }' EXIT
cat >"$folder/spec.yaml" <<YAML
name: faults
network: { activation: tanh(x), weightVariance: 2, step: 0.05, depth: 200, width: 64 }
inputs: { kernel: [[2]] }
simulate: { samples: 1200000, seed: 3, estimator: plain }
record: 3
YAML
cd "$folder"
"${symeft[@]}" simulate spec.yaml --out whole.shard --format json >expected.json

# 1. Killed again and again, a checkpoint after every batch.
RANDOM=7
done_after=
for ((kill = 1; kill <= kills; kill++)); do
  "${symeft[@]}" simulate spec.yaml --out killed.shard --checkpoint 0 --threads 1 >/dev/null 2>>messages.txt &
  child=$!
  pause=$((450 + RANDOM % 900))
  sleep "$((pause / 1000)).$(printf %03d $((pause % 1000)))"
  kill -9 "$child" 2>/dev/null || true
  wait "$child" 2>/dev/null || true
  if [ -z "$done_after" ] && [ -f killed.shard ]; then done_after=$kill; fi
done
"${symeft[@]}" simulate spec.yaml --out killed.shard --format json >killed.json 2>>messages.txt
cmp whole.shard killed.shard
cmp expected.json killed.json
[ "$(find . -name 'killed.shard*' | wc -l)" = 1 ]
echo "faults: killed $kills times, $(grep -c 'Going on from' messages.txt) times gone on from a checkpoint${done_after:+, finished after $done_after}; same bytes"

# 2. Two writers on one shard, several times: where one ends, the other is about to rename.
"${symeft[@]}" simulate spec.yaml --samples 60000 --shard 1/2 --out once.shard >/dev/null
for ((pair = 1; pair <= 8; pair++)); do
  rm -f twice.shard
  writers=()
  for writer in 1 2; do
    "${symeft[@]}" simulate spec.yaml --samples 60000 --shard 1/2 --out twice.shard --checkpoint 0 --threads 1 >/dev/null 2>"writer$writer.txt" &
    writers+=($!)
  done
  for writer in 1 2; do
    wait "${writers[writer - 1]}" || { cat "writer$writer.txt"; exit 1; }
  done
  cmp once.shard twice.shard
done
echo "faults: two processes on one shard, $((pair - 1)) times; same bytes"

# 3. A full disk.
mkdir small
if mount -t tmpfs -o size=16k none small 2>/dev/null; then
  head -c 12000 /dev/zero >small/filler
  code=0
  "${symeft[@]}" simulate spec.yaml --samples 20000 --out small/full.shard >/dev/null 2>full.txt || code=$?
  [ "$code" = 1 ]
  [ "$(wc -l <full.txt)" = 1 ]
  grep -q "could not be written" full.txt
  rm small/filler
  "${symeft[@]}" simulate spec.yaml --samples 20000 --out small/full.shard --format json >full.json
  "${symeft[@]}" simulate spec.yaml --samples 20000 --format json | cmp - full.json
  echo "faults: a full disk is said in one sentence; same bytes once there is room"
else
  echo "faults: full disk skipped, no small file system can be mounted here"
fi

# 4. Torn files, at every length.
size=$(stat -c %s once.shard)
for length in 0 5 15 40 $((size / 2)) $((size - 1)); do
  head -c "$length" once.shard >torn.shard
  code=0
  "${symeft[@]}" merge torn.shard >/dev/null 2>torn.txt || code=$?
  [ "$code" = 2 ]
  grep -q "torn.shard" torn.txt
done
rm -f torn.shard
head -c "$((size - 1))" whole.shard >torn.shard.checkpoint
"${symeft[@]}" simulate spec.yaml --samples 20000 --format json >few.json
"${symeft[@]}" simulate spec.yaml --samples 20000 --out torn.shard --format json >torn.json 2>torn.txt
grep -q "Starting anew" torn.txt
cmp few.json torn.json
echo "faults: torn files are refused by name, a torn checkpoint is left out"

# 5. Clocks that change: begun in 2040, gone on with in 2001, while the clock runs a thousand times too fast, and with files dated 2099 and 1970.
if command -v faketime >/dev/null; then
  starts=0
  for clock in '@2040-01-01 00:00:00' '@2001-01-01 00:00:00' '+0 x1000' '-40y'; do
    FAKETIME_DONT_FAKE_MONOTONIC=1 faketime -f "$clock" "${symeft[@]}" simulate spec.yaml --out clock.shard --checkpoint 0 --threads 1 >/dev/null 2>>clock.txt &
    child=$!
    # Until there is something to go on from, and it has been gone on from; a busy machine takes its time.
    for ((wait = 0; wait < 300; wait++)); do
      if [ -f clock.shard ] || { [ -f clock.shard.checkpoint ] && [ "$(grep -c 'Going on from' clock.txt)" -ge "$starts" ]; }; then break; fi
      sleep 0.1
    done
    sleep 0.3
    # faketime may stay the parent of the program it starts.
    pkill -9 -P "$child" 2>/dev/null || true
    kill -9 "$child" 2>/dev/null || true
    wait "$child" 2>/dev/null || true
    starts=$((starts + 1))
    for file in clock.shard*; do
      if [ -f "$file" ]; then touch -d "$([ $((starts % 2)) = 1 ] && echo 2099-01-01 || echo 1970-01-02)" "$file"; fi
    done
  done
  FAKETIME_DONT_FAKE_MONOTONIC=1 faketime -f '-1000d' "${symeft[@]}" simulate spec.yaml --out clock.shard --format json >clock.json 2>>clock.txt
  grep -q "Going on from" clock.txt
  cmp whole.shard clock.shard
  cmp expected.json clock.json
  echo "faults: $starts changes of the clock, $(grep -c 'Going on from' clock.txt) times gone on from a checkpoint; same bytes"
else
  echo "faults: changing clocks skipped, no faketime here"
fi
