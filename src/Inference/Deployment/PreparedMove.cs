using Hotplug.Inference.Models;

namespace Hotplug.Inference.Deployment;

/// <summary>A place that is loaded and tested, or will be when the old one is given up. Dispose it in any case; a committed one stays.</summary>
internal sealed class PreparedMove(ModelDeployments model, ModelDeployment? next, ModelOptions options, DeploymentOrigin origin, SwapOptions swap, string test) : IDisposable
{
    private bool _committed;
    private bool _disposed;

    public ModelDeployment? Next { get; private set; } = next;

    public ModelOptions Options => options;

    public DeploymentOrigin Origin => origin;

    public SwapOptions Swap => swap;

    public string Test => test;

    /// <summary>The probation that began with the commit, or null.</summary>
    public Probation? Probation { get; set; }

    public ModelMove Commit()
    {
        var move = model.Commit(this);
        _committed = true;
        return move;
    }

    public void Dispose()
    {
        if (_disposed) return;
        _disposed = true;
        var unused = _committed ? null : Next;
        Next = null;
        unused?.Retire();
        model.End();
    }
}
