using System.Runtime.CompilerServices;

namespace Hotplug.Cpu.Kernels.Panels;

/// <summary>Lines of a 32-block in a panel, by what they hold.</summary>
internal static class PanelLines
{
    public const int U4Scale = 8, U4Minimum = 9, U4Count = 10;
    public const int U6First = 8, U6Second = 9, U6Offset = 10, U6Scale = 11, U6Minimum = 12, U6Count = 13;
    public const int U8High = 8, U8Scale = 16, U8Count = 17;
    public const int WordScale = 16, WordMinimum = 17, WordMinima = 18;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Count(PanelFormat format) => format switch
    {
        PanelFormat.U4 => U4Count,
        PanelFormat.U6 => U6Count,
        PanelFormat.U8 => U8Count,
        PanelFormat.Words => WordScale + 1,
        PanelFormat.WordsWithMinimum => WordMinimum + 1,
        PanelFormat.WordsWithMinima => WordMinima + 1,
        _ => 0,
    };
}
