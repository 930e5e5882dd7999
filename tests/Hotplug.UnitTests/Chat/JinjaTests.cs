using Hotplug.Inference.Chat.Jinja;
using Xunit;

namespace Hotplug.UnitTests.Chat;

/// <summary>Templates come out as Jinja renders them with the settings that chat templates are written for.</summary>
public sealed class JinjaTests
{
    private static readonly string[] Values = ["a", "b", "c"];

    [Theory]
    // Values and operators.
    [InlineData("{{ 1 + 2 * 3 }} {{ 7 // 2 }} {{ -7 // 2 }} {{ -7 % 3 }} {{ 7 / 2 }} {{ 2 ** 5 }} {{ 1.5 + 1 }}", "7 3 -4 2 3.5 32 2.5")]
    [InlineData("{{ 'a' ~ 1 ~ none ~ true }} {{ 'ab' * 3 }} {{ [1, 'x', None, 2.0] }} {{ {'k': \"it's\"} }}", "a1NoneTrue ababab [1, 'x', None, 2.0] {'k': \"it's\"}")]
    [InlineData("{{ 1 < 2 <= 2 and not 3 == 4 or false }} {{ 'a' in 'cat' }} {{ 2 not in [1, 3] }} {{ 'k' in {'k': 1} }}", "True True True True")]
    [InlineData("{{ 'yes' if 0 else 'no' }}[{{ 'x' if false }}] {{ none or 'other' }} {{ '' and 'x' }}", "no[] other ")]
    [InlineData("{{ [1,2,3,4][1:3] }} {{ 'hello'[::-1] }} {{ 'hello'[-3:] }} {{ [1,2,3][-1] }} {{ (1, 2)[0] }} {{ 'ab'[5] }}", "[2, 3] olleh llo 3 1 ")]
    [InlineData("{{ nothing }}{{ nothing is defined }} {{ nothing | default('d') }} {{ '' | default('d', true) }} {{ {'a': 1}.b is undefined }}", "False d d True")]
    // Statements and their scopes.
    [InlineData("{% set x = 1 %}{% for i in [1,2] %}{% set x = 5 %}{% endfor %}{{ x }}", "1")]
    [InlineData("{% set ns = namespace(n=0) %}{% for i in range(4) %}{% set ns.n = ns.n + i %}{% endfor %}{{ ns.n }}", "6")]
    [InlineData("{% set a, b = 1, 'z' %}{{ a }}{{ b }}{% set t %}x{{ a }}{% endset %}{{ t }}", "1zx1")]
    [InlineData("{% if false %}a{% elif 1 == 1 %}b{% else %}c{% endif %}", "b")]
    [InlineData("{% for x in [] %}x{% else %}empty{% endfor %}{% for k, v in {'a': 1, 'b': 2}.items() %}{{ k }}={{ v }};{% endfor %}", "emptya=1;b=2;")]
    [InlineData("{% for x in [1,2,3,4] if x is even %}{{ loop.index }}/{{ loop.length }}:{{ x }}{{ ',' if not loop.last }}{% endfor %}", "1/2:2,2/2:4")]
    [InlineData("{% for x in 'abc' %}{{ loop.index0 }}{{ loop.revindex }}{{ loop.first }}{{ loop.previtem | default('-') }}{{ loop.nextitem | default('-') }} {% endfor %}", "03True-b 12Falseac 21Falseb- ")]
    [InlineData("{% for x in range(9) %}{% if x == 1 %}{% continue %}{% endif %}{% if x > 3 %}{% break %}{% endif %}{{ x }}{% endfor %}", "023")]
    [InlineData("{% macro m(a, b='d') %}[{{ a }}{{ b }}]{% endmacro %}{{ m(1) }}{{ m(1, b=2) }}{{ m(b=3, a=4) }}", "[1d][12][43]")]
    [InlineData("{% macro fact(n) %}{{ n if n < 2 else n * (fact(n - 1) | int) }}{% endmacro %}{{ fact(10) }}", "3628800")]
    [InlineData("{% filter upper %}a{{ 'b' }}{% endfilter %}{% raw %}{{ x }}{% endraw %}{% generation %}g{% endgeneration %}", "AB{{ x }}g")]
    // Blanks.
    [InlineData("a\n  {% if true %}\nb\n  {% endif %}\nc", "a\nb\nc")]
    [InlineData("a  {%- if true -%}  b  {%- endif -%}  c", "abc")]
    [InlineData("x {# gone #}\ny{#- gone -#} z", "x yz")]
    [InlineData("{{ 'a' }}\nb\n", "a\nb")]
    [InlineData("  {{- 'a' -}}  \n b", "ab")]
    // Filters.
    [InlineData("{{ ' x ' | trim }}|{{ 'aXb' | lower | replace('x', '-') }}|{{ 'ab cd' | title }}|{{ [3,1,2] | sort | join('+') }}|{{ [1,2,2] | unique | list | length }}", "x|a-b|Ab Cd|1+2+3|2")]
    [InlineData("{{ [{'r': 'u', 'c': 1}, {'r': 's', 'c': 2}] | selectattr('r', 'equalto', 's') | map(attribute='c') | first }}", "2")]
    [InlineData("{{ [1,0,2] | select | list }} {{ [1,2,3] | reject('odd') | list }} {{ ['a','b'] | map('upper') | join }} {{ [{'a': 1}, {}] | rejectattr('a', 'defined') | list | length }}", "[1, 2] [2] AB 1")]
    [InlineData("{{ '12' | int + 1 }} {{ 'x' | int(7) }} {{ '1.5' | float }} {{ 2.5 | round }} {{ -3 | abs }} {{ [1,2] | sum }} {{ [4,9] | max }} {{ {'b': 1, 'a': 2} | dictsort }}", "13 7 1.5 2.0 3 3 9 [['a', 2], ['b', 1]]")]
    [InlineData("{{ 'a\nb' | indent(2) }}|{{ 'a\nb' | indent(1, true) }}|{{ '<' | e }}", "a\n  b| a\n b|&lt;")]
    [InlineData("{{ {'a': [1, 2.0, none, true, 'ü\"\\n'], 'b': {}} | tojson }}", "{\"a\": [1, 2.0, null, true, \"ü\\\"\\n\"], \"b\": {}}")]
    [InlineData("{{ {'a': [1], 'b': []} | tojson(indent=2) }}", "{\n  \"a\": [\n    1\n  ],\n  \"b\": []\n}")]
    [InlineData("{{ [1, 2] | tojson(separators=(',', ':')) }}", "[1,2]")]
    // Methods and tests.
    [InlineData("{{ 'a,b,c'.split(',', 1) }} {{ ' a  b '.split() }} {{ 'x</t>y'.split('</t>')[-1] }} {{ 'abc'.startswith(('x', 'a')) }} {{ 'abc'.endswith('bc') }} {{ '  x'.lstrip() }} {{ 'xx1'.strip('x') }}", "['a', 'b,c'] ['a', 'b'] y True True x 1")]
    [InlineData("{{ 'a-b'.replace('-', '+') }} {{ 'abc'.find('c') }} {{ '-'.join(['a','b']) }} {{ 'a.b.c'.rsplit('.', 1)[0] }} {{ 'Ab'.upper() }} {{ 'ab'.capitalize() }} {{ 'prefix'.removeprefix('pre') }}", "a+b 2 a-b a.b AB Ab fix")]
    [InlineData("{{ {'a': 1}.get('a') }}{{ {'a': 1}.get('b', 9) }}{{ {'a': 1}.get('b') }}{{ {'a': 1}.keys() | list }}", "19None['a']")]
    [InlineData("{{ 'x' is string }}{{ 1 is number }}{{ {} is mapping }}{{ [] is iterable }}{{ none is none }}{{ 1 is not none }}{{ true is boolean }}{{ 6 is divisibleby 3 }}{{ 1 is in [1] }}{{ 'a' is sequence }}", "TrueTrueTrueTrueTrueTrueTrueTrueTrueTrue")]
    [InlineData("{{ values | length }}{{ values[1] }}{{ values | last }}", "3bc")]
    public void Renders_as_jinja_does(string template, string expected)
    {
        var variables = new JinjaMap { ["values"] = Values.Cast<object?>().ToList() };
        Assert.Equal(expected, JinjaInterpreter.Render(JinjaParser.Parse(template), variables, TimeProvider.System));
    }

