using Hotplug.Abstractions.Graphs;
using Hotplug.Cpu.Kernels;

namespace Hotplug.Cpu.Programs;

/// <summary>Makes the phases of a program for one instruction set.</summary>
internal interface IProgramBuilder
{
    /// <summary>What quantised activations are of.</summary>
    ActivationBits Bits { get; }

    /// <param name="layout">Steps and places.</param>
    /// <param name="weightAddress">Address of a weight; 0 to find out how much scratch the phases need.</param>
    Phase[] Build(ProgramLayout layout, Func<GraphValue, nint> weightAddress);

    /// <summary>Has the kernels of a slice compiled before they are needed, those that were not yet. Not thread-safe.</summary>
    void Rehearse(GraphSlice slice);
}
