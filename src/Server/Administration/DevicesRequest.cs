namespace Hotplug.Server.Administration;

/// <summary>Asks for the backends to be opened.</summary>
/// <param name="All">Whether those that are used only when named are opened too.</param>
internal sealed record DevicesRequest(bool All = false);
