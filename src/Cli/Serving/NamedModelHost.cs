using Hotplug.Inference.Deployment;
using Hotplug.Inference.Models;
using Hotplug.Runtime.Memory.Composition;
using Hotplug.Runtime.Placement;

namespace Hotplug.Cli.Serving;

/// <summary>Gives models that have been loaded already by names; all else is the host's.</summary>
/// <param name="host">The host that loaded them.</param>
/// <param name="models">The models; the caller's.</param>
internal sealed class NamedModelHost(IModelHost host, IReadOnlyDictionary<string, LanguageModel> models) : IModelHost
{
    public event Action<ModelTransition>? Transitioned
    {
        add => host.Transitioned += value;
        remove => host.Transitioned -= value;
    }

    public IReadOnlyList<LanguageModel> Models => host.Models;

    public IReadOnlyCollection<string> Names => [.. models.Keys];

    public Task<LanguageModel> GetAsync(string name, CancellationToken cancellation = default)
        => models.TryGetValue(name, out var model) ? Task.FromResult(model) : throw new KeyNotFoundException($"There is no model '{name}'. There are: {string.Join(", ", models.Keys)}.");

    public Task<LanguageModel> LoadAsync(ModelSource source, ModelOptions options, Action<LoadPlan>? planned = null, IProgress<LoadProgress>? progress = null, CancellationToken cancellation = default)
        => host.LoadAsync(source, options, planned, progress, cancellation);

    public Task<BackendSwapResult> SwapAsync(BackendSwapRequest request, CancellationToken cancellation = default) => host.SwapAsync(request, cancellation);
}
