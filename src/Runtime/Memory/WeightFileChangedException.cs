namespace Hotplug.Runtime.Memory;

/// <summary>A model file was truncated or written to while it was in use.</summary>
public sealed class WeightFileChangedException : IOException
{
    /// <summary>Creates the failure.</summary>
    /// <param name="path">The file.</param>
    /// <param name="expected">Its length in bytes when it was opened.</param>
    /// <param name="actual">Its length now.</param>
    public WeightFileChangedException(string path, long expected, long actual) : base(actual < expected
        ? $"{path} was truncated while in use: it had {expected} bytes and has {actual}. Restore the file and load the model again."
        : $"{path} was changed while in use ({expected} bytes when opened, {actual} now). Load the model again; replace model files by renaming, not by writing into them.")
        => (Path, Expected, Actual) = (path, expected, actual);

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>Its length in bytes when it was opened.</summary>
    public long Expected { get; }

    /// <summary>Its length in bytes now.</summary>
    public long Actual { get; }
}
