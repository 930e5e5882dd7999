namespace Hotplug.Runtime.Memory.Interop;

/// <summary>Hints to the system about a range. None changes what is read there, and a system may ignore any.</summary>
internal enum MemoryAdvice
{
    /// <summary>The range will be read soon: bring its pages in.</summary>
    WillNeed,
    /// <summary>Mapped pages that are not needed now: drop them, the file has them.</summary>
    Drop,
    /// <summary>Back the range with huge pages where that is possible.</summary>
    HugePages,
}
