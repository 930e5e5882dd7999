namespace Hotplug.Metal.Interop.Values;

/// <summary>Versions of the shading language.</summary>
[ValuePrefix("MTLLanguage")]
internal enum MTLLanguageVersion : ulong
{
    Version2_4 = 0x20004,
    Version3_0 = 0x30000,
    Version3_1 = 0x30001,
    Version3_2 = 0x30002,
}
