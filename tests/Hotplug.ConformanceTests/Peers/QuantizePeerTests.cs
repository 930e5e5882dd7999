using System.Diagnostics;
using System.Runtime.InteropServices;
using Hotplug.Abstractions.Tensors;
using Hotplug.ConformanceTests.Models;
using Hotplug.Inference.Gguf;
using Hotplug.Inference.Quantization;
using Hotplug.ModelForge;
using Xunit;

namespace Hotplug.ConformanceTests.Peers;

/// <summary>Quantised files against those that llama-quantize makes of the same model: metadata, types and every byte of every tensor.</summary>
[Collection("Models")]
public sealed class QuantizePeerTests(ConformanceHost host, PeerFolder peer) : IClassFixture<ConformanceHost>, IClassFixture<PeerFolder>
{
    public static TheoryData<string> Mixes => [.. QuantizationMix.All.Select(mix => mix.Name).Where(name => name != "F32")];

    [Theory, MemberData(nameof(Mixes))]
    public async Task A_file_is_the_one_that_llama_quantize_makes(string mix)
    {
        _ = peer.Server;
        // Rows of whole blocks, rows that are not, shared values, tied embeddings; eight experts.
        await CompareAsync(mix, Forged(new() { Architecture = "llama", Width = 256, Blocks = 9, Heads = 8, KvHeads = 2, FeedForward = 256, Seed = 31 }));
        await CompareAsync(mix, Forged(new() { Architecture = "llama", Width = 256, Blocks = 2, Heads = 4, KvHeads = 4, FeedForward = 96, TiedOutput = true, Seed = 32 }));
        await CompareAsync(mix, Forged(new() { Architecture = "llama", Width = 256, Blocks = 2, Heads = 4, KvHeads = 2, FeedForward = 32, Experts = 8, Seed = 33 }));
    }

    [Theory, MemberData(nameof(Mixes))]
    public async Task Unusual_elements_are_rounded_alike(string mix)
    {
        _ = peer.Server;
        await CompareAsync(mix, Unusual());
    }

    // Made once for all mixes.
    private string Forged(ModelRecipe recipe)
    {
        var path = peer.File($"quantize-{recipe.Seed}.gguf");
        if (!File.Exists(path)) Forge.Write(recipe, path);
        return path;
    }

    private string Unusual()
    {
        var path = peer.File("quantize-unusual.gguf");
        if (File.Exists(path)) return path;
        var source = GgufFile.Open(Forged(new() { Architecture = "llama", Width = 512, Blocks = 1, Heads = 8, KvHeads = 1, FeedForward = 32, Seed = 34 }));
        var writer = new GgufWriter();
        foreach (var entry in source.Metadata.Entries) writer.Add(source.Metadata, entry);
        foreach (var tensor in source.Tensors)
            writer.Add(tensor.Spec, target =>
            {
                for (var row = 0; row < tensor.Spec.RowCount; row++)
                    target.Write(MemoryMarshal.AsBytes(QuantizationSamples.Rows[row % QuantizationSamples.Rows.Count].AsSpan(0, (int)tensor.Spec.Shape.D0)));
            });
        using var stream = File.Create(path);
        writer.Write(stream);
        return path;
    }

    private async Task CompareAsync(string mix, string source)
    {
        var (theirs, ours) = (peer.File($"{Guid.NewGuid():n}.gguf"), peer.File($"{Guid.NewGuid():n}.gguf"));
        using (var process = Process.Start(new ProcessStartInfo(peer.File("llama-quantize"), [source, theirs, mix, "2"]) { RedirectStandardOutput = true, RedirectStandardError = true })!)
        {
            var output = process.StandardOutput.ReadToEndAsync();
            var errors = await process.StandardError.ReadToEndAsync();
            await process.WaitForExitAsync();
            Assert.True(process.ExitCode == 0, $"{await output}\n{errors}");
        }
        await ModelQuantizer.WriteAsync(host.Host, GgufFile.Open(source), ours, QuantizationMix.Find(mix)!, new());

        var (expected, actual) = (GgufFile.Open(theirs), GgufFile.Open(ours));
        Assert.Equal(expected.Metadata.Entries.Select(e => (e.Key, e.Type, e.Length)).Order(), actual.Metadata.Entries.Select(e => (e.Key, e.Type, e.Length)).Order());
        Assert.Equal(expected.Metadata.GetInt32("general.file_type"), actual.Metadata.GetInt32("general.file_type"));
        Assert.Equal(expected.Tensors.Select(t => t.Spec.ToString()).Order(StringComparer.Ordinal), actual.Tensors.Select(t => t.Spec.ToString()).Order(StringComparer.Ordinal));
        foreach (var tensor in expected.Tensors)
        {
            Assert.True(actual.TryFindTensor(tensor.Spec.Name, out var other));
            var (a, b) = (Bytes(theirs, tensor), Bytes(ours, other));
            var length = tensor.Spec.Type.BlockBytes();
            var wrong = Enumerable.Range(0, a.Length / length).Count(block => !a.AsSpan(block * length, length).SequenceEqual(b.AsSpan(block * length, length)));
            Assert.True(wrong == 0, $"{mix}, {tensor.Spec}: {wrong} of {a.Length / length} blocks differ");
        }
    }

    private static byte[] Bytes(string path, GgufTensor tensor)
    {
        using var file = File.OpenHandle(path);
        var bytes = new byte[tensor.Spec.ByteLength];
        RandomAccess.Read(file, bytes, tensor.FileOffset);
        return bytes;
    }
}
