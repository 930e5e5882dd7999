namespace Hotplug.Abstractions.Plugins;

/// <summary>Work that all workers of a group do together.</summary>
public interface IWorkerTask
{
    /// <summary>Does one worker's share. A task whose workers wait for each other must let them go when one fails.</summary>
    /// <param name="worker">Number of the worker, 0 to <paramref name="count"/> − 1.</param>
    /// <param name="count">Workers in the group; all of them run at the same time.</param>
    void Run(int worker, int count);
}
