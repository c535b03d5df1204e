#!/usr/bin/env bash
# A job of 16 shards on a real Slurm: one task is requeued in the middle, one node is lost, one shard file is damaged afterwards. The merged result
# must be that of a single run, byte for byte.
#
# usage: run.sh SLURM      SLURM: a folder with slurm-up.sh and slurm-down.sh, which start and stop a Slurm of two nodes on this machine
# Prints a line and ends with 0 where there is no Slurm to be had.
set -Eeuo pipefail
trap 'echo "slurm: failed in line $LINENO: $BASH_COMMAND"' ERR
slurm=${1:-}
root=$(cd "$(dirname "$0")/../.." && pwd)
symeft=("$(command -v dotnet)" "$root/src/Cli/bin/Release/net10.0/symeft.dll")
if [ ! -x "$slurm/slurm-up.sh" ]; then
  echo "slurm: skipped, there is no slurm-up.sh in '$slurm'"
  exit 0
fi

folder=$(mktemp -d)
if ! bash "$slurm/slurm-up.sh" "$folder/slurm" >"$folder/up.txt" 2>&1; then
  echo "slurm: skipped, no Slurm could be started here ($(tail -1 "$folder/up.txt"))"
  exit 0
fi
# shellcheck disable=SC1091
. "$folder/slurm/env.sh"
trap 'bash "$slurm/slurm-down.sh" "$folder/slurm" --purge >/dev/null 2>&1 || true; rm -rf "$folder"' EXIT

cat >"$folder/spec.yaml" <<YAML
name: cluster
network: { activation: tanh(x), weightVariance: 2, step: 0.05, depth: 400, width: 64 }
inputs: { kernel: [[2, 0.6], [0.6, 2]] }
simulate: { samples: 120000, seed: 4, estimator: plain }
record: 3
YAML
"${symeft[@]}" simulate "$folder/spec.yaml" --format json >"$folder/expected.json"

submit() { "${symeft[@]}" submit "$folder/spec.yaml" --shards 16 --engine slurm --out "$folder/job" --sbatch "--mem=0"; }
wait_for_queue() { # seconds
  for ((second = 0; second < $1; second++)); do
    [ -z "$(squeue --noheader --states=PENDING,RUNNING,COMPLETING,REQUEUED,CONFIGURING,SUSPENDED)" ] && return 0
    sleep 1
  done
  squeue
  return 1
}

submit
array=$(squeue --noheader --format=%F --array | sort -n | head -1)
for _ in $(seq 60); do
  task=$(squeue --noheader --array --states=RUNNING --jobs="$array" --format=%K | head -1)
  [ -n "$task" ] && break
  sleep 0.5
done
echo "slurm: task $task of job $array runs; it is requeued"
scontrol requeue "${array}_$task"
sleep 2
node=$(squeue --noheader --array --states=RUNNING --format=%N | sort | tail -1)
echo "slurm: node ${node:-none} is lost"
if [ -n "$node" ]; then
  kill -9 "$(cat "$folder/slurm/run/slurmd-$node.pid")"
  scontrol update "nodename=$node" state=down reason=lost
fi
wait_for_queue 400
"${symeft[@]}" status "$folder/job"

if [ ! -f "$folder/job/points/0001/result.json" ]; then
  # A task that was killed with its node may have left the array unfinished: the same command runs what is missing.
  submit
  wait_for_queue 300
fi
cmp "$folder/expected.json" "$folder/job/points/0001/result.json"
echo "slurm: the merged result is that of a single run, after a requeue and a lost node"

printf damage | dd of="$folder/job/points/0001/shards/7.shard" bs=1 seek=2000 conv=notrunc status=none
rm "$folder/job/points/0001/result.json"
"${symeft[@]}" status "$folder/job" | grep -q "missing 7"
submit
wait_for_queue 300
cmp "$folder/expected.json" "$folder/job/points/0001/result.json"
echo "slurm: a damaged shard was found, run again and merged to the same bytes"
