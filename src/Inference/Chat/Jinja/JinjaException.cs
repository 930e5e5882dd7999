namespace Hotplug.Inference.Chat.Jinja;

/// <summary>A template cannot be read or followed: it is malformed, fails by itself (<c>raise_exception</c>), or goes beyond a limit. The message says where.</summary>
public sealed class JinjaException : Exception
{
    internal JinjaException(string problem, int line = 0) : base(line > 0 ? $"The template fails in line {line}: {problem}" : problem) => (Problem, Line) = (problem, line);

    /// <summary>What is wrong.</summary>
    public string Problem { get; }

    /// <summary>The line of the template, or 0 if there is none to name.</summary>
    public int Line { get; }
}
