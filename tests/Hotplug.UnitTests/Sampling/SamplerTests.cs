using System.Text.Json;
using CsCheck;
using Hotplug.Inference.Sampling;
using Xunit;

namespace Hotplug.UnitTests.Sampling;

public sealed class SamplerTests
{
    // Few distinct values, for ties; spread ones; nearly flat ones; and a vocabulary beyond the largest heap.
    private static readonly Gen<float[]> Logits = Gen.OneOf(
        Gen.Int[-3, 3].Select(value => (float)value).Array[1, 60],
        Gen.Float[-20, 20].Array[1, 200],
        Gen.Select(Gen.Int[1, 3000], Gen.Float[0.001f, 8f], Gen.UInt).Select((size, spread, seed) =>
        {
            var random = new Random((int)seed);
            return Enumerable.Range(0, size).Select(_ => (float)((random.NextDouble() - 0.5) * spread)).ToArray();
        }));

    private static readonly Gen<SamplerOptions> Options = Gen.Select(
        Gen.OneOf(Gen.Const(0f), Gen.Float[0.05f, 3f]),
        Gen.OneOf(Gen.Const(0), Gen.Int[1, 50], Gen.Int[1000, 2500]),
        Gen.OneOf(Gen.Const(1f), Gen.Int[1, 999].Select(n => n / 1000f + 0.00012345f)),
        Gen.OneOf(Gen.Const(0f), Gen.Int[0, 999].Select(n => n / 1000f + 0.00054321f)),
        Gen.OneOf(Gen.Const(1f), Gen.Float[0.5f, 2f]),
        Gen.Int[0, 5],
        Gen.ULong,
        (temperature, topK, topP, minP, penalty, window, seed) => new SamplerOptions
        {
            Temperature = temperature, TopK = topK, TopP = topP, MinP = minP, RepetitionPenalty = penalty, RepetitionWindow = window, Seed = seed,
        });

    [Fact]
    public void Chooses_as_the_documented_steps_say() =>
        Gen.Select(Options, Logits).Sample((options, logits) =>
        {
            var sampler = new Sampler(options, logits.Length);
            var naive = new NaiveSampler(options);
            for (var i = 0; i < 8; i++) Assert.Equal(naive.Sample(logits), sampler.Sample(logits));
        }, iter: 3000);

    [Fact]
    public void Without_temperature_the_best_token_is_chosen_and_the_lower_of_equals()
    {
        var logits = new float[1000];
        Array.Fill(logits, -5f);
        logits[17] = logits[16] = logits[999] = 3;
        Assert.Equal(16, new Sampler(new() { Temperature = 0 }, logits.Length).Sample(logits));
        Assert.Equal(0, new Sampler(new() { Temperature = 0 }, 2).Sample([0f, -0f]));
        Assert.Equal(0, new Sampler(new() { Temperature = 0 }, 2).Sample([-0f, 0f]));
        Assert.Equal(1, new Sampler(new() { Temperature = 0 }, 2).Sample([float.MinValue, float.MaxValue]));
    }

    [Theory]
    [InlineData(0, 1f, 0f)]
    [InlineData(8, 1f, 0f)]
    [InlineData(0, 0.999f, 0f)]
    public void Tokens_come_as_often_as_they_are_probable(int topK, float topP, float minP)
    {
        const int Draws = 200_000;
        float[] logits = [1, 2, 0.5f, -1, 3, 2.5f, 0, 1.5f];
        var options = new SamplerOptions { Temperature = 1.3f, TopK = topK, TopP = topP, MinP = minP, Seed = 4711 };
        var sampler = new Sampler(options, logits.Length);
        var counts = new int[logits.Length];
        for (var i = 0; i < Draws; i++) counts[sampler.Sample(logits)]++;

        var total = logits.Sum(logit => Math.Exp(logit / 1.3));
        var chiSquare = logits.Index().Sum(item =>
        {
            var expected = Draws * Math.Exp(item.Item / 1.3) / total;
            return (counts[item.Index] - expected) * (counts[item.Index] - expected) / expected;
        });
        // 99.9th percentile of chi-square with 7 degrees of freedom; the seed is fixed, so the outcome is too.
        Assert.InRange(chiSquare, 0, 24.32);
    }

    [Fact]
    public void A_seed_gives_these_tokens_everywhere()
    {
        var logits = Enumerable.Range(0, 500).Select(i => (float)((i * 7919L % 500) / 50.0)).ToArray();
        var sampler = new Sampler(new() { Seed = 42, Temperature = 1, TopK = 0, TopP = 1, MinP = 0 }, logits.Length);
        Assert.Equal("50, 198, 340, 463, 494, 389, 359, 426", string.Join(", ", Enumerable.Range(0, 8).Select(_ => sampler.Sample(logits))));
        sampler = new Sampler(new() { Seed = 42 }, logits.Length);
        Assert.Equal("62, 204, 346, 463, 494, 389, 377, 426", string.Join(", ", Enumerable.Range(0, 8).Select(_ => sampler.Sample(logits))));
    }

