using System.Collections.Concurrent;
using Hotplug.Abstractions.Plugins;

namespace Hotplug.Testing.Hosting;

internal sealed class TestPluginLog(Action enter) : IPluginLog
{
    private readonly ConcurrentQueue<string> _messages = [];

    public IReadOnlyList<string> Messages => [.. _messages];

    public bool IsEnabled(PluginLogLevel level) => true;

    public void Write(PluginLogLevel level, string message)
    {
        enter();
        _messages.Enqueue($"{level}: {message}");
    }
}
