using System.Text;
using System.Text.RegularExpressions;
using Hotplug.Inference.Grammars;
using Xunit;

namespace Hotplug.UnitTests.Grammars;

/// <summary>Grammars accept what they describe, byte by byte.</summary>
public sealed class GbnfTests
{
    [Theory]
    [InlineData("root ::= \"a\" | \"b\"", "a b", "c ab ε")]
    [InlineData("root ::= [a-c]+ \".\"? # comment\n", "a abc. cc", ". d a..")]
    [InlineData("root ::= \"x\"{2,3}", "xx xxx", "x xxxx")]
    [InlineData("root ::= \"x\"{2,} \"y\"{,1}", "xx xxxxy", "x xxyy")]
    [InlineData("root ::= (\"a\" root)?", "ε a aaaa", "b")]
    [InlineData("root ::= \"(\" root \")\" | \"\"", "ε () (())", "( ())")]
    [InlineData("root ::= a\na ::= \"1\"\n  | \"2\"\n  | (\"3\"\n \"4\")", "1 2 34", "3 ε")]
    [InlineData("root ::= [^a\\]]", "b é 語 😀 [", "a ] bb")]
    [InlineData("root ::= [à-ÿ]+", "é ÿà", "a € ÷x")]
    [InlineData("root ::= \"\\x41\\u00e9\\U0001F600\"", "Aé😀", "A")]
    [InlineData("root ::= .", "a 語 😀", "ab ε")]
    [InlineData("root ::= x* x*\nx ::= y*\ny ::= \"a\" | \"a\"", "ε a aaaaaa", "b")]
    public void Accepts_what_it_describes_and_nothing_else(string grammar, string good, string bad)
    {
        foreach (var text in good.Split(' ')) Assert.True(Accepts(grammar, text.Replace("ε", "")), text);
        foreach (var text in bad.Split(' ')) Assert.False(Accepts(grammar, text.Replace("ε", "")), text);
    }

    [Fact]
    public void Agrees_with_regular_expressions()
    {
        for (var seed = 0; seed < 400; seed++)
        {
            var random = new Random(seed);
            var (gbnf, pattern) = Expression(random, 4);
            var regex = new Regex($"^(?:{pattern})$", RegexOptions.NonBacktracking);
            var machine = new GrammarMachine(GrammarCompiler.Compile(GbnfParser.Parse($"root ::= {gbnf}")));
            for (var i = 0; i < 40; i++)
            {
                var text = new string([.. Enumerable.Range(0, random.Next(8)).Select(_ => "abc"[random.Next(3)])]);
                var state = machine.Start;
                foreach (var value in Encoding.UTF8.GetBytes(text)) state = machine.Step(state, value);
                Assert.True(regex.IsMatch(text) == state.Accepts, $"seed {seed}: '{text}' by {gbnf}");
            }
        }
    }

    [Fact]
    public void The_allowed_tokens_are_those_that_can_be_taken()
    {
        var tokenizer = StoryVocabulary.Tokenizer;
        var grammar = CompiledGrammar.Compile("root ::= (word \" \")* word \".\"\nword ::= [a-z]{1,9}", tokenizer);
        var random = new Random(3);
        var before = grammar.Begin();
        var path = new List<int>();
        for (var step = 0; step < 30 && !before.IsAtEnd; step++)
        {
            var allowed = new List<int>();
            for (var token = 0; token < tokenizer.VocabularySize; token++)
            {
                var trial = grammar.Begin();
                foreach (var earlier in path) trial.Accept(earlier);
                var taken = !tokenizer.Bytes(token).IsEmpty || tokenizer.IsEndOfGeneration(token);
                try
                {
                    trial.Accept(token);
                }
                catch (ArgumentException)
                {
                    taken = false;
                }

                Assert.True(taken == before.Allows(token), $"token {token} '{tokenizer.Name(token)}' behind {tokenizer.Decode([.. path])}");
                if (taken) allowed.Add(token);
            }

            Assert.Equal(allowed.Count, before.CountAllowed());
            path.Add(allowed[random.Next(allowed.Count)]);
            before.Accept(path[^1]);
        }
    }

