using BrainModular.Engine.Ir;
using BrainModular.Engine.Ir.Passes;
using BrainModular.Engine.Kernels;
using BrainModular.Engine.Kernels.Il;
using BrainModular.Engine.Kernels.Memory;

namespace BrainModular.Engine.Tests.Kernels;

/// <summary>Several steps in one piece of machine code leave in memory the bits that the interpreter leaves step by step, wherever rows lie.</summary>
public sealed unsafe class StepLayoutTests
{
    private const int Steps = 6;
    private const int Places = 8;

    [Theory]
    [MemberData(nameof(BackendAgreementTests.Vectors), MemberType = typeof(BackendAgreementTests))]
    public void Steps_agree_in_all_layouts(Precision precision, int vectorBytes)
    {
        foreach (var registers in new[] { 16, 32 })
        {
            for (var seed = 0; seed < 80; seed++)
            {
                // The last ones take two parts and more.
                var lowered = FmaContraction.Run(Lowering.Run(RandomFunction.Of(seed, nodes: 20 + (seed * (seed < 77 ? 3 : 20))), precision));
                var kernel = vectorBytes == 0 ? KernelCompiler.CompileLowered(lowered, KernelBackend.Il) : VectorKernel.Compile(lowered, vectorBytes, registers);
                foreach (var lanes in new[] { 1, 32 / Size(precision), Math.Max(vectorBytes, 32) / Size(precision), 37 })
                {
                    using var expected = new Memory(lowered, precision, seed, lanes);
                    using var actual = new Memory(lowered, precision, seed, lanes);
                    expected.Run(KernelCompiler.CompileLowered(lowered, KernelBackend.Interpreter));
                    actual.Run(kernel);
                    for (var row = 0; row < expected.Rows.Rows; row++)
                    {
                        KernelRunner.AssertSameBits(expected.Numbers(row), actual.Numbers(row), $"row {row} of random function {seed}, {lanes} lanes");
                    }
                }
            }
        }
    }

    [Fact]
    public void A_row_passes_to_the_next_step_where_the_output_is_its_input_then()
    {
        // An input that moves by 64 bytes and one that stays; outputs: the first of the next step, the second, a row of its own.
        StepLayout Layout(nint at) => new(
            [new(at, 64, at), new(at + 4096, 0, 0), new(at + 64, 64, at), new(at + 4096, 0, 0), new(at + 8192, 0, 0)], inputs: 2);

        var layout = Layout(1 << 20);
        Assert.Equal([0, 1, -1], layout.Carried);
        Assert.Equal(layout.Base(0), layout.Base(2));
        Assert.Equal((0, 64), (layout.Offset(0), layout.Offset(2)));
        Assert.Equal(layout.Key, Layout(1 << 24).Key);
    }

    [Fact]
    public void A_row_that_two_outputs_write_or_two_inputs_read_passes_through_memory()
    {
        StepLayout twoOutputs = new([new(4096, 0, 0), new(4096, 0, 0), new(4096, 0, 0)], inputs: 1);
        StepLayout twoInputs = new([new(4096, 0, 0), new(4096, 0, 0), new(4096, 0, 0)], inputs: 2);
        Assert.Equal([-1, -1], twoOutputs.Carried);
        Assert.Equal([-1], twoInputs.Carried);
    }

    private static int Size(Precision precision) => precision == Precision.Single ? sizeof(float) : sizeof(double);

    /// <summary>Rows of numbers and a table of pointers into them, the same for the same seed: each row moves on, back or stays; outputs are where an input is, or will be in the next step, or alone.</summary>
    private sealed class Memory : IDisposable
    {
        private readonly RowTable table;
        private readonly StepLayout layout;
        private readonly int lanes;

        public Memory(IrFunction function, Precision precision, int seed, int lanes)
        {
            this.lanes = lanes;
            var random = new System.Random(seed);
            var (inputs, all) = (function.Inputs.Count, function.Inputs.Count + function.Outputs.Count);
            Rows = new((long)all * Places, lanes, precision);
            foreach (var row in Enumerable.Range(0, (int)Rows.Rows))
            {
                Rows.Set(row, KernelRunner.Numbers(lanes, seed + row));
            }

            var (stepped, taken) = (new SteppedRow[all], new HashSet<int>());
            foreach (var row in Enumerable.Range(0, all))
            {
                var direction = random.Next(3) - 1;
                var own = new SteppedRow((nint)Rows.Row(((long)row * Places) + (direction < 0 ? Places - 1 : 0)), (nint)(direction * Rows.RowBytes), random.Next(2) == 0 ? 0 : (nint)Rows.Row(0));
                var input = random.Next(2 * inputs);
                stepped[row] = row >= inputs && input < inputs && !function.Inputs[input].Uniform && taken.Add(input) ? stepped[input] with { Pointer = stepped[input].Pointer + stepped[input].Stride } : own;
            }

            layout = new(stepped, inputs);
            table = new(all);
            foreach (var row in Enumerable.Range(0, all))
            {
                table.Set(row, (void*)stepped[row].Pointer);
            }
        }

        public RowBuffer Rows { get; }

        public void Run(Kernel kernel) => kernel.RunSteps(table.Pointers, lanes, Steps, layout);

        public double[] Numbers(int row) => [.. Enumerable.Range(0, lanes).Select(lane => Rows[row, lane])];

        public void Dispose()
        {
            table.Dispose();
            Rows.Dispose();
        }
    }
}
