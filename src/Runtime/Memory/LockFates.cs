using Hotplug.Abstractions.Memory;
using Hotplug.Runtime.Memory.Policy;

namespace Hotplug.Runtime.Memory;

/// <summary>What a lock policy means for memory that is not the host's.</summary>
internal static class LockFates
{
    /// <summary>Why the host cannot promise that such memory stays in place; empty for a type that declares it.</summary>
    public static string Why(BufferTypeFacts facts) => facts.Traits.Residency switch
    {
        Residency.Resident => "",
        Residency.Unknown => $"{facts.Name} cannot tell whether its memory can be paged out",
        _ => $"{facts.Name} keeps pageable memory of its own, which the host cannot lock",
    };

    /// <summary>The refusal of a required lock on it.</summary>
    public static MemoryRefusal RefuseDevice(string subject, BufferTypeFacts facts) => new(MemoryRefusalCode.LockImpossible, subject,
        $"locking is required, and {Why(facts)}", "place it in host memory or on a device whose memory is resident, or use `--mlock try`");
}
