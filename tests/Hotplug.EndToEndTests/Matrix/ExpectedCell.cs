using Hotplug.PolicyMatrix.Cells;

namespace Hotplug.EndToEndTests.Matrix;

/// <summary>What is to come of a cell: a row of <c>Data/policy-matrix.csv</c>. Bytes are null for a cell that is refused.</summary>
/// <param name="Cell">The cell.</param>
/// <param name="ExitCode">0 or 3.</param>
/// <param name="Codes">Codes of the refusals, joined with +.</param>
/// <param name="Reason">What the message says among other things; several joined with |.</param>
/// <param name="Parts">Parts in host memory.</param>
/// <param name="Mapped">Bytes of file mapped.</param>
/// <param name="Copied">Bytes of private host memory for weights.</param>
/// <param name="Device">Bytes of weights in memory of the device, in the file's layout.</param>
/// <param name="Locked">Bytes locked.</param>
/// <param name="NotLocked">Bytes that were to be locked and are not.</param>
internal sealed record ExpectedCell(Cell Cell, int ExitCode, string Codes, string Reason, int? Parts, long? Mapped, long? Copied, long? Device, long? Locked, long? NotLocked)
{
    public const string Header = "placement,largest,map,lock,limit,exit,codes,reason,parts,mapped,copied,device,locked,not locked,mac";

    public bool IsRefused => ExitCode != 0;

    public static ExpectedCell Parse(string line)
    {
        var fields = line.Split(',');
        return new(new Cell(fields[2], fields[3], fields[0], fields[4], fields[1], fields[14]), int.Parse(fields[5]), fields[6], fields[7],
            (int?)Number(fields[8]), Number(fields[9]), Number(fields[10]), Number(fields[11]), Number(fields[12]), Number(fields[13]));
        static long? Number(string text) => text.Length == 0 ? null : long.Parse(text);
    }

    /// <inheritdoc/>
    public override string ToString() => string.Join(',', Cell.Placement, Cell.Largest, Cell.Map, Cell.Lock, Cell.Limit, ExitCode, Codes, Reason, Parts, Mapped, Copied, Device, Locked, NotLocked, Cell.Mac);
}
