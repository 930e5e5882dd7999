namespace Hotplug.Metal.Fake.Shaders;

/// <summary>
/// Receives the memory that a dispatch touched, so that two dispatches without a barrier between them are found out. Ranges may come in any order,
/// merged or not, during the dispatch or at its end; only the thread that called <see cref="IShaderFunction.Run"/> reports.
/// Threadgroup memory and what belongs to a thread are not reported.
/// </summary>
public interface IShaderTrace
{
    /// <summary>Bytes that were read.</summary>
    void Read(nint address, nuint length);

    /// <summary>Bytes that were written.</summary>
    void Write(nint address, nuint length);
}
