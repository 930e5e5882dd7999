using Hotplug.Runtime.Memory;

namespace Hotplug.UnitTests.Memory.Fakes;

/// <summary>Files of pseudo-random bytes in a folder of their own, gone with it.</summary>
internal sealed class TestFiles : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("hotplug-memory-").FullName;
    private readonly List<WeightFile> _open = [];

    public byte[] Content(int length, int seed)
    {
        var bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    public string Create(byte[] content)
    {
        var path = Path.Combine(_folder, Path.GetRandomFileName());
        File.WriteAllBytes(path, content);
        return path;
    }

    public WeightFile Open(byte[] content)
    {
        var file = WeightFile.Open(Create(content));
        _open.Add(file);
        return file;
    }

    public void Dispose()
    {
        foreach (var file in _open)
            file.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
