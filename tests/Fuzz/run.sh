#!/usr/bin/env bash
# A million hostile inputs to everything that reads text or files (tests/Cli.Tests/Commands/FuzzTests.cs says what must hold).
#
# usage: run.sh [INPUTS [SEED]]      INPUTS: all together, a million; a failure names its input, and the same seed repeats it
set -euo pipefail
cd "$(dirname "$0")/../.."
inputs=${1:-1000000}
readers=$(grep -c '\[Fact\]' tests/Cli.Tests/Commands/FuzzTests.cs)
export SYMEFT_FUZZ=$(((inputs + readers - 1) / readers)) SYMEFT_FUZZ_SEED=${2:-1}
dotnet test -c Release tests/Cli.Tests --filter FullyQualifiedName~FuzzTests --logger "console;verbosity=normal"
