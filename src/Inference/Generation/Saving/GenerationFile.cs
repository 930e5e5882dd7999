using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text.Json;

namespace Hotplug.Inference.Generation.Saving;

/// <summary>
/// A generation on disk. Little-endian:
/// <list type="table">
/// <item><term>8 bytes</term><description>signature, made so that a transfer as text shows</description></item>
/// <item><term>u32, u32, i64</term><description>version of the format, bytes of the header, bytes of the cache</description></item>
/// <item><term>header</term><description><see cref="SavedGeneration"/> as JSON in UTF-8</description></item>
/// <item><term>32 bytes</term><description>SHA-256 of everything before</description></item>
/// <item><term>cache</term><description>the cells, layer by layer, keys and then values, each as <c>[position][head][element]</c> in its cache type</description></item>
/// <item><term>32 bytes</term><description>SHA-256 of the cache</description></item>
/// </list>
/// Nothing follows. A file is written beside its place and moved there when it is whole and on the disk. It holds the text: on Unix its owner alone can read it.
/// </summary>
public sealed class GenerationFile : IDisposable
{
    /// <summary>The version this program writes; it reads all before. Version 1 has fewer options of sampling; before 3 every layer had all cells.</summary>
    public const int CurrentVersion = 3;

    private const int PrefixBytes = 24, HashBytes = SHA256.HashSizeInBytes;

    // Half a million tokens have some 4 MB.
    private const int MaxHeaderBytes = 64 << 20;

    private static ReadOnlySpan<byte> Signature => "\u0089HPG\r\n\u001a\n"u8[1..];

    private readonly FileStream _file;
    private readonly long _cacheBytes;

    private GenerationFile(string path, FileStream file, SavedGeneration saved, long cacheBytes) => (Path, _file, Saved, _cacheBytes) = (path, file, saved, cacheBytes);

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>What it holds, without the cells.</summary>
    public SavedGeneration Saved { get; }

    /// <summary>Opens a file and checks all but the cells, which are checked when they are read.</summary>
    /// <exception cref="GenerationFileException">It is no saved generation, or a damaged one.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static GenerationFile Open(string path)
    {
        FileStream? file = null;
        try
        {
            // To open a pipe could wait for ever for its writer; pipes and devices have no length.
            if (new FileInfo(path) is { Exists: true, Length: 0 }) throw Foreign(path, "the file is empty");
            file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
            return Read(path, file);
        }
        catch (Exception failure)
        {
            file?.Dispose();
            if (failure is DirectoryNotFoundException) throw new FileNotFoundException(failure.Message, path, failure);
            if (failure is IOException and not FileNotFoundException) throw new GenerationFileException(path, "file", $"it cannot be read: {failure.Message.TrimEnd('.')}", "Check the disk and the file", failure);
            throw;
        }
    }

    /// <summary>True if a file of this name may be written: one begins as a saved generation does, or none is there. Any other is left alone, since its name was most likely a mistake.</summary>
    public static bool MayReplace(string path)
    {
        if (!File.Exists(path)) return !Directory.Exists(path);
        if (new FileInfo(path).Length < PrefixBytes) return false;
        using var file = File.OpenHandle(path);
        Span<byte> start = stackalloc byte[Signature.Length];
        return RandomAccess.Read(file, start, 0) == start.Length && start.SequenceEqual(Signature);
    }

    /// <summary>Writes a generation, whole or not at all; an older file of the name is replaced.</summary>
    /// <param name="path">The file.</param>
    /// <param name="saved">What to write.</param>
    /// <param name="cells">Writes the cells to the stream it is given.</param>
    internal static void Write(string path, SavedGeneration saved, Action<Stream> cells)
    {
        if (!MayReplace(path)) throw new IOException($"{path} is there, and is no saved generation; it is left as it is. Give another name.");
        var header = JsonSerializer.SerializeToUtf8Bytes(saved, GenerationJson.Default.SavedGeneration);
        if (header.Length > MaxHeaderBytes) throw new IOException($"{saved.State.Tokens.Count} tokens are more than a file can take.");
        var cacheBytes = saved.CacheShape.Bytes;
        AtomicFile.Write(path, file =>
        {
            using var hashing = new HashingStream(file);
            Span<byte> prefix = stackalloc byte[PrefixBytes];
            Signature.CopyTo(prefix);
            BinaryPrimitives.WriteInt32LittleEndian(prefix[8..], CurrentVersion);
            BinaryPrimitives.WriteInt32LittleEndian(prefix[12..], header.Length);
            BinaryPrimitives.WriteInt64LittleEndian(prefix[16..], cacheBytes);
            hashing.Write(prefix);
            hashing.Write(header);
            file.Write(hashing.TakeHash());
            if (cacheBytes != 0) cells(hashing);
            file.Write(hashing.TakeHash());
            if (file.Position != PrefixBytes + header.Length + HashBytes + cacheBytes + HashBytes) throw new InvalidOperationException("The cells were not as many as their shape says.");
        });
    }

