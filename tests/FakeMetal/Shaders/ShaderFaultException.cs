namespace Hotplug.Metal.Fake.Shaders;

/// <summary>A kernel did what the language forbids.</summary>
/// <param name="message">What, in which kernel, threadgroup and thread.</param>
public sealed class ShaderFaultException(string message) : Exception(message);
