using Hotplug.Runtime.Memory.Policy;

namespace Hotplug.Runtime.Memory.Composition;

/// <summary>A request while it is being planned: checked, with its facts, then with its place and fate.</summary>
internal sealed class WeightItem(int index, WeightRequest request, BufferTypeFacts facts, long bytes, nuint size)
{
    public int Index => index;

    public WeightRequest Request => request;

    public BufferTypeFacts Facts => facts;

    public long Bytes => bytes;

    public nuint Size => size;

    public bool InHostMemory => facts.Traits.HostVisible;

    public MapFate Map { get; set; }

    public string MapReason { get; set; } = "";

    public int Part { get; set; } = -1;

    public nuint Offset { get; set; }

    public LockPolicy LockWish { get; set; }

    public LockFate Lock { get; set; }

    public string LockReason { get; set; } = "";

    public PlannedTensor ToPlanned() => new()
    {
        Request = index,
        Spec = request.Spec,
        Part = Part,
        Offset = Offset,
        Size = size,
        Bytes = bytes,
        File = request.File,
        FileOffset = request.FileOffset,
        Map = Map,
        MapReason = MapReason,
        LockWish = LockWish,
        Lock = Lock,
        LockReason = LockReason,
    };
}
