import type http from 'node:http';
import { request } from 'node:http';
import { TestProxy } from './TestProxy';

/** A server of another origin in front of a site's server, which lets the viewer's page ask it (CORS). */
export class OriginProxy extends TestProxy {
  /** Method and path of the requests that came through. */
  readonly passed: string[] = [];

  private constructor(private readonly upstream: string) {
    super();
  }

  static async start(url: string): Promise<OriginProxy> {
    const proxy = new OriginProxy(url);
    await proxy.listen();
    return proxy;
  }

  protected pass(asked: http.IncomingMessage, response: http.ServerResponse): void {
    const { method, url = '/', headers } = asked;
    const cors = {
      'access-control-allow-origin': '*',
      'access-control-allow-headers': '*, Authorization',
      'access-control-expose-headers': 'Inference-Header-Content-Length',
    };
    if (method === 'OPTIONS') {
      response.writeHead(204, cors).end();
      return;
    }
    this.passed.push(`${method} ${url}`);
    const passing = request(`${this.upstream}${url}`, { method, headers }, answer => {
      response.writeHead(answer.statusCode ?? 502, { ...answer.headers, ...cors });
      answer.pipe(response);
    });
    asked.pipe(passing);
  }
}
