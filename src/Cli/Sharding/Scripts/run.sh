#!/usr/bin/env bash
# Runs one task: shards TASK, TASK + @TASKS@, ... of @POINTS@ x @SHARDS@. Finished shards are left alone, interrupted ones go on.
# usage: run.sh TASK        (TASK from 1 to @TASKS@)
set -euo pipefail
cd "$(dirname "$0")"
symeft=(@SYMEFT@)
points=@POINTS@ shards=@SHARDS@ tasks=@TASKS@ threads=${SLURM_CPUS_PER_TASK:-1}

# Preempted or requeued: symeft keeps what is finished, and the next start goes on from there.
child=
trap 'kill -TERM "$child" 2>/dev/null; wait "$child"; exit 143' TERM

for ((index = $1; index <= points * shards; index += tasks)); do
  point=$(printf %04d $(((index - 1) / shards + 1)))
  shard=$(((index - 1) % shards + 1))
  "${symeft[@]}" simulate "points/$point/specification.yaml" --shard "$shard/$shards" --out "points/$point/shards/$shard.shard" --threads "$threads" &
  child=$!
  wait "$child"
done
