import type { WriteStream } from 'node:tty';
import { progressMessage } from '../jobMessages';
import { english } from '../messages/english';
import { PROGRESS_TOTAL, type Progress } from '../progress';

/** Where progress goes; a terminal knows its width. */
export type ProgressStream = Pick<NodeJS.WritableStream, 'write'> &
  Partial<Pick<WriteStream, 'isTTY' | 'columns'>>;

const BAR = 24;
const CLEAR_LINE = '\r\u001b[K';

/** Shows progress: one bar that moves on a terminal, else a line at every tenth. */
export class ProgressDisplay {
  private tenths = 0;
  private shown = '';

  constructor(private readonly stream: ProgressStream) {}

  show(progress: Progress): void {
    const fraction = progress.completed / PROGRESS_TOTAL;
    const words = english(progressMessage(progress));
    if (this.stream.isTTY) this.bar(fraction, words);
    else if (Math.floor(10 * fraction) > this.tenths) {
      this.tenths = Math.floor(10 * fraction);
      this.stream.write(`${10 * this.tenths} %: ${words}\n`);
    }
  }

  /** Leaves the terminal's line empty for what comes next. */
  end(): void {
    if (this.shown) this.stream.write(CLEAR_LINE);
    this.shown = '';
  }

  private bar(fraction: number, words: string): void {
    const full = Math.round(BAR * fraction);
    const line = `[${'#'.repeat(full)}${'.'.repeat(BAR - full)}] ${Math.floor(100 * fraction)} % ${words}`;
    const fitting = line.slice(0, (this.stream.columns ?? 80) - 1);
    if (fitting === this.shown) return;
    this.shown = fitting;
    this.stream.write(CLEAR_LINE + fitting);
  }
}
