import { spawn } from 'node:child_process';
import readline from 'node:readline';
import { BidiRelay } from './BidiRelay';
import { FIREFOX } from './programs';
import { startDisplay } from './startDisplay';

/**
 * Runs Firefox on a display of its own, with WebGL by software, until it ends.
 * @param args those of Firefox; it says on stderr where it listens, and so does this
 * @returns the exit status
 */
export async function main(args: readonly string[]): Promise<number> {
  const display = await startDisplay();
  const env = { ...process.env, DISPLAY: display.name, LIBGL_ALWAYS_SOFTWARE: '1' };
  const firefox = spawn(FIREFOX, args, { env, stdio: ['ignore', 'inherit', 'pipe'] });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(signal, () => firefox.kill(signal));
  const ended = new Promise<number>(resolve => firefox.on('exit', status => resolve(status ?? 1)));
  for await (const line of readline.createInterface(firefox.stderr)) {
    const [said, address] = /^(?:WebDriver BiDi listening on )(ws:.*)$/.exec(line) ?? [line];
    console.error(address ? said.replace(address, (await BidiRelay.start(`${address}/session`)).url) : said);
  }
  const status = await ended;
  await display.close();
  return status;
}
