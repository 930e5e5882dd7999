namespace Hotplug.MslExecutor;

/// <summary>A kernel that a library offers.</summary>
/// <param name="Name">The name it is found by.</param>
/// <param name="Expression">What names it in C++: <c>f</c> or <c>f&lt;T&gt;</c>.</param>
/// <param name="Parameters">Its parameters, in order.</param>
/// <param name="MaxThreads">What <c>max_total_threads_per_threadgroup</c> says, or 0.</param>
/// <param name="Ordinal">Number of the definition it comes from.</param>
internal sealed record KernelEntry(string Name, string Expression, IReadOnlyList<KernelParameter> Parameters, int MaxThreads, int Ordinal);
