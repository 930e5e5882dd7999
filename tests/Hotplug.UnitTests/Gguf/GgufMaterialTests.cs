using Hotplug.Inference.Gguf;
using Xunit;

namespace Hotplug.UnitTests.Gguf;

/// <summary>Real files: the one that ships, and those beside the repository where they are.</summary>
public sealed class GgufMaterialTests
{
    [Fact]
    public void The_embedded_model_opens()
    {
        var path = Directory.GetFiles(Path.Combine(Root(), "models"), "*.gguf").Single();
        var file = GgufFile.Open(path);
        Assert.Equal("llama", file.Metadata.GetString("general.architecture"));
        Assert.True(file.TryFindTensor("token_embd.weight", out var embedding));
        Assert.True(file.Metadata.TryGetStringArray("tokenizer.ggml.tokens", out var tokens));
        Assert.Equal(embedding.Spec.Shape.D1, tokens.Count);
        Assert.InRange(file.TotalWeightBytes, 1, file.FileLengths[0]);
        Assert.Equal(file.Tensors.Sum(tensor => tensor.Spec.ByteLength), file.TotalWeightBytes);
    }

    [Fact]
    public void Every_model_beside_the_repository_opens()
    {
        var shared = Environment.GetEnvironmentVariable("HOTPLUG_SHARED") is { Length: > 0 } given ? given : Path.Combine(Root(), "..", "shared");
        if (!Directory.Exists(shared)) Assert.Skip($"There is no folder {shared}; set HOTPLUG_SHARED.");
        var paths = Directory.GetFiles(shared, "*.gguf", SearchOption.AllDirectories);
        if (paths.Length == 0) Assert.Skip($"There are no models under {shared}.");
        foreach (var path in paths)
        {
            var file = GgufFile.Open(path);
            Assert.NotEmpty(file.Metadata.GetString("general.architecture"));
            Assert.All(file.Tensors, tensor =>
                Assert.InRange(tensor.FileOffset + tensor.Spec.ByteLength, 1, new FileInfo(path).Length));
            foreach (var entry in file.Metadata.Entries)
                Assert.InRange(file.Metadata.Preview(entry).Length, 1, 200);
        }
    }

    [Fact]
    public void Opening_a_model_allocates_for_its_header_only()
    {
        var path = Directory.GetFiles(Path.Combine(Root(), "models"), "*.gguf").Single();
        GgufFile.Open(path);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var file = GgufFile.Open(path);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.InRange(allocated, 1, file.Tensors.Min(tensor => tensor.FileOffset) * 3);
    }

    private static string Root()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "Framework.sln"))) return folder.FullName;
        throw new InvalidOperationException("Framework.sln is not above the tests.");
    }
}
