using Hotplug.Inference.Deployment;
using Hotplug.Runtime.Memory.Composition;
using Hotplug.Runtime.Placement;

namespace Hotplug.Inference.Models;

/// <summary>Gives loaded models. Members may be called from any thread.</summary>
public interface IModelHost
{
    /// <summary>Every change of where a model runs. Called on the thread that makes the change, in the model's turn: return soon, and do not throw.</summary>
    event Action<ModelTransition>? Transitioned;

    /// <summary>The models that are loaded at this moment.</summary>
    IReadOnlyList<LanguageModel> Models { get; }

    /// <summary>Names of the configured models.</summary>
    IReadOnlyCollection<string> Names { get; }

    /// <summary>
    /// Gives a configured model, loading it when it is asked for the first time; a load that failed is tried again by the next caller. The host owns the model.
    /// </summary>
    /// <param name="name">Its name.</param>
    /// <param name="cancellation">Stops waiting, not a load that others wait for as well.</param>
    /// <exception cref="KeyNotFoundException">No model of this name is configured; the message lists those that are.</exception>
    Task<LanguageModel> GetAsync(string name, CancellationToken cancellation = default);

    /// <summary>Plans and loads a model that is not configured. The caller owns it, and disposes it before the host.</summary>
    /// <param name="source">The model.</param>
    /// <param name="options">How.</param>
    /// <param name="planned">Told of the plan before it is executed; may be null.</param>
    /// <param name="progress">Told of bytes; may be null.</param>
    /// <param name="cancellation">Stops it; nothing stays behind.</param>
    Task<LanguageModel> LoadAsync(ModelSource source, ModelOptions options, Action<LoadPlan>? planned = null, IProgress<LoadProgress>? progress = null, CancellationToken cancellation = default);

    /// <summary>
    /// Puts another generation of a backend in place of the one at work, under the models that use it. It is loaded and tested beside the old one; the models move between two
    /// tokens; the old one is kept through a probation, and then retired and unloaded.
    /// </summary>
    /// <param name="request">What and how.</param>
    /// <param name="cancellation">Stops it until the exchange; everything is as before then.</param>
    /// <exception cref="SwapRefusedException">It cannot be; everything is as before, and the message says why.</exception>
    Task<BackendSwapResult> SwapAsync(BackendSwapRequest request, CancellationToken cancellation = default);
}
