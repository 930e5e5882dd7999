namespace Hotplug.Metal.Fake.Shaders;

/// <summary>Takes every source and has every kernel, all of which do nothing: for tests of memory, which need no compiler for it. What a step computes with it is meaningless.</summary>
public sealed class IdleCompiler : IShaderCompiler
{
    /// <inheritdoc/>
    public IShaderLibrary Compile(string source, in ShaderCompileOptions options) => new Library();

    private sealed class Library : IShaderLibrary
    {
        private readonly Dictionary<string, IShaderFunction> _functions = [];

        public IReadOnlyCollection<string> FunctionNames => _functions.Keys;

        public IShaderFunction Find(string name)
        {
            if (!_functions.TryGetValue(name, out var function)) _functions.Add(name, function = new Function(name));
            return function;
        }

        public void Dispose() { }
    }

    private sealed class Function(string name) : IShaderFunction
    {
        public string Name => name;
        public IReadOnlyList<ShaderParameter> Parameters => [];
        public nuint StaticThreadgroupMemory => 0;
        public int MaxThreadsPerThreadgroup => 1024;
        public int SimdWidth => 32;
        public bool Traces => false;

        public void Run(in ShaderDispatch dispatch) { }
    }
}
