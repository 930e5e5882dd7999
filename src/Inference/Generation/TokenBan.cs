namespace Hotplug.Inference.Generation;

/// <summary>A token that must not stand at a place, because a banned text began with it there.</summary>
/// <param name="Position">Index among the tokens.</param>
/// <param name="Token">The token.</param>
public sealed record TokenBan(int Position, int Token);
