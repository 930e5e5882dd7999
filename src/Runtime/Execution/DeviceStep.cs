using Hotplug.Abstractions.Execution;

namespace Hotplug.Runtime.Execution;

/// <summary>The sequences of a step as one cache sees them: with its own page lists, and from the first cell on that it has.</summary>
internal sealed class DeviceStep
{
    private SequenceStep[] _sequences = new SequenceStep[4];
    // Room for the pages of long sequences from the start, so that growing ones allocate nothing.
    private int[] _pages = new int[1024];
    private int _sequenceCount;
    private int _pageCount;

    public ReadOnlySpan<SequenceStep> Sequences => _sequences.AsSpan(0, _sequenceCount);

    public ReadOnlySpan<int> Pages => _pages.AsSpan(0, _pageCount);

    /// <summary>Takes over the sequences of a batch.</summary>
    /// <param name="batch">The batch; room for its rows has been reserved.</param>
    /// <param name="table">Number of the cache, or −1.</param>
    public void Fill(StepBatch batch, int table)
    {
        (_sequenceCount, _pageCount) = (batch.SequenceCount, 0);
        if (_sequences.Length < _sequenceCount) Array.Resize(ref _sequences, 2 * _sequenceCount);
        for (var i = 0; i < _sequenceCount; i++)
        {
            var held = table < 0 ? null : batch.Sequences[i].Tables[table];
            var pages = held is null ? default : held.Pages;
            var first = held?.FirstCell ?? 0;
            var step = batch.Steps[i];
            if (_pages.Length < _pageCount + pages.Length) Array.Resize(ref _pages, 2 * (_pageCount + pages.Length));
            pages.CopyTo(_pages.AsSpan(_pageCount));
            _sequences[i] = step with { FirstPage = _pageCount, PageCount = pages.Length, CachedLength = step.CachedLength - first, FirstPosition = step.FirstPosition + first };
            _pageCount += pages.Length;
        }
    }
}
