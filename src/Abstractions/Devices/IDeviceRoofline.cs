namespace Hotplug.Abstractions.Devices;

/// <summary>
/// Optional, of an <see cref="IDevice"/>: measures the most that the device can do with the instructions its kernels are made of, so that speeds can be stated as shares
/// of it (Williams, Waterman and Patterson, "Roofline", 2009). Asked by benchmarks; nothing is chosen by the answer.
/// </summary>
public interface IDeviceRoofline
{
    /// <summary>Measures. A call like any other on the device: one at a time, takes seconds, leaves nothing behind.</summary>
    /// <param name="cancellation">Looked at between two measurements.</param>
    /// <returns>Limits, those of one kind by rising number of threads.</returns>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    /// <exception cref="Faults.DeviceLostException">The device is gone.</exception>
    IReadOnlyList<RooflineFigure> MeasureRoofline(CancellationToken cancellation);
}
