using Hotplug.Runtime.Memory;
using Hotplug.UnitTests.Memory.Fakes;
using Xunit;

namespace Hotplug.UnitTests.Memory;

public sealed class WeightFileTests : IDisposable
{
    private readonly TestFiles _files = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public void An_unchanged_file_verifies_and_reads()
    {
        var content = _files.Content(10_000, 1);
        var file = _files.Open(content);
        file.Verify();
        var read = new byte[4_000];
        file.Read(read, 5_999);
        Assert.Equal(content.AsSpan(5_999, 4_000).ToArray(), read);
    }

    [Fact]
    public void Truncation_is_found_by_verifying_and_by_reading()
    {
        var path = _files.Create(_files.Content(10_000, 1));
        using var file = WeightFile.Open(path);
        Overwrite(path, stream => stream.SetLength(5_000));
        var failure = Assert.Throws<WeightFileChangedException>(file.Verify);
        Assert.Equal((10_000, 5_000), (failure.Expected, failure.Actual));
        Assert.Contains("truncated", failure.Message);
        Assert.Throws<WeightFileChangedException>(() => file.Read(new byte[10], 4_995));
        file.Read(new byte[10], 4_990);
    }

    [Fact]
    public void Growth_and_rewriting_are_found()
    {
        var path = _files.Create(_files.Content(10_000, 1));
        using (var file = WeightFile.Open(path))
        {
            Overwrite(path, stream => stream.SetLength(10_001));
            Assert.Throws<WeightFileChangedException>(file.Verify);
        }
        using (var file = WeightFile.Open(path))
        {
            File.SetLastWriteTimeUtc(path, DateTime.UtcNow.AddHours(1));
            Assert.Throws<WeightFileChangedException>(file.Verify);
        }
    }

    [Fact]
    public void Another_file_under_the_same_name_changes_nothing()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows does not let an open file's name go.");
        var content = _files.Content(10_000, 1);
        var path = _files.Create(content);
        using var file = WeightFile.Open(path);
        File.Move(_files.Create(_files.Content(5, 2)), path, overwrite: true);
        file.Verify();
        var read = new byte[10_000];
        file.Read(read, 0);
        Assert.Equal(content, read);
    }

    [Fact]
    public void Reading_outside_is_an_error_of_the_caller()
    {
        var file = _files.Open(_files.Content(100, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => file.Read(new byte[1], -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => file.Read(new byte[2], 99));
        Assert.Throws<ArgumentOutOfRangeException>(() => file.Read([], long.MaxValue));
        file.Read([], 100);
    }

    private static void Overwrite(string path, Action<FileStream> change)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows does not let an open file be written.");
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        change(stream);
    }
}
