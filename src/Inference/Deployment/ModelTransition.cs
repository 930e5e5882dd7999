namespace Hotplug.Inference.Deployment;

/// <summary>A change of where a model runs.</summary>
/// <param name="Model">Name of the model.</param>
/// <param name="Kind">What happened.</param>
/// <param name="From">Where it ran, for people.</param>
/// <param name="To">Where it runs, for people.</param>
/// <param name="Reason">Why, in one line.</param>
public sealed record ModelTransition(string Model, ModelTransitionKind Kind, string From, string To, string Reason);
