/**
 * `npx tsx tests/firefoxNestedWorkers.ts`: how many workers a worker of Firefox starts and ends in 30 s,
 * without and with a WebDriver BiDi session. Firefox 153 ESR: over a thousand without one; with one it stops
 * after 1 to 40, in `new Worker`.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import readline from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { FIREFOX } from './e2e/support/firefox/programs';

const SECONDS = 30;

const files: Readonly<Record<string, [type: string, text: string]>> = {
  '/': [
    'text/html',
    `<script>
      const worker = new Worker('/starts.mjs', { type: 'module' });
      worker.onmessage = ({ data }) => fetch('/started/' + data);
    </script>`,
  ],
  '/starts.mjs': [
    'text/javascript',
    `for (let n = 1; ; n++) {
      const worker = new Worker('/answers.mjs', { type: 'module' });
      worker.postMessage(n);
      await new Promise(resolve => { worker.onmessage = resolve; });
      worker.terminate();
      postMessage(n);
    }`,
  ],
  '/answers.mjs': ['text/javascript', 'self.onmessage = ({ data }) => postMessage(data);'],
};

let started = 0;
const server = createServer(({ url = '' }, response) => {
  const [type, text] = files[url] ?? ['text/plain', ''];
  if (url.startsWith('/started/')) started = Number(url.slice('/started/'.length));
  response.setHeader('Content-Type', type).end(text);
});
await once(server.listen(0, '127.0.0.1'), 'listening');
const page = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;

async function countStarted(remote: boolean): Promise<number> {
  started = 0;
  const profile = await mkdtemp(path.join(os.tmpdir(), 'modality-synthesis-firefox-'));
  const mode = remote ? ['--remote-debugging-port=0', 'about:blank'] : [page];
  const firefox = spawn(FIREFOX, ['--headless', '--no-remote', '--profile', profile, ...mode], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const ended = once(firefox, 'exit');
  try {
    if (remote) await openInSession(firefox.stderr);
    await delay(SECONDS * 1000);
    return started;
  } finally {
    firefox.kill('SIGKILL');
    await ended;
    await rm(profile, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** @param said where Firefox tells its address */
async function openInSession(said: NodeJS.ReadableStream): Promise<void> {
  for await (const line of readline.createInterface(said)) {
    const [, address] = /^WebDriver BiDi listening on (ws:.*)$/.exec(line) ?? [];
    if (!address) continue;
    const socket = new WebSocket(`${address}/session`, { perMessageDeflate: false });
    await once(socket, 'open');
    const ask = async (id: number, method: string, params: object) => {
      socket.send(JSON.stringify({ id, method, params }));
      for (;;) {
        const answer = JSON.parse(String((await once(socket, 'message'))[0]));
        if (answer.id === id) return answer.result;
      }
    };
    await ask(1, 'session.new', { capabilities: {} });
    const { context } = await ask(2, 'browsingContext.create', { type: 'tab' });
    await ask(3, 'browsingContext.navigate', { context, url: page, wait: 'none' });
    return;
  }
}

console.log(`Without a session: ${await countStarted(false)} workers in ${SECONDS} s`);
console.log(`With a session: ${await countStarted(true)}`);
server.close();
process.exit();
