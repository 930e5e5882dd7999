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
    /// <param name="file">The header.</param>
    /// <param name="files">The files of the header, open.</param>
    /// <exception cref="WeightFileChangedException">A file is no longer what it was when it was opened.</exception>
    public static string Of(GgufFile file, IReadOnlyList<WeightFile> files)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Add(file.Metadata.Bytes.Length);
        hash.AppendData(file.Metadata.Bytes);
        foreach (var length in file.FileLengths) Add(length);
        Add(file.Tensors.Count);
        foreach (var tensor in file.Tensors)
        {
            var (spec, name) = (tensor.Spec, Encoding.UTF8.GetBytes(tensor.Spec.Name));
            Add(name.Length);
            hash.AppendData(name);
            foreach (var number in (ReadOnlySpan<long>)[(long)spec.Type, spec.Shape.D0, spec.Shape.D1, spec.Shape.D2, spec.Shape.D3, tensor.File, tensor.FileOffset]) Add(number);
        }
        Span<byte> sample = stackalloc byte[SampleBytes];
        var samples = Math.Min(Samples, file.Tensors.Count);
        for (var i = 0; i < samples; i++)
        {
            var tensor = file.Tensors[(int)((long)i * file.Tensors.Count / samples)];
            var first = sample[..(int)Math.Min(SampleBytes, tensor.Spec.ByteLength)];
            files[tensor.File].Read(first, tensor.FileOffset);
            hash.AppendData(first);
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());

        void Add(long number)
        {
            Span<byte> bytes = stackalloc byte[sizeof(long)];
            BinaryPrimitives.WriteInt64LittleEndian(bytes, number);
            hash.AppendData(bytes);
        }
    }
}
