namespace Hotplug.Metal.Interop;

/// <summary>A registered selector, as an argument (<c>:</c>).</summary>
/// <param name="Address">What <c>sel_registerName</c> gave.</param>
internal readonly record struct Selector(nint Address);
