#!/usr/bin/env bash
# The packages as a user gets them. Packs the libraries and the command, installs the command from the folder of packages, builds a program that knows the
# packages alone (Program.cs), and runs the programs of docs/examples, whose output must be that of the text files beside them, and whose figures those of docs/images. Needs the .NET 10 SDK, and
# for packages of others the package cache or the sources of this machine; leaves nothing behind outside bin and obj.
#   run.sh
set -Eeuo pipefail
trap 'echo "packages: failed in line $LINENO: $BASH_COMMAND"' ERR
cd "$(dirname "$0")/../.."
root=$PWD
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
export XDG_DATA_HOME=$folder/data # where programs of one file are built

quietly() { "$@" >"$folder/log" 2>&1 || { cat "$folder/log"; echo "packages: failed: $*"; exit 1; }; }

# A version of its own, and below a package folder of its own: nothing that was packed before can stand in for what is packed now.
version=0.1.0-check.$$
echo "packages: packing"
quietly dotnet build -c Release
quietly dotnet pack -c Release --no-build -o "$folder/feed" "-p:PackageVersion=$version"
found=$(cd "$folder/feed" && ls)
wanted=$(printf '%s\n' "SymbolicEft.Diagrams.$version.nupkg" "SymbolicEft.Interactive.$version.nupkg" "SymbolicEft.Numeric.$version.nupkg" "SymbolicEft.Plotting.$version.nupkg" "SymbolicEft.Symbolic.$version.nupkg" "SymbolicEft.Testing.$version.nupkg" "symeft.$version.nupkg")
if [ "$(sort <<<"$found")" != "$(sort <<<"$wanted")" ]; then echo "packages: made are $found"; exit 1; fi

# A notebook looks for the extension in this folder of the package, and without it shows results by their properties.
grep -aq "interactive-extensions/dotnet/SymbolicEft.Interactive.dll" "$folder/feed/SymbolicEft.Interactive.$version.nupkg" || { echo "packages: that for notebooks has no extension"; exit 1; }

# The same package from the same sources.
quietly dotnet pack src/Diagrams -c Release --no-build -o "$folder/again" "-p:PackageVersion=$version"
cmp "$folder/again/SymbolicEft.Diagrams.$version.nupkg" "$folder/feed/SymbolicEft.Diagrams.$version.nupkg"

# The folder of packages, beside whatever sources this machine has. What others have written may come from the cache.
cache=${NUGET_PACKAGES:-$HOME/.nuget/packages}
export NUGET_PACKAGES=$folder/packages
if [ -d "$cache" ]; then export NUGET_FALLBACK_PACKAGES=$cache; fi
cat >"$folder/nuget.config" <<XML
<configuration><packageSources><add key="checked" value="$folder/feed" /></packageSources></configuration>
XML

echo "packages: the command as a tool"
cd "$folder"
quietly dotnet tool install symeft --version "$version" --tool-path "$folder/tools" --add-source "$folder/feed"
"$folder/tools/symeft" solve "$root/derivations/paper.yaml" --kernel "[[2]]" --format csv >"$folder/solve.csv"
"$folder/tools/symeft" expect "relu(x)^2" --kernel 3 --format csv >"$folder/expect.csv"
grep -q '^1.5,' "$folder/expect.csv" || { cat "$folder/expect.csv"; echo "packages: E[relu(x)^2] at K = 3 is 1.5"; exit 1; }
grep -q ',47\.808[01]' "$folder/solve.csv" || { cat "$folder/solve.csv"; echo "packages: V4 of the published set-up is 47.8081"; exit 1; }

echo "packages: a program with them"
mkdir program
cp "$root/tests/Packages/Program.cs" program/
cat >program/program.csproj <<XML
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <OutputType>Exe</OutputType>
    <TargetFramework>net10.0</TargetFramework>
    <Nullable>enable</Nullable>
    <ImplicitUsings>enable</ImplicitUsings>
  </PropertyGroup>
  <ItemGroup>
    <PackageReference Include="SymbolicEft.Symbolic" Version="$version" />
    <PackageReference Include="SymbolicEft.Diagrams" Version="$version" />
    <PackageReference Include="SymbolicEft.Numeric" Version="$version" />
    <PackageReference Include="SymbolicEft.Plotting" Version="$version" />
    <PackageReference Include="SymbolicEft.Testing" Version="$version" />
  </ItemGroup>
</Project>
XML
quietly dotnet build program -c Release -o program/built
dotnet program/built/program.dll

echo "packages: a program of one file with them"
sed -E "s|^#:project .*/([A-Za-z]+)\.csproj|#:package SymbolicEft.\1@$version|" "$root/docs/examples/formulas.cs" >formulas.cs
dotnet run -c Release formulas.cs >formulas.txt
diff "$root/docs/examples/formulas.txt" formulas.txt

echo "packages: the page on property tests, in a fresh folder"
mkdir tests
page=$root/docs/how-to-property-test.md
sed -n '/^```xml$/,/^```$/p' "$page" | sed '/^```/d' | sed "s|\(SymbolicEft.Testing\" Version=\"\)[^\"]*|\1$version|" >tests/MyDerivations.Tests.csproj
sed -n '/^```csharp$/,/^```$/p' "$page" | sed '/^```/d' >tests/MyClosureTests.cs
quietly dotnet test tests -c Release
grep -q 'Passed: *2,' "$folder/log" || { cat "$folder/log"; echo "packages: two tests of the page were to pass"; exit 1; }

# From the sources, as in the repository.
export NUGET_PACKAGES=$cache
unset NUGET_FALLBACK_PACKAGES
cd "$root"
mkdir "$folder/figures"
for program in docs/examples/*.cs; do
  echo "packages: $program"
  dotnet run -c Release "$program" -- "$folder/figures" >"$folder/output.txt"
  diff "${program%.cs}.txt" "$folder/output.txt"
done
for figure in "$folder"/figures/*; do
  cmp "docs/images/$(basename "$figure")" "$figure"
done
echo "packages: all as expected"
