using System.Buffers;
using Hotplug.Abstractions.Tensors;
using Hotplug.Inference.Generation.Saving;
using Hotplug.Inference.Gguf;
using Hotplug.Inference.Models;
using Hotplug.Inference.Quantization.Rows;

namespace Hotplug.Inference.Quantization;

/// <summary>
/// Writes a model again with other tensor types. Elements are read through a backend and rounded as llama.cpp rounds them without an importance matrix.
/// Metadata is copied; a split model becomes one file. Holds no state, safe from any thread.
/// </summary>
public static class ModelQuantizer
{
    // Rows that are rounded at once by all threads.
    private const int RowsPerChunk = 256;

    /// <summary>The version of the quantised types, from <c>general.quantization_version</c>.</summary>
    private const int TypesVersion = 2;

    private const string VersionKey = "general.quantization_version", FileTypeKey = "general.file_type";

    /// <summary>Writes the model.</summary>
    /// <param name="host">Opens the backend.</param>
    /// <param name="file">The model.</param>
    /// <param name="path">Where to write; what is there is replaced once all is written, and stays if anything fails.</param>
    /// <param name="mix">What it becomes.</param>
    /// <param name="options">How.</param>
    /// <param name="progress">Is told of each tensor and of the end.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <exception cref="QuantizationRefusedException">It holds quantised tensors, which the options do not allow to be quantised again, or <paramref name="path"/> is one of its files.</exception>
    /// <exception cref="GgufException">A tensor holds what is no finite number, or what the type cannot hold.</exception>
    public static async Task<QuantizationResult> WriteAsync(ModelHost host, GgufFile file, string path, QuantizationMix mix, QuantizationOptions options,
        IProgress<QuantizationProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(host);
        ArgumentNullException.ThrowIfNull(file);
        ArgumentNullException.ThrowIfNull(mix);
        var types = MixedTypes.Of(file, mix, options.IsPure);
        Check(file, path, types, options);

        var writer = new GgufWriter();
        foreach (var entry in file.Metadata.Entries)
            if (!IsReplaced(entry.Key)) writer.Add(file.Metadata, entry);
        writer.Add(VersionKey, TypesVersion);
        writer.Add(FileTypeKey, mix.FileType);
        var targets = file.Tensors.Select(tensor => tensor.Spec with { Type = types[tensor.Spec.Name] }).ToArray();
        foreach (var target in targets) writer.Add(target);

        long done = 0;
        var total = targets.Sum(target => target.ByteLength);
        await AtomicFile.WriteAsync(path, async stream =>
        {
            writer.WriteHeader(stream);
            for (var i = 0; i < targets.Length; i++)
            {
                cancellation.ThrowIfCancellationRequested();
                var tensor = file.Tensors[i];
                progress?.Report(new(tensor.Spec, targets[i].Type, done, total));
                if (tensor.Spec.Type == targets[i].Type) Copy(file.Paths[tensor.File], tensor, stream);
                else await QuantizeAsync(host, file, tensor, targets[i], options.Backend, stream, cancellation).ConfigureAwait(false);
                GgufWriter.Pad(stream);
                done += targets[i].ByteLength;
            }
        }).ConfigureAwait(false);
        if (targets.Length > 0) progress?.Report(new(file.Tensors[^1].Spec, targets[^1].Type, total, total));
        return new(targets.Length, file.Tensors.Where((tensor, i) => tensor.Spec.Type != targets[i].Type).Count(),
            targets.Sum(target => target.Shape.ElementCount), file.TotalWeightBytes, total);
    }

    private static void Check(GgufFile file, string path, IReadOnlyDictionary<string, TensorType> types, QuantizationOptions options)
    {
        if (file.Paths.Any(source => Path.GetFullPath(source) == Path.GetFullPath(path)))
            throw new QuantizationRefusedException($"{path} is the model that is read. Give another name.");
        foreach (var tensor in file.Tensors)
        {
            var (from, to) = (tensor.Spec.Type, types[tensor.Spec.Name]);
            if (from == to) continue;
            if (from.IsQuantized() && !options.AllowsRequantization)
                throw new QuantizationRefusedException($"{tensor.Spec.Name} is {from} already, and to quantise it again as {to} loses more than to quantise the original. "
                    + "Give the model in F32, F16 or BF16, or allow it with --allow-requantize.");
        }
    }

    // What is written anew, what told of several files, and the alignment, which is the default one.
    private static bool IsReplaced(string key) => key is VersionKey or FileTypeKey or "general.alignment" or "split.no" or "split.count" or "split.tensors.count";

    private static void Copy(string path, GgufTensor tensor, Stream target)
    {
        using var source = File.OpenHandle(path);
        var buffer = ArrayPool<byte>.Shared.Rent(1 << 20);
        try
        {
            for (long at = 0; at < tensor.Spec.ByteLength;)
            {
                var read = RandomAccess.Read(source, buffer.AsSpan(0, (int)Math.Min(buffer.Length, tensor.Spec.ByteLength - at)), tensor.FileOffset + at);
                if (read == 0) throw Damaged(path, tensor, "the file ends in the middle of it", "It became shorter while it was read; get it again");
                target.Write(buffer, 0, read);
                at += read;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static async Task QuantizeAsync(ModelHost host, GgufFile file, GgufTensor tensor, TensorSpec target, string backend, Stream stream, CancellationToken cancellation)
    {
        var quantizer = RowQuantizer.Of(target.Type);
        var (columns, rowBytes) = (checked((int)target.Shape.D0), checked((int)target.RowBytes));
        var chunk = (int)Math.Min(RowsPerChunk, target.RowCount);
        var (values, bytes) = (new float[chunk * (long)columns], new byte[chunk * (long)rowBytes]);
        var filled = 0;
        await TensorRows.ReadAsync(host, file, tensor, backend, target.RowCount, row =>
        {
            row.CopyTo(values.AsSpan(filled * columns));
            if (++filled == chunk) Flush();
        }, cancellation).ConfigureAwait(false);
        if (filled > 0) Flush();

        void Flush()
        {
            try
            {
                Parallel.For(0, filled, new() { CancellationToken = cancellation }, Write);
            }
            catch (AggregateException e) when (e.InnerExceptions.OfType<GgufException>().FirstOrDefault() is { } first)
            {
                // What is wrong with one row is told; several threads may have met others.
                throw first;
            }
            stream.Write(bytes, 0, filled * rowBytes);
            filled = 0;
        }

        void Write(int row)
        {
            ReadOnlySpan<float> source = values.AsSpan(row * columns, columns);
            foreach (var value in source)
                if (!float.IsFinite(value))
                    throw Damaged(file.Paths[tensor.File], tensor, $"it holds {value}, which has no place in a model", "Convert the original model again; if that holds it too, its training failed");
            try
            {
                quantizer.Write(source, bytes.AsSpan(row * rowBytes, rowBytes));
            }
            catch (OverflowException e)
            {
                throw Damaged(file.Paths[tensor.File], tensor, e.Message, "Choose BF16 or F32", e);
            }
        }
    }

    private static GgufException Damaged(string path, GgufTensor tensor, string problem, string cure, Exception? inner = null)
        => new(path, tensor.FileOffset, tensor.Spec.Name, problem, cure, inner);
}
