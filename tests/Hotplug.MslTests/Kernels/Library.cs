using Hotplug.Metal.Kernels;
using Hotplug.MslExecutor;

namespace Hotplug.MslTests.Kernels;

/// <summary>Libraries of the product's kernels, checked on every access.</summary>
internal static class Library
{
    /// <summary>Compiles a file of kernels; skips the test where there is no compiler.</summary>
    public static MslLibrary Compile(string name)
    {
        KernelRun.Require();
        return new MslCompiler(new ExecutorOptions { Checked = true }).CompileSource(KernelSource.Read(name));
    }
}
