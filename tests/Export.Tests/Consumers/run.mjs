// Runs a model in onnxruntime-node. stdin: {"model": path, "type": "float32"|"float64", "inputs": {name: {"shape": [..], "elements": [..]}}}.
// stdout: {name: {"shape": [..], "elements": [..]}} for every output.
import { readFileSync } from 'node:fs';
import ort from 'onnxruntime-node';

const job = JSON.parse(readFileSync(0, 'utf8'));
const session = await ort.InferenceSession.create(job.model, { intraOpNumThreads: 1 });
const array = job.type === 'float64' ? Float64Array : Float32Array;
const feeds = {};
for (const [name, row] of Object.entries(job.inputs)) {
  feeds[name] = new ort.Tensor(job.type, array.from(row.elements), row.shape);
}
const results = await session.run(feeds);
const output = {};
for (const [name, tensor] of Object.entries(results)) {
  output[name] = { shape: tensor.dims, elements: Array.from(tensor.data) };
}
process.stdout.write(JSON.stringify(output));
