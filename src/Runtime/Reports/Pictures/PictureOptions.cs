using Hotplug.Runtime.Memory.Receipts;

namespace Hotplug.Runtime.Reports.Pictures;

/// <summary>How a picture is drawn.</summary>
public sealed record PictureOptions
{
    /// <summary>Narrowest picture.</summary>
    public const int MinWidth = 240;

    /// <summary>Widest picture.</summary>
    public const int MaxWidth = 2400;

    /// <summary>Width in pixels, from <see cref="MinWidth"/> to <see cref="MaxWidth"/>; what lies outside is taken as the nearer of the two. The height follows from what there is to show.</summary>
    public int Width { get; init; } = 960;

    /// <summary>Whether it is a file of its own, with a heading, a background and its colours, rather than part of a page that has <see cref="PictureStyle.Css"/>.</summary>
    public bool IsStandalone { get; init; } = true;

    /// <summary>What the load did, where it was done; null shows the plan.</summary>
    public LoadReceipt? Receipt { get; init; }
}
