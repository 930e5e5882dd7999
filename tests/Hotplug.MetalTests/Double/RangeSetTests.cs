using CsCheck;
using Hotplug.Metal.Fake.Execution;
using Xunit;

namespace Hotplug.MetalTests.Double;

/// <summary>Sets of addresses against sets of single bytes.</summary>
public sealed class RangeSetTests
{
    private static readonly Gen<(int Start, int Length)[]> Ranges = Gen.Select(Gen.Int[0, 60], Gen.Int[0, 9]).Array[0, 12];

    [Fact]
    public void Overlap_is_found_exactly_where_there_is_one() => Gen.Select(Ranges, Ranges).Sample((left, right) =>
    {
        var common = Bytes(left).Intersect(Bytes(right)).ToHashSet();
        AssertFound(common, Set(left).Overlap(Set(right)));
    });

    [Fact]
    public void What_lies_outside_is_found_exactly_where_there_is_something() => Gen.Select(Ranges, Ranges).Sample((left, right) =>
    {
        var outside = Bytes(left).Except(Bytes(right)).ToHashSet();
        var found = Set(left).Outside(Set(right));
        Assert.Equal(outside.Count == 0, found is null);
        if (found is { } range) Assert.Contains(Span(range), outside.Contains);
    });

    [Fact]
    public void Many_ranges_stay_the_same_set()
    {
        var set = new RangeSet();
        for (var i = 0; i < 200_000; i++) set.Add(i * 7919 % 200_000 * 2, 1);
        var even = new RangeSet();
        even.Add(0, 400_000);
        Assert.Null(set.Outside(even));
        var odd = new RangeSet();
        for (var i = 0; i < 200_000; i++) odd.Add(i * 2 + 1, 1);
        Assert.Null(set.Overlap(odd));
        odd.Add(199_998, 1);
        Assert.Equal((199_998ul, 199_999ul), set.Overlap(odd));
    }

    private static void AssertFound(HashSet<int> expected, (ulong Start, ulong End)? found)
    {
        Assert.Equal(expected.Count == 0, found is null);
        if (found is { } range) Assert.All(Span(range), b => Assert.Contains(b, expected));
    }

    private static IEnumerable<int> Span((ulong Start, ulong End) range) => Enumerable.Range((int)range.Start, (int)(range.End - range.Start));

    private static IEnumerable<int> Bytes((int Start, int Length)[] ranges) => ranges.SelectMany(r => Enumerable.Range(r.Start, r.Length)).Distinct();

    private static RangeSet Set((int Start, int Length)[] ranges)
    {
        var set = new RangeSet();
        foreach (var (start, length) in ranges) set.Add(start, (nuint)length);
        return set;
    }
}
