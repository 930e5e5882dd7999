namespace Hotplug.Server.KoboldAI;

/// <summary>The body of an answer that is an error.</summary>
internal sealed record KoboldError(KoboldErrorDetail Detail);
