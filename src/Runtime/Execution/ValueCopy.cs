using System.Buffers;
using Hotplug.Abstractions.Graphs;
using Hotplug.Abstractions.Memory;
using Hotplug.Abstractions.Tensors;

namespace Hotplug.Runtime.Execution;

/// <summary>
/// Carries a value from one device to another between two slices: directly where the destination can, otherwise through host memory. Each side is called on its own lane.
/// </summary>
internal sealed class ValueCopy
{
    private readonly DeviceState _source;
    private readonly DeviceState _destination;
    private readonly TensorRef _from;
    private readonly TensorRef _to;
    private readonly GraphValue _value;
    private readonly StepState _step;
    private readonly CopyWork _copy;
    private readonly ReadWork _read;
    private readonly WriteWork _write;
    private readonly byte[] _staging;
    private long _rows;
    private int _bytes;
    private bool _copied;

    public ValueCopy(DeviceState source, TensorRef from, DeviceState destination, TensorRef to, GraphValue value, StepState step)
    {
        (_source, _from, _destination, _to, _value, _step) = (source, from, destination, to, value, step);
        _staging = GC.AllocateUninitializedArray<byte>(checked((int)from.Spec.ByteLength), pinned: true);
        (_copy, _read, _write) = (new CopyWork(this), new ReadWork(this), new WriteWork(this));
    }

    /// <summary>Bytes copied since the model was loaded.</summary>
    public long TotalBytes { get; private set; }

    /// <summary>Copies made since the model was loaded.</summary>
    public long Count { get; private set; }

    public void Run()
    {
        _rows = _value.Shape.Resolve(_step.Batch.Extents).RowCount;
        if (_rows == 0) return;
        _bytes = checked((int)(_rows * _from.Spec.RowBytes));
        _copied = false;
        if (_destination.Device.Device is ICopiesFrom) _destination.Lane.Run(_copy);
        if (!_copied)
        {
            _source.Lane.Run(_read);
            _destination.Lane.Run(_write);
        }
        TotalBytes += _bytes;
        Count++;
    }

    private sealed class CopyWork(ValueCopy owner) : IDeviceWork
    {
        public string Name => "copy";

        public void Execute() => owner._copied = ((ICopiesFrom)owner._destination.Device.Device).TryCopy(owner._from, owner._to, owner._rows);
    }

    private sealed class ReadWork(ValueCopy owner) : IDeviceWork
    {
        public string Name => "read";

        public void Execute() => owner._from.Buffer.Read(owner._from, 0, owner._staging.AsSpan(0, owner._bytes));
    }

    private sealed class WriteWork(ValueCopy owner) : IDeviceWork
    {
        public string Name => "write";

        public void Execute() => owner._to.Buffer.Write(owner._to, 0, owner._staging.AsSpan(0, owner._bytes));
    }
}
