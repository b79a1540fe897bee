import { spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import { ended } from '@modality-synthesis/viewer/childServer';

import { XVFB } from './programs';

export interface RunningDisplay {
  /** As the variable DISPLAY has it. */
  name: string;
  close(): Promise<void>;
}

/** Starts an X server without a screen on a free display. */
export async function startDisplay(): Promise<RunningDisplay> {
  const child = spawn(XVFB, ['-displayfd', '3', '-nolisten', 'tcp', '-screen', '0', '1600x1200x24'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  });
  let number = '';
  for await (const chunk of child.stdio[3] as Readable) {
    number += chunk;
    if (number.endsWith('\n')) return { name: `:${number.trim()}`, close: () => ended(child) };
  }
  throw new Error(`${XVFB} did not start.`);
}
