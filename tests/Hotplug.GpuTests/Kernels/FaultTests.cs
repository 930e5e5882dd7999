using System.Runtime.CompilerServices;
using Hotplug.Gpu.Kernels.Elements;
using Xunit;

namespace Hotplug.GpuTests.Kernels;

/// <summary>
/// An OpenCL runtime on the CPU exchanges the process's signal handlers when it compiles, those by which .NET makes exceptions of faults among them. They must
/// go on working in a host that runs one.
/// </summary>
[Collection(DeviceCollections.OpenCl)]
public sealed class FaultTests(KernelBeds beds) : IClassFixture<KernelBeds>
{
    [Theory, MemberData(nameof(KernelBed.Kinds), MemberType = typeof(KernelBed))]
    public void Faults_are_exceptions_after_a_kernel(string kind)
    {
        using var trial = new Trial(beds[kind], new Random(1));
        for (var round = 0; round < 3; round++)
        {
            ILGPU.ArrayView<int> source = trial.Words(round, round + 1, round + 2), copy = trial.Words(0, 0, 0);
            trial.Run(CopyKernel.Run, new CopyKernel.Arguments { Source = source, Destination = copy, Count = 3 });
            Assert.Equal([round, round + 1, round + 2], Trial.ReadWords(copy));
            Assert.Throws<NullReferenceException>(() => Length(null));
            Assert.Throws<DivideByZeroException>(() => Divide(1, round - round));
        }
    }

    // Read through the reference by the processor, not by a check: that is what the handler is for.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int Length(string? text) => text!.Length;

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int Divide(int a, int b) => a / b;
}
