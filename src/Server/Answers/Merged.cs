using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace Hotplug.Server.Answers;

/// <summary>Reads several answers at once.</summary>
internal static class Merged
{
    /// <summary>The items of all sources as they come, each with the number of its source. When one fails, or the reader stops, all are given up.</summary>
    public static async IAsyncEnumerable<(int Index, T Item)> ReadAsync<T>(IReadOnlyList<IAsyncEnumerable<T>> sources, [EnumeratorCancellation] CancellationToken cancellation)
    {
        if (sources is [var only])
        {
            await foreach (var item in only.WithCancellation(cancellation).ConfigureAwait(false)) yield return (0, item);
            yield break;
        }
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        // Whoever reads slowly is not run ahead of.
        var items = Channel.CreateBounded<(int, T)>(new BoundedChannelOptions(1) { SingleReader = true });
        var pumps = PumpAllAsync();
        try
        {
            await foreach (var item in items.Reader.ReadAllAsync(CancellationToken.None).ConfigureAwait(false)) yield return item;
            await pumps.ConfigureAwait(false);
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
            await pumps.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        async Task PumpAllAsync()
        {
            try
            {
                await Task.WhenAll(sources.Select(PumpAsync)).ConfigureAwait(false);
            }
            finally
            {
                items.Writer.Complete();
            }
        }

        async Task PumpAsync(IAsyncEnumerable<T> source, int index)
        {
            try
            {
                await foreach (var item in source.WithCancellation(stop.Token).ConfigureAwait(false)) await items.Writer.WriteAsync((index, item), stop.Token).ConfigureAwait(false);
            }
            catch
            {
                await stop.CancelAsync().ConfigureAwait(false);
                throw;
            }
        }
    }
}
