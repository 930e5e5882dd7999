using Hotplug.Metal.Interop.Checking;
using Xunit;

namespace Hotplug.MetalTests.Interop;

public sealed class TypeEncodingTests
{
    [Theory]
    [InlineData("v64@0:8{?=QQQ}16{?=QQQ}40", "v@:{MTLSize=QQQ}{?=QQQ}")]
    [InlineData("c24@0:8q16", "B@:q")]
    [InlineData("v40@0:8r^v16Q24Q32", "v@:^vQQ")]
    [InlineData("@40@0:8@\"NSString\"16@\"MTLCompileOptions\"24^@32", "@@:@@^@")]
    [InlineData("@48@0:8^v16Q24Q32@?<v@?^vQ>40", "@@:^vQQ@?")]
    [InlineData("Vv16@0:8", "v@:")]
    [InlineData("r*16@0:8", "*@:")]
    [InlineData("v32@0:8r^@16Q24", "v@:^@Q")]
    public void Spellings_of_one_call_are_the_same(string left, string right) => Assert.True(TypeEncoding.Same(left, right));

    [Theory]
    [InlineData("v@:Q", "v@:q")]
    [InlineData("v@:Q", "v@:I")]
    [InlineData("v@:QQ", "v@:Q")]
    [InlineData("v@:{?=QQQ}", "v@:QQQ")]
    [InlineData("v@:{?=QQQ}", "v@:{?=QQ}")]
    [InlineData("v@:^v", "v@:^@")]
    [InlineData("v@:@", "v@:@?")]
    [InlineData("v@:B", "v@:C")]
    [InlineData("@@:", "v@:")]
    public void Different_calls_are_not(string left, string right) => Assert.False(TypeEncoding.Same(left, right));

    [Theory]
    [InlineData("v@:{?=QQ")]
    [InlineData("v@:^")]
    [InlineData("v@:@\"NSString")]
    [InlineData("v@:@?<v@?")]
    [InlineData("v@:[3I]")]
    [InlineData("v@:r")]
    public void What_cannot_be_read_is_the_same_as_nothing(string broken)
    {
        Assert.Throws<FormatException>(() => TypeEncoding.Comparable(broken));
        Assert.False(TypeEncoding.Same(broken, broken));
    }
}
