namespace Hotplug.Inference.Sampling;

/// <summary>Says which tokens may follow, from token to token; a grammar is one. Belongs to one text; one thread at a time.</summary>
public interface ITokenConstraint
{
    /// <summary>Sets the logits of all tokens that may not follow to negative infinity, and leaves the others.</summary>
    void Restrict(Span<float> logits);

    /// <summary>Goes on behind a token, which must be one that may follow.</summary>
    void Accept(int token);
}
