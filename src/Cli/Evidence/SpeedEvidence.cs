namespace Hotplug.Cli.Evidence;

/// <summary>How fast a device is at what everything else is made of.</summary>
/// <param name="StepMicroseconds">A step of one small operation, from the call until the host knows that it is done.</param>
/// <param name="OperationMicroseconds">One more small operation in a step.</param>
/// <param name="TransferBytes">Bytes of the copies measured.</param>
/// <param name="ToDeviceBytesPerSecond">Host to device.</param>
/// <param name="ToHostBytesPerSecond">Device to host.</param>
/// <param name="Products">Products of a matrix and one row, by weight type.</param>
internal sealed record SpeedEvidence(double StepMicroseconds, double OperationMicroseconds, long TransferBytes, double ToDeviceBytesPerSecond, double ToHostBytesPerSecond,
    IReadOnlyList<SpeedEvidence.Product> Products)
{
    /// <summary>A matrix with one row, as in decoding.</summary>
    /// <param name="WeightType">Type of the matrix.</param>
    /// <param name="BufferType">Where it lay.</param>
    /// <param name="Columns">Elements of a row.</param>
    /// <param name="Rows">Rows.</param>
    /// <param name="Matrices">Different matrices in the step.</param>
    /// <param name="UploadBytesPerSecond">Writing the weights, repacking included; bytes as in a file.</param>
    /// <param name="BytesPerSecond">Reading them in the step; bytes as in a file.</param>
    internal sealed record Product(string WeightType, string BufferType, int Columns, int Rows, int Matrices, double UploadBytesPerSecond, double BytesPerSecond);
}
