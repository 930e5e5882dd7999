namespace Hotplug.ModelForge;

/// <summary>What a tensor is for, on which its random elements depend.</summary>
internal enum TensorRole
{
    /// <summary>A matrix whose products have the size of what it is multiplied with.</summary>
    Matrix,
    /// <summary>Matrices of experts.</summary>
    Experts,
    /// <summary>Rows of embeddings or positions.</summary>
    Table,
    /// <summary>Factors around 1.</summary>
    Norm,
    /// <summary>Small numbers that are added.</summary>
    Bias,
}
