import { asSynthesisError } from '../errors';
import { english } from '../messages/english';
import type { Console } from './cli';
import { readJobs } from './evaluationJobs';
import { runEvaluation } from './runEvaluation';

const USAGE = `Usage: evaluate-jobs JOBS.json

Runs the method itself on prepared volumes, for the evaluation in models/training: a JSON list of jobs in, one JSON object
a job out. The fields of a job stand in engine/src/node/evaluationJobs.ts.`;

/**
 * The command line of the evaluation: reports on stdout, the one text of a failure on stderr.
 * @param args without node and script
 * @returns the exit code
 */
export async function main(args: readonly string[], { stdout, stderr }: Console): Promise<number> {
  if (args.length !== 1 || args[0].startsWith('-')) {
    stderr.write(`${USAGE}\n`);
    return args[0] === '--help' ? 0 : 1;
  }
  try {
    await runEvaluation(await readJobs(args[0]), report => stdout.write(`${JSON.stringify(report)}\n`));
    return 0;
  } catch (thrown) {
    const { text, cause } = asSynthesisError(
      thrown,
      'inference-failed',
      'The evaluation failed unexpectedly.',
    );
    stderr.write(`${english(text)}${cause instanceof Error ? ` (${cause.message.split('\n')[0]})` : ''}\n`);
    return 1;
  }
}
