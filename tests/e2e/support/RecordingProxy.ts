import http from 'node:http';
import { TestProxy } from './TestProxy';

/**
 * The proxy of a browser: sees whatever its pages, workers, frames and service workers ask for, and passes on
 * what goes to one host. For any other it answers as a network without the internet.
 */
export class RecordingProxy extends TestProxy {
  /** Hosts with ports that were asked for, each once, in order. */
  readonly hosts = new Set<string>();
  /** Addresses at the one host, in order. */
  readonly passed: string[] = [];
  /** Those of them that were answered by an error, with its status. */
  readonly failed: string[] = [];

  private constructor(private readonly host: string) {
    super();
  }

  /** @param host the host with its port that can be reached */
  static async start(host: string): Promise<RecordingProxy> {
    const proxy = new RecordingProxy(host);
    proxy.server.on('connect', ({ url = '' }: http.IncomingMessage, socket) => {
      proxy.hosts.add(url);
      socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n');
    });
    await proxy.listen();
    return proxy;
  }

  protected pass(request: http.IncomingMessage, response: http.ServerResponse): void {
    const { method, headers, url = '' } = request;
    const { host } = new URL(url);
    this.hosts.add(host);
    if (host !== this.host) {
      request.resume();
      response.writeHead(502).end();
      return;
    }
    this.passed.push(url);
    const upstream = http.request(url, { method, headers }, answer => {
      const { statusCode = 502 } = answer;
      if (statusCode >= 400) this.failed.push(`${statusCode} ${url}`);
      response.writeHead(statusCode, answer.headers);
      answer.pipe(response);
    });
    upstream.on('error', () => response.destroy());
    request.pipe(upstream);
  }
}
