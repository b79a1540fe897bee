import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { WebSocket, WebSocketServer } from 'ws';

/** Commands that Playwright sends to every Firefox, and that Debian's does not know yet. */
const UNKNOWN = ['emulation.setMediaFeaturesOverride'];

/** Stands between Playwright and a browser, and says yes to commands that the browser does not know. */
export class BidiRelay {
  private readonly server = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: false });

  private constructor(private readonly browser: string) {
    this.server.on('connection', client => this.connect(client));
  }

  /** @param browser address at which the browser listens */
  static async start(browser: string): Promise<BidiRelay> {
    const relay = new BidiRelay(browser);
    await once(relay.server, 'listening');
    return relay;
  }

  get url(): string {
    return `ws://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  private connect(client: WebSocket): void {
    const browser = new WebSocket(this.browser, { perMessageDeflate: false, maxPayload: 0 });
    const opened = once(browser, 'open');
    client.on('message', async message => {
      const text = String(message);
      const { id, method } = JSON.parse(text) as { id: number; method: string };
      if (UNKNOWN.includes(method)) client.send(JSON.stringify({ type: 'success', id, result: {} }));
      else {
        await opened;
        browser.send(text);
      }
    });
    browser.on('message', message => client.send(String(message)));
    client.on('close', () => browser.close());
    browser.on('close', () => client.close());
  }
}
