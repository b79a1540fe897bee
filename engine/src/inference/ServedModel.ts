import type { Tensor } from './Runtime';

/** What one output of an answer must be; its values finite and in a range. */
export interface Expected {
  shape: readonly number[];
  least: number;
  most: number;
}

/** Inputs of a request: single-precision ones travel as the server wants them. */
export type ServedInput = Tensor | { dims: readonly number[]; data: Int32Array };

/** The model of a bundle on a server, ready to be asked. */
export interface ServedModel {
  /** Most slices of one request. */
  slices: number;
  /**
   * @returns the expected outputs, checked
   * @throws SynthesisError `server-failed` or `cancelled`
   */
  infer(
    inputs: Readonly<Record<string, ServedInput>>,
    expected: Readonly<Record<string, Expected>>,
  ): Promise<Record<string, Tensor>>;
}
