using Hotplug.Abstractions.Faults;

namespace Hotplug.Tests.Scripted;

internal sealed class Script(string text)
{
    private readonly HashSet<string> _words = [.. text.Split(default(char[]), StringSplitOptions.RemoveEmptyEntries)];

    public bool Has(string word) => _words.Contains(word);

    public void Add(string more) => _words.UnionWith(new Script(more)._words);

    /// <summary>Throws if the script says so of this place.</summary>
    public void At(string place)
    {
        if (Has("throw:" + place)) throw new ScriptedException($"the script says so at {place}");
        if (Has("hostile:" + place)) throw new HostileException();
        if (Has("lost:" + place)) throw new DeviceLostException($"the scripted device is gone at {place}");
    }

    public sealed class ScriptedException(string message) : Exception(message);

    /// <summary>Even asking what it is fails.</summary>
    public sealed class HostileException : Exception
    {
        public override string Message => throw new InvalidOperationException("no message");

        public override string ToString() => throw new InvalidOperationException("no text");
    }
}
