namespace Hotplug.Runtime.Memory.Policy;

/// <summary>Whether weights that live in host memory stand on a mapping of the model file.</summary>
public enum MapPolicy
{
    /// <summary>Map what the buffer type adopts and the alignment allows; copy the rest and say why.</summary>
    Auto,
    /// <summary>Every weight in host memory is a file mapping, or the load is refused. Weights on a device are exempt, and listed.</summary>
    Require,
    /// <summary>Map nothing; copy everything.</summary>
    Off,
}
