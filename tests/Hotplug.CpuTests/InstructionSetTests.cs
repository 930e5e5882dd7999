using System.Diagnostics;
using Hotplug.Cpu;
using Xunit;

namespace Hotplug.CpuTests;

/// <summary>
/// The same bits in processes whose runtime is told not to use what the processor has, or to optimise nothing: kernels and portable vectors are compiled differently there. Each
/// child runs <see cref="InstructionSetChild"/> and leaves a digest of its results.
/// </summary>
public sealed class InstructionSetTests : CpuTest
{
    [Theory]
    [InlineData("DOTNET_EnableAVX512", "0", "Avx512")]
    [InlineData("DOTNET_EnableAVX2", "0", "Avx2")]
    [InlineData("DOTNET_EnableHWIntrinsic", "0", "Vector128")]
    [InlineData("DOTNET_JITMinOpts", "1", "")]
    [InlineData("DOTNET_TieredCompilation", "0", "")]
    public async Task Results_do_not_depend_on(string variable, string value, string missing)
    {
        var expected = InstructionSetChild.Digest(Runs) + InstructionSetChild.ProductDigest(await StartAllAsync(8));
        var file = Path.Combine(Path.GetTempPath(), $"hotplug-digest-{Guid.NewGuid():n}");
        try
        {
            var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "Hotplug.CpuTests.exe" : "Hotplug.CpuTests"))
            {
                ArgumentList = { "-class", typeof(InstructionSetChild).FullName!, "-explicit", "only" },
                Environment = { [variable] = value, [InstructionSetChild.FileVariable] = file, [InstructionSetChild.MissingVariable] = missing },
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            };
            using var child = Process.Start(start)!;
            var output = await child.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken) + await child.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            await child.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.True(child.ExitCode == 0 && File.Exists(file), $"With {variable}={value} the child failed:{Environment.NewLine}{output}");
            Assert.Equal(expected, await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));
        }
        finally
        {
            File.Delete(file);
        }
    }
}
