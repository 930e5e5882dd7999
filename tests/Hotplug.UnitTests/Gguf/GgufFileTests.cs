using Hotplug.Abstractions.Tensors;
using Hotplug.Inference.Gguf;
using Xunit;

namespace Hotplug.UnitTests.Gguf;

/// <summary>Files on disk: truncated, odd, missing, and split.</summary>
public sealed class GgufFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("gguf-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_file_opens_as_it_parses_and_is_let_go()
    {
        var bytes = GgufSeeds.Model().ToArray();
        var path = Write("model.gguf", bytes);
        var (opened, parsed) = (GgufFile.Open(path), GgufFile.Parse(bytes, path));
        Assert.Equal(parsed.Tensors, opened.Tensors);
        Assert.Equal(parsed.Metadata.Entries.Select(parsed.Metadata.Preview), opened.Metadata.Entries.Select(opened.Metadata.Preview));
        Assert.Equal((path, bytes.LongLength, 3U), (opened.Paths.Single(), opened.FileLengths.Single(), opened.Version));

        // Nothing holds the file: it can be opened for itself alone, and the metadata outlives it.
        using (new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None))
        {
        }

        File.Delete(path);
        Assert.Equal("tiny", opened.Metadata.GetString("general.name"));
    }

    [Fact]
    public void A_file_cut_at_any_byte_is_refused()
    {
        var bytes = GgufSeeds.Tiny().With(forge => forge.DataBytes = 64 + 34).ToArray();
        for (var length = 0; length < bytes.Length; length++)
        {
            var path = Write("cut.gguf", bytes[..length]);
            var error = Assert.Throws<GgufException>(() => GgufFile.Open(path));
            Assert.InRange(error.Offset, 0, length);
            Assert.Equal(path, error.Path);
        }

        GgufFile.Open(Write("whole.gguf", bytes));
    }

    [Fact]
    public void What_is_no_file_is_refused()
    {
        Assert.Throws<FileNotFoundException>(() => GgufFile.Open(Path.Combine(_folder, "absent.gguf")));
        Assert.Throws<FileNotFoundException>(() => GgufFile.Open(Path.Combine(_folder, "absent", "absent.gguf")));
        Assert.Throws<UnauthorizedAccessException>(() => GgufFile.Open(_folder));
        Assert.Throws<ArgumentException>(() => GgufFile.Open(""));
        var path = Write("file", [1, 2, 3]);
        var below = Record.Exception(() => GgufFile.Open(Path.Combine(path, "model.gguf")));
        Assert.True(below is FileNotFoundException or GgufException, below?.ToString());
    }

    [Fact]
    public void Devices_and_links_are_followed_to_what_they_are()
    {
        if (OperatingSystem.IsWindows()) Assert.Skip("Links need rights on Windows, and there is no /dev/zero.");
        Assert.Equal("magic", Assert.Throws<GgufException>(() => GgufFile.Open("/dev/zero")).Field);
        var link = Path.Combine(_folder, "link.gguf");
        File.CreateSymbolicLink(link, "/dev/zero");
        Assert.Equal("magic", Assert.Throws<GgufException>(() => GgufFile.Open(link)).Field);
        File.Delete(link);
        File.CreateSymbolicLink(link, Write("real.gguf", GgufSeeds.Tiny().ToArray()));
        Assert.Equal(2, GgufFile.Open(link).Tensors.Count);
        File.Delete(link);
        File.CreateSymbolicLink(link, link);
        Assert.Equal("file", Assert.Throws<GgufException>(() => GgufFile.Open(link)).Field);
    }

    [Fact]
    public void A_pipe_is_refused_rather_than_waited_for()
    {
        if (OperatingSystem.IsWindows()) Assert.Skip("Named pipes are no files on Windows.");
        var pipe = Path.Combine(_folder, "pipe.gguf");
        using (var make = System.Diagnostics.Process.Start("mkfifo", [pipe])) make.WaitForExit();
        Assert.Equal("magic", Assert.Throws<GgufException>(() => GgufFile.Open(pipe)).Field);
        var link = Path.Combine(_folder, "link.gguf");
        File.CreateSymbolicLink(link, pipe);
        Assert.Equal("magic", Assert.Throws<GgufException>(() => GgufFile.Open(link)).Field);
    }

    [Fact]
    public void A_split_model_is_one_model()
    {
        var paths = Split(3);
        var file = GgufFile.Open(paths[0]);
        Assert.Equal(paths, file.Paths);
        Assert.Equal(["t0", "u0", "t1", "u1", "t2", "u2"], file.Tensors.Select(tensor => tensor.Spec.Name));
        Assert.Equal([0, 0, 1, 1, 2, 2], file.Tensors.Select(tensor => tensor.File));
        Assert.Equal(6 * 32, file.TotalWeightBytes);
        Assert.Equal("first", file.Metadata.GetString("only.in"));
        Assert.True(file.TryFindTensor("u2", out var tensor));
        Assert.Equal(new FileInfo(paths[2]).Length, tensor.FileOffset + 32);
    }

    [Fact]
    public void A_later_shard_leads_to_the_first()
    {
        var paths = Split(3);
        var error = Assert.Throws<GgufException>(() => GgufFile.Open(paths[1]));
        Assert.Equal("split.no", error.Field);
        Assert.Contains(paths[0], error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_shard_is_named()
    {
        var paths = Split(3);
        File.Delete(paths[2]);
        var error = Assert.Throws<GgufException>(() => GgufFile.Open(paths[0]));
        Assert.Equal(paths[2], error.Path);
        Assert.Contains("shard 3 of 3 is missing", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_first_shard_under_another_name_says_so()
    {
        var renamed = Path.Combine(_folder, "renamed.gguf");
        File.Move(Split(2)[0], renamed);
        Assert.Contains("-00001-of-00002.gguf", Assert.Throws<GgufException>(() => GgufFile.Open(renamed)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Shards_that_disagree_are_refused_with_the_one_at_fault()
    {
        var paths = Split(3);
        Refused(Shard(1, 2), "split.no");
        Refused(Shard(1, 1, count: 4), "split.count");
        Refused(new GgufForge().Tensor("t1", TensorType.F32, 8), "split.count");
        Refused(new GgufForge().UInt16("split.no", 1).UInt16("split.count", 3).Tensor("t1", TensorType.F32, 8).Tensor("t0", TensorType.F32, 8), "t0: data");
        Refused(Shard(1, 1).With(forge => forge.Magic = "GGML"u8.ToArray()), "magic");
        Refused(Shard(1, 1).Tensor("extra", TensorType.F32, 8), "split.tensors.count", paths[0]);
        Write(Path.GetFileName(paths[1]), Shard(1, 1).ToArray());
        Assert.Equal(3, GgufFile.Open(paths[0]).Paths.Count);

        void Refused(GgufForge second, string field, string? at = null)
        {
            Write(Path.GetFileName(paths[1]), second.ToArray());
            var error = Assert.Throws<GgufException>(() => GgufFile.Open(paths[0]));
            Assert.Equal((at ?? paths[1], field), (error.Path, error.Field));
        }
    }

    [Theory]
    [InlineData(-1, 3), InlineData(70_000, 3), InlineData(0, -3), InlineData(0, 70_000), InlineData(3, 3), InlineData(1, 1)]
    public void Numbers_of_shards_are_in_range(int number, int count)
    {
        var forge = new GgufForge().Integer("split.no", GgufValueType.Int32, number).Integer("split.count", GgufValueType.Int32, count);
        Assert.StartsWith("split.", Assert.Throws<GgufException>(() => GgufFile.Open(Write("x-00001-of-00003.gguf", forge.ToArray()))).Field, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0), InlineData(1)]
    public void A_model_that_was_merged_again_is_whole(int count) =>
        Assert.Single(GgufFile.Open(Write("merged.gguf", new GgufForge().UInt16("split.no", 0).UInt16("split.count", (ushort)count).ToArray())).Paths);

    private string[] Split(int count) =>
        [.. Enumerable.Range(0, count).Select(i => Write($"m-{i + 1:D5}-of-{count:D5}.gguf", Shard(i, i, count).ToArray()))];

    private static GgufForge Shard(int index, int number, int count = 3)
    {
        var forge = new GgufForge().UInt16("split.no", (ushort)number).UInt16("split.count", (ushort)count)
            .Integer("split.tensors.count", GgufValueType.Int32, count * 2);
        if (index == 0) forge.String("only.in", "first");
        return forge.Tensor($"t{index}", TensorType.F32, 8).Tensor($"u{index}", TensorType.F32, 8);
    }

    private string Write(string name, byte[] bytes)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllBytes(path, bytes);
        return path;
    }
}
