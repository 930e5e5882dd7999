using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.Intrinsics.X86;
using System.Text;
using Hotplug.Metal.Fake.Shaders;

namespace Hotplug.MslExecutor;

/// <summary>
/// Compiles the Metal Shading Language source that the product ships as C++, with a prelude of our own, to a shared library that runs it on the processor.
/// Safe for concurrent calls.
/// </summary>
public sealed class MslCompiler : IShaderCompiler
{
    // What this process has compiled or found: backends come and go with the same kernels.
    private static readonly ConcurrentDictionary<string, IReadOnlyList<KernelEntry>> Known = [];
    private readonly ExecutorOptions _options;

    /// <summary>Creates a compiler.</summary>
    /// <exception cref="PlatformNotSupportedException">There is no clang here: see <see cref="Toolchain.Unavailable"/>.</exception>
    public MslCompiler(ExecutorOptions? options = null)
    {
        if (Toolchain.Current.Unavailable is { } reason) throw new PlatformNotSupportedException(reason);
        _options = options ?? new();
    }

    /// <inheritdoc/>
    public IShaderLibrary Compile(string source, in ShaderCompileOptions options) => CompileSource(source);

    /// <summary>Compiles a source text.</summary>
    /// <exception cref="ShaderCompileException">It does not compile, or is outside of the subset.</exception>
    public MslLibrary CompileSource(string source)
    {
        var key = CompilationCache.Key(Toolchain.Current.Version, string.Join(' ', Flags()), source);
        var library = Path.Combine(CompilationCache.Folder, key + ".so");
        if (!Known.TryGetValue(key, out var kernels) || !CompilationCache.Has(library)) Known[key] = kernels = Build(key, source, library);
        return new MslLibrary(library, kernels, _options);
    }

    /// <summary>
    /// Checks the address spaces of a source, which running it as C++ does not: the source must compile as C++ for OpenCL, where <c>device</c> is
    /// <c>__global</c> and so on.
    /// </summary>
    /// <returns>The diagnostics; empty if there is nothing to say.</returns>
    public static string Lint(string source)
    {
        if (Toolchain.Current.Unavailable is { } reason) throw new PlatformNotSupportedException(reason);
        var key = CompilationCache.Key("lint", source);
        var (text, _) = Translation.Of(Preprocess(key, source));
        var unit = CompilationCache.Scratch(key) + ".clcpp";
        try
        {
            File.WriteAllText(unit, $"#include \"lint.h\"\n{text}\n");
            var errors = Toolchain.Current.Run(["-x", "clcpp", "-cl-std=clc++2021", "-target", "spir64", "-fsyntax-only", "-cl-no-stdinc",
                "-Wno-unused", "-Wno-unknown-attributes", "-I", CompilationCache.Folder, unit], out var succeeded);
            return succeeded ? "" : errors;
        }
        finally
        {
            File.Delete(unit);
        }
    }

    private string[] Flags() =>
    [
        "-x", "c++", "-std=c++17", "-O2", "-shared", "-fPIC", "-fvisibility=hidden", "-fno-exceptions", "-fno-rtti", "-fno-threadsafe-statics", "-fno-strict-aliasing", "-fwrapv",
        "-ffp-contract=on", "-Wall", "-Wno-unused", "-Wno-unknown-attributes",
        .. Avx2.IsSupported && Fma.IsSupported ? ["-march=x86-64-v3"] : Array.Empty<string>(),
        .. _options.Checked
            ? ["-DMSL_CHECKED", "-fsanitize=kernel-address", "-mllvm", "-asan-instrumentation-with-call-threshold=0", "-mllvm", "-asan-stack=0", "-mllvm", "-asan-globals=0", "-mllvm", "-asan-opt=0",
                "-ftrivial-auto-var-init=pattern"]
            : Array.Empty<string>(),
    ];

    private IReadOnlyList<KernelEntry> Build(string key, string source, string library)
    {
        var (text, kernels) = Translation.Of(Preprocess(key, source));
        if (CompilationCache.Has(library)) return kernels;
        var unit = CompilationCache.Scratch(key);
        try
        {
            File.WriteAllText(unit + ".cpp", Unit(text, kernels));
            var errors = Toolchain.Current.Run([.. Flags(), "-I", CompilationCache.Folder, unit + ".cpp", "-o", unit + ".so", "-lm"], out var succeeded);
            if (!succeeded) throw new ShaderCompileException(errors);
            // Another process may have been quicker; both files are the same.
            File.Move(unit + ".so", library, overwrite: true);
        }
        finally
        {
            File.Delete(unit + ".cpp");
            File.Delete(unit + ".so");
        }
        return kernels;
    }

    // Macros first, so that the pass sees what the compiler sees.
    private static string Preprocess(string key, string source)
    {
        var unit = CompilationCache.Scratch(key);
        try
        {
            File.WriteAllText(unit + ".metal", source);
            var errors = Toolchain.Current.Run(["-E", "-x", "c++", "-std=c++17", "-nostdinc", "-D__METAL_VERSION__=240", "-I", CompilationCache.Folder, unit + ".metal", "-o", unit + ".i"], out var succeeded);
            return succeeded ? File.ReadAllText(unit + ".i").Replace(unit + ".metal", "source", StringComparison.Ordinal)
                : throw new ShaderCompileException(errors.Replace(unit + ".metal", "source", StringComparison.Ordinal));
        }
        finally
        {
            File.Delete(unit + ".metal");
            File.Delete(unit + ".i");
        }
    }

    private static string Unit(string text, IReadOnlyList<KernelEntry> kernels)
    {
        var unit = new StringBuilder("#include \"runtime.h\"\n#ifdef MSL_CHECKED\n#include \"checks.h\"\n#endif\n#include \"metal.h\"\n");
        unit.Append(text).Append("\n#include \"exports.h\"\n");
        for (var i = 0; i < kernels.Count; i++)
        {
            unit.Append(CultureInfo.InvariantCulture, $"static const msl::Binding msl_bindings{i}[] = {{ ");
            foreach (var parameter in kernels[i].Parameters) unit.Append(CultureInfo.InvariantCulture, $"{{(msl::Kind){(int)parameter.Kind}, {parameter.Index}}}, ");
            unit.Append("{(msl::Kind)0, 0} };\n");
            unit.Append(CultureInfo.InvariantCulture, $"static void msl_enter{i}() {{ msl::call({kernels[i].Expression}, msl_bindings{i}); }}\n");
            unit.Append(CultureInfo.InvariantCulture, $"static void msl_shapes{i}(msl::Layout* s) {{ msl::shapes({kernels[i].Expression}, s); }}\n");
        }
        unit.Append("static const msl::Function msl_table[] = {\n");
        for (var i = 0; i < kernels.Count; i++)
            unit.Append(CultureInfo.InvariantCulture, $"    {{ \"{kernels[i].Name}\", msl_enter{i}, msl_bindings{i}, msl_shapes{i}, {kernels[i].Ordinal} }},\n");
        return unit.Append("    { 0, 0, 0, 0, -1 } };\n#include \"tail.h\"\n").ToString();
    }
}
