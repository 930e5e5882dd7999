using Hotplug.Abstractions.Faults;
using Hotplug.Abstractions.Memory;
using Hotplug.Abstractions.Tensors;
using Hotplug.Runtime.Memory;
using Hotplug.Runtime.Memory.Composition;
using Hotplug.Runtime.Memory.Policy;
using Hotplug.Testing.Data;
using Xunit;

namespace Hotplug.Testing.Suites;

/// <summary>
/// Weights loaded from a file into a composite of several backends' buffers, under every mapping and locking policy and with a small largest allocation:
/// everything has a base address and the file's content, the receipt agrees with the books, and nothing is left when it goes.
/// </summary>
public abstract class CompositeLoadSuite : CompositionSuite
{
    private const int Alignment = 32;

    private readonly string _path = Path.GetTempFileName();

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        File.Delete(_path);
        await base.DisposeAsync();
    }

    /// <summary>Every policy loads, or is refused with a reason and a cure, and what is loaded is what the file has (koboldcpp #1323, llama.cpp #24280).</summary>
    [Theory, MemberData(nameof(Policies), MemberType = typeof(CompositeLoadSuite))]
    public void Loads_or_is_refused_with_a_reason(MapPolicy map, LockPolicy locked, bool small)
    {
        var random = TestSeed.For($"{nameof(Loads_or_is_refused_with_a_reason)} {map} {locked} {small}");
        var (requests, content) = MakeFile(random, 40);
        var policy = new MemoryPolicy { Map = map, Lock = locked, LargestAllocation = small ? 64 << 10 : null };
        using var file = WeightFile.Open(_path);
        var outcome = CompositionPlanner.Plan(requests, [file.Length], policy, Space.QueryLimits());
        if (outcome.IsRefused)
        {
            Assert.True(map == MapPolicy.Require || locked == LockPolicy.Require, $"Refused without anything being required: {string.Join("; ", outcome.Refusals)}");
            Assert.All(outcome.Refusals, refusal => Assert.False(string.IsNullOrWhiteSpace(refusal.Reason) || string.IsNullOrWhiteSpace(refusal.Cure), $"{refusal.Code} without a reason or a cure."));
            return;
        }
        using (var weights = CompositionLoader.Load(outcome.Required(), [file], Space))
        {
            IBuffer whole = weights.Buffer;
            Assert.NotEqual((nuint)0, whole.BaseAddress);
            foreach (var part in weights.Buffer.Parts)
            {
                Assert.True(part.BaseAddress != 0 && part.BaseAddress % part.Type.BaseAlignment == 0, $"A part of {part.Type.Name} has the base address 0x{part.BaseAddress:x}.");
                Assert.True(whole.Range.Contains(part.Range), $"A part at {part.Range} does not lie in {whole.Range}.");
                if (small) Assert.True(part.Length <= 64 << 10 || part.IsReadOnly, $"A part of {part.Length} bytes above the largest allocation asked.");
            }
            for (var i = 0; i < requests.Count; i++)
            {
                var tensor = weights[i];
                Assert.Same(requests[i].BufferType, tensor.Buffer.Type);
                Assert.Contains(tensor.Buffer, weights.Buffer.Parts);
                var read = new byte[tensor.Spec.ByteLength];
                tensor.Buffer.Read(tensor, 0, read);
                Expect.SameBytes($"{tensor.Spec} in {tensor.Buffer.Type.Name}", content.AsSpan((int)requests[i].FileOffset, read.Length), read);
                if (tensor.Buffer.IsReadOnly)
                {
                    Expect.Fault(FaultKind.ReadOnly, "Writing to a mapped weight", () => tensor.Buffer.Write(tensor, 0, read));
                    Expect.Fault(FaultKind.ReadOnly, "Clearing over a mapped weight", () => weights.Buffer.Clear(0, weights.Buffer.Length));
                }
            }
            Assert.Equal((long)Space.Locks.LockedBytes, weights.Receipt.Locked);
            if (locked == LockPolicy.Off) Assert.Equal(0, weights.Receipt.Locked);
            if (locked == LockPolicy.Require) Assert.Equal(0, weights.Receipt.NotLocked);
            if (map == MapPolicy.Off) Assert.Equal(0, weights.Receipt.Mapped);
            // Nothing is allocated for whole tensors on every device (llama.cpp #23937).
            Assert.Equal(requests.Sum(request => request.Spec.ByteLength), weights.Receipt.Asked);
        }
        Assert.Equal(default, Space.Usage);
    }

    /// <summary>Loading again and again leaves nothing, and so does a load that is cancelled.</summary>
    [Fact]
    public void Loads_come_and_go()
    {
        var random = TestSeed.For(nameof(Loads_come_and_go));
        var (requests, _) = MakeFile(random, 12);
        using var file = WeightFile.Open(_path);
        var plan = CompositionPlanner.Plan(requests, [file.Length], new MemoryPolicy { Lock = LockPolicy.Try }, Space.QueryLimits()).Required();
        var held = Runs.Select(run => run.Host.OpenBytes).ToList();
        for (var i = 0; i < 20; i++)
        {
            using (CompositionLoader.Load(plan, [file], Space)) Assert.NotEqual(default, Space.Usage);
            Assert.ThrowsAny<OperationCanceledException>(() => CompositionLoader.Load(plan, [file], Space, cancellation: new CancellationToken(canceled: true)));
            Assert.Equal(default, Space.Usage);
            Assert.Equal(held, Runs.Select(run => run.Host.OpenBytes));
        }
    }

    /// <summary>All combinations of policies.</summary>
    public static TheoryData<MapPolicy, LockPolicy, bool> Policies
    {
        get
        {
            var data = new TheoryData<MapPolicy, LockPolicy, bool>();
            foreach (var map in Enum.GetValues<MapPolicy>())
                foreach (var locked in Enum.GetValues<LockPolicy>())
                    foreach (var small in (bool[])[false, true]) data.Add(map, locked, small);
            return data;
        }
    }

    private (List<WeightRequest> Requests, byte[] Content) MakeFile(Random random, int tensors)
    {
        var requests = new List<WeightRequest>();
        var end = 4096L - Alignment;
        for (var i = 0; i < tensors; i++)
        {
            var type = Types[random.Next(Types.Count)];
            var tensor = TensorTypes.All[random.Next(TensorTypes.All.Count)];
            var spec = new TensorSpec { Name = $"t{i}", Type = tensor, Shape = new(tensor.BlockLength() * 2L * random.Next(1, 5), random.Next(1, 40)) };
            if (type.AllocationSize(spec) > 60_000) spec = spec with { Shape = new(tensor.BlockLength(), 3) };
            var offset = (end + Alignment - 1) / Alignment * Alignment;
            requests.Add(new WeightRequest { Spec = spec, FileOffset = offset, BufferType = type, Device = type.Name, UseOrder = i });
            end = offset + spec.ByteLength;
        }
        var content = RandomRows.Bytes(random, end);
        File.WriteAllBytes(_path, content);
        return (requests, content);
    }
}
