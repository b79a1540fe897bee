import { once } from 'node:events';
import http from 'node:http';
import { TestProxy } from './TestProxy';

/** A response on its way through the proxy; `ends: false` breaks the connection after the body. */
export interface PassedResponse {
  status: number;
  headers: http.OutgoingHttpHeaders;
  body: Buffer;
  ends: boolean;
}

/** What the proxy does to responses whose path fits. */
export interface Rewriting {
  path: RegExp;
  rewrite(response: PassedResponse): Partial<PassedResponse>;
}

/** A proxy between a browser and the viewer that answers some files otherwise than the server did. */
export class RewritingProxy extends TestProxy {
  rewritings: readonly Rewriting[] = [];
  /** Paths of which a browser asked for a part. */
  readonly ranges: string[] = [];

  private constructor(private readonly viewer: string) {
    super();
  }

  static async start(viewer: string): Promise<RewritingProxy> {
    const proxy = new RewritingProxy(viewer);
    await proxy.listen();
    return proxy;
  }

  protected async pass({ method, url = '/', headers }: http.IncomingMessage, response: http.ServerResponse) {
    if (headers.range) this.ranges.push(url);
    // Without its conditions a request has a whole response.
    const { 'if-none-match': _, 'if-modified-since': __, 'accept-encoding': ___, ...asked } = headers;
    const upstream = http.request(`${this.viewer}${url}`, { method, headers: asked });
    upstream.end();
    const [answer] = (await once(upstream, 'response')) as [http.IncomingMessage];
    const chunks: Buffer[] = [];
    for await (const chunk of answer) chunks.push(chunk);
    let passed: PassedResponse = {
      status: answer.statusCode ?? 502,
      headers: { ...answer.headers },
      body: Buffer.concat(chunks),
      ends: true,
    };
    const { length } = passed.body;
    for (const { path, rewrite } of this.rewritings)
      if (path.test(url)) passed = { ...passed, ...rewrite(passed) };
    const { status, headers: sent, body, ends } = passed;
    if (ends) {
      response.writeHead(status, { ...sent, 'content-length': body.length }).end(body);
      return;
    }
    response.writeHead(status, { ...sent, 'content-length': length });
    response.write(body, () => response.destroy());
  }
}