    [Theory]
    [InlineData("{% for i in range(10**9) %}{% endfor %}", "list of")]
    [InlineData("{% for i in range(99999) %}{% for j in range(99999) %}{% endfor %}{% endfor %}", "steps")]
    [InlineData("{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}", "nest")]
    [InlineData("{{ 'x' * 10**9 }}", "characters")]
    [InlineData("{% set ns = namespace(s='x') %}{% for i in range(64) %}{% set ns.s = ns.s + ns.s %}{% endfor %}", "characters")]
    [InlineData("{% set ns = namespace(s='x') %}{% for i in range(64) %}{% set ns.s = ns.s ~ ns.s %}{% endfor %}", "characters")]
    [InlineData("{% set ns = namespace(l=[1]) %}{% for i in range(64) %}{% set ns.l = ns.l + ns.l %}{% endfor %}", "list of")]
    [InlineData("{% set ns = namespace(l=[1]) %}{% for i in range(90) %}{% set ns.l = [ns.l, ns.l] %}{% endfor %}{{ ns.l }}", "characters")]
    [InlineData("{% set ns = namespace(l=[1]) %}{% for i in range(90) %}{% set ns.l = [ns.l, ns.l] %}{% endfor %}{{ ns.l | tojson }}", "characters")]
    [InlineData("{% set ns = namespace(l=[1]) %}{% for i in range(9000) %}{% set ns.l = [ns.l] %}{% endfor %}{{ ns.l | tojson }}", "nested too deep")]
    [InlineData("{% for i in range(99999) %}{{ 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx' }}{% endfor %}", "characters")]
    [InlineData("{{ 'abc'.replace('', 'x') }}", "nothing cannot be replaced")]
    [InlineData("{% set ns = namespace() %}{% set ns.me = ns %}{{ ns }}", "nested too deep")]
    [InlineData("{% set a = namespace(l=[1]) %}{% set b = namespace(l=[1]) %}{% for i in range(90) %}{% set a.l = [a.l, a.l] %}{% set b.l = [b.l, b.l] %}{% endfor %}{{ a.l == b.l }}", "compares")]
    [InlineData("{% set a = namespace(l=[1]) %}{% set b = namespace(l=[1]) %}{% for i in range(9000) %}{% set a.l = [a.l] %}{% set b.l = [b.l] %}{% endfor %}{{ a.l < b.l }}", "compares")]
    [InlineData("{% set a = namespace() %}{% set b = namespace() %}{% set a.x = b %}{% set b.x = a %}{{ a == b }}", "compares")]
    [InlineData("{{ 9223372036854775807 + 1 }}", "too large")]
    [InlineData("{{ 2 ** 9999999 }}", "too large")]
    [InlineData("{{ 1 // 0 }}", "divides by zero")]
    [InlineData("{{ nothing.more }}", "not defined")]
    [InlineData("{{ 'x'.__class__() }}", "no method")]
    [InlineData("{{ raise_exception('No system messages.') }}", "No system messages.")]
    [InlineData("{% set x.y = 1 %}", "no namespace")]
    [InlineData("a\nb\n{{ 1 + 'x' }}", "line 3")]
    [InlineData("{% if x %}", "'endif' is missing")]
    [InlineData("{{ 'x", "no end")]
    [InlineData("{{ x", "no '}}'")]
    [InlineData("{% include 'other' %}", "not supported")]
    [InlineData("{{ 1 | nofilter }}", "no filter 'nofilter'")]
    [InlineData("{{ 1 is notest }}", "no test")]
    [InlineData("{{ nofunction() }}", "no function 'nofunction'")]
    public void What_fails_ends_in_a_clear_error(string template, string said)
        => Assert.Contains(said, Assert.Throws<JinjaException>(() => JinjaInterpreter.Render(JinjaParser.Parse(template), new JinjaMap(), TimeProvider.System)).Message, StringComparison.Ordinal);

