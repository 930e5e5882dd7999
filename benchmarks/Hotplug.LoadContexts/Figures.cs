namespace Hotplug.LoadContexts;

/// <summary>What one process measured.</summary>
/// <param name="Open">Milliseconds until the plugin was loaded and its device open.</param>
/// <param name="First">Milliseconds of the first prompt (16 tokens), the code of its kernels being compiled.</param>
/// <param name="Prefill">Tokens per second of the long prompt.</param>
/// <param name="Decode">Tokens per second one by one.</param>
internal sealed record Figures(double Open, double First, double Prefill, double Decode);
