using Hotplug.Abstractions.Devices;
using Hotplug.Abstractions.Plugins;

namespace Hotplug.Tests.Scripted;

internal sealed class ScriptedBackend : IBackend, IWorkerTask
{
    private readonly Script _script;
    private readonly IHostAllocation _memory;
    private readonly IWorkerGroup _workers;
    private readonly CancellationTokenRegistration _end;
    private int _ran;

    public ScriptedBackend(IPluginHost host, Script script)
    {
        _script = script;
        _memory = host.Allocate(1000, 64);
        _workers = host.CreateWorkers("scripted", 2);
        _end = host.Lifetime.Register(() => _script.At("Lifetime"));
        _workers.Run(this);
        if (_ran != 2) throw new InvalidOperationException($"{_ran} of 2 workers ran.");
    }

    public BackendInfo Info
    {
        get
        {
            _script.At("Info");
            return _script.Has("noinfo") ? null! : new() { Id = _script.Has("misnamed") ? "another" : "scripted", Name = "Scripted", Version = "1" };
        }
    }

    public IReadOnlyList<IDevice> Devices
    {
        get
        {
            _script.At("Devices");
            if (_script.Has("nodevices")) return [];
            if (_script.Has("nulldevice")) return [null!];
            if (_script.Has("twins")) return [new ScriptedDevice("one", _script), new ScriptedDevice("one", _script)];
            return [new ScriptedDevice("one", _script), new ScriptedDevice("two", _script)];
        }
    }

    public void Run(int worker, int count) => Interlocked.Increment(ref _ran);

    public ValueTask DisposeAsync()
    {
        _end.Dispose();
        if (!_script.Has("leak"))
        {
            _workers.Dispose();
            _memory.Dispose();
        }
        _script.At("BackendDispose");
        return ValueTask.CompletedTask;
    }
}
