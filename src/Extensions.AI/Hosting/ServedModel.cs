using Hotplug.Inference.Chat;
using Hotplug.Inference.Generation.Scheduling;
using Hotplug.Inference.Models;

namespace Hotplug.Extensions.AI.Hosting;

/// <summary>A model that answers: how conversations with it are written down, and who writes its texts.</summary>
/// <param name="Name">The name it was configured with.</param>
/// <param name="Model">The model; the host's.</param>
/// <param name="Template">Its chat template.</param>
/// <param name="Scheduler">Shares it among callers.</param>
public sealed record ServedModel(string Name, LanguageModel Model, ChatTemplate Template, GenerationScheduler Scheduler);
