namespace Hotplug.PolicyMatrix.Cells;

/// <summary>A Mac that the double of Metal pretends to be.</summary>
/// <param name="Name">Its name in the data.</param>
/// <param name="IsUnified">Whether its graphics processor works on the memory of the host, or on memory of its own.</param>
/// <param name="PageSize">Bytes of its pages.</param>
public sealed record Mac(string Name, bool IsUnified, int PageSize)
{
    /// <summary>The plugin metal upon the double.</summary>
    public const string Backend = "metal-double";

    /// <summary>Its device, as plans and receipts name it.</summary>
    public const string Device = $"{Backend}:gpu0";

    /// <summary>Bytes of the largest buffer: about a third of the model, and no whole number of pages.</summary>
    public const long MaxBufferLength = 2_105_000;

    /// <summary>Every kind of memory with every size of pages.</summary>
    public static IReadOnlyList<Mac> All { get; } = [new("unified-16KiB", true, 16384), new("unified-4KiB", true, 4096), new("discrete-16KiB", false, 16384), new("discrete-4KiB", false, 4096)];

    /// <summary>The one of a name.</summary>
    public static Mac Of(string name) => All.Single(mac => mac.Name == name);

    /// <summary>Bytes of the largest allocation that the device gives: whole pages.</summary>
    public long Largest => MaxBufferLength / PageSize * PageSize;

    /// <summary>It, as settings of the plugin.</summary>
    /// <param name="kernels">Whether kernels compute, which needs a compiler for them, or do nothing.</param>
    public IReadOnlyDictionary<string, string> ToSettings(bool kernels) => new Dictionary<string, string>
    {
        ["unified"] = IsUnified ? "true" : "false",
        ["page-size"] = $"{PageSize}",
        ["max-buffer-length"] = $"{MaxBufferLength}",
        ["kernels"] = kernels ? "run" : "idle",
    };
}
