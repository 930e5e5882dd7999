namespace Hotplug.Gpu.Kernels.Elements;

/// <summary>An activation function, chosen by type so that every kernel holds one alone.</summary>
internal interface IActivation
{
    /// <summary>The function at <paramref name="x"/>; <paramref name="alpha"/> is for <see cref="SwishAlpha"/>.</summary>
    float Apply(float x, float alpha);
}
