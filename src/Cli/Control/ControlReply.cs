namespace Hotplug.Cli.Control;

/// <summary>A line of an answer: any number with texts, and a last one with an exit code.</summary>
internal sealed record ControlReply
{
    /// <summary>Version of the protocol.</summary>
    public int Version { get; init; } = ControlRequest.CurrentVersion;

    /// <summary>For people.</summary>
    public required string Text { get; init; }

    /// <summary>Exit code of the command that asked; null while more is to come.</summary>
    public int? ExitCode { get; init; }
}
