namespace Hotplug.Inference.Architectures;

/// <summary>Reads which blocks look back on a few tokens only.</summary>
internal static class SlidingWindow
{
    /// <summary>The window of each block; 0 for those that see everything.</summary>
    /// <param name="keys">The metadata.</param>
    /// <param name="blocks">Blocks of the model.</param>
    /// <param name="usual">The window where the file states none; 0 for none.</param>
    /// <param name="period">The last of so many blocks sees everything, where the file does not say otherwise.</param>
    public static int[] Read(ArchitectureKeys keys, int blocks, int usual, int period)
    {
        const string Pattern = "attention.sliding_window_pattern";
        var windows = new int[blocks];
        var window = keys.Count("attention.sliding_window", usual, 0, int.MaxValue);
        if (window == 0) return windows;
        if (keys.Metadata.TryFind(keys.Of(Pattern), out var entry) && entry.IsArray)
        {
            var slides = keys.PerBlock(Pattern, blocks, null, 0, 1);
            for (var i = 0; i < blocks; i++) windows[i] = slides[i] != 0 ? window : 0;
            return windows;
        }
        period = keys.Count(Pattern, period, 0, int.MaxValue);
        for (var i = 0; i < blocks; i++) windows[i] = period == 0 || i % period < period - 1 ? window : 0;
        return windows;
    }
}
