using Hotplug.Abstractions.Memory;
using Hotplug.Runtime.Faults;
using Hotplug.Runtime.Memory.Policy;

namespace Hotplug.Runtime.Memory.Composition;

/// <summary>Checks requests against their files and reads what their buffer types say.</summary>
internal static class WeightIntake
{
    // Sizes beyond the address space of any machine are a defect of who states them.
    private const ulong Absurd = 1UL << 46;

    public static List<WeightItem> Check(IReadOnlyList<WeightRequest> requests, IReadOnlyList<long> fileLengths, List<MemoryRefusal> refusals)
    {
        var items = new List<WeightItem>(requests.Count);
        var types = new Dictionary<IBufferType, BufferTypeFacts>(ReferenceEqualityComparer.Instance);
        for (var i = 0; i < requests.Count; i++)
        {
            var request = requests[i];
            var subject = Name(request, i);
            if (BytesOf(request) is not { } bytes)
                refusals.Add(new(MemoryRefusalCode.BadTensor, subject, "its type and shape have no size in bytes", "the file is damaged, or of a newer format"));
            else if (request.File < 0 || request.File >= fileLengths.Count)
                refusals.Add(new(MemoryRefusalCode.BadTensor, subject, $"it lies in file {request.File} of {fileLengths.Count}", "give every file of a split model"));
            else if (request.FileOffset < 0 || bytes > fileLengths[request.File] - request.FileOffset)
                refusals.Add(new(MemoryRefusalCode.BadTensor, subject, $"its {bytes} bytes at {request.FileOffset} do not lie in the file, which has {fileLengths[request.File]}", "the file is incomplete: fetch it again"));
            else
            {
                try
                {
                    CallTrace.Note(request.Device, "stating the facts of a buffer type");
                    if (!types.TryGetValue(request.BufferType, out var facts))
                        types.Add(request.BufferType, facts = BufferTypeFacts.Read(request.BufferType));
                    var size = facts.SizeOf(request.Spec);
                    if (size > Absurd)
                        refusals.Add(new(MemoryRefusalCode.BadBufferType, facts.Name, $"it asks {size} bytes for {subject}, which has {bytes}", "report this to the author of the plugin"));
                    else
                        items.Add(new WeightItem(i, request, facts, bytes, size));
                }
                catch (BackendFaultException fault)
                {
                    refusals.Add(new(MemoryRefusalCode.BadBufferType, fault.Origin, fault.Message, "report this to the author of the plugin, and use another backend"));
                }
            }
        }
        return items;
    }

    private static string Name(in WeightRequest request, int index) => request.Spec.Name.Length != 0 ? request.Spec.Name : $"tensor {index}";

    private static long? BytesOf(in WeightRequest request)
    {
        try
        {
            return request.Spec.ByteLength;
        }
        catch (Exception exception) when (exception is OverflowException or ArgumentException)
        {
            return null;
        }
    }
}
