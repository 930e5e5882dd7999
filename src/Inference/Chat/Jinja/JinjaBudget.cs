namespace Hotplug.Inference.Chat.Jinja;

/// <summary>What a template may spend: templates come with models, from anywhere, and are programs.</summary>
internal sealed class JinjaBudget
{
    /// <summary>Longest template in characters.</summary>
    public const int TemplateLength = 1 << 20;

    /// <summary>Deepest nesting of blocks and expressions in a template, and of macros that call each other.</summary>
    public const int Depth = 100;

    /// <summary>Steps of evaluation.</summary>
    public const long Steps = 5_000_000;

    /// <summary>Longest text, and longest result, in characters.</summary>
    public const int TextLength = 8 << 20;

    /// <summary>Characters of all texts that are made on the way.</summary>
    public const long Characters = 64L << 20;

    /// <summary>Longest list.</summary>
    public const int ListLength = 100_000;

    private long _steps, _characters;

    /// <summary>Counts steps.</summary>
    public void Step(long count = 1)
    {
        if ((_steps += count) > Steps) throw new JinjaException($"it takes more than {Steps} steps");
    }

    /// <summary>Counts a text that is about to be made.</summary>
    public void Text(long length)
    {
        if (length > TextLength) throw new JinjaException($"it makes a text of {length} characters; at most {TextLength} are allowed");
        if ((_characters += length) > Characters) throw new JinjaException($"it makes texts of more than {Characters} characters together");
    }

    /// <summary>Counts a list that is about to be made.</summary>
    public void List(long length)
    {
        if (length > ListLength) throw new JinjaException($"it makes a list of {length}; at most {ListLength} are allowed");
        Step(length);
    }
}
