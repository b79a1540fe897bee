import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { WebSocket, WebSocketServer } from 'ws';

/** Commands that Playwright sends to every Firefox, and that Debian's does not know yet. */
const UNKNOWN = ['emulation.setMediaFeaturesOverride'];

interface BidiMessage {
  id: number;
  method?: string;
  params: Record<string, unknown>;
}

/** Stands between Playwright and Firefox, and adds what Debian's Firefox cannot do yet. */
export class BidiRelay {
  private readonly server = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: false });

  private constructor(private readonly firefox: string) {
    this.server.on('connection', playwright => this.connect(playwright));
  }

  /** @param firefox address at which it listens */
  static async start(firefox: string): Promise<BidiRelay> {
    const relay = new BidiRelay(firefox);
    await once(relay.server, 'listening');
    return relay;
  }

  get url(): string {
    return `ws://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  private connect(playwright: WebSocket): void {
    const firefox = new WebSocket(this.firefox, { perMessageDeflate: false, maxPayload: 0 });
    const opened = once(firefox, 'open');
    playwright.on('message', async data => {
      const text = String(data);
      const { id, method = '' } = JSON.parse(text) as BidiMessage;
      if (UNKNOWN.includes(method)) {
        playwright.send(JSON.stringify({ type: 'success', id, result: {} }));
        return;
      }
      await opened;
      firefox.send(text);
    });
    firefox.on('message', data => playwright.send(withDownload(String(data))));
    playwright.on('close', () => firefox.close());
    firefox.on('close', () => playwright.close());
  }
}

/** Gives a download its identifier, `download` in the standard: its address, if Firefox gives none. */
function withDownload(text: string): string {
  if (!text.includes('"browsingContext.download')) return text;
  const message = JSON.parse(text) as BidiMessage;
  if (message.method?.startsWith('browsingContext.download')) message.params.download ??= message.params.url;
  return JSON.stringify(message);
}
