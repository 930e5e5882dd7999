using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Hotplug.Abstractions.Tensors;
using Hotplug.Cpu;
using Hotplug.Cpu.Kernels;
using Hotplug.Cpu.Kernels.Lanes;
using Hotplug.Reference.Formats;

// Speed of the matrix kernels on one thread, by type, instruction set and number of tokens: the shortest of many short runs, so that other load on the
// machine matters little. Usage: [isa] [type] [k] [rows].
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
var set = args.Length > 0 ? InstructionSets.Parse(args[0]) : InstructionSets.Best;
var only = args.Length > 1 && args[1] != "all" ? Enum.Parse<TensorType>(args[1]) : (TensorType?)null;
var k = args.Length > 2 ? int.Parse(args[2], CultureInfo.InvariantCulture) : 1536;
var rows = args.Length > 3 ? int.Parse(args[3], CultureInfo.InvariantCulture) : 128;
TensorType[] types = [TensorType.Q4_0, TensorType.Q4_1, TensorType.Q4_K, TensorType.Q5_0, TensorType.Q5_1, TensorType.Q5_K, TensorType.Q6_K, TensorType.Q8_0,
    TensorType.F16, TensorType.BF16, TensorType.F32];
Console.WriteLine($"{set.Describe()}, {rows} rows of {k}");
Console.WriteLine($"memory, read once by this thread: {ReadBandwidth():f1} GB/s");
Console.WriteLine("type     n    GMAC/s    GB/s of weights   panel GB/s");
foreach (var type in types)
{
    if (only is { } wanted && wanted != type) continue;
    foreach (var n in new[] { 1, 4, 16, 128 }) Measure(type, n);
}

// What the memory gives: a sum over 256 MiB, with prefetches as the kernels make them.
unsafe double ReadBandwidth()
{
    const int Length = 256 << 20;
    var block = (byte*)NativeMemory.AlignedAlloc(Length, 64);
    NativeMemory.Fill(block, Length, 1);
    var best = double.MaxValue;
    var sum = System.Runtime.Intrinsics.Vector256<int>.Zero;
    for (var round = 0; round < 8; round++)
        for (var part = 0; part < Length; part += 16 << 20)
        {
            var start = Stopwatch.GetTimestamp();
            for (var p = block + part; p < block + part + (16 << 20); p += 64)
                sum += System.Runtime.Intrinsics.Vector256.Load((int*)p) + System.Runtime.Intrinsics.Vector256.Load((int*)(p + 32));
            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalSeconds / (16 << 20));
        }
    NativeMemory.AlignedFree(block);
    return sum == default ? 0 : 1e-9 / best;
}

unsafe void Measure(TensorType type, int n)
{
    var kernel = MatrixKernel.Create(type, set);
    var rowBytes = (nint)type.RowBytes(k);
    var bytes = RandomBlocks.Make(new TensorSpec { Type = type, Shape = new TensorShape(k, rows) }, BlockKind.Ordinary, new Random(1));
    var stride = kernel.IsQuantized ? Activations.RowBytes(k) : (nint)k * 4;
    var weights = (byte*)NativeMemory.AlignedAlloc((nuint)bytes.Length, 64);
    bytes.CopyTo(new Span<byte>(weights, bytes.Length));
    var x = (byte*)NativeMemory.AlignedAlloc((nuint)(stride * n), 64);
    var y = (float*)NativeMemory.AlignedAlloc((nuint)(rows * n * 4), 64);
    var scratch = (byte*)NativeMemory.AlignedAlloc((nuint)Math.Max(kernel.PanelBytes(k), kernel.ScratchBytes(k)) + 4096, 64);
    var floats = (float*)NativeMemory.AlignedAlloc((nuint)k * 4, 64);
    var random = new Random(2);
    for (var t = 0; t < n; t++)
    {
        for (var i = 0; i < k; i++) floats[i] = random.NextSingle() - 0.5f;
        if (kernel.IsQuantized) switch (set)
            {
                case InstructionSet.Avx512: Activations.Quantize<Lanes512>(floats, k, 0, k / 32, x + t * stride, false); break;
                case InstructionSet.Avx2: Activations.Quantize<Lanes256>(floats, k, 0, k / 32, x + t * stride, Activations.AreWords<Lanes256>(Activations.AreFew(n))); break;
                default: Activations.Quantize<Lanes128>(floats, k, 0, k / 32, x + t * stride, false); break;
            }
        else Buffer.MemoryCopy(floats, x + t * stride, k * 4, k * 4);
    }
    double best = double.MaxValue, fill = double.MaxValue;
    var end = Stopwatch.GetTimestamp() + Stopwatch.Frequency / 2;
    while (Stopwatch.GetTimestamp() < end)
    {
        var start = Stopwatch.GetTimestamp();
        for (var row = 0; row < rows; row += kernel.Rows)
        {
            var valid = Math.Min(kernel.Rows, rows - row);
            kernel.MultiplyMatrix(weights + row * rowBytes, rowBytes, valid, k, x, stride, n, Activations.AreFew(n), y + row, rows, scratch);
        }
        best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalSeconds);
        start = Stopwatch.GetTimestamp();
        for (var row = 0; row < rows; row += kernel.Rows)
            kernel.Fill(weights + row * rowBytes, rowBytes, Math.Min(kernel.Rows, rows - row), k, scratch);
        fill = Math.Min(fill, Stopwatch.GetElapsedTime(start).TotalSeconds);
    }
    Console.WriteLine($"{type,-6} {n,4} {1e-9 * rows * k * n / best,9:f1} {1e-9 * bytes.Length / best,10:f2} {1e-9 * bytes.Length / fill,19:f2}");
    NativeMemory.AlignedFree(weights);
    NativeMemory.AlignedFree(x);
    NativeMemory.AlignedFree(y);
    NativeMemory.AlignedFree(scratch);
    NativeMemory.AlignedFree(floats);
}
