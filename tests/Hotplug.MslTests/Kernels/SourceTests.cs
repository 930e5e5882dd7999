using System.Runtime.CompilerServices;
using Hotplug.Metal.Kernels;
using Hotplug.Metal.Kernels.Arguments;
using Hotplug.MslExecutor;
using Xunit;

namespace Hotplug.MslTests.Kernels;

/// <summary>Every file of kernels compiles, keeps its address spaces, fits the limits of all Apple GPUs and takes the arguments that the host fills.</summary>
public sealed class SourceTests
{
    private static readonly string[] Parts = ["Common.metal", "Functions.metal", "Elements/Broadcast.metal", "Cache/Step.metal", "Cache/KvFormats.metal"];

    /// <summary>Files with kernels; the others are included by them.</summary>
    public static TheoryData<string> Files => [.. KernelSource.Names.Where(name => KernelSource.Read(name).Contains("kernel", StringComparison.Ordinal)
        && !Parts.Contains(name) && !name.StartsWith("Formats/", StringComparison.Ordinal) && name is not ("Products/MatVec.metal" or "Products/MatMat.metal" or "Products/GetRows.metal"))];

    [Theory, MemberData(nameof(Files))]
    public void A_file_compiles_and_its_address_spaces_are_right(string name)
    {
        KernelRun.Require();
        Assert.Equal("", MslCompiler.Lint(KernelSource.Read(name)));
        using var library = Library.Compile(name);
        Assert.NotEmpty(library.FunctionNames);
        foreach (var function in library.FunctionNames.Select(function => library[function]))
        {
            // 16 KiB are left to every threadgroup even where two share a core.
            Assert.True(function.StaticThreadgroupMemory <= 20 << 10, $"{function.Name} takes {function.StaticThreadgroupMemory} bytes of threadgroup memory.");
            var arguments = function.Parameters[0];
            var size = !name.StartsWith("Products/", StringComparison.Ordinal) ? Sizes[Path.GetFileNameWithoutExtension(name)]
                : function.Name.StartsWith("get_rows", StringComparison.Ordinal) ? Unsafe.SizeOf<GetRowsArgs>() : Unsafe.SizeOf<ProductArgs>();
            Assert.Equal((0, size), (arguments.Index, arguments.MinLength));
            Assert.Equal(function.Parameters.Count, function.Parameters.Select(parameter => parameter.Index).Distinct().Count());
        }
    }

    [Fact]
    public void Nothing_is_left_to_include()
        => Assert.All(KernelSource.Names, name => Assert.DoesNotContain("#include \"", KernelSource.Read(name), StringComparison.Ordinal));

    [Fact]
    public void A_file_that_does_not_exist_is_said() => Assert.Contains("Nowhere.metal", Assert.Throws<FileNotFoundException>(() => KernelSource.Read("Nowhere.metal")).Message);

    private static readonly Dictionary<string, int> Sizes = new()
    {
        ["Add"] = Unsafe.SizeOf<BroadcastArgs>(), ["Mul"] = Unsafe.SizeOf<BroadcastArgs>(), ["Scale"] = Unsafe.SizeOf<ScaleArgs>(), ["SoftCap"] = Unsafe.SizeOf<SoftCapArgs>(),
        ["Activate"] = Unsafe.SizeOf<ActivateArgs>(), ["Gated"] = Unsafe.SizeOf<GatedArgs>(), ["CastToInt"] = Unsafe.SizeOf<CastToIntArgs>(),
        ["CastToFloat"] = Unsafe.SizeOf<CastToFloatArgs>(), ["Copy"] = Unsafe.SizeOf<CopyArgs>(), ["RmsNorm"] = Unsafe.SizeOf<RmsNormArgs>(),
        ["LayerNorm"] = Unsafe.SizeOf<LayerNormArgs>(), ["Normalize"] = Unsafe.SizeOf<NormalizeArgs>(), ["Softmax"] = Unsafe.SizeOf<SoftmaxArgs>(),
        ["ArgMax"] = Unsafe.SizeOf<ArgMaxArgs>(), ["Rope"] = Unsafe.SizeOf<RopeArgs>(), ["Pool"] = Unsafe.SizeOf<PoolArgs>(),
        ["CombineExperts"] = Unsafe.SizeOf<CombineExpertsArgs>(), ["RouteTopK"] = Unsafe.SizeOf<RouteTopKArgs>(), ["KvAppend"] = Unsafe.SizeOf<KvAppendArgs>(),
        ["KvShift"] = Unsafe.SizeOf<KvShiftArgs>(), ["Attention"] = Unsafe.SizeOf<AttentionArgs>(), ["AttentionMerge"] = Unsafe.SizeOf<AttentionMergeArgs>(),
        ["AttentionBatch"] = Unsafe.SizeOf<AttentionBatchArgs>(),
    };
}
