using CsCheck;
using Hotplug.Inference.Sampling;
using Xunit;

namespace Hotplug.UnitTests.Sampling;

public sealed class SamplingMathTests
{
    [Fact]
    public void The_generator_gives_its_published_numbers()
    {
        var random = new Xoshiro256([1UL, 2, 3, 4]);
        ulong[] published = [11520, 0, 1509978240, 1215971899390074240, 1216172134540287360, 607988272756665600, 16172922978634559625, 8476171486693032832];
        Assert.Equal(published, published.Select(_ => random.Next()));
        // Seed 0 through SplitMix64.
        Assert.Equal([0xE220A8397B1DCDAF, 0x6E789E6AA1B965F4, 0x06C45D188009454F, 0xF88BB8A8724C81EC], new Xoshiro256(0).State);
    }

    [Fact]
    public void The_exponential_is_near_and_the_same_at_every_width() =>
        Gen.Double[-750, 0].Array[1, 40].Sample(values =>
        {
            var logits = Array.ConvertAll(values, value => (float)value);
            var weights = new double[logits.Length];
            ExactExp.Weights(logits, 0, 1, weights);
            for (var i = 0; i < logits.Length; i++)
            {
                Assert.Equal(BitConverter.DoubleToInt64Bits(ExactExp.Of(logits[i])), BitConverter.DoubleToInt64Bits(weights[i]));
                var exact = logits[i] < ExactExp.Least ? 0 : Math.Exp(logits[i]);
                Assert.InRange(weights[i], exact * (1 - 4e-15), exact * (1 + 4e-15));
            }
        });

    [Fact]
    public void The_exponential_of_the_ends()
    {
        Assert.Equal(1, ExactExp.Of(0));
        Assert.Equal(0, ExactExp.Of(double.NegativeInfinity));
        Assert.Equal(0, ExactExp.Of(-1e300));
    }

    [Fact]
    public void Candidates_rank_by_logit_then_by_token() =>
        Gen.Select(Gen.Float[-100, 100], Gen.Float[-100, 100], Gen.Int[0, int.MaxValue], Gen.Int[0, int.MaxValue]).Sample((a, b, first, second) =>
        {
            var expected = a != b ? b.CompareTo(a) : first.CompareTo(second);
            Assert.Equal(Math.Sign(expected), Candidate.Of(a, first).CompareTo(Candidate.Of(b, second)));
            Assert.Equal(a, Candidate.Logit(Candidate.Of(a, first)));
            Assert.Equal(first, Candidate.Token(Candidate.Of(a, first)));
        });

    [Fact]
    public void Scans_of_any_length_find_what_a_loop_finds() =>
        Gen.Select(Gen.Int[-4, 4].Select(value => (float)value).Array[1, 70], Gen.Int[-4, 4]).Sample((logits, least) =>
        {
            Assert.Equal(logits.Max(), LogitScan.Max(logits));
            for (var from = 0; from <= logits.Length; from++)
                Assert.Equal(Array.FindIndex(logits, from, logit => logit >= least), LogitScan.NextAtLeast(logits, least, from));
        });
}
