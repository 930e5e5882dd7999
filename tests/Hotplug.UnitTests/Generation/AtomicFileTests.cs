using Hotplug.Inference.Generation.Saving;
using Xunit;

namespace Hotplug.UnitTests.Generation;

/// <summary>Files that are written whole or not at all.</summary>
public sealed class AtomicFileTests
{
    [Fact]
    public async Task A_device_is_not_exchanged_for_a_file()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Devices are files of Unix.");
        // A name that no device has: should the guard be gone, nothing of the system is harmed.
        const string path = "/dev/hotplug-no-such-device";
        Assert.Contains("is a device", Assert.Throws<IOException>(() => AtomicFile.Write(path, file => file.WriteByte(1))).Message);
        Assert.Contains("is a device", (await Assert.ThrowsAsync<IOException>(() => AtomicFile.WriteAsync(path, file => Task.CompletedTask))).Message);
        Assert.False(File.Exists(path));
    }

    [Fact]
    public void A_folder_that_is_not_there_is_named()
    {
        var folder = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        Assert.Contains($"'{folder}'", Assert.Throws<DirectoryNotFoundException>(() => AtomicFile.Write(Path.Combine(folder, "x"), file => file.WriteByte(1))).Message);
        Assert.False(Directory.Exists(folder));
    }
}
