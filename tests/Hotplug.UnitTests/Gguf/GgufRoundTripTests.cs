using CsCheck;
using Hotplug.Abstractions.Tensors;
using Hotplug.Inference.Gguf;
using Xunit;

namespace Hotplug.UnitTests.Gguf;

/// <summary>Whatever is written comes back: keys, values, types, shapes and places.</summary>
public sealed class GgufRoundTripTests
{
    private static readonly GgufValueType[] Signed = [GgufValueType.Int8, GgufValueType.Int16, GgufValueType.Int32];

    private abstract record Value;
    private sealed record Text(string Content) : Value;
    private sealed record Texts(string[] Content) : Value;
    private sealed record Integer(GgufValueType Type, int Content) : Value;
    private sealed record Integers(GgufValueType Type, int[] Content) : Value;
    private sealed record Float(float Content) : Value;

    private static readonly Gen<string> AnyText = Gen.String[Gen.Char['\0', '\uD7FF'], 0, 40];

    private static readonly Gen<Value> AnyValue = Gen.OneOf<Value>(
        AnyText.Select(text => (Value)new Text(text)),
        AnyText.Array[0, 20].Select(texts => (Value)new Texts(texts)),
        Gen.Select(Among(Signed), Gen.Int[-128, 127], (type, value) => (Value)new Integer(type, value)),
        Gen.Select(Among(Signed), Gen.Int[-128, 127].Array[0, 30], (type, values) => (Value)new Integers(type, values)),
        Gen.Single[-1e30f, 1e30f].Select(value => (Value)new Float(value)));

    private static readonly Gen<(TensorType Type, int Blocks, int[] Outer, int Gap)> AnyTensor =
        Gen.Select(Among([.. TensorTypes.All]), Gen.Int[0, 3], Gen.Int[0, 3].Array[0, 3], Gen.Int[0, 2], (type, blocks, outer, gap) => (type, blocks, outer, gap));

    private static Gen<T> Among<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    [Fact]
    public void What_is_written_is_read()
    {
        Gen.Select(AnyValue.Array[0, 12], AnyTensor.Array[0, 12], Among(8, 32, 256), Gen.Bool).Sample((values, tensors, alignment, reversed) =>
        {
            var forge = new GgufForge { Alignment = alignment }.UInt32("general.alignment", (uint)alignment);
            for (var i = 0; i < values.Length; i++) Put(forge, $"key.{i}", values[i]);
            var (records, dataBytes) = Place(tensors, alignment);
            if (reversed) records.Reverse();
            foreach (var (name, type, extents, offset) in records) forge.TensorAt((ulong)offset, name, type, extents);
            forge.DataBytes = dataBytes;
            var bytes = forge.ToArray();

            var file = GgufFile.Parse(bytes, "round.gguf");
            Assert.Equal(values.Length + 1, file.Metadata.Entries.Count);
            for (var i = 0; i < values.Length; i++) Check(file.Metadata, $"key.{i}", values[i]);
            Assert.Equal(records.Select(record => record.Name), file.Tensors.Select(tensor => tensor.Spec.Name));
            foreach (var (tensor, record) in file.Tensors.Zip(records))
            {
                Assert.Equal(record.Type, tensor.Spec.Type);
                Assert.Equal(record.Extents.Select(extent => (long)extent), Enumerable.Range(0, record.Extents.Length).Select(i => tensor.Spec.Shape[i]));
                Assert.Equal(bytes.Length - dataBytes + record.Offset, tensor.FileOffset);
            }

            Assert.Equal(file.Tensors.Sum(tensor => tensor.Spec.ByteLength), file.TotalWeightBytes);
        }, iter: 2000, threads: 1);
    }

    private static (List<(string Name, TensorType Type, ulong[] Extents, long Offset)> Records, long DataBytes) Place(
        (TensorType Type, int Blocks, int[] Outer, int Gap)[] tensors, int alignment)
    {
        var records = new List<(string, TensorType, ulong[], long)>();
        var (offset, end) = (0L, 0L);
        for (var i = 0; i < tensors.Length; i++)
        {
            var (type, blocks, outer, gap) = tensors[i];
            ulong[] extents = [(ulong)(blocks * type.BlockLength()), .. outer.Select(extent => (ulong)extent)];
            offset += gap * alignment;
            records.Add(($"tensor.{i}", type, extents, offset));
            end = offset + (long)blocks * type.BlockBytes() * outer.Aggregate(1, (product, extent) => product * extent);
            offset = (end + alignment - 1) / alignment * alignment;
        }

        return (records, end);
    }

    private static void Put(GgufForge forge, string key, Value value) => _ = value switch
    {
        Text text => forge.String(key, text.Content),
        Texts texts => forge.Strings(key, texts.Content),
        Integer integer => forge.Integer(key, integer.Type, integer.Content),
        Integers integers => forge.Integers(key, integers.Type, [.. integers.Content.Select(item => (long)item)]),
        Float number => forge.Float(key, number.Content),
        _ => throw new ArgumentException("An unknown kind of value."),
    };

    private static void Check(GgufMetadata metadata, string key, Value value)
    {
        switch (value)
        {
            case Text text:
                Assert.Equal(text.Content, metadata.GetString(key));
                break;
            case Texts texts:
                Assert.True(metadata.TryGetStringArray(key, out var strings));
                Assert.Equal(texts.Content, Enumerable.Range(0, strings.Count).Select(strings.GetString));
                break;
            case Integer integer:
                Assert.Equal(integer.Content, metadata.GetInt32(key));
                break;
            case Integers integers:
                Assert.True(metadata.TryGetInt32Array(key, out var numbers));
                Assert.Equal(integers.Content, numbers);
                break;
            case Float number:
                Assert.Equal(number.Content, metadata.GetFloat(key));
                break;
        }
    }
}
