using System.Text.Json;
using CsCheck;
using Hotplug.Inference.Generation;
using Hotplug.Inference.Generation.Saving;
using Hotplug.Inference.Sampling;
using Hotplug.UnitTests.Tokenization;
using Hotplug.Inference.Tokenization;
using Xunit;

namespace Hotplug.UnitTests.Sampling;

/// <summary>Chains of all samplers, against <see cref="NaiveChain"/>.</summary>
public sealed class SamplerChainTests
{
    private static readonly Gen<float[]> Logits = Gen.Select(Gen.Int[2, 300], Gen.Float[0.5f, 12f], Gen.UInt).Select((size, spread, seed) =>
    {
        var random = new Random((int)seed);
        return Enumerable.Range(0, size).Select(_ => (float)((random.NextDouble() - 0.5) * spread)).ToArray();
    });

    // Each step is there or not; numbers are odd enough that no sum meets them exactly.
    private static readonly Gen<SamplerOptions> Options = Gen.UInt.Select(seed =>
    {
        var random = new Random((int)seed);
        return new SamplerOptions
        {
            Temperature = random.Next(8) == 0 ? 0 : 0.2f + 2 * random.NextSingle(),
            TopK = random.Next(3) == 0 ? 1 + random.Next(60) : 0,
            TopP = Some(1, 0.00012345f + 0.99f * random.NextSingle()),
            MinP = Some(0, 0.3f * random.NextSingle()),
            TopA = Some(0, random.NextSingle()),
            TailFree = Some(1, 0.00054321f + 0.99f * random.NextSingle()),
            Typical = Some(1, 0.00023456f + 0.99f * random.NextSingle()),
            TopNSigma = Some(0, 0.1f + 2 * random.NextSingle()),
            DynamicTemperatureRange = Some(0, random.NextSingle()),
            DynamicTemperatureExponent = 0.5f + random.NextSingle(),
            SmoothingFactor = Some(0, random.NextSingle()),
            SmoothingCurve = Some(1, 1 + 4 * random.NextSingle()),
            RepetitionPenalty = Some(1, 0.8f + random.NextSingle()),
            RepetitionSlope = Some(1, random.NextSingle()),
            RepetitionWindow = random.Next(12),
            PresencePenalty = Some(0, random.NextSingle()),
            FrequencyPenalty = Some(0, random.NextSingle()),
            Dry = random.Next(3) == 0 ? new() { Multiplier = 0.1f + random.NextSingle(), Base = 1 + random.NextSingle(), AllowedLength = 1 + random.Next(3), Range = random.Next(40) } : null,
            Xtc = random.Next(3) == 0 ? new() { Probability = 0.5f, Threshold = 0.4f * random.NextSingle() } : null,
            Mirostat = random.Next(4) == 0 ? new() { Version = 1 + random.Next(2), Tau = 1 + 4 * random.NextSingle() } : null,
            LogitBias = random.Next(3) == 0 ? new Dictionary<int, float> { [0] = 2.5f, [1] = -1.5f } : new Dictionary<int, float>(),
            BannedTokens = random.Next(4) == 0 ? [1] : [],
            Order = random.Next(2) == 0 ? [.. Enum.GetValues<SamplerStep>().OrderBy(_ => random.Next()).Take(4 + random.Next(7))] : null,
            Candidates = random.Next(4) == 0 ? 20 : 3000,
            Seed = (ulong)random.NextInt64(),
        };

        float Some(float without, float value) => random.Next(3) == 0 ? value : without;
    });

    [Fact]
    public void Chooses_as_the_described_steps_do() => Gen.Select(Options, Logits).Sample((options, logits) =>
    {
        // What needs no chain considers all tokens.
        if (!SamplerChain.IsNeeded(options)) options = options with { Candidates = 0 };
        var sampler = new Sampler(options, logits.Length);
        var naive = new NaiveChain(options);
        // Few distinct tokens in turns of logits, so that sequences repeat.
        for (var i = 0; i < 24; i++)
        {
            var turn = (float[])logits.Clone();
            turn[i % 3 % turn.Length] += 9;
            Assert.Equal(naive.Sample(turn), sampler.Sample(turn));
        }
    }, iter: 2000);

