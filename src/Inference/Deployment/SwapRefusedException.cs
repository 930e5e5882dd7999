namespace Hotplug.Inference.Deployment;

/// <summary>A model was not put elsewhere; it goes on where it was. The message says why, and what can be done.</summary>
public sealed class SwapRefusedException : Exception
{
    /// <summary>Creates the refusal.</summary>
    public SwapRefusedException(string message, Exception? inner = null) : base(message, inner) { }
}
