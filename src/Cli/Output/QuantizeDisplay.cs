using Hotplug.Inference.Quantization;

namespace Hotplug.Cli.Output;

/// <summary>
/// Progress of quantising on stderr: one line that is written over where there is a terminal, a plain line per tenth where stderr is redirected, a line per tensor on request.
/// </summary>
internal sealed class QuantizeDisplay(TextWriter error, bool isTerminal, bool verbose) : IProgress<QuantizationProgress>
{
    private int _width;
    private long _tenths;

    public void Report(QuantizationProgress value)
    {
        var percent = value.Total == 0 ? 100 : value.Done * 100 / value.Total;
        if (verbose && value.Done < value.Total)
        {
            error.WriteLine(value.Tensor.Type == value.Type ? $"{value.Tensor}" : $"{value.Tensor} → {value.Type}");
        }
        else if (isTerminal)
        {
            var line = $"quantising {percent} %  {value.Tensor.Name}";
            error.Write($"\r{line.PadRight(_width)}");
            _width = line.Length;
        }
        else if (percent / 10 > _tenths)
        {
            _tenths = percent / 10;
            error.WriteLine($"quantising: {percent} %");
        }
    }

    public void Finish()
    {
        if (_width > 0) error.Write($"\r{new string(' ', _width)}\r");
        _width = 0;
    }
}
