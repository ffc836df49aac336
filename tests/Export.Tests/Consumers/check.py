"""Checks ONNX files as strictly as the onnx package can: structure, operators' signatures, types and shapes."""
import sys

import onnx
from onnx import checker, shape_inference

for path in sys.argv[1:]:
    checker.check_model(path, full_check=True)
    inferred = shape_inference.infer_shapes(onnx.load(path), check_type=True, strict_mode=True, data_prop=True)
    untyped = [output.name for output in inferred.graph.output if not output.type.tensor_type.HasField("shape")]
    if untyped:
        sys.exit(f"{path}: no shape for {untyped}")
print(f"onnx {onnx.__version__}: {len(sys.argv) - 1} files")
