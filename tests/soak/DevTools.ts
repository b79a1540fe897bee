import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Readable, Writable } from 'node:stream';
import type { CDPSession } from '@playwright/test';

interface Message {
  id?: number;
  method?: string;
  sessionId?: string;
  params?: unknown;
  result?: unknown;
  error?: { message: string };
}

/** Sends a command of the Chrome DevTools Protocol. @throws Error with the browser's message */
export type Send = CDPSession['send'];

/**
 * A Chromium with one page, driven over a pipe. Playwright cannot measure memory: its network inspection
 * keeps up to 200 MB of what a page loads.
 */
export class DevTools {
  private readonly waiting = new Map<number, (answer: Message) => void>();
  private commands = 0;
  /** Sessions of the page's dedicated workers. */
  private readonly workerSessions = new Set<string>();
  private pageSession = '';

  private constructor(
    private readonly child: ChildProcess,
    private readonly profile: string,
  ) {
    let text = '';
    const [input] = this.pipes();
    input.setEncoding('utf8');
    input.on('data', (chunk: string) => {
      const messages = (text + chunk).split('\0');
      text = messages.pop() ?? '';
      for (const message of messages) this.receive(JSON.parse(message));
    });
  }

  /**
   * Starts Chromium and opens an address.
   * @param script JavaScript that the page runs before its own
   */
  static async open(
    executable: string,
    flags: readonly string[],
    address: string,
    script: string,
  ): Promise<DevTools> {
    const profile = await mkdtemp(path.join(os.tmpdir(), 'modality-synthesis-soak-'));
    const own = ['--headless', '--remote-debugging-pipe', `--user-data-dir=${profile}`];
    const stdio = ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] as const;
    const child = spawn(executable, [...flags, ...own, 'about:blank'], { stdio: [...stdio] });
    const browser = new DevTools(child, profile);
    const { targetInfos } = await browser.send('Target.getTargets');
    const page = targetInfos.find(({ type }) => type === 'page');
    if (!page) throw new Error('Chromium has opened no page.');
    const { sessionId } = await browser.send('Target.attachToTarget', {
      targetId: page.targetId,
      flatten: true,
    });
    browser.pageSession = sessionId;
    await browser.page('Target.setAutoAttach', {
      autoAttach: true,
      waitForDebuggerOnStart: false,
      flatten: true,
    });
    await browser.page('Performance.enable');
    await browser.page('Page.enable');
    await browser.page('Page.addScriptToEvaluateOnNewDocument', { source: script });
    await browser.page('Page.navigate', { url: address });
    return browser;
  }

  /** To the browser. */
  readonly send: Send = (method, params) => this.ask(method, params);

  /** To the page. */
  readonly page: Send = (method, params) => this.ask(method, params, this.pageSession);

  /** To each of the page's workers. */
  get workers(): Send[] {
    return [...this.workerSessions].map(session => (method, params) => this.ask(method, params, session));
  }

  /** Value of a JavaScript expression in the page, or of its promise. @throws Error as thrown there */
  async evaluate(expression: string): Promise<unknown> {
    const { result, exceptionDetails } = await this.page('Runtime.evaluate', {
      expression,
      awaitPromise: true,
      returnByValue: true,
    });
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    return result.value;
  }

  /** Ends Chromium and removes its profile. */
  async close(): Promise<void> {
    const ended = once(this.child, 'exit');
    await this.send('Browser.close');
    await ended;
    await rm(this.profile, { recursive: true, force: true });
  }

  private pipes(): [Readable, Writable] {
    const [, , , output, input] = this.child.stdio;
    return [input as Readable, output as Writable];
  }

  private ask<T>(method: string, params: object | undefined, sessionId?: string): Promise<T> {
    const id = ++this.commands;
    this.pipes()[1].write(`${JSON.stringify({ id, method, params, sessionId })}\0`);
    return new Promise((resolve, reject) => {
      this.waiting.set(id, ({ result, error }) =>
        error ? reject(new Error(`${method}: ${error.message}`)) : resolve(result as T),
      );
    });
  }

  private receive(message: Message): void {
    if (message.id !== undefined) {
      this.waiting.get(message.id)?.(message);
      this.waiting.delete(message.id);
    } else if (message.method === 'Target.attachedToTarget') {
      const { sessionId, targetInfo } = message.params as { sessionId: string; targetInfo: { type: string } };
      if (targetInfo.type === 'worker') this.workerSessions.add(sessionId);
    } else if (message.method === 'Target.detachedFromTarget') {
      this.workerSessions.delete((message.params as { sessionId: string }).sessionId);
    }
  }
}
