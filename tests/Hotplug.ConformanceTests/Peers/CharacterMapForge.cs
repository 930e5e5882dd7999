using System.Buffers.Binary;
using System.Text;

namespace Hotplug.ConformanceTests.Peers;

/// <summary>Makes a normalisation as SentencePiece compiles it: a double array over the bytes of texts, whose entries are XORed with the byte that leads to them, and replacements.</summary>
internal static class CharacterMapForge
{
    private const int Units = 1 << 16;

    private static readonly (string From, string To)[] Rules =
    [
        ("\u00A0", " "), ("\t", " "), ("\n", " "), ("\r\n", " "), ("\u3000", " "), ("ﬁ", "fi"), ("½", "1/2"), ("é", "é"), ("Ü", "ue"), ("１", "1"), ("ab", "X"), ("abc", "Y Z"), ("\u200D", ""),
    ];

    /// <summary>The bytes of <c>precompiled_charsmap</c>.</summary>
    public static byte[] Make()
    {
        var replacements = new List<byte>();
        var root = new Node();
        foreach (var (from, to) in Rules)
        {
            var node = root;
            foreach (var value in Encoding.UTF8.GetBytes(from))
                node = node.Children.TryGetValue(value, out var next) ? next : node.Children[value] = new();
            node.Value = replacements.Count;
            replacements.AddRange(Encoding.UTF8.GetBytes(to));
            replacements.Add(0);
        }

        var units = new uint[Units];
        var taken = new bool[Units];
        taken[0] = true;
        Place(root, 0, units, taken);
        var bytes = new byte[sizeof(uint) + Units * sizeof(uint) + replacements.Count];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, Units * sizeof(uint));
        for (var i = 0; i < Units; i++) BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(sizeof(uint) * (i + 1)), units[i]);
        replacements.CopyTo(bytes, sizeof(uint) * (Units + 1));
        return bytes;
    }

    // A base at which all children, and the value under byte 0, find room.
    private static void Place(Node node, int at, uint[] units, bool[] taken)
    {
        var labels = node.Children.Keys.Select(value => (int)value).ToList();
        if (node.Value >= 0) labels.Add(0);
        var offset = 1;
        while (labels.Exists(label => taken[at ^ offset ^ label])) offset++;
        units[at] |= (uint)offset << 10 | (node.Value >= 0 ? 0x100u : 0);
        foreach (var label in labels) taken[at ^ offset ^ label] = true;
        if (node.Value >= 0) units[at ^ offset] = 0x8000_0000 | (uint)node.Value;
        foreach (var (value, child) in node.Children)
        {
            units[at ^ offset ^ value] |= value;
            Place(child, at ^ offset ^ value, units, taken);
        }
    }

    private sealed class Node
    {
        public SortedDictionary<byte, Node> Children { get; } = [];

        public int Value { get; set; } = -1;
    }
}
