/** A dense float32 array; the last axis varies fastest. */
export interface Tensor {
  readonly dims: readonly number[];
  readonly data: Float32Array;
}

/** An ONNX graph and its external data: weights in a file of their own, by the path that the graph names. */
export interface OnnxModel {
  graph: Uint8Array;
  weights?: { path: string; data: Uint8Array };
}

/** One ONNX graph, ready to run. */
export interface Network {
  /** @param feeds every input of the graph by its name */
  run(feeds: Readonly<Record<string, Tensor>>): Promise<Record<string, Tensor>>;
  release(): Promise<void>;
}

/** Loads ONNX graphs on one execution provider; the pipeline knows no more of onnxruntime. */
export interface Runtime {
  load(name: string, model: OnnxModel): Promise<Network>;
}

/** A tensor [rows, ...dims] assembled row by row. */
export function tensor(rows: number, dims: readonly number[], row: (index: number) => Float32Array): Tensor {
  const length = dims.reduce((product, n) => product * n, 1);
  const data = new Float32Array(rows * length);
  for (let r = 0; r < rows; r++) data.set(row(r), r * length);
  return { dims: [rows, ...dims], data };
}
