using Hotplug.Inference.Models;
using Hotplug.Runtime.KvCache;

namespace Hotplug.Inference.Deployment;

/// <summary>
/// What a generation has on the devices of its model: a sequence of cached cells. The model may put it elsewhere between two steps, and then it may have fewer cells: whoever uses it
/// asks in every turn how many there are, and evaluates what is missing. Not thread-safe. Dispose it before the model.
/// </summary>
public sealed class ModelSession : IDisposable
{
    private readonly LanguageModel _model;

    internal ModelSession(LanguageModel model, string name, ModelDeployment deployment)
        => (_model, Name, Deployment, Sequence) = (model, name, deployment, deployment.Executor.NewSequence());

    /// <summary>Who it belongs to, for people.</summary>
    public string Name { get; }

    /// <summary>Where it is. Asked in the model's turn, as it may change outside of it.</summary>
    public ModelDeployment Deployment { get; private set; }

    /// <summary>Its cells there. Asked in the model's turn.</summary>
    public KvSequence Sequence { get; private set; }

    /// <summary>Cells it will have when all its tokens are evaluated: the room it needs wherever it is put.</summary>
    public int Wanted { get; set; }

    /// <summary>How often it was put elsewhere.</summary>
    public int Moves { get; private set; }

    /// <summary>Held by whoever reads or fills its cells outside of a turn: it is not put elsewhere meanwhile. Taken behind the turn, never before it.</summary>
    internal Lock Still { get; } = new();

    internal bool IsDisposed { get; private set; }

    /// <summary>Puts it on another deployment. The old sequence is given up. In the model's turn.</summary>
    internal void Stand(ModelDeployment deployment, KvSequence sequence)
    {
        Sequence.Dispose();
        (Deployment, Sequence) = (deployment, sequence);
        Moves++;
    }

    /// <summary>Takes the first cells of another session in place of its own, whose pages both have from now on until one writes them. In the model's turn.</summary>
    /// <returns>False if it stands elsewhere, or has not so many: nothing has changed then.</returns>
    internal bool ShareFrom(ModelSession other, int cells)
    {
        if (other.Deployment != Deployment || other.IsDisposed || cells > other.Sequence.Length) return false;
        var shared = other.Sequence.Fork(cells);
        Sequence.Dispose();
        Sequence = shared;
        return true;
    }

    /// <inheritdoc/>
    public void Dispose() => _model.Deployments.Close(this);

    internal void End()
    {
        IsDisposed = true;
        Sequence.Dispose();
    }
}
