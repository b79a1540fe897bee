/** A dense float32 array; the last axis runs fastest. */
export interface Tensor {
  readonly dims: readonly number[];
  readonly data: Float32Array;
}

/** One ONNX graph, ready to run. */
export interface Network {
  /** @param feeds every input of the graph by its name */
  run(feeds: Readonly<Record<string, Tensor>>): Promise<Record<string, Tensor>>;
  release(): Promise<void>;
}

/** Where graphs run. What the pipeline knows of onnxruntime. */
export interface Runtime {
  readonly provider: 'wasm' | 'webgpu' | 'cpu';
  load(name: string, onnx: Uint8Array): Promise<Network>;
}
