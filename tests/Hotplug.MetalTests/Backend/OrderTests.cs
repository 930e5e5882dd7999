using Hotplug.Abstractions.Graphs.Operations;
using Hotplug.Abstractions.Tensors;
using Hotplug.MetalTests.Contract;
using Hotplug.Testing.Data;
using Hotplug.Testing.Graphs;
using Xunit;

namespace Hotplug.MetalTests.Backend;

/// <summary>
/// Whole models and single operations with every access traced, the dispatches that nothing orders run in reverse: a barrier that is missing, an access beside an operand or a race
/// within a kernel fails the end of the backend.
/// </summary>
public sealed class OrderTests
{
    [Fact]
    public async Task Barriers_order_all_that_depends_on_each_other()
    {
        foreach (var fixture in (MetalFixture[])[new CheckedFixture(), new CheckedDiscreteFixture()])
        {
            await using var run = await ResidencyTests.Start(fixture);
            var random = TestSeed.For(nameof(OrderTests));
            CaseCheck.Run(run, run.Device(), ModelCases.Make(random, run.Device().Info, TensorType.Q8_0));
            foreach (var kind in (string[])[nameof(Attention), nameof(KvShift), nameof(MatMulExperts), nameof(Add)])
                CaseCheck.Run(run, run.Device(), OperationCases.Make(kind, random, run.Device().Info, TensorType.Q8_0));
        }
    }
}
