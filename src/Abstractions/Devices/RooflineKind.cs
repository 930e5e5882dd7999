namespace Hotplug.Abstractions.Devices;

/// <summary>What a <see cref="RooflineFigure"/> is the limit of, and its unit.</summary>
public enum RooflineKind
{
    /// <summary>Reading memory that is in no cache, in bytes per second.</summary>
    ReadBandwidth,
    /// <summary>Products of quantised weights, in multiplications with addition per second, operands in the nearest cache.</summary>
    IntegerRate,
    /// <summary>Products of floats, likewise.</summary>
    FloatRate,
    /// <summary>Getting all threads from one stretch of work to the next, in seconds.</summary>
    Synchronization,
}