    /// <summary>Reads the cells.</summary>
    /// <param name="take">Reads all of them from the stream it is given; what it did with them is undone if this method throws.</param>
    /// <exception cref="GenerationFileException">They are damaged.</exception>
    internal void ReadCells(Action<Stream> take)
    {
        _file.Position = _file.Length - HashBytes - _cacheBytes;
        using var hashing = new HashingStream(_file);
        Span<byte> expected = stackalloc byte[HashBytes];
        try
        {
            take(hashing);
            _file.ReadExactly(expected);
        }
        catch (IOException failure)
        {
            throw new GenerationFileException(Path, "cache", $"it cannot be read: {failure.Message.TrimEnd('.')}", "Copy the file again from where it was saved", failure);
        }
        if (!expected.SequenceEqual(hashing.TakeHash())) throw Damaged(Path, "cache", "its checksum is wrong");
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private static GenerationFile Read(string path, FileStream file)
    {
        Span<byte> prefix = stackalloc byte[PrefixBytes];
        var length = file.Length;
        var start = prefix[..(int)Math.Min(length, PrefixBytes)];
        file.ReadExactly(start);
        if (start.Length < Signature.Length || !start.StartsWith(Signature)) throw Foreign(path, "it does not begin as a saved generation does");
        if (start.Length < PrefixBytes) throw Damaged(path, "file", $"it ends after {length} bytes");
        var version = BinaryPrimitives.ReadUInt32LittleEndian(prefix[8..]);
        if (version is 0 or > CurrentVersion)
            throw new GenerationFileException(path, "version", $"version {version} of the format is not known; 1 to {CurrentVersion} are", "The file is damaged, or newer than this program: look for an update");
        var headerBytes = BinaryPrimitives.ReadUInt32LittleEndian(prefix[12..]);
        var cacheBytes = BinaryPrimitives.ReadInt64LittleEndian(prefix[16..]);
        if (headerBytes > MaxHeaderBytes) throw Damaged(path, "header length", $"{headerBytes} bytes are more than any header has");
        var rest = length - PrefixBytes - headerBytes - 2 * HashBytes;
        if (rest != cacheBytes || rest < 0)
            throw Damaged(path, "length", $"a header of {headerBytes} bytes and a cache of {cacheBytes} do not make a file of {length}");

        // No longer than the file.
        var header = new byte[headerBytes];
        Span<byte> expected = stackalloc byte[HashBytes], actual = stackalloc byte[HashBytes];
        file.ReadExactly(header);
        file.ReadExactly(expected);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(prefix);
        hash.AppendData(header);
        hash.GetHashAndReset(actual);
        if (!expected.SequenceEqual(actual)) throw Damaged(path, "header", "its checksum is wrong");

        var saved = Parse(path, version < CurrentVersion ? OlderHeader.Complete(header) : header);
        if (saved.Fault(cacheBytes) is var (field, problem)) throw Damaged(path, field, problem);
        return new(path, file, saved, cacheBytes);
    }

    private static SavedGeneration Parse(string path, ReadOnlySpan<byte> header)
    {
        try
        {
            return JsonSerializer.Deserialize(header, GenerationJson.Default.SavedGeneration) ?? throw Damaged(path, "header", "it is null");
        }
        // Text that is no UTF-16 comes as the latter.
        catch (Exception failure) when (failure is JsonException or InvalidOperationException)
        {
            var field = (failure as JsonException)?.Path is { Length: > 2 } at ? at[2..] : "header";
            throw Damaged(path, field, failure.Message.Split(" Path: ")[0].TrimEnd('.'));
        }
    }

    private static GenerationFileException Damaged(string path, string field, string problem)
        => new(path, field, problem, "The file is damaged: copy it again from where it was saved, or begin the text anew");

    private static GenerationFileException Foreign(string path, string problem)
        => new(path, "signature", problem, "Give a file that was written by --save");
}
