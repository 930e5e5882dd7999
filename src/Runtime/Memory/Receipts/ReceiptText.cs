using System.Globalization;
using System.Text;
using Hotplug.Abstractions.Memory;

namespace Hotplug.Runtime.Memory.Receipts;

/// <summary>Writes a receipt for people.</summary>
internal static class ReceiptText
{
    private static readonly string[] Titles = ["use", "device", "type", "address", "bytes", "mapped", "committed", "device", "locked", "not locked"];

    public static string Format(LoadReceipt receipt)
    {
        var rows = new List<string[]> { Titles };
        foreach (var run in Runs(receipt.Parts))
        {
            var resident = run.Sum(part => part.Resident);
            rows.Add([run[0].Usage, run[0].Device, run[0].BufferType, run.Count == 1 ? run[0].Address : $"{run.Count} buffers", Bytes(run.Sum(part => part.Length)), Bytes(run.Sum(part => part.Mapped)),
                Bytes(run.Sum(part => part.Committed)), Bytes(run.Sum(part => part.OnDevice)), Bytes(run.Sum(part => part.Locked)) + (resident == 0 ? "" : $" + {ByteText.Format(resident)} resident"), Bytes(run.Sum(part => part.NotLocked))]);
        }
        rows.Add(["total", "", "", "", Bytes(receipt.Parts.Sum(part => part.Length)), Bytes(receipt.Mapped), Bytes(receipt.Committed),
            Bytes(receipt.OnDevice), Bytes(receipt.Locked), Bytes(receipt.NotLocked)]);
        var widths = Enumerable.Range(0, Titles.Length).Select(column => rows.Max(row => row[column].Length)).ToArray();

        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"Memory {receipt.Range}: map {receipt.Map}, lock {receipt.Lock}; {ByteText.Format(receipt.Asked)} asked");
        text.AppendLine(receipt.Parts.Any(part => part.Measured) ? ", measured from the system" : ", as the host counted");
        foreach (var row in rows)
        {
            var line = string.Join("  ", row.Select((cell, column) => column < 4 ? cell.PadRight(widths[column]) : cell.PadLeft(widths[column])));
            text.Append("  ").AppendLine(line.TrimEnd());
        }
        if (receipt is { ProcessLockedBefore: { } before, ProcessLockedAfter: { } after } && (receipt.LockAsked != 0 || before != after))
            text.AppendLine(CultureInfo.InvariantCulture, $"  locked by the process: {ByteText.Format(before)} before, {ByteText.Format(after)} after");
        foreach (var why in receipt.Parts.Select(part => part.Why).Where(why => why.Length != 0).Distinct())
            text.AppendLine(CultureInfo.InvariantCulture, $"  not locked: {why}");
        foreach (var notice in receipt.Notices)
            text.AppendLine(CultureInfo.InvariantCulture, $"  note: {notice}");
        return text.ToString();
    }

    /// <summary>Parts of weights one by one; of a workspace, which may be many small buffers, those of a kind together.</summary>
    private static List<List<PartReceipt>> Runs(IReadOnlyList<PartReceipt> parts)
    {
        var runs = new List<List<PartReceipt>>();
        foreach (var part in parts)
        {
            var last = runs.LastOrDefault()?[0];
            if (last is not null && part.Usage != AllocationReceipts.UsageText(BufferUsage.Weights) && (last.Usage, last.Device, last.BufferType) == (part.Usage, part.Device, part.BufferType)) runs[^1].Add(part);
            else runs.Add([part]);
        }
        return runs;
    }

    private static string Bytes(long bytes) => bytes == 0 ? "-" : ByteText.Format(bytes);
}
