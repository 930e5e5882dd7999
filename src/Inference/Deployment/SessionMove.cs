namespace Hotplug.Inference.Deployment;

/// <summary>What became of one session when its model was put elsewhere.</summary>
/// <param name="Session">Its name.</param>
/// <param name="Fate">What became of it.</param>
/// <param name="Cells">Cells carried; 0 where they are made again.</param>
/// <param name="Reason">Why it is not what the policy asked, or null.</param>
public sealed record SessionMove(string Session, SessionFate Fate, int Cells, string? Reason);
