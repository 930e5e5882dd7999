using Hotplug.PolicyMatrix.Cells;
using Hotplug.PolicyMatrix.Measuring;
using Xunit;

namespace Hotplug.EndToEndTests.Matrix;

/// <summary>What holds for every cell that loaded or was refused.</summary>
internal static class CellChecks
{
    private const long Page = 4096;

    /// <summary>Nothing of the cell is left, whatever came of it.</summary>
    public static void LeavesNothing(CellResult result)
    {
        Assert.Equal("", result.Held);
        Assert.Equal(0, result.ModelMappings);
        Assert.Equal(result.LockedBefore, result.LockedAfter);
    }

    /// <summary>It was refused for the reason expected, with a cure.</summary>
    public static void IsRefused(CellResult result, ExpectedCell expected)
    {
        Assert.Equal(expected.ExitCode, result.ExitCode);
        Assert.Equal(expected.Codes, string.Join('+', result.Refusals.Select(refusal => refusal.Code)));
        Assert.StartsWith("hotplug: refused: ", result.Message);
        Assert.All(expected.Reason.Split('|'), reason => Assert.Contains(reason, result.Message));
        Assert.All(result.Refusals, refusal => Assert.Contains(refusal.Cure, result.Message, StringComparison.OrdinalIgnoreCase));
        Assert.Null(result.Receipt);
        Assert.Empty(result.Texts);
    }

    /// <summary>It was loaded with the bytes expected, at valid addresses, and the receipt is what the system says.</summary>
    public static void IsLoaded(CellResult result, ExpectedCell expected)
    {
        Assert.Equal("", result.Message);
        Assert.Equal(0, result.ExitCode);
        HasValidAddresses(result);
        ReceiptIsWhatTheSystemSays(result);

        var weights = result.Receipt!.Parts.Take(result.Parts.Count).ToList();
        Assert.Equal(expected.Parts, result.Parts.Count(part => part.Backing != "Device"));
        Assert.Equal(expected.Mapped, weights.Sum(part => part.Mapped));
        Assert.Equal(expected.Copied, weights.Sum(part => part.Committed));
        Assert.Equal(expected.Device, weights.Where((_, i) => result.Parts[i].Backing == "Device").Sum(part => part.Asked));
        Assert.Equal(expected.Locked, result.Receipt.Locked);
        Assert.Equal(expected.NotLocked, result.Receipt.NotLocked);
        if (expected.Cell.Largest != "natural") Assert.All(weights, part => Assert.InRange(part.Length, 1, long.Parse(expected.Cell.Largest)));
        if (expected.NotLocked != 0) Assert.All(weights.Where(part => part.NotLocked != 0), part => Assert.NotEqual("", part.Why));

        foreach (var text in result.Texts)
        {
            var certain = StoryReference.Of(text.Prompt).Certain(text.Tokens.Count);
            Assert.Equal(certain, text.Tokens.Take(certain.Length));
        }
    }

    /// <summary>Every part has a valid base address, and what the system has there is what the part claims to be.</summary>
    public static void HasValidAddresses(CellResult result)
    {
        Assert.Empty(result.Violations);
        Assert.NotEmpty(result.Parts);
        var end = result.RangeStart;
        foreach (var part in result.Parts)
        {
            Assert.NotEqual(0ul, part.Start);
            Assert.Equal(0ul, part.Start % part.Alignment);
            Assert.True(part.Start >= end, $"{part} overlaps the part before it, or begins before the range.");
            end = part.Start + part.Length;
            Assert.Equal(part.Backing == "Device" ? 0ul : part.Start, part.Pointer);
            var permissions = part.Backing switch { "FileMapping" => "r--s", "Committed" => "rw-p", _ => "---p" };
            Assert.All(Within(result, part), region => Assert.Equal(permissions, region.Permissions));
            Assert.True(Within(result, part).Sum(region => (long)(Math.Min(region.End, end) - Math.Max(region.Start, part.Start))) == (long)part.Length, $"The system has not all of {part}.");
        }
        Assert.True(end <= result.RangeStart + result.RangeLength, "The last part ends behind the range.");
    }

    /// <summary>What the receipt says of locks is what the system says: for the process, for the addresses, and by its accounting.</summary>
    public static void ReceiptIsWhatTheSystemSays(CellResult result)
    {
        var receipt = result.Receipt!;
        Assert.Equal(receipt.Locked, result.LockedLoaded - result.LockedBefore);
        Assert.Equal(result.LockedBefore, receipt.ProcessLockedBefore);
        Assert.Equal(result.LockedLoaded, receipt.ProcessLockedAfter);
        var shares = Shares(result);
        for (var i = 0; i < result.Parts.Count; i++)
        {
            var (part, says) = (result.Parts[i], receipt.Parts[i]);
            Assert.Equal("weights", says.Usage);
            Assert.Equal($"0x{part.Start:x}", says.Address);
            var end = part.Start + PageUp(part.Length);
            Assert.Equal(says.Locked, Within(result, part).Where(region => region.IsLocked).Sum(region => (long)(Math.Min(region.End, end) - Math.Max(region.Start, part.Start))));
        }
        // The system may keep neighbouring parts as one region, so they are compared region by region. It rounds each down to KiB.
        foreach (var region in result.Regions)
        {
            var locked = shares.Where(share => share.Start < region.End && share.Start + Page > region.Start).Sum(share => share.Bytes);
            Assert.InRange(region.Locked, locked - 1023, locked);
        }
        Assert.Equal(result.Regions.Sum(region => region.Locked), receipt.Parts.Sum(part => part.LockedShare ?? 0));
    }

    /// <summary>Pages that the receipt calls locked, with what the system counts of them: a page of the file that two parts map belongs to each by half.</summary>
    private static List<(ulong Start, double Bytes)> Shares(CellResult result)
    {
        var mapped = new Dictionary<long, int>();
        foreach (var part in result.Parts.Where(part => part.Backing == "FileMapping"))
            for (ulong at = 0; at < part.Length; at += Page)
                mapped[part.FileOffset + (long)at] = mapped.GetValueOrDefault(part.FileOffset + (long)at) + 1;
        var pages = new List<(ulong, double)>();
        for (var i = 0; i < result.Parts.Count; i++)
        {
            var (part, says) = (result.Parts[i], result.Receipt!.Parts[i]);
            if (says.Locked == 0) continue;
            Assert.Equal((long)PageUp(part.Length), says.Locked);
            for (ulong at = 0; at < part.Length; at += Page)
                pages.Add((part.Start + at, part.Backing == "FileMapping" ? (double)Page / mapped[part.FileOffset + (long)at] : Page));
        }
        return pages;
    }

    private static IEnumerable<Region> Within(CellResult result, PartFacts part) => result.Regions.Where(region => region.Start < part.Start + part.Length && region.End > part.Start);

    private static ulong PageUp(ulong bytes) => (bytes + Page - 1) / Page * Page;
}
