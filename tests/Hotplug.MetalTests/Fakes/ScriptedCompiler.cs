using System.Text.RegularExpressions;
using Hotplug.Metal.Fake.Shaders;

namespace Hotplug.MetalTests.Fakes;

/// <summary>
/// "Compiles" a source by looking up each <c>kernel void NAME</c> among functions written in C#. Kernels it does not know do nothing; a source with
/// <c>#error</c> does not compile.
/// </summary>
internal sealed partial class ScriptedCompiler(params ScriptedFunction[] functions) : IShaderCompiler
{
    /// <summary>Libraries that are not disposed.</summary>
    public int Open { get; private set; }

    /// <summary>What the last compilation was given.</summary>
    public ShaderCompileOptions LastOptions { get; private set; }

    /// <summary>A source that names all functions.</summary>
    public string Source => string.Join('\n', functions.Select(f => $"kernel void {f.Name}() {{}}"));

    /// <inheritdoc/>
    public IShaderLibrary Compile(string source, in ShaderCompileOptions options)
    {
        LastOptions = options;
        if (source.Contains("#error", StringComparison.Ordinal)) throw new ShaderCompileException("program_source:1:2: error: told to");
        var names = Names().Matches(source).Select(m => m.Groups[1].Value);
        var known = names.ToDictionary(n => n, n => functions.FirstOrDefault(f => f.Name == n) ?? new ScriptedFunction(n, [], static (in ShaderDispatch _) => { }));
        Open++;
        return new Library(this, known);
    }

    [GeneratedRegex(@"kernel\s+void\s+(\w+)")]
    private static partial Regex Names();

    private sealed class Library(ScriptedCompiler owner, Dictionary<string, ScriptedFunction> known) : IShaderLibrary
    {
        public IReadOnlyCollection<string> FunctionNames => known.Keys;

        public IShaderFunction? Find(string name) => known.GetValueOrDefault(name);

        public void Dispose() => owner.Open--;
    }
}
