namespace Hotplug.Cli;

/// <summary>What the process says with its exit code.</summary>
internal static class ExitCode
{
    public const int Done = 0;
    public const int Internal = 1;
    public const int Usage = 2;
    public const int Refused = 3;
    public const int BadFile = 4;
    public const int BackendFault = 5;
    public const int OutOfMemory = 6;
    public const int Cancelled = 130;
}
