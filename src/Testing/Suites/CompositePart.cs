using Hotplug.Testing.Fixtures;

namespace Hotplug.Testing.Suites;

/// <summary>A kind of buffer that takes part in a composite.</summary>
/// <param name="Fixture">Makes the backend; parts with the same fixture object share one backend.</param>
/// <param name="BufferType">Name of the buffer type.</param>
public readonly record struct CompositePart(BackendFixture Fixture, string BufferType);
