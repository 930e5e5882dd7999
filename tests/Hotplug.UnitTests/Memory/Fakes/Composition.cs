using CsCheck;
using Hotplug.Abstractions.Memory;
using Hotplug.Abstractions.Tensors;
using Hotplug.Runtime.Memory.Composition;
using Hotplug.Runtime.Memory.Policy;

namespace Hotplug.UnitTests.Memory.Fakes;

/// <summary>A random model: tensors in files, each placed in one of several buffer types, under a random policy.</summary>
internal sealed record Composition(FakeBufferType[] Types, WeightRequest[] Requests, long[] FileLengths, MemoryPolicy Policy, HostLimits Limits)
{
    private static readonly nuint Page = (nuint)Environment.SystemPageSize;

    private static readonly Gen<TensorType> Type = OneOf(TensorType.F32, TensorType.I8, TensorType.Q8_0, TensorType.Q4_1, TensorType.Q6_K);

    // Mostly small, sometimes empty, sometimes many pages; offsets mostly aligned to 32 with an occasional hole or odd byte.
    private static readonly Gen<(TensorType Type, int Blocks, int Rows, int Hole, int Place, int Use)> Tensor = Gen.Select(
        Type,
        Gen.Int[0, 3],
        Gen.Frequency((4, Gen.Int[0, 12]), (2, Gen.Int[0, 200])),
        Gen.Frequency((6, Gen.Const(0)), (1, Gen.Int[1, 40]), (1, Gen.Int[0, 2].Select(n => n * 60_000))),
        Gen.Int[0, 4],
        Gen.Int[0, 9]);

    private static readonly Gen<MemoryPolicy> AnyPolicy = Gen.Select(
        OneOf<MapPolicy?>(null, MapPolicy.Auto, MapPolicy.Require, MapPolicy.Off),
        Gen.Enum<LockPolicy>(),
        OneOf<nuint?>(null, 20_000, 70_001),
        OneOf<MemoryOverride?>(null, null, new() { Pattern = "*3*", Map = MapPolicy.Off }, new() { Pattern = "t1?", Lock = LockPolicy.Require }, new() { Pattern = "nothing", Lock = LockPolicy.Off }),
        (map, @lock, largest, other) => new MemoryPolicy { Map = map, Lock = @lock, LargestAllocation = largest, Overrides = other is null ? [] : [other] });

    private static readonly Gen<HostLimits> AnyLimits = OneOf<int?>(null, 0, 3, 20).Select(pages => new HostLimits { PageSize = Page, LockLimit = pages is { } n ? (nuint)n * Page + 5 : null });

    public static Gen<Composition> Any { get; } = Gen.Select(Tensor.Array[0, 25], Gen.Int[1, 3], Gen.Int[0, 400], AnyPolicy, AnyLimits, OneOf(Residency.Resident, Residency.Resident, Residency.Unknown), Build);

    /// <summary>Compositions that no policy refuses.</summary>
    public static Gen<Composition> Allowed { get; } = Any.Select(any => any with
    {
        Policy = any.Policy with
        {
            Map = any.Policy.Map == MapPolicy.Require ? MapPolicy.Auto : any.Policy.Map,
            Lock = any.Policy.Lock == LockPolicy.Require ? LockPolicy.Try : any.Policy.Lock,
            LargestAllocation = any.Policy.LargestAllocation is null ? null : 200_000,
            Overrides = [.. any.Policy.Overrides.Where(item => item.Lock != LockPolicy.Require)],
        },
    });

    public CompositionOutcome Plan() => CompositionPlanner.Plan(Requests, FileLengths, Policy, Limits);

    private static Gen<T> OneOf<T>(params T[] items) => Gen.Int[0, items.Length - 1].Select(i => items[i]);

    private static Composition Build((TensorType Type, int Blocks, int Rows, int Hole, int Place, int Use)[] tensors, int files, int header, MemoryPolicy policy, HostLimits limits, Residency residency)
    {
        var types = new[] { FakeBufferType.Cpu(), FakeBufferType.Cpu(150_000), FakeBufferType.Interleaved(160_000), FakeBufferType.Far(180_000, residency), new() { Name = "strict", TensorAlignment = 128, BaseAlignment = 32768, MaxLength = 1 << 20 } };
        var ends = Enumerable.Repeat((long)header, files).ToArray();
        var requests = new WeightRequest[tensors.Length];
        for (var i = 0; i < tensors.Length; i++)
        {
            var t = tensors[i];
            var spec = new TensorSpec { Name = $"t{i}", Type = t.Type, Shape = new TensorShape(t.Blocks * t.Type.BlockLength() * (t.Type.BlockLength() == 1 ? 16 : 1), t.Rows) };
            var file = i % files;
            var start = (ends[file] + 31) / 32 * 32 + t.Hole;
            ends[file] = start + spec.ByteLength;
            requests[i] = new() { Spec = spec, File = file, FileOffset = start, BufferType = types[t.Place], Device = $"d{t.Place}", UseOrder = t.Use };
        }
        return new Composition(types, requests, ends, policy, limits);
    }
}
