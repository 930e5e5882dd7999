namespace Hotplug.Cpu.Kernels.Panels;

/// <summary>
/// What a panel holds per 32 weights of its rows. A line is four bytes of every row; a group of R rows lies block by block, 32-blocks in order. Panels live in
/// a worker's scratch only: they are made from the GGUF bytes right before they are used.
/// </summary>
internal enum PanelFormat
{
    /// <summary>Codes 0 to 15: 8 lines of codes, then scale and minimum as floats. With an offset of 8 in place of a minimum for Q4_0.</summary>
    U4,
    /// <summary>
    /// Codes 0 to 63: 8 lines of codes, then per row an int16 pair with the scale of the first sixteen (twice), the same of the second sixteen, a pair with
    /// minus scale × offset of both (types with an offset), then scale and, for types that have one, minimum as floats.
    /// </summary>
    U6,
    /// <summary>Signed bytes + 128: 8 lines of low nibbles, 8 lines of high nibbles, then the scale as float.</summary>
    U8,
    /// <summary>
    /// Codes as words, offsets taken off and factors of halves multiplied in: 16 lines of a pair of words per row, then the scale as float. Multiplied by
    /// activations in words.
    /// </summary>
    Words,
    /// <summary>The same with a minimum as float.</summary>
    WordsWithMinimum,
    /// <summary>The same with a factor of the minimum for each half behind it, an int16 pair.</summary>
    WordsWithMinima,
    /// <summary>Floats, row by row.</summary>
    F32,
}
