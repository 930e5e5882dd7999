using System.Reflection;
using Hotplug.Gpu.Discovery;
using Hotplug.Gpu.Kernels;
using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.CPU;
using ILGPU.Runtime.Cuda;
using ILGPU.Runtime.OpenCL;
using Xunit;

namespace Hotplug.GpuTests.Kernels;

/// <summary>An accelerator to run a kernel on by itself: ILGPU's emulator, or what a driver of the machine offers, CUDA before OpenCL.</summary>
public sealed class KernelBed : IDisposable
{
    private readonly Context _context;
    // ILGPU forgets a kernel that nobody holds, and would compile it again.
    private readonly Dictionary<MethodInfo, Delegate> _kernels = [];

    /// <summary>Opens an accelerator: <c>emulator</c> or <c>driver</c>. Skips the test where there is none.</summary>
    public KernelBed(string kind)
    {
        if (kind != "emulator") NativeDrivers.Prepare();
        // A warp of two lanes, so that nothing can rely on wider ones.
        _context = Context.Create(b =>
        {
            KernelCompilation.Configure(b);
            if (kind == "emulator") b.CPU(new CPUDevice(2, 2, 1));
            else
            {
                if (NativeDrivers.HasCuda) b.Cuda();
                if (NativeDrivers.HasOpenCl) b.OpenCL(_ => true);
            }
        });
        // Not by the number of devices: a context without any adds an emulator of its own.
        var device = _context.Devices.Where(d => d.AcceleratorType == AcceleratorType.CPU == (kind == "emulator")).OrderBy(d => d.AcceleratorType != AcceleratorType.Cuda).FirstOrDefault();
        if (device is null)
        {
            _context.Dispose();
            Assert.Skip("This machine has no CUDA or OpenCL device that ILGPU can use.");
        }
        Accelerator = device.CreateAccelerator(_context);
        GroupSize = kind == "emulator" ? 4 : 64;
    }

    /// <summary>Names for theories.</summary>
    public static TheoryData<string> Kinds => new("emulator", "driver");

    /// <summary>The accelerator.</summary>
    public Accelerator Accelerator { get; }

    /// <summary>Lanes of a group.</summary>
    public int GroupSize { get; }

    /// <summary>Runs a kernel once and waits for it.</summary>
    /// <param name="kernel">The kernel, explicitly grouped.</param>
    /// <param name="groups">Groups.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="lanes">Lanes of a group, or 0 for <see cref="GroupSize"/>; at most 4 on the emulator.</param>
    public void Run<TArguments>(Action<TArguments> kernel, int groups, TArguments arguments, int lanes = 0) where TArguments : struct
    {
        if (!_kernels.TryGetValue(kernel.Method, out var loaded)) _kernels.Add(kernel.Method, loaded = Accelerator.LoadStreamKernel(kernel));
        ((Action<KernelConfig, TArguments>)loaded)(new KernelConfig(groups, lanes == 0 ? GroupSize : lanes), arguments);
        Accelerator.Synchronize();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Accelerator.Dispose();
        _context.Dispose();
    }
}
