namespace Hotplug.Testing.Fixtures;

/// <summary>A plugin kept what it had from its host, or damaged memory.</summary>
public sealed class LeftoverException : Exception
{
    /// <summary>Creates it.</summary>
    public LeftoverException(string message, Exception? inner = null) : base(message, inner) { }
}
