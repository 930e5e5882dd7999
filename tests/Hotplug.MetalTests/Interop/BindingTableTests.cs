using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text.Json;
using Hotplug.Metal.Fake.Facts;
using Hotplug.Metal.Interop;
using Hotplug.Metal.Interop.Values;
using Xunit;

namespace Hotplug.MetalTests.Interop;

/// <summary>The binding is what the table of facts says, and the comparison notices a changed character.</summary>
public sealed class BindingTableTests
{
    private static readonly MetalFacts Facts = MetalFacts.Read();
    private static readonly MessageInfo[] Messages = MessageInfo.ReadAll();

    private static IEnumerable<FieldInfo> Shapes => typeof(SendTable).GetFields(BindingFlags.Public | BindingFlags.Instance);

    private static IEnumerable<Type> Enums => typeof(MTLSize).Assembly.GetTypes().Where(t => t.IsEnum && t.Namespace == typeof(MTLSize).Namespace);

    [Fact]
    public void Every_message_equals_the_facts() => Assert.All(Messages, m => Assert.Null(BindingComparison.Difference(m, Facts)));

    [Fact]
    public void What_the_facts_lack_is_what_was_stated_and_really_missing()
    {
        var names = Messages.Select(m => m.ToString()).ToHashSet();
        Assert.All(BindingComparison.Beyond.Keys, k => Assert.Contains(k, names));
        Assert.All(
            Messages.Where(m => BindingComparison.Beyond.ContainsKey(m.ToString())),
            m => Assert.Null(Facts.Find(m.Receiver, m.Selector, m.ToClass)?.Arm64));
    }

    [Fact]
    public void Every_changed_character_of_a_message_is_noticed()
    {
        foreach (var message in Messages)
        {
            foreach (var selector in Changed(message.Selector)) AssertNoticed(message with { Selector = selector });
            foreach (var encoding in Changed(message.Encoding)) AssertNoticed(message with { Encoding = encoding });
            AssertNoticed(message with { ToClass = !message.ToClass });
            AssertNoticed(message with { Receiver = message.Receiver + "s" });
        }

        static void AssertNoticed(MessageInfo changed) => Assert.True(BindingComparison.Difference(changed, Facts) is not null, $"{changed} {changed.Encoding} passes");
    }

    [Fact]
    public void Every_shape_is_what_its_types_say() =>
        Assert.All(Shapes, f => Assert.Equal(f.GetCustomAttribute<ShapeAttribute>()!.Types.Replace("r", ""), BindingComparison.EncodingOf(f)));

    [Fact]
    public void Every_message_has_one_shape_and_every_shape_has_a_message()
    {
        var shapes = Shapes.Select(f => f.GetCustomAttribute<ShapeAttribute>()!.Types).ToArray();
        Assert.Equal(shapes.Length, shapes.Distinct().Count());
        var used = Messages.Select(m => Assert.Single(shapes, s => s == ShapeOf(m.Encoding))).ToHashSet();
        Assert.Equal(shapes.Order(), used.Order());

        // Oneway is how a message between processes would be sent; here it changes nothing.
        static string ShapeOf(string encoding) => encoding.TrimStart('V').Remove(encoding.TrimStart('V').IndexOf("@:", StringComparison.Ordinal), 2);
    }

    [Fact]
    public void Every_selector_has_as_many_colons_as_arguments() => Assert.All(Messages, m =>
        Assert.Equal(m.Selector.Count(c => c == ':') + 3, Hotplug.Metal.Interop.Checking.TypeEncoding.Comparable(m.Encoding).Length));

    [Fact]
    public void Only_messages_that_give_a_reference_are_named_so() => Assert.All(Messages, m =>
    {
        if (Facts.Find(m.Receiver, m.Selector, m.ToClass) is { Arm64: not null } fact) Assert.Equal(m.Selector.StartsWith("new", StringComparison.Ordinal), fact.Owned);
    });

    [Fact]
    public void Every_value_of_every_enumeration_equals_the_facts_and_a_changed_one_is_noticed()
    {
        Assert.NotEmpty(Enums);
        foreach (var type in Enums)
        {
            Assert.Equal(Facts.Enums[type.Name].Underlying switch { "Q" => typeof(ulong), "q" => typeof(long), var other => throw new InvalidOperationException(other) }, Enum.GetUnderlyingType(type));
            var prefix = type.GetCustomAttribute<ValuePrefixAttribute>()?.Prefix ?? type.Name;
            foreach (var field in type.GetFields(BindingFlags.Public | BindingFlags.Static))
            {
                var (name, value) = (prefix + field.Name, Convert.ToInt64(field.GetRawConstantValue(), null));
                Assert.Null(BindingComparison.Difference(type.Name, name, value, Facts));
                Assert.NotNull(BindingComparison.Difference(type.Name, name, value + 1, Facts));
                foreach (var changed in Changed(name))
                    Assert.True(BindingComparison.Difference(type.Name, changed, value, Facts) is not null || Facts.Enums[type.Name].Values.ContainsKey(changed), changed);
            }
        }
    }

