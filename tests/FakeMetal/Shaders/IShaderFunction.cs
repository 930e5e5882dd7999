namespace Hotplug.Metal.Fake.Shaders;

/// <summary>A kernel that can be run.</summary>
public interface IShaderFunction
{
    /// <summary>The name it was found by.</summary>
    string Name { get; }

    /// <summary>Parameters that are bound from outside: buffers and threadgroup memory. Built-in values such as <c>thread_position_in_grid</c> are not listed.</summary>
    IReadOnlyList<ShaderParameter> Parameters { get; }

    /// <summary>Bytes of threadgroup memory declared inside of the kernel.</summary>
    nuint StaticThreadgroupMemory { get; }

    /// <summary>Most threads of a threadgroup, at most 1024.</summary>
    int MaxThreadsPerThreadgroup { get; }

    /// <summary>Threads of a simdgroup.</summary>
    int SimdWidth { get; }

    /// <summary>Whether <see cref="Run"/> reports to <see cref="ShaderDispatch.Trace"/>.</summary>
    bool Traces { get; }

    /// <summary>
    /// Runs all threads of one dispatch and returns when they are done. Not called twice at the same time for one <see cref="FakeMetal"/>;
    /// different ones may call at the same time.
    /// </summary>
    /// <param name="dispatch">
    /// Sizes and memory. Checked by the caller: every parameter is bound, no size is zero, the threadgroup is not larger than allowed. Its pointers are
    /// valid until the call returns.
    /// </param>
    /// <exception cref="ShaderFaultException">
    /// The kernel did what it must not: divergent barrier, mismatched simdgroup operation, access outside of what is bound. Memory may have been
    /// written in part. Becomes a violation and fails the command buffer.
    /// </exception>
    void Run(in ShaderDispatch dispatch);
}