    [Fact]
    public void The_default_order_in_words_is_the_default()
    {
        var order = SamplerOrder.FromKobold(6, 0, 1, 3, 4, 2, 5);
        Assert.Equal(SamplerOrder.Default, order);
        Assert.Throws<ArgumentException>(() => SamplerOrder.FromKobold(7));
        Assert.Throws<ArgumentException>(() => SamplerOrder.FromKobold(1, 1));
    }

    [Fact]
    public void A_saved_chain_goes_on_as_if_nothing_had_happened() => Gen.Select(Options, Logits, Gen.Int[0, 12]).Sample((options, logits, steps) =>
    {
        var first = new Sampler(options, logits.Length);
        for (var i = 0; i < steps; i++) first.Sample(logits);
        var second = new Sampler(options with { Seed = 0 }, logits.Length, JsonSerializer.Deserialize<SamplerState>(JsonSerializer.Serialize(first.Save()))!);
        for (var i = 0; i < 5; i++) Assert.Equal(first.Sample(logits), second.Sample(logits));
    }, iter: 300);

    [Fact]
    public void A_state_of_the_version_before_is_read()
    {
        var old = """{"Version":1,"Random":[1,2,3,4],"RecentTokens":[3]}""";
        _ = new Sampler(new() { RepetitionPenalty = 1.1f }, 10, JsonSerializer.Deserialize<SamplerState>(old)!);
    }

    [Fact]
    public void A_saved_header_of_the_version_before_gets_the_defaults_of_what_it_lacks()
    {
        var old = """{"options":{"maxTokens":7,"sampler":{"temperature":0.5,"topK":3},"stopStrings":["x"]},"state":{"version":1,"tokens":[1],"promptLength":1,"sampler":{"version":1,"random":[1,2,3,4],"recentTokens":[]}}}"""u8.ToArray();
        var whole = JsonElement.Parse(OlderHeader.Complete(old));
        var options = JsonSerializer.Deserialize(whole.GetProperty("options"), GenerationJson.Default.GenerationOptions)!;
        Assert.Equal(JsonSerializer.Serialize(new GenerationOptions { MaxTokens = 7, Sampler = new() { Temperature = 0.5f, TopK = 3 }, StopStrings = ["x"] }), JsonSerializer.Serialize(options));
        var state = JsonSerializer.Deserialize(whole.GetProperty("state"), GenerationJson.Default.GenerationState)!;
        Assert.Null(state.Fault());
        Assert.Equal((1, "", 1), (state.Version, state.HeldText, state.WindowStart));
        Assert.Equal("no json"u8.ToArray(), OlderHeader.Complete("no json"u8.ToArray()));
    }

    [Fact]
    public void Sequences_break_at_breakers_also_across_tokens()
    {
        var tokenizer = new ByteLevelTokenizer(TestVocabularies.ByteLevel([("#", "#"), ("x", "#")]), PreTokenizationDefault());
        var options = new SamplerOptions { Temperature = 0, Dry = new() { Multiplier = 5, AllowedLength = 2, Breakers = ["##"] } };
        var (hash, joined) = ((int)'#', 257);
        Assert.Equal("x#", tokenizer.Decode([joined]));
        // a b c a b: c would go on with a repeated sequence, and loses.
        Assert.NotEqual('c', Next(['a', 'b', 'c', 'a', 'b']));
        // With ## between a and b there is no sequence, whatever tokens it is in.
        Assert.Equal('c', Next(['a', hash, hash, 'b', 'c', 'a', hash, hash, 'b']));
        Assert.Equal('c', Next(['a', joined, hash, 'b', 'c', 'a', joined, hash, 'b']));
        Assert.NotEqual('c', Next(['a', hash, 'b', 'c', 'a', hash, 'b']));

        // Behind a breaker two tokens are repeated, however much was before it; that is a penalty of 5.
        Assert.Equal('c', Next(['a', hash, hash, 'b', 'd', 'c', 'a', hash, hash, 'b', 'd'], 6));
        Assert.NotEqual('c', Next(['a', hash, hash, 'b', 'd', 'c', 'a', hash, hash, 'b', 'd'], 4));

        int Next(int[] text, float logit = 1)
        {
            var sampler = new Sampler(options, tokenizer);
            foreach (var token in text) sampler.Accept(token);
            var logits = new float[tokenizer.VocabularySize];
            logits['c'] = logit;
            return sampler.Sample(logits);
        }
    }

