import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { FleetFailure } from '../FleetFailure';
import type { Outcome } from '../StudyJob';
import type { EngineAnswer, EngineRequest } from './messages';
import { mayPass } from './refusals';

const SCRIPT = fileURLToPath(new URL('../../engineProcess.mjs', import.meta.url));

/** The engine of one worker: a process that is started when it is needed and kept for the next study. */
export class EngineProcess {
  private child?: ChildProcess;

  /** @param script of the process; another in tests */
  constructor(private readonly script = SCRIPT) {}

  /**
   * Synthesizes for one study; one at a time.
   * @param onProgress 0 to 1
   * @param onLog receives what is known of a failure, for this machine's eyes
   * @throws FleetFailure
   */
  async run(
    request: EngineRequest,
    onProgress: (done: number) => void,
    onLog: (text: string) => void,
  ): Promise<Outcome> {
    // It may have ended since the last study: memory that others needed.
    if (!this.child?.connected)
      this.child = fork(this.script, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    const answer = await lastAnswer(this.child, request, onProgress);
    if ('series' in answer) return { state: 'made', ...answer };
    // A failed job may leave its networks in memory.
    this.end();
    onLog(answer.log);
    if (answer.isOfStudy) return { state: 'refused', code: answer.code };
    throw new FleetFailure(answer.code, mayPass(answer.code));
  }

  end(): void {
    if (this.child?.connected) this.child.disconnect();
    this.child = undefined;
  }
}

type LastAnswer = Exclude<EngineAnswer, { progress: number }>;

function lastAnswer(
  child: ChildProcess,
  request: EngineRequest,
  onProgress: (done: number) => void,
): Promise<LastAnswer> {
  return new Promise(resolve => {
    const settle = (answer: LastAnswer) => {
      child.off('message', onMessage).off('exit', onExit);
      resolve(answer);
    };
    const crashed = (log: string) => settle({ code: 'engine-crashed', isOfStudy: false, log });
    const onMessage = (answer: EngineAnswer) => {
      if ('progress' in answer) onProgress(answer.progress);
      else settle(answer);
    };
    const onExit = (code: number | null, signal: NodeJS.Signals | null) =>
      crashed(`The engine ended by ${signal ?? code}.`);
    child.on('message', onMessage).on('exit', onExit);
    child.send(request, failed => failed && crashed(failed.message));
  });
}
