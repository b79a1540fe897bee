import { type en as engine, messages } from '@modality-synthesis/engine';
import type { en } from './en';

/** What the engine, the session and the panel say. */
export type Catalog = typeof engine & typeof en;

/** Makes a message of either catalog. */
export const message = messages<Catalog>();