    [Fact]
    public void A_saved_state_goes_on_as_if_nothing_had_happened() =>
        Gen.Select(Options, Logits, Gen.Int[0, 12]).Sample((options, logits, steps) =>
        {
            var first = new Sampler(options, logits.Length);
            first.Accept(logits.Length - 1);
            for (var i = 0; i < steps; i++) first.Sample(logits);
            var json = JsonSerializer.Serialize(first.Save());
            var second = new Sampler(options with { Seed = 0 }, logits.Length, JsonSerializer.Deserialize<SamplerState>(json)!);
            for (var i = 0; i < 5; i++) Assert.Equal(first.Sample(logits), second.Sample(logits));
        });

    [Fact]
    public void A_state_that_makes_no_sense_is_refused()
    {
        SamplerState good = new Sampler(new(), 10).Save();
        var options = new SamplerOptions { RepetitionPenalty = 1.1f };
        _ = new Sampler(options, 10, good);
        Assert.Throws<ArgumentException>(() => new Sampler(options, 10, good with { Version = 3 }));
        Assert.Throws<ArgumentException>(() => new Sampler(options, 10, good with { Random = [1, 2, 3] }));
        Assert.Throws<ArgumentException>(() => new Sampler(options, 10, good with { Random = [0, 0, 0, 0] }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Sampler(options, 10, good with { RecentTokens = [10] }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Sampler(options, 10, good with { RecentTokens = [-1] }));
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    public void Logits_that_are_no_numbers_are_refused_and_change_nothing(float value) =>
        Gen.Select(Gen.Int[1, 70], Gen.Int[0, 69], Gen.Bool).Where((size, at, _) => at < size).Sample((size, at, greedy) =>
        {
            var options = new SamplerOptions { Temperature = greedy ? 0 : 1, Seed = 3, RepetitionPenalty = 1.5f };
            var sampler = new Sampler(options, size);
            var logits = Enumerable.Range(0, size).Select(i => i / 9f).ToArray();
            var bad = (float[])logits.Clone();
            bad[at] = value;
            var error = Assert.Throws<LogitsException>(() => sampler.Sample(bad));
            Assert.Equal(at, error.Token);
            Assert.Equal(value, error.Value);
            Assert.Equal(new Sampler(options, size).Sample(logits), sampler.Sample(logits));
        }, iter: 300);

    [Fact]
    public void The_wrong_number_of_logits_is_refused() =>
        Assert.Throws<ArgumentException>(() => new Sampler(new(), 3).Sample(new float[4]));

    [Fact]
    public void Options_out_of_range_are_all_named()
    {
        var wrong = new SamplerOptions { Temperature = -1, TopK = -1, TopP = 0, MinP = 1.1f, RepetitionPenalty = 0, RepetitionWindow = -1 };
        var error = Assert.Throws<ArgumentException>(() => new Sampler(wrong, 10));
        foreach (var name in (string[])["Temperature", "TopK", "TopP", "MinP", "RepetitionPenalty", "RepetitionWindow"])
            Assert.Contains(name, error.Message, StringComparison.Ordinal);
        Assert.NotEmpty(new SamplerOptions { Temperature = float.NaN }.Problems());
        Assert.NotEmpty(new SamplerOptions { TopP = float.NaN }.Problems());
        Assert.NotEmpty(new SamplerOptions { MinP = float.NaN }.Problems());
        Assert.NotEmpty(new SamplerOptions { RepetitionPenalty = float.PositiveInfinity }.Problems());
        Assert.Empty(new SamplerOptions().Problems());
    }

    [Fact]
    public void Extreme_logits_and_temperatures_are_survived()
    {
        float[] logits = [float.MaxValue, float.MinValue, 0, float.Epsilon, -float.Epsilon];
        foreach (var temperature in (float[])[float.Epsilon, 1e-20f, 1, float.MaxValue])
            foreach (var topK in (int[])[0, 2])
                foreach (var penalty in (float[])[1, 1e-30f, 1e30f])
                {
                    var sampler = new Sampler(new() { Temperature = temperature, TopK = topK, RepetitionPenalty = penalty }, logits.Length);
                    for (var i = 0; i < 20; i++) Assert.InRange(sampler.Sample(logits), 0, logits.Length - 1);
                }
    }

    [Theory]
    [InlineData(0f, 40, 0.95f, 0.05f)]
    [InlineData(1f, 40, 0.95f, 0.05f)]
    [InlineData(1f, 2000, 0.95f, 0.05f)]
    [InlineData(1f, 0, 0.95f, 0f)]
    [InlineData(1f, 0, 1f, 0.1f)]
    [InlineData(1f, 0, 1f, 0f)]
    public void Choosing_allocates_nothing(float temperature, int topK, float topP, float minP)
    {
        var random = new Random(5);
        var logits = Enumerable.Range(0, 5000).Select(_ => (float)random.NextDouble() * 10).ToArray();
        var sampler = new Sampler(
            new() { Temperature = temperature, TopK = topK, TopP = topP, MinP = minP, RepetitionPenalty = 1.1f, RepetitionWindow = 8 }, logits.Length);
        for (var i = 0; i < 50; i++) sampler.Sample(logits);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 50; i++) sampler.Sample(logits);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
