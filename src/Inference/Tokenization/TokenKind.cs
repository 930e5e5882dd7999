namespace Hotplug.Inference.Tokenization;

/// <summary>What a token is, as <c>tokenizer.ggml.token_type</c> numbers it.</summary>
public enum TokenKind : byte
{
    /// <summary>Not stated; treated like <see cref="Normal"/>.</summary>
    Undefined = 0,

    /// <summary>A piece of ordinary text.</summary>
    Normal = 1,

    /// <summary>Stands for text that the vocabulary cannot express.</summary>
    Unknown = 2,

    /// <summary>Steers the model (begin, end, roles) and writes no text. Plain text never becomes one unless special tokens are parsed.</summary>
    Control = 3,

    /// <summary>Text that is always kept in one token, found before anything else.</summary>
    UserDefined = 4,

    /// <summary>Reserved by the vocabulary; treated like <see cref="Normal"/>.</summary>
    Unused = 5,

    /// <summary>One byte, named <c>&lt;0xNN&gt;</c>, for characters without a token.</summary>
    Byte = 6,
}
