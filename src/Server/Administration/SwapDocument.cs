using Hotplug.Inference.Deployment;

namespace Hotplug.Server.Administration;

/// <summary>What was done when a backend was swapped. Its models run on the new generation; whether that stays so is known when probation is over.</summary>
internal sealed record SwapDocument(string Backend, long? From, long To, string Version, IReadOnlyList<MoveItem> Models)
{
    public static SwapDocument Of(BackendSwapResult swap) => new(swap.Backend, swap.From, swap.To, swap.Version, [.. swap.Models.Select(MoveItem.Of)]);
}
