using Hotplug.Abstractions.Devices;
using Hotplug.Abstractions.Graphs;
using Hotplug.Abstractions.Memory;
using Hotplug.Abstractions.Tensors;
using Hotplug.Reference.Formats;
using Hotplug.Testing.Data;
using Hotplug.Testing.Fixtures;
using Hotplug.Testing.Graphs;
using Xunit;

namespace Hotplug.Testing.Suites;

/// <summary>
/// Each operation against its scalar reference, within the bound of the operation: random shapes, types and values, several steps with one executable,
/// NaNs wherever nothing was written. Weights lie in every buffer type of the device, written and, where possible, adopted.
/// </summary>
/// <typeparam name="TFixture">Makes the backend.</typeparam>
public abstract class OperationSuite<TFixture> : BackendSuite<TFixture> where TFixture : BackendFixture, new()
{
    /// <summary>Random cases per kind of operation, weight type and buffer type; twice as many for kinds without a typed weight.</summary>
    protected virtual int Cases => 16;

    /// <summary>What <see cref="IDevice.Supports"/> says yes to runs and is right; what it says no to has a reason (llama.cpp #8019, ggml #632).</summary>
    [Theory, MemberData(nameof(OperationCases.All), MemberType = typeof(OperationCases))]
    public void Operation_matches_the_reference(string kind)
    {
        var random = NewRandom($"{nameof(Operation_matches_the_reference)} {kind}");
        var refused = "";
        var cases = CasesOf(Cases * (OperationCases.HasTypedWeight(kind) ? 1 : 2));
        var ran = 0;
        foreach (var bufferType in Device.BufferTypes)
            foreach (var type in OperationCases.HasTypedWeight(kind) ? Dequantizer.Types : [TensorType.F32])
                for (var i = 0; i < cases; i++)
                {
                    var graph = OperationCases.Make(kind, random, Device.Info, type);
                    var place = bufferType.Traits.Adopts && random.Next(2) == 0 ? WeightPlace.Adopted : WeightPlace.Written;
                    if (CaseCheck.Refusal(Device, graph, bufferType) is { } reason)
                    {
                        Assert.False(string.IsNullOrWhiteSpace(reason), $"{graph} in {bufferType.Name} is refused without a reason.");
                        refused = reason;
                        continue;
                    }
                    ran++;
                    Scenario.Run($"{graph} with weights {place} in {bufferType.Name}, case {i}", () => CaseCheck.Run(Run, Device, graph, bufferType, place));
                }
        if (ran == 0) Assert.Skip($"The device runs no {kind}: {refused}");
    }

    /// <summary>The result does not depend on what the buffer of the weights is said to be for (ik_llama.cpp #2292).</summary>
    [Fact]
    public void Usage_of_weights_does_not_matter()
    {
        var random = NewRandom();
        foreach (var bufferType in Device.BufferTypes)
            foreach (var type in Dequantizer.Types)
            {
                var graph = OperationCases.Make("MatMul", random, Device.Info, type);
                if (CaseCheck.Refusal(Device, graph, bufferType) is not null) continue;
                foreach (var usage in Enum.GetValues<BufferUsage>())
                    Scenario.Run($"{graph} with weights in {bufferType.Name} for {usage}", () => CaseCheck.Run(Run, Device, graph, bufferType, usage: usage));
            }
    }
}
