using System.Runtime.CompilerServices;
using Hotplug.Runtime.Plugins.Loading;
using Hotplug.Testing.Fixtures;
using Hotplug.Testing.Graphs;
using Xunit;

namespace Hotplug.Testing.Suites;

/// <summary>
/// A drop-in plugin that says it can be unloaded can be: after work and disposal nothing keeps its code alive (llama.cpp #15752, ggml #1232). Skipped for a
/// plugin that is declared pinned.
/// </summary>
/// <typeparam name="TFixture">Makes the backend from a folder.</typeparam>
public abstract class UnloadSuite<TFixture> where TFixture : DropInFixture, new()
{
    /// <summary>Rounds of loading and unloading.</summary>
    protected virtual int Rounds => 10;

    /// <summary>Id of the device that is used; null for the first.</summary>
    public virtual string? DeviceId => null;

    /// <summary>Told after every round, when the plugin is gone.</summary>
    /// <param name="round">Number of the round, from 0.</param>
    protected virtual void Gone(int round) { }

    /// <summary>Loaded, probed and never started.</summary>
    [Fact]
    public void Unused_plugin_is_unloaded() => Cycle(static (fixture, _) =>
    {
        var plugin = fixture.NewPlugin();
        plugin.DisposeAsync().AsTask().GetAwaiter().GetResult();
    });

    /// <summary>Loaded, started and stopped, again and again.</summary>
    [Fact]
    public void Started_plugin_is_unloaded() => Cycle(static (fixture, _) => Use(fixture, static _ => { }));

    /// <summary>Loaded, and operations run on it.</summary>
    [Fact]
    public void Used_plugin_is_unloaded() => Cycle((fixture, round) => Use(fixture, run =>
    {
        // The same few cases again: what a driver keeps of a kernel it has compiled stops growing.
        var random = new Random(round % 3);
        var device = run.Device(DeviceId);
        foreach (var kind in (string[])["MatMul", "RmsNorm", "Attention"])
        {
            var graph = OperationCases.Make(kind, random, device.Info);
            if (CaseCheck.Refusal(device, graph, device.BufferTypes[0]) is null) CaseCheck.Run(run, device, graph);
        }
    }));

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Use(TFixture fixture, Action<BackendRun> work)
    {
        BackendRun run;
        try
        {
            run = fixture.StartAsync().GetAwaiter().GetResult();
        }
        catch (BackendUnavailableException exception)
        {
            Assert.Skip(exception.Message);
            return;
        }
        try
        {
            work(run);
        }
        finally
        {
            run.DisposeAsync().AsTask().GetAwaiter().GetResult();
        }
    }

    private void Cycle(Action<TFixture, int> work)
    {
        for (var round = 0; round < Rounds; round++)
        {
            var context = new TFixture().LoadAlone();
            if (LoadUseRelease(context, work, round) is not { } weak)
            {
                Assert.Skip($"The plugin {context.Id} is declared pinned: it stays loaded.");
                return;
            }
            for (var i = 0; i < 20 && weak.IsAlive; i++)
            {
                GC.Collect();
                GC.WaitForPendingFinalizers();
            }
            Assert.False(weak.IsAlive, $"Round {round + 1}: the plugin {context.Id} is not unloaded; something of it is still referenced: a static of the host's, a thread, a handle, an event.");
            context.ReleaseCopy();
            Gone(round);
        }
    }

    // Apart, so that no frame of the caller holds anything of the plugin.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference? LoadUseRelease(PluginContext context, Action<TFixture, int> work, int round)
    {
        if (context.Mode != Runtime.Plugins.Discovery.PluginLoadMode.Unloadable) return null;
        work(new TFixture { Alone = context }, round);
        return context.Release();
    }
}
