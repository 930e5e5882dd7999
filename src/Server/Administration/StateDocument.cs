namespace Hotplug.Server.Administration;

/// <summary>How the server stands at a moment.</summary>
internal sealed record StateDocument
{
    public string Schema => "hotplug.state/1";
    public required string Version { get; init; }
    public required double UptimeSeconds { get; init; }
    public required IReadOnlyList<ModelState> Models { get; init; }
    public required IReadOnlyList<BackendItem> Backends { get; init; }

    /// <summary>A model; what follows <paramref name="Purpose"/> is null or empty until it is loaded.</summary>
    internal sealed record ModelState(string Name, string? Purpose = null)
    {
        public string? File { get; init; }
        public string? Architecture { get; init; }
        public int? Context { get; init; }

        /// <summary>Rises with every change of place.</summary>
        public int? Deployment { get; init; }

        /// <summary>Devices and generations, for people.</summary>
        public string? Place { get; init; }
        public IReadOnlyList<string> Devices { get; init; } = [];
        public int? Slots { get; init; }
        public int? Writing { get; init; }
        public int? Waiting { get; init; }
        public long GeneratedTokens { get; init; }
        public double TokensPerSecond { get; init; }
        public MemoryState? Memory { get; init; }
    }

    /// <summary>What the load of a model did to memory, in bytes, as its receipt says.</summary>
    internal sealed record MemoryState(long Mapped, long Committed, long OnDevice, long LockAsked, long Locked, long Resident, long NotLocked, bool Measured);

    /// <summary>A backend.</summary>
    internal sealed record BackendItem(string Id, string Name, string Version, string Kind, string State, long? Generation, IReadOnlyList<string> Devices, bool OnlyWhenNamed, string? Problem);
}
