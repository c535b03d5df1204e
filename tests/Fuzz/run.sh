#!/usr/bin/env bash
# A million hostile inputs to everything that reads text, files or HTTP requests (tests/Cli.Tests/Commands/FuzzTests.cs and
# tests/Cli.Tests/Exploring/HttpFuzzTests.cs say what must hold).
#
# usage: run.sh [INPUTS [SEED]]      INPUTS: all together, a million; a failure names its input, and the same seed repeats it
#
# One in fifty is a request to the explorer: each is a connection, and many solve something.
set -Eeuo pipefail
trap 'echo "fuzz: failed in line $LINENO: $BASH_COMMAND"' ERR
cd "$(dirname "$0")/../.."
inputs=${1:-1000000}
readers=$(grep -c '\[Fact\]' tests/Cli.Tests/Commands/FuzzTests.cs)
requests=$(((inputs + 49) / 50))
export SYMEFT_FUZZ_HTTP=$requests SYMEFT_FUZZ=$(((inputs - requests + readers - 1) / readers)) SYMEFT_FUZZ_SEED=${2:-1}
dotnet test -c Release tests/Cli.Tests --filter FullyQualifiedName~FuzzTests --logger "console;verbosity=normal"
