namespace Hotplug.Server.KoboldAI;

/// <summary>What was wrong.</summary>
/// <param name="Msg">For people.</param>
/// <param name="Type">For programs.</param>
/// <param name="Param">The field that was wrong.</param>
internal sealed record KoboldErrorDetail(string Msg, string Type, string? Param);
