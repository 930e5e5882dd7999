using System.Text;
using Hotplug.Inference.Tokenization;

namespace Hotplug.UnitTests.Tokenization;

/// <summary>Small vocabularies made in memory.</summary>
internal static class TestVocabularies
{
    /// <summary>How byte-level vocabularies spell ASCII: themselves, but a blank.</summary>
    public static string Spell(byte value)
    {
        Span<byte> spelled = stackalloc byte[2];
        return Encoding.UTF8.GetString(spelled[..ByteAlphabet.Write(value, spelled)]);
    }

    /// <summary>All bytes, then the results of the merges, then special tokens.</summary>
    public static Vocabulary ByteLevel(IReadOnlyList<(string Left, string Right)> merges, params (string Text, TokenKind Kind)[] special)
    {
        List<(string Text, TokenKind Kind)> tokens = [.. Enumerable.Range(0, 256).Select(value => (Spell((byte)value), TokenKind.Normal))];
        tokens.AddRange(merges.Select(merge => (merge.Left + merge.Right, TokenKind.Normal)).Distinct());
        tokens.AddRange(special);
        return new()
        {
            Pieces = Pieces([.. tokens.Select(token => token.Text)]),
            Kinds = [.. tokens.Select(token => token.Kind)],
            Merges = Pieces([.. merges.Select(merge => $"{merge.Left} {merge.Right}")]),
            EndOfGeneration = new HashSet<int>(),
        };
    }

    /// <summary>An unknown token, all byte tokens, then pieces with scores.</summary>
    public static Vocabulary SentencePiece(IReadOnlyList<(string Text, float Score)> pieces, bool spacePrefix, params (string Text, TokenKind Kind)[] special)
    {
        List<(string Text, float Score, TokenKind Kind)> tokens = [("<unk>", 0, TokenKind.Unknown)];
        tokens.AddRange(Enumerable.Range(0, 256).Select(value => ($"<0x{value:X2}>", 0f, TokenKind.Byte)));
        tokens.AddRange(pieces.Select(piece => (piece.Text, piece.Score, TokenKind.Normal)));
        tokens.AddRange(special.Select(token => (token.Text, 0f, token.Kind)));
        return new()
        {
            Pieces = Pieces([.. tokens.Select(token => token.Text)]),
            Kinds = [.. tokens.Select(token => token.Kind)],
            Scores = [.. tokens.Select(token => token.Score)],
            UnknownToken = 0,
            AddsSpacePrefix = spacePrefix,
            EndOfGeneration = new HashSet<int>(),
        };
    }

    public static PieceTable Pieces(params string[] texts) => PieceTable.Copy(Array.ConvertAll(texts, Encoding.UTF8.GetBytes));
}
