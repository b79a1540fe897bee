import type { Precision } from '../bundle/fields';
import type { Derivation } from '../dicom/record';
import type { Runtime } from '../inference/Runtime';
import type { Message } from '../messages';

/** How networks run: a runtime, one of its execution providers, and what a record says of them. */
export interface BackendSettings extends Pick<Derivation, 'runtime' | 'provider' | 'precision' | 'server'> {
  /** Of a CPU; default: the setting of the runtime. */
  threads?: number;
  /** Where they run and why there, for people. */
  text: Message;
}

export type BackendId = BackendSettings['provider'];

/** Execution providers of onnxruntime-node that we ask for by name. */
export const NODE_PROVIDERS = ['cpu', 'webgpu'] as const;
export type NodeProvider = (typeof NODE_PROVIDERS)[number];

/** Choices in a browser; `auto` is WebGPU if there is a real GPU. */
export const WEB_CHOICES = ['auto', 'webgpu', 'wasm'] as const;

/** A backend by its name, or the first that suits this machine. */
export type BackendChoice = 'auto' | BackendId;

/** Says why a backend runs and none before it; `processor` names the backend. */
export type Because = (processor: Message) => Message;

/** What a backend is asked before it runs. */
export interface BackendRequest {
  /** Whether it was chosen by name. */
  chosen: boolean;
  /** fp16 only if the bundle has it. */
  precision: Precision;
  /** Why the backends before it do not run; absent if it is the first. */
  because?: Because;
}

/** A way to run networks; a list of them is in order of preference. */
export interface Backend {
  readonly id: BackendId;
  /** Whether networks must pass their self-test: drivers of GPUs compute wrongly at times. */
  readonly selfTest: boolean;
  /** The settings with which it runs here, or why it does not. */
  settings(request: BackendRequest): Promise<BackendSettings | { unavailable: Because }>;
  /** @throws SynthesisError `provider-unavailable` */
  start(settings: BackendSettings): Promise<Runtime>;
}

/** A backend with the settings with which it runs. */
export interface Chosen {
  backend: Backend;
  settings: BackendSettings;
  /** Backends to try when it fails. */
  others: readonly Backend[];
}

/**
 * The first backend whose condition holds.
 * @param because why the backends before the first of the list do not run
 * @throws RangeError when none is left: the last of a list has no condition
 */
export async function chooseBackend(
  backends: readonly Backend[],
  choice: BackendChoice,
  precision: Precision,
  because?: Because,
): Promise<Chosen> {
  const named = backends.findIndex(({ id }) => id === choice);
  const [backend, ...others] = backends.slice(Math.max(0, named));
  if (!backend) throw new RangeError('No backend is left.');
  const settings = await backend.settings({ chosen: backend.id === choice, precision, because });
  return 'unavailable' in settings
    ? chooseBackend(others, 'auto', precision, settings.unavailable)
    : { backend, settings, others };
}
