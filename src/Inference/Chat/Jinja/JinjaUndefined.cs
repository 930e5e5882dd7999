namespace Hotplug.Inference.Chat.Jinja;

/// <summary>The value of what is not there. It is false, empty and writes nothing; to look into it is an error.</summary>
internal sealed class JinjaUndefined(string name)
{
    /// <summary>What is not there.</summary>
    public string Name { get; } = name;
}
