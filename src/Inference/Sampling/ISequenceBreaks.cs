namespace Hotplug.Inference.Sampling;

/// <summary>Says at which tokens of a text no sequence goes on.</summary>
internal interface ISequenceBreaks
{
    /// <summary>Goes on behind a token; true if a sequence breaks at it.</summary>
    bool Add(int token);

    /// <summary>Begins a text.</summary>
    void Reset();
}
