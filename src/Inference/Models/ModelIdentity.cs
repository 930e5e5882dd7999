using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Hotplug.Inference.Gguf;
using Hotplug.Runtime.Memory;

namespace Hotplug.Inference.Models;

/// <summary>
/// Tells one model from another without reading all of it: SHA-256 over the metadata, the directory of tensors, the lengths of the files, and the first bytes of some
/// tensors. The last tell a model from its fine-tuned sister, whose header may be the same. It is a stamp against mistakes, not a signature.
/// </summary>
internal static class ModelIdentity
{
    private const int Samples = 64, SampleBytes = 4096;

    /// <summary>The identity, in lower-case hexadecimal digits.</summary>
    /// <param name="source">The headers.</param>
    /// <param name="files">The files of the source, open.</param>
    /// <exception cref="WeightFileChangedException">A file is no longer what it was when it was opened.</exception>
    public static string Of(ModelSource source, IReadOnlyList<WeightFile> files)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Add(hash, source.File, files, 0);
        var first = source.File.Paths.Count;
        foreach (var adapter in source.Adapters)
        {
            // The same text goes on otherwise with another share of an adapter.
            Add(hash, BitConverter.SingleToInt32Bits(adapter.Multiplier));
            Add(hash, adapter.File, files, first);
            first += adapter.File.Paths.Count;
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static void Add(IncrementalHash hash, GgufFile file, IReadOnlyList<WeightFile> files, int firstFile)
    {
        Add(hash, file.Metadata.Bytes.Length);
        hash.AppendData(file.Metadata.Bytes);
        foreach (var length in file.FileLengths) Add(hash, length);
        Add(hash, file.Tensors.Count);
        foreach (var tensor in file.Tensors)
        {
            var (spec, name) = (tensor.Spec, Encoding.UTF8.GetBytes(tensor.Spec.Name));
            Add(hash, name.Length);
            hash.AppendData(name);
            foreach (var number in (ReadOnlySpan<long>)[(long)spec.Type, spec.Shape.D0, spec.Shape.D1, spec.Shape.D2, spec.Shape.D3, tensor.File, tensor.FileOffset]) Add(hash, number);
        }
        Span<byte> sample = stackalloc byte[SampleBytes];
        var samples = Math.Min(Samples, file.Tensors.Count);
        for (var i = 0; i < samples; i++)
        {
            var tensor = file.Tensors[(int)((long)i * file.Tensors.Count / samples)];
            var first = sample[..(int)Math.Min(SampleBytes, tensor.Spec.ByteLength)];
            files[firstFile + tensor.File].Read(first, tensor.FileOffset);
            hash.AppendData(first);
        }
    }

    private static void Add(IncrementalHash hash, long number)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, number);
        hash.AppendData(bytes);
    }
}
