using ILGPU;

namespace Hotplug.Gpu.Kernels.Elements;

/// <summary>
/// Copies rows of words chosen by a table: <c>destination[r] = source[rows[r]]</c>, one group a row. A number outside the source gives zeros and reads nothing.
/// </summary>
internal static class CopyRowsKernel
{
    /// <summary>Arguments.</summary>
    internal struct Arguments
    {
        /// <summary><see cref="SourceRows"/> rows.</summary>
        public ArrayView<int> Source;
        /// <summary>Number of the source row of each row, <see cref="Rows"/>.</summary>
        public ArrayView<int> Table;
        /// <summary><see cref="Rows"/> rows, apart from the source.</summary>
        public ArrayView<int> Destination;
        /// <summary>Rows to write.</summary>
        public int Rows;
        /// <summary>Rows there are.</summary>
        public int SourceRows;
        /// <summary>Words of a row.</summary>
        public int Width;
    }

    /// <summary>Runs it.</summary>
    internal static void Run(Arguments a)
    {
        for (var row = Grid.IdxX; row < a.Rows; row += Grid.DimX)
        {
            var from = a.Table[row];
            var known = from >= 0 && from < a.SourceRows;
            long source = (long)from * a.Width, destination = (long)row * a.Width;
            for (var i = Group.IdxX; i < a.Width; i += Group.DimX) a.Destination[destination + i] = known ? a.Source[source + i] : 0;
        }
    }
}
