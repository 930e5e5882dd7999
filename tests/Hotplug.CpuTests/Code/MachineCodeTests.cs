using System.Diagnostics;
using System.Reflection;
using System.Runtime.InteropServices;
using Hotplug.Cpu;
using Xunit;

namespace Hotplug.CpuTests.Code;

/// <summary>
/// The machine code of the kernels, as the compiler of the runtime lists it: loops that call nothing and keep their vectors in registers. A helper that is no longer inlined, or
/// one accumulator too many, costs half of the speed and fails no other test. Kernels are the methods that are compiled straight to optimised code.
/// </summary>
public sealed class MachineCodeTests
{
    private const string Namespace = "Hotplug.Cpu.Kernels.";

    // What is known and accepted, by the start of the name within the namespace, with the reason.
    private static readonly (string Start, string Reason)[] Accepted =
    [
    ];

    [Fact]
    public async Task Loops_of_kernels_call_nothing_and_keep_vectors_in_registers()
    {
        if (RuntimeInformation.ProcessArchitecture != Architecture.X64) Assert.Skip("Reads listings of x64 only.");
        var path = Path.GetTempFileName();
        try
        {
            await RunTourAsync(path);
            var kernels = ListedMethod.Read(File.ReadLines(path)).Where(m => m.IsOptimized && IsKernel(m.Name)).ToList();
            // A listing that has too few was not made, or not understood.
            Assert.True(kernels.Count(k => k.Loops.Count > 0) > 20, $"{kernels.Count} kernels with loops are listed.");
            var complaints = kernels.SelectMany(k => k.Complaints()).Where(c => !Accepted.Any(a => c.StartsWith(Namespace + a.Start, StringComparison.Ordinal))).Distinct().ToList();
            Assert.True(complaints.Count == 0, string.Join(Environment.NewLine, complaints));
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static bool IsKernel(string name)
    {
        var (type, rest) = name.IndexOf(':') is var colon and > 0 ? (name[..colon], name[(colon + 1)..]) : ("", "");
        var method = rest[..Math.Max(0, rest.IndexOfAny(['[', '(']))];
        return typeof(CpuPlugin).Assembly.GetType(type)?.GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)
            .Any(m => m.Name == method && m.MethodImplementationFlags.HasFlag(MethodImplAttributes.AggressiveOptimization)) == true;
    }

    private static async Task RunTourAsync(string listing)
    {
        var program = Path.Combine(AppContext.BaseDirectory, typeof(MachineCodeTests).Assembly.GetName().Name + (OperatingSystem.IsWindows() ? ".exe" : ""));
        var start = new ProcessStartInfo(program, ["-class", typeof(KernelTour).FullName!]) { RedirectStandardOutput = true, RedirectStandardError = true };
        // The runtime's own settings; they are read by every release of it.
        start.Environment["DOTNET_JitStdOutFile"] = listing;
        start.Environment["DOTNET_JitDisasm"] = Namespace + "*:*";
        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(5));
        try
        {
            await process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
        }
        Assert.True(process.ExitCode == 0, $"The tour of the kernels failed: {await output}{await errors}");
    }
}
