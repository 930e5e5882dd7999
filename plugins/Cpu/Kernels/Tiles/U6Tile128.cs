using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Hotplug.Cpu.Kernels.Panels;

namespace Hotplug.Cpu.Kernels.Tiles;

/// <summary>
/// <see cref="PanelFormat.U6"/> by quantised activations, portable: the arithmetic of the wider tiles, four rows at once.
/// </summary>
internal static unsafe class U6Tile128
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
            // The scales are int16 pairs of twice the same; the offsets are those of both halves.
            Vector128<int> first = Vector128.Load((int*)(panel + PanelLines.U6First * Line)) >> 16, second = Vector128.Load((int*)(panel + PanelLines.U6Second * Line)) >> 16;
            var coarse = TBits.HaveCoarse ? Dot128.Lines(panel, x, 4) * first + Dot128.Lines(panel + 4 * Line, x + 16, 4) * second : default;
            var rest = Dot128.Lines(panel, fine, 4) * first + Dot128.Lines(panel + 4 * Line, fine + 16, 4) * second;
            if (!TMinimum.Exists)
            {
                var offset = Vector128.Load((int*)(panel + PanelLines.U6Offset * Line));
                Vector128<int> low = (offset << 16) >> 16, high = offset >> 16;
                short* c = (short*)(notes + Activations.NoteCoarse), f = (short*)(notes + Activations.NoteFine);
                coarse += low * Vector128.Create((int)c[0]) + high * Vector128.Create((int)c[1]);
                rest += low * Vector128.Create((int)f[0]) + high * Vector128.Create((int)f[1]);
            }
            var dot = FineSteps.Single<TBits>(coarse, rest);
            sum = Vector128.FusedMultiplyAdd(dot * Vector128.Load((float*)(panel + PanelLines.U6Scale * Line)), Vector128.Create(*(float*)notes), sum);
            if (TMinimum.Exists) sum = Minimum<TBits, TMinimum>(panel, notes, sum);
            panel += PanelLines.U6Count * Line;
        }
        sum.Store(y);
    }

    // What the minima of a block add, behind its codes.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Minimum<TBits, TMinimum>(byte* panel, byte* notes, Vector128<float> sum) where TBits : struct, IActivationBits where TMinimum : struct, IMinimum
    {
        var minimum = Vector128.Load((float*)(panel + PanelLines.U6Minimum * Line));
        if (!TMinimum.IsPerHalf) return Vector128.FusedMultiplyAdd(minimum, Vector128.Create(*(float*)(notes + Activations.NoteSum)), sum);
        var halves = Vector128.Load((int*)(panel + PanelLines.U6Offset * Line));
        Vector128<int> low = (halves << 16) >> 16, high = halves >> 16;
        short* c = (short*)(notes + Activations.NoteCoarse), f = (short*)(notes + Activations.NoteFine);
        var coarse = low * Vector128.Create((int)c[0]) + high * Vector128.Create((int)c[1]);
        var fine = low * Vector128.Create((int)f[0]) + high * Vector128.Create((int)f[1]);
        var dot = FineSteps.Single<TBits>(coarse, fine);
        return Vector128.FusedMultiplyAdd(dot * minimum, Vector128.Create(*(float*)notes), sum);
    }
}
