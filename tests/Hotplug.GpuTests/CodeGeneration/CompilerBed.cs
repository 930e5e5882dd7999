using System.Collections.Concurrent;
using System.Reflection;
using ILGPU;
using ILGPU.Backends;
using ILGPU.Backends.EntryPoints;
using ILGPU.Backends.OpenCL;
using ILGPU.Backends.PTX;
using ILGPU.Runtime;
using ILGPU.Runtime.CPU;
using ILGPU.Runtime.Cuda;
using ILGPU.Runtime.OpenCL;

namespace Hotplug.GpuTests.CodeGeneration;

/// <summary>ILGPU's back ends without a device behind them: kernels are made into PTX and OpenCL source, and not run.</summary>
public sealed class CompilerBed : IDisposable
{
    private readonly Context _context = Context.Create(b => b.CPU());
    private readonly Dictionary<string, Backend> _backends = [];
    private readonly ConcurrentDictionary<(string, MethodInfo), string> _sources = [];

    /// <summary>Opens a back end for every target.</summary>
    public CompilerBed()
    {
        // Without halves, doubles, 64-bit atomics or sub-groups: what the least OpenCL device has that ILGPU takes.
        var capabilities = new CLCapabilityContext(float16: false, float64: false, genericAddressSpace: true, int64_Atomics: false, subGroups: false);
        _backends.Add("sm_80", new PTXBackend(_context, CudaArchitecture.SM_80, CudaInstructionSet.ISA_80, null!));
        _backends.Add("sm_90", new PTXBackend(_context, CudaArchitecture.SM_90, CudaInstructionSet.ISA_80, null!));
        _backends.Add("opencl", new CLBackend(_context, capabilities, CLDeviceVendor.Other, new CLCVersion(3, 0)));
    }

    /// <summary>The PTX of a kernel.</summary>
    /// <param name="kernel">An explicitly grouped kernel, closed over its type arguments.</param>
    /// <param name="target"><c>sm_80</c> or <c>sm_90</c>.</param>
    public string Ptx(MethodInfo kernel, string target) => Source(kernel, target);

    /// <summary>The OpenCL C of a kernel.</summary>
    public string OpenCl(MethodInfo kernel) => Source(kernel, "opencl");

    private string Source(MethodInfo kernel, string target) => _sources.GetOrAdd((target, kernel), key =>
        _backends[key.Item1].Compile(EntryPointDescription.FromExplicitlyGroupedKernel(key.Item2), KernelSpecialization.Empty) switch
        {
            PTXCompiledKernel ptx => ptx.PTXAssembly,
            CLCompiledKernel openCl => openCl.Source,
            var other => throw new InvalidOperationException($"{target} gives a {other.GetType().Name}."),
        });

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var backend in _backends.Values) backend.Dispose();
        _context.Dispose();
    }
}
