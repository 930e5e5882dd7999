using System.Diagnostics;
using System.Reflection;
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

    // Instructions that may keep a vector on the stack, and calls, in all loops of a kernel; by the start of the name within the namespace. None where nothing is said.
    private static readonly (string Start, int Spills, int Calls, string Reason)[] Budgets =
    [
        ("Vectors.KVector256:Multiply[Hotplug.Cpu.Kernels.SixteenBits,Hotplug.Cpu.Kernels.Vectors.FourBitK]", 40, 0, "Scales and minima of 256 weights lie there between their sixteen uses."),
        ("Vectors.KVector256:Multiply[Hotplug.Cpu.Kernels.SixteenBits,Hotplug.Cpu.Kernels.Vectors.FiveBitK]", 80, 0, "As above, and the plane of the fifth bits."),
        ("Vectors.KVector256:Multiply[Hotplug.Cpu.Kernels.EightBits,Hotplug.Cpu.Kernels.Vectors.FourBitK]", 18, 0, "Likewise."),
        ("Vectors.KVector256:Multiply[Hotplug.Cpu.Kernels.EightBits,Hotplug.Cpu.Kernels.Vectors.FiveBitK]", 36, 0, "Likewise."),
        ("Vectors.Q6_KVector256:Multiply[Hotplug.Cpu.Kernels.SixteenBits]", 60, 0, "Sums of four parts, once for 128 weights of eight rows."),
        ("Vectors.Q6_KVector256:Multiply[Hotplug.Cpu.Kernels.EightBits]", 36, 0, "Likewise."),
        ("Vectors.Q", 27, 0, "Unpacking takes more than sixteen registers; once for 32 weights of eight rows."),
        ("Vectors.IQ", 18, 0, "The table of levels and its masks, likewise."),
        ("Vectors.MXFP4", 10, 0, "Likewise."),
        ("Words.WordPanel:Fill", 8, 0, "Once for each row of a panel, which many tokens are multiplied by; more where a table is not initialised yet when it is compiled."),
        ("RowFormats.IQ3_XXSRow:Read", 0, 1, "The table's class, asked for once in a row of floats."),
    ];

    [Fact]
    public async Task Loops_of_kernels_call_nothing_and_keep_vectors_in_registers()
    {
        if (!InstructionSets.Runs(InstructionSet.Avx2)) Assert.Skip("Looks at the kernels of AVX2, which this processor does not have.");
        var path = Path.GetTempFileName();
        try
        {
            var kernels = new Dictionary<string, ListedMethod>();
            HashSet<string> mixed = [];
            // Again, should threads of the runtime have compiled two at once after all.
            for (var tours = 0; tours < 3 && (tours == 0 || mixed.Count > 0); tours++)
            {
                File.WriteAllText(path, "");
                await RunTourAsync(path);
                foreach (var method in ListedMethod.Read(File.ReadLines(path), mixed))
                    if (method.IsOptimized && IsKernel(method.Name)) kernels[method.Name] = method;
                mixed.RemoveWhere(m => kernels.ContainsKey(m) || !IsKernel(m));
            }
            Assert.Empty(mixed);
            // A listing that has too few was not made, or not understood.
            Assert.True(kernels.Values.Count(k => k.Loops.Count > 0) > 20, $"{kernels.Count} kernels with loops are listed.");
            var complaints = new List<string>();
            foreach (var kernel in kernels.Values)
            {
                var (calls, spills) = (kernel.Calls.ToList(), kernel.Spills.ToList());
                var budget = Budgets.FirstOrDefault(b => kernel.Name.StartsWith(Namespace + b.Start, StringComparison.Ordinal));
                if (calls.Count > budget.Calls) complaints.Add($"{kernel.Name} calls within loops: {string.Join("; ", calls)}");
                if (spills.Count > budget.Spills) complaints.Add($"{kernel.Name} keeps vectors on the stack in {spills.Count} instructions of inner loops, and {budget.Spills} are accepted: {string.Join("; ", spills)}");
            }
            Assert.True(complaints.Count == 0, string.Join(Environment.NewLine, complaints));
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static bool IsKernel(string name)
    {
        // Those of AVX-512 have twice the registers, and machines that have them are not everywhere.
        if (name.Contains("512", StringComparison.Ordinal)) return false;
        var (type, rest) = name.IndexOf(':') is var colon and > 0 ? (name[..colon], name[(colon + 1)..]) : ("", "");
        var method = rest[..Math.Max(0, rest.IndexOfAny(['[', '(']))];
        return typeof(CpuPlugin).Assembly.GetType(type)?.GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)
            .Any(m => m.Name == method && m.MethodImplementationFlags.HasFlag(MethodImplAttributes.AggressiveOptimization)) == true;
    }

    private static async Task RunTourAsync(string listing)
    {
        var program = Path.Combine(AppContext.BaseDirectory, typeof(MachineCodeTests).Assembly.GetName().Name + (OperatingSystem.IsWindows() ? ".exe" : ""));
        // One behind the other and without threads: methods that are compiled at the same time would be listed line by line in turn.
        var start = new ProcessStartInfo(program, ["-class", typeof(KernelTour).FullName!, "-class", typeof(EightBitTour).FullName!, "-method", "*." + nameof(KernelTour.Products), "-method", "*." + nameof(KernelTour.Attention), "-parallel", "none"])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        };
        // The runtime's own settings; they are read by every release of it.
        start.Environment["DOTNET_JitStdOutFile"] = listing;
        start.Environment["DOTNET_JitDisasm"] = Namespace + "*:*";
        start.Environment["DOTNET_TieredCompilation"] = "0";
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
