namespace Hotplug.Inference.Generation.Saving;

/// <summary>A saved generation cannot be used: damaged, of a later version, or of another model. Nothing of it was taken over.</summary>
public sealed class GenerationFileException : Exception
{
    /// <summary>Creates the error.</summary>
    /// <param name="path">The file.</param>
    /// <param name="field">The part of the file that is wrong.</param>
    /// <param name="problem">What is wrong, with the value; a sentence without its full stop.</param>
    /// <param name="cure">What to do about it; a sentence without its full stop.</param>
    /// <param name="inner">The cause, if another exception is.</param>
    public GenerationFileException(string path, string field, string problem, string cure, Exception? inner = null)
        : base($"{path}: {field}: {problem}. {cure}.", inner)
        => (Path, Field) = (path, field);

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>The part of the file that is wrong.</summary>
    public string Field { get; }
}
