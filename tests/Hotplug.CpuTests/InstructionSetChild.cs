using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using System.Security.Cryptography;
using Hotplug.Abstractions.Execution;
using Hotplug.Abstractions.Graphs;
using Hotplug.Abstractions.Graphs.Operations;
using Hotplug.Abstractions.KvCache;
using Hotplug.Abstractions.Tensors;
using Hotplug.Cpu;
using Hotplug.Reference.Execution;
using Hotplug.Reference.Formats;
using Hotplug.Testing.Fixtures;
using Xunit;

namespace Hotplug.CpuTests;

/// <summary>What <see cref="InstructionSetTests"/> runs in processes of their own.</summary>
public sealed class InstructionSetChild : CpuTest
{
    internal const string FileVariable = "HOTPLUG_TEST_DIGEST", MissingVariable = "HOTPLUG_TEST_MISSING";

    [Fact(Explicit = true)]
    public async Task Writes_a_digest_of_its_results()
    {
        var file = Environment.GetEnvironmentVariable(FileVariable) ?? throw new InvalidOperationException($"{FileVariable} names no file: {nameof(InstructionSetTests)} runs this.");
        // A switch that the runtime does not know would test nothing.
        var missing = Environment.GetEnvironmentVariable(MissingVariable);
        if (missing is "Avx512" or "Avx2" or "Vector128")
        {
            Assert.False(Vector512.IsHardwareAccelerated);
            Assert.NotEqual(InstructionSet.Avx512, InstructionSets.Best);
        }
        if (missing is "Avx2" or "Vector128")
        {
            Assert.False(Vector256.IsHardwareAccelerated);
            Assert.False(Avx2.IsSupported || Fma.IsSupported);
            Assert.Equal(InstructionSet.Vector128, InstructionSets.Best);
        }
        if (missing is "Vector128") Assert.False(Vector128.IsHardwareAccelerated || Sse41.IsSupported);
        await File.WriteAllTextAsync(file, Digest(Runs) + ProductDigest(await StartAllAsync(8)), TestContext.Current.CancellationToken);
    }

    /// <summary>A digest of products of every type, by one token and by several, and of attention over caches of every type; all backends given must agree.</summary>
    internal static string Digest(IReadOnlyList<BackendRun> runs)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        AppendProducts(hash, runs);
        foreach (var type in ReferenceKvCache.Types)
            foreach (var tokens in new[] { 1, 9 })
            {
                var random = new Random((int)type);
                var spec = new KvCacheSpec { PageTokens = 32, Layers = [new() { Layer = 0, Heads = 2, KeyWidth = 32, ValueWidth = 64, KeyType = type, ValueType = type }] };
                var step = new ReferenceStep
                {
                    TokenIds = new int[tokens],
                    Positions = Enumerable.Range(40, tokens).ToArray(),
                    Sequences = new[] { new SequenceStep { FirstRow = 0, RowCount = tokens, CachedLength = 40, PageCount = 2 } },
                    Pages = new[] { 1, 0 },
                };
                var cache = new ReferenceKvCache(spec, 2);
                for (var cell = 0; cell < 64; cell++)
                    for (var head = 0; head < 2; head++)
                    {
                        double[] Vector(int width) => [.. Enumerable.Range(0, width).Select(_ => random.NextDouble() - 0.5)];
                        cache.Write(0, KvPart.Keys, cell / 32, cell % 32, head, Vector(32));
                        cache.Write(0, KvPart.Values, cell / 32, cell % 32, head, Vector(64));
                    }
                var test = new Case(random) { Step = step, Kv = spec, Pages = 2 };
                GraphValue query = test.Input(new(32, 6, Dimension.Tokens)), key = test.Input(new(32, 2, Dimension.Tokens)), value = test.Input(new(64, 2, Dimension.Tokens));
                test.Operations.Add(new KvAppend(key, value, 0));
                test.Operations.Add(new Attention(query, null, 0, new AttentionParameters { Scale = 0.2f, SoftCap = 5 }, new GraphValue("y", TensorType.F32, new(64 * 6, Dimension.Tokens))));
                Append(test.RunAll(runs, cache)[0]);
            }
        return Convert.ToHexString(hash.GetHashAndReset());

        void Append(float[] elements) => hash.AppendData(MemoryMarshal.AsBytes(elements.AsSpan()));
    }

    /// <summary>A digest of the products alone.</summary>
    internal static string ProductDigest(IReadOnlyList<BackendRun> runs)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        AppendProducts(hash, runs);
        return Convert.ToHexString(hash.GetHashAndReset());
    }

    private static void AppendProducts(IncrementalHash hash, IReadOnlyList<BackendRun> runs)
    {
        foreach (var type in Dequantizer.Types)
            foreach (var tokens in new[] { 1, 6 })
            {
                var test = new Case(new Random((int)type)) { Step = Case.Rows(tokens) };
                var x = test.Input(new(type.IsQuantized() ? 512 : 50, Dimension.Tokens));
                test.Operations.Add(new MatMul(test.Weight(type, new(x.Shape.D0.Constant, 37)), x, null, new GraphValue("y", TensorType.F32, new(37, Dimension.Tokens))));
                hash.AppendData(MemoryMarshal.AsBytes(test.RunAll(runs)[0].AsSpan()));
            }
    }
}