    [Theory]
    [InlineData(nameof(MTLSize), typeof(MTLSize))]
    [InlineData(nameof(NSRange), typeof(NSRange))]
    public void Every_struct_is_laid_out_as_the_facts_say(string name, Type type)
    {
        var fact = Facts.Structs.GetProperty(name);
        Assert.Equal(fact.GetProperty("size").GetInt32(), Marshal.SizeOf(type));
        var fields = type.GetFields(BindingFlags.NonPublic | BindingFlags.Instance);
        foreach (var field in fact.GetProperty("fields").EnumerateArray())
        {
            var said = field.GetProperty("name").GetString()!;
            var ours = Assert.Single(fields, f => f.Name.Contains($"<{said}>", StringComparison.OrdinalIgnoreCase));
            Assert.Equal(typeof(ulong), ours.FieldType);
            Assert.Equal(field.GetProperty("offset").GetInt32(), (int)Marshal.OffsetOf(type, ours.Name));
        }
        Assert.Equal(fact.GetProperty("fields").GetArrayLength(), fields.Length);
    }

    [Fact]
    public void Every_function_of_metal_equals_the_facts()
    {
        var ours = typeof(ObjectiveCTable).GetFields().Select(f => (Field: f, Export: f.GetCustomAttribute<ExportAttribute>())).Where(f => f.Export?.Library == LibraryPaths.Metal).ToArray();
        Assert.Equal(Facts.Functions.Keys.Order(), ours.Select(f => f.Export!.Symbol).Order());
        Assert.All(ours, f =>
        {
            Assert.Equal("@", Facts.Functions[f.Export!.Symbol]);
            Assert.Equal(typeof(nint), f.Field.FieldType.GetFunctionPointerReturnType());
            Assert.Empty(f.Field.FieldType.GetFunctionPointerParameterTypes());
        });
    }

    [Fact]
    public void Every_function_pointer_of_the_binding_is_declared_in_one_of_the_two_tables()
    {
        const BindingFlags All = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static;
        var elsewhere = typeof(SendTable).Assembly.GetTypes()
            .Where(t => t != typeof(SendTable) && t != typeof(ObjectiveCTable))
            .SelectMany(t => t.GetFields(All).Where(f => f.FieldType.IsFunctionPointer));
        Assert.Empty(elsewhere);
        Assert.DoesNotContain(typeof(SendTable).Assembly.GetTypes().SelectMany(t => t.GetMethods(All)), m => m.GetCustomAttribute<DllImportAttribute>() is not null);
        Assert.NotNull(typeof(SendTable).Assembly.GetCustomAttribute<DisableRuntimeMarshallingAttribute>());
    }

    [Fact]
    public void The_committed_facts_are_those_of_the_shared_table()
    {
        var file = SharedFile("metal/metal-selectors.json");
        using var document = JsonDocument.Parse(File.ReadAllText(file));
        var receivers = document.RootElement.GetProperty("receivers");
        var compared = 0;
        foreach (var fact in Facts.Methods)
        {
            var method = Assert.Single(receivers.GetProperty(fact.Receiver).GetProperty("methods").EnumerateArray(),
                m => m.GetProperty("selector").GetString() == fact.Selector && m.GetProperty("class_method").GetBoolean() == fact.ToClass);
            var encoding = method.GetProperty("encoding");
            Assert.Equal(fact.Arm64, encoding.ValueKind == JsonValueKind.Null ? null : encoding.GetProperty("arm64").GetString());
            Assert.Equal(fact.X64, encoding.ValueKind == JsonValueKind.Null ? null : encoding.GetProperty("x86_64").GetString());
            compared++;
        }
        Assert.True(compared > 200);
    }

    private static string SharedFile(string path)
    {
        var root = Environment.GetEnvironmentVariable("HOTPLUG_SHARED");
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); root is null && at is not null; at = at.Parent)
        {
            if (File.Exists(Path.Combine(at.FullName, "Framework.sln"))) root = Path.Combine(at.Parent!.FullName, "shared");
        }
        var file = Path.Combine(root ?? "", path);
        Assert.SkipUnless(File.Exists(file), $"There is no {file}; set HOTPLUG_SHARED.");
        return file;
    }

    /// <summary>The text with each character in turn replaced, left out, or doubled.</summary>
    private static IEnumerable<string> Changed(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            yield return text.Remove(i, 1);
            yield return text.Insert(i, text[i].ToString());
            yield return text.Remove(i, 1).Insert(i, text[i] == 'x' ? "y" : "x");
            var other = char.IsUpper(text[i]) ? char.ToLowerInvariant(text[i]) : char.ToUpperInvariant(text[i]);
            if (other != text[i]) yield return text.Remove(i, 1).Insert(i, other.ToString());
        }
    }
}
