using Hotplug.Runtime.Plugins.Catalog;
using Microsoft.Extensions.Options;

namespace Hotplug.Runtime.Hosting;

/// <summary>Checks the options as a whole and lists everything that is wrong, each with the key, the value and a cure.</summary>
internal sealed class HotplugOptionsValidator : IValidateOptions<HotplugOptions>
{
    // Beyond any machine; a number with a digit too many must not start that many threads.
    private const int MaxThreads = 1024;

    public ValidateOptionsResult Validate(string? name, HotplugOptions options)
    {
        var errors = new List<string>(options.Unreadable);
        if (options.Threads is < 1 or > MaxThreads)
            errors.Add($"Hotplug:Threads: {options.Threads} is not between 1 and {MaxThreads}. Write such a number, or leave it out for all processors.");
        try
        {
            DeviceAddress.Parse(options.Backend ?? "");
        }
        catch (FormatException wrong)
        {
            errors.Add($"Hotplug:Backend: {wrong.Message} Or auto.");
        }
        for (var i = 0; i < options.PluginDirectories.Count; i++)
            if (PathFault(options.PluginDirectories[i]) is { } fault)
                errors.Add($"Hotplug:PluginDirectories:{i}: '{options.PluginDirectories[i]}' is not a folder's path: {fault}. Write the folder that holds the plugins' folders.");
        if (options.ShadowCopyDirectory is { } copies && PathFault(copies) is { } wrongPath)
            errors.Add($"Hotplug:ShadowCopyDirectory: '{copies}' is not a folder's path: {wrongPath}. Write a folder the user may write to, or leave it out.");
        foreach (var refusal in options.Memory.ToPolicy().Validate())
            errors.Add($"Hotplug:Memory:{(refusal.Subject == "Scope" ? "LockScope" : refusal.Subject)}: {refusal.Reason}. To cure it, {refusal.Cure}.");
        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }

    private static string? PathFault(string? path)
        => string.IsNullOrWhiteSpace(path) ? "it is empty" : path.Contains('\0') ? "it has a null character" : null;
}
