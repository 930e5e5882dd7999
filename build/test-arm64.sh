#!/usr/bin/env bash
# Runs the tests of the Cpu backend on an emulated Arm64 processor with dot product instructions. Slow: many times what they take natively.
#
#   build/test-arm64.sh [DIR] [ARGUMENTS OF THE TEST PROGRAM]
#
# DIR takes what is made and fetched (default artifacts/arm64). Needs qemu-user (Debian: apt-get install qemu-user) and, for the Arm64 libraries, a Debian system with network.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
dir=$(realpath -m "${1:-$root/artifacts/arm64}"); shift || true
command -v qemu-aarch64 >/dev/null || { echo "test-arm64.sh: qemu-aarch64 is missing. Type: apt-get install qemu-user" >&2; exit 2; }

# The few libraries the runtime needs, unpacked beside the system, whose own packages stay as they are.
if [ ! -e "$dir/system/lib" ]; then
  mkdir -p "$dir/apt/partial" "$dir/packages" "$dir/system"
  arm=(-o APT::Architecture=arm64 -o APT::Architectures::=arm64 -o "Dir::State::lists=$dir/apt" -o Dir::Cache::pkgcache= -o Dir::Cache::srcpkgcache=)
  apt-get -qq "${arm[@]}" update
  (cd "$dir/packages" && apt-get -qq "${arm[@]}" download libc6:arm64 libstdc++6:arm64 libgcc-s1:arm64 libssl3:arm64 zlib1g:arm64)
  for package in "$dir"/packages/*.deb; do dpkg -x "$package" "$dir/system"; done
fi
dotnet publish "$root/tests/Hotplug.CpuTests" -c Release -r linux-arm64 --self-contained -o "$dir/tests" -v quiet
# What reads the machine code of the host's processor has nothing to say here. Compiled code that is changed while others run it is more than the emulator follows: one test at a time, compiled once.
cd "$dir/tests"
DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1 DOTNET_EnableWriteXorExecute=0 DOTNET_TieredCompilation=0 \
  exec qemu-aarch64 -L "$dir/system" -cpu max,sve=off ./Hotplug.CpuTests -class- "*MachineCodeTests" -class- "*InstructionSetTests" -parallel none "$@"
