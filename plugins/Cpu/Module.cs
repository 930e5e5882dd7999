using System.Runtime.CompilerServices;
using Hotplug.Abstractions.Plugins;
using Hotplug.Cpu;

// Kernels write every local before they read it; clearing stack frames would cost them time at each call.
[module: SkipLocalsInit]
[assembly: BackendPlugin("cpu", typeof(CpuPlugin), "1.0")]
