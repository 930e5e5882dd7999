using Hotplug.Abstractions.Memory;
using Hotplug.Abstractions.Tensors;
using Hotplug.Runtime.Memory;
using Hotplug.Testing.Data;

namespace Hotplug.Testing.Memory;

/// <summary>Tensors in a composite and what each must hold: random operations are done on both and compared.</summary>
internal sealed class CompositeMirror
{
    private readonly MultiBuffer _composite;
    private readonly Random _random;
    private readonly List<(IBuffer Part, nuint Offset, TensorSpec Spec, byte[] Bytes)> _tensors = [];

    /// <summary>Fills the parts with random tensors, side by side, and writes them.</summary>
    public CompositeMirror(MultiBuffer composite, Random random)
    {
        (_composite, _random) = (composite, random);
        foreach (var part in composite.Parts)
            for (nuint end = 0; ;)
            {
                var spec = RandomRows.Spec(random, TensorTypes.All[random.Next(TensorTypes.All.Count)], 5, $"t{_tensors.Count}");
                var offset = (end + part.Type.TensorAlignment - 1) & ~(part.Type.TensorAlignment - 1);
                if (offset + part.Type.AllocationSize(spec) > part.Length) break;
                _tensors.Add((part, offset, spec, RandomRows.Bytes(random, spec.ByteLength)));
                end = offset + part.Type.AllocationSize(spec);
            }
        foreach (var (part, offset, spec, bytes) in _tensors) part.Write(new TensorRef(part, offset, spec), 0, bytes);
    }

    /// <summary>The tensors by their physical buffers, in order of address.</summary>
    public IEnumerable<TensorRef> Tensors => _tensors.Select(tensor => new TensorRef(tensor.Part, tensor.Offset, tensor.Spec));

    /// <summary>Writes, reads or clears something, named by the composite, a view or the part.</summary>
    public void Operate(string round)
    {
        var (part, offset, spec, bytes) = _tensors[_random.Next(_tensors.Count)];
        var (named, view) = Name(part, offset, spec);
        using var owned = view;
        Scenario.Run($"{round} on {spec} in {part.Type.Name}, named by {named.Buffer.GetType().Name}", () => Operate(named, bytes));
    }

    /// <summary>Clears the whole composite.</summary>
    public void Clear()
    {
        _composite.Clear(0, _composite.Length);
        foreach (var (_, _, _, bytes) in _tensors) bytes.AsSpan().Clear();
    }

    /// <summary>Every tensor holds what it must.</summary>
    public void ExpectContent(string what)
    {
        foreach (var (part, offset, spec, bytes) in _tensors)
        {
            var read = new byte[bytes.Length];
            part.Read(new TensorRef(part, offset, spec), 0, read);
            Expect.SameBytes($"{what}: {spec} in {part.Type.Name}", bytes, read);
        }
    }

    private (TensorRef Named, IDisposable? View) Name(IBuffer part, nuint offset, TensorSpec spec)
    {
        var inComposite = part.Range.Start - _composite.Range.Start + offset;
        switch (_random.Next(4))
        {
            case 0:
                return (new TensorRef(part, offset, spec), null);
            case 1:
                var ofPart = new BufferView(part, 0, part.Length);
                return (new TensorRef(ofPart, offset, spec), ofPart);
            case 2:
                var ofWhole = new BufferView(_composite, 0, _composite.Length);
                return (new TensorRef(ofWhole, inComposite, spec), ofWhole);
            default:
                return (new TensorRef(_composite, inComposite, spec), null);
        }
    }

    private void Operate(TensorRef named, byte[] bytes)
    {
        var (rowBytes, rowCount) = ((int)named.Spec.RowBytes, (int)named.Spec.RowCount);
        var first = _random.Next(rowCount + 1);
        var rows = _random.Next(rowCount - first + 1);
        switch (_random.Next(20))
        {
            case 0:
                ClearAcross();
                break;
            case < 6:
                var written = RandomRows.Bytes(_random, rows * rowBytes);
                named.Buffer.Write(named, first, written);
                written.CopyTo(bytes, first * rowBytes);
                break;
            default:
                var read = new byte[rows * rowBytes];
                named.Buffer.Read(named, first, read);
                Expect.SameBytes($"Rows {first} to {first + rows}", bytes.AsSpan(first * rowBytes, read.Length), read);
                break;
        }
    }

    /// <summary>Everything from one tensor's start to another's end, across parts and gaps.</summary>
    private void ClearAcross()
    {
        var (a, b) = (_random.Next(_tensors.Count), _random.Next(_tensors.Count));
        var (first, last) = (Math.Min(a, b), Math.Max(a, b));
        var from = _tensors[first].Part.Range.Start + _tensors[first].Offset;
        var to = _tensors[last].Part.Range.Start + _tensors[last].Offset + _tensors[last].Part.Type.AllocationSize(_tensors[last].Spec);
        _composite.Clear(from - _composite.Range.Start, to - from);
        for (var i = first; i <= last; i++) _tensors[i].Bytes.AsSpan().Clear();
        ExpectContent($"After clearing tensors {first} to {last}");
    }
}
