import type { SynthesisService } from '../session/SynthesisService';

/** Runs a command of the extension, as toolbar button and hotkey do. */
export type RunCommand = (name: string, options?: Record<string, unknown>) => void;

/** The session as the panel uses it. */
export type PanelService = Pick<
  SynthesisService,
  | 'subscribe'
  | 'getState'
  | 'selection'
  | 'acknowledge'
  | 'chooseHere'
  | 'chooseModel'
  | 'picture'
  | 'removeModel'
  | 'errorMapViews'
>;
