using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Hotplug.Cpu.Kernels.Tiles;

/// <summary>Room on the stack for eight registers, which no stack allocation guards with a check at the end of the method.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly struct WaitingSums
{
    private readonly Vector256<int> _0, _1, _2, _3, _4, _5, _6, _7;
}
