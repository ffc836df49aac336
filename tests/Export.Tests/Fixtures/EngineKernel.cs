using BrainModular.Engine.Ir;
using BrainModular.Engine.Kernels;
using BrainModular.Engine.Kernels.Memory;

namespace BrainModular.Export.Tests.Fixtures;

/// <summary>A function compiled by the engine without contraction, run on arrays.</summary>
internal sealed unsafe class EngineKernel : IDisposable
{
    private readonly IrFunction function;
    private readonly Kernel kernel;
    private readonly RowBuffer buffer;
    private readonly RowTable table;

    public EngineKernel(IrFunction function, Precision precision, KernelBackend backend, int elements)
    {
        this.function = function;
        kernel = KernelCompiler.Compile(function, precision, new CompileOptions { Contract = false, Backend = backend });
        var rows = function.Inputs.Count + function.Outputs.Count;
        buffer = new RowBuffer(rows, elements, precision);
        table = new RowTable(rows);
        for (var row = 0; row < rows; row++)
        {
            table.Set(row, buffer.Row(row));
        }
    }

    /// <summary>The outputs by name.</summary>
    public Dictionary<string, double[]> Run(Func<IrInput, double[]> read)
    {
        for (var row = 0; row < function.Inputs.Count; row++)
        {
            var values = read(function.Inputs[row]);
            for (var element = 0; element < values.Length; element++)
            {
                buffer[row, element] = values[element];
            }
        }

        kernel.Run(table.Pointers, (nint)buffer.Count);
        return function.Outputs.Select((output, index) => (output.Name, Row: function.Inputs.Count + index))
            .ToDictionary(pair => pair.Name, pair => Enumerable.Range(0, (int)buffer.Count).Select(element => buffer[pair.Row, element]).ToArray());
    }

    public void Dispose()
    {
        table.Dispose();
        buffer.Dispose();
        (kernel as IDisposable)?.Dispose();
    }
}