    [Fact]
    public void Masks_are_made_once_and_then_nothing_is_allocated()
    {
        var grammar = CompiledGrammar.Compile("root ::= ([a-z]+ \" \")*", StoryVocabulary.Tokenizer);
        var logits = new float[StoryVocabulary.Tokenizer.VocabularySize];
        Write();
        var (masks, bytes) = (grammar.MaskCount, 0L);
        Assert.InRange(masks, 1, 4);
        bytes = Write();
        Assert.Equal(masks, grammar.MaskCount);
        Assert.Equal(0, bytes);

        long Write()
        {
            var constraint = grammar.Begin();
            var random = new Random(1);
            var start = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 50; i++)
            {
                Array.Fill(logits, 1);
                constraint.Restrict(logits);
                var token = random.Next(logits.Length);
                while (!float.IsFinite(logits[token]) || StoryVocabulary.Tokenizer.IsEndOfGeneration(token)) token = (token + 1) % logits.Length;
                constraint.Accept(token);
            }

            return GC.GetAllocatedBytesForCurrentThread() - start;
        }
    }

    [Theory]
    [InlineData("root ::= a\na ::= a \"x\" | \"y\"", "a → a")]
    [InlineData("root ::= b\nb ::= c? \"\" d\nc ::= \"c\"\nd ::= b | \"d\"", "left recursive")]
    [InlineData("root ::= nothing", "line 1, column 10")]
    [InlineData("a ::= \"x\"", "no rule 'root'")]
    [InlineData("root ::= \"x", "no end")]
    [InlineData("root ::= [z-a]", "backwards")]
    [InlineData("root ::= (\"a\"", "not closed")]
    [InlineData("root ::= \"a\"\nroot ::= \"b\"", "line 2")]
    [InlineData("root ::= \"a\"{3,2}", "never")]
    [InlineData("root ::= \"a\"{99999999999}", "counts to")]
    [InlineData("root ::= *", "in front")]
    [InlineData("root = \"a\"", "::=")]
    [InlineData("root ::= \"\\q\"", "escape")]
    public void What_is_wrong_is_said_with_the_place(string grammar, string said)
        => Assert.Contains(said, Assert.Throws<GrammarException>(() => GrammarCompiler.Compile(GbnfParser.Parse(grammar))).Message, StringComparison.Ordinal);

    [Fact]
    public void Hostile_grammars_end_in_an_error_or_in_time()
    {
        Fails("root ::= " + new string('(', 100_000));
        Fails("root ::= ((((\"a\"{1000}){1000}){1000}){1000})");
        Fails("root ::= (\"a\"?){60000}");
        Fails(new string('x', GrammarLimits.TextLength + 1));
        // A chain in which every rule waits for the next to be known as empty, and a circle at its end.
        var chain = string.Concat(Enumerable.Range(0, 20_000).Select(i => $"r{i} ::= r{i + 1} r{i + 1}\n"));
        Fails($"root ::= r0 \"x\"\n{chain}r20000 ::= r0 | \"\"\n");
        GrammarCompiler.Compile(GbnfParser.Parse($"root ::= r0 \"x\"\n{chain}r20000 ::= \"\"\n"));
        // Twice as many stacks of waiting rules with every letter.
        Fails("root ::= s\ns ::= \"a\" s x | \"a\" s y | \"a\"\nx ::= \"x\"\ny ::= \"y\"", new string('a', 200));
        // Deep text is not followed for ever, and short of the limit it is.
        var nested = CompiledGrammar.Compile("root ::= \"[\" root \"]\" | \"x\"", StoryVocabulary.Tokenizer).Begin();
        var open = StoryVocabulary.Tokenizer.Encode("[", addSpecial: false)[^1];
        for (var i = 0; i < GrammarLimits.Depth; i++) nested.Accept(open);
        Assert.False(nested.Allows(open));
        Assert.True(nested.CountAllowed() > 0);

        static void Fails(string grammar, string text = "") => Assert.Throws<GrammarException>(() => Accepts(grammar, text));
    }

    private static bool Accepts(string grammar, string text)
    {
        var machine = new GrammarMachine(GrammarCompiler.Compile(GbnfParser.Parse(grammar)));
        var state = machine.Start;
        foreach (var value in Encoding.UTF8.GetBytes(text)) state = machine.Step(state, value);
        return state.Accepts;
    }

    private static (string Gbnf, string Pattern) Expression(Random random, int depth)
    {
        if (depth == 0 || random.Next(5) == 0)
        {
            var letter = "abc"[random.Next(3)];
            return random.Next(3) == 0 ? ($"[^{letter}]", $"[^{letter}]") : ($"\"{letter}\"", $"{letter}");
        }

        var (first, a) = Expression(random, depth - 1);
        var (second, b) = Expression(random, depth - 1);
        var (least, most) = (random.Next(3), 1 + random.Next(3));
        return random.Next(6) switch
        {
            0 => ($"({first})*", $"(?:{a})*"),
            1 => ($"({first})?", $"(?:{a})?"),
            2 => ($"({first}){{{least},{least + most}}}", $"(?:{a}){{{least},{least + most}}}"),
            3 => ($"({first} | {second})", $"(?:{a}|{b})"),
            _ => ($"{first} {second}", $"{a}{b}"),
        };
    }
}
