using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Hotplug.Cpu.Kernels.Panels;

namespace Hotplug.Cpu.Kernels.Tiles;

/// <summary>
/// <see cref="PanelFormat.U4"/> by quantised activations, portable: the arithmetic of the wider tiles, four rows at once.
/// </summary>
internal static unsafe class U4Tile128
{
    public const int Rows = 4;
    private const int Line = 16;

    // Reads the panel, and of the token twice 32 × blocks codes and 16 × blocks bytes of notes; writes Rows floats.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void One<TBits, TMinimum>(byte* panel, int blocks, byte* x, nint finer, byte* notes, nint stride, float* y, nint yStride) where TBits : struct, IActivationBits where TMinimum : struct, IMinimum
    {
        var fine = x + finer;
        var sum = Vector128<float>.Zero;
        for (; blocks > 0; blocks--, x += 32, fine += 32, notes += Activations.NoteBytes)
        {
            var dot = Dot128.Lines(panel, fine, 8);
            if (TBits.HaveCoarse) dot += Dot128.Lines(panel, x, 8) * Activations.Steps;
            if (!TMinimum.Exists) dot -= Vector128.Create(8 * Dot128.Sum<TBits>(notes));
            var scaled = Vector128.ConvertToSingle(dot) * Vector128.Load((float*)(panel + PanelLines.U4Scale * Line));
            sum = Vector128.FusedMultiplyAdd(scaled, Vector128.Create(*(float*)notes), sum);
            if (TMinimum.Exists)
                sum = Vector128.FusedMultiplyAdd(Vector128.Load((float*)(panel + PanelLines.U4Minimum * Line)), Vector128.Create(*(float*)(notes + Activations.NoteSum)), sum);
            panel += PanelLines.U4Count * Line;
        }
        sum.Store(y);
    }
}
