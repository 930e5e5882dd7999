using Hotplug.Abstractions.Plugins;
using Hotplug.Cpu.Programs;

namespace Hotplug.Cpu.Roofline;

/// <summary>Empty phases one behind the other, as <see cref="CpuExecutable"/> runs phases.</summary>
internal sealed class PhasesTask : IWorkerTask
{
    private readonly EmptyPhase[] _phases;
    private readonly StepState _state = new(0, 0, 0, 0);

    public PhasesTask(int count)
    {
        _phases = new EmptyPhase[count];
        for (var i = 0; i < count; i++) _phases[i] = new();
    }

    /// <summary>Before each run.</summary>
    public void Reset()
    {
        foreach (var phase in _phases) phase.Reset();
    }

    public void Run(int worker, int count)
    {
        foreach (var phase in _phases)
        {
            var chunks = phase.Share(_state, worker, count);
            for (var spins = 0; !phase.IsDone(chunks); spins++)
            {
                if (spins < 256) Thread.SpinWait(1);
                else Thread.Yield();
            }
        }
    }
}
