using System.Globalization;
using Hotplug.Accelerators.Settings;
using Hotplug.Metal.Fake;

namespace Hotplug.MetalDouble;

/// <summary>What kind of Mac the double is. Sizes are bytes, or a number with KiB, MiB or GiB.</summary>
/// <param name="Options">The Mac.</param>
/// <param name="Checked"><c>checked</c>: every access of a kernel is checked, and what two kernels share without a barrier is found; some twenty times slower.</param>
/// <param name="Idle"><c>kernels</c> is <c>idle</c>: they do nothing, and what a step computes is meaningless; for tests of memory, without a compiler.</param>
internal sealed record MacSettings(FakeOptions Options, bool Checked, bool Idle)
{
    private const string Id = "metal-double";

    /// <summary>
    /// Reads <c>unified</c> (true: Apple silicon; false: an Intel Mac with a card, an older system and pages of 4 KiB), <c>page-size</c> (4 KiB or 16 KiB), <c>max-buffer-length</c>,
    /// <c>working-set</c> (bytes of all buffers, at most), <c>kernels</c> (run or idle) and <c>checked</c>; keys compare without case.
    /// </summary>
    /// <param name="settings">As configured.</param>
    /// <param name="others">Settings of other names, which the plugin metal reads.</param>
    /// <exception cref="ArgumentException">One has a bad value.</exception>
    public static MacSettings Read(IReadOnlyDictionary<string, string> settings, out IReadOnlyDictionary<string, string> others)
    {
        var own = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        var left = new Dictionary<string, string>();
        foreach (var (key, value) in settings) (key.ToLowerInvariant() is "unified" or "page-size" or "max-buffer-length" or "working-set" or "checked" or "kernels" ? own : left).Add(key, value);
        others = left;

        var unified = Truth("unified", true);
        var options = unified ? new FakeOptions() : new FakeOptions { Unified = false, PageSize = 4096, IntelEncodings = true, MacVersion = 14 };
        var pageSize = Size("page-size", 4096) ?? options.PageSize;
        if (pageSize is not (4096 or 16384)) throw new ArgumentException($"Setting page-size of {Id} is {pageSize}: a Mac has pages of 4 KiB or 16 KiB.");
        var workingSet = Size("working-set", 1);
        return new(options with
        {
            FailsOnViolation = true,
            PageSize = (int)pageSize,
            MaxBufferLength = (ulong?)Size("max-buffer-length", pageSize) ?? options.MaxBufferLength,
            RecommendedMaxWorkingSetSize = (ulong?)workingSet ?? options.RecommendedMaxWorkingSetSize,
            MemoryLimit = (ulong?)workingSet ?? options.MemoryLimit,
        }, Truth("checked", false), Idle());

        bool Idle() => own.GetValueOrDefault("kernels", "run") switch
        {
            "run" => false,
            "idle" => true,
            var value => throw new ArgumentException($"Setting kernels of {Id} is '{value}': say run or idle."),
        };

        long? Size(string key, long least) => own.TryGetValue(key, out var value) ? DeviceSettings.Size(Id, key, value, least) : null;

        bool Truth(string key, bool otherwise) => !own.TryGetValue(key, out var value) ? otherwise : bool.TryParse(value, out var on) ? on
            : throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"Setting {key} of {Id} is '{value}': say true or false."));
    }
}
