namespace Hotplug.Cli.Evidence;

/// <summary>What became of the cases of one operation.</summary>
/// <param name="Operation">Its name.</param>
/// <param name="WeightType">Type of its weight, or null where there are no kinds of it.</param>
/// <param name="BufferType">Where weights lay.</param>
/// <param name="Cases">Cases run.</param>
/// <param name="WorstShare">Largest difference to the scalar reference as a share of what the contract allows, 0 to 1, over the cases that passed.</param>
/// <param name="Failure">What the first case that failed did, or null.</param>
/// <param name="Refusal">Why the device ran none, or null.</param>
internal sealed record KernelEvidence(string Operation, string? WeightType, string BufferType, int Cases, double WorstShare, string? Failure, string? Refusal);
