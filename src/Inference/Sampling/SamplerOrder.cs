using System.Collections.Immutable;

namespace Hotplug.Inference.Sampling;

/// <summary>Orders of the steps of sampling.</summary>
public static class SamplerOrder
{
    /// <summary>The order taken when none is given.</summary>
    public static ImmutableArray<SamplerStep> Default { get; } =
    [
        SamplerStep.Penalties, SamplerStep.TopK, SamplerStep.TopA, SamplerStep.TailFree, SamplerStep.Typical, SamplerStep.TopP, SamplerStep.MinP,
        SamplerStep.Temperature, SamplerStep.TopNSigma, SamplerStep.Xtc,
    ];

    /// <summary>The order that KoboldAI's numbers describe: 0 top-k, 1 top-a, 2 top-p and min-p, 3 tail-free, 4 typical, 5 temperature and top-n-sigma, 6 penalties. XTC comes last.</summary>
    /// <exception cref="ArgumentException">A number is none of these, or is there twice.</exception>
    public static ImmutableArray<SamplerStep> FromKobold(params ReadOnlySpan<int> numbers)
    {
        var order = ImmutableArray.CreateBuilder<SamplerStep>();
        foreach (var number in numbers)
            order.AddRange(number switch
            {
                0 => [SamplerStep.TopK],
                1 => [SamplerStep.TopA],
                2 => [SamplerStep.TopP, SamplerStep.MinP],
                3 => [SamplerStep.TailFree],
                4 => [SamplerStep.Typical],
                5 => [SamplerStep.Temperature, SamplerStep.TopNSigma],
                6 => (ReadOnlySpan<SamplerStep>)[SamplerStep.Penalties],
                _ => throw new ArgumentException($"{number} is no sampler; there are 0 (top-k), 1 (top-a), 2 (top-p, min-p), 3 (tail-free), 4 (typical), 5 (temperature) and 6 (penalties).", nameof(numbers)),
            });
        order.Add(SamplerStep.Xtc);
        if (order.Distinct().Count() != order.Count) throw new ArgumentException("A sampler is in the order twice. Name each once.", nameof(numbers));
        return order.ToImmutable();
    }

    /// <summary>Says what is wrong with an order, or null. Steps that are left out are not taken.</summary>
    internal static string? Problem(IReadOnlyList<SamplerStep> order)
    {
        if (order.FirstOrDefault(step => !Enum.IsDefined(step), (SamplerStep)(-1)) is var unknown && order.Contains(unknown)) return $"Order has {unknown}, which is no step.";
        return order.Distinct().Count() != order.Count ? "Order has a step twice; name each once." : null;
    }
}
