using ILGPU;

namespace Hotplug.Gpu.Kernels.Attention;

/// <summary>What <see cref="AttentionCore"/> works on, whether keys and values come from pages or from rows of the step.</summary>
internal struct AttentionWork
{
    /// <summary>Query heads of a row that share each KV head are this many times as many.</summary>
    public int QueryHeadsPerHead;
    /// <summary>Rows of the step.</summary>
    public int Rows;
    /// <summary>1: cells lie in the pages of a list; 0: the cells are the sequence's rows of the step, each a page of one cell.</summary>
    public int Paged;
    public ArrayView<float> Query, Output, Sinks, State;
    public ArrayView<int> Keys, Values;
    public StepView Step;
    public PagedLayer Layer;
    /// <summary>Words from a page's values to the next page's.</summary>
    public int ValuePageWords;
    public float Scale, SoftCap;
    public int Causal, Window, HasSinks;
    /// <summary>Into how many parts the cells of every row are divided, and whether this launch begins and ends the work on them.</summary>
    public int Splits, First, Last;
}
