#!/usr/bin/env bash
# An author's first half hour, without the author: packs what is built, installs the templates from the packages, makes a plugin, tests it, drops it next to
# a published host, and runs a model on it. Everything happens in one folder outside the repository, which is removed again.
# Usage: build/try-authors-kit.sh [CONFIGURATION]      after `dotnet build Framework.sln -c CONFIGURATION` (default: Release)
# Exit code 77: packages cannot be restored here (no network, and not all are in the machine's package folder).
set -euo pipefail
configuration=${1:-Release}
repository=$(cd "$(dirname "$0")/.." && pwd)
model=$repository/models/hotplug-story-5m.Q8_0.gguf
work=$(mktemp -d "${TMPDIR:-/tmp}/hotplug-authors-XXXXXX")
trap 'rm -rf "$work"' EXIT

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_CLI_UI_LANGUAGE=en MSBUILDDISABLENODEREUSE=1 DOTNET_CLI_USE_MSBUILD_SERVER=0
# A test run inside of which this runs tells its children things that are not for them.
unset HOTPLUG_PLUGINS MSBuildSDKsPath MSBUILD_EXE_PATH MSBuildExtensionsPath TESTINGPLATFORM_DOTNETTEST_EXECUTIONID 2>/dev/null || true

step() { printf '\n== %s (at %d s)\n' "$*" "$SECONDS"; }
fail() { echo "FAILED: $*"; exit 1; }
quietly() { "$@" >"$work/log" 2>&1 || { cat "$work/log"; return 1; }; }

step "Pack to a local feed"
feed=$work/feed
# A version of its own: packages of the same name that the machine may have are never taken for these.
version=$(sed -n 's/.*<Version>\(.*\)<\/Version>.*/\1/p' "$repository/Directory.Build.props")-try.$(date +%s)
quietly dotnet msbuild "$repository/build/Packages.proj" -t:Pack -p:Configuration="$configuration" -p:NoBuild=true -p:PackageVersion="$version" -p:PackageOutputPath="$feed" -m -v:m
ls "$feed"

# Packages are taken from the feed and from the sources of this machine; what the machine has already is not fetched again.
global=${NUGET_PACKAGES:-$(dotnet nuget locals global-packages --list | sed 's/^[^:]*: *//')}
mkdir -p "$work/author"
cat >"$work/author/nuget.config" <<END
<configuration>
  <packageSources><add key="hotplug" value="$feed" /></packageSources>
  <fallbackPackageFolders><add key="machine" value="$global" /></fallbackPackageFolders>
</configuration>
END
export NUGET_PACKAGES=$work/packages
cd "$work/author"

restore() {
  quietly dotnet restore "$@" && return
  grep -qE 'NU1301|NU1101|NU1102' "$work/log" && ! grep -qE "NU110[12].*Hotplug\." "$work/log" && { echo "SKIPPED: packages cannot be restored here."; exit 77; }
  fail "restore of $*"
}

step "Install the templates"
hive=(--debug:custom-hive "$work/hive")
quietly dotnet new install "$feed"/Hotplug.Templates.*.nupkg "${hive[@]}" || fail "the templates cannot be installed"

step "Make a plugin, its contract tests and a host"
quietly dotnet new hotplug-plugin -n Mine "${hive[@]}" || fail "dotnet new hotplug-plugin"
restore Mine

step "dotnet test"
contract() {
  (cd "$1" && dotnet test -c Release --no-restore) >"$work/test" 2>&1 || { cat "$work/test"; fail "the contract tests of $1 do not pass"; }
  grep -E '^ *(total|failed|succeeded|skipped):' "$work/test" || fail "no test was run"
}
contract Mine

step "Publish a host and drop the plugin next to it"
quietly dotnet publish "$repository/src/Cli/Cli.csproj" -c "$configuration" --no-build -o "$work/host" || fail "the host cannot be published"
cp -r Mine/src/Mine/bin/Release/plugins/mine "$work/host/plugins/"
export XDG_DATA_HOME=$work/data

step "hotplug run --backend mine"
hotplug() { dotnet "$work/host/hotplug.dll" "$@"; }
hotplug plan "$model" --backend mine --json >"$work/plan.json"
grep -q '"mine"' "$work/plan.json" || fail "nothing is placed on mine"
mine=$(hotplug run "$model" "Once upon a time" --backend mine --temp 0 -n 16)
cpu=$(hotplug run "$model" "Once upon a time" --backend cpu --temp 0 -n 16)
echo "mine: $mine"
[ -n "$mine" ] && [ "$mine" = "$cpu" ] || fail "the plugin writes '$mine', the processor '$cpu'"

step "The same from the host of the template"
quietly dotnet build Mine -c Release --no-restore || fail "the host of the template does not build"
said=$(dotnet Mine/host/Mine.Host/bin/Release/net10.0/Mine.Host.dll "$model" "Once upon a time")
case $said in "$mine"*) ;; *) fail "the host writes '$said'" ;; esac

step "The sample from outside"
mkdir Tensors
(cd "$repository/samples/Tensors" && tar -c --exclude=bin --exclude=obj --exclude=nuget.config .) | tar -x -C Tensors
export HotplugVersion=$version
restore Tensors
contract Tensors
HOTPLUG_PLUGINS=$PWD/Tensors/src/Acme.Tensors/bin/Release/plugins
export HOTPLUG_PLUGINS
tensors=$(hotplug run "$model" "Once upon a time" --backend tensors --temp 0 -n 16)
echo "tensors: $tensors"
[ "$tensors" = "$cpu" ] || fail "the sample writes '$tensors', the processor '$cpu'"
unset HOTPLUG_PLUGINS

step "An application from its template"
quietly dotnet new hotplug-app -n Story "${hive[@]}" || fail "dotnet new hotplug-app"
restore Story
quietly dotnet build Story -c Release --no-restore || fail "the application does not build"
[ -n "$(dotnet Story/bin/Release/net10.0/Story.dll "$model" "Once upon a time")" ] || fail "the application writes nothing"

echo
echo "The authors' kit works."
