import { asSynthesisError } from '../errors';
import { english, inEnglish } from '../messages/english';
import { METHODS } from '../methods';
import { PreflightStop } from '../preflight/PreflightStop';
import { ProgressMeter, type Step, stageName } from '../progress';
import { parseArguments, usage } from './arguments';
import { jsonReport, summary } from './JobReport';
import { ProgressDisplay, type ProgressStream } from './ProgressDisplay';
import { reproduce } from './reproduce';
import { StageClock } from './StageClock';
import { synthesizeStudy } from './synthesizeStudy';

/** What the command line writes to and listens to; a process passes its own. */
export interface Console {
  stdout: Pick<NodeJS.WritableStream, 'write'>;
  stderr: ProgressStream;
  signal?: AbortSignal;
}

/**
 * The command line: result on stdout, progress and the one text of a failure on stderr.
 * @param args without node and script
 * @returns the exit code
 */
export async function main(
  args: readonly string[],
  { stdout, stderr, signal }: Console,
  methods = METHODS,
): Promise<number> {
  const display = new ProgressDisplay(stderr);
  let json = false;
  const leftOut: string[] = [];
  try {
    const options = parseArguments(args, methods);
    if (!options) {
      stdout.write(`${usage(methods)}\n`);
      return 0;
    }
    json = options.json;
    const clock = new StageClock();
    const meter = new ProgressMeter(progress => display.show(progress));
    const onStep = (step: Step) => {
      clock.lap(stageName(step));
      meter.step(step);
    };
    const onLeftOut = (warnings: readonly string[]) => leftOut.push(...warnings);
    const run = { clock, onStep, onLeftOut, signal, methods };
    const outcome = await ('again' in options ? reproduce(options, run) : synthesizeStudy(options, run));
    display.end();
    for (const warning of outcome.warnings) stderr.write(`${warning}\n`);
    stdout.write(json ? `${JSON.stringify(jsonReport(outcome), inEnglish)}\n` : `${summary(outcome)}\n`);
    return 0;
  } catch (thrown) {
    display.end();
    for (const warning of leftOut) stderr.write(`${warning}\n`);
    if (thrown instanceof PreflightStop && json) {
      stdout.write(`${JSON.stringify({ preflight: thrown.report }, inEnglish)}\n`);
    }
    const { code, text, cause } = asSynthesisError(
      thrown,
      'inference-failed',
      'The synthesis failed unexpectedly; nothing was kept.',
    );
    const why = cause instanceof Error && /^(inference|output)/.test(code) ? firstLine(cause) : '';
    const said = english(text);
    stderr.write(
      code === 'preflight-amber'
        ? `${said.replace(/\.$/, '')}; to run all the same, give --accept-warnings.\n`
        : `${said}${why && ` (${why})`}\n`,
    );
    return 1;
  }
}

function firstLine({ message }: Error): string {
  return message.split('\n')[0].trim();
}
