using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Hotplug.Cpu.Kernels.Panels;

namespace Hotplug.Cpu.Kernels.Tiles;

/// <summary><see cref="PanelFormat.U6"/> by quantised activations, portable: the arithmetic of the wider tiles, four rows at once.</summary>
internal static unsafe class U6Tile128
{
    public const int Rows = 4;
    private const int Line = 16;

    // Reads the panel, and of the token 32 × blocks codes and 16 × blocks bytes of notes; writes Rows floats.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void One<TMinimum>(byte* panel, int blocks, byte* x, byte* notes, nint stride, float* y, nint yStride) where TMinimum : struct, IMinimum
    {
        var sum = Vector128<float>.Zero;
        for (; blocks > 0; blocks--, x += 32, notes += Activations.NoteBytes)
        {
            // The scales are int16 pairs: twice the same, and the offsets of both halves.
            var dot = Dot128.Lines(panel, (sbyte*)x, 4) * (Vector128.Load((int*)(panel + PanelLines.U6First * Line)) >> 16)
                + Dot128.Lines(panel + 4 * Line, (sbyte*)x + 16, 4) * (Vector128.Load((int*)(panel + PanelLines.U6Second * Line)) >> 16);
            if (!TMinimum.Exists)
            {
                var offset = Vector128.Load((int*)(panel + PanelLines.U6Offset * Line));
                dot += ((offset << 16) >> 16) * Vector128.Create((int)*(short*)(notes + Activations.NoteHalves))
                    + (offset >> 16) * Vector128.Create((int)*(short*)(notes + Activations.NoteHalves + 2));
            }
            var scaled = Vector128.ConvertToSingle(dot) * Vector128.Load((float*)(panel + PanelLines.U6Scale * Line));
            sum = Vector128.FusedMultiplyAdd(scaled, Vector128.Create(*(float*)notes), sum);
            if (TMinimum.Exists)
                sum = Vector128.FusedMultiplyAdd(Vector128.Load((float*)(panel + PanelLines.U6Minimum * Line)), Vector128.Create(*(float*)(notes + Activations.NoteSum)), sum);
            panel += PanelLines.U6Count * Line;
        }
        sum.Store(y);
    }
}
