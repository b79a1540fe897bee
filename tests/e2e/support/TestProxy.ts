import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';

/** An HTTP server on a free port of this machine, between a browser and the viewer. */
export abstract class TestProxy {
  protected readonly server = http.createServer((request, response) => void this.pass(request, response));

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  protected async listen(): Promise<void> {
    await once(this.server.listen(0, '127.0.0.1'), 'listening');
  }

  protected abstract pass(request: http.IncomingMessage, response: http.ServerResponse): void | Promise<void>;
}
