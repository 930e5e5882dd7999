using System.Diagnostics.Metrics;
using Hotplug.Inference.Generation;
using Hotplug.Inference.Generation.Scheduling;
using Hotplug.Inference.Telemetry;
using Xunit;

namespace Hotplug.ServerTests.Telemetry;

/// <summary>What a token costs telemetry.</summary>
public sealed class GenerationRecordTests
{
    [Fact]
    public void Tokens_are_counted_once_also_where_text_comes_out_without_one_or_is_taken_back()
    {
        var counted = new Dictionary<string, double>();
        using var listener = new MeterListener { InstrumentPublished = (instrument, listener) => { if (instrument.Meter.Name == InferenceMeter.Name) listener.EnableMeasurementEvents(instrument); } };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Count(instrument.Name, tags, value));
        listener.SetMeasurementEventCallback<double>((instrument, _, tags, _) => Count(instrument.Name, tags, 1));
        listener.Start();
        var record = new GenerationJournal("counted", _ => "", new()).Begin("chat", [1, 2, 3]);
        record.Admitted();
        foreach (var tokens in new[] { 1, 2, 3, 2, 3, 4, 4 }) record.Written("word", tokens);
        record.Ended(new(FinishReason.Length, null, 3, 4, 5, []));
        Assert.Equal((3, 4, 3, 1, 5), (counted["hotplug.tokens input"], counted["hotplug.tokens output"], counted["hotplug.token.interval "], counted["gen_ai.server.time_to_first_token "], counted["hotplug.tokens.evaluated "]));

        void Count(string name, ReadOnlySpan<KeyValuePair<string, object?>> tags, double value)
        {
            string? model = null, type = null;
            foreach (var tag in tags) (model, type) = tag.Key switch { "gen_ai.request.model" => ((string?)tag.Value, type), "gen_ai.token.type" => (model, (string?)tag.Value), _ => (model, type) };
            if (model != "counted") return;
            counted[$"{name} {type}"] = counted.GetValueOrDefault($"{name} {type}") + value;
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_token_allocates_nothing_whether_somebody_listens_or_not(bool listens)
    {
        var heard = 0L;
        using var listener = new MeterListener { InstrumentPublished = (instrument, listener) => { if (instrument.Meter.Name == InferenceMeter.Name) listener.EnableMeasurementEvents(instrument); } };
        listener.SetMeasurementEventCallback<long>((_, value, _, _) => heard += value);
        listener.SetMeasurementEventCallback<double>((_, _, _, _) => heard++);
        if (listens) listener.Start();
        var record = new GenerationJournal("story", _ => "", new()).Begin("chat", [1, 2, 3]);
        record.Admitted();
        var tokens = 0;
        while (tokens < 1000) record.Written("word", ++tokens);
        var before = GC.GetAllocatedBytesForCurrentThread();
        while (tokens < 11_000) record.Written("word", ++tokens);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        record.Ended(new(FinishReason.Length, null, 3, 11_000, 11_003, []));
        if (listens) Assert.True(heard > 11_000);
    }
}
