using System.Globalization;
using BrainModular.Bench.Cells;
using BrainModular.Diagnostics;
using BrainModular.Host.Terminal;

// Usage: BrainModular.Bench.Cells choose EXPERIMENT.json DATA THREADS STUDY.json [NEURON...]
//        BrainModular.Bench.Cells measure EXPERIMENT.json DATA THREADS CELLS.json [RECORDING...]
// Both print a line of a table as soon as it is known.
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
var (experiment, data, threads) = (args[1], args[2], int.Parse(args[3], CultureInfo.InvariantCulture));
try
{
    if (args[0] == "choose")
    {
        Choose(StudyFile.Read<Study>(args[4]), args[5..]);
    }
    else
    {
        new Measurement(experiment, data, threads).Run(StudyFile.Read<ChosenCells>(args[4]), args[5..]);
    }

    return 0;
}
catch (DiagnosticException exception)
{
    return FaultPrinter.Print(exception, Console.Error);
}

void Choose(Study study, string[] neurons)
{
    var validation = new CrossValidation(experiment, data, study.Folds, threads);
    foreach (var neuron in neurons.Length > 0 ? neurons : study.Neurons)
    {
        new Selection(study, validation, neuron).Run();
    }
}
