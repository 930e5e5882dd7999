using System.Runtime.Intrinsics;

namespace Hotplug.Cpu.Kernels.Tiles.Lines;

/// <summary>What lies behind the codes of a block, of eight rows; loaded once for all tokens. What a type does not have is not there.</summary>
/// <param name="Scale">What one stands for.</param>
/// <param name="Minimum">What is added to each element.</param>
/// <param name="Factor">Of codes by halves: the factors of the second half, int16 pairs.</param>
/// <param name="Minima">The factors of the minimum for both halves, int16 pairs.</param>
internal readonly record struct BlockLines(Vector256<float> Scale, Vector256<float> Minimum, Vector256<short> Factor, Vector256<short> Minima);