    [Fact]
    public void Deep_and_long_templates_are_refused_when_they_are_read()
    {
        foreach (var template in (string[])
        [
            "{{ " + new string('(', 100_000) + "1",
            "{{ " + new string('[', 100_000),
            "{{ " + string.Concat(Enumerable.Repeat("not ", 100_000)) + "1 }}",
            "{{ " + new string('-', 100_000) + "1 }}",
            "{{ 1" + string.Concat(Enumerable.Repeat(" + 1", 100_000)) + " }}",
            "{{ x" + string.Concat(Enumerable.Repeat(".a", 100_000)) + " }}",
            "{{ x" + string.Concat(Enumerable.Repeat(" | trim", 100_000)) + " }}",
            string.Concat(Enumerable.Repeat("{% if 1 %}", 50_000)),
            string.Concat(Enumerable.Repeat("1 if 1 else ", 50_000)).Insert(0, "{{ ") + "1 }}",
            new string('x', JinjaBudget.TemplateLength + 1),
        ]) Assert.Throws<JinjaException>(() => JinjaParser.Parse(template));
    }

    [Fact]
    public void Depth_of_every_kind_together_does_not_end_the_process()
    {
        var blocks = string.Concat(Enumerable.Repeat("{% if 1 %}", 90));
        var ends = string.Concat(Enumerable.Repeat("{% endif %}", 90));
        var chain = string.Concat(Enumerable.Range(0, 90).Select(_ => "(")) + "1" + string.Concat(Enumerable.Range(0, 90).Select(_ => string.Concat(Enumerable.Repeat(" + 1", 900)) + ")"));
        foreach (var template in (string[])[$"{{% macro f() %}}{blocks}{{{{ f() }}}}{ends}{{% endmacro %}}{{{{ f() }}}}", $"{{{{ {chain} }}}}"])
        {
            // A thread of a pool has less room than the first.
            Exception? failure = null;
            var thread = new Thread(() => failure = Record.Exception(() => JinjaInterpreter.Render(JinjaParser.Parse(template), new JinjaMap(), TimeProvider.System)), 512 << 10);
            thread.Start();
            thread.Join();
            Assert.Contains("nest", Assert.IsType<JinjaException>(failure).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Dates_are_those_of_the_clock()
    {
        var clock = new Microsoft.Extensions.Time.Testing.FakeTimeProvider(new DateTimeOffset(2025, 3, 7, 15, 4, 5, TimeSpan.Zero));
        var body = JinjaParser.Parse("{{ strftime_now('%d %b %Y|%-d %B %y|%A %a|%H:%M:%S %I %p|%j %%') }}");
        Assert.Equal("07 Mar 2025|7 March 25|Friday Fri|15:04:05 03 PM|066 %", JinjaInterpreter.Render(body, new JinjaMap(), clock));
    }
}
