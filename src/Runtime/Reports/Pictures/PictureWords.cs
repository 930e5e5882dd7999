namespace Hotplug.Runtime.Reports.Pictures;

/// <summary>What a plan says, for people.</summary>
internal static class PictureWords
{
    /// <summary>What stands behind the addresses of a part.</summary>
    public static string Fate(string backing) => backing switch
    {
        "fileMapping" => "mapped from the file",
        "committed" => "copied into host memory",
        _ => "on the device",
    };

    /// <summary>What became of a wish to lock.</summary>
    public static string Lock(string fate) => fate switch
    {
        "locked" => ", locked",
        "resident" => ", stays in the device's memory by its nature",
        "refused" => ", cannot be locked",
        "overLimit" => ", not locked: the limit is used up",
        _ => "",
    };

    /// <summary>A number of things.</summary>
    public static string Count(int count, string thing) => count == 1 ? $"1 {thing}" : $"{count} {thing}s";
}
