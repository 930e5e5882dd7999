using Hotplug.Abstractions.Tensors;
using Hotplug.Cpu.Kernels;
using Hotplug.Reference.Formats;
using Xunit;

namespace Hotplug.CpuTests.Code;

/// <summary>As <see cref="KernelTour"/>, the products with activations of eight bits.</summary>
public sealed class EightBitTour : CpuTest
{
    protected override int ActivationBits => 8;

    public static TheoryData<TensorType> Types => [.. Dequantizer.Types.Where(MatrixKernel.MultipliesQuantized)];

    [Theory, MemberData(nameof(Types))]
    public void Products(TensorType type)
    {
        foreach (var tokens in new[] { 1, 21 })
        {
            var test = KernelTour.Product(type, tokens);
            test.Check(KernelTour.Chosen(Runs), reference: test.InEightBits());
        }
    }

    [Theory, MemberData(nameof(Types))]
    public void Products_allocate_nothing(TensorType type) => KernelTour.AllocatesNothing(type, Best);
}
