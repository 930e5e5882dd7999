namespace Hotplug.Inference.Grammars.Json;

/// <summary>The rules of JSON itself, which the rules of schemas refer to.</summary>
internal static class JsonRules
{
    /// <summary>Characters that may stand in a string as they are.</summary>
    public static IReadOnlyList<(int Low, int High)> Plain { get; } = [(' ', '!'), ('#', '['), (']', '~'), (0x80, CharacterRanges.Last)];

    /// <summary>Most digits of a number before the point, where no bound says more.</summary>
    public const int Digits = 16;

    // Escapes of surrogates come in pairs, or the string would be none.
    public const string Text = """
        ws ::= | " " | "\n" [ \t]{0,20}
        char ::= [^"\\\x00-\x1F\x7F] | "\\" (["\\/bfnrt] | unicode)
        unicode ::= "u" ([0-9a-cA-CefEF] hex hex hex | [dD] [0-7] hex hex | [dD] [89abAB] hex hex "\\u" [dD] [c-fC-F] hex hex)
        hex ::= [0-9a-fA-F]
        string ::= "\"" char* "\""
        integer ::= "-"? ("0" | [1-9] [0-9]{0,15})
        number ::= integer ("." [0-9]{1,16})? ([eE] [-+]? [0-9]{1,2})?
        boolean ::= "true" | "false"
        null ::= "null"
        object ::= "{" ws (string ":" ws value ("," ws string ":" ws value)* ws)? "}"
        array ::= "[" ws (value ("," ws value)* ws)? "]"
        value ::= object | array | string | number | boolean | null

        """;
}
