using Hotplug.Abstractions.Faults;
using Hotplug.Cli.Chat;
using Hotplug.Inference.Chat.Jinja;
using Hotplug.Inference.Deployment;
using Hotplug.Inference.Generation.Saving;
using Hotplug.Inference.Gguf;
using Hotplug.Inference.Grammars;
using Hotplug.Inference.Quantization;
using Hotplug.Runtime.Faults;
using Hotplug.Runtime.KvCache;
using Hotplug.Runtime.Memory;
using Hotplug.Runtime.Memory.Policy;
using Hotplug.Runtime.Placement;
using Hotplug.Runtime.Plugins.Discovery;
using Hotplug.Runtime.Plugins.Installation;
using Hotplug.Runtime.Plugins.Loading;
using Hotplug.Runtime.Plugins.Slots;

namespace Hotplug.Cli;

/// <summary>Says what an exception means to the one who typed the command: a sentence and an exit code.</summary>
internal static class Failures
{
    public static int Report(Exception exception, TextWriter error, bool verbose)
    {
        var (code, message) = Explain(exception);
        error.WriteLine($"hotplug: {message}");
        if (verbose || code == ExitCode.Internal) error.WriteLine(exception);
        return code;
    }

    /// <summary>The exit code and the sentence.</summary>
    public static (int Code, string Message) Explain(Exception exception) => exception switch
    {
        AggregateException { InnerExceptions.Count: 1 } e => Explain(e.InnerException!),
        OperationCanceledException => (ExitCode.Cancelled, "cancelled"),
        UsageException or FormatException => (ExitCode.Usage, exception.Message),
        FileNotFoundException e => (ExitCode.Usage, $"there is no file '{e.FileName ?? e.Message}'. Give the path of one that is there."),
        DirectoryNotFoundException or UnauthorizedAccessException => (ExitCode.Usage, exception.Message),
        GgufException or WeightFileChangedException or GenerationFileException or GrammarException or JinjaException or ConversationFileException => (ExitCode.BadFile, exception.Message),
        MemoryRefusedException e => (ExitCode.Refused, $"refused: {string.Join(Environment.NewLine + "  ", e.Refusals.Take(8))}"),
        // Told by what it was refused for; that it goes on is part of the message.
        SwapRefusedException => (ExitCode.Refused, exception.Message),
        QuantizationRefusedException => (ExitCode.Refused, $"refused: {exception.Message}"),
        PlacementException { Failure: PlacementFailure.OutOfMemory } => (ExitCode.OutOfMemory, exception.Message),
        PlacementException { Failure: PlacementFailure.UnknownDevice } => (ExitCode.Usage, exception.Message),
        PluginInstallException => (ExitCode.Refused, exception.Message),
        PlacementException => (ExitCode.Refused, $"refused: {exception.Message}"),
        PluginRejectedException or BackendUnavailableException => (ExitCode.Usage, exception.Message),
        BackendException { Kind: FaultKind.OutOfDeviceMemory } => (ExitCode.OutOfMemory, exception.Message),
        // A setting that the backend does not know is a matter of the command line.
        BackendFaultException { Kind: FaultKind.Unsupported, Operation: "CreateAsync" } e => (ExitCode.Usage, e.Reason),
        BackendException { Kind: FaultKind.Cancelled } => (ExitCode.Cancelled, "cancelled"),
        BackendException { Kind: FaultKind.DeviceLost } => (ExitCode.BackendFault,
            $"{exception.Message} Run on another device (--backend cpu) until the driver or the machine was started again."),
        BackendException => (ExitCode.BackendFault, exception.Message),
        HostMemoryException or OutOfMemoryException or KvCacheFullException => (ExitCode.OutOfMemory, exception.Message),
        ArgumentException e => (ExitCode.Usage, WithoutParameter(e)),
        IOException => (ExitCode.Usage, exception.Message),
        _ => (ExitCode.Internal, $"internal error: {exception.Message}"),
    };

    /// <summary>The message without the name of the parameter, which means something to a caller in code only.</summary>
    private static string WithoutParameter(ArgumentException exception)
        => exception.ParamName is null ? exception.Message : exception.Message.Replace($" (Parameter '{exception.ParamName}')", "", StringComparison.Ordinal);
}
