/** What a site may set in `window.config.modalitySynthesis`; README.md has the defaults. */
export interface ModalitySynthesisConfiguration {
  /** Address of a bundle folder, absolute or relative to the viewer's root. */
  bundle?: string;
  /** The same for further bundles, of which a reader may choose one in the panel. */
  bundles?: string[];
  /** The same for the bundle that finds the brain. */
  brainBundle?: string;
  /** Where networks run. */
  provider?: 'auto' | 'webgpu' | 'wasm';
  /** Paths of diffusion whose mean is shown, with a model of the method `cmdm`, 1 to 16. */
  paths?: number;
  /** Seed of the noise, 0 to 2^31 - 1. */
  seed?: number;
  /** Words of the mark on synthetic images, `{model}` in them. */
  mark?: string;
  /** Whether Accept also stores a report. */
  storeReport?: boolean;
  /** Whether Accept stores the map of the expected error. */
  storeUncertainty?: boolean;
  /** How long the archive may take for one image, ms. */
  storeTimeout?: number;
  /** Waits before an image is sent again, ms. */
  storeRetryDelays?: number[];
  /** The site's own server, which runs the networks: docs/server.md. */
  server?: {
    /** What comes before /v2, absolute or relative to the viewer's root. */
    url: string;
    /** Name of the model on it; default: the bundle's id. */
    model?: string;
    headers?: Record<string, string>;
    /** Whether the headers of the viewer's login are sent to it. */
    login?: boolean;
    /** Whether the site answers for it that images go there: nobody is asked. */
    consent?: boolean;
    /** Timeout of a request, ms. */
    timeout?: number;
  };
  /** What the site gives as the full dose of a contrast agent, mmol a kg. */
  fullDose?: number;
  /** Whether a result can be accepted only after the check on its patient. */
  requireCheck?: boolean;
}

/** An OHIF extension; OHIF calls it. */
declare const extension: { id: string } & Readonly<Record<string, unknown>>;
export default extension;
