using System.CommandLine;
using Hotplug.Cli.Options;

namespace Hotplug.Cli.Commands;

/// <summary>The model as an argument.</summary>
internal static class ModelArgument
{
    /// <summary>A model, the embedded one if it is left out.</summary>
    public static Argument<string> Optional() => new("MODEL") { Description = "A GGUF file, or the first of several (default: the embedded model)", DefaultValueFactory = _ => EmbeddedModel.Path };

    /// <summary>A model that has to be given.</summary>
    public static Argument<string> Required() => new("MODEL") { Description = "A GGUF file, or the first of several" };
}
