using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using System.Text;

namespace Hotplug.Cpu;

/// <summary>The processor's name for people.</summary>
internal static class ProcessorName
{
    /// <summary>The brand string of CPUID leaves 0x80000002 to 0x80000004, or the architecture where there is none.</summary>
    public static string Read()
    {
        if (X86Base.IsSupported && (uint)X86Base.CpuId(unchecked((int)0x80000000), 0).Eax >= 0x80000004)
        {
            Span<int> words = stackalloc int[12];
            for (var leaf = 0; leaf < 3; leaf++)
                (words[leaf * 4], words[leaf * 4 + 1], words[leaf * 4 + 2], words[leaf * 4 + 3]) = X86Base.CpuId(unchecked((int)(0x80000002 + leaf)), 0);
            var name = Encoding.ASCII.GetString(MemoryMarshal.AsBytes(words)).TrimEnd('\0', ' ').TrimStart();
            if (name.Length != 0) return name;
        }
        return $"{RuntimeInformation.ProcessArchitecture} processor";
    }
}
