import type { SynthesisService } from '../session/SynthesisService';

/** Runs one of the extension's commands, so that panel, button and hotkey do the same. */
export type RunCommand = (name: string, options?: Record<string, unknown>) => void;

/** What the panel asks of the session. */
export type PanelService = Pick<
  SynthesisService,
  | 'subscribe'
  | 'getState'
  | 'chooseContrast'
  | 'chooseReference'
  | 'chooseTarget'
  | 'chooseParameter'
  | 'acceptWarning'
>;
