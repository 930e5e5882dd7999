namespace Hotplug.Inference.Generation;

/// <summary>What to do when the context is full.</summary>
public enum ContextOverflow
{
    /// <summary>Stop, with <see cref="FinishReason.ContextFull"/>.</summary>
    Stop,
    /// <summary>Forget the older half behind the first token, evaluate the rest anew, and go on.</summary>
    Slide,
}
