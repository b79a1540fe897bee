import type { RoleId } from '../../domains/Role';
import type { Tensor } from '../../inference/Runtime';

/** What C-UNets make of some slices. */
export interface Found {
  slices: readonly number[];
  /** Channels of mean and scale. */
  contrasts: readonly RoleId[];
  /** By name, the first axis along the slices. */
  outputs: Readonly<Record<string, Tensor>>;
}
