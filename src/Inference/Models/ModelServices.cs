using Hotplug.Inference.Deployment;

namespace Hotplug.Inference.Models;

/// <summary>What a model has from its host.</summary>
/// <param name="Loader">Loads it, here and elsewhere.</param>
/// <param name="Journal">Says what happens to the model of a name.</param>
/// <param name="Time">The clock of probations.</param>
/// <param name="Ended">Told when it was disposed.</param>
internal sealed record ModelServices(DeploymentLoader Loader, Func<string, DeploymentJournal> Journal, TimeProvider Time, Action<LanguageModel>? Ended);
