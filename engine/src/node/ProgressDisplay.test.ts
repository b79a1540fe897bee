import { expect, it } from 'vitest';
import { PROGRESS_TOTAL, type Progress } from '../progress';
import { methodStep } from '../testing/methodStep';
import { ProgressDisplay } from './ProgressDisplay';

const at = (completed: number): Progress => ({
  ...methodStep('images', completed, PROGRESS_TOTAL),
  completed,
  total: PROGRESS_TOTAL,
});

function shown(stream: { isTTY?: boolean; columns?: number }, ...steps: number[]): string[] {
  const written: string[] = [];
  const write = (text: string | Uint8Array) => written.push(String(text)) > 0;
  const display = new ProgressDisplay({ ...stream, write });
  for (const step of steps) display.show(at(step));
  display.end();
  return written;
}

it('writes a line at every tenth where nobody watches', () => {
  expect(shown({}, 50, 99, 100, 150, 199, 420, 1000)).toEqual([
    '10 %: Making the slices: step 100 of 1000\n',
    '40 %: Making the slices: step 420 of 1000\n',
    '100 %: Making the slices: step 1000 of 1000\n',
  ]);
});

it('moves one bar on a terminal, never wider than it, and clears it', () => {
  const written = shown({ isTTY: true, columns: 40 }, 500, 500, 1000);
  expect(written).toEqual([
    '\r\u001b[K[############............] 50 % Making ',
    '\r\u001b[K[########################] 100 % Making',
    '\r\u001b[K',
  ]);
});
