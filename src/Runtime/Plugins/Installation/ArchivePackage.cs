using System.Buffers.Binary;
using System.IO.Compression;
using Hotplug.Runtime.Plugins.Discovery;

namespace Hotplug.Runtime.Plugins.Installation;

/// <summary>
/// A .zip as a package: the plugin's files at its top, or in one folder there. Nothing is ever extracted by the names of the archive; files are asked for by the names that
/// <c>plugin.json</c> lists, and read no further than they may be long.
/// </summary>
internal sealed class ArchivePackage : IPluginPackage
{
    private const int EndBytes = 22, MaxCommentBytes = ushort.MaxValue, MaxDirectoryBytes = 8 << 20, MaxManifestBytes = 1 << 20;
    private const int FileTypeMask = 0xF000, FolderType = 0x4000, PlainType = 0x8000;

    private readonly string _path;
    private readonly FileStream _stream;
    private readonly ZipArchive _archive;
    private readonly Dictionary<string, ZipArchiveEntry> _files = [];

    private ArchivePackage(string path, FileStream stream, ZipArchive archive) => (_path, _stream, _archive) = (path, stream, archive);

    public IReadOnlyCollection<string> Files => _files.Keys;

    /// <summary>Opens an archive and checks every name in it.</summary>
    /// <exception cref="PluginInstallException">It is no archive, or has something that no plugin needs.</exception>
    public static ArchivePackage Open(string path, InstallLimits limits)
    {
        // Pipes and devices have no length, and to open one could wait for ever.
        if (new FileInfo(path).Length == 0) throw Refuse(path, "the file is empty.");
        FileStream? stream = null;
        ZipArchive? archive = null;
        try
        {
            stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
            CheckDirectory(path, stream, limits);
            archive = new ZipArchive(stream, ZipArchiveMode.Read);
            var package = new ArchivePackage(path, stream, archive);
            package.Index();
            return package;
        }
        catch (Exception failure)
        {
            archive?.Dispose();
            stream?.Dispose();
            // The library throws what it happens upon.
            if (failure is InvalidDataException or IOException or ArgumentException or NotSupportedException or OverflowException) throw Refuse(path, $"it is no .zip that can be read: {failure.Message}", failure);
            throw;
        }
    }

    public Stream Open(string file)
    {
        var entry = _files[file];
        if (file != PluginManifest.FileName) return entry.Open();
        // All others are compared with the hash that this one lists. Who checks it is the archive's own checksum, which the library leaves to its callers.
        using var stream = entry.Open();
        var content = new byte[MaxManifestBytes + 1];
        var length = stream.ReadAtLeast(content, content.Length, throwOnEndOfStream: false);
        if (length <= MaxManifestBytes && Checksum(content.AsSpan(0, length)) != entry.Crc32) throw new InvalidDataException($"the checksum of {file} is wrong.");
        return new MemoryStream(content, 0, length);
    }

    public void Dispose()
    {
        _archive.Dispose();
        _stream.Dispose();
    }

    /// <summary>Looks at the end of the archive before the library reads all that it announces.</summary>
    private static void CheckDirectory(string path, FileStream stream, InstallLimits limits)
    {
        var tail = new byte[Math.Min(stream.Length, EndBytes + MaxCommentBytes)];
        stream.Position = stream.Length - tail.Length;
        stream.ReadExactly(tail);
        stream.Position = 0;
        var at = tail.AsSpan().LastIndexOf("PK\u0005\u0006"u8);
        if (at < 0 || at + EndBytes > tail.Length) throw Refuse(path, "it is no .zip: it has no directory.");
        var end = tail.AsSpan(at);
        var (count, start) = (BinaryPrimitives.ReadUInt16LittleEndian(end[10..]), BinaryPrimitives.ReadUInt32LittleEndian(end[16..]));
        if (count == ushort.MaxValue || start == uint.MaxValue) throw Refuse(path, "it is of the large kind (zip64), which no plugin needs.");
        if (count > limits.Entries) throw Refuse(path, $"it has {count} entries, and a plugin at most {limits.Entries}.");
        // All between its start and its end may be read as directory, whatever length it states.
        var directory = stream.Length - tail.Length + at - start;
        if (directory is < 0 or > MaxDirectoryBytes) throw Refuse(path, $"its directory begins at byte {start} and has {directory} bytes; it may have {MaxDirectoryBytes}.");
    }

    private void Index()
    {
        var names = new PackageNames();
        foreach (var entry in _archive.Entries)
        {
            var name = entry.FullName;
            if (names.Add(name) is { } fault) throw Refuse(_path, $"the entry '{Printable(name)}' is refused: {fault}.");
            // The upper half is a Unix mode, where the packer knew one.
            var type = entry.ExternalAttributes >> 16 & FileTypeMask;
            if (type != 0 && type != (name.EndsWith('/') ? FolderType : PlainType)) throw Refuse(_path, $"the entry '{Printable(name)}' is no plain file: links and devices are refused.");
            if (entry.IsEncrypted) throw Refuse(_path, $"the entry '{Printable(name)}' is encrypted.");
        }
        var manifests = _archive.Entries.Select(e => e.FullName).Where(n => Path.GetFileName(n) == PluginManifest.FileName && n.Count(c => c == '/') <= 1).ToList();
        if (manifests.Contains(PluginManifest.FileName)) manifests = [PluginManifest.FileName];
        if (manifests.Count == 0) throw Refuse(_path, $"it has no {PluginManifest.FileName} at its top, nor in a folder there.");
        if (manifests.Count > 1) throw Refuse(_path, $"it has several plugins: {string.Join(", ", manifests.Select(Printable))}.");
        var prefix = manifests[0][..^PluginManifest.FileName.Length];
        foreach (var entry in _archive.Entries)
            if (!entry.FullName.EndsWith('/') && entry.FullName.StartsWith(prefix, StringComparison.Ordinal)) _files.Add(entry.FullName[prefix.Length..], entry);
    }

    /// <summary>CRC-32 as archives have it: polynomial 0x04C11DB7, bits reversed.</summary>
    private static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        var sum = uint.MaxValue;
        foreach (var b in bytes)
        {
            sum ^= b;
            for (var bit = 0; bit < 8; bit++) sum = sum >> 1 ^ (0xEDB88320 & (uint)-(int)(sum & 1));
        }
        return ~sum;
    }

    private static string Printable(string name) => new([.. name.Take(120).Select(c => char.IsControl(c) ? '?' : c)]);

    private static PluginInstallException Refuse(string path, string reason, Exception? inner = null)
        => new(path, reason.EndsWith('.') ? reason : reason + ".", "Pack the plugin's folder anew, or get the archive again from where it came.", inner);
}