    [Fact]
    public void Banned_tokens_do_not_come_unless_nothing_else_may()
    {
        var sampler = new Sampler(new() { Temperature = 0, BannedTokens = [0] }, 4);
        Assert.Equal(2, sampler.Sample([9, 8, 7, 6], [1]));
        sampler.Constraint = new Only(1);
        Assert.Equal(1, sampler.Sample([9, 8, 7, 6], [1]));
        Assert.Throws<ArgumentException>(() => new Sampler(new() { BannedTokens = [0, 1] }, 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Sampler(new() { BannedTokens = [9] }, 2));
    }

    [Fact]
    public void Log_probabilities_are_those_of_the_model() => Logits.Sample(logits =>
    {
        var logprobs = new Logprobs(3, logits.Length);
        logprobs.Measure(logits, 1);
        var total = Math.Log(logits.Sum(logit => Math.Exp(logit)));
        Assert.Equal(logits[1] - total, logprobs.Chosen.Logprob, 1e-3);
        Assert.Equal(Enumerable.Range(0, logits.Length).OrderByDescending(t => logits[t]).ThenBy(t => t).Take(3), logprobs.Best.ToArray().Select(best => best.Token));
        Assert.Equal(logits.Max() - total, logprobs.Best[0].Logprob, 1e-3);
    }, iter: 200);

    [Fact]
    public void The_logarithm_is_near() => Gen.Double[-700, 700].Sample(x =>
    {
        Assert.InRange(ExactLog.Of(Math.Exp(x)), x - 1e-13 * Math.Max(1, Math.Abs(x)), x + 1e-13 * Math.Max(1, Math.Abs(x)));
        Assert.Equal(1, ExactLog.Pow(0.37, 0));
        Assert.Equal(0, ExactLog.Pow(0, 2));
    });

    [Fact]
    public void A_full_chain_allocates_nothing()
    {
        var random = new Random(5);
        var logits = Enumerable.Range(0, 5000).Select(_ => (float)random.NextDouble() * 10).ToArray();
        foreach (var mirostat in (MirostatOptions?[])[null, new(), new() { Version = 1 }])
        {
            var sampler = new Sampler(new()
            {
                TopA = 0.01f, TailFree = 0.99f, Typical = 0.99f, TopNSigma = 3, DynamicTemperatureRange = 0.5f, SmoothingFactor = 0.1f, RepetitionPenalty = 1.1f, RepetitionSlope = 0.5f,
                PresencePenalty = 0.1f, Dry = new() { Range = 100 }, Xtc = new(), Mirostat = mirostat, LogitBias = new Dictionary<int, float> { [3] = 1 }, BannedTokens = [5],
            }, logits.Length);
            for (var i = 0; i < 50; i++) sampler.Sample(logits, [7]);
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 50; i++) sampler.Sample(logits, [7]);
            Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        }
    }

    private static Hotplug.Inference.Tokenization.PreTokenization.PreTokenizer PreTokenizationDefault()
        => Hotplug.Inference.Tokenization.PreTokenization.PreTokenizers.Find(Hotplug.Inference.Tokenization.PreTokenization.PreTokenizers.Default)!;

    private sealed class Only(int token) : ITokenConstraint
    {
        public void Restrict(Span<float> logits)
        {
            for (var i = 0; i < logits.Length; i++)
                if (i != token) logits[i] = float.NegativeInfinity;
        }

        public void Accept(int accepted) => Assert.Equal(token, accepted);
    }
}
